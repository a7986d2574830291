// The way in for metric rows: all of a source's rows, or none.

#pragma once

#include <cstdint>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "model/entity.h"
#include "model/metric_row.h"

namespace rf {

// Where a set of rows came from.
struct ImportSource {
  std::string file;            // The path as the user gave it.
  std::string sha256;          // Of the file's bytes.
  std::string options_sha256;  // Of everything else that decides how its bytes become rows.
  Instant as_of;               // When the platform said this: what was known from then on.
  Instant imported_at;
};

struct WriteSummary {
  std::int64_t import_id = 0;
  std::int64_t added = 0;      // Keys never seen before.
  std::int64_t restated = 0;   // Known keys with other numbers: new versions, the old ones kept.
  std::int64_t unchanged = 0;  // Known keys with the same numbers: nothing written.

  bool operator==(const WriteSummary&) const = default;
};

// One transaction. Destroyed without commit(), it leaves no trace. After an error it repeats that
// error and can only be destroyed.
//
// The key of a row is (account, grain, day, entity, breakdown, attribution, conversion event). Two
// rows of one writer with the same key are added up: files without ids show ads of one name as
// several rows. What does not add, as reach, is then "not reported".
//
// A row is compared with the version that was known just before `as_of`. When that says the same,
// nothing is written, so the store does not learn that it was said again: only a source that comes
// late and is dated between the two could tell the difference.
// Thread: one at a time.
class MetricWriter {
 public:
  virtual ~MetricWriter() = default;

  // Errors: conflict, when the account is known in another currency or on another platform; invalid,
  // when a value is beyond 10^17 or the values of one key do not add up within 64 bits;
  // unavailable, when the store cannot be written (disk full).
  virtual Status add(const Account& account, const MetricRow& row) = 0;

  // Ends the writer: everything is durable when it returns. `report` is kept with the import, to
  // repeat it when the same file comes again. A source that was written before and brings nothing
  // new gets the id of that import and leaves no second one.
  // Errors: unavailable.
  virtual Result<WriteSummary> commit(const Json& report) = 0;

  // Ends the writer and keeps nothing, but tells what commit() would have told.
  // Errors: unavailable.
  virtual Result<WriteSummary> preview() = 0;
};

}  // namespace rf
