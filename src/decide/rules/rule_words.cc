#include <array>

#include <fmt/format.h>

#include "decide/rules/quantity.h"
#include "decide/rules/rule.h"
#include "decide/words.h"

namespace rf::decide {
namespace {

std::string words_of(const std::string& metric) {
  const std::optional<Quantity> quantity = find_quantity(metric);
  if (!quantity) return metric;
  std::string words(quantity->words);
  for (char& c : words) {
    if (c == '_') c = ' ';
  }
  return words;
}

std::string window(std::int64_t days, std::int64_t ago) {
  if (ago > 0) {
    return fmt::format("over {} {} up to {} {} before yesterday", days, days == 1 ? "day" : "days",
                       ago, ago == 1 ? "day" : "days");
  }
  return days == 1 ? "yesterday" : fmt::format("over the last {} days", days);
}

std::string_view words_of(Compare is) {
  switch (is) {
    case Compare::below: return "below";
    case Compare::at_most: return "at most";
    case Compare::above: return "above";
    case Compare::at_least: return "at least";
  }
  return "?";
}

std::string times_words(double times) {
  return times == 1 ? std::string() : fmt::format("{} times ", number(times));
}

std::string right_side(const Leaf& leaf) {
  const std::string times = times_words(leaf.times);
  switch (leaf.against()) {
    case Against::value: return number(*leaf.value * leaf.times);
    case Against::metric: {
      const std::int64_t days = leaf.versus_days.value_or(leaf.days);
      std::string text = fmt::format("{}its {}", times, words_of(*leaf.versus));
      if (days != leaf.days) text += fmt::format(" {}", window(days, leaf.ago));
      return text;
    }
    case Against::before:
      return fmt::format("{}what it was in the {} before", times,
                         leaf.days == 1 ? std::string("day") : fmt::format("{} days", leaf.days));
    case Against::percentile:
      return fmt::format("{}percentile {} of the account's ads", times, number(*leaf.percentile));
    case Against::target_cpa: return fmt::format("{}the target CPA", times);
  }
  return "?";
}

std::string joined(const Condition& condition, std::string_view word) {
  std::string text;
  for (const Condition& part : condition.parts) {
    if (!text.empty()) text += fmt::format(" {} ", word);
    const bool nested = part.join == Join::all || part.join == Join::any;
    text += nested ? fmt::format("({})", in_words(part)) : in_words(part);
  }
  return text;
}

void add_minimum(std::string& text, const std::optional<double>& least, std::string_view what) {
  if (!least) return;
  text += text.empty() ? "once it has at least " : " and ";
  text += fmt::format("{} {}", number(*least), what);
}

std::string minimum_words(const MinimumData& minimum) {
  std::string text;
  add_minimum(text, minimum.spend, "of spend");
  add_minimum(text, minimum.impressions, "impressions");
  add_minimum(text, minimum.clicks, "link clicks");
  add_minimum(text, minimum.conversions, "conversions");
  add_minimum(text, minimum.age_days, "days of age");
  return text;
}

std::string schedule_words(const Rule& rule) {
  if (rule.on.empty()) return "every day";
  std::string text = "on ";
  for (std::size_t i = 0; i < rule.on.size(); ++i) {
    if (i > 0) text += i + 1 == rule.on.size() ? " and " : ", ";
    text += name_of(rule.on[i]);
  }
  return text;
}

std::string action_words(const Rule& rule) {
  const std::string whom = rule.level == RuleLevel::ad ? "it" : "each running ad of it";
  switch (rule.action) {
    case RuleAction::pause: return fmt::format("pause {}", whom);
    case RuleAction::raise_budget:
      return fmt::format("raise the budget of {} by {} %", whom, number(rule.percent));
    case RuleAction::lower_budget:
      return fmt::format("lower the budget of {} by {} %", whom, number(rule.percent));
    case RuleAction::notify: return "say so, and change nothing";
    case RuleAction::revive: return fmt::format("let {} run again", whom);
  }
  return "?";
}

std::string_view level_words(RuleLevel level) {
  switch (level) {
    case RuleLevel::ad: return "each ad";
    case RuleLevel::adset: return "each ad set";
    case RuleLevel::campaign: return "each campaign";
    case RuleLevel::account: return "the account";
  }
  return "?";
}

}  // namespace

std::string in_words(const Condition& condition) {
  switch (condition.join) {
    case Join::all: return joined(condition, "and");
    case Join::any: return joined(condition, "or");
    case Join::negation: return fmt::format("not ({})", in_words(condition.parts.front()));
    case Join::leaf: break;
  }
  const Leaf& leaf = condition.leaf;
  const std::optional<Quantity> quantity = find_quantity(leaf.metric);
  const bool dateless = quantity && quantity->is_age;
  return fmt::format("{}{} is {} {}", words_of(leaf.metric),
                     dateless ? std::string() : fmt::format(" {}", window(leaf.days, leaf.ago)),
                     words_of(leaf.is), right_side(leaf));
}

std::string in_words(const Rule& rule) {
  std::string text =
      fmt::format("{}: {}, for {}", rule.name, schedule_words(rule), level_words(rule.level));
  if (rule.action == RuleAction::revive) text += " that does not run";
  const std::string minimum = minimum_words(rule.minimum);
  if (!minimum.empty()) text += fmt::format(", {}", minimum);
  text += fmt::format(", when {}: {}", in_words(rule.when), action_words(rule));
  if (rule.cooldown_hours > 0) {
    text += fmt::format("; then rest {} hours", rule.cooldown_hours);
  }
  return text;
}

}  // namespace rf::decide
