#include "api/verdicts.h"

#include <map>

#include <fmt/format.h>

#include "api/alerts.h"
#include "api/judged.h"
#include "api/limits.h"
#include "loop/verdicts.h"
#include "store/documents.h"

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

// Where each policy stands, and moves by it. Without limits nothing is done, so nothing moves.
Status stand(Store& store, const Account& account, Instant now, VerdictsOutput& output) {
  const std::optional<act::Limits> limits = RF_TRY(limits_of(store, account));
  for (const loop::Standing& each :
       RF_TRY(loop::standings_of(store, account, limits.value_or(act::Limits())))) {
    output.policies.push_back(view_of(account.id.text, each));
  }
  if (!limits) return {};
  for (const loop::Moved& each : RF_TRY(loop::climb(store, account, *limits, now))) {
    output.moved.push_back({.account = account.id.text,
                            .policy = each.policy,
                            .from = std::string(name_of(each.from)),
                            .to = std::string(name_of(each.to)),
                            .reason = each.reason});
  }
  return {};
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
    loop::ObservedActs observed =
        RF_TRY(loop::judge_observed(*store, account, services.clock().now()));
    RF_TRY(stand(*store, account, services.clock().now(), output));
    for (loop::ObservedAct& each : observed.acts) {
      output.observed.push_back({account.id.text, std::move(each)});
    }
    for (VerdictRecord& each : all) {
      const std::string name = names[each.receipt];
      output.verdicts.push_back({account.id.text, name, std::move(each)});
    }
  }
  return output;
}

Result<LadderOutput> ladder_show(const LadderShowInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  LadderOutput output;
  for (const Account& account : RF_TRY(accounts_asked(*store, input.account))) {
    const std::optional<act::Limits> limits = RF_TRY(limits_of(*store, account));
    if (!limits) continue;
    const loop::Ladder ladder = RF_TRY(loop::ladder_of(*store, account.id));
    const act::RuleActions rules = RF_TRY(loop::rule_actions(*store, account.id));
    const act::Limits stands = loop::earned(*limits, ladder, rules);
    for (const auto& [policy, level] : stands.levels) {
      RungView view{.account = account.id.text,
                    .policy = policy,
                    .level = std::string(name_of(level)),
                    .most = std::string(name_of(act::most_for(*limits, policy, rules)))};
      const auto rung = ladder.rungs.find(policy);
      if (rung != ladder.rungs.end()) view.rung = rung->second;
      output.rungs.push_back(std::move(view));
    }
  }
  return output;
}

Result<LadderOutput> ladder_set(const LadderSetInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  for (const Account& account : RF_TRY(accounts_asked(*store, input.account))) {
    const std::optional<act::Limits> limits = RF_TRY(limits_of(*store, account));
    if (!limits) {
      return fail(ErrorCode::denied, fmt::format("account '{}' has no limits, so it is only read; "
                                                 "see 'reelforge limits set'",
                                                 account.id.text));
    }
    RF_TRY(loop::put_on_rung(*store, account.id, input.policy, input.level, input.as,
                             services.clock().now()));
  }
  return ladder_show({.account = input.account}, services);
}

Result<Sighting> sight_of(Store& store, const Account& account, AdPlatform& platform, Instant now) {
  const act::AccountNow swept = RF_TRY(act::sweep(platform, account.id));
  Sighting sighting{.seen = act::snapshot_of(swept, now)};
  const std::optional<act::Snapshot> before =
      RF_TRY(kept_document<act::Snapshot>(store, account.id, act::kSnapshotDocument));
  if (!before) return sighting;
  sighting.since = before->at;
  const std::vector<Receipt> receipts =
      RF_TRY(store.actions().receipts(account.id, {.since = before->at}));
  sighting.changes = act::drift(*before, sighting.seen, receipts);
  return sighting;
}

Status keep_sighting(Store& store, const AccountId& account, const Sighting& sighting) {
  RF_TRY(loop::note_others(store, account, sighting.changes, sighting.seen.at));
  const act::Snapshot& seen = sighting.seen;
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
  RF_TRY(keep_sighting(*store, account.id, sighting));
  return output;
}

}  // namespace rf::api
