#include "store/sqlite_totals.h"

#include <algorithm>
#include <limits>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "store/sqlite_counts.h"
#include "store/sqlite_remember.h"

namespace rf {
namespace {

// Who a series is about; what follows reads these columns from `first` on.
constexpr std::string_view kWho =
    "e.key, e.level, e.campaign_id, e.campaign_name, e.adset_id, e.adset_name, e.ad_id, e.ad_name,"
    " a.text, v.text, s.grain";
constexpr std::string_view kWhoJoins =
    " JOIN entity e ON e.account = s.account AND e.id = s.entity"
    " JOIN term a ON a.id = s.attribution JOIN term v ON v.id = s.event";
constexpr int kWhoColumns = 11;

// Totals of one series.
struct SeriesTotals {
  Grain grain = Grain::day;
  EntityTotals totals;
};

SeriesTotals read_who(const Statement& row, int first, Level level) {
  SeriesTotals read;
  EntityTotals& totals = read.totals;
  auto text = [&](int at) { return std::string(row.text(first + at)); };
  totals.id.text = text(0);
  totals.entity = {level, text(2), text(3), text(4), text(5), text(6), text(7)};
  totals.attribution = text(8);
  totals.conversion_event = text(9);
  read.grain = row.text(first + 10) == to_string(Grain::day) ? Grain::day : Grain::total;
  return read;
}

// Runs a query by series, which only a damaged store leaves without an answer.
Status found_series(Statement& query) {
  bool found = RF_TRY(query.first());
  if (found) return {};
  return fail(ErrorCode::corrupt, "a series lacks its names; run check, restore a backup");
}

// In order, and without the totals of what is also known by day.
std::vector<EntityTotals> in_order(std::vector<SeriesTotals> all) {
  auto key = [](const SeriesTotals& each) {
    return std::tie(each.totals.id, each.totals.attribution, each.totals.conversion_event);
  };
  std::ranges::sort(all, [&](const SeriesTotals& a, const SeriesTotals& b) {
    return std::tuple_cat(key(a), std::tie(a.grain)) < std::tuple_cat(key(b), std::tie(b.grain));
  });
  std::vector<EntityTotals> kept;
  kept.reserve(all.size());
  for (SeriesTotals& each : all) {
    bool also_by_day = !kept.empty() && kept.back().id == each.totals.id &&
                       kept.back().attribution == each.totals.attribution &&
                       kept.back().conversion_event == each.totals.conversion_event;
    if (also_by_day) continue;
    if (each.grain == Grain::total) {
      each.totals.days = 0;
      each.totals.first_day = each.totals.last_day = kNoDay;
    }
    kept.push_back(std::move(each.totals));
  }
  return kept;
}

Day day_of(std::int64_t number) { return Day(Days(number)); }

// Adds one resolved day to totals that are worked out afresh.
Status add_day(EntityTotals& totals, std::int64_t day, const Counts& counts) {
  if (totals.days == 0) {
    totals.counts = counts;
    totals.first_day = day_of(day);
  } else {
    RF_TRY(add_part(totals.counts, counts));
  }
  totals.last_day = day_of(day);
  ++totals.days;
  return {};
}

}  // namespace

Result<std::vector<EntityTotals>> kept_totals(Database& db, std::int64_t account, Level level) {
  Statement select = RF_TRY(
      db.prepare(std::string("SELECT ").append(kWho).append(", t.first_day, t.last_day, t.days") +
                 metric_columns() +
                 std::string(" FROM entity_total t"
                             " JOIN series s ON s.account = t.account AND s.id = t.series")
                     .append(kWhoJoins) +
                 " WHERE t.account = ?1 AND e.level = ?2"));
  select.bind(1, account).bind(2, to_string(level));
  std::vector<SeriesTotals> all;
  while (true) {
    bool more = RF_TRY(select.step());
    if (!more) break;
    SeriesTotals each = read_who(select, 0, level);
    each.totals.first_day = day_of(select.integer(kWhoColumns));
    each.totals.last_day = day_of(select.integer(kWhoColumns + 1));
    each.totals.days = select.integer(kWhoColumns + 2);
    each.totals.counts = read_counts(select, kWhoColumns + 3);
    all.push_back(std::move(each));
  }
  return in_order(std::move(all));
}

Result<std::vector<EntityTotals>> fresh_totals(Database& db, const Knowledge& knowledge,
                                               Level level) {
  SeriesTable table = RF_TRY(SeriesTable::open(db, knowledge.account));
  Resolver resolver = RF_TRY(Resolver::open(db, table));
  std::unordered_map<std::int64_t, EntityTotals> by_series;
  auto add = [&](std::int64_t day, std::int64_t series, const Counts& counts) -> Status {
    const SeriesFacts* facts = RF_TRY(table.find(series));
    if (facts->level != level) return {};
    return add_day(by_series[series], day, counts);
  };
  RF_TRY(resolver.visit(knowledge, std::numeric_limits<std::int64_t>::min(),
                        std::numeric_limits<std::int64_t>::max(), add));
  Statement who = RF_TRY(db.prepare(std::string("SELECT ")
                                        .append(kWho)
                                        .append(" FROM series s")
                                        .append(kWhoJoins)
                                        .append(" WHERE s.account = ?1 AND s.id = ?2")));
  who.bind(1, knowledge.account);
  std::vector<SeriesTotals> all;
  all.reserve(by_series.size());
  for (auto& [series, totals] : by_series) {
    RF_TRY(found_series(who.bind(2, series)));
    SeriesTotals each = read_who(who, 0, level);
    who.reset();
    each.totals.counts = totals.counts;
    each.totals.first_day = totals.first_day;
    each.totals.last_day = totals.last_day;
    each.totals.days = totals.days;
    all.push_back(std::move(each));
  }
  return in_order(std::move(all));
}

Status each_kept_day(Database& db, std::int64_t account, Level level, Day from, Day to,
                     const std::function<Status(const EntityDay&)>& visit) {
  Knowledge knowledge{.account = account};
  knowledge.import_id = RF_TRY(remembered_import(db, account));
  SeriesTable table = RF_TRY(SeriesTable::open(db, account));
  Resolver resolver = RF_TRY(Resolver::open(db, table));
  Statement who =
      RF_TRY(db.prepare("SELECT e.key, a.text, v.text FROM series s" + std::string(kWhoJoins) +
                        " WHERE s.account = ?1 AND s.id = ?2"));
  who.bind(1, account);
  std::unordered_map<std::int64_t, EntityDay> by_series;
  auto visit_one = [&](std::int64_t day, std::int64_t series, const Counts& counts) -> Status {
    const SeriesFacts* facts = RF_TRY(table.find(series));
    if (facts->level != level || facts->grain == Grain::total) return {};
    auto [found, is_new] = by_series.try_emplace(series);
    EntityDay& each = found->second;
    if (is_new) {
      RF_TRY(found_series(who.bind(2, series)));
      each.id.text = who.text(0);
      each.attribution = who.text(1);
      each.conversion_event = who.text(2);
      who.reset();
    }
    each.day = day_of(day);
    each.counts = counts;
    return visit(each);
  };
  return resolver.visit(knowledge, from.time_since_epoch().count(), to.time_since_epoch().count(),
                        visit_one);
}

}  // namespace rf
