#include "learn/bandit_trial.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/check.h"
#include "learn/bag.h"
#include "learn/beta_draw.h"
#include "learn/pooling.h"

namespace rf::learn {
namespace {

double rate_of(const RateCount& count, double if_none) {
  return count.trials > 0 ? count.successes / count.trials : if_none;
}

std::size_t highest(std::span<const double> values) {
  return static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

// The policies of the textbooks keep plain sums.
class CountingPolicy : public BanditPolicy {
 public:
  explicit CountingPolicy(std::size_t arms) : counts_(arms) {}

  void learn(std::span<const RateCount> batch) override {
    for (std::size_t k = 0; k < counts_.size(); ++k) {
      counts_[k].successes += batch[k].successes;
      counts_[k].trials += batch[k].trials;
    }
  }

  std::size_t choice() const override {
    std::vector<double> rates;
    for (const RateCount& count : counts_) rates.push_back(rate_of(count, 0));
    return highest(rates);
  }

 protected:
  const std::vector<RateCount>& counts() const { return counts_; }

  std::vector<double> all_on(std::size_t arm, double explore) const {
    std::vector<double> shares(counts_.size(), explore / static_cast<double>(counts_.size()));
    shares[arm] += 1 - explore;
    return shares;
  }

 private:
  std::vector<RateCount> counts_;
};

class Uniform final : public CountingPolicy {
 public:
  using CountingPolicy::CountingPolicy;
  std::vector<double> shares(Rng&) override { return all_on(0, 1); }
};

class EpsilonGreedy final : public CountingPolicy {
 public:
  EpsilonGreedy(std::size_t arms, double epsilon) : CountingPolicy(arms), epsilon_(epsilon) {}

  std::vector<double> shares(Rng&) override {
    const bool unseen = std::all_of(counts().begin(), counts().end(),
                                    [](const RateCount& count) { return count.trials == 0; });
    if (unseen) return all_on(0, 1);
    return all_on(choice(), epsilon_);
  }

 private:
  double epsilon_;
};

// Source: Auer, Cesa-Bianchi & Fischer 2002, doi:10.1023/A:1013689704352; a batch goes to the arm
// whose bound is highest when it begins.
class Ucb1 final : public CountingPolicy {
 public:
  using CountingPolicy::CountingPolicy;

  std::vector<double> shares(Rng&) override {
    double all = 0;
    for (const RateCount& count : counts()) all += count.trials;
    std::vector<double> bounds;
    for (const RateCount& count : counts()) {
      bounds.push_back(count.trials > 0
                           ? rate_of(count, 0) + std::sqrt(2 * std::log(all) / count.trials)
                           : std::numeric_limits<double>::infinity());
    }
    return all_on(highest(bounds), 0);
  }
};

// The arm with the highest mean under the prior, always.
class GreedyWithPrior final : public CountingPolicy {
 public:
  GreedyWithPrior(std::size_t arms, const BetaPrior& prior) : CountingPolicy(arms), prior_(prior) {}

  std::vector<double> shares(Rng&) override { return all_on(choice(), 0); }

  std::size_t choice() const override {
    std::vector<double> means;
    for (const RateCount& count : counts()) means.push_back(mean(rate_posterior(count, prior_, 1)));
    return highest(means);
  }

 private:
  BetaPrior prior_;
};

// Thompson sampling with one prior for every arm: no groups, no breaks.
class PlainThompson final : public BanditPolicy {
 public:
  struct Setting {
    BetaPrior prior;
    double temper = 1;
    double discount = 1;
    double floor = 0;
  };

  PlainThompson(std::size_t arms, const Setting& setting) : setting_(setting), counts_(arms) {}

  std::vector<double> shares(Rng& rng) override {
    // Few, as many batches average them.
    constexpr int kDraws = 40;
    std::vector<double> shares(counts_.size(), setting_.floor / static_cast<double>(arms()));
    std::vector<BetaDraw> draws;
    for (const RateCount& count : counts_) {
      BetaPosterior belief = rate_posterior(count, setting_.prior, 1);
      belief.a *= setting_.temper;
      belief.b *= setting_.temper;
      draws.emplace_back(belief);
    }
    for (int i = 0; i < kDraws; ++i) {
      std::size_t best = 0;
      double value = -1;
      for (std::size_t k = 0; k < arms(); ++k) {
        const double drawn = draws[k](rng);
        if (drawn <= value) continue;
        value = drawn;
        best = k;
      }
      shares[best] += (1 - setting_.floor) / kDraws;
    }
    return shares;
  }

  void learn(std::span<const RateCount> batch) override {
    for (std::size_t k = 0; k < arms(); ++k) {
      counts_[k].successes = setting_.discount * counts_[k].successes + batch[k].successes;
      counts_[k].trials = setting_.discount * counts_[k].trials + batch[k].trials;
    }
  }

  std::size_t choice() const override {
    std::vector<double> means;
    for (const RateCount& count : counts_) {
      means.push_back(mean(rate_posterior(count, setting_.prior, 1)));
    }
    return highest(means);
  }

 private:
  std::size_t arms() const { return counts_.size(); }

  Setting setting_;
  std::vector<RateCount> counts_;
};

class Ours final : public BanditPolicy {
 public:
  Ours(std::size_t arms, const GroupPrior& prior) : memory_(arms, prior, RegimeRule()) {}

  std::vector<double> shares(Rng& rng) override {
    return thompson_shares(memory_, AllocationRule(), rng);
  }
  void learn(std::span<const RateCount> batch) override { memory_.add(batch); }

  std::size_t choice() const override {
    std::vector<double> means(memory_.arms(), 0);
    for (const Regime& regime : memory_.regimes(1)) {
      for (std::size_t k = 0; k < means.size(); ++k) {
        means[k] += regime.weight * mean(regime.arms[k]);
      }
    }
    return highest(means);
  }

 private:
  ArmMemory memory_;
};

constexpr double kDiscount = 0.98;

constexpr auto kPolicies = std::to_array<BanditPolicyRow>({
    {"reelforge", "as the product allocates: group prior, tempered draws, breaks",
     [](std::size_t arms, const BanditPrior& prior) -> std::unique_ptr<BanditPolicy> {
       return std::make_unique<Ours>(arms, prior.group);
     }},
    {"uniform", "the same share to every arm",
     [](std::size_t arms, const BanditPrior&) -> std::unique_ptr<BanditPolicy> {
       return std::make_unique<Uniform>(arms);
     }},
    {"epsilon_greedy_0.1", "nine tenths to the arm with the highest rate so far",
     [](std::size_t arms, const BanditPrior&) -> std::unique_ptr<BanditPolicy> {
       return std::make_unique<EpsilonGreedy>(arms, 0.1);
     }},
    {"ucb1", "the arm with the highest upper bound",
     [](std::size_t arms, const BanditPrior&) -> std::unique_ptr<BanditPolicy> {
       return std::make_unique<Ucb1>(arms);
     }},
    {"thompson", "Thompson sampling, uniform prior",
     [](std::size_t arms, const BanditPrior&) -> std::unique_ptr<BanditPolicy> {
       return std::make_unique<PlainThompson>(arms, PlainThompson::Setting());
     }},
    {"thompson_eb", "Thompson sampling, prior fitted to past arms",
     [](std::size_t arms, const BanditPrior& prior) -> std::unique_ptr<BanditPolicy> {
       return std::make_unique<PlainThompson>(arms, PlainThompson::Setting{.prior = prior.arm});
     }},
    {"thompson_eb_discounted", "the same, tempered by 4, forgetting 2 % a batch, floor 5 %",
     [](std::size_t arms, const BanditPrior& prior) -> std::unique_ptr<BanditPolicy> {
       return std::make_unique<PlainThompson>(
           arms, PlainThompson::Setting{
                     .prior = prior.arm, .temper = 4, .discount = kDiscount, .floor = 0.05});
     }},
    {"greedy_eb", "the arm with the highest mean under that prior",
     [](std::size_t arms, const BanditPrior& prior) -> std::unique_ptr<BanditPolicy> {
       return std::make_unique<GreedyWithPrior>(arms, prior.arm);
     }},
});

RateCount total_of(std::span<const RateCount> arms) {
  RateCount total;
  for (const RateCount& arm : arms) {
    total.successes += arm.successes;
    total.trials += arm.trials;
  }
  return total;
}

// Whole impressions of a batch: one uniform draw rounds every share up or down fairly.
// Source: systematic sampling, Madow 1949.
std::vector<std::int64_t> round_shares(std::span<const double> shares, std::int64_t batch,
                                       Rng& rng) {
  std::vector<std::int64_t> counts(shares.size());
  const double offset = rng.uniform();
  double upto = 0;
  std::int64_t given = 0;
  for (std::size_t k = 0; k < shares.size(); ++k) {
    upto += shares[k] * static_cast<double>(batch);
    std::int64_t next =
        k + 1 == shares.size()
            ? batch
            : std::clamp(static_cast<std::int64_t>(std::floor(upto + offset)), given, batch);
    counts[k] = next - given;
    given = next;
  }
  return counts;
}

std::vector<double> reversed_ranks(const std::vector<double>& rates) {
  std::vector<std::size_t> order(rates.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t x, std::size_t y) { return rates[x] < rates[y]; });
  std::vector<double> reversed(rates.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    reversed[order[i]] = rates[order[order.size() - 1 - i]];
  }
  return reversed;
}

// The world as one run meets it.
class Run {
 public:
  Run(const BanditWorld& world, Rng& rng) : world_(world), rng_(rng), rates_(world.rates) {
    for (const RateCount& bag : world.bags) {
      places_.push_back(shuffled_places(bag, world.horizon, rng));
    }
    shown_.resize(rates_.size());
  }

  void begin_batch(std::int64_t done) {
    if (reversed_ || done < world_.reverse_at || world_.reverse_at >= world_.horizon) return;
    rates_ = reversed_ranks(rates_);
    reversed_ = true;
  }

  const std::vector<double>& rates() const { return rates_; }

  std::int64_t clicks(std::size_t arm, std::int64_t impressions) {
    if (places_.empty()) return rng_.binomial(impressions, rates_[arm]);
    const std::vector<std::int64_t>& places = places_[arm];
    auto first = std::lower_bound(places.begin(), places.end(), shown_[arm]);
    shown_[arm] += impressions;
    return std::lower_bound(first, places.end(), shown_[arm]) - first;
  }

 private:
  const BanditWorld& world_;
  Rng& rng_;
  std::vector<double> rates_;
  std::vector<std::vector<std::int64_t>> places_;
  std::vector<std::int64_t> shown_;
  bool reversed_ = false;
};

}  // namespace

std::span<const BanditPolicyRow> bandit_policies() { return kPolicies; }

BanditWorld replay_world(std::span<const RateCount> arms, std::int64_t horizon,
                         std::int64_t batch) {
  RF_CHECK(!arms.empty() && horizon >= 1 && batch >= 1);
  BanditWorld world{.bags = {arms.begin(), arms.end()},
                    .rates = {},
                    .horizon = horizon,
                    .batch = batch,
                    .reverse_at = 0};
  for (const RateCount& arm : arms) {
    world.rates.push_back(rate_of(arm, 0));
    world.horizon = std::min(world.horizon, static_cast<std::int64_t>(arm.trials));
  }
  world.reverse_at = world.horizon;
  return world;
}

BanditWorld bernoulli_world(std::span<const RateCount> arms, double strength, std::int64_t horizon,
                            std::int64_t batch) {
  RF_CHECK(!arms.empty() && strength > 0 && horizon >= 1 && batch >= 1);
  const double level = rate_of(total_of(arms), 0);
  BanditWorld world{
      .bags = {}, .rates = {}, .horizon = horizon, .batch = batch, .reverse_at = horizon};
  for (const RateCount& arm : arms) {
    world.rates.push_back((arm.successes + level * strength) / (arm.trials + strength));
  }
  return world;
}

BanditScore run_bandit(const BanditWorld& world, BanditPolicy& policy, Rng& rng) {
  Run run(world, rng);
  const std::size_t arms = world.rates.size();
  BanditScore score;
  std::vector<RateCount> seen(arms);
  for (std::int64_t done = 0; done < world.horizon; done += world.batch) {
    run.begin_batch(done);
    const std::int64_t batch = std::min(world.batch, world.horizon - done);
    const std::vector<std::int64_t> counts = round_shares(policy.shares(rng), batch, rng);
    for (std::size_t k = 0; k < arms; ++k) {
      const auto clicks = static_cast<double>(run.clicks(k, counts[k]));
      const auto shown = static_cast<double>(counts[k]);
      seen[k] = {.successes = clicks, .trials = shown};
      score.earned += world.bags.empty() ? shown * run.rates()[k] : clicks;
    }
    const auto size = static_cast<double>(batch);
    const std::vector<double>& rates = run.rates();
    score.oracle += size * *std::max_element(rates.begin(), rates.end());
    score.uniform +=
        size * std::accumulate(rates.begin(), rates.end(), 0.0) / static_cast<double>(arms);
    policy.learn(seen);
  }
  const std::vector<double>& rates = run.rates();
  score.regret = rates[highest(rates)] - rates[policy.choice()];
  score.found_best = score.regret == 0;
  return score;
}

BanditPrior fit_bandit_prior(std::span<const BanditTest> tests) {
  std::vector<RateCount> totals;
  std::vector<RateCount> arms;
  std::vector<double> levels;
  for (const BanditTest& test : tests) {
    const RateCount total = total_of(test.arms);
    if (total.successes <= 0 || total.successes >= total.trials) continue;
    totals.push_back(total);
    for (const RateCount& arm : test.arms) {
      arms.push_back(arm);
      levels.push_back(total.successes / total.trials);
    }
  }
  BanditPrior prior;
  prior.group.level = fit_rates(totals, 1).prior;
  prior.arm = fit_rates(arms, 1).prior;
  if (totals.size() >= kPoolArmsMin) prior.group.likeness = fit_strength(arms, levels, 1);
  return prior;
}

}  // namespace rf::learn
