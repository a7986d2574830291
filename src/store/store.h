// What the loop remembers: accounts, metric rows with every version they ever had, what films hold,
// plans and turns.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "model/creative.h"
#include "model/entity.h"
#include "model/metric_row.h"
#include "model/plan.h"
#include "store/action_ledger.h"
#include "store/metric_writer.h"

namespace rf {

// One import that was committed.
struct ImportRecord {
  std::int64_t id = 0;
  ImportSource source;
  WriteSummary summary;
  Json report;  // What the importer said of the file.
};

// An entity's counts, resolved: where a day is known both whole and split into parts, the whole is
// taken; of several splits, the one that came last. One attribution setting and conversion event.
// Of an entity that is known by day and as a total without days, the days are taken. Reach is
// reported only where there is one day, known whole or in one part.
struct EntityTotals {
  EntityId id;
  Entity entity;
  std::string attribution;
  std::string conversion_event;
  Counts counts;
  Day first_day = kNoDay;  // kNoDay for Grain::total.
  Day last_day = kNoDay;
  std::int64_t days = 0;  // Days with a row; 0 for Grain::total.

  bool operator==(const EntityTotals&) const = default;
};

// One resolved day of one entity.
struct EntityDay {
  EntityId id;
  std::string attribution;
  std::string conversion_event;
  Day day = kNoDay;
  Counts counts;

  bool operator==(const EntityDay&) const = default;
};

// One version of one metric row, with where it came from.
struct MetricVersion {
  MetricRow row;
  Instant as_of;
  std::string file;
  std::int64_t import_id = 0;
};

// What remember() did.
struct Remembered {
  std::int64_t rows = 0;  // Metric rows that were new since the last time.
  std::int64_t days = 0;  // Account days whose resolved counts were worked out again.

  bool operator==(const Remembered&) const = default;
};

// Whose features they are, and how they were found.
struct FeaturesKey {
  std::string sha256;  // Of the file's bytes.
  std::string method;  // Fingerprint of everything else that decides them.

  bool operator==(const FeaturesKey&) const = default;
};

// That an ad shows a film, as of the moment at which that was said.
struct AdFilm {
  EntityId ad;
  FeaturesKey film;
  std::string file;        // As it was called.
  std::string matched_by;  // How the two were brought together: id, name, token, mapping.
  Instant as_of;

  bool operator==(const AdFilm&) const = default;
};

struct AdFilmsWritten {
  std::int64_t added = 0;      // Ads whose film was not known before.
  std::int64_t changed = 0;    // Ads that were known to show another one: the old version is kept.
  std::int64_t unchanged = 0;  // Nothing was written.

  bool operator==(const AdFilmsWritten&) const = default;
};

// One round of the loop, for the log.
struct TurnStep {
  std::string name;
  double ms = 0;
  std::int64_t rows = 0;

  bool operator==(const TurnStep&) const = default;
};

struct TurnRecord {
  std::int64_t id = 0;  // Given by the store.
  std::string account;
  Instant started;
  std::vector<TurnStep> steps;
  std::string plan_hash;

  bool operator==(const TurnRecord&) const = default;
};

// What is asked of an account that the store does not know is empty, unless not_found is named.
// Thread: one at a time. Other processes may hold the same store open.
// Errors of every call: unavailable (locked, disk full, I/O), corrupt. A write that was unavailable
// is not seen by later reads, but a disk that failed while syncing may show it after a crash;
// repeating a write is always safe.
class Store {
 public:
  virtual ~Store() = default;

  virtual Result<std::vector<Account>> accounts() = 0;

  // Adds the account or changes its name and zone.
  // Errors: conflict, when it is known in another currency or on another platform.
  virtual Status put_account(const Account& account) = 0;

  // The import of the same bytes under the same options, if there was one.
  virtual Result<std::optional<ImportRecord>> find_import(std::string_view sha256,
                                                          std::string_view options_sha256) = 0;
  virtual Result<std::vector<ImportRecord>> imports() = 0;

  // The one writer of the store: until it ends, other writes to the store wait and then fail, and
  // reads see the store as it was before.
  // Errors: unavailable.
  virtual Result<std::unique_ptr<MetricWriter>> write_metrics(const ImportSource& source) = 0;

  // Brings the resolved days and totals up to the metric rows that were written since the last
  // time. One transaction.
  // Errors: invalid, when a sum does not fit 64 bits.
  // Cost: the rows and account days that are new or restated, not the history.
  virtual Result<Remembered> remember(const AccountId& account) = 0;

  // Of all entities of one level, as of the last remember(); by first id, attribution, event.
  // Cost: the entities, not the history.
  virtual Result<std::vector<EntityTotals>> totals(const AccountId& account, Level level) = 0;

  // The same worked out from the metric rows as they were known at `as_of`.
  // Cost: the whole history of the account.
  virtual Result<std::vector<EntityTotals>> totals_as_of(const AccountId& account, Level level,
                                                         Instant as_of) = 0;

  // Visits the resolved days from `from` to `to`, both included, in order of day, as of the last
  // remember(). Totals without a day are left out. An error that `visit` returns ends the walk and
  // is returned; `visit` must not call the store.
  // Cost: the days asked for, not the history.
  virtual Status each_day(const AccountId& account, Level level, Day from, Day to,
                          const std::function<Status(const EntityDay&)>& visit) = 0;

  // When the platform was last asked about that day of the account; none when it never was.
  // Cost: the imports that spoke of the day.
  virtual Result<std::optional<Instant>> known_at(const AccountId& account, Day day) = 0;

  // Every version of every row of one entity in a range of days, both included, by day and then
  // oldest first; before them those of totals without a day, whatever the range.
  // Cost: the entity's rows, not the account's.
  virtual Result<std::vector<MetricVersion>> versions(const AccountId& account,
                                                      const EntityId& entity, Day from, Day to) = 0;

  // A document kept for an account ("" for all) under a name: policies, taxonomy.
  virtual Result<std::optional<Json>> document(const AccountId& account, std::string_view name) = 0;
  // Errors: not_found, when there is no such account.
  virtual Status put_document(const AccountId& account, std::string_view name,
                              const Json& document) = 0;

  // The features of a file of these bytes as that method found them, if it ever did.
  virtual Result<std::optional<Json>> find_features(const FeaturesKey& key) = 0;
  // What is already known under the key stays as it is.
  virtual Status put_features(const FeaturesKey& key, Instant made_at, const Json& features) = 0;

  // What ads are compared by, of the film of these bytes by that method. What is already known of
  // it stays as it is.
  virtual Status put_creative(Instant made_at, const Creative& creative) = 0;

  // Keeps which films the ads show: all of them, or none. An ad that was known to show the same
  // film just before is left as it is, so saying it again changes nothing.
  // REQUIRES: put_creative() was called for each film.
  // Errors: not_found, when there is no such account or ad.
  virtual Result<AdFilmsWritten> put_ad_films(const AccountId& account,
                                              const std::vector<AdFilm>& films) = 0;

  // Which ad shows which film, by ad, as it was known at `as_of`, else now; and those films.
  virtual Result<std::vector<AdFilm>> ad_films(const AccountId& account,
                                               const std::optional<Instant>& as_of) = 0;
  virtual Result<std::vector<Creative>> creatives(const AccountId& account,
                                                  const std::optional<Instant>& as_of) = 0;

  // Keeps the plan and logs the turn, both or neither. A plan with a hash that is already known is
  // not kept twice. Returns the turn's id, which is given by the store, as is its plan_hash.
  // Errors: not_found, when there is no such account.
  virtual Result<std::int64_t> put_turn(const TurnRecord& turn, const Plan& plan) = 0;

  // The plan with this hash, or that of the account's last turn for "".
  // Errors: not_found.
  virtual Result<Plan> plan(const AccountId& account, std::string_view hash) = 0;

  // The last `limit` turns, newest first.
  virtual Result<std::vector<TurnRecord>> turns(const AccountId& account, std::int64_t limit) = 0;

  // What was approved and done. Lives as long as the store.
  virtual ActionLedger& actions() = 0;

  // Writes a consistent copy while others read and write. The file appears whole or not at all.
  // Errors: conflict, when `path` exists.
  virtual Status backup(const std::string& path) = 0;

  // The defects found, none when the store is sound.
  virtual Result<std::vector<std::string>> check() = 0;
};

}  // namespace rf
