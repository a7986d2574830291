// Rows wait in memory until there are many, are sorted into the order in which they lie on disk,
// and only then are written: the file's own order does not decide the speed. A day that the store
// knows nothing of needs no comparison with earlier versions, and most days are such.

#include "store/sqlite_writer.h"

#include <algorithm>
#include <bit>
#include <map>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "store/sqlite_counts.h"
#include "store/sqlite_series.h"

namespace rf {
namespace {

// Chosen: 32 Ki rows of a dozen numbers are 5 MB, and sort in 3 ms.
constexpr std::size_t kBatchRows = 32'768;

// Each set of reported metrics has its own INSERT; a file has one or a few sets.
constexpr std::size_t kInsertsMax = 64;

// Beyond this an amount is a mistake of the file, and sums over days might not fit.
constexpr std::int64_t kValueMax = 100'000'000'000'000'000;

static_assert(kMetricCount <= 64, "a set of metrics is a 64-bit mask");

std::uint64_t bit_of(Metric metric) { return std::uint64_t(1) << static_cast<unsigned>(metric); }

std::uint64_t mask_of(const Counts& counts) {
  std::uint64_t mask = 0;
  for (const MetricInfo& info : all_metrics()) {
    if (counts.has(info.metric)) mask |= bit_of(info.metric);
  }
  return mask;
}

struct Key {
  std::int64_t account = 0;
  std::int64_t day = 0;
  std::int64_t series = 0;
  auto operator<=>(const Key&) const = default;
};

// A row with only the values it has. They stand in a buffer of their own, from `at` on.
struct Packed {
  Key key;
  std::int64_t line = 0;
  std::uint64_t mask = 0;
  std::size_t at = 0;
};

// What is known of one day of one account while the writer is open.
struct DayState {
  bool has_history = false;  // It had rows before this source.
  std::int64_t kept = 0;     // Rows of this source that the store now holds.
  // The series whose row said nothing new, and so was not written.
  std::vector<bool> unchanged;

  bool is_unchanged(std::int64_t series) const {
    auto at = static_cast<std::size_t>(series);
    return at < unchanged.size() && unchanged[at];
  }
  void set_unchanged(std::int64_t series, bool value) {
    auto at = static_cast<std::size_t>(series);
    if (at >= unchanged.size()) unchanged.resize(at + 1);
    unchanged[at] = value;
  }
};

// What the store says of a key, apart from this source.
struct Known {
  bool at_all = false;
  std::optional<Counts> before;  // The version that held when this source was made.
};

class SqliteWriter final : public MetricWriter {
 public:
  SqliteWriter(std::unique_ptr<Database> db, Transaction transaction, SeriesInterner interner,
               ImportSource source)
      : db_(std::move(db)),
        transaction_(std::move(transaction)),
        interner_(std::move(interner)),
        source_(std::move(source)),
        as_of_(source_.as_of.time_since_epoch().count()) {}

  Status begin();
  Status add(const Account& account, const MetricRow& row) override;
  Result<WriteSummary> commit(const Json& report) override;
  Result<WriteSummary> preview() override;

 private:
  // Runs a step; the first error is the last word of this writer.
  template <typename Step>
  auto guarded(Step step) -> decltype(step()) {
    RF_CHECK(!ended_);
    if (error_) return Error(*error_);
    auto result = step();
    if (!result) {
      error_ = result.error();
      transaction_.roll_back();
    }
    return result;
  }

  Status take(const Account& account, const MetricRow& row);
  Status flush();
  Status place_all(std::vector<Packed>& rows);
  Result<Counts> counts_of(const Packed* begin, const Packed* end) const;
  Result<DayState*> day_state(const Key& key);
  Status place(const Key& key, std::int64_t line, const Counts& counts);
  Status place_packed(const Packed& row);
  Result<bool> has_own(const Key& key);
  Status merge(const Key& key, std::int64_t line, const Counts& more);
  Result<Known> known(const Key& key);
  Result<Statement*> insert_for(std::uint64_t mask);
  Result<bool> inserted(Statement& insert, const Key& key, std::int64_t line);
  Result<WriteSummary> keep(const Json& report);
  Result<std::optional<WriteSummary>> same_again();

  // Destroyed from the last to the first: statements, then the transaction, then the connection.
  std::unique_ptr<Database> db_;
  Transaction transaction_;
  SeriesInterner interner_;
  std::unordered_map<std::uint64_t, Statement> inserts_;
  std::optional<Statement> before_;
  std::optional<Statement> after_;
  std::optional<Statement> any_row_;
  std::optional<Statement> own_;
  std::optional<Statement> erase_;

  ImportSource source_;
  std::int64_t as_of_;
  WriteSummary summary_;
  std::vector<Packed> rows_;
  std::vector<std::int64_t> values_;
  std::map<std::pair<std::int64_t, std::int64_t>, DayState> days_;
  std::pair<std::int64_t, std::int64_t> last_day_;
  DayState* last_day_state_ = nullptr;
  std::optional<Error> error_;
  bool ended_ = false;
};

Status SqliteWriter::begin() {
  summary_.import_id = RF_TRY(db_->integer("SELECT coalesce(max(id), 0) + 1 FROM import_log"));
  Statement log = RF_TRY(db_->prepare(
      "INSERT INTO import_log (id, file, sha256, options_sha256, as_of, imported_at, added,"
      " restated, unchanged, report) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, 0, 'null')"));
  log.bind(1, summary_.import_id).bind(2, source_.file).bind(3, source_.sha256);
  log.bind(4, source_.options_sha256).bind(5, as_of_);
  RF_TRY(log.bind(6, source_.imported_at.time_since_epoch().count()).run());

  const std::string key = " FROM metric_row WHERE account = ?1 AND day = ?2 AND series = ?3";
  before_ = RF_TRY(db_->prepare(
      "SELECT 0" + metric_columns() + key +
      " AND as_of <= ?4 AND import_id <> ?5 ORDER BY as_of DESC, import_id DESC LIMIT 1"));
  after_ = RF_TRY(db_->prepare("SELECT 1" + key + " AND as_of > ?4 LIMIT 1"));
  own_ = RF_TRY(
      db_->prepare("SELECT line" + metric_columns() + key + " AND as_of = ?4 AND import_id = ?5"));
  erase_ = RF_TRY(db_->prepare("DELETE" + key + " AND as_of = ?4 AND import_id = ?5"));
  any_row_ =
      RF_TRY(db_->prepare("SELECT 1 FROM metric_row WHERE account = ?1 AND day = ?2 LIMIT 1"));
  before_->bind(4, as_of_).bind(5, summary_.import_id);
  after_->bind(4, as_of_);
  own_->bind(4, as_of_).bind(5, summary_.import_id);
  erase_->bind(4, as_of_).bind(5, summary_.import_id);
  return {};
}

Status SqliteWriter::add(const Account& account, const MetricRow& row) {
  return guarded([&] { return take(account, row); });
}

Status SqliteWriter::take(const Account& account, const MetricRow& row) {
  std::int64_t number = RF_TRY(interner_.account(account));
  Packed packed;
  packed.key.account = number;
  packed.key.day = row.grain == Grain::total ? 0 : row.day.time_since_epoch().count();
  packed.key.series = RF_TRY(interner_.series(number, row));
  packed.line = row.line;
  packed.at = values_.size();
  for (const MetricInfo& info : all_metrics()) {
    if (!row.counts.has(info.metric)) continue;
    std::int64_t value = row.counts.or_zero(info.metric);
    if (value > kValueMax || value < -kValueMax) {
      return fail(ErrorCode::invalid,
                  fmt::format("{}: line {}: {} is {}; expected at most {} in millionths or counts; "
                              "correct the file",
                              source_.file, row.line, info.name, value, kValueMax));
    }
    packed.mask |= bit_of(info.metric);
    values_.push_back(value);
  }
  rows_.push_back(packed);
  return rows_.size() < kBatchRows ? Status() : flush();
}

Status SqliteWriter::flush() {
  // A file that is already in order, as most are, costs one look. Equal keys keep their order.
  auto by_key = [](const Packed& a, const Packed& b) { return a.key < b.key; };
  if (!std::ranges::is_sorted(rows_, by_key)) std::ranges::stable_sort(rows_, by_key);
  RF_TRY(place_all(rows_));
  rows_.clear();
  values_.clear();
  return {};
}

Status SqliteWriter::place_all(std::vector<Packed>& rows) {
  const Packed* end = rows.data() + rows.size();
  for (const Packed* row = rows.data(); row != end;) {
    const Packed* next = row + 1;
    while (next != end && next->key == row->key) ++next;
    DayState* day = RF_TRY(day_state(row->key));
    if (next == row + 1 && !day->has_history) {
      RF_TRY(place_packed(*row));
    } else {
      Counts counts = RF_TRY(counts_of(row, next));
      RF_TRY(place(row->key, row->line, counts));
    }
    row = next;
  }
  return {};
}

// The sum of rows with one key.
Result<Counts> SqliteWriter::counts_of(const Packed* begin, const Packed* end) const {
  Counts sum;
  for (const Packed* row = begin; row != end; ++row) {
    Counts counts;
    const std::int64_t* value = values_.data() + row->at;
    for (const MetricInfo& info : all_metrics()) {
      if ((row->mask & bit_of(info.metric)) != 0) counts.set(info.metric, *value++);
    }
    if (row == begin) {
      sum = counts;
    } else {
      RF_TRY(add_part(sum, counts));
    }
  }
  return sum;
}

// Valid until the writer ends. The first look at a day comes before its first row.
Result<DayState*> SqliteWriter::day_state(const Key& key) {
  std::pair<std::int64_t, std::int64_t> day{key.account, key.day};
  if (last_day_state_ != nullptr && day == last_day_) return last_day_state_;
  auto [found, is_new] = days_.try_emplace(day);
  if (is_new) {
    found->second.has_history = RF_TRY(any_row_->bind(1, key.account).bind(2, key.day).first());
    any_row_->reset();
  }
  last_day_ = day;
  last_day_state_ = &found->second;
  return last_day_state_;
}

// Writes a row of a day that has no history, without unpacking it.
Status SqliteWriter::place_packed(const Packed& row) {
  Statement* insert = RF_TRY(insert_for(row.mask));
  const std::int64_t* value = values_.data() + row.at;
  int count = std::popcount(row.mask);
  for (int i = 0; i < count; ++i) insert->bind(7 + i, value[i]);
  bool fresh = RF_TRY(inserted(*insert, row.key, row.line));
  if (!fresh) {
    Counts counts = RF_TRY(counts_of(&row, &row + 1));
    return merge(row.key, row.line, counts);
  }
  ++summary_.added;
  ++last_day_state_->kept;
  return {};
}

Status SqliteWriter::place(const Key& key, std::int64_t line, const Counts& counts) {
  DayState* day = RF_TRY(day_state(key));
  Known known_of_it;
  if (day->has_history) {
    if (day->is_unchanged(key.series)) return merge(key, line, counts);
    known_of_it = RF_TRY(known(key));
    // An earlier batch may have written a row of the same key: then the sum is to be compared.
    bool same = known_of_it.before == counts;
    bool written = same && RF_TRY(has_own(key));
    if (same && !written) {
      day->set_unchanged(key.series, true);
      ++summary_.unchanged;
      return {};
    }
  }
  Statement* insert = RF_TRY(insert_for(mask_of(counts)));
  int at = 7;
  for (const MetricInfo& info : all_metrics()) {
    if (counts.has(info.metric)) insert->bind(at++, counts.or_zero(info.metric));
  }
  bool fresh = RF_TRY(inserted(*insert, key, line));
  if (!fresh) return merge(key, line, counts);
  ++(known_of_it.at_all ? summary_.restated : summary_.added);
  ++day->kept;
  return {};
}

Result<bool> SqliteWriter::has_own(const Key& key) {
  bool found = RF_TRY(own_->bind(1, key.account).bind(2, key.day).bind(3, key.series).first());
  own_->reset();
  return found;
}

// Adds to a key that an earlier batch of this writer has dealt with.
Status SqliteWriter::merge(const Key& key, std::int64_t line, const Counts& more) {
  DayState* day = RF_TRY(day_state(key));
  Known known_of_it = RF_TRY(known(key));
  Counts sum;
  if (day->is_unchanged(key.series)) {
    RF_CHECK(known_of_it.before.has_value());
    sum = *known_of_it.before;
    day->set_unchanged(key.series, false);
    --summary_.unchanged;
  } else {
    bool written = RF_TRY(own_->bind(1, key.account).bind(2, key.day).bind(3, key.series).first());
    RF_CHECK(written);
    line = std::min(line, own_->integer(0));
    sum = read_counts(*own_, 1);
    own_->reset();
    RF_TRY(erase_->bind(1, key.account).bind(2, key.day).bind(3, key.series).run());
    --(known_of_it.at_all ? summary_.restated : summary_.added);
    --day->kept;
  }
  RF_TRY(add_part(sum, more));
  return place(key, line, sum);
}

Result<Known> SqliteWriter::known(const Key& key) {
  Known result;
  before_->bind(1, key.account).bind(2, key.day).bind(3, key.series);
  result.at_all = RF_TRY(before_->first());
  if (result.at_all) {
    result.before = read_counts(*before_, 1);
  } else {
    result.at_all =
        RF_TRY(after_->bind(1, key.account).bind(2, key.day).bind(3, key.series).first());
    after_->reset();
  }
  before_->reset();
  return result;
}

Result<Statement*> SqliteWriter::insert_for(std::uint64_t mask) {
  auto found = inserts_.find(mask);
  if (found != inserts_.end()) return &found->second;
  if (inserts_.size() == kInsertsMax) inserts_.clear();
  std::string columns = "account, day, series, as_of, import_id, line";
  std::string values = "?, ?, ?, ?, ?, ?";
  for (const MetricInfo& info : all_metrics()) {
    if ((mask & bit_of(info.metric)) == 0) continue;
    columns.append(", ").append(info.name);
    values.append(", ?");
  }
  Statement insert =
      RF_TRY(db_->prepare(fmt::format("INSERT INTO metric_row ({}) VALUES ({})", columns, values)));
  insert.bind(4, as_of_).bind(5, summary_.import_id);
  return &inserts_.emplace(mask, std::move(insert)).first->second;
}

// Runs an INSERT whose metrics are bound; false when this writer has a row with this key already.
Result<bool> SqliteWriter::inserted(Statement& insert, const Key& key, std::int64_t line) {
  insert.bind(1, key.account).bind(2, key.day).bind(3, key.series).bind(6, line);
  int code = insert.step_code();
  if (code == SQLITE_DONE) {
    insert.reset();
    return true;
  }
  bool twice = code == SQLITE_CONSTRAINT_PRIMARYKEY;
  Result<bool> result = twice ? Result<bool>(false) : sqlite_error(db_->raw(), code);
  insert.reset();
  return result;
}

Result<WriteSummary> SqliteWriter::commit(const Json& report) {
  Result<WriteSummary> summary = guarded([&] { return keep(report); });
  ended_ = true;
  return summary;
}

Result<WriteSummary> SqliteWriter::keep(const Json& report) {
  RF_TRY(flush());
  std::optional<WriteSummary> before = RF_TRY(same_again());
  if (before) {
    transaction_.roll_back();
    return *before;
  }
  Statement log =
      RF_TRY(db_->prepare("UPDATE import_log SET added = ?2, restated = ?3, unchanged = ?4, report "
                          "= ?5 WHERE id = ?1"));
  std::string text = to_text(report);
  log.bind(1, summary_.import_id).bind(2, summary_.added).bind(3, summary_.restated);
  RF_TRY(log.bind(4, summary_.unchanged).bind(5, text).run());
  Statement touched = RF_TRY(
      db_->prepare("INSERT INTO import_day (account, import_id, day, rows) VALUES (?, ?, ?, ?)"));
  for (const auto& [day, state] : days_) {
    touched.bind(1, day.first).bind(2, summary_.import_id).bind(3, day.second);
    RF_TRY(touched.bind(4, state.kept).run());
  }
  RF_TRY(transaction_.commit());
  return summary_;
}

// The summary to give when the same source was written before and nothing is new: then not even
// the log grows.
Result<std::optional<WriteSummary>> SqliteWriter::same_again() {
  if (summary_.added + summary_.restated > 0) return std::optional<WriteSummary>();
  Statement same =
      RF_TRY(db_->prepare("SELECT max(id) FROM import_log"
                          " WHERE sha256 = ?1 AND options_sha256 = ?2 AND id < ?3"));
  same.bind(1, source_.sha256).bind(2, source_.options_sha256).bind(3, summary_.import_id);
  bool found = RF_TRY(same.step());
  RF_CHECK(found);
  if (same.is_null(0)) return std::optional<WriteSummary>();
  WriteSummary summary = summary_;
  summary.import_id = same.integer(0);
  return std::optional<WriteSummary>(summary);
}

Result<WriteSummary> SqliteWriter::preview() {
  Result<WriteSummary> summary = guarded([&]() -> Result<WriteSummary> {
    RF_TRY(flush());
    summary_.import_id = 0;
    transaction_.roll_back();
    return summary_;
  });
  ended_ = true;
  return summary;
}

}  // namespace

Result<std::unique_ptr<MetricWriter>> open_sqlite_writer(const std::string& path,
                                                         const SqliteOptions& options,
                                                         const ImportSource& source) {
  Database opened = RF_TRY(Database::open(path, options));
  auto db = std::make_unique<Database>(std::move(opened));
  Transaction transaction = RF_TRY(Transaction::begin(*db, Transaction::Kind::write));
  SeriesInterner interner = RF_TRY(SeriesInterner::open(*db, source.as_of));
  auto writer = std::make_unique<SqliteWriter>(std::move(db), std::move(transaction),
                                               std::move(interner), source);
  RF_TRY(writer->begin());
  return std::unique_ptr<MetricWriter>(std::move(writer));
}

}  // namespace rf
