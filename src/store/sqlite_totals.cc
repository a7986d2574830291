#include "store/sqlite_totals.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "store/sqlite_counts.h"

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

// How much the totals of one series move.
struct Move {
  std::array<std::int64_t, kMetricCount> sum{};   // Where a metric does not add: its last value.
  std::array<std::int64_t, kMetricCount> days{};  // On how many more days it is reported.
  std::int64_t new_days = 0;
  std::int64_t first_day = std::numeric_limits<std::int64_t>::max();
  std::int64_t last_day = std::numeric_limits<std::int64_t>::min();
};

// Beyond this many series, moves are written before more are gathered: 30 MB.
constexpr std::size_t kMovesMax = 50'000;

// Gathers the moves of an account's totals and applies them.
class TotalsUpdate {
 public:
  static Result<TotalsUpdate> open(Database& db, std::int64_t account);

  void start_day() { had_.clear(); }
  // A resolved day as the totals contain it.
  Status take_out(std::int64_t series, const Counts& counts);
  // The same day as it is now. A day that was once known stays known, so each one that is taken
  // out comes back in.
  Status put_in(std::int64_t day, std::int64_t series, const Counts& counts);
  Status flush();

 private:
  explicit TotalsUpdate(std::vector<Statement> statements) : statements_(std::move(statements)) {}

  Status add(Move& move, const Counts& counts, int sign);
  Status apply(std::int64_t series, const Move& move);
  Status room();

  std::vector<Statement> statements_;  // Select, insert, update.
  std::unordered_map<std::int64_t, Move> moves_;
  std::unordered_set<std::int64_t> had_;  // The series whose day was taken out.
};

std::string set_columns(std::string_view columns) {
  // ", a, b" with the first position 6 gives ", a = ?6, b = ?7".
  std::string set;
  int position = 6;
  while (!columns.empty()) {
    columns.remove_prefix(2);
    std::size_t end = std::min(columns.find(','), columns.size());
    set.append(", ").append(columns.substr(0, end)).append(" = ?");
    set.append(std::to_string(position++));
    columns.remove_prefix(end);
  }
  return set;
}

std::string positions(int count) {
  std::string text = "?";
  for (int i = 1; i < count; ++i) text += ", ?";
  return text;
}

Result<TotalsUpdate> TotalsUpdate::open(Database& db, std::int64_t account) {
  std::string columns = metric_columns() + metric_columns("_days", true);
  auto count = static_cast<int>(std::ranges::count(columns, ','));
  std::vector<Statement> statements;
  for (const std::string& sql :
       {"SELECT first_day, last_day, days" + columns +
            " FROM entity_total WHERE account = ?1 AND series = ?2",
        "INSERT INTO entity_total (account, series, first_day, last_day, days" + columns +
            ") VALUES (" + positions(count + 5) + ")",
        "UPDATE entity_total SET first_day = ?3, last_day = ?4, days = ?5" + set_columns(columns) +
            " WHERE account = ?1 AND series = ?2"}) {
    Statement statement = RF_TRY(db.prepare(sql));
    statement.bind(1, account);
    statements.push_back(std::move(statement));
  }
  return TotalsUpdate(std::move(statements));
}

Status TotalsUpdate::take_out(std::int64_t series, const Counts& counts) {
  RF_TRY(room());
  had_.insert(series);
  return add(moves_[series], counts, -1);
}

Status TotalsUpdate::put_in(std::int64_t day, std::int64_t series, const Counts& counts) {
  RF_TRY(room());
  Move& move = moves_[series];
  if (!had_.contains(series)) ++move.new_days;
  move.first_day = std::min(move.first_day, day);
  move.last_day = std::max(move.last_day, day);
  return add(move, counts, 1);
}

Status TotalsUpdate::room() { return moves_.size() < kMovesMax ? Status() : flush(); }

Status TotalsUpdate::add(Move& move, const Counts& counts, int sign) {
  std::size_t i = 0;
  for (const MetricInfo& info : all_metrics()) {
    if (!info.additive && sign > 0) {
      move.sum[i] = counts.or_zero(info.metric);
      move.days[i] = counts.has(info.metric) ? 1 : 0;
    } else if (info.additive && counts.has(info.metric)) {
      RF_TRY(add_into(move.sum[i], sign * counts.or_zero(info.metric)));
      move.days[i] += sign;
    }
    ++i;
  }
  return {};
}

Status TotalsUpdate::flush() {
  std::vector<std::int64_t> order;
  order.reserve(moves_.size());
  for (const auto& each : moves_) order.push_back(each.first);
  std::ranges::sort(order);
  for (std::int64_t series : order) RF_TRY(apply(series, moves_[series]));
  moves_.clear();
  return {};
}

Status TotalsUpdate::apply(std::int64_t series, const Move& move) {
  Statement& select = statements_[0];
  bool known = RF_TRY(select.bind(2, series).first());
  Statement& write = statements_[known ? 2 : 1];
  std::int64_t days = (known ? select.integer(2) : 0) + move.new_days;
  write.bind(2, series).bind(5, days);
  write.bind(3, known ? std::min(select.integer(0), move.first_day) : move.first_day);
  write.bind(4, known ? std::max(select.integer(1), move.last_day) : move.last_day);
  int at = 6;
  int at_days = at + static_cast<int>(kMetricCount);
  std::size_t i = 0;
  for (const MetricInfo& info : all_metrics()) {
    // What was selected starts three columns later and counts from 0.
    std::int64_t reported = move.days[i];
    std::int64_t sum = move.sum[i];
    if (info.additive) {
      if (known) reported += select.integer(at_days - 3);
      if (known) RF_TRY(add_into(sum, select.integer(at - 3)));
      write.bind(at_days++, reported);
    }
    bool shown = reported > 0 && (info.additive || days == 1);
    if (shown) {
      write.bind(at, sum);
    } else {
      write.bind_null(at);
    }
    ++at;
    ++i;
  }
  select.reset();
  return write.run();
}

// The account days that are new since `import_id`, with how many rows each got and whether it was
// known before.
struct TouchedDay {
  std::int64_t day = 0;
  std::int64_t rows = 0;
  bool was_known = false;
};

Result<std::vector<TouchedDay>> touched_days(Database& db, std::int64_t account,
                                             std::int64_t import_id) {
  Statement select =
      RF_TRY(db.prepare("SELECT d.day, sum(d.rows), EXISTS (SELECT 1 FROM import_day o"
                        " WHERE o.account = ?1 AND o.day = d.day AND o.import_id <= ?2)"
                        " FROM import_day d WHERE d.account = ?1 AND d.import_id > ?2"
                        " GROUP BY d.day ORDER BY d.day"));
  select.bind(1, account).bind(2, import_id);
  std::vector<TouchedDay> days;
  while (true) {
    bool more = RF_TRY(select.step());
    if (!more) return days;
    days.push_back({select.integer(0), select.integer(1), select.integer(2) != 0});
  }
}

Status set_remembered(Database& db, std::int64_t account, std::int64_t import_id) {
  Statement set =
      RF_TRY(db.prepare("INSERT INTO remembered (account, import_id) VALUES (?1, ?2)"
                        " ON CONFLICT (account) DO UPDATE SET import_id = excluded.import_id"));
  return set.bind(1, account).bind(2, import_id).run();
}

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

Result<std::int64_t> remembered_import(Database& db, std::int64_t account) {
  Statement select = RF_TRY(db.prepare("SELECT import_id FROM remembered WHERE account = ?1"));
  bool found = RF_TRY(select.bind(1, account).step());
  return found ? select.integer(0) : 0;
}

Result<Remembered> remember_account(Database& db, std::int64_t account) {
  Transaction transaction = RF_TRY(Transaction::begin(db, Transaction::Kind::write));
  std::int64_t before = RF_TRY(remembered_import(db, account));
  Statement newest =
      RF_TRY(db.prepare("SELECT coalesce(max(import_id), 0) FROM import_day WHERE account = ?1"));
  RF_TRY(newest.bind(1, account).first());
  std::int64_t now = newest.integer(0);
  newest.reset();
  Remembered done;
  if (now <= before) return done;

  SeriesTable table = RF_TRY(SeriesTable::open(db, account));
  Resolver resolver = RF_TRY(Resolver::open(db, table));
  TotalsUpdate update = RF_TRY(TotalsUpdate::open(db, account));
  std::vector<TouchedDay> days = RF_TRY(touched_days(db, account, before));
  for (const TouchedDay& each : days) {
    update.start_day();
    if (each.was_known) {
      Knowledge then{.account = account, .import_id = before};
      RF_TRY(resolver.visit(then, each.day, each.day,
                            [&](std::int64_t, std::int64_t series, const Counts& counts) {
                              return update.take_out(series, counts);
                            }));
    }
    RF_TRY(resolver.visit({.account = account, .import_id = now}, each.day, each.day,
                          [&](std::int64_t day, std::int64_t series, const Counts& counts) {
                            return update.put_in(day, series, counts);
                          }));
    done.rows += each.rows;
    ++done.days;
  }
  RF_TRY(update.flush());
  RF_TRY(set_remembered(db, account, now));
  RF_TRY(transaction.commit());
  return done;
}

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
