#include "api/custody.h"

#include <algorithm>

#include <fmt/format.h>

#include "store/sqlite.h"

namespace rf::api {
namespace {

AccountView view_of(const Account& account) {
  return {.id = account.id.text,
          .platform = std::string(to_string(account.platform)),
          .name = account.name,
          .currency = std::string(account.currency.code()),
          .time_zone = account.zone.name()};
}

}  // namespace

Result<AccountsOutput> accounts(const Nothing&, Services& services) {
  Store* store = RF_TRY(services.store());
  std::vector<Account> known = RF_TRY(store->accounts());
  AccountsOutput output;
  for (const Account& account : known) output.accounts.push_back(view_of(account));
  return output;
}

Result<AccountView> account_set(const AccountSetInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  std::vector<Account> known = RF_TRY(store->accounts());
  auto account = std::ranges::find_if(
      known, [&](const Account& each) { return each.id.text == input.account; });
  if (account == known.end()) {
    return fail(
        ErrorCode::not_found,
        fmt::format("there is no account '{}'; 'reelforge accounts' lists them", input.account));
  }
  if (input.name) account->name = *input.name;
  if (input.time_zone) account->zone = RF_TRY(TimeZone::parse(*input.time_zone));
  RF_TRY(store->put_account(*account));
  return view_of(*account);
}

Result<BackupOutput> backup(const BackupInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  RF_TRY(store->backup(input.file));
  return BackupOutput{.file = input.file};
}

Result<RestoreOutput> restore(const RestoreInput& input, Services& services) {
  RF_TRY(restore_sqlite(input.backup, services.store_path()));
  return RestoreOutput{.store = services.store_path(),
                       .kept = services.store_path() + ".before-restore"};
}

}  // namespace rf::api
