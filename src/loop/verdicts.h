// Judges what was done, 3, 7 and 14 days later, and says how much autonomy each policy has earned.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "act/limits.h"
#include "base/result.h"
#include "base/time.h"
#include "model/estimate.h"
#include "model/receipt.h"
#include "store/store.h"

namespace rf::loop {

// Gives a verdict on every action whose day has come and that has none. What was done before a day
// is not judged by numbers that were not yet closed on it.
// Errors: those of the store.
// Cost: 30 days of the account for each action that is judged.
Result<std::vector<VerdictRecord>> judge_actions(Store& store, const Account& account, Instant now);

// How often a policy was right, by the latest clear verdict on each of its actions.
struct Standing {
  std::string policy;
  std::int64_t right = 0;
  std::int64_t wrong = 0;
  std::int64_t unclear = 0;
  std::optional<Estimate> win_rate;              // Of the clear ones; none while there are none.
  act::Autonomy level = act::Autonomy::observe;  // As the limits have it.
  act::Autonomy suggested = act::Autonomy::observe;  // What the verdicts speak for.
  std::string reason;
};

// One step up the ladder needs more than one step down: money that was lost does not come back.
std::vector<Standing> standings(const std::vector<VerdictRecord>& verdicts,
                                const act::Limits& limits);

}  // namespace rf::loop
