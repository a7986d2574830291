// What an account's owner wants of the judgement: thresholds, how sure to be, how far to step.
//
// Thresholds are those of the notes; whether one is really crossed is left to the evidence. Written
// and read as JSON or TOML:
//   Policies policies = RF_TRY(from_json<Policies>(RF_TRY(parse_toml(text)), "policies"));

#pragma once

#include <cstdint>
#include <optional>
#include <tuple>

#include "base/described.h"

namespace rf::decide {

// When an ad is a loser.
struct KillPolicy {
  double delta = 0.05;
  double ctr_min = 0.005;
  double ctr_impressions = 1000;
  double cvr_min = 0.005;
  double cvr_clicks = 100;
  double cpa_multiple = 3;
  double cpa_conversions = 3;
  double roas_min = 0.5;
  double roas_spend = 100;
  double no_conversions_spend = 100;
  double group_share = 0.6;

  bool operator==(const KillPolicy&) const = default;
};

// When an ad is a winner.
struct PromotePolicy {
  double impressions = 1000;
  double confidence = 0.95;
  double lift = 0.20;
  double proven_lift = 0;
  double factor = 2;

  bool operator==(const PromotePolicy&) const = default;
};

// How money moves between ads that live.
struct BudgetPolicy {
  double confidence = 0.90;
  double min_spend = 50;
  double min_conversions = 5;
  double target_roas = 2.0;
  double loser_roas = 1.0;
  double scale_roas = 3.0;
  double min_budget = 10;
  double shift_max = 0.5;
  std::optional<double> total_daily;
  double step_meta = 0.20;
  double step_tiktok = 0.30;
  double step_other = 0.20;
  std::int64_t cooldown_hours = 48;

  bool operator==(const BudgetPolicy&) const = default;
};

// When an ad has worn out.
struct FatiguePolicy {
  double drop = 0.20;
  double delta = 0.01;

  bool operator==(const FatiguePolicy&) const = default;
};

struct Policies {
  std::optional<double> target_cpa;
  std::optional<double> amounts_for_cpa = 50;
  std::int64_t learning_hours = 24;
  std::int64_t settle_days = 3;
  std::int64_t tracking_days = 3;
  std::int64_t plan_hours = 24;
  KillPolicy kill;
  PromotePolicy promote;
  BudgetPolicy budget;
  FatiguePolicy fatigue;

  bool operator==(const Policies&) const = default;
};

}  // namespace rf::decide

namespace rf {

template <>
struct Described<decide::KillPolicy> {
  using P = decide::KillPolicy;
  static constexpr auto fields = std::tuple{
      field("delta", &P::delta,
            "chance that an ad which deserves no kill is ever killed, over all rules and looks",
            {.min = 1e-6, .max = 0.5}),
      field("ctr_min", &P::ctr_min, "low_ctr: clicks of impressions below this",
            {.min = 0, .max = 1}),
      field("ctr_impressions", &P::ctr_impressions, "low_ctr: not before this many impressions",
            {.min = 0}),
      field("cvr_min", &P::cvr_min, "low_cvr: conversions of clicks below this",
            {.min = 0, .max = 1}),
      field("cvr_clicks", &P::cvr_clicks, "low_cvr: not before this many clicks", {.min = 0}),
      field("cpa_multiple", &P::cpa_multiple, "high_cpa: CPA above this many times the target",
            {.min = 1, .max = 100}),
      field("cpa_conversions", &P::cpa_conversions,
            "high_cpa: not before this many conversions; without any it is no_conversions",
            {.min = 1}),
      field("roas_min", &P::roas_min, "negative_roas: value per spend below this", {.min = 0}),
      field("roas_spend", &P::roas_spend, "negative_roas: not before this spend", {.min = 0}),
      field("no_conversions_spend", &P::no_conversions_spend,
            "no_conversions: not before this spend; acts when the target CPA is ruled out",
            {.min = 0}),
      field(
          "group_share", &P::group_share,
          "underperforming: worse than the rest of its group beyond doubt, and shrunk to it still "
          "below this share of what it earns; an ad that pays is spared; 0 switches it off",
          {.min = 0, .max = 1})};
};

template <>
struct Described<decide::PromotePolicy> {
  using P = decide::PromotePolicy;
  static constexpr auto fields = std::tuple{
      field("impressions", &P::impressions, "not before this many impressions", {.min = 0}),
      field("confidence", &P::confidence,
            "of the ads promoted, at least this share shall truly beat their control",
            {.min = 0.5, .max = 0.999999}),
      field("lift", &P::lift, "the shrunk lift over the control must reach this",
            {.min = 0, .max = 10}),
      field("proven_lift", &P::proven_lift,
            "the lift over the control that must be beyond doubt; 0 asks that it is better at all",
            {.min = 0, .max = 10}),
      field("factor", &P::factor, "where the ramp ends, times the budget at its start",
            {.min = 1, .max = 10})};
};

template <>
struct Described<decide::BudgetPolicy> {
  using P = decide::BudgetPolicy;
  static constexpr auto fields = std::tuple{
      field("confidence", &P::confidence,
            "chance at which money moves; lower than for a kill, because it can move back",
            {.min = 0.5, .max = 0.999999}),
      field("min_spend", &P::min_spend, "learning: until this was spent", {.min = 0}),
      field("min_conversions", &P::min_conversions, "learning: until this many conversions",
            {.min = 0}),
      field("target_roas", &P::target_roas, "value per spend that satisfies", {.min = 0.01}),
      field("loser_roas", &P::loser_roas, "declining: below this", {.min = 0.01}),
      field("scale_roas", &P::scale_roas, "scaling: at or above this", {.min = 0.01}),
      field("min_budget", &P::min_budget, "nothing is lowered below this a day", {.min = 0}),
      field("shift_max", &P::shift_max,
            "largest change of one step, as a share; the platforms' steps below bound increases",
            {.min = 0, .max = 0.5}),
      field("total_daily", &P::total_daily,
            "what all ads together may spend a day, in the account's currency; null: what they "
            "spend now, and promotions ask for more",
            {.min = 0}),
      field("step_meta", &P::step_meta,
            "largest increase on Meta; a convention of practitioners, Meta names no number",
            {.min = 0, .max = 0.5}),
      field("step_tiktok", &P::step_tiktok,
            "largest increase on TikTok; a convention within the platform's advice of 50 %",
            {.min = 0, .max = 0.5}),
      field("step_other", &P::step_other, "largest increase elsewhere; a convention",
            {.min = 0, .max = 0.5}),
      field("cooldown_hours", &P::cooldown_hours, "rest after a step, for the platform to learn",
            {.min = 0, .max = 720})};
};

template <>
struct Described<decide::FatiguePolicy> {
  using P = decide::FatiguePolicy;
  static constexpr auto fields = std::tuple{
      field("drop", &P::drop, "CTR or hook rate lost against the seven days before",
            {.min = 0, .max = 1}),
      field("delta", &P::delta, "chance that an ad which did not fall is flagged at one look",
            {.min = 1e-6, .max = 0.5})};
};

template <>
struct Described<decide::Policies> {
  using P = decide::Policies;
  static constexpr auto fields = std::tuple{
      field("target_cpa", &P::target_cpa,
            "what a conversion may cost, in the account's currency; null: the account's own CPA",
            {.min = 1e-6}),
      field("amounts_for_cpa", &P::amounts_for_cpa,
            "the target CPA for which the amounts below are meant: they are scaled to the "
            "account's; null: they are taken as they stand",
            {.min = 1e-6}),
      field("learning_hours", &P::learning_hours, "no verdict on an ad younger than this",
            {.min = 0, .max = 720}),
      field("settle_days", &P::settle_days, "conversions of a day are judged after this many days",
            {.min = 0, .max = 14}),
      field("tracking_days", &P::tracking_days,
            "days without any conversion in the account that raise the tracking alarm",
            {.min = 1, .max = 7}),
      field("plan_hours", &P::plan_hours, "a plan expires after this", {.min = 1, .max = 720}),
      field("kill", &P::kill, "when an ad is a loser"),
      field("promote", &P::promote, "when an ad is a winner"),
      field("budget", &P::budget, "how money moves between ads that live"),
      field("fatigue", &P::fatigue, "when an ad has worn out")};
};

}  // namespace rf
