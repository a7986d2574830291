#include "store/sqlite_remember.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "store/sqlite_counts.h"
#include "store/sqlite_resolve.h"

namespace rf {
namespace {

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
  static Status bind_sums(const Move& move, std::int64_t days, const Statement* before,
                          Statement& write);
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
  RF_TRY(bind_sums(move, days, known ? &select : nullptr, write));
  select.reset();
  return write.run();
}

// Binds what is to be written for each metric from position 6 on. `before` is the row as it is, in
// whose columns, which count from 0, the same stands three earlier; null when there is none.
Status TotalsUpdate::bind_sums(const Move& move, std::int64_t days, const Statement* before,
                               Statement& write) {
  int at = 6;
  int at_days = at + static_cast<int>(kMetricCount);
  std::size_t i = 0;
  for (const MetricInfo& info : all_metrics()) {
    std::int64_t reported = move.days[i];
    std::int64_t sum = move.sum[i];
    if (info.additive) {
      if (before != nullptr) reported += before->integer(at_days - 3);
      if (before != nullptr) RF_TRY(add_into(sum, before->integer(at - 3)));
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
  return {};
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
  Statement select = RF_TRY(
      db.prepare("SELECT d.day, sum(d.rows), EXISTS (SELECT 1 FROM import_day o"
                 " WHERE o.account = ?1 AND o.day = d.day AND o.import_id <= ?2)"
                 " FROM import_day d WHERE d.account = ?1 AND d.import_id > ?2 AND d.rows > 0"
                 " GROUP BY d.day ORDER BY d.day"));
  select.bind(1, account).bind(2, import_id);
  std::vector<TouchedDay> days;
  while (true) {
    bool more = RF_TRY(select.step());
    if (!more) return days;
    days.push_back({select.integer(0), select.integer(1), select.integer(2) != 0});
  }
}

// Replaces what the totals contain of a day, which they know up to import `before`.
Status update_day(Resolver& resolver, TotalsUpdate& update, Knowledge now, std::int64_t before,
                  const TouchedDay& touched) {
  auto take_out = [&](std::int64_t, std::int64_t series, const Counts& counts) {
    return update.take_out(series, counts);
  };
  auto put_in = [&](std::int64_t day, std::int64_t series, const Counts& counts) {
    return update.put_in(day, series, counts);
  };
  update.start_day();
  Knowledge then = now;
  then.import_id = before;
  if (touched.was_known) RF_TRY(resolver.visit(then, touched.day, touched.day, take_out));
  return resolver.visit(now, touched.day, touched.day, put_in);
}

Status set_remembered(Database& db, std::int64_t account, std::int64_t import_id) {
  Statement set =
      RF_TRY(db.prepare("INSERT INTO remembered (account, import_id) VALUES (?1, ?2)"
                        " ON CONFLICT (account) DO UPDATE SET import_id = excluded.import_id"));
  return set.bind(1, account).bind(2, import_id).run();
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
      RF_TRY(db.prepare("SELECT coalesce(max(import_id), 0) FROM import_day WHERE account = ?1"
                        " AND rows > 0"));
  RF_TRY(newest.bind(1, account).first());
  std::int64_t now = newest.integer(0);
  newest.reset();
  Remembered done;
  if (now <= before) return done;

  SeriesTable table = RF_TRY(SeriesTable::open(db, account));
  Resolver resolver = RF_TRY(Resolver::open(db, table));
  TotalsUpdate update = RF_TRY(TotalsUpdate::open(db, account));
  std::vector<TouchedDay> days = RF_TRY(touched_days(db, account, before));
  for (const TouchedDay& day : days) {
    RF_TRY(update_day(resolver, update, {.account = account, .import_id = now}, before, day));
    done.rows += day.rows;
    ++done.days;
  }
  RF_TRY(update.flush());
  RF_TRY(set_remembered(db, account, now));
  RF_TRY(transaction.commit());
  return done;
}

}  // namespace rf
