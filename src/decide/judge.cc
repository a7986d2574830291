#include "decide/judge.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "base/check.h"
#include "base/json.h"
#include "base/sha256.h"
#include "decide/budget.h"
#include "decide/rules/merge.h"
#include "decide/words.h"

namespace rf::decide {
namespace {

double reported(const Counts& counts, Metric metric) {
  return counts.has(metric) ? as_number(metric, counts.or_zero(metric)) : kNotReported;
}

Pool pool_of(const std::optional<RateBelief>& rate) {
  if (!rate) return {};
  return {rate->group_events, rate->group_exposure, rate->prior_events, rate->prior_exposure,
          rate->phi};
}

Metric hook_metric(const Belief& belief) {
  // TikTok's files have two-second plays, Meta's three-second ones.
  return belief.closed.has(Metric::video_3s) ? Metric::video_3s : Metric::video_2s;
}

void revive_if_wrong(Judged& judged, const KilledAds& killed, bool broken) {
  const auto found = killed.find(judged.belief->id.text);
  if (broken || found == killed.end()) return;
  if (judged.judgement.verdict.reason != Reason::paused) return;
  if (!deserves_revival(judged.ad, judged.group, judged.limits, found->second.conversions)) return;
  judged.judgement.verdict = {Action::revive, Reason::late_conversions};
  judged.judgement.unpromoted = judged.judgement.verdict;
  judged.killed = found->second;
}

std::vector<Judged> judge_all(std::span<const Belief> beliefs, const Policies& policies,
                              const AccountFacts& facts, bool broken) {
  std::vector<Judged> all;
  all.reserve(beliefs.size());
  for (const Belief& belief : beliefs) {
    Judged judged;
    judged.belief = &belief;
    judged.ad = case_of(belief);
    judged.group = group_of(belief);
    judged.limits = limits_of(policies, judged.group, facts.account.platform);
    judged.judgement = judge_case(judged.ad, judged.group, judged.limits, broken);
    judged.currency = facts.account.currency;
    judged.shift.from = to_minor(belief.spend_per_day.value_or(0), judged.currency);
    const auto complete = facts.complete.find(belief.id.text);
    if (complete != facts.complete.end()) judged.complete = complete->second;
    revive_if_wrong(judged, facts.killed, broken);
    all.push_back(std::move(judged));
  }
  return all;
}

// The account's own decisions, on the judgements of all its ads.
void settle(std::vector<Judged>& all, const Policies& policies) {
  std::vector<Judgement> judgements;
  std::vector<Shift> shifts;
  double step = policies.budget.shift_max;
  double min_budget = 0;
  for (const Judged& judged : all) {
    judgements.push_back(judged.judgement);
    shifts.push_back(judged.shift);
    step = std::min(step, judged.limits.step);
    min_budget = std::max(min_budget, judged.limits.policies.budget.min_budget);
  }
  const double needed = settle_promotions(judgements, policies.promote.confidence);
  if (!all.empty()) {
    settle_budget(judgements, shifts,
                  budget_limits(policies, step, min_budget, all.front().currency));
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].judgement = judgements[i];
    all[i].shift = shifts[i];
    all[i].promote_wealth_needed = needed;
  }
}

int urgency(Action action) {
  switch (action) {
    case Action::kill: return 0;
    case Action::promote: return 1;
    case Action::revive: return 2;
    case Action::decrease_budget: return 3;
    case Action::increase_budget: return 4;
    case Action::wait: return 5;
    case Action::keep: return 6;
  }
  check_failed(__FILE__, __LINE__, "action has an urgency");
}

// The setting that spent most.
std::pair<std::string, std::string> main_setting(std::span<const Belief> beliefs) {
  std::map<std::pair<std::string, std::string>, double> spend;
  for (const Belief& belief : beliefs) {
    spend[{belief.attribution, belief.conversion_event}] +=
        1 + static_cast<double>(belief.closed.or_zero(Metric::spend));
  }
  const auto most =
      std::ranges::max_element(spend, {}, [](const auto& entry) { return entry.second; });
  return most == spend.end() ? std::pair<std::string, std::string>() : most->first;
}

void number_items(std::vector<PlanItem>& items) {
  std::ranges::stable_sort(items, {}, [](const PlanItem& item) {
    const std::int64_t at_stake = item.from ? item.from->micros : 0;
    return std::tuple(urgency(item.action), -at_stake, std::string_view(item.entity));
  });
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto place = static_cast<std::int64_t>(i + 1);
    items[i].id = std::to_string(place);
    items[i].priority = urgency(items[i].action) <= 4 ? place : 0;
  }
}

std::string hash_of(const Plan& plan) {
  Json json = to_json(plan);
  json.as_object().erase("hash");
  return sha256_hex(to_text(json));
}

}  // namespace

Plan judge(std::span<const Belief> beliefs, const Policies& policies, const AccountFacts& facts,
           Instant now) {
  const bool broken = tracking_looks_broken(facts.days, facts.today, policies.tracking_days);
  std::vector<Judged> all = judge_all(beliefs, policies, facts, broken);
  settle(all, policies);

  Plan plan;
  plan.account = facts.account.id.text;
  plan.mode = facts.mode;
  plan.made_at = now;
  plan.expires_at = now + std::chrono::hours(policies.plan_hours);
  std::tie(plan.attribution, plan.conversion_event) = main_setting(beliefs);
  plan.items.reserve(all.size());
  for (const Judged& judged : all) {
    plan.items.push_back(explain(judged));
    plan.items.back().account = plan.account;
  }
  merge_findings(facts.findings, broken, plan.items);
  number_items(plan.items);
  plan.hash = hash_of(plan);
  return plan;
}

bool tracking_looks_broken(std::span<const learn::AccountDay> account, Day today,
                           std::int64_t days) {
  double sold_before = 0;
  double clicks_before = 0;
  double sold_now = 0;
  double clicks_now = 0;
  for (const learn::AccountDay& day : account) {
    // Either kind of click shows that people still come.
    const Metric clicks =
        day.counts.has(Metric::link_clicks) ? Metric::link_clicks : Metric::clicks_all;
    const double came = as_number(clicks, day.counts.or_zero(clicks));
    const double sold = as_number(Metric::conversions, day.counts.or_zero(Metric::conversions));
    const bool is_now = day.day >= today - Days(days);
    (is_now ? clicks_now : clicks_before) += came;
    (is_now ? sold_now : sold_before) += sold;
  }
  if (sold_now > 0 || sold_before <= 0 || clicks_before <= 0) return false;
  // Half of the young days' conversions may still be on their way; seven that should have come are
  // missing by chance less than once in a thousand times (e^-7).
  constexpr double kArrivedShare = 0.5;
  constexpr double kMissing = 7;
  return kArrivedShare * clicks_now * sold_before / clicks_before >= kMissing;
}

Case case_of(const Belief& belief) {
  using enum Metric;
  Case ad;
  const Metric hook = hook_metric(belief);
  ad.impressions = reported(belief.closed, impressions);
  ad.clicks = belief.ctr ? belief.ctr->events : kNotReported;
  ad.spend = reported(belief.closed, spend);
  ad.settled_clicks = reported(belief.settled, belief.clicks);
  ad.settled_spend = reported(belief.settled, spend);
  ad.settled_conversions = reported(belief.settled, conversions);
  if (belief.roas) ad.settled_value = reported(belief.settled, conversion_value);
  ad.arrived_conversions = belief.conversions_arrived.value_or(kNotReported);
  if (belief.roas) ad.arrived_value = belief.value_arrived.value_or(kNotReported);
  ad.spend_per_day = belief.spend_per_day.value_or(kNotReported);
  if (belief.age_days) ad.age_days = static_cast<double>(*belief.age_days);
  ad.recent_impressions = reported(belief.recent, impressions);
  ad.recent_clicks = belief.ctr ? reported(belief.recent, belief.clicks) : kNotReported;
  ad.recent_hooks = belief.hook ? reported(belief.recent, hook) : kNotReported;
  ad.before_impressions = reported(belief.before, impressions);
  ad.before_clicks = belief.ctr ? reported(belief.before, belief.clicks) : kNotReported;
  ad.before_hooks = belief.hook ? reported(belief.before, hook) : kNotReported;
  if (belief.matched) {
    ad.matched_events = belief.matched->events;
    ad.matched_expected = belief.matched->expected;
    ad.matched_control = belief.matched->control_events;
  }
  return ad;
}

Group group_of(const Belief& belief) {
  Group group;
  group.ctr = pool_of(belief.ctr);
  group.sales = pool_of(belief.sales);
  group.roas = pool_of(belief.roas);
  if (belief.group_cpa) group.cpa = *belief.group_cpa;
  group.cvr = pool_of(belief.cvr);
  if (belief.hook) group.hook_phi = belief.hook->phi;
  if (belief.roas) group.order_unit = belief.order_unit;
  return group;
}

}  // namespace rf::decide
