#include "decide/rules/backtest.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "base/check.h"
#include "decide/verdict.h"
#include "learn/posterior.h"
#include "learn/special.h"

namespace rf::decide {
namespace {

// A moved budget is judged by the days after it; a pause, by all that followed.
// Chosen: two weeks hold most of what late conversions still add to the first.
constexpr std::int64_t kJudgeDays = 14;

// As learn::BeliefRules before anything is fitted: counts vary so much more than Poisson counts,
// and a value stands for so many fewer orders.
constexpr double kPhi = 1.75;
constexpr double kOrderUnits = 2;

// Chance from which an act is called right or sorry.
constexpr double kBeyondDoubt = 0.9;

double or_zero(double value) { return std::isnan(value) ? 0 : value; }

// What the account spent and earned on each day, by the last numbers.
class Ledger {
 public:
  explicit Ledger(const Series& last) : last_(last) {
    const auto days = static_cast<std::size_t>(last.days());
    spend_.resize(days);
    goal_.resize(days);
    double value = 0;
    double orders = 0;
    for (std::size_t ad = 0; ad < last.rows(); ++ad) {
      value += or_zero(sum(ad, Metric::conversion_value, last.first(), last_day()));
      orders += or_zero(sum(ad, Metric::conversions, last.first(), last_day()));
    }
    by_value_ = value > 0;
    unit_ = by_value_ && orders > 0 ? kOrderUnits * value / orders : 1;
    for (std::size_t ad = 0; ad < last.rows(); ++ad) {
      for (std::size_t day = 0; day < days; ++day) {
        spend_[day] += spend_on(ad, day);
        goal_[day] += goal_on(ad, day);
      }
    }
  }

  bool by_value() const { return by_value_; }

  // What an ad spent and brought over some days, and what the rest would have brought for it.
  struct Course {
    double spend = 0;
    double brought = 0;
    double expected = 0;
  };

  Course course(std::size_t ad, Day first, Day until) const {
    Course course;
    const auto from = static_cast<std::size_t>((first - last_.first()).count());
    const auto to = static_cast<std::size_t>((until - last_.first()).count());
    for (std::size_t day = from; day <= to && day < spend_.size(); ++day) {
      const double own = spend_on(ad, day);
      const double others = spend_[day] - own;
      if (!(own > 0 && others > 1e-9 * spend_[day])) continue;
      const double goal = goal_on(ad, day);
      course.spend += own;
      course.brought += goal;
      course.expected += own * (goal_[day] - goal) / others;
    }
    return course;
  }

  void set_amounts(Firing& firing, double share, Day until) const {
    const Course after = course(firing.ad, firing.day, until);
    firing.freed = share * after.spend;
    firing.forgone = share * after.brought;
    firing.expected = share * after.expected;
  }

  void set_hindsight(Firing& firing, double share, Day until) const {
    const Course after = course(firing.ad, firing.day, until);
    if (share == 0 || after.spend <= 0) return;
    const double shape = 1 + std::max(0.0, after.brought) / unit_ / kPhi;
    const double weight = 1 + std::max(0.0, after.expected) / unit_ / kPhi;
    const bool more = reaches(shape, weight, kBeyondDoubt);
    const bool less = falls_short(shape, weight, kBeyondDoubt);
    if (more) firing.hindsight = share > 0 ? Hindsight::regret : Hindsight::right;
    if (less) firing.hindsight = share > 0 ? Hindsight::right : Hindsight::regret;
  }

  Day last_day() const { return last_.first() + Days(last_.days() - 1); }

 private:
  double sum(std::size_t ad, Metric metric, Day from, Day to) const {
    return last_.sum(ad, metric, from, to);
  }
  double cell(std::size_t ad, std::size_t day, Metric metric) const {
    const std::size_t slot = last_.slots().slot(metric);
    const Day at = last_.first() + Days(static_cast<std::int64_t>(day));
    return or_zero(last_.cells(ad, at)[slot]) / 1e6;
  }
  double spend_on(std::size_t ad, std::size_t day) const { return cell(ad, day, Metric::spend); }
  double goal_on(std::size_t ad, std::size_t day) const {
    return cell(ad, day, by_value_ ? Metric::conversion_value : Metric::conversions);
  }

  const Series& last_;
  std::vector<double> spend_;
  std::vector<double> goal_;
  bool by_value_ = false;
  double unit_ = 1;
};

// A rule with what it remembers while it is run over the past.
struct Runner {
  const Rule* rule = nullptr;
  RuleProgram program;
  Grouping grouping;
  std::optional<Series> sums;  // None for the level of ads.
  std::vector<Day> rests_until;
  std::vector<std::uint8_t> stopped;
  Backtest result;

  Runner(const Rule& own, const Past& past, const Series& ads)
      : rule(&own), program(own), grouping(group_by(past.ads(), own.level)) {
    if (own.level != RuleLevel::ad) {
      sums.emplace(ads.slots(), grouping.count, ads.first(), ads.days());
    }
    rests_until.resize(past.ads().size(), kNoDay);
    stopped.resize(past.ads().size(), 0);
    result.rule = own.name;
    result.hash = hash_of(own);
  }

  // The share of the ad's money that the rule takes away.
  double share() const {
    switch (rule->action) {
      case RuleAction::pause: return 1;
      case RuleAction::lower_budget: return rule->percent / 100;
      case RuleAction::raise_budget: return -rule->percent / 100;
      case RuleAction::notify:
      case RuleAction::revive: return 0;
    }
    return 0;
  }

  Days rest() const { return Days(std::max<std::int64_t>(1, (rule->cooldown_hours + 23) / 24)); }

  void look(const Series& ads, Day today, double target_cpa) {
    if (!looks_on(*rule, today)) return;
    const std::vector<Truth> truths =
        ask(*rule, program, {&ads, sums ? &*sums : &ads, &grouping}, today, target_cpa);
    for (std::size_t ad = 0; ad < truths.size(); ++ad) {
      if (stopped[ad] != 0 || ads.first_seen(ad) == kNoDay) continue;
      ++result.looks;
      if (truths[ad] == Truth::unknown) ++result.unknown;
      if (truths[ad] != Truth::yes || today < rests_until[ad]) continue;
      result.firings.push_back({.ad = ad, .day = today});
      rests_until[ad] = today + rest();
      if (rule->action == RuleAction::pause) stopped[ad] = 1;
    }
  }
};

// Brings a cell to its newest version, and the sums with it.
void learn_version(const Past& past, const Past::Version& version, Series& ads,
                   std::vector<Runner>& runners) {
  const std::span<const double> now = past.cells(version);
  const std::span<double> own = ads.cells(version.ad, version.day);
  ads.seen(version.ad, version.day);
  for (Runner& runner : runners) {
    if (!runner.sums) continue;
    const std::size_t row = runner.grouping.group[version.ad];
    runner.sums->seen(row, version.day);
    const std::span<double> sum = runner.sums->cells(row, version.day);
    for (std::size_t slot = 0; slot < own.size(); ++slot) {
      if (std::isnan(now[slot]) && std::isnan(own[slot])) continue;
      sum[slot] = or_zero(sum[slot]) + or_zero(now[slot]) - or_zero(own[slot]);
    }
  }
  std::ranges::copy(now, own.begin());
}

// Two-sided 95 % quantile of Student's t: P(|T| > t) = I_x(n/2, 1/2) at x = n/(n + t^2).
double student_95(double freedom) {
  const double x = learn::beta_quantile(freedom / 2, 0.5, 0.05);
  return std::sqrt(freedom * (1 - x) / x);
}

// Acts on one ad share its luck, so the sum's spread is that of ads, not of acts.
std::optional<Estimate> gain_of(const std::vector<Firing>& firings) {
  std::map<std::size_t, double> by_ad;
  for (const Firing& each : firings) by_ad[each.ad] += each.expected - each.forgone;
  const auto n = static_cast<double>(by_ad.size());
  if (by_ad.size() < 2) return std::nullopt;
  double mean = 0;
  for (const auto& [ad, gain] : by_ad) mean += gain / n;
  double squares = 0;
  for (const auto& [ad, gain] : by_ad) squares += (gain - mean) * (gain - mean);
  const double error = student_95(n - 1) * std::sqrt(squares / (n - 1) * n);
  return Estimate{n * mean, n * mean - error, n * mean + error, std::ssize(by_ad)};
}

// Jeffreys' interval.
std::optional<Estimate> share_of(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return std::nullopt;
  const learn::BetaPosterior belief =
      learn::rate_posterior({static_cast<double>(part), static_cast<double>(whole)}, {0.5, 0.5}, 1);
  const learn::Interval interval = learn::central_interval(belief, 0.95);
  return Estimate{static_cast<double>(part) / static_cast<double>(whole), interval.low,
                  interval.high, whole};
}

void close(Runner& runner, const Ledger& ledger) {
  Backtest& result = runner.result;
  std::vector<std::uint8_t> hit(runner.stopped.size(), 0);
  const double share = runner.share();
  for (Firing& firing : result.firings) {
    const bool for_good = runner.rule->action == RuleAction::pause;
    const Day judged_until = for_good
                                 ? ledger.last_day()
                                 : std::min(ledger.last_day(), firing.day + Days(kJudgeDays - 1));
    // A moved budget is counted until the rule may move it again, so no day is counted twice.
    const Day counted_until =
        for_good ? judged_until : std::min(judged_until, firing.day + runner.rest() - Days(1));
    ledger.set_amounts(firing, share, counted_until);
    ledger.set_hindsight(firing, share, judged_until);
    result.freed += firing.freed;
    if (hit[firing.ad] == 0) ++result.ads_hit;
    hit[firing.ad] = 1;
    if (firing.hindsight == Hindsight::right) ++result.right;
    if (firing.hindsight == Hindsight::regret) ++result.regrets;
  }
  result.by_value = ledger.by_value();
  if (share != 0) result.gain = gain_of(result.firings);
  result.regret_share = share_of(result.regrets, result.regrets + result.right);
}

}  // namespace

Past::Past(std::span<const Rule> rules, std::vector<Entity> ads) : ads_(std::move(ads)) {
  slots_.need(Metric::conversions);
  slots_.need(Metric::conversion_value);
  for (const Rule& rule : rules) {
    const RuleProgram program(rule);
    for (const Term& term : program.terms()) slots_.need(term);
  }
}

void Past::add(std::size_t ad, Day day, Day known, const Counts& counts) {
  RF_CHECK(ad < ads_.size());
  versions_.push_back({ad, day, known, cells_.size()});
  for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
    const std::optional<std::int64_t> count = counts.get(slots_.metric(slot));
    cells_.push_back(count ? static_cast<double>(*count) : kNotReported);
  }
  if (versions_.size() == 1) first_ = last_ = day;
  first_ = std::min(first_, day);
  last_ = std::max(last_, day);
}

std::vector<Past::Version> Past::in_order() const {
  std::vector<Version> ordered = versions_;
  std::ranges::stable_sort(ordered, {}, &Version::known);
  return ordered;
}

std::vector<Backtest> backtest(std::span<const Rule> rules, const Past& past, double target_cpa,
                               Day from) {
  std::vector<Backtest> results;
  if (past.empty()) return results;
  const Day first = past.first_day();
  const std::int64_t days = (past.last_day() - first).count() + 1;
  const std::size_t ads_count = past.ads().size();
  Series ads(past.slots(), ads_count, first, days);
  std::vector<Runner> runners;
  runners.reserve(rules.size());
  for (const Rule& rule : rules) runners.emplace_back(rule, past, ads);

  const std::vector<Past::Version> versions = past.in_order();
  std::size_t next = 0;
  const Day begin = std::max(first + Days(1), from);
  for (Day today = begin; today <= past.last_day() + Days(1); today += Days(1)) {
    for (; next < versions.size() && versions[next].known <= today; ++next) {
      learn_version(past, versions[next], ads, runners);
    }
    for (Runner& runner : runners) runner.look(ads, today, target_cpa);
  }
  for (; next < versions.size(); ++next) learn_version(past, versions[next], ads, runners);
  const Ledger ledger(ads);
  for (Runner& runner : runners) {
    runner.result.first = begin;
    runner.result.last = past.last_day() + Days(1);
    close(runner, ledger);
    results.push_back(std::move(runner.result));
  }
  return results;
}

}  // namespace rf::decide
