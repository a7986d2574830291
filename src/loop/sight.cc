#include "loop/sight.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace rf::loop {
namespace {

// Platforms still fill in the day before yesterday; older than that, an export is stale.
constexpr Days kFresh{2};

struct LevelTotals {
  Level level = Level::ad;
  std::vector<EntityTotals> totals;
};

Result<LevelTotals> finest_totals(Store& store, const AccountId& account) {
  for (Level level : {Level::ad, Level::adset, Level::campaign, Level::account}) {
    std::vector<EntityTotals> totals = RF_TRY(store.totals(account, level));
    if (!totals.empty()) return LevelTotals{level, std::move(totals)};
  }
  return LevelTotals{};
}

std::optional<Day> last_day_of(const std::vector<EntityTotals>& totals) {
  std::optional<Day> last;
  for (const EntityTotals& each : totals) {
    if (each.last_day != kNoDay) last = std::max(last.value_or(each.last_day), each.last_day);
  }
  return last;
}

// The first day that was not over when the platform was last asked about the last one.
Result<Day> first_open_day(Store& store, const Account& account, Day last) {
  std::optional<Instant> known_at = RF_TRY(store.known_at(account.id, last));
  Day asked_on = known_at ? account.zone.day_at(*known_at) : last;
  return asked_on > last ? last + Days(1) : last;
}

learn::AdTotals belief_totals(EntityTotals&& totals) {
  return {.id = std::move(totals.id),
          .entity = std::move(totals.entity),
          .attribution = std::move(totals.attribution),
          .conversion_event = std::move(totals.conversion_event),
          .counts = totals.counts,
          .first_day = totals.first_day,
          .last_day = totals.last_day,
          .days = totals.days};
}

}  // namespace

Result<decide::Policies> policies_of(Store& store, const AccountId& account) {
  for (const AccountId& owner : {account, AccountId{}}) {
    std::optional<Json> document = RF_TRY(store.document(owner, "policies"));
    if (!document) continue;
    Result<decide::Policies> policies = from_json<decide::Policies>(*document, "policies");
    if (!policies) return fail(ErrorCode::corrupt, policies.error().message);
    return policies;
  }
  return decide::Policies();
}

Result<learn::FilmsSeen> films_seen(Store& store, const AccountId& account,
                                    const std::optional<Instant>& as_of) {
  learn::FilmsSeen seen;
  std::vector<AdFilm> films = RF_TRY(store.ad_films(account, as_of));
  if (films.empty()) return seen;
  seen.creatives = RF_TRY(store.creatives(account, as_of));
  std::map<std::pair<std::string, std::string>, std::size_t> index;
  for (std::size_t i = 0; i < seen.creatives.size(); ++i) {
    index[{seen.creatives[i].sha256, seen.creatives[i].method}] = i;
  }
  for (AdFilm& film : films) {
    auto found = index.find({film.film.sha256, film.film.method});
    if (found == index.end()) {
      return fail(ErrorCode::corrupt, fmt::format("the store has no film {}, which '{}' shows; "
                                                  "restore a backup",
                                                  film.film.sha256, film.ad.text));
    }
    seen.by_ad[film.ad.text] = {.file = std::move(film.file),
                                .creative = found->second,
                                .matched_by = std::move(film.matched_by)};
  }
  return seen;
}

Result<Sight> look(Store& store, const Account& account, Instant now, std::int64_t reach) {
  LevelTotals finest = RF_TRY(finest_totals(store, account.id));
  Sight sight{.level = finest.level, .today = account.zone.day_at(now)};
  sight.history.platform = account.platform;
  sight.films = RF_TRY(films_seen(store, account.id, std::nullopt));
  std::optional<Day> last = last_day_of(finest.totals);
  for (EntityTotals& each : finest.totals) {
    sight.history.totals.push_back(belief_totals(std::move(each)));
  }
  if (!last) return sight;

  Day calendar_day = sight.today;
  sight.today = RF_TRY(first_open_day(store, account, *last));
  if (calendar_day - *last > kFresh) {
    sight.notices.push_back(
        fmt::format("{}: the numbers end on {}, {} days ago; export and import "
                    "the days since for a plan to act on",
                    account.id.text, to_iso(*last), (calendar_day - *last).count()));
  }
  auto keep = [&](const EntityDay& day) -> Status {
    sight.history.days.push_back({.id = day.id,
                                  .attribution = day.attribution,
                                  .conversion_event = day.conversion_event,
                                  .day = day.day,
                                  .counts = day.counts});
    return {};
  };
  RF_TRY(store.each_day(account.id, sight.level,
                        sight.today - std::max(learn::kLookback, Days(reach)), *last, keep));
  return sight;
}

std::vector<std::string> notices_of(const Account& account, const Sight& sight,
                                    const std::vector<Belief>& beliefs) {
  std::vector<std::string> notices = sight.notices;
  auto empty = std::ranges::count_if(beliefs, &Belief::empty_is_none);
  if (empty > 0) {
    notices.push_back(
        fmt::format("{}: no conversion cell is filled for {} of the ads, while others have them; "
                    "the platform leaves it empty where it counted none, so they are judged as "
                    "having none",
                    account.id.text, empty));
  }
  return notices;
}

learn::BeliefRules rules_under(const decide::Policies& policies) {
  return {.settle_days = policies.settle_days};
}

}  // namespace rf::loop
