// Judges what was done, 3, 7 and 14 days later, and says how much autonomy each policy has earned.

#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "act/limits.h"
#include "base/result.h"
#include "base/time.h"
#include "learn/action_verdict.h"
#include "model/estimate.h"
#include "model/receipt.h"
#include "store/store.h"

namespace rf::loop {

// Gives a verdict on every action whose day has come and that has none. What was done before a day
// is not judged by numbers that were not yet closed on it.
// Errors: those of the store.
// Cost: 30 days of the account for each action that is judged.
Result<std::vector<VerdictRecord>> judge_actions(Store& store, const Account& account, Instant now);

// Three, seven and fourteen days later: the notes' and the design's horizons.
inline constexpr std::int64_t kAfterDays[] = {3, 7, 14};

// Days whose numbers are compared, both included.
struct Window {
  Day from;
  Day to;
};

// What verdicts on an account rest on: its ads, and the setting of which they are judged.
struct Courtroom {
  std::vector<EntityTotals> ads;
  std::pair<std::string, std::string> setting;  // Attribution and conversion event.
};
// REQUIRES: store.remember() was called.
Result<Courtroom> courtroom_of(Store& store, const AccountId& account);

// The platform's id of an ad, or of the ad set or campaign above it.
const std::string& id_at(Level level, const Entity& ad);

// The ads, by the store's keys, that a change of one thing is about.
std::set<std::string> ads_of(Level level, const std::string& entity, const Courtroom& room);

// A change that gave these ads less or more, and when that shows.
struct Change {
  std::set<std::string> ads;
  Window window;
  learn::Direction direction;
};

// Fills in the verdict on a change. Cost: the account's days of the window.
Status judge_change(Store& store, const AccountId& account, const Courtroom& room,
                    const Change& change, VerdictRecord& verdict);

// After a stop there is nothing to see of the ad itself: the two weeks until then are looked at
// again, with the conversions that have come in since. Chosen: what a plan mostly rests on.
Window window_after(Day day, std::int64_t after_days, bool runs_on);

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
