// The columns against the objects and against the simplest scalar code.

#include "decide/columns.h"

#include <cmath>
#include <map>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "decide/ads_for_test.h"
#include "decide/judge.h"
#include "learn/beliefs.h"

namespace rf::decide {
namespace {

// One group holds all ads, as in some_history. Each of its pools is known to the ads that report
// it.
Group common_group(const std::vector<Belief>& beliefs) {
  Group common;
  for (const Belief& belief : beliefs) {
    const Group group = group_of(belief);
    if (group.ctr.events > 0) common.ctr = group.ctr;
    if (group.sales.events > 0) common.sales = group.sales;
    if (group.roas.events > 0) common.roas = group.roas;
    if (group.roas.events > 0) common.order_unit = group.order_unit;
    if (group.cvr.events > 0) common.cvr = group.cvr;
    if (belief.hook) common.hook_phi = group.hook_phi;
    if (group.cpa > 0) common.cpa = group.cpa;
  }
  return common;
}

TEST(JudgeColumns, AgreesWithTheJudgementOfObjectsAdByAd) {
  std::map<Action, int> seen;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const learn::History history = some_history(seed, 400);
    const std::vector<Belief> beliefs = learn::beliefs(history, kToday, {});
    const AccountFacts facts = facts_of(history);
    const Policies policies;
    const Plan plan = judge(beliefs, policies, facts, Instant());

    AdColumns ads;
    for (const Belief& belief : beliefs) ads.add(case_of(belief), 0);
    const std::vector<Group> groups{common_group(beliefs)};
    const ColumnVerdicts columns = judge_columns(ads, groups, policies, facts.account, false);

    std::map<std::string, const PlanItem*> by_entity;
    for (const PlanItem& item : plan.items) by_entity[item.entity] = &item;
    ASSERT_EQ(by_entity.size(), beliefs.size());
    for (std::size_t i = 0; i < beliefs.size(); ++i) {
      const PlanItem& item = *by_entity.at(beliefs[i].id.text);
      ++seen[item.action];
      EXPECT_EQ(item.action, columns.verdicts[i].action) << item.reason;
      EXPECT_EQ(item.reason_code, to_string(columns.verdicts[i].reason));
      if (item.to) {
        EXPECT_EQ(item.to->micros, columns.shifts[i].to * 10'000);
      }
    }
  }
  for (Action action : {Action::kill, Action::promote, Action::increase_budget,
                        Action::decrease_budget, Action::keep, Action::wait}) {
    EXPECT_GT(seen[action], 0) << name_of(action);
  }
}

// The notes' rules as one would write them down, one ad at a time.
std::optional<Verdict> plain_kill(const Case& ad, double target) {
  if (ad.spend >= 100 && ad.arrived_conversions == 0) {
    return Verdict{Action::kill, Reason::no_conversions};
  }
  if (ad.spend >= 100 && ad.arrived_value / ad.spend < 0.5) {
    return Verdict{Action::kill, Reason::negative_roas};
  }
  if (ad.arrived_conversions >= 3 && ad.spend / ad.arrived_conversions > 3 * target) {
    return Verdict{Action::kill, Reason::high_cpa};
  }
  if (ad.settled_clicks >= 100 && ad.arrived_conversions / ad.settled_clicks < 0.005) {
    return Verdict{Action::kill, Reason::low_cvr};
  }
  if (ad.impressions >= 1000 && ad.clicks / ad.impressions < 0.005) {
    return Verdict{Action::kill, Reason::low_ctr};
  }
  return std::nullopt;
}

Verdict plain_verdict(const Case& ad, double control, double target) {
  if (const std::optional<Verdict> kill = plain_kill(ad, target)) return *kill;
  const double ctr = ad.clicks / ad.impressions;
  const double z = (ctr - control) / std::sqrt(control / ad.impressions);
  if (ad.impressions >= 1000 && ctr >= 1.2 * control && z > 1.645) {
    return {Action::promote, Reason::winner};
  }
  if (ad.spend >= 50 && ad.arrived_value / ad.spend < 1) {
    return {Action::decrease_budget, Reason::declining};
  }
  if (ad.spend >= 50 && ad.arrived_value / ad.spend >= 3) {
    return {Action::increase_budget, Reason::scaling};
  }
  return {Action::keep, Reason::maintaining};
}

TEST(ApplyRules, AgreesWithTheRulesWrittenDownOneByOne) {
  Group group;
  group.ctr = {.events = 100, .exposure = 10000};
  Policies policies;
  policies.target_cpa = 50;
  const std::vector<PlainRule> rules =
      plain_rules(group, limits_of(policies, group, Platform::meta));
  Rng rng(41);
  AdColumns ads;
  for (int i = 0; i < 5001; ++i) {  // Not a whole number of blocks.
    Case ad;
    ad.impressions = static_cast<double>(rng.below(20000));
    ad.clicks = std::floor(ad.impressions * 0.02 * rng.uniform());
    ad.settled_clicks = ad.clicks;
    ad.spend = 900 * rng.uniform();
    ad.arrived_conversions = static_cast<double>(rng.below(9));
    ad.arrived_value = 60.3 * ad.arrived_conversions * rng.uniform();
    if (rng.uniform() < 0.2) ad.arrived_value = kNotReported;
    if (rng.uniform() < 0.2) ad.arrived_conversions = kNotReported;
    if (rng.uniform() < 0.1) ad.clicks = kNotReported;
    ads.add(ad, 0);
  }
  std::vector<Verdict> verdicts(ads.size());
  apply_rules(rules, ads, verdicts);
  std::map<Reason, int> seen;
  for (std::size_t i = 0; i < ads.size(); ++i) {
    ++seen[verdicts[i].reason];
    EXPECT_EQ(verdicts[i], plain_verdict(ads.at(i), 0.01, 50)) << i;
  }
  EXPECT_EQ(seen.size(), 9U);
}

TEST(ApplyRules, NeverJudgeWhatWasNotReported) {
  AdColumns ads;
  ads.add(Case(), 0);
  std::vector<Verdict> verdicts(1);
  const Group group;
  apply_rules(plain_rules(group, limits_of(Policies(), group, Platform::meta)), ads, verdicts);
  EXPECT_EQ(verdicts[0], (Verdict{Action::keep, Reason::maintaining}));
}

}  // namespace
}  // namespace rf::decide
