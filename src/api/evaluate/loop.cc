#include "api/evaluate/loop.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <boost/math/distributions/students_t.hpp>

#include "api/evaluate/arena.h"
#include "learn/posterior.h"
#include "sim/world_file.h"

namespace rf::api {
namespace {

constexpr std::array kWays{Way::even, Way::notes, Way::weekly, Way::reelforge};

// Mean with the 95 % interval of Student's t; none of fewer than two.
std::optional<Estimate> mean_of(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  if (values.size() < 2) return std::nullopt;
  double mean = 0;
  for (double value : values) mean += value / n;
  double squares = 0;
  for (double value : values) squares += (value - mean) * (value - mean);
  const double error = std::sqrt(squares / (n - 1) / n);
  const double t = boost::math::quantile(boost::math::students_t(n - 1), 0.975);
  return Estimate{mean, mean - t * error, mean + t * error, std::ssize(values)};
}

std::optional<double> median_of(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

std::optional<Estimate> share_of(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return std::nullopt;
  // Jeffreys' interval.
  const learn::BetaPosterior belief =
      learn::rate_posterior({static_cast<double>(part), static_cast<double>(whole)}, {0.5, 0.5}, 1);
  const learn::Interval interval = learn::central_interval(belief, 0.95);
  return Estimate{static_cast<double>(part) / static_cast<double>(whole), interval.low,
                  interval.high, whole};
}

double roas_of(const ArenaRun& run) { return run.spend > 0 ? run.value / run.spend : 0; }

WayResult summed(Way way, const std::vector<ArenaRun>& runs, const std::vector<ArenaRun>& ours) {
  WayResult result{.name = std::string(name_of(way))};
  std::vector<double> roas;
  std::vector<double> gain;
  std::vector<double> waste;
  std::vector<double> spent;
  std::int64_t healthy = 0;
  std::int64_t killed = 0;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const ArenaRun& run = runs[i];
    roas.push_back(roas_of(run));
    gain.push_back(roas_of(ours[i]) - roas_of(run));
    waste.insert(waste.end(), run.loser_waste.begin(), run.loser_waste.end());
    spent.insert(spent.end(), run.loser_spend.begin(), run.loser_spend.end());
    result.spend += run.spend;
    result.value += run.value;
    result.losers += run.losers;
    result.losers_stopped += run.losers_stopped;
    healthy += run.healthy;
    killed += run.healthy_killed;
    result.outages += run.outages;
    result.outage_pauses += run.outage_pauses;
    result.cap_breaches += run.cap_breaches;
  }
  result.roas = mean_of(roas);
  if (way != Way::reelforge) result.gain = mean_of(gain);
  result.waste_per_loser = median_of(std::move(waste));
  result.spend_per_loser = median_of(std::move(spent));
  result.healthy_killed = share_of(killed, healthy);
  return result;
}

}  // namespace

Result<EvaluateLoopOutput> evaluate_loop(const EvaluateLoopInput& input, Services& services) {
  sim::WorldSpec spec = RF_TRY(sim::read_world_file(input.world));
  // The planted ads are made for the length of the run.
  spec.days = std::max<std::int64_t>(input.days, 4);
  std::array<std::vector<ArenaRun>, kWays.size()> runs;
  const std::int64_t first_seed = spec.seed;
  for (std::int64_t i = 0; i < input.seeds; ++i) {
    spec.seed = first_seed + i;
    for (std::size_t way = 0; way < kWays.size(); ++way) {
      services.progress().report("worlds", i, input.seeds);
      ArenaRun run = RF_TRY(run_in_arena(spec, input.days, kWays[way], services));
      runs[way].push_back(std::move(run));
    }
  }
  EvaluateLoopOutput output{.currency =
                                spec.accounts.empty() ? "" : spec.accounts.front().currency};
  for (std::size_t way = 0; way < kWays.size(); ++way) {
    output.policies.push_back(summed(kWays[way], runs[way], runs.back()));
  }
  return output;
}

}  // namespace rf::api
