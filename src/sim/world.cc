#include "sim/world.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"

namespace rf::sim {
namespace {

// Derived: with m orders expected, the logarithm of a return is known to about sqrt(phi / m).
// Telling kWinnerRatio from 1 with 95 % one-sided needs 1.645 * sqrt(phi / m) < ln 1.5, so m > 16.5
// * phi.
constexpr double kEvidencePerPhi = 16.5;

AdClass class_of(double roas_ratio, double evidence, double phi) {
  if (evidence < kEvidencePerPhi * phi) return AdClass::undecidable;
  if (roas_ratio >= kWinnerRatio) return AdClass::winner;
  if (roas_ratio <= kLoserRatio) return AdClass::loser;
  return AdClass::average;
}

std::string_view attribution_of(Platform platform) {
  return platform == Platform::meta ? "7-day click or 1-day view" : "";
}

std::string_view conversion_event_of(Platform platform) {
  return platform == Platform::google ? "conversions" : "purchases";
}

// What a platform has not processed yet of its newest day is missing from every count alike.
void hold_back(Counts& counts, double share) {
  for (const MetricInfo& info : all_metrics()) {
    if (!counts.has(info.metric)) continue;
    const auto whole = static_cast<double>(counts.or_zero(info.metric));
    counts.set(info.metric, static_cast<std::int64_t>(std::floor(whole * (1 - share))));
  }
}

void add_arrived(Counts& counts, const AdDay& day, Day as_of, const World& world,
                 Platform platform) {
  std::int64_t credit = 0;
  std::int64_t value = 0;
  for (const Order& order : day.orders) {
    const Day arrives = day.day + order.arrives_after;
    if (arrives > as_of) break;  // They are sorted.
    if (world.in_outage(arrives)) continue;
    credit += order.credit_micros;
    value += order.value_micros;
  }
  if (platform == Platform::meta) counts.set(Metric::results, credit);
  counts.set(Metric::conversions, credit);
  counts.set(Metric::conversion_value, value);
  if (platform == Platform::google) return;
  counts.set(Metric::purchases, credit);
  counts.set(Metric::purchase_value, value);
}

}  // namespace

Result<World> World::make(const WorldSpec& spec) {
  Scene scene = RF_TRY(make_scene(spec));
  return World(std::move(scene));
}

World::World(Scene scene) : scene_(std::move(scene)), today_(scene_.first_day) {
  states_.reserve(scene_.ads.size());
  for (const Ad& ad : scene_.ads) add_state(ad);
}

void World::add_state(const Ad& ad) {
  RF_CHECK(ad.account < scene_.accounts.size());
  RF_CHECK(ad.daily_budget.currency == scene_.accounts[ad.account].account.currency);
  RF_CHECK(ad.daily_budget.micros > 0);
  states_.push_back({.budget = ad.daily_budget});
}

std::size_t World::add_ad(Ad ad) {
  add_state(ad);
  scene_.ads.push_back(std::move(ad));
  return scene_.ads.size() - 1;
}

void World::set_price_pressure(std::size_t ad, double pressure) {
  RF_CHECK(ad < states_.size());
  RF_CHECK(pressure > 0);
  states_[ad].pressure = pressure;
}

void World::run_day() {
  std::vector<double> price_factors;
  for (std::size_t i = 0; i < scene_.accounts.size(); ++i) {
    price_factors.push_back(market_price_factor(scene_.seed, i, today_));
  }
  for (std::size_t i = 0; i < scene_.ads.size(); ++i) {
    const Ad& ad = scene_.ads[i];
    AdState& state = states_[i];
    if (state.paused || ad.start > today_) continue;
    AdDay day = run_ad_day(ad, scene_.accounts[ad.account].account.platform,
                           {.day = today_,
                            .budget = state.budget,
                            .price_factor = price_factors[ad.account] * state.pressure,
                            .impressions_before = state.impressions,
                            .overdispersion = scene_.overdispersion},
                           day_rng(scene_.seed, ad, today_));
    if (day.counts.empty()) continue;
    state.impressions += day.counts.or_zero(Metric::impressions);
    state.spend_micros += day.counts.or_zero(Metric::spend);
    state.days.push_back(std::move(day));
  }
  today_ += Days(1);
}

void World::run_days(std::int64_t days) {
  RF_CHECK(days >= 0);
  for (std::int64_t i = 0; i < days; ++i) run_day();
}

Status World::set_daily_budget(std::size_t ad, Money budget) {
  RF_CHECK(ad < states_.size());
  const Currency currency = scene_.ads[ad].daily_budget.currency;
  if (budget.currency != currency) {
    return fail(ErrorCode::invalid, fmt::format("found a budget in {}, expected {}",
                                                budget.currency.code(), currency.code()));
  }
  if (budget.micros <= 0) {
    return fail(ErrorCode::invalid, fmt::format("found a budget of {}, expected more than zero; "
                                                "pause the ad instead",
                                                to_decimal(budget)));
  }
  states_[ad].budget = budget;
  return {};
}

Money World::daily_budget(std::size_t ad) const { return state_of(ad).budget; }

void World::set_paused(std::size_t ad, bool paused) {
  RF_CHECK(ad < states_.size());
  states_[ad].paused = paused;
}

bool World::paused(std::size_t ad) const { return state_of(ad).paused; }

Truth World::truth(std::size_t ad) const {
  const AdState& state = state_of(ad);
  const Ad& planted = scene_.ads[ad];
  const Rates& typical = scene_.accounts[planted.account].typical;
  Truth truth{.role = planted.role, .first = planted.rates, .now = planted.rates};
  const double left = fatigue_after(planted, state.impressions);
  truth.now.hook *= left;
  truth.now.ctr *= left;
  truth.roas_ratio = roas_of(truth.now) / roas_of(typical);
  truth.evidence = as_number(Metric::spend, state.spend_micros) / cpa_of(typical);
  truth.ad_class = class_of(truth.roas_ratio, truth.evidence, scene_.overdispersion);
  return truth;
}

bool World::in_outage(Day day) const {
  return std::ranges::any_of(scene_.outages, [day](const DayRange& outage) {
    return day >= outage.first && day <= outage.last;
  });
}

const std::vector<AdDay>& World::days_of(std::size_t ad) const { return state_of(ad).days; }

Export World::export_as_of(std::size_t account, Day as_of, Day first) const {
  RF_CHECK(account < scene_.accounts.size());
  const Account& about = scene_.accounts[account].account;
  Export result{.account = about, .first = first, .last = as_of};
  for (std::size_t i = 0; i < scene_.ads.size(); ++i) {
    if (scene_.ads[i].account != account) continue;
    for (const AdDay& day : states_[i].days) {
      if (day.day < first || day.day > as_of) continue;
      MetricRow row{.day = day.day,
                    .entity = scene_.ads[i].entity,
                    .attribution = std::string(attribution_of(about.platform)),
                    .conversion_event = std::string(conversion_event_of(about.platform)),
                    .counts = reported(i, day, as_of)};
      result.rows.push_back(std::move(row));
    }
  }
  std::ranges::stable_sort(result.rows, {}, &MetricRow::day);
  return result;
}

Counts World::reported(std::size_t ad, const AdDay& day, Day as_of) const {
  RF_CHECK(ad < states_.size());
  RF_CHECK(day.day <= as_of);
  Counts counts = day.counts;
  if (day.day == as_of && scene_.unsettled > 0) hold_back(counts, scene_.unsettled);
  const Ad& planted = scene_.ads[ad];
  add_arrived(counts, day, as_of, *this, scene_.accounts[planted.account].account.platform);
  return counts;
}

Export World::export_as_of(std::size_t account, Day as_of) const {
  return export_as_of(account, as_of, scene_.first_day);
}

Instant World::taken_at(std::size_t account, Day as_of) const {
  RF_CHECK(account < scene_.accounts.size());
  return scene_.accounts[account].account.zone.start_of(as_of + Days(1));
}

const World::AdState& World::state_of(std::size_t ad) const {
  RF_CHECK(ad < states_.size());
  return states_[ad];
}

}  // namespace rf::sim
