#include "learn/bag.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace rf::learn {
namespace {

// With rarer successes than this, places that were drawn already are met seldom.
constexpr std::int64_t kRare = 8;

// Trial by trial, by what is left of successes and trials.
std::vector<std::int64_t> places_by_walking(std::int64_t trials, std::int64_t successes,
                                            std::int64_t upto, Rng& rng) {
  std::vector<std::int64_t> places;
  for (std::int64_t i = 0; i < std::min(upto, trials) && successes > 0; ++i) {
    if (rng.below(static_cast<std::uint64_t>(trials - i)) >=
        static_cast<std::uint64_t>(successes)) {
      continue;
    }
    places.push_back(i);
    --successes;
  }
  return places;
}

}  // namespace

std::vector<std::int64_t> shuffled_places(const RateCount& bag, std::int64_t upto, Rng& rng) {
  RF_CHECK(bag.successes >= 0 && bag.successes <= bag.trials);
  const auto trials = static_cast<std::int64_t>(bag.trials);
  const auto successes = static_cast<std::int64_t>(bag.successes);
  if (successes * kRare > trials) return places_by_walking(trials, successes, upto, rng);
  std::vector<std::int64_t> places;
  while (static_cast<std::int64_t>(places.size()) < successes) {
    // Draws that fell on a taken place are made again.
    for (auto i = static_cast<std::int64_t>(places.size()); i < successes; ++i) {
      places.push_back(static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(trials))));
    }
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
  }
  places.erase(std::lower_bound(places.begin(), places.end(), upto), places.end());
  return places;
}

std::vector<std::int64_t> stream_places(double rate, std::int64_t upto, Rng& rng) {
  RF_CHECK(rate >= 0 && rate <= 1);
  std::vector<std::int64_t> places;
  if (rate <= 0) return places;
  const double slope = std::log1p(-rate);
  for (double at = 0;; ++at) {
    if (rate < 1) at += std::floor(std::log(1 - rng.uniform()) / slope);
    if (at >= static_cast<double>(upto)) return places;
    places.push_back(static_cast<std::int64_t>(at));
  }
}

}  // namespace rf::learn
