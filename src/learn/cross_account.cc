#include "learn/cross_account.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/check.h"

namespace rf::learn {
namespace {

// How epsilon is shared out. Chosen: the mean is what is wanted most, and needs rates and accounts.
constexpr double kRatesShare = 0.4;
constexpr double kSquaresShare = 0.3;
constexpr double kAccountsShare = 0.15;
constexpr double kUsersShare = 0.15;

// A prior is worth this many trials where the scatter is unknown or absurd. Chosen: as little as
// one trial and as much as a small campaign brings in a day or two.
constexpr double kStrengthMin = 1;
constexpr double kStrengthMax = 10000;

double bounded_rate(double rate) { return std::clamp(rate, 1e-9, 1 - 1e-9); }

// The strength at which a Beta of this mean has this standard deviation.
double strength_of(double mean, double deviation) {
  if (!(deviation > 0)) return kStrengthMax;
  return std::clamp(mean * (1 - mean) / (deviation * deviation) - 1, kStrengthMin, kStrengthMax);
}

double laplace_variance(double epsilon, double sensitivity) {
  return 2 * sensitivity * sensitivity / (epsilon * epsilon);
}

// Failures before a success of chance 1 - exp(-rate).
std::int64_t geometric(double rate, Rng& rng) {
  // 1 - uniform lies in (0, 1], so the logarithm is finite.
  return static_cast<std::int64_t>(std::floor(-std::log(1 - rng.uniform()) / rate));
}

// Noise lifts too small a niche over the rule no oftener than this. Chosen: the noise of the users
// is wide, and a niche is asked for again and again.
constexpr double kFalseReleaseMax = 1e-3;

// The users that must be seen, noise included, so that kReleaseUsersMin are there: Laplace noise of
// scale s is above s ln(1/(2 p)) with chance p.
double users_needed(double epsilon) {
  const double scale = static_cast<double>(kUsersPerAccountMax) / (epsilon * kUsersShare);
  return static_cast<double>(kReleaseUsersMin) - scale * std::log(2 * kFalseReleaseMax);
}

Status check_enough(double accounts, double users, double epsilon) {
  if (users < users_needed(epsilon)) {
    return fail(ErrorCode::denied,
                fmt::format("too few users for a release: {} are needed, and at epsilon {} about "
                            "{:.0f} to be sure of them through the noise",
                            kReleaseUsersMin, epsilon, users_needed(epsilon)));
  }
  if (epsilon < 1 && accounts < static_cast<double>(kReleaseAccountsMin)) {
    return fail(ErrorCode::denied,
                fmt::format("too few accounts for a release, {} are needed at an epsilon below 1",
                            kReleaseAccountsMin));
  }
  return {};
}

// Inverse-variance weights for a given variance between niches.
struct Weighted {
  double mean = 0;
  double weights = 0;
  double squares = 0;  // Sum of squared weights.
};

Weighted weighted(std::span<const NicheRelease> niches, double between) {
  Weighted result;
  for (const NicheRelease& niche : niches) {
    const double weight = 1 / (niche.error * niche.error + between);
    result.weights += weight;
    result.squares += weight * weight;
    result.mean += weight * niche.mean;
  }
  result.mean /= result.weights;
  return result;
}

}  // namespace

NicheTotals contribution(RateCount account, std::int64_t users, double clip) {
  RF_CHECK(account.successes >= 0 && account.trials >= 0 && users >= 0 && clip > 0);
  if (account.trials == 0) return {};
  const double share = std::min(account.successes / account.trials / clip, 1.0);
  const double steps = static_cast<double>(kContributionSteps);
  return {.accounts = 1,
          .users = std::min(users, kUsersPerAccountMax),
          .rates = std::llround(share * steps),
          .squares = std::llround(share * share * steps)};
}

NicheTotals merge(const NicheTotals& one, const NicheTotals& other) {
  return {.accounts = one.accounts + other.accounts,
          .users = one.users + other.users,
          .rates = one.rates + other.rates,
          .squares = one.squares + other.squares};
}

PrivacyLedger::PrivacyLedger(double limit, double spent) : limit_(limit), spent_(spent) {
  RF_CHECK(limit >= 0 && std::isfinite(limit) && spent >= 0);
}

Status PrivacyLedger::spend(double epsilon) {
  if (!(epsilon > 0) || !std::isfinite(epsilon)) {
    return fail(ErrorCode::invalid, fmt::format("epsilon: found {}, expected above 0", epsilon));
  }
  // A sum of tenths must not miss its own limit by the last bit.
  if (spent_ + epsilon > limit_ * (1 + 1e-12)) {
    return fail(
        ErrorCode::over_limit,
        fmt::format("privacy is spent: {} of {}, {} more was asked for", spent_, limit_, epsilon));
  }
  spent_ += epsilon;
  return {};
}

std::int64_t laplace_noise(double epsilon, std::int64_t sensitivity, Rng& rng) {
  RF_CHECK(epsilon > 0 && sensitivity >= 1);
  const double rate = epsilon / static_cast<double>(sensitivity);
  const std::int64_t up = geometric(rate, rng);
  return up - geometric(rate, rng);
}

Result<NicheRelease> release(const NicheTotals& totals, double clip, double epsilon,
                             PrivacyLedger& ledger, Rng& rng) {
  RF_CHECK(clip > 0);
  RF_TRY(ledger.spend(epsilon));
  const auto noisy = [&](std::int64_t total, double share, std::int64_t sensitivity) {
    return static_cast<double>(total + laplace_noise(epsilon * share, sensitivity, rng));
  };
  const double accounts = noisy(totals.accounts, kAccountsShare, 1);
  const double users = noisy(totals.users, kUsersShare, kUsersPerAccountMax);
  const double steps = static_cast<double>(kContributionSteps);
  const double rates = noisy(totals.rates, kRatesShare, kContributionSteps) / steps;
  const double squares = noisy(totals.squares, kSquaresShare, kContributionSteps) / steps;
  RF_TRY(check_enough(accounts, users, epsilon));
  const double count = std::max(accounts, 1.0);
  const double mean = std::clamp(rates / count, 0.0, 1.0);
  const double variance = std::clamp(squares / count - mean * mean, 0.0, 0.25);
  const double noise = laplace_variance(epsilon * kRatesShare, 1) +
                       mean * mean * laplace_variance(epsilon * kAccountsShare, 1);
  return NicheRelease{.epsilon = epsilon,
                      .accounts = accounts,
                      .users = users,
                      .mean = clip * mean,
                      .deviation = clip * std::sqrt(variance),
                      .error = clip * std::sqrt(variance / count + noise / (count * count))};
}

std::optional<AllNiches> all_niches(std::span<const NicheRelease> niches) {
  if (niches.empty()) return std::nullopt;
  const Weighted fixed = weighted(niches, 0);
  double spread = 0;
  for (const NicheRelease& niche : niches) {
    const double apart = (niche.mean - fixed.mean) / niche.error;
    spread += apart * apart;
  }
  const double freedom = static_cast<double>(niches.size()) - 1;
  const double scale = fixed.weights - fixed.squares / fixed.weights;
  const double between = scale > 0 ? std::max(0.0, (spread - freedom) / scale) : 0;
  return AllNiches{.mean = bounded_rate(weighted(niches, between).mean),
                   .scatter = std::sqrt(between),
                   .niches = niches.size()};
}

BorrowedBelief borrow(RateCount own, const std::optional<NicheRelease>& niche, const AllNiches& all,
                      double phi) {
  RF_CHECK(all.mean > 0 && all.mean < 1);
  double trust = 0;  // In the niche's own mean.
  double mean = all.mean;
  double deviation = all.scatter;
  if (niche) {
    const double between = all.scatter * all.scatter;
    const double error = niche->error * niche->error;
    trust = between + error > 0 ? between / (between + error) : 0;
    mean = bounded_rate(trust * niche->mean + (1 - trust) * all.mean);
    deviation = std::sqrt(niche->deviation * niche->deviation + trust * error);
  }
  // Without a niche nothing is known of how accounts differ: the prior is worth one trial, unless
  // niches differ even more.
  const double strength = niche ? strength_of(mean, deviation) : kStrengthMin;
  const BetaPrior prior{.a = strength * mean, .b = strength * (1 - mean)};
  const double trials = own.trials / phi;
  const double share = trials / (trials + strength);
  return {.belief = rate_posterior(own, prior, phi),
          .own = share,
          .borrowed = 1 - share,
          .niche = (1 - share) * trust};
}

}  // namespace rf::learn
