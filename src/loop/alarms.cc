#include "loop/alarms.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "act/execute.h"
#include "act/redact.h"
#include "decide/judge.h"
#include "loop/verdicts.h"

namespace rf::loop {
namespace {

using act::Alert;
using act::AlertKind;
using act::Severity;

constexpr int kDaysBefore = 7;
constexpr std::int64_t kShownMin = 500;
constexpr std::int64_t kCollapse = 20;

std::string command(std::string_view words, const Account& account) {
  return fmt::format("reelforge {} --account {}", words, account.id.text);
}

// Impressions of the last closed day and of the seven before, newest first.
using Shown = std::array<std::int64_t, kDaysBefore + 1>;

struct Campaign {
  std::string name;
  Shown shown{};

  std::int64_t usual() const {
    std::array<std::int64_t, kDaysBefore> before{};
    std::copy(shown.begin() + 1, shown.end(), before.begin());
    std::ranges::sort(before);
    return before[kDaysBefore / 2];
  }
  bool delivered() const { return usual() >= kShownMin; }
  bool collapsed() const { return delivered() && shown[0] * kCollapse <= usual(); }
};

std::map<std::string, Campaign> campaigns_in(const Sight& sight,
                                             const std::set<std::string>& stopped) {
  std::map<std::string, Campaign> campaigns;
  std::map<std::string_view, Campaign*> of;
  for (const learn::AdTotals& ad : sight.history.totals) {
    if (stopped.contains(ad.id.text)) continue;
    const Entity& entity = ad.entity;
    Campaign& campaign =
        campaigns[entity.campaign_id.empty() ? entity.campaign_name : entity.campaign_id];
    campaign.name = entity.campaign_name.empty() ? entity.campaign_id : entity.campaign_name;
    of[ad.id.text] = &campaign;
  }
  for (const learn::AdDay& day : sight.history.days) {
    const auto found = of.find(day.id.text);
    const std::int64_t ago = (sight.today - Days(1) - day.day).count();
    if (found == of.end() || ago < 0 || ago > kDaysBefore) continue;
    found->second->shown.at(static_cast<std::size_t>(ago)) +=
        day.counts.or_zero(Metric::impressions);
  }
  return campaigns;
}

std::string shown_text(const std::string& what, const Campaign& campaign) {
  return fmt::format(
      "{} had {} impressions on the last closed day where {} were usual, and nothing of ours "
      "stopped it",
      what, campaign.shown[0], campaign.usual());
}

// Ads that our own receipts stopped in the days that are compared.
Result<std::set<std::string>> stopped_by_us(Store& store, const Account& account,
                                            const Sight& sight, Instant now) {
  const Instant since = now - std::chrono::hours(24 * (kDaysBefore + 3));
  const std::vector<Receipt> receipts =
      RF_TRY(store.actions().receipts(account.id, {.since = since}));
  std::set<std::string> stopped;
  for (const Receipt& receipt : receipts) {
    if (receipt.step.after.status == RunStatus::active) continue;
    for (const learn::AdTotals& ad : sight.history.totals) {
      if (id_at(receipt.step.level, ad.entity) == receipt.step.entity) stopped.insert(ad.id.text);
    }
  }
  return stopped;
}

Status look_at_tracking(Store& store, const Account& account, const Sight& sight,
                        act::Findings& found) {
  const decide::Policies policies = RF_TRY(policies_of(store, account.id));
  found.looked.insert(AlertKind::tracking);
  const auto days = learn::account_days(sight.history, sight.today);
  if (!decide::tracking_looks_broken(days, sight.today, policies.tracking_days)) return {};
  found.alerts.push_back(
      {.key = "tracking",
       .kind = AlertKind::tracking,
       .severity = Severity::alarm,
       .thing = {},
       .text = "conversions vanished everywhere at once while clicks did not: the measurement "
               "broke, not the ads; until sales are seen again nothing that rests on them is done",
       .command = command("sync", account) + ", once the pixel or the server's events are mended",
       .lasts = true});
  return {};
}

void look_at_feed(const Account& account, const Feed& feed,
                  const std::optional<act::Limits>& limits, act::Findings& found) {
  found.looked.insert(AlertKind::sync);
  if (!feed.connected) return;
  const double least = limits.value_or(act::Limits()).completeness_min;
  if (!feed.trouble.empty()) {
    found.alerts.push_back({.key = "sync",
                            .kind = AlertKind::sync,
                            .severity = Severity::warning,
                            .thing = {},
                            .text = "numbers do not come: " + act::without_secrets(feed.trouble),
                            .command = command("sync", account),
                            .lasts = true});
  }
  if (feed.completeness && *feed.completeness < least) {
    found.alerts.push_back(
        {.key = "incomplete",
         .kind = AlertKind::sync,
         .severity = Severity::warning,
         .thing = {},
         .text =
             fmt::format("only {:.1f} % of the platform's numbers came, {:.1f} % are asked for; "
                         "changes are held until they do",
                         100 * *feed.completeness, 100 * least),
         .command = command("sync", account),
         .lasts = true});
  }
}

Status look_at_verdicts(Store& store, const Account& account,
                        const std::optional<act::Limits>& limits, Instant now,
                        act::Findings& found) {
  constexpr Duration kNew = std::chrono::hours(7 * 24);
  found.looked.insert(AlertKind::verdict);
  const std::vector<VerdictRecord> verdicts = RF_TRY(store.actions().verdicts(account.id));
  for (const VerdictRecord& verdict : verdicts) {
    if (verdict.outcome != VerdictOutcome::wrong || verdict.judged_at + kNew < now) continue;
    found.alerts.push_back(
        {.key = fmt::format("verdict:{}:{}", verdict.receipt, verdict.after_days),
         .kind = AlertKind::verdict,
         .severity = Severity::notice,
         .thing = {},
         .text = fmt::format("'{}' was wrong {} days later: {}", verdict.policy, verdict.after_days,
                             verdict.reason),
         .command = command(fmt::format("undo {}", verdict.receipt), account),
         .lasts = true});
  }
  for (const Standing& standing : standings(verdicts, limits.value_or(act::Limits()))) {
    if (standing.suggested >= standing.level) continue;
    found.alerts.push_back(
        {.key = "standing:" + standing.policy,
         .kind = AlertKind::verdict,
         .severity = Severity::warning,
         .thing = {},
         .text = fmt::format("'{}' is at level '{}' and its verdicts speak for "
                             "'{}': {} right, {} wrong",
                             standing.policy, name_of(standing.level), name_of(standing.suggested),
                             standing.right, standing.wrong),
         .command = command("verdicts", account),
         .lasts = true});
  }
  return {};
}

Status look_at_halt(Store& store, const Account& account, act::Findings& found) {
  found.looked.insert(AlertKind::halt);
  const act::Halt halt = RF_TRY(act::halt_of(store.actions(), account.id));
  if (!halt.halted) return {};
  found.alerts.push_back(
      {.key = "halt",
       .kind = AlertKind::halt,
       .severity = halt.confirmed ? Severity::warning : Severity::alarm,
       .thing = {},
       .text = fmt::format("kill-all is in force, asked for by {}: {}{}", halt.actor, halt.reason,
                           halt.confirmed ? "" : "; it is not confirmed that nothing runs"),
       .command = command(halt.confirmed ? "kill-all --lift" : "kill-all", account),
       .lasts = true});
  return {};
}

}  // namespace

std::vector<Alert> collapses(const Account& account, const Sight& sight,
                             const std::set<std::string>& stopped) {
  const std::map<std::string, Campaign> campaigns = campaigns_in(sight, stopped);
  const auto delivered =
      std::ranges::count_if(campaigns, [](const auto& each) { return each.second.delivered(); });
  const auto collapsed =
      std::ranges::count_if(campaigns, [](const auto& each) { return each.second.collapsed(); });
  Alert alert{.key = "delivery",
              .kind = AlertKind::delivery,
              .severity = Severity::alarm,
              .thing = {},
              .text = {},
              .command = command("accounts test", account),
              .lasts = true};
  if (collapsed > 1 && collapsed == delivered) {
    Campaign all;
    for (const auto& [id, campaign] : campaigns) {
      for (std::size_t i = 0; i < all.shown.size(); ++i) all.shown.at(i) += campaign.shown.at(i);
    }
    alert.text = shown_text("the whole account", all) +
                 "; look at payment and at what the "
                 "platform says";
    return {alert};
  }
  std::vector<Alert> alerts;
  for (const auto& [id, campaign] : campaigns) {
    if (!campaign.collapsed()) continue;
    alert.key = "delivery:" + id;
    alert.thing = "campaign:" + id;
    alert.text = shown_text(fmt::format("campaign '{}'", campaign.name), campaign);
    alert.command = command("drift", account);
    alerts.push_back(alert);
  }
  return alerts;
}

Result<act::Findings> alarms_of(Store& store, const Account& account, const Sight& sight,
                                const Feed& feed, const std::optional<act::Limits>& limits,
                                Instant now) {
  act::Findings found;
  RF_TRY(look_at_tracking(store, account, sight, found));
  look_at_feed(account, feed, limits, found);
  const std::set<std::string> stopped = RF_TRY(stopped_by_us(store, account, sight, now));
  found.looked.insert(AlertKind::delivery);
  std::ranges::move(collapses(account, sight, stopped), std::back_inserter(found.alerts));
  RF_TRY(look_at_verdicts(store, account, limits, now, found));
  RF_TRY(look_at_halt(store, account, found));
  return found;
}

}  // namespace rf::loop
