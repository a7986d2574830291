#include "decide/rules/ask.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "decide/rules/quantity.h"
#include "decide/words.h"

namespace rf::decide {
namespace {

// Any day will do for a case; its numbers are dated backwards from here.
constexpr Day kCaseDay{Days(20000)};

std::string key_of(const Entity& ad, RuleLevel level) {
  const auto either = [](const std::string& id, const std::string& name) {
    return id.empty() ? "~" + name : id;
  };
  std::string campaign = either(ad.campaign_id, ad.campaign_name);
  if (level == RuleLevel::campaign) return campaign;
  return either(ad.adset_id, ad.adset_name) + '\n' + (ad.adset_id.empty() ? campaign : "");
}

bool is_nameless(const Entity& ad, RuleLevel level) {
  if (level == RuleLevel::campaign) return ad.campaign_id.empty() && ad.campaign_name.empty();
  return ad.adset_id.empty() && ad.adset_name.empty();
}

bool rests_on_conversions(const Rule& rule) {
  return std::ranges::any_of(leaves_of(rule.when), [](const Leaf* leaf) {
    const std::optional<Quantity> left = find_quantity(leaf->metric);
    const std::optional<Quantity> right = leaf->versus ? find_quantity(*leaf->versus) : left;
    return (left && left->on_conversions) || (right && right->on_conversions);
  });
}

std::string number_text(double value) {
  if (std::isnan(value)) return "not known";
  return std::isinf(value) ? "without end" : number(value);
}

std::string numbers_text(const Leaf& leaf, const Term& term, double value) {
  std::string name(term.quantity.words);
  std::ranges::replace(name, '_', ' ');
  const std::string when = term.quantity.is_age ? "" : fmt::format(" of {} days", leaf.days);
  return fmt::format("{}{}{} {}", name, when,
                     leaf.ago > 0 ? fmt::format(" up to {} days ago", leaf.ago + 1) : "",
                     number_text(value));
}

Expect expect_of(Truth truth) {
  if (truth == Truth::yes) return Expect::acts;
  return truth == Truth::no ? Expect::rests : Expect::unknown;
}

void set_case_days(Series& series, std::size_t row,
                   const std::map<std::string, std::vector<double>>& days) {
  std::map<Day, Counts> by_day;
  for (const auto& [name, numbers] : days) {
    const Metric metric = *find_metric(name);
    const double scale = info_of(metric).unit == MetricUnit::count ? 1 : 1e6;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const Day day = kCaseDay - Days(static_cast<std::int64_t>(numbers.size() - i));
      by_day[day].set(metric, std::llround(numbers[i] * scale));
    }
  }
  for (const auto& [day, counts] : by_day) series.set(row, day, counts);
}

// The day's counts as the ad is judged by them; what the platform leaves empty where it counted
// nothing is nothing (see learn::beliefs()).
Counts judged_counts(const learn::AdDay& day, const Belief& belief) {
  Counts counts = day.counts;
  for (Metric metric : {Metric::conversions, Metric::conversion_value}) {
    if (belief.empty_is_none && !counts.has(metric)) counts.set(metric, 0);
  }
  return counts;
}

// Rows of the history by the ad they are of, in the setting it is judged by.
Series series_of(const MetricSlots& slots, const learn::History& history,
                 std::span<const Belief> beliefs, Day today, std::int64_t reach) {
  std::unordered_map<std::string_view, std::size_t> rows;
  for (std::size_t i = 0; i < beliefs.size(); ++i) rows[beliefs[i].id.text] = i;
  Series series(slots, beliefs.size(), today - Days(reach), reach);
  for (const learn::AdDay& day : history.days) {
    const auto found = rows.find(day.id.text);
    if (found == rows.end() || day.day >= today) continue;
    const Belief& belief = beliefs[found->second];
    const bool is_judged =
        day.attribution == belief.attribution && day.conversion_event == belief.conversion_event;
    if (is_judged) series.set(found->second, day.day, judged_counts(day, belief));
  }
  for (std::size_t i = 0; i < beliefs.size(); ++i) {
    if (beliefs[i].first_day != kNoDay) series.seen(i, beliefs[i].first_day);
  }
  return series;
}

RuleFinding finding_of(const Rule& rule, const Belief& belief, const Series& sums, std::size_t row,
                       Day today) {
  return {.entity = belief.id.text,
          .rule = rule.name,
          .action = rule.action,
          .percent = rule.percent,
          .on_conversions = rests_on_conversions(rule),
          .text = fmt::format("your rule {}; now {}", in_words(rule),
                              numbers_of(rule, sums, row, today))};
}

// One for each ad that the rule acts on.
template <typename FindingOf>
void add_findings(std::vector<RuleFinding>& to, std::span<const Truth> truths,
                  const FindingOf& finding_of_ad) {
  for (std::size_t ad = 0; ad < truths.size(); ++ad) {
    if (truths[ad] == Truth::yes) to.push_back(finding_of_ad(ad));
  }
}

}  // namespace

Grouping group_by(std::span<const Entity> ads, RuleLevel level) {
  Grouping grouping;
  grouping.group.reserve(ads.size());
  std::map<std::string, std::size_t> known;
  for (const Entity& ad : ads) {
    if (level == RuleLevel::account) {
      grouping.group.push_back(0);
      grouping.count = 1;
    } else if (level == RuleLevel::ad || is_nameless(ad, level)) {
      grouping.group.push_back(grouping.count++);
    } else {
      const auto [at, is_new] = known.try_emplace(key_of(ad, level), grouping.count);
      if (is_new) ++grouping.count;
      grouping.group.push_back(at->second);
    }
  }
  return grouping;
}

Series summed(const Series& ads, const Grouping& grouping) {
  RF_CHECK(grouping.group.size() == ads.rows());
  Series sums(ads.slots(), grouping.count, ads.first(), ads.days());
  for (std::size_t ad = 0; ad < ads.rows(); ++ad) {
    const std::size_t row = grouping.group[ad];
    if (ads.first_seen(ad) != kNoDay) sums.seen(row, ads.first_seen(ad));
    for (Day day = ads.first(); day < ads.first() + Days(ads.days()); day += Days(1)) {
      sums.add(row, day, ads.cells(ad, day));
    }
  }
  return sums;
}

std::vector<Truth> ask(const Rule& rule, const RuleProgram& program, const Ground& ground,
                       Day today, double target_cpa) {
  const Series& ads = *ground.ads;
  std::vector<Truth> of_sums(ground.sums->rows());
  program.run(ground.sums->columns(program.terms(), today), target_cpa, of_sums);
  std::vector<Truth> truths(ads.rows(), Truth::no);
  const bool wants_running = rule.action != RuleAction::revive;
  for (std::size_t ad = 0; ad < ads.rows(); ++ad) {
    if (ads.runs(ad, today) == wants_running) truths[ad] = of_sums[ground.grouping->group[ad]];
  }
  return truths;
}

bool looks_on(const Rule& rule, Day today) {
  if (rule.on.empty()) return true;
  // Day 0 is a Thursday; enumerators count from Monday.
  const std::int64_t since_monday = (today.time_since_epoch().count() % 7 + 7 + 3) % 7;
  return std::ranges::any_of(
      rule.on, [&](Weekday day) { return static_cast<std::int64_t>(day) == since_monday; });
}

std::string numbers_of(const Rule& rule, const Series& sums, std::size_t row, Day today) {
  std::string text;
  for (const Leaf* leaf : leaves_of(rule.when)) {
    const Term term{*find_quantity(leaf->metric), leaf->days, leaf->ago};
    if (!text.empty()) text += ", ";
    text += numbers_text(*leaf, term, sums.value(row, term, today));
  }
  return text;
}

std::vector<RuleFinding> findings(std::span<const Rule> rules, const learn::History& history,
                                  std::span<const Belief> beliefs, Day today, double target_cpa) {
  if (rules.empty() || beliefs.empty()) return {};
  MetricSlots slots;
  std::int64_t reach = kStillDays;
  std::vector<RuleProgram> programs;
  programs.reserve(rules.size());
  for (const Rule& rule : rules) {
    programs.emplace_back(rule);
    for (const Term& term : programs.back().terms()) slots.need(term);
    reach = std::max(reach, reach_of(rule));
  }
  std::vector<Entity> entities;
  entities.reserve(beliefs.size());
  for (const Belief& belief : beliefs) entities.push_back(belief.entity);
  const Series ads = series_of(slots, history, beliefs, today, reach);
  std::vector<RuleFinding> found;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (!looks_on(rules[i], today)) continue;
    const Grouping grouping = group_by(entities, rules[i].level);
    const Series sums = rules[i].level == RuleLevel::ad ? ads : summed(ads, grouping);
    const std::vector<Truth> truths =
        ask(rules[i], programs[i], {&ads, &sums, &grouping}, today, target_cpa);
    add_findings(found, truths, [&](std::size_t ad) {
      return finding_of(rules[i], beliefs[ad], sums, grouping.group[ad], today);
    });
  }
  return found;
}

std::vector<CaseResult> test_cases(const Rule& rule) {
  const RuleProgram program(rule);
  std::vector<CaseResult> results;
  results.reserve(rule.cases.size());
  for (const RuleCase& each : rule.cases) {
    MetricSlots slots;
    for (const Term& term : program.terms()) slots.need(term);
    auto longest = static_cast<std::size_t>(reach_of(rule));
    for (const auto& [name, numbers] : each.days) longest = std::max(longest, numbers.size());
    const auto days = static_cast<std::int64_t>(longest);
    Series series(slots, 1 + each.others.size(), kCaseDay - Days(days), days);
    set_case_days(series, 0, each.days);
    for (std::size_t i = 0; i < each.others.size(); ++i) {
      set_case_days(series, i + 1, each.others[i]);
    }
    std::vector<Truth> truths(series.rows());
    program.run(series.columns(program.terms(), kCaseDay),
                each.target_cpa.value_or(std::numeric_limits<double>::quiet_NaN()), truths);
    results.push_back({.rule = rule.name,
                       .name = each.name,
                       .expected = each.expect,
                       .found = expect_of(truths.front()),
                       .numbers = numbers_of(rule, series, 0, kCaseDay)});
  }
  return results;
}

}  // namespace rf::decide
