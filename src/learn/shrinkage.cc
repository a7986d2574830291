#include "learn/shrinkage.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

// Mean and variance of ln(rate).
struct LogMoments {
  double mean = 0;
  double variance = 0;
};

LogMoments log_moments(const BetaPosterior& belief) {
  const double total = belief.a + belief.b;
  return {.mean = digamma(belief.a) - digamma(total),
          .variance = trigamma(belief.a) - trigamma(total)};
}

Interval lift_interval(double log_ratio, double variance, double mass) {
  RF_CHECK(mass > 0 && mass < 1);
  const double reach = normal_quantile((1 + mass) / 2) * std::sqrt(variance);
  return {.low = std::expm1(log_ratio - reach), .high = std::expm1(log_ratio + reach)};
}

double raw_rate(RateCount count) { return count.trials > 0 ? count.successes / count.trials : 0; }

double pooled_rate(std::span<const RateCount> arms) {
  RateCount total;
  for (const RateCount& arm : arms) {
    total.successes += arm.successes;
    total.trials += arm.trials;
  }
  // Half a success keeps the prior's parameters above 0.
  return (total.successes + 0.5) / (total.trials + 1);
}

}  // namespace

std::vector<BetaPosterior> shrink_arms(std::span<const RateCount> arms, double strength,
                                       double phi) {
  RF_CHECK(strength > 0);
  const double center = pooled_rate(arms);
  const BetaPrior prior{.a = strength * center, .b = strength * (1 - center)};
  std::vector<BetaPosterior> beliefs;
  beliefs.reserve(arms.size());
  for (const RateCount& arm : arms) beliefs.push_back(rate_posterior(arm, prior, phi));
  return beliefs;
}

ShrunkLift lift_between(const BetaPosterior& arm, const BetaPosterior& against, double mass) {
  const LogMoments top = log_moments(arm);
  const LogMoments bottom = log_moments(against);
  ShrunkLift found;
  found.lift = mean(arm) / mean(against) - 1;
  found.interval = lift_interval(top.mean - bottom.mean, top.variance + bottom.variance, mass);
  return found;
}

WinnerLift lift_of_winner(std::span<const RateCount> arms, double strength, double phi,
                          double mass) {
  RF_CHECK(!arms.empty());
  WinnerLift found;
  const std::vector<BetaPosterior> beliefs = shrink_arms(arms, strength, phi);
  double sum = 0;
  double raw_sum = 0;
  for (std::size_t i = 0; i < arms.size(); ++i) {
    sum += mean(beliefs[i]);
    raw_sum += raw_rate(arms[i]);
    if (mean(beliefs[i]) > mean(beliefs[found.winner])) found.winner = i;
  }
  const double count = static_cast<double>(arms.size());
  const BetaPosterior& best = beliefs[found.winner];
  // The mean of all arms is known so much better than the winner that its own doubt is left out.
  const LogMoments top = log_moments(best);
  found.rate = mean(best);
  found.lift.lift = mean(best) * count / sum - 1;
  found.lift.interval = lift_interval(top.mean - std::log(sum / count), top.variance, mass);
  found.raw_lift = raw_sum > 0 ? raw_rate(arms[found.winner]) * count / raw_sum - 1 : 0;
  return found;
}

}  // namespace rf::learn
