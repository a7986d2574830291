#include "api/evaluate/sequential.h"

#include <algorithm>
#include <cmath>

#include "api/evaluate/arms.h"
#include "base/rng.h"
#include "learn/bag.h"
#include "learn/stopping_trial.h"

namespace rf::api {
namespace {

using learn::BanditTest;
using learn::LookSeries;
using learn::RateCount;

// Two sides to be told apart: from real bags, or, where those are too small for the looks, streams
// at the given rates.
struct Pair {
  RateCount first_bag;
  RateCount second_bag;
  double first_rate = 0;
  double second_rate = 0;
};

struct Pairs {
  std::vector<Pair> all;
  bool from_bags = false;
};

double rate_of(const RateCount& count) { return count.successes / count.trials; }

// Keeps the pairs whose bags are large enough, if there are any.
Pairs chosen(std::vector<Pair> candidates, double first_trials, double second_trials) {
  std::vector<Pair> large;
  std::copy_if(
      candidates.begin(), candidates.end(), std::back_inserter(large), [&](const Pair& pair) {
        return pair.first_bag.trials >= first_trials && pair.second_bag.trials >= second_trials;
      });
  if (!large.empty()) return {.all = std::move(large), .from_bags = true};
  return {.all = std::move(candidates), .from_bags = false};
}

bool enough_clicks(const RateCount& arm, const EvaluateSequentialInput& input) {
  return arm.trials > 0 && arm.successes >= static_cast<double>(input.min_clicks);
}

Pairs same_arm_pairs(const std::vector<BanditTest>& tests, const EvaluateSequentialInput& input) {
  std::vector<Pair> candidates;
  for (const BanditTest& test : tests) {
    for (const RateCount& arm : test.arms) {
      if (!enough_clicks(arm, input)) continue;
      candidates.push_back({.first_bag = arm,
                            .second_bag = arm,
                            .first_rate = rate_of(arm),
                            .second_rate = rate_of(arm)});
    }
  }
  const double side = static_cast<double>(input.looks) * static_cast<double>(input.per_look);
  return chosen(std::move(candidates), 2 * side, 2 * side);
}

Pairs best_and_worst_pairs(const std::vector<BanditTest>& tests,
                           const EvaluateSequentialInput& input) {
  const double strength = learn::fit_bandit_prior(tests).group.likeness;
  std::vector<Pair> candidates;
  for (const BanditTest& test : tests) {
    std::vector<RateCount> arms;
    std::copy_if(test.arms.begin(), test.arms.end(), std::back_inserter(arms),
                 [&](const RateCount& arm) { return enough_clicks(arm, input); });
    if (arms.size() < 2) continue;
    auto [worst, best] = std::minmax_element(
        arms.begin(), arms.end(),
        [](const RateCount& x, const RateCount& y) { return rate_of(x) < rate_of(y); });
    const learn::BanditWorld world = learn::bernoulli_world(test.arms, strength, 1, 1);
    auto [low, high] = std::minmax_element(world.rates.begin(), world.rates.end());
    candidates.push_back(
        {.first_bag = *best, .second_bag = *worst, .first_rate = *high, .second_rate = *low});
  }
  const double side = static_cast<double>(input.looks) * static_cast<double>(input.per_look);
  return chosen(std::move(candidates), side, side);
}

// Every other impression of one shuffled bag to each side.
void split_bag(const RateCount& bag, std::int64_t side, Rng& rng, std::vector<std::int64_t>& first,
               std::vector<std::int64_t>& second) {
  first.clear();
  second.clear();
  for (std::int64_t place : learn::shuffled_places(bag, 2 * side, rng)) {
    (place % 2 == 0 ? first : second).push_back(place / 2);
  }
}

LookSeries draw_series(const Pair& pair, bool from_bags, const EvaluateSequentialInput& input,
                       Rng& rng) {
  const std::int64_t side = input.looks * input.per_look;
  std::vector<std::int64_t> first;
  std::vector<std::int64_t> second;
  if (!from_bags) {
    first = learn::stream_places(pair.first_rate, side, rng);
    second = learn::stream_places(pair.second_rate, side, rng);
  } else if (input.kind == SequentialKind::aa) {
    split_bag(pair.first_bag, side, rng, first, second);
  } else {
    first = learn::shuffled_places(pair.first_bag, side, rng);
    second = learn::shuffled_places(pair.second_bag, side, rng);
  }
  const auto looks = static_cast<std::size_t>(input.looks);
  return {.first = learn::counts_at_looks(first, looks, input.per_look),
          .second = learn::counts_at_looks(second, looks, input.per_look),
          .per_look = input.per_look};
}

std::string drawn_words(const Pairs& pairs, SequentialKind kind) {
  if (pairs.from_bags) {
    return kind == SequentialKind::aa ? "each arm's own impressions, split at random"
                                      : "each arm's own impressions, in random order";
  }
  return kind == SequentialKind::aa
             ? "no arm has impressions for all looks: streams at each arm's rate"
             : "no arm has impressions for all looks: streams at the arms' shrunk rates";
}

}  // namespace

Result<EvaluateSequentialOutput> evaluate_sequential(const EvaluateSequentialInput& input,
                                                     Services& services) {
  const std::vector<BanditTest> tests = RF_TRY(read_arms(input.arms));
  const Pairs pairs = input.kind == SequentialKind::aa ? same_arm_pairs(tests, input)
                                                       : best_and_worst_pairs(tests, input);
  if (pairs.all.empty()) {
    return fail(ErrorCode::invalid,
                input.arms + ": holds no arms with that many clicks to compare");
  }
  const std::vector<learn::StoppingRule> rules =
      learn::stopping_rules(static_cast<std::size_t>(input.looks), input.alpha);
  std::vector<learn::StoppingCount> counts(rules.size());
  const Rng chance(static_cast<std::uint64_t>(input.seed));
  for (std::size_t i = 0; i < pairs.all.size(); ++i) {
    Rng rng = chance.split(i);
    for (std::int64_t rep = 0; rep < input.reps; ++rep) {
      const LookSeries series = draw_series(pairs.all[i], pairs.from_bags, input, rng);
      for (std::size_t r = 0; r < rules.size(); ++r) counts[r].add(rules[r], series);
    }
    services.progress().report("looking", static_cast<std::int64_t>(i),
                               static_cast<std::int64_t>(pairs.all.size()));
    if (services.progress().cancelled()) return fail(ErrorCode::conflict, "stopped before the end");
  }
  EvaluateSequentialOutput output{.comparisons = static_cast<std::int64_t>(pairs.all.size()),
                                  .runs = counts.front().runs,
                                  .drawn = drawn_words(pairs, input.kind)};
  for (std::size_t r = 0; r < rules.size(); ++r) {
    const auto runs = static_cast<double>(counts[r].runs);
    const double share = static_cast<double>(counts[r].rejected) / runs;
    output.rules.push_back({.name = std::string(rules[r].name),
                            .reject = share,
                            .reject_se = std::sqrt(share * (1 - share) / runs),
                            .mean_n_to_stop = counts[r].trials_to_stop / runs});
  }
  return output;
}

}  // namespace rf::api
