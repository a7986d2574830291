// From metric rows with all their versions and parts to one row of counts per entity and day.

#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "model/entity.h"
#include "model/metric.h"
#include "store/sqlite_database.h"

namespace rf {

// The numbers of one account as they stood at some time.
struct Knowledge {
  std::int64_t account = 0;
  std::int64_t as_of = std::numeric_limits<std::int64_t>::max();
  std::int64_t import_id = std::numeric_limits<std::int64_t>::max();  // The last one that counts.
};

// What a reader needs to know of a series.
struct SeriesFacts {
  std::int64_t whole = 0;
  std::int64_t breakdown_kind = 0;
  Level level = Level::ad;
  Grain grain = Grain::day;
};

// The series of one account, looked up when first met.
class SeriesTable {
 public:
  static Result<SeriesTable> open(Database& db, std::int64_t account);
  // Errors: corrupt, when there is no such series.
  Result<const SeriesFacts*> find(std::int64_t series);

 private:
  explicit SeriesTable(Statement select) : select_(std::move(select)) {}
  Statement select_;
  std::unordered_map<std::int64_t, SeriesFacts> facts_;
};

// Counts of one day, by the series of the whole.
using VisitResolved =
    std::function<Status(std::int64_t day, std::int64_t series, const Counts& counts)>;

// Resolves days. Each series speaks with its latest version. Where the whole is known it is taken;
// else the parts of one kind are added up: of the kind that came last.
class Resolver {
 public:
  // `table` is shared with the caller and must outlive the resolver.
  static Result<Resolver> open(Database& db, SeriesTable& table);

  // Visits the days from `from` to `to` in order; within a day wholes come before sums of parts.
  // Cost: the rows of those days, with their versions.
  Status visit(const Knowledge& knowledge, std::int64_t from, std::int64_t to,
               const VisitResolved& visit);

 private:
  // The parts of one series' day, of one kind.
  struct Parts {
    std::int64_t kind = 0;
    std::int64_t as_of = 0;  // Of the latest version among them.
    std::int64_t import_id = 0;
    Counts sum;
  };

  Resolver(Statement rows, SeriesTable& table) : rows_(std::move(rows)), table_(&table) {}

  Status end_series(const VisitResolved& visit);
  Status end_day(const VisitResolved& visit);
  Status add_to_parts(const SeriesFacts& facts);

  Statement rows_;
  SeriesTable* table_;
  // The latest version seen of the series that is being read.
  std::int64_t day_ = 0;
  std::int64_t series_ = 0;  // 0: none.
  std::int64_t as_of_ = 0;
  std::int64_t import_id_ = 0;
  Counts counts_;
  // Of the day that is being read. A whole has a smaller number than its parts, so it is seen
  // before them.
  std::vector<std::int64_t> wholes_;
  std::unordered_map<std::int64_t, std::vector<Parts>> parts_;
};

}  // namespace rf
