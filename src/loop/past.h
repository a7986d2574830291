// An account's whole past as it became known, for backtests of rules.

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "decide/rules/backtest.h"
#include "decide/rules/rule.h"
#include "model/belief.h"
#include "model/entity.h"
#include "store/store.h"

namespace rf::loop {

struct PastSight {
  decide::Past past;
  std::vector<Belief> beliefs;  // One for each ad, in the order of past.ads().
  Day today;                    // The account's first day that is not closed.
  double target_cpa = 0;        // NaN where there is none.
  std::int64_t days = 0;        // Ad days that are known,
  std::int64_t late_days = 0;   // and of them those that were first reported days after their end.
};

// Days that were first reported more than kBackfilled days after their end are taken as known the
// next morning, complete: what a platform said of them at the time is not known.
// REQUIRES: store.remember(account.id) was called.
// Errors: not_found, when the account has no day; those of the store.
// Cost: every version of every day of the account.
Result<PastSight> look_back(Store& store, const Account& account,
                            std::span<const decide::Rule> rules, Instant now, Day from);

inline constexpr std::int64_t kBackfilled = 3;

}  // namespace rf::loop
