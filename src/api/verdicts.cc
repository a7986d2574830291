#include "api/verdicts.h"

#include <map>

#include <fmt/format.h>

#include "api/alerts.h"
#include "api/judged.h"
#include "api/limits.h"
#include "loop/verdicts.h"

namespace rf::api {
namespace {

StandingView view_of(const std::string& account, const loop::Standing& standing) {
  return {.account = account,
          .policy = standing.policy,
          .right = standing.right,
          .wrong = standing.wrong,
          .unclear = standing.unclear,
          .win_rate = standing.win_rate,
          .level = std::string(name_of(standing.level)),
          .suggested = std::string(name_of(standing.suggested)),
          .reason = standing.reason};
}

}  // namespace

Result<VerdictsOutput> verdicts(const VerdictsInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  std::vector<Account> accounts = RF_TRY(accounts_asked(*store, input.account));
  VerdictsOutput output;
  for (const Account& account : accounts) {
    RF_TRY(loop::judge_actions(*store, account, services.clock().now()));
    std::vector<Receipt> receipts = RF_TRY(store->actions().receipts(account.id, ReceiptQuery()));
    std::map<std::int64_t, std::string> names;
    for (const Receipt& receipt : receipts) names[receipt.id] = receipt.step.name;
    std::vector<VerdictRecord> all = RF_TRY(store->actions().verdicts(account.id));
    std::optional<act::Limits> limits = RF_TRY(limits_of(*store, account));
    for (const loop::Standing& each : loop::standings(all, limits.value_or(act::Limits()))) {
      output.policies.push_back(view_of(account.id.text, each));
    }
    for (VerdictRecord& each : all) {
      const std::string name = names[each.receipt];
      output.verdicts.push_back({account.id.text, name, std::move(each)});
    }
  }
  return output;
}

Result<Sighting> sight_of(Store& store, const Account& account, AdPlatform& platform, Instant now) {
  const act::AccountNow swept = RF_TRY(act::sweep(platform, account.id));
  Sighting sighting{.seen = act::snapshot_of(swept, now)};
  const std::optional<Json> document = RF_TRY(store.document(account.id, act::kSnapshotDocument));
  if (!document) return sighting;
  Result<act::Snapshot> before = from_json<act::Snapshot>(*document, act::kSnapshotDocument);
  if (!before) return fail(ErrorCode::corrupt, before.error().message);
  sighting.since = before->at;
  const std::vector<Receipt> receipts =
      RF_TRY(store.actions().receipts(account.id, {.since = before->at}));
  sighting.changes = act::drift(*before, sighting.seen, receipts);
  return sighting;
}

Status keep_sighting(Store& store, const AccountId& account, const act::Snapshot& seen) {
  return store.put_document(account, act::kSnapshotDocument, to_json(seen));
}

Result<DriftOutput> drift(const DriftInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  std::vector<Account> accounts = RF_TRY(accounts_asked(*store, input.account));
  if (accounts.size() != 1) {
    return fail(ErrorCode::invalid, fmt::format("the store knows {} accounts; say which: --account "
                                                "ID",
                                                accounts.size()));
  }
  const Account& account = accounts.front();
  std::unique_ptr<AdPlatform> platform = RF_TRY(services.platform(account));
  if (platform == nullptr) {
    return fail(
        ErrorCode::unsupported,
        fmt::format("account '{}' is known from files only, nothing reaches it", account.id.text));
  }
  Sighting sighting = RF_TRY(sight_of(*store, account, *platform, services.clock().now()));
  DriftOutput output{.since = sighting.since, .changes = sighting.changes};
  if (!output.since) {
    output.notices.emplace_back("this is the first look; the next one has something to compare");
  }
  // Before it is the last look: what is told of once must not be lost.
  RF_TRY(note_drifts(account, sighting.changes, sighting.seen, services));
  RF_TRY(keep_sighting(*store, account.id, sighting.seen));
  return output;
}

}  // namespace rf::api
