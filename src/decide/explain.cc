#include "decide/explain.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/check.h"
#include "decide/words.h"
#include "learn/beliefs.h"
#include "learn/wealth.h"

namespace rf::decide {
namespace {

// A bet's wealth as a confidence that holds at any number of looks.
double confidence_of(double wealth) { return std::max(0.0, 1 - 1 / wealth); }

double wealth_of(const KillClaim& claim) {
  if (!claim.crossed()) return 0;
  return learn::wealth_below(claim.events / claim.phi, claim.expected / claim.phi);
}

double per_kill(const Limits& limits) { return 1 - 1 / limits.kill_wealth; }

std::string target_text(const Judged& judged) {
  const Limits& limits = judged.limits;
  std::string text = "the target CPA of " + money(limits.target_cpa, judged.currency);
  if (limits.target_is_derived) text += " (the account's own CPA: no target was given)";
  return text;
}

std::string clicks_word(const Belief& belief) {
  return belief.clicks == Metric::link_clicks ? "link clicks" : "clicks (all)";
}

// The evidence of one kill rule, met or not.
Evidence kill_evidence(const Judged& judged, const KillClaim& claim) {
  const Belief& belief = *judged.belief;
  const KillPolicy& policy = judged.limits.policies.kill;
  Evidence row;
  switch (claim.reason) {
    case Reason::no_conversions:
      row.name = "conversions";
      row.claim = "CPA is above " + target_text(judged) + ", with no conversion yet";
      row.threshold = judged.limits.target_cpa;
      if (belief.sales) row.estimate = learn::inverse_estimate(*belief.sales);
      break;
    case Reason::negative_roas:
      row.name = "roas";
      row.claim = fmt::format("ROAS is below {}", number(policy.roas_min));
      row.threshold = policy.roas_min;
      if (belief.roas) row.estimate = learn::estimate(*belief.roas);
      break;
    case Reason::high_cpa:
      row.name = "cpa";
      row.threshold = policy.cpa_multiple * judged.limits.target_cpa;
      row.claim =
          fmt::format("CPA is above {} times {}", number(policy.cpa_multiple), target_text(judged));
      if (belief.sales) row.estimate = learn::inverse_estimate(*belief.sales);
      break;
    case Reason::low_cvr:
      row.name = "cvr";
      row.claim = fmt::format("conversions of {} are below {}", clicks_word(belief),
                              percent(policy.cvr_min));
      row.threshold = policy.cvr_min;
      if (belief.cvr) row.estimate = learn::estimate(*belief.cvr);
      break;
    default:
      row.name = "ctr";
      row.claim = fmt::format("CTR ({} of impressions) is below {}", clicks_word(belief),
                              percent(policy.ctr_min));
      row.threshold = policy.ctr_min;
      if (belief.ctr) row.estimate = learn::estimate(*belief.ctr);
      break;
  }
  if (claim.ready) row.probability = confidence_of(wealth_of(claim));
  row.required = per_kill(judged.limits);
  row.met = is_established(claim, judged.limits.kill_wealth);
  return row;
}

bool says_something(const KillClaim& claim) { return claim.ready && claim.expected > 0; }

std::string_view name_of_goal(Goal goal) {
  switch (goal) {
    case Goal::roas: return "roas";
    case Goal::sales: return "conversions_per_spend";
    case Goal::ctr: return "ctr";
    case Goal::none: break;
  }
  return "none";
}

std::string_view words_of_goal(Goal goal) {
  switch (goal) {
    case Goal::roas: return "value per spend";
    case Goal::sales: return "conversions per spend";
    case Goal::ctr: return "CTR (no conversions are reported)";
    case Goal::none: break;
  }
  return "nothing";
}

const std::optional<RateBelief>& rate_of_goal(const Belief& belief, Goal goal) {
  if (goal == Goal::roas) return belief.roas;
  return goal == Goal::sales ? belief.sales : belief.ctr;
}

double comparison_wealth(const Comparison& both, double lift) {
  return learn::wealth_above({both.events / both.phi, both.exposure / both.phi},
                             {both.control_events / both.phi, both.control_exposure / both.phi},
                             lift);
}

void add_promote_evidence(const Judged& judged, std::vector<Evidence>& rows) {
  const Comparison both = compare(judged.ad, judged.group);
  const PromotePolicy& policy = judged.limits.policies.promote;
  if (both.goal == Goal::none) return;
  const std::optional<RateBelief>& rate = rate_of_goal(*judged.belief, both.goal);
  if (!rate) return;
  const Estimate lift = learn::lift_estimate(*rate);
  Evidence proof;
  proof.name = name_of_goal(both.goal);
  proof.claim = fmt::format("{} beats the rest of its group{}", words_of_goal(both.goal),
                            policy.proven_lift > 0 ? " by " + percent(policy.proven_lift) : "");
  proof.estimate = lift;
  proof.threshold = policy.proven_lift;
  proof.probability = confidence_of(comparison_wealth(both, policy.proven_lift));
  proof.required = 1 - 1 / judged.promote_wealth_needed;
  proof.met = *proof.probability >= *proof.required;
  rows.push_back(std::move(proof));

  Evidence size;
  size.name = "lift";
  size.claim = "the lift, shrunk toward the group, is at least " + percent(policy.lift);
  size.estimate = lift;
  size.threshold = policy.lift;
  size.probability = learn::chance_of_lift(*rate, policy.lift);
  size.met = both.shrunk_lift >= policy.lift;
  rows.push_back(std::move(size));
}

// The posterior chance that the ad earns below `bound`.
double chance_below(const Earning& earns, double bound) {
  RateBelief rate;
  rate.kind = RateKind::per_spend;
  rate.events = 0;
  rate.exposure = 0;
  rate.prior_events = earns.shape;
  rate.prior_exposure = earns.weight;
  return 1 - learn::chance_above(rate, bound);
}

Evidence earning_evidence(const Judged& judged, const Earning& earns, bool scale) {
  const BudgetPolicy& policy = judged.limits.policies.budget;
  const Belief& belief = *judged.belief;
  const double bound = scale ? earns.scale_at : earns.lose_at;
  Evidence row;
  if (earns.goal == Goal::roas) {
    row.name = "roas";
    row.claim = fmt::format("ROAS is {} {}", scale ? "at least" : "below", number(bound));
    row.threshold = bound;
    if (belief.roas) row.estimate = learn::estimate(*belief.roas);
  } else {
    row.name = "cpa";
    row.claim =
        fmt::format("CPA is {} {}", scale ? "at most" : "above", money(1 / bound, judged.currency));
    row.threshold = 1 / bound;
    if (belief.sales) row.estimate = learn::inverse_estimate(*belief.sales);
  }
  const double below = chance_below(earns, bound);
  row.probability = scale ? 1 - below : below;
  row.required = policy.confidence;
  row.met = *row.probability >= *row.required;
  return row;
}

struct Fall {
  double events = 0;
  double exposure = 0;
  double before_events = 0;
  double before_exposure = 0;
  double phi = 1;

  bool known() const {
    return exposure > 0 && before_exposure > 0 && before_events > 0 && events >= 0;
  }
  double change() const { return events / exposure / (before_events / before_exposure) - 1; }
  double wealth() const {
    return learn::wealth_above({before_events / phi, before_exposure / phi},
                               {events / phi, exposure / phi}, 0);
  }
};

std::optional<Evidence> fall_evidence(const Judged& judged, const Fall& fall,
                                      std::string_view name) {
  if (!fall.known()) return std::nullopt;
  const FatiguePolicy& policy = judged.limits.policies.fatigue;
  Evidence row;
  row.name = name;
  row.claim = fmt::format("{} changed by {} against the seven days before; worn out from -{} on",
                          name == "ctr" ? "CTR" : "hook rate", percent(fall.change()),
                          percent(policy.drop));
  row.threshold = -policy.drop;
  row.probability = confidence_of(fall.wealth());
  row.required = 1 - policy.delta;
  row.met = fall.change() <= -policy.drop && *row.probability >= *row.required;
  return row;
}

std::vector<Evidence> all_evidence(const Judged& judged) {
  std::vector<Evidence> rows;
  for (const KillClaim& claim : kill_claims(judged.ad, judged.group, judged.limits)) {
    if (says_something(claim)) rows.push_back(kill_evidence(judged, claim));
  }
  add_promote_evidence(judged, rows);
  const Earning earns = earning(judged.ad, judged.group, judged.limits);
  if (earns.goal != Goal::none) {
    rows.push_back(earning_evidence(judged, earns, true));
    rows.push_back(earning_evidence(judged, earns, false));
  }
  std::optional<Evidence> fall = fatigue_evidence(judged);
  if (fall) rows.push_back(*std::move(fall));
  return rows;
}

const KillClaim& claim_for(const std::array<KillClaim, kKillRules>& claims, Reason reason) {
  const auto* found = std::ranges::find(claims, reason, &KillClaim::reason);
  RF_CHECK(found != claims.end());
  return *found;
}

// What was counted and what the threshold promised, for a claim.
std::string counted(const Judged& judged, const KillClaim& claim) {
  const Case& ad = judged.ad;
  const Currency currency = judged.currency;
  switch (claim.reason) {
    case Reason::no_conversions:
      return fmt::format("no conversion for {}; at {} there would be {}",
                         money(ad.settled_spend, currency), target_text(judged),
                         number(claim.expected));
    case Reason::negative_roas:
      return fmt::format(
          "ROAS {} on {}, against at least {}", number(ad.arrived_value / ad.settled_spend),
          money(ad.settled_spend, currency), number(judged.limits.policies.kill.roas_min));
    case Reason::high_cpa:
      return fmt::format("{} conversions for {}, {} each, against {} times {}",
                         number(claim.events), money(ad.settled_spend, currency),
                         money(ad.settled_spend / claim.events, currency),
                         number(judged.limits.policies.kill.cpa_multiple), target_text(judged));
    case Reason::low_cvr:
      return fmt::format("{} conversions of {} {}, {}, against at least {}", number(claim.events),
                         number(ad.settled_clicks), clicks_word(*judged.belief),
                         percent(claim.events / ad.settled_clicks),
                         percent(judged.limits.policies.kill.cvr_min));
    default:
      return fmt::format("{} {} of {} impressions, {}, against at least {}", number(claim.events),
                         clicks_word(*judged.belief), number(ad.impressions),
                         percent(claim.events / ad.impressions),
                         percent(judged.limits.policies.kill.ctr_min));
  }
}

// The crossed claim that is nearest to being settled.
const KillClaim* nearest(const std::array<KillClaim, kKillRules>& claims, const Limits& limits,
                         const Case& ad) {
  const KillClaim* best = nullptr;
  double most = -1;
  for (const KillClaim& claim : claims) {
    const bool on_clicks = claim.reason == Reason::low_ctr || claim.reason == Reason::low_cvr;
    if (!claim.crossed() || (on_clicks && pays(ad, limits))) continue;
    const double wealth = wealth_of(claim);
    if (wealth <= most) continue;
    most = wealth;
    best = &claim;
  }
  return best;
}

double running_days(const Belief& belief) {
  return static_cast<double>(
      std::clamp<std::int64_t>(belief.age_days.value_or(0), 1, learn::kWindow.count()));
}

// How many units of the claim's exposure a promised event takes, and their daily pace.
struct Pace {
  std::string_view metric;
  double per_event = 0;
  std::optional<double> per_day;
};

std::optional<double> daily(const Belief& belief, Metric metric) {
  if (!belief.dated || !belief.recent.has(metric)) return std::nullopt;
  const double rate = as_number(metric, belief.recent.or_zero(metric)) / running_days(belief);
  return rate > 0 ? std::optional(rate) : std::nullopt;
}

Pace pace_of(const Judged& judged, const KillClaim& claim) {
  const Belief& belief = *judged.belief;
  const double expected = claim.expected;
  if (claim.reason == Reason::low_ctr) {
    return {"impressions", judged.ad.impressions / expected, daily(belief, Metric::impressions)};
  }
  if (claim.reason == Reason::low_cvr) {
    return {"clicks", judged.ad.settled_clicks / expected, daily(belief, belief.clicks)};
  }
  return {"spend", judged.ad.settled_spend / expected, daily(belief, Metric::spend)};
}

Need need_of(std::string_view metric, double more, std::optional<double> per_day,
             Currency currency) {
  Need need;
  need.metric = metric;
  need.more = metric == "spend" ? more : std::ceil(more);
  const std::string amount =
      metric == "spend" ? money(more, currency) + " more spend"
                        : grouped(std::llround(need.more)) + " more " + std::string(metric);
  need.text = "need " + amount;
  if (per_day && *per_day > 0) {
    need.days = more / *per_day;
    need.text += ", " + about_days(*need.days);
  }
  return need;
}

std::optional<Need> need_for_claim(const Judged& judged, const KillClaim& claim) {
  const double share = claim.events / claim.expected;
  const double settled = learn::expected_to_settle(share, judged.limits.kill_wealth) * claim.phi;
  if (!std::isfinite(settled)) return std::nullopt;
  const Pace pace = pace_of(judged, claim);
  return need_of(pace.metric, std::max(settled - claim.expected, 0.0) * pace.per_event,
                 pace.per_day, judged.currency);
}

std::optional<Need> need_to_learn(const Judged& judged) {
  const Case& ad = judged.ad;
  const Belief& belief = *judged.belief;
  const BudgetPolicy& budget = judged.limits.policies.budget;
  if (ad.spend < budget.min_spend) {
    return need_of("spend", budget.min_spend - ad.spend, daily(belief, Metric::spend),
                   judged.currency);
  }
  if (ad.arrived_conversions < budget.min_conversions) {
    return need_of("conversions", budget.min_conversions - ad.arrived_conversions,
                   daily(belief, Metric::conversions), judged.currency);
  }
  const double impressions = judged.limits.policies.promote.impressions;
  if (ad.impressions < impressions) {
    return need_of("impressions", impressions - ad.impressions, daily(belief, Metric::impressions),
                   judged.currency);
  }
  if (!is_young(ad, judged.limits)) return std::nullopt;
  const double hours = static_cast<double>(judged.limits.policies.learning_hours);
  Need need;
  need.metric = "days";
  need.more = std::max(1.0, std::ceil(1 + hours / 24 - ad.age_days));
  need.days = need.more;
  need.text =
      "need " + std::string(need.more > 1 ? number(need.more) + " more days" : "one more day");
  return need;
}

// The fewest late conversions after which the kill would not stand.
std::string late_conversions(const KillClaim& claim, double wealth) {
  KillClaim late = claim;
  int more = 0;
  while (more < 1000 && is_established(late, wealth)) {
    ++late.events;
    ++more;
  }
  return more == 1 ? "one conversion" : grouped(more) + " conversions";
}

void explain_kill(const Judged& judged, PlanItem& item) {
  const auto claims = kill_claims(judged.ad, judged.group, judged.limits);
  const KillClaim& claim = claim_for(claims, judged.judgement.verdict.reason);
  const double rules = static_cast<double>(kKillRules);
  item.confidence = std::max(0.0, 1 - rules / wealth_of(claim));
  item.reason = fmt::format("{}; {} sure, however often it was looked at", counted(judged, claim),
                            chance(*item.confidence));
  if (judged.ad.spend_per_day > 0) {
    item.effect = "frees " + money(judged.ad.spend_per_day, judged.currency) + " a day";
    if (claim.on_sales && judged.limits.target_cpa > 0 && claim.reason != Reason::negative_roas) {
      const double worth = judged.ad.arrived_conversions * judged.limits.target_cpa;
      const double wasted = std::clamp(1 - worth / judged.ad.settled_spend, 0.0, 1.0);
      item.effect += fmt::format(", of which about {} is waste at the target CPA",
                                 money(wasted * judged.ad.spend_per_day, judged.currency));
    }
  } else {
    item.effect = "stops the ad; its daily spend is not known, because its file has no days";
  }
  if (claim.reason == Reason::low_ctr) {
    item.would_change = fmt::format(
        "a CTR above {} on new impressions, or conversions at the "
        "target CPA",
        percent(judged.limits.policies.kill.ctr_min));
  } else if (claim.reason == Reason::negative_roas) {
    item.would_change = "late conversions of more value, or a lower limit for ROAS";
  } else {
    item.would_change = late_conversions(claim, judged.limits.kill_wealth) +
                        " arriving late for the days already counted";
  }
}

std::string ramp(const Judged& judged) {
  const double step = 1 + judged.limits.step;
  const double factor = judged.limits.policies.promote.factor;
  std::string text;
  double at = 1;
  for (int i = 0; i < 12 && at < factor && step > 1; ++i) {
    at = std::min(at * step, factor);
    text += fmt::format("{}x{:.2f}", i == 0 ? "" : ", ", at);
  }
  return text;
}

void explain_promotion(const Judged& judged, PlanItem& item) {
  const Comparison both = compare(judged.ad, judged.group);
  const std::optional<RateBelief>& rate = rate_of_goal(*judged.belief, both.goal);
  RF_CHECK(rate.has_value());
  const Estimate lift = learn::lift_estimate(*rate);
  item.confidence = confidence_of(judged.judgement.promote_wealth);
  item.reason = fmt::format(
      "{} is {} above the rest of its group, shrunk toward it ({} to {} with 90 %), on {} {}; "
      "{} sure that it is better, however often it was looked at",
      words_of_goal(both.goal), percent(lift.value), percent(lift.low), percent(lift.high),
      grouped(lift.n), both.goal == Goal::ctr ? "impressions" : "conversions' worth of evidence",
      chance(*item.confidence));
  item.effect = fmt::format(
      "ramp {} of today's spend, a step every {} h while the evidence holds; "
      "it asks for new money; added money usually earns less",
      ramp(judged), judged.limits.policies.budget.cooldown_hours);
  item.would_change = fmt::format("a shrunk lift below {}, or signs of wear",
                                  percent(judged.limits.policies.promote.lift));
}

std::string earned(const Judged& judged, const Earning& earns) {
  if (earns.goal == Goal::roas) {
    return fmt::format("ROAS {} on {}", number(judged.ad.settled_value / judged.ad.settled_spend),
                       money(judged.ad.settled_spend, judged.currency));
  }
  return fmt::format("{} conversions for {}, against {}", number(judged.ad.settled_conversions),
                     money(judged.ad.settled_spend, judged.currency), target_text(judged));
}

void explain_class(const Judged& judged, PlanItem& item) {
  const Earning earns = earning(judged.ad, judged.group, judged.limits);
  const Reason reason = judged.judgement.verdict.reason;
  if (reason == Reason::declining_performance) {
    const std::optional<Evidence> fall = fatigue_evidence(judged);
    RF_CHECK(fall.has_value());
    item.confidence = fall->probability;
    item.reason = "it wears out: " + fall->claim;
    item.would_change = "a week in which it holds what it has";
    return;
  }
  const bool scale = reason == Reason::scaling;
  const Evidence row = earning_evidence(judged, earns, scale);
  item.confidence = row.probability;
  item.reason = fmt::format("{}; {} sure that {}", earned(judged, earns), chance(*row.probability),
                            row.claim);
  item.would_change = fmt::format("a chance below {} that {}", percent(*row.required), row.claim);
}

// What a move or the lack of one means.
void explain_move(const Judged& judged, PlanItem& item) {
  const Currency currency = judged.currency;
  const std::int64_t change = judged.shift.to - judged.shift.from;
  if (change == 0) {
    item.reason += judged.judgement.verdict.reason == Reason::scaling
                       ? "; no ad gives money up for it"
                       : "; no ad has earned the money it would give up, or it is at the least "
                         "budget already";
    item.effect = "nothing changes";
    return;
  }
  const double units_moved = units(to_money(std::abs(change), currency));
  item.effect =
      fmt::format("{} {} a day", money(units_moved, currency), change > 0 ? "more" : "less");
  const Earning earns = earning(judged.ad, judged.group, judged.limits);
  if (earns.goal == Goal::none) return;
  const double rate = earns.shape / earns.weight;
  const std::string worth = earns.goal == Goal::roas
                                ? money(rate * units_moved, currency) + " of value"
                                : number(rate * units_moved) + " conversions";
  item.effect += change > 0 ? fmt::format(
                                  ": about {} a day if it earns what the ad earned so far; "
                                  "added money usually earns less",
                                  worth)
                            : fmt::format(": about {} a day are given up here", worth);
}

void explain_wait(const Judged& judged, PlanItem& item) {
  const auto claims = kill_claims(judged.ad, judged.group, judged.limits);
  const KillClaim* claim = nearest(claims, judged.limits, judged.ad);
  switch (judged.judgement.verdict.reason) {
    case Reason::tracking_broken:
      item.reason =
          "the account's conversions stopped while its clicks went on: the tracking looks "
          "broken, so nothing is judged on conversions";
      item.would_change = "conversions that arrive again";
      return;
    case Reason::not_enough_data:
      if (claim != nullptr) {
        item.reason =
            counted(judged, *claim) + fmt::format("; only {} sure so far, {} are required",
                                                  chance(confidence_of(wealth_of(*claim))),
                                                  chance(per_kill(judged.limits)));
        item.need = need_for_claim(judged, *claim);
      }
      break;
    default:
      item.reason = "it is still learning";
      item.need = need_to_learn(judged);
      break;
  }
  if (item.need) item.reason += "; " + item.need->text;
  item.would_change =
      item.need ? item.need->text : "counts that move clearly to one side of the threshold";
}

void explain_keep(const Judged& judged, PlanItem& item) {
  if (judged.judgement.verdict.reason == Reason::paused) {
    item.reason = "it spent nothing in the last seven closed days";
    item.would_change = "spend";
    return;
  }
  item.reason = "no limit is crossed";
  const Earning earns = earning(judged.ad, judged.group, judged.limits);
  if (earns.goal != Goal::none) item.reason += ": " + earned(judged, earns);
  item.would_change = "a limit crossed with evidence: see the numbers behind this";
}

bool is_class(Reason reason) {
  return reason == Reason::scaling || reason == Reason::declining ||
         reason == Reason::declining_performance;
}

}  // namespace

std::optional<Evidence> fatigue_evidence(const Judged& judged) {
  const Case& ad = judged.ad;
  const Fall clicks{ad.recent_clicks, ad.recent_impressions, ad.before_clicks,
                    ad.before_impressions, judged.group.ctr.phi};
  const Fall hooks{ad.recent_hooks, ad.recent_impressions, ad.before_hooks, ad.before_impressions,
                   judged.group.hook_phi};
  std::optional<Evidence> of_clicks = fall_evidence(judged, clicks, "ctr");
  std::optional<Evidence> of_hooks = fall_evidence(judged, hooks, "hook_rate");
  if (!of_clicks) return of_hooks;
  return of_hooks && of_hooks->met && !of_clicks->met ? of_hooks : of_clicks;
}

PlanItem explain(const Judged& judged) {
  const Judgement& judgement = judged.judgement;
  PlanItem item;
  item.action = judgement.verdict.action;
  item.entity = judged.belief->id.text;
  item.ad = judged.belief->entity.name();
  item.reason_code = to_string(judgement.verdict.reason);
  item.evidence = all_evidence(judged);
  if (std::optional<Evidence> fall = fatigue_evidence(judged)) item.fatigued = fall->met;
  if (judged.belief->spend_per_day) {
    item.from = to_money(judged.shift.from, judged.currency);
    item.to = to_money(judged.shift.to, judged.currency);
  }
  if (item.action == Action::kill) {
    explain_kill(judged, item);
  } else if (item.action == Action::promote) {
    explain_promotion(judged, item);
  } else if (is_class(judgement.verdict.reason)) {
    explain_class(judged, item);
    explain_move(judged, item);
  } else if (item.action == Action::wait) {
    explain_wait(judged, item);
  } else {
    explain_keep(judged, item);
  }
  return item;
}

}  // namespace rf::decide
