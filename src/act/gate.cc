#include "act/gate.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/sha256.h"

namespace rf::act {
namespace {

// Shares are compared with this slack, so that 120 is one step of 20 % above 100.
constexpr double kShareSlack = 1e-9;

// What the checks work with, worked out once.
struct Look {
  const Step& step;
  const Limits& limits;
  const Situation& situation;
  Operation operation = Operation::stop;
  PlatformLimits platform;
  std::vector<Receipt> today;  // Asked or looked at today, or open.
  Instant day_start;           // Of the account's day.
  std::int64_t raise = 0;      // Millionths.
};

struct Refusal {
  ErrorCode code = ErrorCode::denied;
  std::string limit;
  std::string reason;
  std::string next_step;
};

using Check = std::optional<Refusal> (*)(const Look& look);

std::string text_of(std::int64_t micros, Currency currency) {
  return fmt::format("{} {}", to_decimal(Money{micros, currency}), currency.code());
}

std::string text_of(const Look& look, std::int64_t micros) {
  return text_of(micros, look.situation.account.currency);
}

bool touches_budget(const Step& step) {
  return step.before.daily_budget != step.after.daily_budget;
}

bool is_stop_or_cut(Operation operation) {
  return operation == Operation::stop || operation == Operation::lower;
}

// What a plan may do, rather than a person who takes something back.
bool is_planned(const Step& step) { return step.source == StepSource::plan; }

std::optional<Refusal> check_blocked(const Look& look) {
  if (std::ranges::find(look.limits.blocked, look.operation) == look.limits.blocked.end()) {
    return std::nullopt;
  }
  return Refusal{ErrorCode::denied, "blocked",
                 fmt::format("'{}' is blocked", name_of(look.operation)),
                 "take it out of 'blocked' in the limits, if that is meant"};
}

std::optional<Refusal> check_halt(const Look& look) {
  if (!look.situation.halted || look.operation == Operation::stop) return std::nullopt;
  return Refusal{ErrorCode::denied, "kill-all", "kill-all is in force: nothing but stops",
                 "lift it: reelforge kill-all --lift"};
}

// A user's rule that has no level of its own has that of what it does.
Autonomy level_of(const Look& look) {
  const Limits& limits = look.limits;
  const std::string& policy = look.step.policy;
  if (!policy.starts_with(rule_policy("")) || limits.levels.contains(policy)) {
    return level_for(limits, policy);
  }
  switch (operation_of(look.step)) {
    case Operation::stop: return level_for(limits, "kill");
    case Operation::start: return level_for(limits, "revive");
    case Operation::raise: return level_for(limits, "increase_budget");
    case Operation::lower: return level_for(limits, "decrease_budget");
  }
  check_failed(__FILE__, __LINE__, "Operation in range");
}

std::optional<Refusal> check_level(const Look& look) {
  const Autonomy level = level_of(look);
  if (level == Autonomy::approve || level == Autonomy::automatic) return std::nullopt;
  return Refusal{
      ErrorCode::denied, "level",
      fmt::format("the level of '{}' is {}: nothing is changed", look.step.policy, name_of(level)),
      "do it by hand, or set the level to approve in the limits"};
}

bool is_open_at(const Hours& hours, std::int64_t hour) {
  if (hours.from < hours.to) return hours.from <= hour && hour < hours.to;
  return hour >= hours.from || hour < hours.to;
}

std::optional<Refusal> check_hours(const Look& look) {
  if (look.limits.hours.empty()) return std::nullopt;
  if (look.limits.stops_at_any_hour && is_stop_or_cut(look.operation)) return std::nullopt;
  const TimeZone& zone = look.situation.account.zone;
  // Counted from the day's first moment: on the two days of a clock change this differs from the
  // wall's hour by one after the change.
  const Duration since = look.situation.at - zone.start_of(zone.day_at(look.situation.at));
  const auto hour = std::chrono::duration_cast<std::chrono::hours>(since).count();
  for (const Hours& hours : look.limits.hours) {
    if (is_open_at(hours, hour)) return std::nullopt;
  }
  return Refusal{
      ErrorCode::denied, "hours",
      fmt::format("it is hour {} in {}, outside the hours for changes", hour, zone.name()),
      "wait, or widen 'hours' in the limits"};
}

// The numbers behind a plan.
std::optional<Refusal> check_data(const Look& look) {
  if (!is_planned(look.step)) return std::nullopt;
  const DataFacts& data = look.situation.data;
  if (data.tracking_broken) {
    return Refusal{ErrorCode::denied, "tracking",
                   "conversions vanished everywhere at once while clicks did not: the measurement "
                   "broke, not the ads",
                   "mend the tracking, import again, and make a new plan"};
  }
  const auto age = std::chrono::hours(look.limits.stale_hours);
  if (!data.known_at || look.situation.at - *data.known_at > age) {
    return Refusal{ErrorCode::denied, "stale_hours",
                   data.known_at ? fmt::format("the numbers are from {}, more than {} hours old",
                                               to_rfc3339(*data.known_at), look.limits.stale_hours)
                                 : std::string("there are no numbers of the last closed day"),
                   "import newer numbers and make a new plan"};
  }
  if (data.completeness < look.limits.completeness_min) {
    return Refusal{ErrorCode::denied, "completeness_min",
                   fmt::format("{:.1f} % of the numbers arrived, {:.1f} % are needed",
                               data.completeness * 100, look.limits.completeness_min * 100),
                   "fetch them again and make a new plan"};
  }
  const auto ads = static_cast<double>(look.situation.now.ads.size());
  if (data.ads_before &&
      ads < static_cast<double>(*data.ads_before) * (1 - look.limits.shrink_max)) {
    return Refusal{ErrorCode::denied, "shrink_max",
                   fmt::format("the platform shows {} ads, {} at the look before: part of the "
                               "answer may be missing",
                               look.situation.now.ads.size(), *data.ads_before),
                   "look at the account; run 'drift' to accept what it shows"};
  }
  return std::nullopt;
}

std::optional<Refusal> check_day_changes(const Look& look) {
  if (!is_planned(look.step)) return std::nullopt;
  const auto made = std::ranges::count_if(look.today, [&](const Receipt& receipt) {
    return is_planned(receipt.step) && receipt.state != ReceiptState::failed &&
           receipt.step.key != look.step.key;
  });
  if (made < look.limits.day_changes_max) return std::nullopt;
  return Refusal{ErrorCode::over_limit, "day_changes_max",
                 fmt::format("{} changes were made today, at most {} a day", made,
                             look.limits.day_changes_max),
                 "wait for the account's next day, or raise the limit"};
}

std::optional<Refusal> check_paused_share(const Look& look) {
  if (!is_planned(look.step) || look.operation != Operation::stop) return std::nullopt;
  const AccountNow& now = look.situation.now;
  std::int64_t stopped = 0;
  for (const Receipt& receipt : look.today) {
    const Step& step = receipt.step;
    if (receipt.state == ReceiptState::failed || step.key == look.step.key) continue;
    if (!is_planned(step) || step.before.status != RunStatus::active) continue;
    if (step.after.status == RunStatus::active) continue;
    stopped += running_ads_of(now, step.level, step.entity);
  }
  const std::int64_t running = running_ads(now) + stopped;
  const auto most = std::max<std::int64_t>(
      1, static_cast<std::int64_t>(look.limits.paused_share_max * static_cast<double>(running)));
  const std::int64_t these = running_ads_of(now, look.step.level, look.step.entity);
  if (stopped + these <= most) return std::nullopt;
  return Refusal{ErrorCode::over_limit, "paused_share_max",
                 fmt::format("{} of {} ads were stopped today; with these {} it would be more than "
                             "the {} that are allowed",
                             stopped, running, these, most),
                 "wait for the account's next day, or raise the limit"};
}

// What a lost answer does to a campaign is not known, so nothing is added to it until it is.
std::optional<Refusal> check_pending(const Look& look) {
  if (is_stop_or_cut(look.operation)) return std::nullopt;
  for (const Receipt& receipt : look.situation.receipts) {
    if (!receipt.open() || receipt.step.campaign != look.step.campaign) continue;
    return Refusal{
        ErrorCode::conflict, "pending",
        fmt::format("what became of receipt {} in the same campaign is not known yet", receipt.id),
        "try again in a few minutes"};
  }
  return std::nullopt;
}

std::optional<Refusal> needs_cap(std::string_view name) {
  return Refusal{ErrorCode::denied, std::string(name),
                 fmt::format("'{}' is not set, and without it nothing is raised or started", name),
                 "set it: reelforge limits set FILE"};
}

std::optional<Refusal> check_change_raise(const Look& look) {
  const bool starts = look.operation == Operation::start || look.operation == Operation::raise;
  if (!starts && look.raise <= 0) return std::nullopt;
  const std::optional<Money>& most = look.limits.change_raise_max;
  if (!most) return needs_cap("change_raise_max");
  if (look.raise <= most->micros) return std::nullopt;
  return Refusal{ErrorCode::over_limit, "change_raise_max",
                 fmt::format("it adds {} to a day's spend, one change may add at most {}",
                             text_of(look, look.raise), text_of(look, most->micros)),
                 "check the amount for a slipped digit; else go in smaller steps"};
}

// The less of two settings, as far as spending goes.
Setting lesser(const Setting& a, const Setting& b) {
  Setting less = a;
  if (b.status != RunStatus::active) less.status = b.status;
  if (b.daily_budget &&
      (!less.daily_budget || b.daily_budget->micros < less.daily_budget->micros)) {
    less.daily_budget = b.daily_budget;
  }
  return less;
}

// The day's highest with this change, and what was possible when the day began.
struct DaySpan {
  Exposure start;
  Exposure highest;
};

DaySpan span_of_day(const Look& look) {
  const Situation& situation = look.situation;
  const Currency currency = situation.account.currency;
  std::vector<Receipt> with_this = look.today;
  with_this.push_back({.step = look.step, .state = ReceiptState::sent});
  AccountNow start{.campaigns = situation.now.campaigns, .adsets = situation.now.adsets};
  for (auto each = look.today.rbegin(); each != look.today.rend(); ++each) {
    if (each->state == ReceiptState::failed) continue;
    // One that was asked yesterday and answered today may have taken effect on either day.
    const Step& step = each->step;
    const bool from_yesterday = each->asked < look.day_start;
    set(start, step.level, step.entity,
        from_yesterday ? lesser(step.before, step.after) : step.before);
  }
  return {.start = exposure(start, currency, {}),
          .highest = exposure(situation.now, currency, with_this)};
}

std::optional<Refusal> check_day_raise(const Look& look) {
  const bool starts = look.operation == Operation::start || look.operation == Operation::raise;
  if (!starts || !look.limits.day_raise_max) return std::nullopt;
  const DaySpan day = span_of_day(look);
  const std::int64_t raised = day.highest.account - day.start.account;
  const std::int64_t most = look.limits.day_raise_max->micros;
  if (raised <= most) return std::nullopt;
  return Refusal{ErrorCode::over_limit, "day_raise_max",
                 fmt::format("with it the day's highest is {} above what was possible when the day "
                             "began, at most {}",
                             text_of(look, raised), text_of(look, most)),
                 "wait for the account's next day, or raise the limit"};
}

// What budgets may add up to so that a day's spend stays under the cap.
std::int64_t room_under(std::int64_t cap, double overspend) {
  if (overspend <= 0) return cap;
  return static_cast<std::int64_t>(std::floor(static_cast<double>(cap) / (1 + overspend)));
}

Refusal over_cap(const Look& look, const std::string& limit, std::int64_t budgets,
                 std::int64_t cap) {
  return {
      ErrorCode::over_limit, limit,
      fmt::format("budgets of {} could be spent today; with up to {:.0f} % overspending that is "
                  "above the cap of {}",
                  text_of(look, budgets), look.platform.overspend * 100, text_of(look, cap)),
      "lower another budget and wait for the account's next day, or raise the cap"};
}

std::optional<Refusal> check_caps(const Look& look) {
  const bool starts = look.operation == Operation::start || look.operation == Operation::raise;
  if (!starts) return std::nullopt;
  if (!look.limits.account_daily) return needs_cap("account_daily");
  const Exposure highest = span_of_day(look).highest;
  if (highest.unknown) {
    return Refusal{ErrorCode::denied, "account_daily",
                   "what the account may spend is not known: " + *highest.unknown,
                   "look at the account on the platform"};
  }
  const std::int64_t cap = look.limits.account_daily->micros;
  if (highest.account > room_under(cap, look.platform.overspend)) {
    return over_cap(look, "account_daily", highest.account, cap);
  }
  for (const auto& [campaign, budgets] : highest.campaigns) {
    if (campaign != look.step.campaign) continue;
    std::optional<Money> most = campaign_cap(look.limits, campaign);
    if (most && budgets > room_under(most->micros, look.platform.overspend)) {
      return over_cap(look, "campaign_daily", budgets, most->micros);
    }
  }
  return std::nullopt;
}

std::optional<Refusal> check_budget_max(const Look& look) {
  const std::optional<Money>& most = look.limits.daily_budget_max;
  if (look.operation != Operation::raise || !most) return std::nullopt;
  const std::int64_t budget = look.step.after.daily_budget->micros;
  if (budget <= most->micros) return std::nullopt;
  return Refusal{
      ErrorCode::over_limit, "daily_budget_max",
      fmt::format("a budget of {}, at most {}", text_of(look, budget), text_of(look, most->micros)),
      "check the amount for a slipped digit; else raise the limit"};
}

bool is_learning(const Look& look) {
  const EntityState* state = find(look.situation.now, look.step.level, look.step.entity);
  return state != nullptr && state->learning == LearningStage::learning;
}

// A person who takes a change back returns to what the platform knows already.
std::optional<Refusal> check_step(const Look& look) {
  if (!is_planned(look.step) || !touches_budget(look.step)) return std::nullopt;
  const bool learning = is_learning(look);
  const PlatformLimits& on = look.platform;
  const bool raises = look.operation == Operation::raise;
  const double most = raises ? (learning ? on.raise_step_learning : on.raise_step)
                             : (learning ? on.lower_step_learning : on.lower_step);
  const auto from = static_cast<double>(look.step.before.daily_budget->micros);
  const auto to = static_cast<double>(look.step.after.daily_budget->micros);
  const double share = from > 0 ? std::abs(to - from) / from : 1;
  if (share <= most + kShareSlack) return std::nullopt;
  const std::string limit =
      fmt::format("platforms.{}.{}_step{}", to_string(look.situation.account.platform),
                  raises ? "raise" : "lower", learning ? "_learning" : "");
  return Refusal{ErrorCode::over_limit, limit,
                 fmt::format("a step of {:.1f} %{}, at most {:.1f} %", share * 100,
                             learning ? " while the platform learns" : "", most * 100),
                 learning ? "wait until the platform has learned; stops are always possible"
                          : "check the amount for a slipped digit; else go in smaller steps"};
}

// How often the budget of the step's thing was changed lately.
struct BudgetWrites {
  std::int64_t in_hour = 0;
  std::int64_t in_day = 0;
  Duration since_last = Duration::max();
};

BudgetWrites budget_writes(const Look& look) {
  BudgetWrites writes;
  for (const Receipt& receipt : look.situation.receipts) {
    const Step& step = receipt.step;
    const bool same_thing = step.entity == look.step.entity && step.level == look.step.level;
    if (!same_thing || !touches_budget(step) || receipt.state == ReceiptState::failed) continue;
    const Duration age = look.situation.at - receipt.asked;
    writes.since_last = std::min(writes.since_last, age);
    if (age < std::chrono::hours(1)) ++writes.in_hour;
    if (age < std::chrono::hours(24)) ++writes.in_day;
  }
  return writes;
}

std::optional<Refusal> check_rests(const Look& look) {
  if (!is_planned(look.step) || !touches_budget(look.step)) return std::nullopt;
  const BudgetWrites writes = budget_writes(look);
  const PlatformLimits& on = look.platform;
  const bool raises = look.operation == Operation::raise;
  const std::int64_t rest = raises ? on.raise_cooldown_hours : on.lower_cooldown_hours;
  const std::string name = fmt::format("platforms.{}.", to_string(look.situation.account.platform));
  if (writes.since_last < std::chrono::hours(rest)) {
    return Refusal{ErrorCode::over_limit,
                   fmt::format("{}{}_cooldown_hours", name, raises ? "raise" : "lower"),
                   fmt::format("its budget was changed less than {} hours ago", rest),
                   "wait, so that the platform can learn"};
  }
  if (writes.in_hour < on.budget_writes_hour && writes.in_day < on.budget_writes_day) {
    return std::nullopt;
  }
  return Refusal{ErrorCode::over_limit, name + "budget_writes_hour",
                 fmt::format("its budget was changed {} times in an hour, {} in a day",
                             writes.in_hour, writes.in_day),
                 "wait"};
}

std::int64_t people_needed(const Look& look) {
  std::int64_t people = 0;
  if (look.step.source == StepSource::undo) people = 1;
  if (level_of(look) == Autonomy::approve) people = 1;
  for (const Quorum& tier : look.limits.quorum) {
    if (look.raise > tier.raise_above.micros) people = std::max(people, tier.people);
  }
  return people;
}

bool is_whole(const Money& amount) {
  const Result<Money> shown = parse_money(to_decimal(amount), amount.currency);
  return shown && *shown == amount;
}

// Of a change that is none, or none of ours: refused before anything else is asked.
std::optional<Refusal> check_shape(const Step& step, const Account& account) {
  const auto invalid = [](std::string reason) {
    return Refusal{ErrorCode::invalid, "step", std::move(reason), "make a new plan"};
  };
  const bool status = step.before.status != step.after.status;
  if (status == touches_budget(step)) return invalid("a step changes exactly one thing");
  if (step.before.status == RunStatus::archived || step.after.status == RunStatus::archived) {
    return invalid("what is archived stays archived, and nothing is archived");
  }
  if (status) return std::nullopt;
  if (!step.before.daily_budget || !step.after.daily_budget) {
    return invalid("a budget is not moved to another level");
  }
  const Money& to = *step.after.daily_budget;
  if (to.currency != account.currency) {
    return invalid(fmt::format("a budget in {}, the account's currency is {}", to.currency.code(),
                               account.currency.code()));
  }
  if (!is_whole(to)) {
    return invalid("a budget is written in whole units of its currency's smallest coin");
  }
  if (to.micros <= 0) return invalid("a budget must be above zero; to stop is another operation");
  return std::nullopt;
}

Decision refused(const Refusal& refusal, Money raise) {
  return {.allowed = false,
          .code = refusal.code,
          .limit = refusal.limit,
          .reason = refusal.reason,
          .next_step = refusal.next_step,
          .raise = raise};
}

Decision decide_consent(const Look& look, const std::vector<std::string>& approved_by,
                        Money raise) {
  const std::int64_t people = people_needed(look);
  const std::int64_t have = std::ssize(approved_by);
  Decision decision{.allowed = have >= people, .raise = raise, .people = people};
  if (decision.allowed) return decision;
  decision.limit = people > 1 ? "quorum" : "level";
  decision.reason = have == 0
                        ? fmt::format("needs the consent of {}",
                                      people == 1 ? "a person" : fmt::format("{} people", people))
                        : fmt::format("needs the consent of {} people, {} gave it", people, have);
  decision.next_step = look.step.source == StepSource::undo
                           ? "another person must ask for the same undo, with --as NAME"
                           : "reelforge plan approve";
  return decision;
}

std::vector<Receipt> today_of(const Situation& situation, Instant start) {
  std::vector<Receipt> today;
  std::ranges::copy_if(situation.receipts, std::back_inserter(today), [&](const Receipt& receipt) {
    return receipt.open() || std::max(receipt.asked, receipt.looked) >= start;
  });
  return today;
}

// What is still open may yet come: an ad set whose start was lost makes the start of its campaign
// dearer.
std::int64_t raise_of(const Step& step, const Situation& situation) {
  const Currency currency = situation.account.currency;
  std::vector<Receipt> open;
  std::ranges::copy_if(situation.receipts, std::back_inserter(open), [&](const Receipt& receipt) {
    return receipt.open() && receipt.step.key != step.key;
  });
  const Exposure before = exposure_with(situation.now, currency, step, step.before, open);
  const Exposure after = exposure_with(situation.now, currency, step, step.after, open);
  return std::max<std::int64_t>(0, after.account - before.account);
}

constexpr auto kChecks =
    std::to_array<Check>({check_halt, check_blocked, check_level, check_pending, check_budget_max,
                          check_change_raise, check_day_raise, check_caps, check_step, check_rests,
                          check_hours, check_data, check_day_changes, check_paused_share});

}  // namespace

Operation operation_of(const Step& step) {
  if (!touches_budget(step)) {
    return step.after.status == RunStatus::active ? Operation::start : Operation::stop;
  }
  const std::int64_t before = step.before.daily_budget ? step.before.daily_budget->micros : 0;
  const std::int64_t after = step.after.daily_budget ? step.after.daily_budget->micros : 0;
  return after > before ? Operation::raise : Operation::lower;
}

std::string fingerprint(const Step& step) {
  JsonArray parts{to_json(step.level), to_json(step.entity), to_json(step.before),
                  to_json(step.after)};
  return sha256_hex(to_text(parts));
}

Decision may(const Step& step, const std::vector<std::string>& approved_by,
             const std::optional<Limits>& limits, const Situation& situation) {
  const Money nothing{0, situation.account.currency};
  if (std::optional<Refusal> shape = check_shape(step, situation.account)) {
    return refused(*shape, nothing);
  }
  const Operation operation = operation_of(step);
  if (step.source == StepSource::kill_all && operation == Operation::stop) {
    return {.allowed = true, .raise = nothing};
  }
  if (!limits) {
    return refused({ErrorCode::denied, "limits", "this account has no limits, so it is only read",
                    "write limits and set them: reelforge limits set FILE"},
                   nothing);
  }
  const TimeZone& zone = situation.account.zone;
  const Instant day_start = zone.start_of(zone.day_at(situation.at));
  const Look look{.step = step,
                  .limits = *limits,
                  .situation = situation,
                  .operation = operation,
                  .platform = limits_on(*limits, situation.account.platform),
                  .today = today_of(situation, day_start),
                  .day_start = day_start,
                  .raise = raise_of(step, situation)};
  const Money raise{look.raise, situation.account.currency};
  for (Check check : kChecks) {
    if (std::optional<Refusal> refusal = check(look)) return refused(*refusal, raise);
  }
  return decide_consent(look, approved_by, raise);
}

}  // namespace rf::act
