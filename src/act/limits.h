// What a person allows the program to do to an account: the whole of it, as one document.
//
// Without such a document nothing is changed. What a document leaves out keeps its default; the two
// caps without a default, `account_daily` and `change_raise_max`, must be set before anything is
// raised. Written as TOML or JSON:
//   level = "approve"
//   account_daily = { amount = "500", currency = "USD" }

#pragma once

#include <array>
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
#include "model/entity.h"
#include "model/json_codecs.h"
#include "model/money.h"

namespace rf::act {

// How much is left to the program, from nothing to everything within the caps.
enum class Autonomy : std::uint8_t {
  observe,  // It watches.
  propose,  // It says what it would do; a person does it elsewhere.
  approve,  // It does what a person approved.
  automatic,
};

// What is done to an account, as far as permission goes.
enum class Operation : std::uint8_t { stop, start, raise, lower };

// Hours of the account's own day, [from, to); where from > to the night is meant.
struct Hours {
  std::int64_t from = 0;
  std::int64_t to = 24;

  bool operator==(const Hours&) const = default;
};

// How many different people must approve what adds more than this to a day's spend.
struct Quorum {
  Money raise_above;
  std::int64_t people = 2;

  bool operator==(const Quorum&) const = default;
};

// What a platform's own learning bears, and how far it overspends. Shares of the budget before.
struct PlatformLimits {
  double raise_step = 0.20;
  double lower_step = 0.50;
  double raise_step_learning = 0;
  double lower_step_learning = 0;
  std::int64_t raise_cooldown_hours = 24;
  std::int64_t lower_cooldown_hours = 0;
  std::int64_t budget_writes_hour = 4;
  std::int64_t budget_writes_day = 24;
  double overspend = 0.75;

  bool operator==(const PlatformLimits&) const = default;
};

// Sources: overspend of Meta, "Daily budgets", Meta Business Help Centre, 2024-12 (up to 75 % over
// on a day); of Google, Google Ads Help 6312 (twice the budget on a day). Steps: conventions of
// practitioners, no platform names a number; TikTok asks to stay within 50 % and to wait.
// Write rates: Meta's limit of 4 budget changes an hour and ad set; TikTok's advice of one a day.
PlatformLimits default_limits(Platform platform);

struct Limits {
  Autonomy level = Autonomy::observe;
  std::map<std::string, Autonomy> levels;  // By policy: "kill", "increase_budget", "rule:NAME".
  Autonomy starts = Autonomy::approve;     // Where a policy begins that has no verdicts yet.
  std::optional<Money> account_daily;
  std::optional<Money> campaign_daily;
  std::map<std::string, Money> campaigns;  // By the platform's id.
  std::optional<Money> daily_budget_max;
  std::optional<Money> change_raise_max;
  std::optional<Money> day_raise_max;
  std::int64_t day_changes_max = 50;
  double paused_share_max = 0.25;
  std::vector<Operation> blocked;
  std::vector<Hours> hours;
  bool stops_at_any_hour = true;
  std::vector<Quorum> quorum;
  std::int64_t stale_hours = 36;
  double completeness_min = 0.98;
  double shrink_max = 0.20;
  std::int64_t settle_minutes = 15;
  std::map<std::string, PlatformLimits> platforms;  // By name; else the platform's defaults.

  bool operator==(const Limits&) const = default;
};

// Whether the document can be meant for this account: one currency everywhere, and it is the
// account's; hours of a day; known names.
// Errors: invalid, with the place.
Status check(const Limits& limits, const Account& account);

Autonomy level_for(const Limits& limits, std::string_view policy);

// The name under which a user's rule has a level of its own.
std::string rule_policy(std::string_view rule);

// Armed rules by name, each with the policy that does the same, "kill"; empty for one that only
// tells.
using RuleActions = std::map<std::string, std::string>;

// The policies that are not a user's rules.
inline constexpr auto kPolicies = std::to_array<std::string_view>(
    {"kill", "promote", "increase_budget", "decrease_budget", "revive"});

// The most that a policy may earn. A rule for which the limits name no level has that of what it
// does, so that a rule is no way around "kill may not".
Autonomy most_for(const Limits& limits, const std::string& policy, const RuleActions& rules);
PlatformLimits limits_on(const Limits& limits, Platform platform);

// What one object's campaign may spend a day, if anybody said.
std::optional<Money> campaign_cap(const Limits& limits, const std::string& campaign);

}  // namespace rf::act

namespace rf {

template <>
struct EnumNames<act::Autonomy> {
  static constexpr auto names = std::to_array<std::pair<act::Autonomy, std::string_view>>(
      {{act::Autonomy::observe, "observe"},
       {act::Autonomy::propose, "propose"},
       {act::Autonomy::approve, "approve"},
       {act::Autonomy::automatic, "auto"}});
};

template <>
struct EnumNames<act::Operation> {
  static constexpr auto names = std::to_array<std::pair<act::Operation, std::string_view>>(
      {{act::Operation::stop, "stop"},
       {act::Operation::start, "start"},
       {act::Operation::raise, "raise"},
       {act::Operation::lower, "lower"}});
};

template <>
struct Described<act::Hours> {
  static constexpr auto fields = std::tuple{
      field("from", &act::Hours::from, "first hour, in the account's zone", {.min = 0, .max = 23}),
      field("to", &act::Hours::to, "the hour it ends at", {.min = 1, .max = 24})};
};

template <>
struct Described<act::Quorum> {
  static constexpr auto fields =
      std::tuple{field("raise_above", &act::Quorum::raise_above,
                       "what adds more than this to a day's spend", {.required = true}),
                 field("people", &act::Quorum::people, "needs this many people's consent",
                       {.min = 1, .max = 20})};
};

template <>
struct Described<act::PlatformLimits> {
  using L = act::PlatformLimits;
  static constexpr auto fields = std::tuple{
      field("raise_step", &L::raise_step, "largest raise of a budget at once, as a share of it",
            {.min = 0, .max = 1}),
      field("lower_step", &L::lower_step, "largest cut of a budget at once, as a share of it",
            {.min = 0, .max = 1}),
      field("raise_step_learning", &L::raise_step_learning,
            "the same while the platform learns; 0: not at all", {.min = 0, .max = 1}),
      field("lower_step_learning", &L::lower_step_learning,
            "the same while the platform learns; 0: not at all; stops are always possible",
            {.min = 0, .max = 1}),
      field("raise_cooldown_hours", &L::raise_cooldown_hours,
            "no raise so soon after another change of the budget", {.min = 0, .max = 720}),
      field("lower_cooldown_hours", &L::lower_cooldown_hours,
            "no cut so soon after another change of the budget", {.min = 0, .max = 720}),
      field("budget_writes_hour", &L::budget_writes_hour, "budget changes of one object an hour",
            {.min = 1, .max = 100}),
      field("budget_writes_day", &L::budget_writes_day, "budget changes of one object in 24 hours",
            {.min = 1, .max = 1000}),
      field("overspend", &L::overspend,
            "how far the platform may go over a daily budget on a day, as a share of it",
            {.min = 0, .max = 10})};
};

template <>
struct Described<act::Limits> {
  using L = act::Limits;
  static constexpr auto fields = std::tuple{
      field(
          "level", &L::level,
          "observe: watch; propose: say what to do; approve: do what a person approved; auto: act "
          "within these limits"),
      field("levels", &L::levels, "another level for one policy: kill, rule:NAME, …"),
      field("starts", &L::starts,
            "where a policy without verdicts begins; level is the most that it may earn"),
      field("account_daily", &L::account_daily,
            "what all budgets together may spend on any day, overspending included; without it "
            "nothing is raised or started"),
      field("campaign_daily", &L::campaign_daily, "the same for each campaign"),
      field("campaigns", &L::campaigns, "the same for one campaign, by its id"),
      field("daily_budget_max", &L::daily_budget_max, "no budget is set above this"),
      field("change_raise_max", &L::change_raise_max,
            "the most that one change may add to a day's spend; without it nothing is raised or "
            "started"),
      field("day_raise_max", &L::day_raise_max,
            "how far all changes of one day may lift its highest possible spend above what was "
            "possible when it began"),
      field("day_changes_max", &L::day_changes_max, "changes in one day, undo and kill-all aside",
            {.min = 0, .max = 100000}),
      field("paused_share_max", &L::paused_share_max,
            "of the ads that ran when the day began, at most this share is stopped in it; one is "
            "always possible",
            {.min = 0, .max = 1}),
      field("blocked", &L::blocked, "what is never done: stop, start, raise, lower"),
      field("hours", &L::hours, "when changes may be made; empty: always"),
      field("stops_at_any_hour", &L::stops_at_any_hour,
            "ads are stopped and budgets cut outside "
            "the hours too"),
      field("quorum", &L::quorum, "how many people must approve large raises"),
      field("stale_hours", &L::stale_hours, "hold when the numbers are older than this",
            {.min = 1, .max = 720}),
      field("completeness_min", &L::completeness_min,
            "hold when less than this share of the numbers arrived", {.min = 0, .max = 1}),
      field("shrink_max", &L::shrink_max,
            "hold when the account lost more than this share of its ads since the last look",
            {.min = 0, .max = 1}),
      field("settle_minutes", &L::settle_minutes,
            "a change whose answer was lost may still take effect for so long",
            {.min = 1, .max = 1440}),
      field("platforms", &L::platforms, "steps and rests, by platform: meta, tiktok, google")};
};

}  // namespace rf
