#include "api/limits.h"

#include <fmt/format.h>

#include "api/judged.h"
#include "api/settings_file.h"
#include "store/documents.h"

namespace rf::api {
namespace {

constexpr std::string_view kDocument = "limits";

Result<std::optional<act::Limits>> kept(Store& store, const AccountId& owner) {
  return kept_document<act::Limits>(store, owner, kDocument);
}

std::string shown(const Money& amount) {
  return fmt::format("{} {}", to_decimal(amount), amount.currency.code());
}

std::vector<std::string> notices_on(const std::optional<act::Limits>& limits) {
  if (!limits) return {"no limits are set: accounts are only read, and nothing is ever changed"};
  std::vector<std::string> notices;
  if (limits->level == act::Autonomy::observe || limits->level == act::Autonomy::propose) {
    notices.push_back(fmt::format("level '{}': nothing is changed", name_of(limits->level)));
  }
  if (!limits->account_daily || !limits->change_raise_max) {
    notices.emplace_back(
        "nothing is raised or started until account_daily and change_raise_max are set");
  } else {
    notices.push_back(
        fmt::format("an account can spend {} on any day at most, one change adds {} at most",
                    shown(*limits->account_daily), shown(*limits->change_raise_max)));
  }
  if (limits->level == act::Autonomy::automatic && limits->starts != act::Autonomy::automatic) {
    notices.push_back(fmt::format(
        "level 'auto' is the most: policies begin at '{}' and earn more by their verdicts",
        name_of(limits->starts)));
  }
  if (limits->level == act::Autonomy::automatic && limits->quorum.empty()) {
    notices.emplace_back("level 'auto' without a quorum: within the caps no person is asked");
  }
  return notices;
}

// Limits from a file, checked against whom they are for: one account, or every known one.
Result<act::Limits> read_limits(const std::string& file, const std::string& account,
                                Services& services) {
  Json json = RF_TRY(read_settings(file));
  act::Limits limits = RF_TRY(from_json<act::Limits>(json, file));
  Store* store = RF_TRY(services.store());
  std::vector<Account> accounts = RF_TRY(
      accounts_asked(*store, account.empty() ? std::nullopt : std::optional<std::string>(account)));
  for (const Account& each : accounts) RF_TRY(act::check(limits, each));
  return limits;
}

}  // namespace

Result<std::optional<act::Limits>> limits_of(Store& store, const Account& account) {
  for (const AccountId& owner : {account.id, AccountId{}}) {
    std::optional<act::Limits> limits = RF_TRY(kept(store, owner));
    if (!limits) continue;
    RF_TRY(act::check(*limits, account));
    return limits;
  }
  return std::optional<act::Limits>();
}

Result<LimitsOutput> limits_show(const LimitsShowInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  LimitsOutput output{.account = input.account};
  if (input.account.empty()) {
    output.limits = RF_TRY(kept(*store, AccountId{}));
  } else {
    std::vector<Account> accounts = RF_TRY(accounts_asked(*store, input.account));
    output.limits = RF_TRY(limits_of(*store, accounts.front()));
  }
  output.notices = notices_on(output.limits);
  return output;
}

Result<LimitsOutput> limits_set(const LimitsSetInput& input, Services& services) {
  act::Limits limits = RF_TRY(read_limits(input.file, input.account, services));
  Store* store = RF_TRY(services.store());
  RF_TRY(store->actions().put_document(AccountId{input.account}, kDocument, to_json(limits),
                                       {.at = services.clock().now(),
                                        .actor = input.as,
                                        .kind = "limits",
                                        .body = to_json(limits)}));
  return LimitsOutput{.account = input.account, .limits = limits, .notices = notices_on(limits)};
}

Result<LimitsOutput> limits_check(const LimitsCheckInput& input, Services& services) {
  act::Limits limits = RF_TRY(read_limits(input.file, input.account, services));
  return LimitsOutput{.account = input.account, .limits = limits, .notices = notices_on(limits)};
}

}  // namespace rf::api
