#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "store/event_log.h"
#include "store/sqlite_database.h"
#include "store/sqlite_open.h"

namespace rf {
namespace {

// "RFev", so that a store is not taken for a log.
constexpr std::int64_t kLogId = 0x52466576;
constexpr std::int64_t kLogVersion = 1;

// Chosen: one commit of so many takes some tens of milliseconds, and those that wait for the next
// do not wait longer than a platform's patience.
constexpr std::size_t kGroupMax = 20'000;

constexpr const char* kTables = R"sql(
CREATE TABLE event (
  number INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  key TEXT NOT NULL,
  happened INTEGER NOT NULL,
  came INTEGER NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (source, key)
) STRICT;
CREATE INDEX event_by_coming ON event (source, came);

CREATE TABLE delivery (
  destination TEXT NOT NULL,
  event INTEGER NOT NULL REFERENCES event (number),
  state TEXT NOT NULL CHECK (state IN ('sent', 'refused', 'unknown', 'waiting')),
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (destination, event)
) STRICT, WITHOUT ROWID;
)sql";

std::int64_t micros_of(Instant at) { return at.time_since_epoch().count(); }
Instant instant_of(std::int64_t micros) { return Instant(Duration(micros)); }

std::string_view word_of(DeliveryState state) {
  switch (state) {
    case DeliveryState::sent: return "sent";
    case DeliveryState::refused: return "refused";
    case DeliveryState::unknown: return "unknown";
    case DeliveryState::waiting: break;
  }
  return "waiting";
}

Result<Database> open_log(const std::string& path) {
  RF_TRY(check_size(path));
  Database db = RF_TRY(Database::open(path, {}));
  const std::int64_t objects = RF_TRY(db.integer("SELECT count(*) FROM sqlite_master"));
  const std::int64_t id = RF_TRY(db.integer("PRAGMA application_id"));
  const std::int64_t version = RF_TRY(db.integer("PRAGMA user_version"));
  if (objects > 0 && (id != kLogId || version > kLogVersion))
    return fail(ErrorCode::corrupt,
                fmt::format("'{}' is no log of events, or a newer program's", path));
  Statement wal = RF_TRY(db.prepare("PRAGMA journal_mode = WAL"));
  RF_TRY(wal.step());
  wal.reset();
  RF_TRY(db.execute("PRAGMA journal_size_limit = 16777216"));
  if (version == kLogVersion) return db;
  Transaction transaction = RF_TRY(Transaction::begin(db, Transaction::Kind::write));
  const std::int64_t now = RF_TRY(db.integer("PRAGMA user_version"));
  if (now == kLogVersion) return db;  // Another process was first.
  RF_TRY(db.execute(kTables));
  RF_TRY(db.execute(
      fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kLogId, kLogVersion)));
  RF_TRY(transaction.commit());
  return db;
}

constexpr std::string_view kEventColumns = "number, source, key, happened, came, body";

LoggedEvent event_in(const Statement& row) {
  return {.number = row.integer(0),
          .came = instant_of(row.integer(4)),
          .event = {.source = std::string(row.text(1)),
                    .key = std::string(row.text(2)),
                    .happened = instant_of(row.integer(3)),
                    .body = std::string(row.text(5))}};
}

Status check_event(const IncomingEvent& event) {
  if (event.key.empty() || event.key.size() > kEventKeyMax)
    return fail(ErrorCode::invalid, fmt::format("an event's key has {} bytes, expected 1 to {}",
                                                event.key.size(), kEventKeyMax));
  if (event.body.size() > kEventBodyMax)
    return fail(ErrorCode::invalid, fmt::format("an event has {} bytes, at most {} are taken",
                                                event.body.size(), kEventBodyMax));
  return {};
}

class SqliteEventLog final : public EventLog {
 public:
  SqliteEventLog(Database writer, Database reader)
      : writer_(std::move(writer)), reader_(std::move(reader)) {}

  Result<std::vector<bool>> add(std::span<const IncomingEvent> events, Instant came) override;
  Status each(std::string_view source, std::int64_t from,
              const std::function<Status(const LoggedEvent&)>& visit) override;
  Result<std::vector<LoggedEvent>> newest(std::string_view source, std::int64_t limit) override;
  Result<std::vector<DueEvent>> due(const DueQuery& query) override;
  Status settle(std::string_view destination, std::span<const Delivery> deliveries) override;
  Result<std::vector<EventCount>> counts() override;
  Result<std::vector<DeliveryCount>> deliveries() override;

 private:
  // One call's events, while they wait for a commit.
  struct Batch {
    std::span<const IncomingEvent> events;
    Instant came;
    std::vector<bool> kept;
    std::optional<Error> error;
    bool done = false;
  };

  std::vector<Batch*> next_group();
  Status commit(std::span<Batch* const> group);
  Status insert(Batch& batch);

  // Whose turn it is to commit, and who waits.
  std::mutex waiting_mutex_;
  std::condition_variable changed_;
  std::vector<Batch*> waiting_;
  bool leading_ = false;

  std::mutex write_mutex_;  // Held by the one who writes.
  Database writer_;
  std::optional<Statement> insert_;

  std::mutex read_mutex_;
  Database reader_;
};

std::vector<SqliteEventLog::Batch*> SqliteEventLog::next_group() {
  std::vector<Batch*> group;
  std::size_t events = 0;
  auto at = waiting_.begin();
  while (at != waiting_.end() && (group.empty() || events + (*at)->events.size() <= kGroupMax)) {
    events += (*at)->events.size();
    group.push_back(*at);
    ++at;
  }
  waiting_.erase(waiting_.begin(), at);
  return group;
}

Status SqliteEventLog::insert(Batch& batch) {
  if (!insert_) {
    insert_ =
        RF_TRY(writer_.prepare("INSERT INTO event (source, key, happened, came, body) "
                               "VALUES (?, ?, ?, ?, ?) ON CONFLICT (source, key) DO NOTHING"));
  }
  batch.kept.clear();
  for (const IncomingEvent& event : batch.events) {
    insert_->bind(1, event.source).bind(2, event.key).bind(3, micros_of(event.happened));
    insert_->bind(4, micros_of(batch.came)).bind(5, event.body);
    RF_TRY(insert_->run());
    batch.kept.push_back(sqlite3_changes(writer_.raw()) > 0);
  }
  return {};
}

Status SqliteEventLog::commit(std::span<Batch* const> group) {
  const std::lock_guard lock(write_mutex_);
  Transaction transaction = RF_TRY(Transaction::begin(writer_, Transaction::Kind::write));
  for (Batch* batch : group) RF_TRY(insert(*batch));
  return transaction.commit();
}

// Whoever finds nobody committing commits for all who wait.
Result<std::vector<bool>> SqliteEventLog::add(std::span<const IncomingEvent> events, Instant came) {
  for (const IncomingEvent& event : events) RF_TRY(check_event(event));
  Batch batch{.events = events, .came = came, .kept = {}, .error = {}};
  std::unique_lock lock(waiting_mutex_);
  waiting_.push_back(&batch);
  while (!batch.done) {
    if (leading_) {
      changed_.wait(lock);
      continue;
    }
    leading_ = true;
    const std::vector<Batch*> group = next_group();
    lock.unlock();
    const Status committed = commit(group);
    lock.lock();
    leading_ = false;
    for (Batch* each : group) {
      if (!committed) each->error = committed.error();
      each->done = true;
    }
    changed_.notify_all();
  }
  if (batch.error) return *std::move(batch.error);
  return std::move(batch.kept);
}

Status SqliteEventLog::each(std::string_view source, std::int64_t from,
                            const std::function<Status(const LoggedEvent&)>& visit) {
  const std::lock_guard lock(read_mutex_);
  Statement rows = RF_TRY(
      reader_.prepare(fmt::format("SELECT {} FROM event WHERE number >= ? AND (? = '' OR source = "
                                  "?) ORDER BY number",
                                  kEventColumns)));
  rows.bind(1, from).bind(2, source).bind(3, source);
  while (true) {
    const bool more = RF_TRY(rows.step());
    if (!more) return {};
    RF_TRY(visit(event_in(rows)));
  }
}

Result<std::vector<LoggedEvent>> SqliteEventLog::newest(std::string_view source,
                                                        std::int64_t limit) {
  const std::lock_guard lock(read_mutex_);
  Statement rows = RF_TRY(reader_.prepare(
      fmt::format("SELECT {} FROM event WHERE (? = '' OR source = ?) ORDER BY number DESC LIMIT ?",
                  kEventColumns)));
  rows.bind(1, source).bind(2, source).bind(3, limit);
  std::vector<LoggedEvent> found;
  while (true) {
    const bool more = RF_TRY(rows.step());
    if (!more) break;
    found.push_back(event_in(rows));
  }
  std::ranges::reverse(found);
  return found;
}

Result<std::vector<DueEvent>> SqliteEventLog::due(const DueQuery& query) {
  const std::lock_guard lock(read_mutex_);
  Statement rows = RF_TRY(reader_.prepare(
      "SELECT e.number, e.source, e.key, e.happened, e.came, e.body, d.attempts, d.first, d.state "
      "FROM event e LEFT JOIN delivery d ON d.destination = ? AND d.event = e.number "
      "WHERE e.source = ? AND e.came >= ? AND e.number >= ? "
      "AND (d.event IS NULL OR d.state IN ('unknown', 'waiting')) ORDER BY e.number LIMIT ?"));
  rows.bind(1, query.destination).bind(2, query.source).bind(3, micros_of(query.since));
  rows.bind(4, query.from).bind(5, query.limit);
  std::vector<DueEvent> found;
  while (true) {
    const bool more = RF_TRY(rows.step());
    if (!more) return found;
    DueEvent due{.logged = event_in(rows), .attempts = 0, .first = {}};
    if (!rows.is_null(6)) due.attempts = rows.integer(6);
    if (!rows.is_null(7) && rows.text(8) == "unknown") due.first = instant_of(rows.integer(7));
    found.push_back(std::move(due));
  }
}

Status SqliteEventLog::settle(std::string_view destination, std::span<const Delivery> deliveries) {
  const std::lock_guard lock(write_mutex_);
  Transaction transaction = RF_TRY(Transaction::begin(writer_, Transaction::Kind::write));
  Statement put = RF_TRY(writer_.prepare(
      "INSERT INTO delivery (destination, event, state, first, last, attempts, note) "
      "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (destination, event) DO UPDATE SET "
      "state = excluded.state, last = excluded.last, attempts = excluded.attempts, "
      "note = excluded.note, "
      "first = CASE WHEN state = 'waiting' THEN excluded.first ELSE first END "
      "WHERE state IN ('unknown', 'waiting')"));
  for (const Delivery& each : deliveries) {
    put.bind(1, destination).bind(2, each.event).bind(3, word_of(each.state));
    put.bind(4, micros_of(each.first)).bind(5, micros_of(each.last)).bind(6, each.attempts);
    put.bind(7, each.note);
    RF_TRY(put.run());
  }
  return transaction.commit();
}

Result<std::vector<EventCount>> SqliteEventLog::counts() {
  const std::lock_guard lock(read_mutex_);
  Statement rows = RF_TRY(reader_.prepare(
      "SELECT source, count(*), max(came) FROM event GROUP BY source ORDER BY source"));
  std::vector<EventCount> found;
  while (true) {
    const bool more = RF_TRY(rows.step());
    if (!more) return found;
    found.push_back({.source = std::string(rows.text(0)),
                     .events = rows.integer(1),
                     .last = instant_of(rows.integer(2))});
  }
}

Result<std::vector<DeliveryCount>> SqliteEventLog::deliveries() {
  const std::lock_guard lock(read_mutex_);
  Statement rows = RF_TRY(reader_.prepare(
      "SELECT destination, sum(state = 'sent'), sum(state = 'refused'), sum(state = 'unknown'), "
      "sum(state = 'waiting') "
      "FROM delivery GROUP BY destination ORDER BY destination"));
  std::vector<DeliveryCount> found;
  while (true) {
    const bool more = RF_TRY(rows.step());
    if (!more) return found;
    found.push_back({.destination = std::string(rows.text(0)),
                     .sent = rows.integer(1),
                     .refused = rows.integer(2),
                     .unknown = rows.integer(3),
                     .waiting = rows.integer(4)});
  }
}

}  // namespace

Result<std::unique_ptr<EventLog>> open_event_log(const std::string& path) {
  Database writer = RF_TRY(open_log(path));
  Database reader = RF_TRY(Database::open(path, {}));
  return std::unique_ptr<EventLog>(
      std::make_unique<SqliteEventLog>(std::move(writer), std::move(reader)));
}

}  // namespace rf
