#include "learn/overdispersion.h"

#include <algorithm>
#include <cmath>

#include "learn/rate_difference.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

Overdispersion estimate(double chi_square, std::size_t freedom) {
  if (freedom == 0) return {};
  const double count = static_cast<double>(freedom);
  Overdispersion found;
  found.raw = chi_square / count;
  found.phi = std::max(1.0, found.raw);
  found.likely = {.low = chi_square / (2 * gamma_quantile(count / 2, 0.975)),
                  .high = chi_square / (2 * gamma_quantile(count / 2, 0.025))};
  found.freedom = freedom;
  return found;
}

bool has_variance(double successes, double trials) { return successes > 0 && successes < trials; }

}  // namespace

Overdispersion overdispersion_from_twins(std::span<const TwinCount> pairs) {
  double sum = 0;
  std::size_t used = 0;
  for (const TwinCount& pair : pairs) {
    if (pair.first.trials <= 0 || pair.second.trials <= 0) continue;
    if (!has_variance(pair.first.successes + pair.second.successes,
                      pair.first.trials + pair.second.trials)) {
      continue;
    }
    const double z = difference_z({.arm = pair.first, .control = pair.second, .phi = 1});
    sum += z * z;
    ++used;
  }
  return estimate(sum, used);
}

Overdispersion overdispersion_pearson(std::span<const RateCount> counts) {
  double successes = 0;
  double trials = 0;
  std::size_t used = 0;
  for (const RateCount& count : counts) {
    successes += count.successes;
    trials += count.trials;
    used += count.trials > 0 ? 1 : 0;
  }
  if (used < 2 || !has_variance(successes, trials)) return {};
  const double rate = successes / trials;
  double chi_square = 0;
  for (const RateCount& count : counts) {
    if (count.trials <= 0) continue;
    const double miss = count.successes - count.trials * rate;
    chi_square += miss * miss / (count.trials * rate * (1 - rate));
  }
  return estimate(chi_square, used - 1);
}

}  // namespace rf::learn
