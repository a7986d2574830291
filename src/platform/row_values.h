// What all platforms' clients check alike: ids, accounts, counts, budgets.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/entity.h"
#include "model/metric.h"
#include "model/money.h"
#include "platform/ad_platform.h"
#include "platform/reply.h"

namespace rf::platform {

// All three platforms name things by numbers of at most twenty digits.
bool is_number(std::string_view id);

// Sets a metric from millionths.
// Errors: corrupt, when it is negative or a part of what comes in whole things.
Status put_count(Counts& counts, Metric metric, std::int64_t micros, const Reply& place);

// Sets the time watched from an average per play in millionths of a second.
// Errors: corrupt, when it is beyond a day a play.
Status put_watch_time(Counts& counts, std::int64_t average_micros, const Reply& place);

struct AccountTexts {
  Platform platform = Platform::plain;
  std::string id;
  std::string name;
  std::string currency;
  std::string zone;
};

// Errors: corrupt, for an unknown currency or zone.
Result<Account> account_from(AccountTexts texts, const Reply& place);

// The rows' breakdown of one kind more, "age,gender" with "65+,female".
void add_breakdown(MetricRow& row, std::string_view kind, std::string_view value);

// Errors: invalid, unless the change is of one thing that a platform could do.
Status check_change(std::string_view platform, const Change& change);

// The budget as a number of steps of so many millionths.
// Errors: invalid, when it is in another currency, not positive or between two steps.
Result<std::int64_t> steps_of(std::string_view platform, Money budget, Currency currency,
                              std::int64_t step_micros);

// Millionths of a unit in the currency's smallest part.
std::int64_t smallest_part(Currency currency);

// Which part of a whole that is counted by another way arrived. [0, 1]
double part_of(std::int64_t have, std::int64_t all);

}  // namespace rf::platform
