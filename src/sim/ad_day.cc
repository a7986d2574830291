#include "sim/ad_day.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/check.h"
#include "sim/delay.h"
#include "sim/noise.h"

namespace rf::sim {
namespace {

// Chosen, Sunday first, mean 1: people buy at the weekend, media are dear before it.
constexpr std::array<double, 7> kOrdersByWeekday{1.08, 1.02, 0.97, 0.95, 0.96, 0.98, 1.04};
constexpr std::array<double, 7> kPriceByWeekday{0.95, 0.97, 0.99, 1.00, 1.02, 1.05, 1.02};

// Chosen: how far an ad's day strays from its budget and from its usual price.
constexpr double kPacingSpread = 0.06;
constexpr double kPriceSpread = 0.08;
constexpr double kMarketSpread = 0.05;

// Source: Meta may spend up to a quarter more than the daily budget on one day.
constexpr double kOverspendMax = 1.25;

// Chosen: ten times the planned budget pays 1.4 times the price, so that money has falling returns.
constexpr double kPriceElasticity = 0.15;

// Chosen: the part of the audience that is online on one day.
constexpr double kDailyAudience = 0.35;

// Chosen: order values spread by half their mean, as an exponential's spread would be twice that.
constexpr double kOrderSpread = 0.5;

constexpr std::int64_t kSecondsPerDay = 86400;

// Google shares one conversion among the ads that led to it; in hundredths.
constexpr std::array<std::int64_t, 10> kSharedCredits{100, 100, 100, 100, 100, 100, 50, 33, 67, 25};
constexpr double kSharedCreditMean = 0.775;

std::size_t weekday_of(Day day) {
  return std::chrono::weekday(std::chrono::sys_days(day.time_since_epoch())).c_encoding();
}

std::uint64_t number_of(Day day) {
  return static_cast<std::uint64_t>(day.time_since_epoch().count());
}

// People reached by so many impressions when each falls on one of `people` at random.
double people_reached(double people, double impressions) {
  return -people * std::expm1(-impressions / people);
}

std::int64_t rounded_to_minor(double units, Currency currency) {
  double scale = 1;
  for (int digit = 0; digit < currency.minor_digits(); ++digit) scale *= 10;
  const auto step = static_cast<std::int64_t>(static_cast<double>(kMicrosPerUnit) / scale);
  return std::llround(units * scale) * step;
}

class DayDraw {
 public:
  DayDraw(const Ad& ad, Platform platform, const DayConditions& conditions, Rng rng)
      : ad_(ad), platform_(platform), conditions_(conditions), rng_(rng) {
    day_.day = conditions.day;
    day_.fatigue = fatigue_after(ad, conditions.impressions_before);
    day_.order_factor = kOrdersByWeekday[weekday_of(conditions.day)];
  }

  AdDay draw() {
    buy_impressions();
    if (impressions_ == 0) return std::move(day_);
    draw_plays();
    draw_clicks();
    draw_engagement();
    draw_orders();
    return std::move(day_);
  }

 private:
  void set(Metric metric, std::int64_t value) { day_.counts.set(metric, value); }

  std::int64_t part_of(std::int64_t whole, double share) { return rng_.binomial(whole, share); }

  std::int64_t spread_part_of(std::int64_t whole, double rate) {
    return overdispersed_binomial(rng_, whole, std::clamp(rate, 0.0, 1.0),
                                  conditions_.overdispersion);
  }

  void buy_impressions() {
    const double budget = units(conditions_.budget);
    double pacing = std::min(gamma_factor(rng_, kPacingSpread), kOverspendMax);
    double pressure = std::pow(budget / units(ad_.daily_budget), kPriceElasticity);
    double cpm = ad_.rates.cpm * kPriceByWeekday[weekday_of(day_.day)] * conditions_.price_factor *
                 pressure * gamma_factor(rng_, kPriceSpread);
    const std::int64_t spend = rounded_to_minor(budget * pacing, conditions_.budget.currency);
    impressions_ = std::llround(units({.micros = spend, .currency = conditions_.budget.currency}) *
                                1000 / cpm);
    if (impressions_ == 0) return;
    set(Metric::spend, spend);
    set(Metric::impressions, impressions_);
    const double seen =
        people_reached(ad_.audience * kDailyAudience, static_cast<double>(impressions_));
    set(Metric::reach, std::clamp(std::llround(seen), 1LL, static_cast<long long>(impressions_)));
  }

  // Every platform sees the same viewers and names different moments of the film.
  void draw_plays() {
    const std::int64_t hooked = spread_part_of(impressions_, ad_.rates.hook * day_.fatigue);
    const std::int64_t plays = hooked + part_of(impressions_ - hooked, 0.75);
    const std::int64_t held = spread_part_of(hooked, ad_.rates.hold);
    set(Metric::video_plays, plays);
    switch (platform_) {
      case Platform::tiktok:
        set(Metric::video_2s, hooked);
        set(Metric::video_6s, held);
        break;
      case Platform::google: set(Metric::views, held); break;
      case Platform::meta:
      case Platform::plain:
        set(Metric::video_3s, hooked);
        set(Metric::video_2s, hooked + part_of(plays - hooked, 0.4));
        set(Metric::thruplays, held);
        break;
    }
    draw_quartiles(plays, hooked, held);
  }

  void draw_quartiles(std::int64_t plays, std::int64_t hooked, std::int64_t held) {
    // A ThruPlay of a film of at most 15 seconds is a play to its end.
    const std::int64_t p100 = ad_.length_s <= 15 ? held : part_of(held, 15 / ad_.length_s);
    const std::int64_t p25 = p100 + part_of(hooked - p100, 0.80);
    const std::int64_t p50 = p100 + part_of(p25 - p100, 0.65);
    const std::int64_t p75 = p100 + part_of(p50 - p100, 0.50);
    const std::int64_t p95 = p100 + part_of(p75 - p100, 0.25);
    set(Metric::video_p25, p25);
    set(Metric::video_p50, p50);
    set(Metric::video_p75, p75);
    if (platform_ == Platform::meta) set(Metric::video_p95, p95);
    set(Metric::video_p100, p100);
    // Who left in a quarter saw half of it; in thousandths of the film.
    const std::int64_t thousandths = (plays - p25) * 60 + (p25 - p50) * 375 + (p50 - p75) * 625 +
                                     (p75 - p95) * 850 + (p95 - p100) * 970 + p100 * 1000;
    set(Metric::watch_time_ms, std::llround(static_cast<double>(thousandths) * ad_.length_s));
  }

  void draw_clicks() {
    clicks_ = spread_part_of(impressions_, ad_.rates.ctr * day_.fatigue);
    set(Metric::link_clicks, clicks_);
    if (platform_ == Platform::google) return;
    set(Metric::clicks_all, clicks_ + part_of(impressions_ - clicks_, 0.006));
    if (platform_ != Platform::meta) return;
    set(Metric::outbound_clicks, part_of(clicks_, 0.96));
    set(Metric::landing_page_views, part_of(clicks_, 0.78));
  }

  void draw_engagement() {
    const auto some = [&](double rate) {
      return std::min(rng_.poisson(static_cast<double>(impressions_) * rate), impressions_);
    };
    if (platform_ == Platform::google) {
      set(Metric::engagements, some(0.02));
      return;
    }
    set(Metric::reactions, some(0.004));
    set(Metric::comments, some(0.0004));
    set(Metric::shares, some(0.0005));
    if (platform_ == Platform::meta) set(Metric::saves, some(0.0006));
    if (platform_ == Platform::tiktok) {
      set(Metric::follows, some(0.0003));
      set(Metric::profile_visits, some(0.001));
    }
  }

  void draw_orders() {
    // Where credit is shared an ad has a part in more orders, so that cvr stays what it is.
    const double credit_mean = platform_ == Platform::google ? kSharedCreditMean : 1;
    const std::int64_t orders =
        spread_part_of(clicks_, ad_.rates.cvr * day_.order_factor / credit_mean);
    day_.orders.reserve(static_cast<std::size_t>(orders));
    for (std::int64_t i = 0; i < orders; ++i) day_.orders.push_back(draw_order());
    std::ranges::stable_sort(day_.orders, {}, &Order::arrives_after);
  }

  Order draw_order() {
    const auto second = static_cast<std::int64_t>(rng_.below(kSecondsPerDay));
    const auto waits = std::chrono::floor<Days>(std::chrono::seconds(second) + draw_delay(rng_));
    const std::int64_t hundredths =
        platform_ == Platform::google ? kSharedCredits[rng_.below(kSharedCredits.size())] : 100;
    const double value = ad_.rates.order_value * gamma_factor(rng_, kOrderSpread);
    return {.arrives_after = waits,
            .credit_micros = hundredths * 10'000,
            .value_micros = rounded_to_minor(value * static_cast<double>(hundredths) / 100,
                                             conditions_.budget.currency)};
  }

  const Ad& ad_;
  const Platform platform_;
  const DayConditions& conditions_;
  Rng rng_;
  AdDay day_;
  std::int64_t impressions_ = 0;
  std::int64_t clicks_ = 0;
};

}  // namespace

double fatigue_after(const Ad& ad, std::int64_t impressions) {
  if (impressions == 0) return 1;
  const auto shown = static_cast<double>(impressions);
  const double frequency = shown / people_reached(ad.audience, shown);
  return std::exp2(-(frequency - 1) / ad.fatigue_half_life);
}

AdDay run_ad_day(const Ad& ad, Platform platform, const DayConditions& conditions, Rng rng) {
  RF_CHECK(conditions.budget.micros > 0);
  RF_CHECK(conditions.budget.currency == ad.daily_budget.currency);
  return DayDraw(ad, platform, conditions, rng).draw();
}

Rng day_rng(std::uint64_t seed, const Ad& ad, Day day) {
  return Rng(seed).split(ad.stream).split(number_of(day));
}

double market_price_factor(std::uint64_t seed, std::size_t account, Day day) {
  // Counted down from the top, where no ad's stream is.
  Rng rng = Rng(seed).split(~static_cast<std::uint64_t>(account)).split(number_of(day));
  return gamma_factor(rng, kMarketSpread);
}

}  // namespace rf::sim
