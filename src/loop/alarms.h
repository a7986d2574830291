// What the store knows of an account that a person should know too, without asking.

#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "act/alerts.h"
#include "act/limits.h"
#include "base/result.h"
#include "base/time.h"
#include "loop/sight.h"
#include "store/store.h"

namespace rf::loop {

// How an account's numbers come in.
struct Feed {
  bool connected = false;              // From its platform; else from files.
  std::optional<double> completeness;  // Of the last answer. [0, 1]
  std::string trouble;                 // Why the last sync failed, or empty.
};

// Tracking that broke, numbers that do not come, delivery that collapsed, verdicts that went wrong,
// and kill-all. What the account's log tells of is not here.
// Errors: those of the store.
Result<act::Findings> alarms_of(Store& store, const Account& account, const Sight& sight,
                                const Feed& feed, const std::optional<act::Limits>& limits,
                                Instant now);

// Campaigns that were shown and hardly are any more: on the last closed day at most a twentieth of
// the median of the seven days before, which was at least 500 impressions. Ads in `stopped` are
// left out of both. When it is all of several campaigns, it is the account.
// Chosen: with 500 expected, 25 are never chance, and weekdays differ by halves, not by twenty.
std::vector<act::Alert> collapses(const Account& account, const Sight& sight,
                                  const std::set<std::string>& stopped);

}  // namespace rf::loop
