#include "loop/verdicts.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "act/gate.h"
#include "learn/action_verdict.h"
#include "learn/matched.h"

namespace rf::loop {
namespace {

constexpr Days kBefore{14};

// Chosen: as in learn/, measured on 453 natural A/A pairs (learn/upworthy_test.cc).
constexpr double kPhi = 1.76;

// Up: the policy is right in more than 60 % of clear cases, 95 % sure. Down: it is right in less
// than half, 80 % sure. Chosen; at least five clear verdicts for either.
constexpr double kUpShare = 0.6;
constexpr double kUpSure = 0.95;
constexpr double kDownShare = 0.5;
constexpr double kDownSure = 0.80;
constexpr std::int64_t kClearMin = 5;

learn::Direction direction_of(const Step& step) {
  const act::Operation operation = act::operation_of(step);
  const bool less = operation == act::Operation::stop || operation == act::Operation::lower;
  return less ? learn::Direction::less : learn::Direction::more;
}

using Setting = std::pair<std::string, std::string>;  // Attribution and conversion event.

// The setting with the most spend: numbers of different ones are never summed.
Setting main_setting(const std::vector<EntityTotals>& ads) {
  std::map<Setting, std::int64_t> spend;
  for (const EntityTotals& ad : ads) {
    spend[{ad.attribution, ad.conversion_event}] += ad.counts.or_zero(Metric::spend) / 1000;
  }
  auto most = std::ranges::max_element(
      spend, {}, [](const auto& each) { return std::pair(each.second, each.first); });
  return most == spend.end() ? Setting() : most->first;
}

// Spend and conversions by day, of the ads that are meant and of all others.
struct Sides {
  std::map<Day, learn::DayPart> these;
  std::map<Day, learn::DayPart> others;
};

Result<Sides> sides_of(Store& store, const AccountId& account, const Window& window,
                       const std::set<std::string>& ids, const Setting& setting) {
  Sides sides;
  RF_TRY(store.each_day(
      account, Level::ad, window.from, window.to, [&](const EntityDay& day) -> Status {
        if (Setting(day.attribution, day.conversion_event) != setting) return {};
        if (!day.counts.has(Metric::spend) || !day.counts.has(Metric::conversions)) return {};
        learn::DayPart& part =
            ids.contains(day.id.text) ? sides.these[day.day] : sides.others[day.day];
        part.day = day.day;
        part.spend += as_number(Metric::spend, day.counts.or_zero(Metric::spend));
        part.events += as_number(Metric::conversions, day.counts.or_zero(Metric::conversions));
        return {};
      }));
  return sides;
}

std::vector<learn::DayPart> days_of(const std::map<Day, learn::DayPart>& parts) {
  std::vector<learn::DayPart> days;
  days.reserve(parts.size());
  for (const auto& each : parts) days.push_back(each.second);
  return days;
}

VerdictOutcome outcome_of(learn::Rightness rightness) {
  switch (rightness) {
    case learn::Rightness::right: return VerdictOutcome::right;
    case learn::Rightness::wrong: return VerdictOutcome::wrong;
    case learn::Rightness::unclear: return VerdictOutcome::unclear;
  }
  check_failed(__FILE__, __LINE__, "Rightness in range");
}

void judge(learn::Direction direction, const Sides& sides, VerdictRecord& verdict) {
  const std::vector<std::vector<learn::DayPart>> both{days_of(sides.these), days_of(sides.others)};
  const std::optional<Matched> matched = learn::match(both).front();
  if (!matched || matched->expected <= 0 || matched->control_events <= 0) {
    verdict.reason = "there is nothing to compare it with: no other ad sold on the same days";
    return;
  }
  const learn::MatchedRatio ratio = learn::matched_ratio(*matched, kPhi);
  verdict.outcome = outcome_of(learn::rightness(direction, ratio));
  verdict.ratio = ratio.value;
  verdict.low = ratio.interval.low;
  verdict.high = ratio.interval.high;
  verdict.events = matched->events;
  verdict.expected = matched->expected;
  verdict.reason = fmt::format(
      "it brought {:.1f} conversions where the others would have brought {:.1f} for the same money "
      "on the same days",
      matched->events, matched->expected);
}

std::optional<act::Autonomy> moved(act::Autonomy level, int by) {
  const int to = static_cast<int>(level) + by;
  if (to < 0 || to > static_cast<int>(act::Autonomy::automatic)) return std::nullopt;
  return static_cast<act::Autonomy>(to);
}

void suggest(Standing& standing) {
  standing.suggested = standing.level;
  const std::int64_t clear = standing.right + standing.wrong;
  if (clear < kClearMin) {
    standing.reason = fmt::format("{} clear verdicts, {} are needed", clear, kClearMin);
    return;
  }
  const double up = learn::chance_right_more_than(kUpShare, standing.right, standing.wrong);
  const double down = 1 - learn::chance_right_more_than(kDownShare, standing.right, standing.wrong);
  const int by = up >= kUpSure ? 1 : down >= kDownSure ? -1 : 0;
  standing.suggested = moved(standing.level, by).value_or(standing.level);
  standing.reason = fmt::format(
      "right in more than {:.0f} %: {:.1f} % sure, {:.0f} % lead up; right in less than "
      "half: {:.1f} % sure, {:.0f} % lead down",
      kUpShare * 100, up * 100, kUpSure * 100, down * 100, kDownSure * 100);
}

}  // namespace

Window window_after(Day day, std::int64_t after_days, bool runs_on) {
  if (!runs_on) return {day - kBefore, day};
  return {day + Days(1), day + Days(after_days)};
}

Result<Courtroom> courtroom_of(Store& store, const AccountId& account) {
  Courtroom room;
  room.ads = RF_TRY(store.totals(account, Level::ad));
  room.setting = main_setting(room.ads);
  return room;
}

const std::string& id_at(Level level, const Entity& ad) {
  if (level == Level::ad) return ad.ad_id;
  return level == Level::adset ? ad.adset_id : ad.campaign_id;
}

std::set<std::string> ads_of(Level level, const std::string& entity, const Courtroom& room) {
  std::set<std::string> ids;
  for (const EntityTotals& ad : room.ads) {
    if (id_at(level, ad.entity) == entity) ids.insert(ad.id.text);
  }
  return ids;
}

Status judge_change(Store& store, const AccountId& account, const Courtroom& room,
                    const Change& change, VerdictRecord& verdict) {
  const Sides sides = RF_TRY(sides_of(store, account, change.window, change.ads, room.setting));
  judge(change.direction, sides, verdict);
  return {};
}

Result<std::vector<VerdictRecord>> judge_actions(Store& store, const Account& account,
                                                 Instant now) {
  RF_TRY(store.remember(account.id));
  std::vector<Receipt> receipts = RF_TRY(store.actions().receipts(account.id, ReceiptQuery()));
  std::vector<VerdictRecord> known = RF_TRY(store.actions().verdicts(account.id));
  std::set<std::pair<std::int64_t, std::int64_t>> judged;
  for (const VerdictRecord& each : known) judged.emplace(each.receipt, each.after_days);
  const Courtroom room = RF_TRY(courtroom_of(store, account.id));
  std::vector<VerdictRecord> made;
  for (const Receipt& receipt : receipts) {
    if (receipt.state != ReceiptState::done || receipt.step.source == StepSource::kill_all)
      continue;
    const Day day = account.zone.day_at(receipt.asked);
    const bool runs_on = receipt.step.after.status == RunStatus::active;
    for (const std::int64_t after : kAfterDays) {
      if (account.zone.day_at(now) <= day + Days(after) || judged.contains({receipt.id, after}))
        continue;
      VerdictRecord verdict{.receipt = receipt.id,
                            .policy = receipt.step.policy,
                            .after_days = after,
                            .judged_at = now};
      if (receipt.step.source == StepSource::undo) verdict.policy = "undo";
      const Change change{.ads = ads_of(receipt.step.level, receipt.step.entity, room),
                          .window = window_after(day, after, runs_on),
                          .direction = direction_of(receipt.step)};
      RF_TRY(judge_change(store, account.id, room, change, verdict));
      RF_TRY(store.actions().put_verdict(account.id, verdict));
      made.push_back(std::move(verdict));
    }
  }
  return made;
}

std::vector<Standing> standings(const std::vector<VerdictRecord>& verdicts,
                                const act::Limits& limits) {
  // The latest clear verdict on each action, else an unclear one.
  std::map<std::int64_t, const VerdictRecord*> last;
  for (const VerdictRecord& each : verdicts) {
    const VerdictRecord*& kept = last[each.receipt];
    const bool clear = each.outcome != VerdictOutcome::unclear;
    if (kept == nullptr || clear) kept = &each;
  }
  std::map<std::string, Standing> by_policy;
  for (const auto& [receipt, verdict] : last) {
    Standing& standing = by_policy[verdict->policy];
    standing.right += verdict->outcome == VerdictOutcome::right ? 1 : 0;
    standing.wrong += verdict->outcome == VerdictOutcome::wrong ? 1 : 0;
    standing.unclear += verdict->outcome == VerdictOutcome::unclear ? 1 : 0;
  }
  std::vector<Standing> all;
  for (auto& [policy, standing] : by_policy) {
    standing.policy = policy;
    standing.level = act::level_for(limits, policy);
    if (standing.right + standing.wrong > 0) {
      const learn::MatchedRatio rate = learn::win_rate(standing.right, standing.wrong);
      standing.win_rate = Estimate{.value = rate.value,
                                   .low = rate.interval.low,
                                   .high = rate.interval.high,
                                   .n = standing.right + standing.wrong};
    }
    suggest(standing);
    all.push_back(standing);
  }
  return all;
}

}  // namespace rf::loop
