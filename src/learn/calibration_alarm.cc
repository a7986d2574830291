#include "learn/calibration_alarm.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

// Chosen: beyond it the poorest bet but the first is closed; its stake is lost, which is fair.
constexpr std::size_t kBetsMax = 64;

// Between successes wealth moves slowly, so looking now and then loses little.
constexpr std::int64_t kLookEvery = 16;

double log_growth(double shape, double observed, double expected) {
  return log_rising(shape, observed) + shape * std::log(shape) -
         (shape + observed) * std::log(shape + expected) + expected;
}

}  // namespace

CalibrationAlarm::CalibrationAlarm(const CalibrationRule& rule) : rule_(rule) {
  RF_CHECK(rule.alpha > 0 && rule.alpha < 1 && rule.shape > 0 && rule.bet_every >= 1);
  RF_CHECK(rule.first_stake > 0 && rule.first_stake <= 1);
  bets_.push_back({.log_stake = std::log(rule.first_stake)});
}

// Stakes fall as j^-1.5 in the end, and sum to 1 over all j, being differences of 3/sqrt(j + 8).
void CalibrationAlarm::open_bet() {
  if (rule_.first_stake >= 1) return;
  ++opened_;
  const auto number = static_cast<double>(opened_);
  const double share = 3 / std::sqrt(number + 8) - 3 / std::sqrt(number + 9);
  const double stake = (1 - rule_.first_stake) * share;
  bets_.push_back({.log_stake = std::log(stake), .observed = observed_, .expected = expected_});
  if (bets_.size() <= kBetsMax) return;
  auto wealth = [&](const Bet& bet) {
    return bet.log_stake +
           log_growth(rule_.shape, observed_ - bet.observed, expected_ - bet.expected);
  };
  bets_.erase(std::min_element(bets_.begin() + 1, bets_.end() - 1,
                               [&](const Bet& x, const Bet& y) { return wealth(x) < wealth(y); }));
}

void CalibrationAlarm::look() {
  std::vector<double> wealth;
  wealth.reserve(bets_.size());
  for (const Bet& bet : bets_) {
    wealth.push_back(bet.log_stake +
                     log_growth(rule_.shape, observed_ - bet.observed, expected_ - bet.expected));
  }
  const auto richest = std::max_element(wealth.begin(), wealth.end());
  const Bet& bet = bets_[static_cast<std::size_t>(richest - wealth.begin())];
  too_high_ = observed_ - bet.observed < expected_ - bet.expected;
  double sum = 0;
  for (double each : wealth) sum += std::exp(each - *richest);
  log_wealth_ = *richest + std::log(sum);
  raised_ = raised_ || log_wealth_ >= -std::log(rule_.alpha);
}

bool CalibrationAlarm::add(double prediction, bool outcome) {
  RF_CHECK(prediction >= 0 && prediction <= 1);
  if (seen_ > 0 && seen_ % rule_.bet_every == 0) open_bet();
  ++seen_;
  expected_ += prediction;
  observed_ += outcome ? 1 : 0;
  if (outcome || seen_ % kLookEvery == 0) look();
  return raised_;
}

double stability_index(std::span<const double> reference, std::span<const double> stream) {
  RF_CHECK(!reference.empty() && !stream.empty());
  constexpr std::size_t kBins = 10;
  std::vector<double> sorted(reference.begin(), reference.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> edges;
  for (std::size_t i = 1; i < kBins; ++i) edges.push_back(sorted[i * sorted.size() / kBins]);
  // Where many predictions are equal, fewer bins remain.
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  auto shares = [&](std::span<const double> values) {
    std::vector<double> counts(edges.size() + 1, 0.5);
    for (double value : values) {
      const auto bin = std::upper_bound(edges.begin(), edges.end(), value) - edges.begin();
      counts[static_cast<std::size_t>(bin)] += 1;
    }
    const double total =
        static_cast<double>(values.size()) + 0.5 * static_cast<double>(counts.size());
    for (double& count : counts) count /= total;
    return counts;
  };
  const std::vector<double> before = shares(reference);
  const std::vector<double> after = shares(stream);
  double index = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    index += (after[i] - before[i]) * std::log(after[i] / before[i]);
  }
  return index;
}

}  // namespace rf::learn
