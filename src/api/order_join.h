// Orders brought to the ads that they name, and to the days between click and order.

#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/operation.h"
#include "api/orders.h"
#include "base/result.h"
#include "store/event_log.h"
#include "store/store.h"

namespace rf::api {

struct KnownAd {
  Account account;
  std::string name;
};

// The store's ads by the platform's id.
Result<std::map<std::string, KnownAd>> known_ads(Store& store);

// Null where the order names no ad that is known, or one of another account than it says.
const KnownAd* ad_of(const Order& order, const std::map<std::string, KnownAd>& ads);

// Takes the orders that came since the last time into each account's counts of days between click
// and order, from which the loop learns how late sales come. Gives how many are joined in all.
// Cost: the orders that are new.
Result<std::int64_t> join_orders(Store& store, EventLog& events);

// The same, where anything ever came in.
Status join_new_orders(Services& services);

}  // namespace rf::api
