// What accounts may learn from each other without showing themselves: noisy averages of a niche.
//
// Accounts that agreed add a clipped contribution to their niche's totals. Totals are whole
// numbers, so merging them gives the same in any order. What leaves is a release: the totals with
// noise, private at the level of an account (two sets of totals that differ by one account are hard
// to tell apart), paid for from a ledger. All that follows from a release is free.
//
// Levels: all niches -> niche -> account -> what it runs. A level's estimate is drawn to its
// parent's,
//   (c + s mean)/(n + s),
// s from the scatter of the level's members. For accounts of one owner nothing has to be hidden:
// there learn/pooling.h (fit_hierarchy) fits the same levels to the counts by likelihood.
// Source: Dwork, McSherry, Nissim & Smith 2006, doi:10.1007/11681878_14; whole-numbered Laplace
// noise, Ghosh, Roughgarden & Sundararajan 2012, doi:10.1137/09076828X.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/rng.h"
#include "learn/posterior.h"

namespace rf::learn {

// Whole steps that a contribution is counted in, from 0 to the niche's clip. Chosen: rounding moves
// a mean by less than 0.05 % of the clip, far below the noise of any release.
inline constexpr std::int64_t kContributionSteps = 1024;

// Users that one account can count for. Chosen: a fifth of kReleaseUsersMin, so that no account
// opens a niche alone.
inline constexpr std::int64_t kUsersPerAccountMax = 10;

// A niche is released from so many users and, unless epsilon is at least 1, so many accounts.
// Source: Ads Data Hub's 50 users to a row. The accounts, derived: at 20 accounts the noise of a
// rate clipped at 5 % is a quarter of a CTR of 1.5 %, at 200 some hundredths.
inline constexpr std::int64_t kReleaseUsersMin = 50;
inline constexpr std::int64_t kReleaseAccountsMin = 200;

// The sums of one niche. Never to be shown: only a NicheRelease is.
struct NicheTotals {
  std::int64_t accounts = 0;
  std::int64_t users = 0;    // At most kUsersPerAccountMax from each account.
  std::int64_t rates = 0;    // Sum of clipped rates, in steps.
  std::int64_t squares = 0;  // Sum of their squares, in steps.

  bool operator==(const NicheTotals&) const = default;
};

// What one account adds: its rate, at most `clip`; nothing where it has no trials.
// REQUIRES: 0 <= successes, trials >= 0, users >= 0, clip > 0.
NicheTotals contribution(RateCount account, std::int64_t users, double clip);

NicheTotals merge(const NicheTotals& one, const NicheTotals& other);

// How much of an owner's privacy has been spent, and how much there is.
class PrivacyLedger {
 public:
  // REQUIRES: limit >= 0 and finite.
  explicit PrivacyLedger(double limit, double spent = 0);

  // Errors: over_limit, when less than that is left; nothing is spent then. invalid, unless
  // epsilon is above 0 and finite.
  Status spend(double epsilon);

  double spent() const { return spent_; }
  double left() const { return limit_ > spent_ ? limit_ - spent_ : 0; }

 private:
  double limit_ = 0;
  double spent_ = 0;
};

// Totals with noise, in the units of rates. What may be shown.
struct NicheRelease {
  double epsilon = 0;
  double accounts = 0;
  double users = 0;
  double mean = 0;       // Of the accounts' rates.
  double deviation = 0;  // Between the accounts' rates, and of the counts behind them.
  double error = 0;      // Standard error of the mean, noise included.
};

// Releases a niche, or refuses it. Noise comes first and the rule looks at the noisy totals alone,
// so that the refusal too is private; the ledger is charged either way. So that noise opens a niche
// below kReleaseUsersMin at most once in 1000, more users must be seen: some 460 at epsilon 1.
// The whole release is epsilon-private: .4 of it for the rates, .3 squares, .15 accounts, .15
// users.
// REQUIRES: clip > 0, as for the contributions. `rng` seeded by what nobody else can know.
// Errors: those of PrivacyLedger::spend; denied, with what is too few.
Result<NicheRelease> release(const NicheTotals& totals, double clip, double epsilon,
                             PrivacyLedger& ledger, Rng& rng);

// Two-sided geometric noise: P(k) proportional to exp(-|k| epsilon/sensitivity). Whole numbers,
// because the low bits of a real-valued draw give the value away.
// REQUIRES: epsilon > 0, sensitivity >= 1.
// Source: Mironov 2012, doi:10.1145/2382196.2382264, for why.
std::int64_t laplace_noise(double epsilon, std::int64_t sensitivity, Rng& rng);

// What all released niches say together.
struct AllNiches {
  double mean = 0;
  double scatter = 0;  // Standard deviation of the niches' true means; 0 when noise explains it.
  std::size_t niches = 0;
};

// Source: DerSimonian & Laird 1986, doi:10.1016/0197-2456(86)90046-2. None without a niche.
std::optional<AllNiches> all_niches(std::span<const NicheRelease> niches);

// What is believed of a new campaign's rate before and while it runs.
struct BorrowedBelief {
  BetaPosterior belief;
  double own = 0;       // Share of the estimate that its own counts carry; with `borrowed`, 1.
  double borrowed = 0;  // Share that the niche and all niches carry.
  double niche = 0;     // Of `borrowed`, the niche's part; the rest is all niches'.
};

// Draws the niche's mean to that of all niches, and the campaign to the result.
// REQUIRES: counts as rate_posterior; all.mean in (0, 1); phi >= 1.
BorrowedBelief borrow(RateCount own, const std::optional<NicheRelease>& niche, const AllNiches& all,
                      double phi);

}  // namespace rf::learn
