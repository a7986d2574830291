#include "learn/ratio_check.h"

#include <cstddef>

#include "base/check.h"
#include "learn/special.h"

namespace rf::learn {

RatioCheck check_ratio(std::span<const double> trials, std::span<const double> shares) {
  constexpr double kBrokenBelow = 0.001;
  RF_CHECK(shares.empty() || shares.size() == trials.size());
  double total = 0;
  double weight = 0;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    RF_CHECK(trials[i] >= 0 && (shares.empty() || shares[i] > 0));
    total += trials[i];
    weight += shares.empty() ? 1 : shares[i];
  }
  RatioCheck check;
  if (trials.size() < 2 || total == 0) return check;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const double due = total * (shares.empty() ? 1 : shares[i]) / weight;
    check.chi_square += (trials[i] - due) * (trials[i] - due) / due;
  }
  const double freedom = static_cast<double>(trials.size() - 1);
  check.p_value = gamma_upper(freedom / 2, check.chi_square / 2);
  check.broken = check.p_value < kBrokenBelow;
  return check;
}

}  // namespace rf::learn
