#include "learn/contrast.h"

#include <cmath>

#include "learn/within.h"

namespace rf::learn {
namespace {

constexpr std::size_t kSetMin = 3;

// An interval of 90 %.
constexpr double kMiss = 0.1;

struct Moments {
  double n = 0;
  double mean = 0;
  double variance = 0;
};

Moments moments_of(std::span<const double> values) {
  Moments moments{.n = static_cast<double>(values.size())};
  for (double value : values) moments.mean += value / moments.n;
  for (double value : values) moments.variance += std::pow(value - moments.mean, 2);
  moments.variance /= moments.n - 1;
  return moments;
}

}  // namespace

std::optional<Contrast> contrast(std::span<const double> first, std::span<const double> second) {
  if (first.size() < kSetMin || second.size() < kSetMin) return std::nullopt;
  const Moments a = moments_of(first);
  const Moments b = moments_of(second);
  const double of_a = a.variance / a.n;
  const double of_b = b.variance / b.n;
  if (of_a + of_b <= 0) return std::nullopt;
  // Satterthwaite's freedom of the difference.
  const double freedom =
      std::pow(of_a + of_b, 2) / (of_a * of_a / (a.n - 1) + of_b * of_b / (b.n - 1));
  const GroupEffect effect{.testable = true,
                           .effect = a.mean - b.mean,
                           .error = std::sqrt(of_a + of_b),
                           .freedom = freedom};
  const double half = half_width(effect, kMiss);
  const double pooled =
      std::sqrt(((a.n - 1) * a.variance + (b.n - 1) * b.variance) / (a.n + b.n - 2));
  const double correction = 1 - 3 / (4 * (a.n + b.n) - 9);
  return Contrast{.first = a.mean,
                  .second = b.mean,
                  .difference = effect.effect,
                  .low = effect.effect - half,
                  .high = effect.effect + half,
                  .effect = correction * effect.effect / pooled,
                  .p = two_sided_p(effect),
                  .n_first = static_cast<std::int64_t>(first.size()),
                  .n_second = static_cast<std::int64_t>(second.size())};
}

}  // namespace rf::learn
