// A million ads on one core: plain rules and the full judgement, each against the simplest scalar
// code over one object per ad, in the same run.

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/rng.h"
#include "decide/ads_for_test.h"
#include "decide/columns.h"
#include "decide/judge.h"
#include "learn/beliefs.h"
#include "learn/special.h"

namespace rf::decide {
namespace {

constexpr std::int64_t kAds = 1'000'000;

struct Million {
  AdColumns columns;
  std::vector<std::unique_ptr<Case>> objects;
  std::vector<Group> groups;
  Account account;
};

// Ads of all kinds, so that every rule and every evidence has work to do.
Million make_million() {
  Million all;
  all.account.platform = Platform::meta;
  all.account.currency = *Currency::parse("USD");
  Group group;
  group.ctr = {
      .events = 6e7, .exposure = 6e9, .prior_events = 2, .prior_exposure = 200, .phi = 1.8};
  group.sales = {
      .events = 1e6, .exposure = 4e7, .prior_events = 2, .prior_exposure = 80, .phi = 1.4};
  group.order_unit = 120;
  group.roas = {
      .events = 5e5, .exposure = 4e7 / 120, .prior_events = 2, .prior_exposure = 1.3, .phi = 1.4};
  group.cpa = 40;
  group.cvr = {
      .events = 1e6, .exposure = 6e7, .prior_events = 2, .prior_exposure = 120, .phi = 1.4};
  all.groups.push_back(group);
  Rng rng(1);
  for (std::int64_t i = 0; i < kAds; ++i) {
    Case ad;
    ad.age_days = static_cast<double>(rng.below(60));
    ad.impressions = std::floor(std::exp(5 + 6 * rng.uniform()));
    const double ctr = 0.003 * std::exp(2 * rng.uniform());
    ad.clicks = static_cast<double>(rng.poisson(ad.impressions * ctr));
    ad.settled_clicks = std::floor(0.9 * ad.clicks);
    ad.spend = ad.impressions * 0.012;
    ad.settled_spend = 0.9 * ad.spend;
    ad.settled_conversions =
        static_cast<double>(rng.poisson(ad.settled_spend / 40 * 2 * rng.uniform()));
    ad.arrived_conversions = ad.settled_conversions + static_cast<double>(rng.below(2));
    ad.settled_value = 60 * ad.settled_conversions * rng.gamma(4) / 4;
    ad.arrived_value = ad.settled_value + 60 * (ad.arrived_conversions - ad.settled_conversions);
    ad.spend_per_day = rng.uniform() < 0.1 ? 0 : ad.spend / 20;
    ad.recent_impressions = std::floor(ad.impressions / 4);
    ad.before_impressions = ad.recent_impressions;
    ad.recent_clicks = std::floor(ad.clicks / 4 * (0.5 + 0.5 * rng.uniform()));
    ad.before_clicks = std::floor(ad.clicks / 4);
    all.columns.add(ad, 0);
    all.objects.push_back(std::make_unique<Case>(ad));
  }
  return all;
}

const Million& million() {
  static const Million all = make_million();
  return all;
}

Policies priced() {
  Policies policies;
  policies.target_cpa = 50;
  return policies;
}

void count_ads(benchmark::State& state) { state.SetItemsProcessed(state.iterations() * kAds); }

void plain_rules_by_columns(benchmark::State& state) {
  const Million& all = million();
  const Limits limits = limits_of(priced(), all.groups[0], Platform::meta);
  const std::vector<PlainRule> rules = plain_rules(all.groups[0], limits);
  std::vector<Verdict> verdicts(all.columns.size());
  for (auto _ : state) {
    apply_rules(rules, all.columns, verdicts);
    benchmark::DoNotOptimize(verdicts.data());
    benchmark::ClobberMemory();
  }
  count_ads(state);
}
BENCHMARK(plain_rules_by_columns)->Unit(benchmark::kMillisecond);

// Baseline: the rules in code, not in a table, over one heap object per ad.
Verdict plain_verdict(const Case& ad, const Limits& limits, double control) {
  const KillPolicy& kill = limits.policies.kill;
  if (ad.spend >= kill.no_conversions_spend && ad.arrived_conversions == 0) {
    return {Action::kill, Reason::no_conversions};
  }
  if (ad.spend >= kill.roas_spend && ad.arrived_value / ad.spend < kill.roas_min) {
    return {Action::kill, Reason::negative_roas};
  }
  if (ad.arrived_conversions >= kill.cpa_conversions &&
      ad.spend / ad.arrived_conversions > kill.cpa_multiple * limits.target_cpa) {
    return {Action::kill, Reason::high_cpa};
  }
  if (ad.settled_clicks >= kill.cvr_clicks &&
      ad.arrived_conversions / ad.settled_clicks < kill.cvr_min) {
    return {Action::kill, Reason::low_cvr};
  }
  const double ctr = ad.clicks / ad.impressions;
  if (ad.impressions >= kill.ctr_impressions && ctr < kill.ctr_min) {
    return {Action::kill, Reason::low_ctr};
  }
  const PromotePolicy& promote = limits.policies.promote;
  if (ad.impressions >= promote.impressions && ctr >= (1 + promote.lift) * control &&
      (ctr - control) / std::sqrt(control / ad.impressions) > 1.645) {
    return {Action::promote, Reason::winner};
  }
  const BudgetPolicy& budget = limits.policies.budget;
  if (ad.spend < budget.min_spend) return {Action::keep, Reason::maintaining};
  const double roas = ad.arrived_value / ad.spend;
  if (roas < budget.loser_roas) return {Action::decrease_budget, Reason::declining};
  if (roas >= budget.scale_roas) return {Action::increase_budget, Reason::scaling};
  return {Action::keep, Reason::maintaining};
}

void plain_rules_baseline_objects(benchmark::State& state) {
  const Million& all = million();
  const Limits limits = limits_of(priced(), all.groups[0], Platform::meta);
  const double control = all.groups[0].ctr.events / all.groups[0].ctr.exposure;
  std::vector<Verdict> verdicts(all.objects.size());
  for (auto _ : state) {
    for (std::size_t i = 0; i < all.objects.size(); ++i) {
      verdicts[i] = plain_verdict(*all.objects[i], limits, control);
    }
    benchmark::DoNotOptimize(verdicts.data());
    benchmark::ClobberMemory();
  }
  count_ads(state);
}
BENCHMARK(plain_rules_baseline_objects)->Unit(benchmark::kMillisecond);

void full_evidence_by_columns(benchmark::State& state) {
  const Million& all = million();
  for (auto _ : state) {
    ColumnVerdicts verdicts = judge_columns(all.columns, all.groups, priced(), all.account, false);
    benchmark::DoNotOptimize(verdicts.verdicts.data());
  }
  count_ads(state);
}
BENCHMARK(full_evidence_by_columns)->Unit(benchmark::kMillisecond);

// Baseline: the posterior tails that the same questions need, by the incomplete gamma, for every ad
// and every question, over one heap object per ad.
void full_evidence_baseline_exact_tails(benchmark::State& state) {
  const Million& all = million();
  const Limits limits = limits_of(priced(), all.groups[0], Platform::meta);
  double sum = 0;
  for (auto _ : state) {
    for (const std::unique_ptr<Case>& ad : all.objects) {
      for (const KillClaim& claim : kill_claims(*ad, all.groups[0], limits)) {
        sum += learn::gamma_lower(claim.events / claim.phi + 1, claim.expected / claim.phi);
      }
      const Earning earns = earning(*ad, all.groups[0], limits);
      sum += learn::gamma_lower(earns.shape, earns.lose_at * earns.weight);
      sum += learn::gamma_upper(earns.shape, earns.scale_at * earns.weight);
    }
    benchmark::DoNotOptimize(sum);
  }
  count_ads(state);
}
BENCHMARK(full_evidence_baseline_exact_tails)->Unit(benchmark::kMillisecond);

// What a turn pays: beliefs, judgement, words and hash of an account.
void beliefs_of_an_account(benchmark::State& state) {
  const learn::History history = some_history(1, state.range(0));
  for (auto _ : state) {
    std::vector<Belief> beliefs = learn::beliefs(history, kToday, {});
    benchmark::DoNotOptimize(beliefs.data());
  }
}
BENCHMARK(beliefs_of_an_account)->Arg(1000)->Unit(benchmark::kMillisecond);

void plan_of_an_account(benchmark::State& state) {
  const learn::History history = some_history(1, state.range(0));
  const std::vector<Belief> beliefs = learn::beliefs(history, kToday, {});
  const AccountFacts facts = facts_of(history);
  for (auto _ : state) {
    Plan plan = judge(beliefs, Policies(), facts, Instant());
    benchmark::DoNotOptimize(plan.hash.data());
  }
}
BENCHMARK(plan_of_an_account)->Arg(1000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rf::decide
