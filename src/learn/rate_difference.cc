#include "learn/rate_difference.h"

#include <cmath>
#include <limits>

#include "base/check.h"
#include "learn/special.h"

namespace rf::learn {

double difference_z(const Comparison& counts) {
  const RateCount& arm = counts.arm;
  const RateCount& control = counts.control;
  RF_CHECK(counts.phi >= 1);
  RF_CHECK(arm.successes >= 0 && arm.successes <= arm.trials);
  RF_CHECK(control.successes >= 0 && control.successes <= control.trials);
  if (arm.trials == 0 || control.trials == 0) return 0;
  const double pooled = (arm.successes + control.successes) / (arm.trials + control.trials);
  const double variance =
      counts.phi * pooled * (1 - pooled) * (1 / arm.trials + 1 / control.trials);
  if (variance <= 0) return 0;
  const double difference = arm.successes / arm.trials - control.successes / control.trials;
  return difference / std::sqrt(variance);
}

RateVerdict may_reject(const Comparison& counts, const TestRule& rule,
                       std::optional<std::size_t> look) {
  RateVerdict verdict;
  verdict.z = difference_z(counts);
  if (look) {
    RF_CHECK(*look < rule.plan.boundary.size());
    verdict.boundary = rule.plan.boundary[*look];
    verdict.p_value = 2 * normal_above(std::abs(verdict.z));
  } else if (counts.arm.trials > 0 && counts.control.trials > 0) {
    const double n = (counts.arm.trials + counts.control.trials) / counts.phi;
    verdict.boundary = anytime_boundary(n, rule.anytime);
    verdict.p_value = anytime_p_value(anytime_log_e(verdict.z, n, rule.anytime));
  } else {
    verdict.boundary = std::numeric_limits<double>::infinity();
  }
  verdict.reject = std::abs(verdict.z) > verdict.boundary;
  return verdict;
}

}  // namespace rf::learn
