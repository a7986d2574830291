#include "sim/scene.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "base/rng.h"
#include "sim/ad_day.h"
#include "sim/ad_names.h"

namespace rf::sim {
namespace {

// Chosen so that an ordinary order costs about 30 on each platform, which an ordinary budget of 60
// a day pays for twice, and every rate is one that a media buyer would call ordinary.
Rates typical_rates(Platform platform, double price_level) {
  Rates rates;
  switch (platform) {
    case Platform::meta:
      rates = {
          .hook = 0.30, .hold = 0.32, .ctr = 0.012, .cvr = 0.030, .order_value = 78, .cpm = 11};
      break;
    case Platform::tiktok:
      rates = {.hook = 0.38, .hold = 0.35, .ctr = 0.009, .cvr = 0.022, .order_value = 66, .cpm = 6};
      break;
    case Platform::google:
      rates = {.hook = 0.45, .hold = 0.40, .ctr = 0.008, .cvr = 0.033, .order_value = 85, .cpm = 8};
      break;
    case Platform::plain: check_failed(__FILE__, __LINE__, "platform has a sandbox");
  }
  rates.order_value *= price_level;
  rates.cpm *= price_level;
  return rates;
}

// Every role once, the rarest last, so that the smallest accounts lose those.
constexpr std::array kOnce{Role::winner,    Role::loser,          Role::average, Role::lucky,
                           Role::fatiguing, Role::no_conversions, Role::fresh};

// What larger accounts have more of. Chosen: most ads are average, and more lose than win.
constexpr std::array kMore{Role::average, Role::loser,   Role::average, Role::winner,
                           Role::average, Role::average, Role::loser,   Role::average};

// The roles of an account's ads, before they are shuffled.
std::vector<Role> roles_for(std::size_t ads) {
  std::vector<Role> roles(kOnce.begin(), kOnce.end());
  for (std::size_t i = 0; roles.size() < ads; ++i) roles.push_back(kMore[i % kMore.size()]);
  roles.resize(ads);
  return roles;
}

void shuffle(std::vector<Role>& roles, Rng& rng) {
  for (std::size_t left = roles.size(); left > 1; --left) {
    std::swap(roles[left - 1], roles[rng.below(left)]);
  }
}

double between(Rng& rng, double low, double high) { return low + (high - low) * rng.uniform(); }

struct Range {
  double low;
  double high;
};

// Multiplies ctr and cvr by factors drawn from their ranges; people who stop for an ad are partly
// those who click, so hook and hold follow with the square root.
void make_better(Rates& rates, Rng& rng, Range ctr, Range cvr) {
  const double ctr_factor = between(rng, ctr.low, ctr.high);
  rates.ctr *= ctr_factor;
  rates.cvr *= between(rng, cvr.low, cvr.high);
  rates.hook = std::min(0.9, rates.hook * std::sqrt(ctr_factor));
  rates.hold = std::min(0.9, rates.hold * std::sqrt(std::sqrt(ctr_factor)));
}

// Winners return 1.9 to 2.5 times an average ad's money, losers less than a third.
void give_rates(Ad& ad, const Rates& typical, Rng& rng) {
  ad.rates = typical;
  ad.rates.hold *= between(rng, 0.9, 1.1);
  ad.rates.cpm *= between(rng, 0.95, 1.05);
  switch (ad.role) {
    case Role::winner:
    case Role::fatiguing:
    case Role::fresh: make_better(ad.rates, rng, {1.45, 1.6}, {1.38, 1.5}); break;
    case Role::loser: make_better(ad.rates, rng, {0.28, 0.4}, {0.5, 0.7}); break;
    case Role::no_conversions: make_better(ad.rates, rng, {0.85, 1.05}, {0, 0}); break;
    case Role::average:
    case Role::lucky: make_better(ad.rates, rng, {0.92, 1.08}, {0.92, 1.08}); break;
  }
}

// Orders an ordinary ad would have brought for the money spent on this one, and those it shows.
struct Luck {
  double expected = 0;
  double shown = 0;
};

Luck luck_of(const Ad& ad, const Scene& scene, Days days) {
  const AdAccount& account = scene.accounts[ad.account];
  Luck luck;
  std::int64_t impressions = 0;
  const Day last = scene.first_day + days - Days(1);
  for (Day day = ad.start; day <= last; day += Days(1)) {
    AdDay drawn = run_ad_day(ad, account.account.platform,
                             {.day = day,
                              .budget = ad.daily_budget,
                              .price_factor = market_price_factor(scene.seed, ad.account, day),
                              .impressions_before = impressions,
                              .overdispersion = scene.overdispersion},
                             day_rng(scene.seed, ad, day));
    impressions += drawn.counts.or_zero(Metric::impressions);
    luck.expected +=
        as_number(Metric::spend, drawn.counts.or_zero(Metric::spend)) / cpa_of(account.typical);
    for (const Order& order : drawn.orders) {
      if (day + order.arrives_after <= last)
        luck.shown += as_number(Metric::purchases, order.credit_micros);
    }
  }
  return luck;
}

constexpr std::uint64_t kTries = 400;
constexpr double kLooksLike = 1.8;  // Chosen: as good as a true winner.

// Tries the ad's chance under different names until its first weeks look like a winner's: this is
// how luck comes about among many ads, in one ad.
void make_lucky(Ad& ad, const Scene& scene, Days days) {
  const std::uint64_t base = ad.stream;
  double best = -1;
  std::uint64_t best_stream = base;
  for (std::uint64_t attempt = 0; attempt < kTries && best < kLooksLike; ++attempt) {
    ad.stream = base + attempt;
    Luck luck = luck_of(ad, scene, days);
    if (luck.expected > 0 && luck.shown / luck.expected > best) {
      best = luck.shown / luck.expected;
      best_stream = ad.stream;
    }
  }
  ad.stream = best_stream;
}

// Ids as long as the platforms' own, so that whoever reads them as floats is found out.
std::string id_for(Platform platform, std::uint64_t kind, std::size_t account, std::size_t index) {
  switch (platform) {
    case Platform::meta:
      return fmt::format("1202{:02}{:04}{:08}", kind, account + 21, index + 1907);
    case Platform::tiktok:
      return fmt::format("17{:02}{:05}{:010}", kind + 80, account, index + 40019);
    default: return fmt::format("{}{:03}{:07}", kind, account + 210, index + 60013);
  }
}

struct AdPlace {
  std::size_t account;
  std::size_t concept_index;
  std::size_t ad_index;  // Within the concept.
  std::size_t index;     // Within the account.
};

Entity entity_of(const AdPlace& place, Platform platform) {
  return {.campaign_id = id_for(platform, 1, place.account, 0),
          .campaign_name = campaign_name(platform),
          .adset_id = id_for(platform, 2, place.account, place.concept_index),
          .adset_name = concept_name(place.concept_index) + " | Broad 18-65+",
          .ad_id = id_for(platform, 3, place.account, place.index)};
}

// Of videos, in seconds.
constexpr std::array kLengths{9, 15, 20, 30, 45};

Ad make_ad(const AdPlace& place, Role role, const Scene& scene, const WorldSpec& spec, Rng rng) {
  const AdAccount& account = scene.accounts[place.account];
  const AccountSpec& wanted = spec.accounts[place.account];
  const Days days(spec.days);
  const int length_s = kLengths[rng.below(kLengths.size())];
  Ad ad{.account = place.account,
        .entity = entity_of(place, account.account.platform),
        .role = role,
        .start = scene.first_day,
        .audience = between(rng, 350'000, 600'000),
        .fatigue_half_life = between(rng, 8, 14),
        .length_s = static_cast<double>(length_s),
        .stream = (place.account + 1) << 48U | place.index << 16U};
  give_rates(ad, account.typical, rng);

  double budget = wanted.daily_budget * wanted.price_level * between(rng, 0.7, 1.5);
  if (role == Role::lucky) budget *= 0.15;
  if (role == Role::fresh) ad.start = scene.first_day + days - Days(2);
  // Small enough to be seen seven times over by the end of the history.
  if (role == Role::fatiguing) {
    ad.audience =
        std::max(100.0, budget / ad.rates.cpm * 1000 * static_cast<double>(spec.days) / 7);
    ad.fatigue_half_life = 2;
  }
  ad.daily_budget = {.micros = std::max<std::int64_t>(1, std::llround(budget)) * kMicrosPerUnit,
                     .currency = account.account.currency};

  const bool unnamed = place.index % 8 == 5;
  ad.entity.ad_name = unnamed ? unnamed_name(place.index / 8)
                              : taxonomy_name({.platform = account.account.platform,
                                               .start = ad.start,
                                               .concept_index = place.concept_index,
                                               .ad_index = place.ad_index,
                                               .length_s = length_s},
                                              rng.split(1));
  if (role == Role::lucky) make_lucky(ad, scene, days);
  return ad;
}

Result<AdAccount> make_account(const AccountSpec& spec, std::size_t index) {
  if (spec.platform == Platform::plain) {
    return fail(ErrorCode::invalid,
                fmt::format("account '{}': platform 'plain' has no sandbox; expected meta, tiktok "
                            "or google",
                            spec.name));
  }
  Currency currency = RF_TRY(Currency::parse(spec.currency));
  TimeZone zone = RF_TRY(TimeZone::parse(spec.zone));
  const std::string number = id_for(spec.platform, 9, index, 0);
  return AdAccount{.account = {.id = {fmt::format("{}:{}", to_string(spec.platform), number)},
                               .platform = spec.platform,
                               .name = spec.name,
                               .currency = currency,
                               .zone = std::move(zone)},
                   .typical = typical_rates(spec.platform, spec.price_level)};
}

void add_ads(Scene& scene, const WorldSpec& spec, std::size_t account) {
  const AccountSpec& wanted = spec.accounts[account];
  const auto per_concept = static_cast<std::size_t>(wanted.ads_per_concept);
  const std::size_t count = static_cast<std::size_t>(wanted.concepts) * per_concept;
  // Stream 0 is the plan's; the ads' own days begin above 2^48.
  const Rng rng = Rng(scene.seed).split(0).split(account);
  std::vector<Role> roles = roles_for(count);
  Rng order = rng.split(0);
  shuffle(roles, order);
  for (std::size_t i = 0; i < count; ++i) {
    const AdPlace place{account, i / per_concept, i % per_concept, i};
    scene.ads.push_back(make_ad(place, roles[i], scene, spec, rng.split(i + 1)));
  }
}

}  // namespace

Ad make_later_ad(const Scene& scene, const LaterAd& later, std::uint64_t number) {
  RF_CHECK(later.account < scene.accounts.size());
  // The top bit is no planted ad's, and no market's.
  const std::uint64_t stream = (std::uint64_t{1} << 62U) | number << 16U;
  Rng rng = Rng(scene.seed).split(stream);
  Ad ad{.account = later.account,
        .entity = later.entity,
        .role = kMore[rng.below(kMore.size())],
        .start = later.start,
        .daily_budget = later.daily_budget,
        .audience = between(rng, 350'000, 600'000),
        .fatigue_half_life = between(rng, 8, 14),
        .length_s = static_cast<double>(kLengths[rng.below(kLengths.size())]),
        .stream = stream + 1};
  give_rates(ad, scene.accounts[later.account].typical, rng);
  return ad;
}

double roas_of(const Rates& rates) {
  return rates.ctr * rates.cvr * rates.order_value * 1000 / rates.cpm;
}

double cpa_of(const Rates& rates) { return rates.cpm / 1000 / (rates.ctr * rates.cvr); }

Result<Scene> make_scene(const WorldSpec& spec) {
  // The description knows the ranges of the numbers.
  WorldSpec checked = RF_TRY(from_json<WorldSpec>(to_json(spec), "spec"));
  Scene scene{.seed = static_cast<std::uint64_t>(checked.seed),
              .first_day = checked.first_day,
              .overdispersion = checked.overdispersion,
              .unsettled = checked.unsettled,
              .learning_cost = checked.learning_cost,
              .rejected_share = checked.rejected_share};
  for (const OutageSpec& outage : checked.outages) {
    const Day first = scene.first_day + Days(outage.after_days);
    scene.outages.push_back({first, first + Days(outage.days - 1)});
  }
  for (std::size_t i = 0; i < checked.accounts.size(); ++i) {
    Result<AdAccount> account = make_account(checked.accounts[i], i);
    if (!account) return std::move(account).error().with(fmt::format("spec.accounts[{}]", i));
    scene.accounts.push_back(std::move(account).value());
  }
  for (std::size_t i = 0; i < scene.accounts.size(); ++i) add_ads(scene, checked, i);
  return scene;
}

}  // namespace rf::sim
