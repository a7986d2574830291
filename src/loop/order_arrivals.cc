#include "loop/order_arrivals.h"

#include <algorithm>
#include <map>
#include <utility>

#include "store/documents.h"

namespace rf::loop {

Result<OrderArrivals> order_arrivals(Store& store, const AccountId& account) {
  return document_of<OrderArrivals>(store, account, kOrderArrivals);
}

std::vector<learn::DayVersion> versions_of(const OrderArrivals& arrivals, Day from, Day last) {
  std::map<Day, std::map<std::int64_t, std::int64_t>> by_day;
  for (const OrderArrival& each : arrivals.arrivals) {
    const bool inside = each.clicked >= from && each.clicked <= last && each.days_after >= 0 &&
                        each.clicked + Days(each.days_after) <= last;
    if (inside) by_day[each.clicked][each.days_after] += each.orders;
  }
  std::vector<learn::DayVersion> versions;
  for (const auto& [clicked, delays] : by_day) {
    const std::int64_t day = clicked.time_since_epoch().count();
    std::int64_t sum = 0;
    // A day begins with none, unless some came at once.
    if (delays.begin()->first > 0) versions.push_back({.day = day, .as_of = day, .count = 0});
    for (const auto& [days_after, orders] : delays) {
      sum += orders;
      versions.push_back(
          {.day = day, .as_of = day + days_after, .count = static_cast<double>(sum)});
    }
    const std::int64_t end = last.time_since_epoch().count();
    if (versions.back().as_of < end)
      versions.push_back({.day = day, .as_of = end, .count = static_cast<double>(sum)});
  }
  return versions;
}

}  // namespace rf::loop
