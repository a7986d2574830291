// What the budgets of an account may spend on one day, at most: the quantity that the caps bound.
//
// A budget that was in force at any moment of the day may have been spent by then, so lowering one
// does not make room for another before the next day. Writes whose answer was lost count as if they
// had happened and as if they had not, whichever is more. A budget for a lifetime may go in one
// day.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "act/sweep.h"
#include "model/receipt.h"

namespace rf::act {

// Units: millionths of the account's currency, overspending by the platform left out.
struct Exposure {
  std::int64_t account = 0;
  std::map<std::string, std::int64_t> campaigns;  // By the platform's id.
  // What stands in the way of knowing it, in words; none where it is known.
  std::optional<std::string> unknown;
};

// `today` are the receipts that may have touched today's budgets: those of today and the open ones.
Exposure exposure(const AccountNow& now, Currency currency, std::span<const Receipt> today);

// With everything as it stands, but for one thing that has another setting, and `open` receipts at
// their worst.
Exposure exposure_with(const AccountNow& now, Currency currency, const Step& step,
                       const Setting& setting, std::span<const Receipt> open);

}  // namespace rf::act
