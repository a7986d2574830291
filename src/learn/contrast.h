// One number of two sets of things: how far apart their means are, and whether that may be chance.

#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace rf::learn {

struct Contrast {
  double first = 0;  // Mean of either set.
  double second = 0;
  double difference = 0;  // First less second, with its 90 % interval.
  double low = 0;
  double high = 0;
  // The difference in the sets' common standard deviation, corrected for small sets (Hedges' g).
  double effect = 0;
  double p = 1;  // Two-sided, of no difference.
  std::int64_t n_first = 0;
  std::int64_t n_second = 0;
};

// None where either set has fewer than three, or neither varies: then no spread can be told.
// Variances are not taken to be equal.
// REQUIRES: finite.
// Source: Welch 1947, doi:10.1093/biomet/34.1-2.28; Hedges 1981, doi:10.3102/10769986006002107.
std::optional<Contrast> contrast(std::span<const double> first, std::span<const double> second);

}  // namespace rf::learn
