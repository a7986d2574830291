// How many days after the click an account's orders came, as the shop itself tells them.

#pragma once

#include <cstdint>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/described.h"
#include "base/result.h"
#include "learn/arrival.h"
#include "model/entity.h"
#include "model/json_codecs.h"
#include "model/metric_row.h"
#include "store/store.h"

namespace rf::loop {

// Orders of one day of clicks that came so many days later.
struct OrderArrival {
  Day clicked = kNoDay;
  std::int64_t days_after = 0;
  std::int64_t orders = 0;

  bool operator==(const OrderArrival&) const = default;
};

struct OrderArrivals {
  std::int64_t next = 1;  // The first event of the log that is not in it.
  std::int64_t joined = 0;
  std::vector<OrderArrival> arrivals;  // By day of click, then by delay.

  bool operator==(const OrderArrivals&) const = default;
};

inline constexpr std::string_view kOrderArrivals = "order_arrivals";

// The account's; empty where no order of it is known.
// Errors: those of the store; corrupt.
Result<OrderArrivals> order_arrivals(Store& store, const AccountId& account);

// As versions of days, each day counted up to `last`, for fit_arrival().
std::vector<learn::DayVersion> versions_of(const OrderArrivals& arrivals, Day from, Day last);

}  // namespace rf::loop

template <>
struct rf::Described<rf::loop::OrderArrival> {
  using Self = rf::loop::OrderArrival;
  static constexpr auto fields =
      std::tuple{field("clicked", &Self::clicked, ""), field("days_after", &Self::days_after, ""),
                 field("orders", &Self::orders, "")};
};

template <>
struct rf::Described<rf::loop::OrderArrivals> {
  using Self = rf::loop::OrderArrivals;
  static constexpr auto fields =
      std::tuple{field("next", &Self::next, ""), field("joined", &Self::joined, ""),
                 field("arrivals", &Self::arrivals, "")};
};
