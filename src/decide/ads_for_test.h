// Histories of ads with a known truth, for the tests and benchmarks of this folder.

#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "base/rng.h"
#include "decide/judge.h"
#include "learn/beliefs.h"
#include "model/calendar.h"
#include "model/entity.h"

namespace rf::decide {

inline constexpr Day kToday{Days(20500)};

// The truth of one ad.
struct TrueAd {
  double impressions_a_day = 2000;
  double ctr = 0.01;
  double cvr = 0.03;
  double cpm = 10;
  double order_value = 60;
  int started_days_ago = 20;
  bool reports_conversions = true;
  bool reports_value = true;
};

inline Counts one_day(const TrueAd& ad, Rng& rng) {
  Counts counts;
  const std::int64_t impressions = rng.poisson(ad.impressions_a_day);
  const std::int64_t clicks = rng.binomial(impressions, ad.ctr);
  const std::int64_t sales = rng.binomial(clicks, ad.cvr);
  counts.set(Metric::impressions, impressions);
  counts.set(Metric::link_clicks, clicks);
  counts.set(Metric::video_3s, rng.binomial(impressions, 0.3));
  counts.set(Metric::thruplays, rng.binomial(impressions, 0.1));
  counts.set(Metric::spend, std::llround(static_cast<double>(impressions) / 1000 * ad.cpm * 1e6));
  if (ad.reports_conversions) counts.set(Metric::conversions, sales * 1'000'000);
  if (ad.reports_conversions && ad.reports_value) {
    double value = 0;
    for (std::int64_t i = 0; i < sales; ++i) value += ad.order_value * rng.gamma(1);
    counts.set(Metric::conversion_value, std::llround(value * 1e6));
  }
  return counts;
}

// Adds an ad's days, up to and including the open one.
inline void add_ad(learn::History& history, const TrueAd& ad, std::int64_t number, Rng& rng) {
  learn::AdTotals totals;
  totals.id.text = "ad:" + std::to_string(100000 + number);
  totals.entity.ad_name = "Ad " + std::to_string(number);
  totals.attribution = "7-day click";
  totals.conversion_event = "purchases";
  totals.first_day = kToday - Days(ad.started_days_ago);
  totals.last_day = kToday;
  for (Day day = totals.first_day; day <= kToday; day += Days(1)) {
    const Counts counts = one_day(ad, rng);
    totals.counts.add(counts);
    ++totals.days;
    if (day < kToday - learn::kLookback) continue;
    history.days.push_back({totals.id, totals.attribution, totals.conversion_event, day, counts});
  }
  history.totals.push_back(totals);
}

// Ads of every kind: good, bad, new, stopped, silent about conversions.
inline learn::History some_history(std::uint64_t seed, std::int64_t ads) {
  Rng rng(seed);
  learn::History history;
  history.platform = Platform::meta;
  for (std::int64_t i = 0; i < ads; ++i) {
    TrueAd ad;
    ad.impressions_a_day = std::exp(4 + 5 * rng.uniform());
    ad.ctr = 0.002 * std::exp(2.5 * rng.uniform());
    ad.cvr = rng.uniform() < 0.2 ? 0 : 0.005 * std::exp(3 * rng.uniform());
    ad.order_value = 20 + 100 * rng.uniform();
    ad.started_days_ago = static_cast<int>(rng.below(40));
    ad.reports_conversions = rng.uniform() < 0.9;
    ad.reports_value = rng.uniform() < 0.8;
    add_ad(history, ad, i, rng);
  }
  return history;
}

inline AccountFacts facts_of(const learn::History& history) {
  AccountFacts facts;
  facts.account.id.text = "meta:1";
  facts.account.platform = history.platform;
  facts.account.currency = *Currency::parse("USD");
  facts.today = kToday;
  facts.days = learn::account_days(history, kToday);
  return facts;
}

}  // namespace rf::decide
