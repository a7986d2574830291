#include "decide/verdict.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/check.h"
#include "learn/posterior.h"
#include "learn/special.h"
#include "learn/tail.h"
#include "learn/wealth.h"

namespace rf::decide {
namespace {

// Order values vary about as much as an exponential's: see learn::BeliefRules::order_spread.
constexpr double kOrderSpread = 2;

// Chosen in worlds of the sandbox, four seeds each: 0.9 starves ads whose evidence is nearly
// complete (31 of 32 losers stopped, and 1 % of healthy ads killed on the way), 0.99 pays a fifth
// more for confirmed losers; 0.95 wastes least.
constexpr double kAllButCertain = 0.95;

double step_on(Platform platform, const BudgetPolicy& budget) {
  double step = budget.step_other;
  if (platform == Platform::meta) step = budget.step_meta;
  if (platform == Platform::tiktok) step = budget.step_tiktok;
  return std::min(step, budget.shift_max);
}

// One order of the ad or of its group, whichever is dearer: the fewer orders a value may stand for,
// the less it proves.
double cautious_order_unit(const Case& ad, const Group& group) {
  if (!(ad.arrived_conversions > 0)) return group.order_unit;
  const double own = kOrderSpread * ad.arrived_value / ad.arrived_conversions;
  return std::max(group.order_unit, own);
}

// The share below which an ad is too bad: the policy's, unless the rest of its group does not reach
// that either. A limit that the average ad fails says nothing about this one.
double share_limit(double limit, double events, double exposure, const Pool& pool) {
  // Sums of floats leave a trace of the ad itself where it is alone in its pool.
  if (!(pool.exposure - exposure > 1e-9 * pool.exposure)) return limit;
  const double others = (pool.events - events) / (pool.exposure - exposure);
  return others > 0 && others < limit ? others : limit;
}

bool fell(double recent_events, double recent_exposure, double before_events,
          double before_exposure, double phi, const Limits& limits) {
  // Written so that NaN, where something was not reported, answers no.
  if (!(recent_exposure > 0 && before_exposure > 0 && recent_events >= 0 && before_events > 0)) {
    return false;
  }
  const double before_rate = before_events / before_exposure;
  const double drop = limits.policies.fatigue.drop;
  if (recent_events / recent_exposure > (1 - drop) * before_rate) return false;
  return learn::wealth_above_reaches({before_events / phi, before_exposure / phi},
                                     {recent_events / phi, recent_exposure / phi}, 0,
                                     limits.fatigue_wealth);
}

// Puts the ad and the rest of its pool side by side; false where the rest has no event.
bool set_sides(Comparison& both, double events, double exposure, const Pool& pool) {
  both.events = events;
  both.exposure = exposure;
  both.control_events = pool.events - events;
  both.control_exposure = pool.exposure - exposure;
  both.phi = pool.phi;
  // Sums of floats leave a trace of the ad itself where it is alone in its pool.
  const double trace = 1e-9 * pool.exposure;
  if (!(exposure > 0 && both.control_exposure > trace && both.control_events > 1e-9)) return false;
  const double mean =
      (pool.prior_events + events / pool.phi) / (pool.prior_exposure + exposure / pool.phi);
  both.shrunk_lift = mean / (both.control_events / both.control_exposure) - 1;
  return true;
}

bool is_losing_money(const Earning& earns, const Limits& limits) {
  const double mean = earns.shape / earns.weight;
  if (earns.goal == Goal::roas) return mean < limits.policies.budget.loser_roas;
  return earns.goal == Goal::sales && mean * limits.target_cpa < 1;
}

// Money moves only between ads that spend, and only once they have learned.
bool may_move(const Case& ad, const Limits& limits) {
  return ad.spend_per_day > 0 && !is_young(ad, limits) &&
         ad.spend >= limits.policies.budget.min_spend;
}

bool is_learning(const Case& ad, const Limits& limits) {
  if (is_young(ad, limits) || ad.spend < limits.policies.budget.min_spend) return true;
  if (std::isnan(ad.arrived_conversions)) {
    return !(ad.impressions >= limits.policies.promote.impressions);
  }
  return ad.arrived_conversions < limits.policies.budget.min_conversions;
}

struct KillState {
  bool established = false;
  bool crossed = false;  // Some rule's plain threshold is.
  bool held_by_tracking = false;
  Reason reason = Reason::manual;
};

// An ad that pays is not killed for its clicks, nor for others that pay better.
bool spares(Reason reason) {
  return reason == Reason::low_ctr || reason == Reason::low_cvr ||
         reason == Reason::underperforming;
}

KillState kill_state(const Case& ad, const Group& group, const Limits& limits,
                     bool tracking_broken) {
  KillState state;
  const bool spared = pays(ad, limits);
  for (const KillClaim& claim : kill_claims(ad, group, limits)) {
    if (!claim.crossed()) continue;
    if (claim.on_sales && tracking_broken) {
      state.held_by_tracking = true;
      continue;
    }
    if (spared && spares(claim.reason)) continue;
    state.crossed = true;
    if (!is_established(claim, wealth_for(claim.reason, limits))) continue;
    state.established = true;
    state.reason = claim.reason;
    return state;
  }
  return state;
}

// What the evidence asks of a budget that may move, if anything.
std::optional<Verdict> budget_move(const Case& ad, const Group& group, const Limits& limits,
                                   bool tracking_broken) {
  const double confidence = limits.policies.budget.confidence;
  const Earning earns = earning(ad, group, limits);
  const bool known = earns.goal != Goal::none;
  const std::optional<Standing> stands = standing(ad, group);
  if (known && falls_short(earns.shape, earns.lose_at * earns.weight, confidence)) {
    return Verdict{Action::decrease_budget, Reason::declining};
  }
  // What may have to be stopped keeps its budget until that is all but certain: less money would
  // only bring the answer later.
  const bool suspect = stands && stands->mean() <= limits.policies.kill.group_share;
  if (stands && !tracking_broken &&
      falls_short(stands->shape, stands->weight, suspect ? kAllButCertain : confidence)) {
    return Verdict{Action::decrease_budget, Reason::declining};
  }
  if (is_worn_out(ad, group, limits)) {
    return Verdict{Action::decrease_budget, Reason::declining_performance};
  }
  if (!(ad.arrived_conversions >= limits.policies.budget.min_conversions)) return std::nullopt;
  const bool earns_enough =
      known && reaches(earns.shape, earns.scale_at * earns.weight, confidence);
  const bool outdoes_its_group = stands && !is_losing_money(earns, limits) &&
                                 reaches(stands->shape, stands->weight, confidence);
  if (!earns_enough && !outdoes_its_group) return std::nullopt;
  return Verdict{Action::increase_budget, Reason::scaling};
}

// The verdict on an ad that is neither killed nor promoted.
Verdict class_of(const Case& ad, const Group& group, const Limits& limits, const KillState& kill,
                 bool tracking_broken) {
  if (kill.held_by_tracking) return {Action::wait, Reason::tracking_broken};
  if (may_move(ad, limits)) {
    if (const auto move = budget_move(ad, group, limits, tracking_broken)) return *move;
  }
  if (kill.crossed) return {Action::wait, Reason::not_enough_data};
  if (is_learning(ad, limits)) return {Action::wait, Reason::learning};
  return {Action::keep, Reason::maintaining};
}

void try_promotion(Judgement& judgement, const Case& ad, const Group& group, const Limits& limits) {
  const PromotePolicy& policy = limits.policies.promote;
  if (is_young(ad, limits) || ad.impressions < policy.impressions) return;
  const Comparison both = compare(ad, group);
  if (both.goal == Goal::none) return;
  judgement.compared = true;
  if (both.shrunk_lift < policy.lift) return;
  if (judgement.verdict.action == Action::decrease_budget) return;
  if (is_losing_money(earning(ad, group, limits), limits)) return;
  const learn::Observed arm{both.events / both.phi, both.exposure / both.phi};
  const learn::Observed control{both.control_events / both.phi, both.control_exposure / both.phi};
  if (!learn::wealth_above_reaches(arm, control, policy.proven_lift, limits.promote_wealth)) return;
  judgement.promote_wealth = learn::wealth_above(arm, control, policy.proven_lift);
  judgement.verdict = {Action::promote, Reason::winner};
}

// Whether P(Gamma(shape) < x) is below `level`; none where the fast tail is too coarse to
// tell.
std::optional<bool> is_below(double shape, double x, double level) {
  const double near = learn::chance_below_near(learn::GammaPosterior{shape, 1, 0}, x);
  if (near > level + learn::kTailErrorMax) return false;
  if (near < level - learn::kTailErrorMax) return true;
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Reason reason) {
  switch (reason) {
    case Reason::no_conversions: return "no_conversions";
    case Reason::negative_roas: return "negative_roas";
    case Reason::high_cpa: return "high_cpa";
    case Reason::low_cvr: return "low_cvr";
    case Reason::low_ctr: return "low_ctr";
    case Reason::underperforming: return "underperforming";
    case Reason::declining_performance: return "declining_performance";
    case Reason::budget_exhausted: return "budget_exhausted";
    case Reason::manual: return "manual";
    case Reason::winner: return "winner";
    case Reason::scaling: return "scaling";
    case Reason::maintaining: return "maintaining";
    case Reason::declining: return "declining";
    case Reason::learning: return "learning";
    case Reason::paused: return "paused";
    case Reason::not_enough_data: return "not_enough_data";
    case Reason::tracking_broken: return "tracking_broken";
    case Reason::late_conversions: return "late_conversions";
  }
  check_failed(__FILE__, __LINE__, "reason has a name");
}

Limits limits_of(const Policies& policies, const Group& group, Platform platform) {
  Limits limits;
  limits.policies = policies;
  if (policies.target_cpa) {
    limits.target_cpa = *policies.target_cpa;
  } else if (group.cpa > 0) {
    limits.target_cpa = group.cpa;
    limits.target_is_derived = true;
  }
  if (policies.amounts_for_cpa && limits.target_cpa > 0) {
    limits.amount_scale = limits.target_cpa / *policies.amounts_for_cpa;
  }
  limits.policies.kill.roas_spend *= limits.amount_scale;
  limits.policies.kill.no_conversions_spend *= limits.amount_scale;
  limits.policies.budget.min_spend *= limits.amount_scale;
  limits.policies.budget.min_budget *= limits.amount_scale;
  // Bonferroni over the rules, since any of them kills: half of the chance goes to the comparison
  // with the group, which stops most losers first, half to the absolute thresholds together.
  limits.compare_wealth = 2 / policies.kill.delta;
  limits.kill_wealth = 2 * static_cast<double>(kKillRules - 1) / policies.kill.delta;
  limits.promote_wealth = 1 / (1 - policies.promote.confidence);
  limits.fatigue_wealth = 1 / policies.fatigue.delta;
  limits.step = step_on(platform, policies.budget);
  return limits;
}

double wealth_for(Reason reason, const Limits& limits) {
  return reason == Reason::underperforming ? limits.compare_wealth : limits.kill_wealth;
}

std::array<KillClaim, kKillRules> kill_claims(const Case& ad, const Group& group,
                                              const Limits& limits) {
  const KillPolicy& policy = limits.policies.kill;
  const double sold = ad.arrived_conversions;
  const double spend = ad.settled_spend;
  const bool grown = !is_young(ad, limits);
  const bool priced = grown && limits.target_cpa > 0;
  const double unit = cautious_order_unit(ad, group);

  KillClaim no_conversions;
  no_conversions.reason = Reason::no_conversions;
  no_conversions.expected = spend / limits.target_cpa;
  no_conversions.ready = priced && sold == 0 && spend > 0 && spend >= policy.no_conversions_spend;

  KillClaim negative_roas;
  negative_roas.reason = Reason::negative_roas;
  negative_roas.events = ad.arrived_value / unit;
  negative_roas.expected = policy.roas_min * spend / unit;
  negative_roas.ready =
      grown && unit > 0 && ad.arrived_value >= 0 && sold > 0 && spend >= policy.roas_spend;

  KillClaim high_cpa;
  high_cpa.reason = Reason::high_cpa;
  high_cpa.events = sold;
  high_cpa.expected = spend / (policy.cpa_multiple * limits.target_cpa);
  high_cpa.ready = priced && spend > 0 && sold >= policy.cpa_conversions;

  KillClaim low_cvr;
  low_cvr.reason = Reason::low_cvr;
  low_cvr.threshold =
      share_limit(policy.cvr_min, ad.settled_conversions, ad.settled_clicks, group.cvr);
  low_cvr.is_groups = low_cvr.threshold < policy.cvr_min;
  low_cvr.events = sold;
  low_cvr.expected = low_cvr.threshold * ad.settled_clicks;
  low_cvr.ready = grown && sold >= 0 && ad.settled_clicks >= policy.cvr_clicks;

  KillClaim low_ctr;
  low_ctr.reason = Reason::low_ctr;
  low_ctr.threshold = share_limit(policy.ctr_min, ad.clicks, ad.impressions, group.ctr);
  low_ctr.is_groups = low_ctr.threshold < policy.ctr_min;
  low_ctr.events = ad.clicks;
  low_ctr.expected = low_ctr.threshold * ad.impressions;
  low_ctr.ready = grown && ad.clicks >= 0 && ad.impressions >= policy.ctr_impressions;

  KillClaim behind;
  behind.reason = Reason::underperforming;
  behind.events = ad.matched_events;
  behind.expected = ad.matched_expected;
  behind.control_events = ad.matched_control;
  behind.threshold = policy.group_share;
  const std::optional<Standing> stands = standing(ad, group);
  behind.ready = grown && stands && stands->mean() <= policy.group_share &&
                 ad.spend >= limits.policies.budget.min_spend;

  for (KillClaim* claim : {&no_conversions, &negative_roas, &high_cpa, &behind}) {
    claim->phi = group.sales.phi;
    claim->on_sales = true;
  }
  low_cvr.phi = group.cvr.phi;
  low_cvr.on_sales = true;
  low_ctr.phi = group.ctr.phi;
  return {no_conversions, negative_roas, high_cpa, low_cvr, low_ctr, behind};
}

bool is_established(const KillClaim& claim, double wealth) {
  if (!claim.crossed()) return false;
  const learn::Observed own{claim.events / claim.phi, claim.expected / claim.phi};
  if (claim.control_events > 0) {
    const double control = claim.control_events / claim.phi;
    return learn::wealth_above_reaches({control, control}, own, 0, wealth);
  }
  return learn::wealth_below_reaches(own.events, own.exposure, wealth);
}

std::optional<Standing> standing(const Case& ad, const Group& group) {
  if (!(ad.matched_expected > 0 && ad.matched_control > 0)) return std::nullopt;
  const Pool& pool = ad.settled_value >= 0 && group.roas.events > 0 ? group.roas : group.sales;
  return Standing{pool.prior_events + ad.matched_events / pool.phi,
                  pool.prior_events + ad.matched_expected / pool.phi};
}

Comparison compare(const Case& ad, const Group& group) {
  Comparison both;
  const bool spent = ad.settled_spend > 0;
  if (spent && ad.settled_value >= 0 && group.roas.events > 0) {
    both.goal = Goal::roas;
    const double unit = group.order_unit;
    if (set_sides(both, ad.settled_value / unit, ad.settled_spend / unit, group.roas)) return both;
  } else if (spent && ad.settled_conversions >= 0 && group.sales.events > 0) {
    both.goal = Goal::sales;
    if (set_sides(both, ad.settled_conversions, ad.settled_spend, group.sales)) return both;
  } else if (!(group.cpa > 0) && ad.clicks <= ad.impressions && group.ctr.events > 0) {
    both.goal = Goal::ctr;
    if (set_sides(both, ad.clicks, ad.impressions, group.ctr)) return both;
  }
  both.goal = Goal::none;
  return both;
}

bool pays(const Case& ad, const Limits& limits) {
  if (!(ad.arrived_conversions > 0)) return false;
  if (ad.arrived_conversions * limits.target_cpa >= ad.settled_spend) return true;
  return ad.arrived_value >= limits.policies.budget.target_roas * ad.settled_spend;
}

// The first day may be a part of one, so it does not count.
bool is_young(const Case& ad, const Limits& limits) {
  return (ad.age_days - 1) * 24 < static_cast<double>(limits.policies.learning_hours);
}

bool is_worn_out(const Case& ad, const Group& group, const Limits& limits) {
  return fell(ad.recent_clicks, ad.recent_impressions, ad.before_clicks, ad.before_impressions,
              group.ctr.phi, limits) ||
         fell(ad.recent_hooks, ad.recent_impressions, ad.before_hooks, ad.before_impressions,
              group.hook_phi, limits);
}

Earning earning(const Case& ad, const Group& group, const Limits& limits) {
  const BudgetPolicy& policy = limits.policies.budget;
  Earning earns;
  if (ad.settled_value >= 0 && ad.settled_spend > 0 && group.roas.events > 0) {
    const Pool& pool = group.roas;
    earns.goal = Goal::roas;
    earns.shape = pool.prior_events + ad.settled_value / group.order_unit / pool.phi;
    earns.weight = pool.prior_exposure + ad.settled_spend / group.order_unit / pool.phi;
    earns.scale_at = policy.scale_roas;
    earns.lose_at = policy.loser_roas;
  } else if (ad.settled_conversions >= 0 && ad.settled_spend > 0 && limits.target_cpa > 0 &&
             group.sales.exposure > 0) {
    // The same two limits, as parts of the target, where orders carry no value.
    const Pool& pool = group.sales;
    earns.goal = Goal::sales;
    earns.shape = pool.prior_events + ad.settled_conversions / pool.phi;
    earns.weight = pool.prior_exposure + ad.settled_spend / pool.phi;
    earns.scale_at = policy.scale_roas / policy.target_roas / limits.target_cpa;
    earns.lose_at = policy.loser_roas / policy.target_roas / limits.target_cpa;
  }
  return earns;
}

bool deserves_revival(const Case& ad, const Group& group, const Limits& limits,
                      double conversions_then) {
  RF_CHECK(conversions_then >= 0);
  if (!(ad.arrived_conversions > conversions_then)) return false;
  for (const KillClaim& claim : kill_claims(ad, group, limits)) {
    if (is_established(claim, wealth_for(claim.reason, limits))) return false;
  }
  if (pays(ad, limits)) return true;
  const std::optional<Standing> stands = standing(ad, group);
  return stands && reaches(stands->shape, limits.policies.kill.group_share * stands->weight,
                           limits.policies.budget.confidence);
}

Judgement judge_case(const Case& ad, const Group& group, const Limits& limits,
                     bool tracking_broken) {
  Judgement judgement;
  if (ad.spend_per_day == 0) {
    judgement.verdict = {Action::keep, Reason::paused};
    judgement.unpromoted = judgement.verdict;
    return judgement;
  }
  const KillState kill = kill_state(ad, group, limits, tracking_broken);
  if (kill.established) {
    judgement.verdict = {Action::kill, kill.reason};
    judgement.unpromoted = judgement.verdict;
    return judgement;
  }
  judgement.verdict = class_of(ad, group, limits, kill, tracking_broken);
  judgement.loses_money = is_losing_money(earning(ad, group, limits), limits);
  judgement.unpromoted = judgement.verdict;
  if (!kill.held_by_tracking) try_promotion(judgement, ad, group, limits);
  return judgement;
}

bool reaches(double shape, double x, double required) {
  RF_CHECK(shape > 0 && x >= 0 && required > 0 && required < 1);
  const std::optional<bool> clear = is_below(shape, x, 1 - required);
  return clear ? *clear : learn::gamma_upper(shape, x) >= required;
}

bool falls_short(double shape, double x, double required) {
  RF_CHECK(shape > 0 && x >= 0 && required > 0 && required < 1);
  const std::optional<bool> clear = is_below(shape, x, required);
  return clear ? !*clear : learn::gamma_lower(shape, x) >= required;
}

}  // namespace rf::decide
