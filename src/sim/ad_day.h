// One day of one ad: money in, people reached, plays, clicks, orders.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/rng.h"
#include "model/metric.h"
#include "sim/scene.h"

namespace rf::sim {

// An order that the platform ascribes to the ad.
struct Order {
  Days arrives_after{0};  // From the day of the click until the platform counts it.
  std::int64_t credit_micros = 0;
  std::int64_t value_micros = 0;
};

// What happened. Counts hold everything but orders, which arrive later.
struct AdDay {
  Day day;
  double fatigue = 1;       // What was left of hook and ctr. (0, 1]
  double order_factor = 1;  // What the weekday did to cvr.
  Counts counts;
  std::vector<Order> orders;
};

struct DayConditions {
  Day day;
  Money budget;
  double price_factor = 1;  // What the account's market did to prices.
  std::int64_t impressions_before = 0;
  double overdispersion = 1;
};

// The share of hook and ctr that is left after so many impressions. (0, 1]
double fatigue_after(const Ad& ad, std::int64_t impressions);

// REQUIRES: conditions.budget is positive and of the account's currency.
// Cost: about 30 draws, whatever the budget.
AdDay run_ad_day(const Ad& ad, Platform platform, const DayConditions& conditions, Rng rng);

// The chance of one ad on one day: no other ad's, and no other day's, draws move it.
Rng day_rng(std::uint64_t seed, const Ad& ad, Day day);

// What the account's market does to all its prices on `day`: a factor with mean 1.
double market_price_factor(std::uint64_t seed, std::size_t account, Day day);

}  // namespace rf::sim
