// A user's own rule as data: when, on which ads, what to do, how long to rest.
//
// Written as TOML or JSON; doc/rules.md describes every field:
//   std::vector<Rule> rules = RF_TRY(read_rules(RF_TRY(parse_toml(text)), "stop_loss.toml"));
//
// A condition asks of numbers, so it can be unknown where they were not reported. Unknown passes
// through all, any and not as in Kleene's logic, and a rule acts only on true.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/described.h"
#include "base/result.h"

namespace rf::decide {

enum class Compare : std::uint8_t { below, at_most, above, at_least };

// What the left side of a condition is compared with.
enum class Against : std::uint8_t {
  value,       // A number.
  metric,      // Another metric of the same ad.
  before,      // The same metric in the window of the same length before.
  percentile,  // The same metric of all ads of the account that run, at this percentile.
  target_cpa,  // What a conversion may cost: the policy's, else the account's own.
};

// One comparison. Exactly one of value, metric, before, percentile and target_cpa is its right
// side.
struct Leaf {
  std::string metric;
  std::int64_t days = 7;
  std::int64_t ago = 0;
  Compare is = Compare::below;
  std::optional<double> value;
  std::optional<std::string> versus;
  std::optional<std::int64_t> versus_days;
  bool before = false;
  std::optional<double> percentile;
  bool target_cpa = false;
  double times = 1;

  Against against() const;
  bool operator==(const Leaf&) const = default;
};

enum class Join : std::uint8_t { leaf, all, any, negation };

struct Condition {
  Join join = Join::leaf;
  Leaf leaf;                     // Of a leaf.
  std::vector<Condition> parts;  // Of all and any; the one of a negation.

  bool operator==(const Condition&) const = default;
};

enum class RuleAction : std::uint8_t { pause, raise_budget, lower_budget, notify, revive };

// What is summed before the rule asks: an ad, or everything of its ad set, campaign or account. The
// action is taken on each running ad of it.
enum class RuleLevel : std::uint8_t { ad, adset, campaign, account };

enum class Weekday : std::uint8_t {
  monday,
  tuesday,
  wednesday,
  thursday,
  friday,
  saturday,
  sunday
};

// The least that must have been counted in the rule's longest window. Not reported is not enough.
struct MinimumData {
  std::optional<double> spend;
  std::optional<double> impressions;
  std::optional<double> clicks;
  std::optional<double> conversions;
  std::optional<double> age_days;

  bool operator==(const MinimumData&) const = default;
};

// What a case expects. `acts`: the condition is true; `rests`: false; `unknown`: cannot be told.
enum class Expect : std::uint8_t { acts, rests, unknown };

// A unit case: days of an ad, the last number of each list is yesterday's.
struct RuleCase {
  std::string name;
  Expect expect = Expect::acts;
  std::map<std::string, std::vector<double>> days;
  std::vector<std::map<std::string, std::vector<double>>> others;  // Ads beside it.
  std::optional<double> target_cpa;

  bool operator==(const RuleCase&) const = default;
};

struct Rule {
  std::string name;
  std::string about;
  RuleLevel level = RuleLevel::ad;
  std::vector<Weekday> on;  // Empty: every day.
  Condition when;
  MinimumData minimum;
  RuleAction action = RuleAction::notify;
  double percent = 20;
  std::int64_t cooldown_hours = 48;
  std::vector<RuleCase> cases;

  bool operator==(const Rule&) const = default;
};

struct RuleFile {
  std::vector<Rule> rules;
};

// Checked: names are unique and can be typed, every metric is known, every condition has one right
// side. One rule may stand alone in a file, without [[rules]].
// Errors: invalid, with the path of what is wrong.
Result<std::vector<Rule>> read_rules(const Json& json, std::string_view path);

// SHA-256 of everything that decides what the rule does: its cases and its prose are left out.
std::string hash_of(const Rule& rule);

// How far back the rule looks, in days before today.
std::int64_t reach_of(const Rule& rule);

// What a reader should know of a rule that is formally right: young days whose conversions are
// still arriving, percentiles in a group of one, a window that no export holds.
std::vector<std::string> doubts_of(const Rule& rule, std::int64_t settle_days);

// Every comparison of the condition, in order.
std::vector<const Leaf*> leaves_of(const Condition& condition);

// "stop-loss: every day, for each ad: when (ROAS over the last 7 days is below 1) and …: pause it".
std::string in_words(const Rule& rule);
std::string in_words(const Condition& condition);

}  // namespace rf::decide

namespace rf {

template <>
struct EnumNames<decide::Compare> {
  using E = decide::Compare;
  static constexpr auto names =
      std::to_array<std::pair<E, std::string_view>>({{E::below, "below"},
                                                     {E::at_most, "at_most"},
                                                     {E::above, "above"},
                                                     {E::at_least, "at_least"}});
};

template <>
struct EnumNames<decide::RuleAction> {
  using E = decide::RuleAction;
  static constexpr auto names =
      std::to_array<std::pair<E, std::string_view>>({{E::pause, "pause"},
                                                     {E::raise_budget, "raise_budget"},
                                                     {E::lower_budget, "lower_budget"},
                                                     {E::notify, "notify"},
                                                     {E::revive, "revive"}});
};

template <>
struct EnumNames<decide::RuleLevel> {
  using E = decide::RuleLevel;
  static constexpr auto names = std::to_array<std::pair<E, std::string_view>>(
      {{E::ad, "ad"}, {E::adset, "adset"}, {E::campaign, "campaign"}, {E::account, "account"}});
};

template <>
struct EnumNames<decide::Weekday> {
  using E = decide::Weekday;
  static constexpr auto names =
      std::to_array<std::pair<E, std::string_view>>({{E::monday, "monday"},
                                                     {E::tuesday, "tuesday"},
                                                     {E::wednesday, "wednesday"},
                                                     {E::thursday, "thursday"},
                                                     {E::friday, "friday"},
                                                     {E::saturday, "saturday"},
                                                     {E::sunday, "sunday"}});
};

template <>
struct EnumNames<decide::Expect> {
  using E = decide::Expect;
  static constexpr auto names = std::to_array<std::pair<E, std::string_view>>(
      {{E::acts, "acts"}, {E::rests, "rests"}, {E::unknown, "unknown"}});
};

template <>
struct Described<decide::Leaf> {
  using L = decide::Leaf;
  static constexpr auto fields = std::tuple{
      field("metric", &L::metric, "a count, or a rate that is derived from counts",
            {.required = true}),
      field("days", &L::days, "the window: so many closed days", {.min = 1, .max = 365}),
      field("ago", &L::ago, "how many days before yesterday the window ends",
            {.min = 0, .max = 365}),
      field("is", &L::is, "below, at_most, above or at_least", {.required = true}),
      field("value", &L::value, "compare with this number; amounts in the account's currency"),
      field("versus", &L::versus, "compare with this metric of the same ad"),
      field("versus_days", &L::versus_days, "the window of versus; that of metric if left out",
            {.min = 1, .max = 365}),
      field("before", &L::before, "compare with the same metric in the window just before"),
      field("percentile", &L::percentile, "compare with this percentile of the account's ads",
            {.min = 0, .max = 100}),
      field("target_cpa", &L::target_cpa, "compare with what a conversion may cost"),
      field("times", &L::times, "the right side is multiplied by this", {.min = 0, .max = 1e6})};
};

// Read and written by hand, because a condition holds conditions: {"all": […]}, {"any": […]},
// {"not": …}, or the fields of a comparison.
template <>
struct JsonCodec<decide::Condition> {
  static Json write(const decide::Condition& condition);
  static Result<decide::Condition> read(const Json& json, std::string_view path);
  static JsonObject schema();
};

template <>
struct Described<decide::MinimumData> {
  using M = decide::MinimumData;
  static constexpr auto fields =
      std::tuple{field("spend", &M::spend, "in the account's currency", {.min = 0}),
                 field("impressions", &M::impressions, "so many", {.min = 0}),
                 field("clicks", &M::clicks, "link clicks", {.min = 0}),
                 field("conversions", &M::conversions, "so many", {.min = 0}),
                 field("age_days", &M::age_days, "closed days since the ad's first", {.min = 0})};
};

template <>
struct Described<decide::RuleCase> {
  using C = decide::RuleCase;
  static constexpr auto fields = std::tuple{
      field("name", &C::name, "what the case shows", {.required = true}),
      field("expect", &C::expect, "acts, rests or unknown", {.required = true}),
      field("days", &C::days, "for each count a list by day, yesterday last", {.required = true}),
      field("others", &C::others, "the same for other ads of the account"),
      field("target_cpa", &C::target_cpa, "what a conversion may cost", {.min = 1e-6})};
};

template <>
struct Described<decide::Rule> {
  using R = decide::Rule;
  static constexpr auto fields = std::tuple{
      field("name", &R::name, "lower case, digits and dashes", {.required = true}),
      field("about", &R::about, "why, for people"),
      field("level", &R::level, "whose numbers: ad, adset, campaign or account"),
      field("on", &R::on, "the weekdays on which it looks; every day if left out"),
      field("when", &R::when, "the condition", {.required = true}),
      field("minimum", &R::minimum, "the least that must have been counted"),
      field("action", &R::action, "pause, raise_budget, lower_budget, notify or revive",
            {.required = true}),
      field("percent", &R::percent, "by how much a budget is moved", {.min = 1, .max = 100}),
      field("cooldown_hours", &R::cooldown_hours, "rest of an ad after the rule acted on it",
            {.min = 0, .max = 8760}),
      field("cases", &R::cases, "examples that `rules test` checks")};
};

template <>
struct Described<decide::RuleFile> {
  static constexpr auto fields =
      std::tuple{field("rules", &decide::RuleFile::rules, "the rules", {.required = true})};
};

}  // namespace rf
