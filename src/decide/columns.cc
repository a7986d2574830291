#include "decide/columns.h"

#include <algorithm>
#include <cmath>
#include <cstring>

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
    &Case::matched_events,
    &Case::matched_expected,
    &Case::matched_control,
};

// Two numbers at a time: what every 64-bit processor of our platforms has. Written with the
// compiler's vectors because neither compiler finds them by itself around a condition that keeps
// the old value. Wider vectors gain nothing: the columns come from memory.
constexpr std::size_t kLanes = 2;
using Numbers = double __attribute__((vector_size(kLanes * sizeof(double))));
using Codes = std::int64_t __attribute__((vector_size(kLanes * sizeof(std::int64_t))));

Numbers load(const double* from) {
  Numbers numbers;
  std::memcpy(&numbers, from, sizeof numbers);
  return numbers;
}

struct BlockRule {
  const double* gate = nullptr;
  const double* left = nullptr;
  const double* right = nullptr;
  PlainRule rule;
  std::int64_t code = 0;
};

// One rule over one block; `Holds` is inlined into the loop. A comparison with NaN is false, so
// null never decides.
template <typename Holds>
void sweep(const BlockRule& block, std::span<Codes> codes, Holds holds) {
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const std::size_t at = i * kLanes;
    const Codes open = load(block.gate + at) >= block.rule.gate_min;
    const Codes mask = open & holds(load(block.left + at), load(block.right + at));
    codes[i] = (mask & block.code) | (~mask & codes[i]);
  }
}

void sweep(const BlockRule& block, std::span<Codes> codes) {
  const double factor = block.rule.factor;
  const double lifted = 1 + block.rule.lift;
  const double z2 = block.rule.z * block.rule.z;
  switch (block.rule.test) {
    case PlainRule::Test::below:
      sweep(block, codes, [=](Numbers left, Numbers right) { return left < factor * right; });
      break;
    case PlainRule::Test::at_least:
      sweep(block, codes, [=](Numbers left, Numbers right) { return left >= factor * right; });
      break;
    case PlainRule::Test::beyond_noise:
      // (x - m)^2 > z^2 m is x - m > z sqrt(m) where x > m, without the root.
      sweep(block, codes, [=](Numbers left, Numbers right) {
        const Numbers expected = factor * right;
        const Numbers more = left - expected;
        return (left >= lifted * expected) & (more * more > z2 * expected);
      });
      break;
  }
}

std::int64_t code_of(Verdict verdict) {
  return static_cast<std::int64_t>(verdict.action) << 8 | static_cast<std::int64_t>(verdict.reason);
}

Verdict verdict_of(std::int64_t code) {
  return {static_cast<Action>(code >> 8), static_cast<Reason>(code & 255)};
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
  std::array<Codes, kBlock / kLanes> codes{};
  std::array<std::array<double, kBlock>, 3> padded{};
  const std::int64_t none = code_of({Action::keep, Reason::maintaining});
  for (std::size_t first = 0; first < ads.size(); first += kBlock) {
    const std::size_t n = std::min(kBlock, ads.size() - first);
    codes.fill(Codes{none, none});
    for (const PlainRule& rule : rules) {
      std::array<const double*, 3> parts{ads.of(rule.gate).data() + first,
                                         ads.of(rule.left).data() + first,
                                         ads.of(rule.right).data() + first};
      // The last block is not whole: it is judged on a copy, whose end nobody reads.
      for (std::size_t part = 0; n < kBlock && part < parts.size(); ++part) {
        padded[part].fill(kNotReported);
        std::copy_n(parts[part], n, padded[part].data());
        parts[part] = padded[part].data();
      }
      sweep({parts[0], parts[1], parts[2], rule, code_of(rule.verdict)}, codes);
    }
    for (std::size_t i = 0; i < n; ++i) {
      verdicts[first + i] = verdict_of(codes[i / kLanes][i % kLanes]);
    }
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
    settle_budget(judgements, result.shifts,
                  budget_limits(policies, limits.front().step, min_budget, account.currency));
  }
  result.verdicts.reserve(ads.size());
  for (const Judgement& judgement : judgements) result.verdicts.push_back(judgement.verdict);
  return result;
}

}  // namespace rf::decide
