// From export files to metric rows in the store: what `reelforge import` does.
//
// A file is read twice, so that memory does not grow with it: once to learn what only all rows
// together can tell (decimal mark, order of dates, which conversions there are, whether days are
// days), once to write. Whatever cannot be decided is refused before anything is written. See
// doc/formats/.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "base/described.h"
#include "base/progress.h"
#include "base/result.h"
#include "base/time.h"
#include "store/import/file_report.h"
#include "store/store.h"

namespace rf {

struct ImportOptions {
  std::string account;          // For files without a column of it; "<platform>:default" if empty.
  std::string currency;         // ISO 4217, for files that name none; XXX to do without.
  std::string time_zone;        // IANA, for files that name none; UTC if empty.
  std::optional<Instant> as_of;  // When the platform said it; now if absent.
  std::string conversion;       // The event to count as the conversion; empty for the usual one.
  std::string decimal;          // "point" or "comma", where a file does not show it.
  std::string date_order;       // "dmy" or "mdy", where a file does not show it.
  std::string mapping_path;     // TOML that says what a plain file's columns mean.
  std::string rejects_path;     // Where refused rows are listed; empty for "<file>.rejects.csv".
  bool dry_run = false;         // Tell everything, write nothing.

  bool operator==(const ImportOptions&) const = default;
};

// Reads one file into the store, all of its rows or none. The same bytes under the same options
// again change nothing: the report of the first time comes back, with `repeated` set.
// Errors: invalid, with the steps that mend it (not an export, no days, no currency, undecidable
//   numbers or dates, headers only); not_found; corrupt; over_limit; unsupported; conflict, when it
//   was cancelled, the file changed while it was read, or the account has another currency;
//   unavailable.
Result<FileReport> import_file(const std::string& path, const ImportOptions& options, Store& store,
                               const Clock& clock, Progress& progress);

// The same for several files, each with its own report or error, in the order of `paths`. Files that
// hold other metrics of the same rows (the presets "Performance" and "Video engagement" of one
// account) become one import: rows are joined by day, entity and breakdown, and a metric that
// several of them have is taken once, from the first of them with spend.
std::vector<Result<FileReport>> import_files(std::span<const std::string> paths,
                                             const ImportOptions& options, Store& store,
                                             const Clock& clock, Progress& progress);

}  // namespace rf
