#include "learn/allocation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "base/check.h"
#include "learn/best_arm.h"
#include "learn/beta_draw.h"

namespace rf::learn {
namespace {

// An arm so far behind is best less than once in a million draws, and is not drawn.
constexpr double kBehind = 5;

constexpr std::int64_t kAmountMax = std::numeric_limits<std::int64_t>::max();

BetaPosterior tempered(const BetaPosterior& belief, double temper) {
  return {.a = temper * belief.a, .b = temper * belief.b, .n = belief.n};
}

template <typename Draws>
std::size_t best_of(const Draws& draws, Rng& rng) {
  std::size_t best = 0;
  double highest = draws.front()(rng);
  for (std::size_t k = 1; k < draws.size(); ++k) {
    const double value = draws[k](rng);
    if (value > highest) {
      highest = value;
      best = k;
    }
  }
  return best;
}

// The arms of one regime that may be best at all.
struct Contenders {
  std::vector<std::size_t> arm;
  std::vector<BetaDraw> draws;

  Contenders(const std::vector<BetaPosterior>& beliefs, double temper) {
    std::vector<BetaDraw> all;
    all.reserve(beliefs.size());
    for (const BetaPosterior& belief : beliefs) all.emplace_back(tempered(belief, temper));
    const BetaDraw& leader =
        *std::max_element(all.begin(), all.end(),
                          [](const BetaDraw& x, const BetaDraw& y) { return x.mean() < y.mean(); });
    for (std::size_t k = 0; k < all.size(); ++k) {
      const double gap = leader.mean() - all[k].mean();
      if (gap > kBehind * std::hypot(leader.deviation(), all[k].deviation())) continue;
      arm.push_back(k);
      draws.push_back(all[k]);
    }
  }

  std::size_t best(Rng& rng) const { return arm.size() == 1 ? arm[0] : arm[best_of(draws, rng)]; }
};

// ROAS as a ratio of gammas.
class RoasDraw {
 public:
  RoasDraw(const RoasPosterior& belief, double temper)
      : a_(temper * belief.a), b_(temper * belief.b), scale_(belief.scale) {}

  double operator()(Rng& rng) const { return scale_ * rng.gamma(a_) / rng.gamma(b_); }

 private:
  double a_;
  double b_;
  double scale_;
};

void lift_to_floor(std::vector<double>& shares, double floor) {
  const double each = floor / static_cast<double>(shares.size());
  for (double& share : shares) share = (1 - floor) * share + each;
}

void check_rule(const AllocationRule& rule) {
  RF_CHECK(rule.temper > 0 && rule.prior_trust > 0 && rule.draws >= 1);
  RF_CHECK(rule.floor >= 0 && rule.floor <= 1);
}

// Amounts inside their bounds that sum to `total` as nearly as doubles can.
std::vector<double> projected(double total, std::span<const double> wanted,
                              std::span<const Bounds> bounds) {
  std::vector<double> amounts(wanted.size());
  auto sum_at = [&](double shift) {
    double sum = 0;
    for (std::size_t k = 0; k < wanted.size(); ++k) {
      amounts[k] = std::clamp(wanted[k] - shift, static_cast<double>(bounds[k].low),
                              static_cast<double>(bounds[k].high));
      sum += amounts[k];
    }
    return sum;
  };
  double low = 0;
  double high = 0;
  for (std::size_t k = 0; k < wanted.size(); ++k) {
    low = std::min(low, wanted[k] - static_cast<double>(bounds[k].high));
    high = std::max(high, wanted[k] - static_cast<double>(bounds[k].low));
  }
  // 200 halvings end below the last digit of any double.
  for (int i = 0; i < 200 && low < high; ++i) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    (sum_at(middle) > total ? low : high) = middle;
  }
  sum_at(low + (high - low) / 2);
  return amounts;
}

}  // namespace

std::vector<double> thompson_shares(const ArmMemory& memory, const AllocationRule& rule, Rng& rng) {
  check_rule(rule);
  std::vector<double> shares(memory.arms(), 0);
  const double each = 1.0 / rule.draws;
  double upto = 0;
  int drawn = 0;
  for (const Regime& regime : memory.regimes(rule.prior_trust)) {
    // Draws go to the regimes by their weights, in order: no chance is spent on which.
    upto += regime.weight;
    if (drawn == rule.draws || (drawn + 0.5) * each > upto) continue;
    const Contenders contenders(regime.arms, rule.temper);
    for (; drawn < rule.draws && (drawn + 0.5) * each <= upto; ++drawn) {
      shares[contenders.best(rng)] += each;
    }
  }
  // Weights sum to 1 but for rounding; a draw left over by it goes as the last regime would.
  if (drawn < rule.draws) {
    const double kept = drawn * each;
    for (double& share : shares) share /= kept;
  }
  lift_to_floor(shares, rule.floor);
  return shares;
}

std::vector<double> thompson_shares_exactly(const ArmMemory& memory, const AllocationRule& rule) {
  check_rule(rule);
  std::vector<double> shares(memory.arms(), 0);
  for (Regime& regime : memory.regimes(rule.prior_trust)) {
    for (BetaPosterior& belief : regime.arms) belief = tempered(belief, rule.temper);
    const std::vector<ArmChance> chances = compare_arms(regime.arms);
    for (std::size_t k = 0; k < shares.size(); ++k) shares[k] += regime.weight * chances[k].best;
  }
  lift_to_floor(shares, rule.floor);
  return shares;
}

std::vector<double> thompson_shares(std::span<const RoasPosterior> arms, const AllocationRule& rule,
                                    Rng& rng) {
  check_rule(rule);
  RF_CHECK(!arms.empty());
  std::vector<RoasDraw> draws;
  draws.reserve(arms.size());
  for (const RoasPosterior& belief : arms) draws.emplace_back(belief, rule.temper);
  std::vector<double> shares(arms.size(), 0);
  for (int i = 0; i < rule.draws; ++i) shares[best_of(draws, rng)] += 1.0 / rule.draws;
  lift_to_floor(shares, rule.floor);
  return shares;
}

std::vector<double> top_two_shares(std::span<const double> best_chances) {
  RF_CHECK(best_chances.size() >= 2);
  const double sum = std::accumulate(best_chances.begin(), best_chances.end(), 0.0);
  RF_CHECK(std::abs(sum - 1) < 1e-6);
  std::vector<double> shares(best_chances.size(), 0);
  for (std::size_t j = 0; j < shares.size(); ++j) {
    shares[j] += best_chances[j] / 2;
    double others = 0;
    for (std::size_t k = 0; k < shares.size(); ++k) others += k == j ? 0 : best_chances[k];
    for (std::size_t k = 0; k < shares.size(); ++k) {
      if (k == j) continue;
      // With a leader beyond doubt there is no likeliest challenger: all are alike.
      const double challenger =
          others > 0 ? best_chances[k] / others : 1 / static_cast<double>(shares.size() - 1);
      shares[k] += best_chances[j] * challenger / 2;
    }
  }
  return shares;
}

namespace {

// What rounding left over goes out unit by unit, to the arms that lost most first; amounts beyond
// 2^53 may leave more than one each, hence the rounds.
// REQUIRES: bounds that hold the total.
void hand_out(std::int64_t left, const std::vector<double>& amounts, std::span<const Bounds> bounds,
              std::vector<std::int64_t>& split) {
  std::vector<std::size_t> order(split.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
    return amounts[x] - std::floor(amounts[x]) > amounts[y] - std::floor(amounts[y]);
  });
  while (left != 0) {
    const std::int64_t step = left > 0 ? 1 : -1;
    for (std::size_t k : order) {
      if (left == 0) break;
      if (split[k] + step < bounds[k].low || split[k] + step > bounds[k].high) continue;
      split[k] += step;
      left -= step;
    }
  }
}

}  // namespace

Result<std::vector<std::int64_t>> split_total(std::int64_t total, std::span<const double> wanted,
                                              std::span<const Bounds> bounds) {
  RF_CHECK(wanted.size() == bounds.size());
  std::int64_t low = 0;
  std::int64_t high = 0;
  for (std::size_t k = 0; k < wanted.size(); ++k) {
    RF_CHECK(std::isfinite(wanted[k]) && bounds[k].low >= 0 && bounds[k].low <= bounds[k].high);
    // Sums beyond 64 bits hold any total.
    if (__builtin_add_overflow(low, bounds[k].low, &low)) low = kAmountMax;
    if (__builtin_add_overflow(high, bounds[k].high, &high)) high = kAmountMax;
  }
  if (total < low || total > high) {
    return fail(ErrorCode::invalid,
                fmt::format("a total of {} cannot be split: the arms' bounds hold {} to {}", total,
                            low, high));
  }
  const std::vector<double> amounts = projected(static_cast<double>(total), wanted, bounds);
  std::vector<std::int64_t> split(wanted.size());
  std::int64_t left = total;
  for (std::size_t k = 0; k < split.size(); ++k) {
    split[k] = std::clamp(static_cast<std::int64_t>(std::floor(amounts[k])), bounds[k].low,
                          bounds[k].high);
    left -= split[k];
  }
  hand_out(left, amounts, bounds, split);
  return split;
}

}  // namespace rf::learn
