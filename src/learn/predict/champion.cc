#include "learn/predict/champion.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "base/check.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

ContestResult compare(std::span<const double> live, std::span<const double> other,
                      std::span<const std::uint64_t> days, const ContestRules& rules) {
  RF_CHECK(live.size() == other.size());
  ContestResult result;
  if (live.size() < std::max(rules.rows_min, std::size_t{2})) return result;
  result.verdict = Contest::keep;
  result.gap = clustered_difference(other, live, days, rules.mass);
  const double loss =
      std::accumulate(live.begin(), live.end(), 0.0) / static_cast<double>(live.size());
  result.improvement = loss != 0 ? -result.gap.mean / std::abs(loss) : 0;
  return result;
}

}  // namespace

std::string_view to_string(Contest contest) {
  switch (contest) {
    case Contest::too_few: return "too_few";
    case Contest::keep: return "keep";
    case Contest::promote: return "promote";
    case Contest::roll_back: return "roll_back";
  }
  check_failed(__FILE__, __LINE__, "contest has a name");
}

PairedDifference clustered_difference(std::span<const double> a, std::span<const double> b,
                                      std::span<const std::uint64_t> clusters, double mass) {
  if (clusters.empty()) return paired_difference(a, b, mass);
  RF_CHECK(a.size() == b.size() && a.size() == clusters.size() && !a.empty());
  PairedDifference found{.n = static_cast<double>(a.size())};
  for (std::size_t i = 0; i < a.size(); ++i) found.mean += (a[i] - b[i]) / found.n;
  std::map<std::uint64_t, double> sums;
  for (std::size_t i = 0; i < a.size(); ++i) sums[clusters[i]] += a[i] - b[i] - found.mean;
  double squares = 0;
  for (const auto& [cluster, sum] : sums) squares += sum * sum;
  const double groups = static_cast<double>(sums.size());
  // The usual correction for few clusters; one cluster tells nothing of how clusters differ.
  const double error = groups > 1 ? std::sqrt(squares * groups / (groups - 1)) / found.n
                                  : std::numeric_limits<double>::infinity();
  const double reach = normal_quantile((1 + mass) / 2) * error;
  found.interval = {.low = found.mean - reach, .high = found.mean + reach};
  return found;
}

ContestResult challenge(std::span<const double> live, std::span<const double> challenger,
                        std::span<const std::uint64_t> days, const ContestRules& rules) {
  ContestResult result = compare(live, challenger, days, rules);
  if (result.verdict == Contest::keep && result.gap.interval.high < 0 &&
      result.improvement >= rules.improvement_min) {
    result.verdict = Contest::promote;
  }
  return result;
}

ContestResult reconsider(std::span<const double> live, std::span<const double> previous,
                         std::span<const std::uint64_t> days, const ContestRules& rules) {
  ContestResult result = compare(live, previous, days, rules);
  if (result.verdict == Contest::keep && result.gap.interval.high < 0) {
    result.verdict = Contest::roll_back;
  }
  return result;
}

}  // namespace rf::learn
