#include "sim/platform/sandbox.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "base/rng.h"

namespace rf::sim {
namespace {

constexpr Duration kNoon = std::chrono::hours(12);
constexpr Duration kDayLeft = std::chrono::hours(11);

// Both platforms forget an event's id after two days.
// Source: Meta and TikTok, deduplication of events.
constexpr Duration kEventMemory = std::chrono::hours(48);

Instant noon_of(Day day) {
  return Instant(std::chrono::duration_cast<Duration>(day.time_since_epoch())) + kNoon;
}

std::string_view word_of(RunState state) {
  switch (state) {
    case RunState::active: return "active";
    case RunState::paused: return "paused";
    case RunState::archived: return "archived";
    case RunState::deleted: return "deleted";
  }
  return "";
}

std::string text_of(const std::optional<Money>& money) {
  return money ? to_decimal(*money) : std::string();
}

// The day on which Meta would count the results that end the learning phase.
double results_of(const World& world, std::size_t ad, Day since, Day until) {
  double results = 0;
  const std::vector<AdDay>& days = world.days_of(ad);
  for (auto day = days.rbegin(); day != days.rend() && day->day >= since; ++day) {
    for (const Order& order : day->orders) {
      if (day->day + order.arrives_after > until) break;
      results += as_number(Metric::conversions, order.credit_micros);
    }
  }
  return results;
}

// Adds one ad's row to a row of several: reach as if people saw either ad by chance.
class Sum {
 public:
  void add(const Counts& counts, double audience) {
    counts_.add(counts);
    audience_ = std::max(audience_, audience);
    const auto reach = static_cast<double>(counts.or_zero(Metric::reach));
    missed_ *= std::max(0.0, 1 - reach / audience_);
    most_ = std::max(most_, counts.or_zero(Metric::reach));
  }

  Counts done() {
    const std::int64_t reach =
        std::max(most_, static_cast<std::int64_t>(std::llround(audience_ * (1 - missed_))));
    counts_.set(Metric::reach, std::min(reach, counts_.or_zero(Metric::impressions)));
    return counts_;
  }

 private:
  Counts counts_;
  double audience_ = 1;
  double missed_ = 1;
  std::int64_t most_ = 0;
};

// The level's index of an ad.
std::size_t index_at(Level level, const AdBook& ad, std::size_t ad_index) {
  switch (level) {
    case Level::account: return 0;
    case Level::campaign: return ad.campaign;
    case Level::adset: return ad.adset;
    case Level::ad: break;
  }
  return ad_index;
}

bool is_asked(const ReportQuery& query, const AdBook& ad, std::size_t index) {
  return ad.account == query.account && (!query.campaign || *query.campaign == ad.campaign) &&
         (!query.adset || *query.adset == ad.adset) && (!query.ad || *query.ad == index);
}

}  // namespace

Result<std::unique_ptr<Sandbox>> Sandbox::make(const WorldSpec& spec, const Clock& clock) {
  World world = RF_TRY(World::make(spec));
  return std::make_unique<Sandbox>(std::move(world), clock);
}

Sandbox::Sandbox(World world, const Clock& clock)
    : world_(std::move(world)), clock_(clock), day_began_(clock.now()) {
  plant();
}

Instant Sandbox::now() const {
  const Duration moved = std::clamp(clock_.now() - day_began_, Duration(0), kDayLeft);
  return noon_of(today()) + moved;
}

// The planted ads' campaigns and ad sets, with budgets that are the sums of what was planned.
void Sandbox::plant() {
  const Scene& scene = world_.scene();
  for (std::size_t i = 0; i < scene.ads.size(); ++i) {
    const Ad& ad = scene.ads[i];
    const bool at_campaign = scene.accounts[ad.account].account.platform == Platform::google;
    const Instant begun = noon_of(scene.first_day);
    if (!places_.contains(ad.entity.campaign_id)) {
      places_[ad.entity.campaign_id] = {Level::campaign, campaigns_.size()};
      campaigns_.push_back({.account = ad.account,
                            .id = ad.entity.campaign_id,
                            .name = ad.entity.campaign_name,
                            .created = begun,
                            .updated = begun});
    }
    const std::size_t campaign = places_[ad.entity.campaign_id].index;
    if (!places_.contains(ad.entity.adset_id)) {
      places_[ad.entity.adset_id] = {Level::adset, adsets_.size()};
      adsets_.push_back({.account = ad.account,
                         .campaign = campaign,
                         .id = ad.entity.adset_id,
                         .name = ad.entity.adset_name,
                         .learns_since = scene.first_day,
                         .created = begun,
                         .updated = begun});
    }
    const std::size_t adset = places_[ad.entity.adset_id].index;
    std::optional<Money>& budget =
        at_campaign ? campaigns_[campaign].daily_budget : adsets_[adset].daily_budget;
    budget = Money{.micros = (budget ? budget->micros : 0) + ad.daily_budget.micros,
                   .currency = ad.daily_budget.currency};
    places_[ad.entity.ad_id] = {Level::ad, ads_.size()};
    ads_.push_back({.account = ad.account,
                    .campaign = campaign,
                    .adset = adset,
                    .id = ad.entity.ad_id,
                    .name = ad.entity.ad_name,
                    .world_ad = i,
                    .creative_id = fmt::format("{}7", ad.entity.ad_id),
                    .created = begun,
                    .updated = begun});
    asset_places_[ads_.back().creative_id] = assets_.size();
    assets_.push_back({.account = ad.account,
                       .id = ads_.back().creative_id,
                       .name = ad.entity.ad_name,
                       .kind = "creative",
                       .complete = true,
                       .created = begun});
  }
}

bool Sandbox::may_run(const AdBook& ad) const {
  return ad.state == RunState::active && ad.review == Review::approved &&
         adsets_[ad.adset].state == RunState::active &&
         campaigns_[ad.campaign].state == RunState::active;
}

// Ads that will start later keep their part back, so that the others' days do not depend on them.
void Sandbox::share_budget(const std::vector<std::size_t>& ads,
                           const std::optional<Money>& budget) {
  if (!budget || ads.empty()) return;
  __extension__ using Wide = __int128;  // Budget times weight may pass 64 bits.
  Wide weights = 0;
  for (std::size_t ad : ads) weights += world_.scene().ads[ads_[ad].world_ad].daily_budget.micros;
  RF_CHECK(weights > 0);  // Planned budgets are positive.
  for (std::size_t ad : ads) {
    const std::size_t world_ad = ads_[ad].world_ad;
    const Wide weight = world_.scene().ads[world_ad].daily_budget.micros;
    const auto part = static_cast<std::int64_t>(Wide(budget->micros) * weight / weights);
    const Status set = world_.set_daily_budget(
        world_ad, {.micros = std::max<std::int64_t>(1, part), .currency = budget->currency});
    RF_CHECK(set.has_value());
  }
}

void Sandbox::apply_books() {
  std::vector<std::vector<std::size_t>> by_adset(adsets_.size());
  std::vector<std::vector<std::size_t>> by_campaign(campaigns_.size());
  const double cost = world_.scene().learning_cost;
  for (std::size_t i = 0; i < ads_.size(); ++i) {
    const AdBook& ad = ads_[i];
    const bool runs = may_run(ad);
    world_.set_paused(ad.world_ad, !runs);
    if (!runs) continue;
    const AdSetBook& adset = adsets_[ad.adset];
    const bool learns = adset.edited && adset.learning == Learning::learning;
    world_.set_price_pressure(ad.world_ad, learns ? 1 + cost : 1);
    if (campaigns_[ad.campaign].daily_budget) {
      by_campaign[ad.campaign].push_back(i);
    } else {
      by_adset[ad.adset].push_back(i);
    }
  }
  for (std::size_t i = 0; i < adsets_.size(); ++i)
    share_budget(by_adset[i], adsets_[i].daily_budget);
  for (std::size_t i = 0; i < campaigns_.size(); ++i) {
    share_budget(by_campaign[i], campaigns_[i].daily_budget);
  }
}

void Sandbox::watch_learning() {
  std::vector<double> results(adsets_.size(), 0);
  const Day last = today() - Days(1);
  for (const AdBook& ad : ads_) {
    const AdSetBook& adset = adsets_[ad.adset];
    if (adset.learning != Learning::learning) continue;
    results[ad.adset] += results_of(world_, ad.world_ad, adset.learns_since, last);
  }
  for (std::size_t i = 0; i < adsets_.size(); ++i) {
    AdSetBook& adset = adsets_[i];
    if (adset.learning != Learning::learning) continue;
    adset.results = results[i];
    if (adset.results >= kLearningResults) {
      adset.learning = Learning::learned;
    } else if (today() - adset.learns_since >= kLearningDays) {
      adset.learning = Learning::limited;
    }
  }
}

// A review takes a day; whom it rejects is decided by the ad's own name in the world's chance.
void Sandbox::finish_reviews() {
  for (AdBook& ad : ads_) {
    if (ad.review != Review::pending || noon_of(today()) <= ad.created) continue;
    Rng rng = Rng(world_.scene().seed).split(world_.scene().ads[ad.world_ad].stream + 1);
    ad.review = rng.uniform() < world_.scene().rejected_share ? Review::rejected : Review::approved;
  }
}

void Sandbox::run_days(std::int64_t days) {
  RF_CHECK(days >= 0);
  for (std::int64_t i = 0; i < days; ++i) {
    finish_reviews();
    apply_books();
    world_.run_day();
    watch_learning();
  }
  day_began_ = clock_.now();
  ++version_;
}

std::string Sandbox::account_number(std::size_t account) const {
  RF_CHECK(account < world_.scene().accounts.size());
  const std::string& id = world_.scene().accounts[account].account.id.text;
  return id.substr(id.find(':') + 1);
}

std::optional<std::size_t> Sandbox::find_account(Platform platform, std::string_view number) const {
  for (std::size_t i = 0; i < world_.scene().accounts.size(); ++i) {
    if (world_.scene().accounts[i].account.platform == platform && account_number(i) == number) {
      return i;
    }
  }
  return std::nullopt;
}

std::optional<Sandbox::Place> Sandbox::find(std::string_view id) const {
  auto at = places_.find(id);
  if (at == places_.end()) return std::nullopt;
  return at->second;
}

std::optional<std::size_t> Sandbox::find_asset(std::string_view id) const {
  auto at = asset_places_.find(id);
  if (at == asset_places_.end()) return std::nullopt;
  return at->second;
}

bool Sandbox::delivers(Place place) const {
  switch (place.level) {
    case Level::campaign: return campaigns_[place.index].state == RunState::active;
    case Level::adset:
      return adsets_[place.index].state == RunState::active &&
             delivers({Level::campaign, adsets_[place.index].campaign});
    case Level::ad: return may_run(ads_[place.index]);
    case Level::account: break;
  }
  return true;
}

RunState Sandbox::state_of(Place place) const {
  if (place.level == Level::campaign) return campaigns_[place.index].state;
  if (place.level == Level::adset) return adsets_[place.index].state;
  return ads_[place.index].state;
}

std::size_t Sandbox::account_of(Place place) const {
  if (place.level == Level::campaign) return campaigns_[place.index].account;
  if (place.level == Level::adset) return adsets_[place.index].account;
  return ads_[place.index].account;
}

void Sandbox::note(std::string what, const std::string& id, std::string from, std::string to) {
  writes_.push_back({now(), std::move(what), id, std::move(from), std::move(to)});
  ++version_;
}

void Sandbox::set_state(Place place, RunState state) {
  const auto change = [&](auto& book) {
    note("status", book.id, std::string(word_of(book.state)), std::string(word_of(state)));
    book.state = state;
    book.updated = now();
  };
  if (place.level == Level::campaign) return change(campaigns_[place.index]);
  if (place.level == Level::adset) return change(adsets_[place.index]);
  change(ads_[place.index]);
}

void Sandbox::set_name(Place place, std::string name) {
  const auto change = [&](auto& book) {
    note("name", book.id, book.name, name);
    book.name = std::move(name);
    book.updated = now();
  };
  if (place.level == Level::campaign) return change(campaigns_[place.index]);
  if (place.level == Level::adset) return change(adsets_[place.index]);
  change(ads_[place.index]);
}

void Sandbox::learn_anew(std::size_t adset) {
  AdSetBook& book = adsets_[adset];
  book.learning = Learning::learning;
  book.learns_since = today();
  book.edited = true;
  book.results = 0;
}

void Sandbox::set_budget(Place place, Money budget) {
  RF_CHECK(budget.micros > 0);
  RF_CHECK(place.level == Level::campaign || place.level == Level::adset);
  const auto change = [&](auto& book) {
    const auto before = static_cast<double>(book.daily_budget ? book.daily_budget->micros : 0);
    const double step = std::abs(static_cast<double>(budget.micros) - before);
    note("budget", book.id, text_of(book.daily_budget), to_decimal(budget));
    book.daily_budget = budget;
    book.updated = now();
    return before > 0 && step > kLargeStep * before;
  };
  if (place.level == Level::adset) {
    const bool large = change(adsets_[place.index]);
    adsets_[place.index].steps.push_back(now());
    if (large) learn_anew(place.index);
    return;
  }
  if (!change(campaigns_[place.index])) return;
  for (std::size_t i = 0; i < adsets_.size(); ++i) {
    if (adsets_[i].campaign == place.index) learn_anew(i);
  }
}

void Sandbox::set_given(Place place, const JsonObject& given, bool large) {
  if (given.empty()) return;
  const auto change = [&](auto& book) {
    for (const auto& each : given) book.given[each.key()] = each.value();
    note("settings", book.id, "", to_text(Json(given)));
    book.updated = now();
  };
  if (place.level == Level::campaign) change(campaigns_[place.index]);
  if (place.level == Level::adset) change(adsets_[place.index]);
  if (place.level == Level::ad) change(ads_[place.index]);
  if (large && place.level == Level::adset) learn_anew(place.index);
  if (large && place.level == Level::ad) learn_anew(ads_[place.index].adset);
}

// Later ids follow the planted ones of their kind and account, and are as long.
std::string Sandbox::next_id(std::size_t account, Level level) {
  ++made_;
  const int kind = level == Level::campaign ? 4 : level == Level::adset ? 5 : 6;
  switch (world_.scene().accounts[account].account.platform) {
    case Platform::meta: return fmt::format("1202{:02}{:04}{:08}", kind, account + 21, made_ + 907);
    case Platform::tiktok:
      return fmt::format("17{:02}{:05}{:010}", kind + 80, account, made_ + 907);
    default: return fmt::format("{}{:03}{:07}", kind, account + 210, made_ + 907);
  }
}

std::size_t Sandbox::add_campaign(CampaignBook draft) {
  draft.id = next_id(draft.account, Level::campaign);
  draft.created = draft.updated = now();
  const std::size_t index = campaigns_.size();
  places_[draft.id] = {Level::campaign, index};
  note("create campaign", draft.id, "", draft.name);
  campaigns_.push_back(std::move(draft));
  return index;
}

std::size_t Sandbox::add_adset(AdSetDraft draft) {
  RF_CHECK(draft.campaign < campaigns_.size());
  const std::size_t account = campaigns_[draft.campaign].account;
  const std::size_t index = adsets_.size();
  AdSetBook book{.account = account,
                 .campaign = draft.campaign,
                 .id = next_id(account, Level::adset),
                 .name = std::move(draft.name),
                 .state = draft.state,
                 .daily_budget = draft.daily_budget,
                 .learns_since = today(),
                 .edited = true,
                 .given = std::move(draft.given),
                 .created = now(),
                 .updated = now()};
  places_[book.id] = {Level::adset, index};
  note("create adset", book.id, "", book.name);
  adsets_.push_back(std::move(book));
  return index;
}

// A new ad weighs as much as an average one of its ad set, or the whole budget where it is alone.
Money Sandbox::planned_budget(const AdSetBook& adset) const {
  std::int64_t sum = 0;
  std::int64_t count = 0;
  for (const AdBook& ad : ads_) {
    if (adsets_[ad.adset].id != adset.id) continue;
    sum += world_.scene().ads[ad.world_ad].daily_budget.micros;
    ++count;
  }
  const Currency currency = world_.scene().accounts[adset.account].account.currency;
  if (count > 0) return {.micros = sum / count, .currency = currency};
  const std::optional<Money>& budget =
      adset.daily_budget ? adset.daily_budget : campaigns_[adset.campaign].daily_budget;
  return budget.value_or(Money{.micros = kMicrosPerUnit, .currency = currency});
}

std::size_t Sandbox::add_ad(AdDraft draft) {
  RF_CHECK(draft.adset < adsets_.size());
  const AdSetBook& adset = adsets_[draft.adset];
  const std::size_t index = ads_.size();
  AdBook book{.account = adset.account,
              .campaign = adset.campaign,
              .adset = draft.adset,
              .id = next_id(adset.account, Level::ad),
              .name = std::move(draft.name),
              .state = draft.state,
              .review = Review::pending,
              .creative_id = std::move(draft.creative_id),
              .given = std::move(draft.given),
              .created = now(),
              .updated = now()};
  const CampaignBook& campaign = campaigns_[adset.campaign];
  Ad ad = make_later_ad(world_.scene(),
                        {.account = adset.account,
                         .entity = {.campaign_id = campaign.id,
                                    .campaign_name = campaign.name,
                                    .adset_id = adset.id,
                                    .adset_name = adset.name,
                                    .ad_id = book.id,
                                    .ad_name = book.name},
                         .start = today(),
                         .daily_budget = planned_budget(adset)},
                        made_);
  book.world_ad = world_.add_ad(std::move(ad));
  places_[book.id] = {Level::ad, index};
  note("create ad", book.id, "", book.name);
  ads_.push_back(std::move(book));
  learn_anew(draft.adset);
  return index;
}

std::size_t Sandbox::add_asset(AssetBook draft) {
  draft.id = next_id(draft.account, Level::ad);
  draft.created = now();
  const std::size_t index = assets_.size();
  asset_places_[draft.id] = index;
  note("create " + draft.kind, draft.id, "", draft.name);
  assets_.push_back(std::move(draft));
  return index;
}

bool Sandbox::take_event(const std::string& key, Instant at) {
  auto [found, fresh] = events_.try_emplace(key, at);
  if (!fresh && at - found->second < kEventMemory) {
    ++events_doubled_;
    return false;
  }
  found->second = at;
  ++events_kept_;
  return true;
}

std::vector<ReportedRow> Sandbox::report(const ReportQuery& query) const {
  const Day as_of = today() - Days(1);
  const Day last = std::min(query.last, as_of);
  std::map<std::pair<std::size_t, std::int64_t>, Sum> sums;
  for (std::size_t i = 0; i < ads_.size(); ++i) {
    const AdBook& ad = ads_[i];
    if (!is_asked(query, ad, i)) continue;
    const double audience = world_.scene().ads[ad.world_ad].audience;
    const std::vector<AdDay>& days = world_.days_of(ad.world_ad);
    auto day = std::ranges::lower_bound(days, query.first, {}, &AdDay::day);
    for (; day != days.end() && day->day <= last; ++day) {
      const std::int64_t row =
          query.days_per_row == 0 ? 0 : (day->day - query.first).count() / query.days_per_row;
      sums[{index_at(query.level, ad, i), row}].add(world_.reported(ad.world_ad, *day, as_of),
                                                    audience);
    }
  }
  std::vector<ReportedRow> rows;
  rows.reserve(sums.size());
  for (auto& [key, sum] : sums) {
    const Day first =
        query.days_per_row == 0 ? query.first : query.first + Days(key.second * query.days_per_row);
    const Day end = query.days_per_row == 0 ? query.last : first + Days(query.days_per_row - 1);
    rows.push_back({key.first, first, std::min(end, query.last), sum.done()});
  }
  return rows;
}

}  // namespace rf::sim
