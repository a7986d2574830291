#include "decide/evidence.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "decide/words.h"
#include "learn/beliefs.h"
#include "learn/wealth.h"

namespace rf::decide {
namespace {

// The posterior of ROAS with the conversions it rests on, not the units of orders.
std::optional<Estimate> roas_estimate(const Belief& belief) {
  if (!belief.roas) return std::nullopt;
  Estimate roas = learn::estimate(*belief.roas);
  if (belief.sales) roas.n = std::llround(belief.sales->events);
  return roas;
}

// How much of what the rest of its group earns the ad earns.
std::optional<Estimate> standing_estimate(const Judged& judged) {
  const std::optional<Standing> stands = standing(judged.ad, judged.group);
  if (!stands) return std::nullopt;
  RateBelief ratio;
  ratio.kind = RateKind::per_spend;
  ratio.prior_events = stands->shape;
  ratio.prior_exposure = stands->weight;
  Estimate estimate = learn::estimate(ratio);
  estimate.n = std::llround(judged.ad.matched_events);
  return estimate;
}

// The evidence of one kill rule, met or not.
Evidence kill_evidence(const Judged& judged, const KillClaim& claim) {
  const Belief& belief = *judged.belief;
  const KillPolicy& policy = judged.limits.policies.kill;
  Evidence row;
  switch (claim.reason) {
    case Reason::no_conversions:
      row.name = "cpa";
      row.claim = "CPA is above " + target_text(judged) + ", with no conversion yet";
      row.threshold = judged.limits.target_cpa;
      if (belief.sales) row.estimate = learn::inverse_estimate(*belief.sales);
      break;
    case Reason::negative_roas:
      row.name = "roas";
      row.claim = fmt::format("ROAS is below {}", number(policy.roas_min));
      row.threshold = policy.roas_min;
      row.estimate = roas_estimate(belief);
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
                              limit_text(judged, claim));
      row.threshold = claim.threshold;
      if (belief.cvr) row.estimate = learn::estimate(*belief.cvr);
      break;
    case Reason::underperforming:
      row.name = "share_of_group";
      row.claim = fmt::format(
          "{} is below what the rest of its group brought for the same money on the same days",
          judged.belief->roas ? "value" : "conversions");
      row.threshold = 1;
      row.estimate = standing_estimate(judged);
      break;
    default:
      row.name = "ctr";
      row.claim = fmt::format("CTR ({} of impressions) is below {}", clicks_word(belief),
                              limit_text(judged, claim));
      row.threshold = claim.threshold;
      if (belief.ctr) row.estimate = learn::estimate(*belief.ctr);
      break;
  }
  if (claim.ready) row.probability = confidence_of(wealth_of(claim));
  row.required = required_of(claim, judged.limits);
  row.met = is_established(claim, wealth_for(claim.reason, judged.limits));
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
  const Estimate lift = lift_of(*judged.belief, both.goal, *rate);
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

}  // namespace

double confidence_of(double wealth) { return std::max(0.0, 1 - 1 / wealth); }

double wealth_of(const KillClaim& claim) {
  if (!claim.crossed()) return 0;
  if (claim.control_events > 0) {
    const double control = claim.control_events / claim.phi;
    return learn::wealth_above({control, control},
                               {claim.events / claim.phi, claim.expected / claim.phi}, 0);
  }
  return learn::wealth_below(claim.events / claim.phi, claim.expected / claim.phi);
}

double required_of(const KillClaim& claim, const Limits& limits) {
  return 1 - 1 / wealth_for(claim.reason, limits);
}

std::string target_text(const Judged& judged) {
  const Limits& limits = judged.limits;
  std::string text = "the target CPA of " + money(limits.target_cpa, judged.currency);
  if (limits.target_is_derived) text += " (the account's own CPA: no target was given)";
  return text;
}

std::string limit_text(const Judged& judged, const KillClaim& claim) {
  std::string text = percent(claim.threshold);
  if (!claim.is_groups) return text;
  const KillPolicy& policy = judged.limits.policies.kill;
  const double limit = claim.reason == Reason::low_ctr ? policy.ctr_min : policy.cvr_min;
  return text + ", what the rest of its group reaches (less than the limit of " + percent(limit) +
         ")";
}

std::string clicks_word(const Belief& belief) {
  return belief.clicks == Metric::link_clicks ? "link clicks" : "clicks (all)";
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

Estimate lift_of(const Belief& belief, Goal goal, const RateBelief& rate) {
  Estimate lift = learn::lift_estimate(rate);
  if (goal == Goal::roas && belief.sales) lift.n = std::llround(belief.sales->events);
  return lift;
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
    row.estimate = roas_estimate(belief);
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

std::optional<Evidence> standing_evidence(const Judged& judged, bool above) {
  const std::optional<Standing> stands = standing(judged.ad, judged.group);
  if (!stands) return std::nullopt;
  const double below = chance_below({Goal::none, stands->shape, stands->weight, 0, 0}, 1);
  Evidence row;
  row.name = "share_of_group";
  row.claim = fmt::format("it earns {} than the rest of its group for the same money",
                          above ? "more" : "less");
  row.estimate = standing_estimate(judged);
  row.threshold = 1;
  row.probability = above ? 1 - below : below;
  row.required = judged.limits.policies.budget.confidence;
  row.met = *row.probability >= *row.required;
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
  for (bool above : {true, false}) {
    std::optional<Evidence> row = standing_evidence(judged, above);
    if (row) rows.push_back(*std::move(row));
  }
  std::optional<Evidence> fall = fatigue_evidence(judged);
  if (fall) rows.push_back(*std::move(fall));
  return rows;
}

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

}  // namespace rf::decide
