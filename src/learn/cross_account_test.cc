#include "learn/cross_account.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace rf::learn {
namespace {

constexpr double kClip = 0.05;

// Accounts whose true rates lie around `mean`.
NicheTotals niche_of(int accounts, double mean, Rng& rng) {
  NicheTotals totals;
  for (int i = 0; i < accounts; ++i) {
    const double rate = rng.beta(300 * mean, 300 * (1 - mean));
    const RateCount count{static_cast<double>(rng.binomial(20000, rate)), 20000};
    totals = merge(totals, contribution(count, 3, kClip));
  }
  return totals;
}

TEST(CrossAccount, MergesInAnyOrder) {
  const NicheTotals a = contribution({3, 100}, 4, kClip);
  const NicheTotals b = contribution({1, 100}, 40, kClip);
  const NicheTotals c = contribution({70, 100}, 1, kClip);
  EXPECT_EQ(merge(merge(a, b), c), merge(c, merge(b, a)));
  EXPECT_EQ(merge(a, {}), a);
}

TEST(CrossAccount, NoAccountCountsForMoreThanItsClip) {
  // 3 % of a clip of 5 % is .6 of 1024 steps, and .36.
  EXPECT_EQ(contribution({3, 100}, 4, kClip), (NicheTotals{1, 4, 614, 369}));
  EXPECT_EQ(contribution({90, 100}, 5000, kClip), (NicheTotals{1, 10, 1024, 1024}));
  EXPECT_EQ(contribution({0, 0}, 5, kClip), NicheTotals{});
}

TEST(PrivacyLedger, RefusesWhatIsNotLeft) {
  PrivacyLedger ledger(1);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(ledger.spend(0.1));
  const Status refused = ledger.spend(0.1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::over_limit);
  EXPECT_NEAR(ledger.spent(), 1, 1e-12);
  EXPECT_EQ(ledger.spend(0).error().code, ErrorCode::invalid);
  EXPECT_EQ(ledger.spend(-1).error().code, ErrorCode::invalid);
}

TEST(CrossAccount, ReleasesOnlyWhatManyShare) {
  Rng rng(4);
  PrivacyLedger ledger(1000);
  const auto code = [&](const NicheTotals& totals, double epsilon) {
    const Result<NicheRelease> released = release(totals, kClip, epsilon, ledger, rng);
    return released ? std::string("released") : std::string(to_string(released.error().code));
  };
  EXPECT_EQ(code({.accounts = 1, .users = 10}, 1), "denied");
  EXPECT_EQ(code({.accounts = 100, .users = 5000}, 0.9), "denied");  // Few accounts, small epsilon.
  EXPECT_EQ(code({.accounts = 100, .users = 5000}, 1), "released");
  EXPECT_EQ(code({.accounts = 400, .users = 5000}, 0.9), "released");
}

TEST(CrossAccount, NoiseOpensASmallNicheLessThanOnceInAThousand) {
  Rng rng(14);
  for (const double epsilon : {1.0, 4.0}) {
    int opened = 0;
    for (int i = 0; i < 20000; ++i) {
      PrivacyLedger ledger(epsilon);
      const auto released = release({.accounts = 49, .users = 49}, kClip, epsilon, ledger, rng);
      opened += released ? 1 : 0;
    }
    EXPECT_LE(opened, 20 + 14);  // A thousandth, and three standard errors.
  }
}

TEST(CrossAccount, ARefusedReleaseIsPaidForAndASpentLedgerReleasesNothing) {
  Rng rng(4);
  PrivacyLedger ledger(2);
  EXPECT_FALSE(release({.accounts = 1, .users = 1}, kClip, 1.5, ledger, rng));
  EXPECT_DOUBLE_EQ(ledger.spent(), 1.5);
  const auto refused = release(niche_of(500, 0.015, rng), kClip, 1, ledger, rng);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::over_limit);
}

TEST(CrossAccount, NoiseHasTheVarianceOfItsLaw) {
  // Var = 2 q/(1 - q)^2, q = exp(-epsilon/sensitivity).
  Rng rng(8);
  double sum = 0;
  double squares = 0;
  const int draws = 40000;
  for (int i = 0; i < draws; ++i) {
    const double noise = static_cast<double>(laplace_noise(0.5, 1, rng));
    sum += noise;
    squares += noise * noise;
  }
  const double q = std::exp(-0.5);
  EXPECT_NEAR(sum / draws, 0, 0.06);
  EXPECT_NEAR(squares / draws, 2 * q / ((1 - q) * (1 - q)), 0.4);
}

TEST(CrossAccount, ReleasedMeanIsAsFarOffAsItSays) {
  Rng rng(12);
  const NicheTotals totals = niche_of(500, 0.015, rng);
  const double truth = kClip * static_cast<double>(totals.rates) /
                       static_cast<double>(kContributionSteps * totals.accounts);
  double within = 0;
  double off = 0;
  for (int i = 0; i < 500; ++i) {
    PrivacyLedger ledger(1);
    const NicheRelease released = *release(totals, kClip, 1, ledger, rng);
    within += std::abs(released.mean - truth) < 2 * released.error ? 1.0 / 500 : 0;
    off += std::abs(released.mean / truth - 1) / 500;
  }
  EXPECT_GE(within, 0.93);
  EXPECT_LT(off, 0.03);
  RecordProperty("off", std::to_string(off));
}

// ln of P(release | with)/P(release | without) at best: how far the totals lie from both, each in
// the unit of its noise. What an attacker who knows everyone else would look at.
double evidence(const NicheRelease& seen, const NicheTotals& with, const NicheTotals& without,
                double epsilon) {
  const auto nearer = [](double value, double one, double other, double rate) {
    return (std::abs(value - other) - std::abs(value - one)) * rate;
  };
  const auto real = [](std::int64_t number) { return static_cast<double>(number); };
  const double steps = real(kContributionSteps);
  return nearer(seen.accounts, real(with.accounts), real(without.accounts), epsilon * 0.15) +
         nearer(seen.users, real(with.users), real(without.users), epsilon * 0.15 / 10) +
         nearer(seen.mean * seen.accounts / kClip * steps, real(with.rates), real(without.rates),
                epsilon * 0.4 / steps);
}

struct Attack {
  double hits = 0;    // Says "member" of a member.
  double alarms = 0;  // Says so of a stranger.
};

// `draws` releases of each kind; the attacker says "member" when the evidence is above `bound`, and
// of a refused release never.
Attack attack(const NicheTotals& without, double epsilon, double bound, int draws) {
  // The account that shows the most: at the clip, with as many users as count.
  const NicheTotals with = merge(without, contribution({9, 10}, 1000, kClip));
  Attack result;
  Rng rng(99);
  for (int i = 0; i < draws; ++i) {
    PrivacyLedger ledger(2 * epsilon);
    const auto member = release(with, kClip, epsilon, ledger, rng);
    const auto stranger = release(without, kClip, epsilon, ledger, rng);
    if (member && evidence(*member, with, without, epsilon) > bound) result.hits += 1.0 / draws;
    if (stranger && evidence(*stranger, with, without, epsilon) > bound) {
      result.alarms += 1.0 / draws;
    }
  }
  return result;
}

TEST(CrossAccount, MembershipStaysHiddenWithinEpsilon) {
  constexpr int kDraws = 20000;
  double most = 0;                                   // Of what epsilon allows.
  const double slack = 4 * std::sqrt(0.5 / kDraws);  // Four standard errors of a difference.
  Rng rng(31);
  // Far above the rule, and at its edge, where a refusal is the evidence.
  const std::array<NicheTotals, 3> niches{niche_of(400, 0.015, rng),
                                          NicheTotals{60, 460, 18000, 6000},
                                          NicheTotals{60, 252, 18000, 6000}};
  for (const double epsilon : {1.0, 2.0}) {
    const double advantage = std::expm1(epsilon) / (std::exp(epsilon) + 1);
    for (const NicheTotals& niche : niches) {
      for (const double bound : {-1e9, -0.3, 0.0, 0.3}) {
        const Attack seen = attack(niche, epsilon, bound, kDraws);
        EXPECT_LE(seen.hits - seen.alarms, advantage + slack);
        EXPECT_LE(seen.hits, std::exp(epsilon) * seen.alarms + slack * std::exp(epsilon));
        EXPECT_LE(1 - seen.alarms, std::exp(epsilon) * (1 - seen.hits) + slack * std::exp(epsilon));
        most = std::max(most, (seen.hits - seen.alarms) / advantage);
      }
    }
  }
  RecordProperty("advantage", std::to_string(most));
}

TEST(CrossAccount, TheAttackFindsMembersWhereNoiseIsTooSmall) {
  // At ten times the epsilon the same attack breaks the bound of one: it can see.
  Rng rng(31);
  const Attack seen = attack(niche_of(400, 0.015, rng), 10, 0, 2000);
  EXPECT_GT(seen.hits - seen.alarms, std::expm1(1.0) / (std::exp(1.0) + 1));
}

TEST(CrossAccount, NichesThatDifferAreToldApartFromNoise) {
  std::vector<NicheRelease> same;
  std::vector<NicheRelease> apart;
  for (int i = 0; i < 8; ++i) {
    const double sign = i % 2 == 0 ? 1 : -1;
    same.push_back({.mean = 0.015 + sign * 0.0005, .deviation = 0.006, .error = 0.001});
    apart.push_back({.mean = 0.015 + sign * 0.005, .deviation = 0.006, .error = 0.001});
  }
  EXPECT_EQ(all_niches(same)->scatter, 0);
  // Eight at +-.005: mean square 8/7 * .005^2, less the error's square.
  EXPECT_NEAR(all_niches(apart)->scatter, std::sqrt(8.0 / 7 * 25e-6 - 1e-6), 1e-9);
  EXPECT_NEAR(all_niches(apart)->mean, 0.015, 1e-12);
  EXPECT_FALSE(all_niches({}));
}

TEST(CrossAccount, ANewCampaignBorrowsLessTheMoreItHasItself) {
  const NicheRelease niche{.mean = 0.02, .deviation = 0.005, .error = 0.001};
  const AllNiches all{.mean = 0.01, .scatter = 0.003, .niches = 8};
  double before = -1;
  for (const double trials : {0.0, 100.0, 1000.0, 100000.0}) {
    const BorrowedBelief belief = borrow({0.03 * trials, trials}, niche, all, 1);
    EXPECT_GT(belief.own, before);
    EXPECT_NEAR(belief.own + belief.borrowed, 1, 1e-12);
    before = belief.own;
  }
  // Trust .9 in the niche: .9 * .02 + .1 * .01; nothing own yet.
  const BorrowedBelief fresh = borrow({0, 0}, niche, all, 1);
  EXPECT_NEAR(mean(fresh.belief), 0.019, 1e-12);
  EXPECT_NEAR(fresh.niche, 0.9, 1e-12);
  EXPECT_EQ(fresh.own, 0);
}

TEST(CrossAccount, WithoutANicheOnlyATrialIsBorrowed) {
  const AllNiches all{.mean = 0.01, .scatter = 0.003, .niches = 8};
  const BorrowedBelief belief = borrow({2, 99}, std::nullopt, all, 1);
  EXPECT_NEAR(belief.own, 0.99, 1e-12);
  EXPECT_NEAR(mean(belief.belief), 2.01 / 100, 1e-12);
  EXPECT_EQ(belief.niche, 0);
}

TEST(CrossAccount, BorrowingFromTheRightNicheIsNearerTheTruth) {
  Rng rng(77);
  std::vector<NicheRelease> niches;
  const std::array<double, 3> means{0.008, 0.015, 0.03};
  for (const double rate : means) {
    PrivacyLedger ledger(1);
    niches.push_back(*release(niche_of(400, rate, rng), kClip, 1, ledger, rng));
  }
  const AllNiches all = *all_niches(niches);
  double alone = 0;
  double borrowed = 0;
  for (int i = 0; i < 600; ++i) {
    const std::size_t which = static_cast<std::size_t>(i) % 3;
    const double rate = rng.beta(300 * means[which], 300 * (1 - means[which]));
    const RateCount count{static_cast<double>(rng.binomial(300, rate)), 300};
    alone += std::pow(count.successes / count.trials - rate, 2);
    borrowed += std::pow(mean(borrow(count, niches[which], all, 1).belief) - rate, 2);
  }
  RecordProperty("ratio", std::to_string(borrowed / alone));
  EXPECT_LT(borrowed / alone, 0.8);
}

}  // namespace
}  // namespace rf::learn
