#include "decide/columns.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "decide/words.h"

namespace rf::decide {
namespace {

// Four columns and the verdicts of a block fit in 32 KiB of first-level cache.
constexpr std::size_t kBlock = 512;

constexpr std::array<double Case::*, kColumnCount> kMembers{
    &Case::impressions,
    &Case::clicks,
    &Case::spend,
    &Case::settled_clicks,
    &Case::settled_spend,
    &Case::settled_conversions,
    &Case::settled_value,
    &Case::arrived_conversions,
    &Case::arrived_value,
    &Case::spend_per_day,
    &Case::age_days,
    &Case::recent_impressions,
    &Case::recent_clicks,
    &Case::recent_hooks,
    &Case::before_impressions,
    &Case::before_clicks,
    &Case::before_hooks,
};

// One rule over one block. The choice of the test is outside the loop, so that each loop is plain
// enough for the compiler to use vectors; a comparison with NaN is false, so null never decides.
struct BlockRule {
  const double* gate;
  const double* left;
  const double* right;
  double gate_min;
  double factor;
  double lifted;
  double z2;
  std::int64_t code;
};

void below(const BlockRule& rule, std::size_t n, std::int64_t* __restrict codes) {
  for (std::size_t i = 0; i < n; ++i) {
    const bool holds =
        (rule.gate[i] >= rule.gate_min) & (rule.left[i] < rule.factor * rule.right[i]);
    codes[i] = holds ? rule.code : codes[i];
  }
}

void at_least(const BlockRule& rule, std::size_t n, std::int64_t* __restrict codes) {
  for (std::size_t i = 0; i < n; ++i) {
    const bool holds =
        (rule.gate[i] >= rule.gate_min) & (rule.left[i] >= rule.factor * rule.right[i]);
    codes[i] = holds ? rule.code : codes[i];
  }
}

// (x - m)^2 > z^2 m is x - m > z sqrt(m) where x > m, without the root.
void beyond_noise(const BlockRule& rule, std::size_t n, std::int64_t* __restrict codes) {
  for (std::size_t i = 0; i < n; ++i) {
    const double expected = rule.factor * rule.right[i];
    const double more = rule.left[i] - expected;
    const bool holds = (rule.gate[i] >= rule.gate_min) & (rule.left[i] >= rule.lifted * expected) &
                       (more * more > rule.z2 * expected);
    codes[i] = holds ? rule.code : codes[i];
  }
}

std::int64_t code_of(Verdict verdict) {
  return static_cast<std::int64_t>(verdict.action) * 256 +
         static_cast<std::int64_t>(verdict.reason);
}

Verdict verdict_of(std::int64_t code) {
  return {static_cast<Action>(code / 256), static_cast<Reason>(code % 256)};
}

void apply(const PlainRule& rule, const AdColumns& ads, std::size_t first, std::size_t n,
           std::int64_t* codes) {
  const BlockRule block{ads.of(rule.gate).data() + first,
                        ads.of(rule.left).data() + first,
                        ads.of(rule.right).data() + first,
                        rule.gate_min,
                        rule.factor,
                        1 + rule.lift,
                        rule.z * rule.z,
                        code_of(rule.verdict)};
  switch (rule.test) {
    case PlainRule::Test::below: return below(block, n, codes);
    case PlainRule::Test::at_least: return at_least(block, n, codes);
    case PlainRule::Test::beyond_noise: return beyond_noise(block, n, codes);
  }
}

}  // namespace

void AdColumns::add(const Case& ad, std::uint32_t its_group) {
  for (std::size_t i = 0; i < kColumnCount; ++i) columns[i].push_back(ad.*kMembers[i]);
  group.push_back(its_group);
}

Case AdColumns::at(std::size_t row) const {
  Case ad;
  for (std::size_t i = 0; i < kColumnCount; ++i) ad.*kMembers[i] = columns[i][row];
  return ad;
}

std::vector<PlainRule> plain_rules(const Group& group, const Limits& limits) {
  using enum Column;
  using Test = PlainRule::Test;
  const Policies& policies = limits.policies;
  const KillPolicy& kill = policies.kill;
  const BudgetPolicy& budget = policies.budget;
  const double control = group.ctr.events / group.ctr.exposure;
  // One-sided 95 %. Source: the standard normal table.
  constexpr double kZ = 1.645;
  auto kill_below = [](Column gate, double gate_min, Column left, Column right, double factor,
                       Reason reason) {
    return PlainRule{gate, gate_min, Test::below,           left, right, factor,
                     0,    0,        {Action::kill, reason}};
  };
  return {
      PlainRule{spend,
                budget.min_spend,
                Test::at_least,
                arrived_value,
                spend,
                budget.scale_roas,
                0,
                0,
                {Action::increase_budget, Reason::scaling}},
      PlainRule{spend,
                budget.min_spend,
                Test::below,
                arrived_value,
                spend,
                budget.loser_roas,
                0,
                0,
                {Action::decrease_budget, Reason::declining}},
      PlainRule{impressions,
                policies.promote.impressions,
                Test::beyond_noise,
                clicks,
                impressions,
                control,
                policies.promote.lift,
                kZ,
                {Action::promote, Reason::winner}},
      kill_below(impressions, kill.ctr_impressions, clicks, impressions, kill.ctr_min,
                 Reason::low_ctr),
      kill_below(settled_clicks, kill.cvr_clicks, arrived_conversions, settled_clicks, kill.cvr_min,
                 Reason::low_cvr),
      kill_below(arrived_conversions, kill.cpa_conversions, arrived_conversions, spend,
                 1 / (kill.cpa_multiple * limits.target_cpa), Reason::high_cpa),
      kill_below(spend, kill.roas_spend, arrived_value, spend, kill.roas_min,
                 Reason::negative_roas),
      // A trace of one conversion is none.
      kill_below(spend, kill.no_conversions_spend, arrived_conversions, spend, 1e-12,
                 Reason::no_conversions),
  };
}

void apply_rules(std::span<const PlainRule> rules, const AdColumns& ads,
                 std::span<Verdict> verdicts) {
  RF_CHECK(verdicts.size() == ads.size());
  std::array<std::int64_t, kBlock> codes;
  for (std::size_t first = 0; first < ads.size(); first += kBlock) {
    const std::size_t n = std::min(kBlock, ads.size() - first);
    codes.fill(code_of({Action::keep, Reason::maintaining}));
    for (const PlainRule& rule : rules) apply(rule, ads, first, n, codes.data());
    for (std::size_t i = 0; i < n; ++i) verdicts[first + i] = verdict_of(codes[i]);
  }
}

ColumnVerdicts judge_columns(const AdColumns& ads, std::span<const Group> groups,
                             const Policies& policies, const Account& account,
                             bool tracking_broken) {
  std::vector<Limits> limits;
  double min_budget = 0;
  for (const Group& group : groups) {
    limits.push_back(limits_of(policies, group, account.platform));
    min_budget = std::max(min_budget, limits.back().policies.budget.min_budget);
  }
  std::vector<Judgement> judgements(ads.size());
  ColumnVerdicts result;
  result.shifts.resize(ads.size());
  for (std::size_t i = 0; i < ads.size(); ++i) {
    const std::uint32_t group = ads.group[i];
    RF_CHECK(group < groups.size());
    const Case ad = ads.at(i);
    judgements[i] = judge_case(ad, groups[group], limits[group], tracking_broken);
    if (ad.spend_per_day > 0) {
      result.shifts[i].from = to_minor(ad.spend_per_day, account.currency);
    }
  }
  settle_promotions(judgements, policies.promote.confidence);
  if (!limits.empty()) {
    settle_budget(judgements, result.shifts, limits.front().step,
                  to_minor(min_budget, account.currency));
  }
  result.verdicts.reserve(ads.size());
  for (const Judgement& judgement : judgements) result.verdicts.push_back(judgement.verdict);
  return result;
}

}  // namespace rf::decide
