#include "api/evaluate/bandit.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <span>
#include <thread>

#include <fmt/format.h>

#include "api/evaluate/arms.h"
#include "base/rng.h"
#include "learn/bandit_trial.h"

namespace rf::api {
namespace {

using learn::BanditPrior;
using learn::BanditScore;
using learn::BanditTest;
using learn::BanditWorld;

constexpr std::int64_t kHorizon = 10000;

// Sums over the repetitions of one test.
struct PolicySums {
  double gained = 0;     // Over uniform.
  double available = 0;  // Oracle over uniform.
  double found_best = 0;
  double regret = 0;
};

struct Trial {
  BanditWorld world;
  const BanditPrior* prior = nullptr;
  std::uint64_t number = 0;  // Among all tests of the file: names its chance.
  std::vector<PolicySums> sums;
};

struct Priors {
  std::string what;
  double strength = 0;            // For the arms of a bernoulli world.
  std::vector<BanditPrior> each;  // One for all tests, or one for the even and one for the odd.
};

Result<Priors> fit_priors(const EvaluateBanditInput& input, const std::vector<BanditTest>& tests) {
  Priors priors;
  if (!input.train.empty()) {
    const std::vector<BanditTest> train = RF_TRY(read_arms(input.train));
    priors.each.push_back(learn::fit_bandit_prior(train));
    priors.what = fmt::format("{} tests of {}", train.size(), input.train);
    priors.strength = priors.each.front().group.likeness;
    return priors;
  }
  std::vector<BanditTest> even;
  std::vector<BanditTest> odd;
  for (std::size_t i = 0; i < tests.size(); ++i) (i % 2 == 0 ? even : odd).push_back(tests[i]);
  priors.each.push_back(learn::fit_bandit_prior(odd));
  priors.each.push_back(learn::fit_bandit_prior(even));
  priors.what = "each half of the tests from the other half";
  priors.strength = learn::fit_bandit_prior(tests).group.likeness;
  return priors;
}

Status check_input(const EvaluateBanditInput& input) {
  if (input.mode == BanditMode::replay && input.reverse_at) {
    return fail(ErrorCode::invalid,
                "input.reverse_at: bags of real impressions cannot be reversed; use --mode "
                "bernoulli");
  }
  return {};
}

bool usable(const BanditTest& test) {
  return test.arms.size() >= 2 &&
         std::all_of(test.arms.begin(), test.arms.end(),
                     [](const learn::RateCount& arm) { return arm.trials > 0; });
}

BanditWorld world_of(const BanditTest& test, const EvaluateBanditInput& input, double strength) {
  if (input.mode == BanditMode::replay) {
    // The smallest bag ends it.
    constexpr std::int64_t kNoEnd = 1000000000;
    return learn::replay_world(test.arms, input.horizon.value_or(kNoEnd), input.batch);
  }
  const std::int64_t horizon = input.horizon.value_or(kHorizon);
  BanditWorld world = learn::bernoulli_world(test.arms, strength, horizon, input.batch);
  if (input.reverse_at) {
    world.reverse_at =
        static_cast<std::int64_t>(std::llround(*input.reverse_at * static_cast<double>(horizon)));
  }
  return world;
}

void run_trial(Trial& trial, std::int64_t reps, const Rng& chance) {
  const Rng own = chance.split(trial.number);
  const std::span<const learn::BanditPolicyRow> rows = learn::bandit_policies();
  trial.sums.resize(rows.size());
  for (std::size_t p = 0; p < rows.size(); ++p) {
    for (std::int64_t rep = 0; rep < reps; ++rep) {
      // Each policy meets the same bags: its chance begins alike.
      Rng rng = own.split(static_cast<std::uint64_t>(rep));
      const auto policy = rows[p].make(trial.world.rates.size(), *trial.prior);
      const BanditScore score = learn::run_bandit(trial.world, *policy, rng);
      PolicySums& sums = trial.sums[p];
      sums.gained += score.earned - score.uniform;
      sums.available += score.oracle - score.uniform;
      sums.found_best += score.found_best ? 1 : 0;
      sums.regret += score.regret;
    }
  }
}

// Trials are independent and carry their own chance, so the figures do not depend on how many
// threads share them.
Status run_trials(std::vector<Trial>& trials, const EvaluateBanditInput& input,
                  Progress& progress) {
  const Rng chance(static_cast<std::uint64_t>(input.seed));
  std::atomic<std::size_t> next{0};
  std::atomic<bool> stop{false};
  auto work = [&](bool reports) {
    while (!stop) {
      const std::size_t i = next.fetch_add(1);
      if (i >= trials.size()) break;
      run_trial(trials[i], input.reps, chance);
      if (!reports) continue;
      progress.report("trying policies", static_cast<std::int64_t>(i),
                      static_cast<std::int64_t>(trials.size()));
      if (progress.cancelled()) stop = true;
    }
  };
  std::vector<std::thread> others;
  for (unsigned i = 1; i < std::thread::hardware_concurrency(); ++i)
    others.emplace_back(work, false);
  work(true);
  for (std::thread& other : others) other.join();
  if (stop) return fail(ErrorCode::conflict, "stopped before all tests were run");
  return {};
}

// The capture is a ratio of sums over tests; its error, that of a ratio estimate.
// Source: Cochran, Sampling Techniques, 3rd ed., 6.3.
BanditPolicyScore score_of(const std::vector<Trial>& trials, std::size_t policy,
                           std::int64_t reps) {
  PolicySums all;
  for (const Trial& trial : trials) {
    const PolicySums& sums = trial.sums[policy];
    all.gained += sums.gained;
    all.available += sums.available;
    all.found_best += sums.found_best;
    all.regret += sums.regret;
  }
  const learn::BanditPolicyRow& row = learn::bandit_policies()[policy];
  BanditPolicyScore score{.name = std::string(row.name), .what = std::string(row.what)};
  const double runs = static_cast<double>(trials.size()) * static_cast<double>(reps);
  score.p_best = all.found_best / runs;
  score.simple_regret = all.regret / runs;
  if (all.available <= 0) return score;
  score.capture = all.gained / all.available;
  double squares = 0;
  for (const Trial& trial : trials) {
    const PolicySums& sums = trial.sums[policy];
    const double residual = sums.gained - score.capture * sums.available;
    squares += residual * residual;
  }
  score.capture_se = std::sqrt(squares) / all.available;
  return score;
}

}  // namespace

Result<EvaluateBanditOutput> evaluate_bandit(const EvaluateBanditInput& input, Services& services) {
  RF_TRY(check_input(input));
  const std::vector<BanditTest> tests = RF_TRY(read_arms(input.arms));
  const Priors priors = RF_TRY(fit_priors(input, tests));
  std::vector<Trial> trials;
  for (std::size_t i = 0; i < tests.size(); ++i) {
    if (!usable(tests[i])) continue;
    trials.push_back({.world = world_of(tests[i], input, priors.strength),
                      .prior = &priors.each[i % priors.each.size()],
                      .number = i,
                      .sums = {}});
  }
  if (trials.empty()) {
    return fail(ErrorCode::invalid,
                input.arms + ": holds no test of two arms or more that were shown");
  }
  RF_TRY(run_trials(trials, input, services.progress()));
  EvaluateBanditOutput output{.tests = static_cast<std::int64_t>(trials.size()),
                              .left_out = static_cast<std::int64_t>(tests.size() - trials.size()),
                              .prior = priors.what,
                              .strength = priors.strength};
  for (std::size_t p = 0; p < learn::bandit_policies().size(); ++p) {
    output.policies.push_back(score_of(trials, p, input.reps));
  }
  return output;
}

}  // namespace rf::api
