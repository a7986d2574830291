// What the importer says of one file, for people and for scripts.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/described.h"
#include "base/time.h"
#include "model/json_codecs.h"

namespace rf {

// Sums over the rows that were taken. Money in the file's currency, rounded once, at the end, to its
// minor unit; null where no row reports it, and where accounts differ in currency.
struct FileTotals {
  std::optional<std::string> spend;
  std::optional<std::string> spend_exact;  // To the millionth.
  std::optional<std::int64_t> impressions;
  std::optional<std::int64_t> clicks;
  std::optional<std::int64_t> link_clicks;
  std::optional<std::int64_t> clicks_all;
  std::optional<double> conversions;
  std::optional<std::string> conversion_value;
  std::optional<double> purchases;

  bool operator==(const FileTotals&) const = default;
};

struct DroppedRow {
  std::int64_t line = 0;
  std::string kind;  // "total" or "subtotal".
  std::string label;

  bool operator==(const DroppedRow&) const = default;
};

struct RefusedRow {
  std::int64_t line = 0;
  std::string column;
  std::string value;
  std::string reason;

  bool operator==(const RefusedRow&) const = default;
};

struct EventTotal {
  std::string event;
  double total = 0;

  bool operator==(const EventTotal&) const = default;
};

// The file's own total row against the sum of its rows.
struct TotalCheck {
  std::int64_t line = 0;
  std::string label;
  bool equal = false;
  std::string spend = "";             // As the total row says.
  std::string spend_difference = "";  // Rows minus total row.
  std::int64_t impressions_difference = 0;
  std::int64_t clicks_difference = 0;

  bool operator==(const TotalCheck&) const = default;
};

struct AccountPart {
  std::string account;
  std::string name;
  std::string currency;
  std::string time_zone;
  std::int64_t rows = 0;
  std::string spend;

  bool operator==(const AccountPart&) const = default;
};

struct FileReport {
  std::string file;
  std::string sha256;
  std::string platform;
  std::string level;
  std::string grain;
  std::string breakdown;
  std::string locale;
  std::int64_t rows = 0;
  std::optional<std::string> from;
  std::optional<std::string> to;
  std::string currency;
  std::string attribution;
  std::vector<std::string> attributions;
  FileTotals totals;
  std::vector<DroppedRow> dropped;
  std::int64_t dropped_rows = 0;
  std::vector<RefusedRow> refused;
  std::int64_t refused_rows = 0;
  std::string rejects;
  std::int64_t masked = 0;
  std::optional<TotalCheck> file_total;
  std::string conversion_event;
  std::vector<EventTotal> alternatives;
  std::vector<std::string> metrics;
  std::vector<AccountPart> accounts;
  std::int64_t added = 0;
  std::int64_t restated = 0;
  std::int64_t unchanged = 0;
  bool repeated = false;
  bool dry_run = false;
  std::string merged_into;
  std::vector<std::string> notices;
  std::optional<double> naming_unnamed_share;
  Instant as_of;
  double seconds = 0;
  double rows_per_s = 0;

  bool operator==(const FileReport&) const = default;
};

template <>
struct Described<FileTotals> {
  using T = FileTotals;
  static constexpr auto fields = std::tuple{
      field("spend", &T::spend, "decimal, in the file's currency"),
      field("spend_exact", &T::spend_exact, "the same, not rounded to the minor unit"),
      field("impressions", &T::impressions, "times an ad was on screen"),
      field("clicks", &T::clicks, "link clicks where reported, else all clicks"),
      field("link_clicks", &T::link_clicks, "clicks that lead to the destination"),
      field("clicks_all", &T::clicks_all, "every kind of click"),
      field("conversions", &T::conversions, "the chosen event; null where rows count several"),
      field("conversion_value", &T::conversion_value, "decimal, what they were worth"),
      field("purchases", &T::purchases, "purchases")};
};

template <>
struct Described<DroppedRow> {
  static constexpr auto fields =
      std::tuple{field("line", &DroppedRow::line, "line in the file"),
                 field("kind", &DroppedRow::kind, "total or subtotal"),
                 field("label", &DroppedRow::label, "what the row calls itself")};
};

template <>
struct Described<RefusedRow> {
  static constexpr auto fields =
      std::tuple{field("line", &RefusedRow::line, "line in the file"),
                 field("column", &RefusedRow::column, "header of the column"),
                 field("value", &RefusedRow::value, "what stands there"),
                 field("reason", &RefusedRow::reason, "what is wrong with it")};
};

template <>
struct Described<EventTotal> {
  static constexpr auto fields =
      std::tuple{field("event", &EventTotal::event, "name for --conversion"),
                 field("total", &EventTotal::total, "how many the file has")};
};

template <>
struct Described<TotalCheck> {
  using T = TotalCheck;
  static constexpr auto fields = std::tuple{
      field("line", &T::line, "line of the total row"),
      field("label", &T::label, "what it calls itself"),
      field("equal", &T::equal, "spend to the minor unit, impressions and clicks exactly"),
      field("spend", &T::spend, "spend of the total row"),
      field("spend_difference", &T::spend_difference, "sum of rows minus total row"),
      field("impressions_difference", &T::impressions_difference, "sum of rows minus total row"),
      field("clicks_difference", &T::clicks_difference, "sum of rows minus total row")};
};

template <>
struct Described<AccountPart> {
  using T = AccountPart;
  static constexpr auto fields =
      std::tuple{field("account", &T::account, "id with its platform"),
                 field("name", &T::name, "as the platform shows it"),
                 field("currency", &T::currency, "ISO 4217"),
                 field("time_zone", &T::time_zone, "IANA name"),
                 field("rows", &T::rows, "rows taken"),
                 field("spend", &T::spend, "decimal")};
};

template <>
struct Described<FileReport> {
  using T = FileReport;
  static constexpr auto fields = std::tuple{
      field("file", &T::file, "path as given"),
      field("sha256", &T::sha256, "of the file's bytes"),
      field("platform", &T::platform, "meta, tiktok, google or plain"),
      field("level", &T::level, "campaign, adset or ad"),
      field("grain", &T::grain, "day or total"),
      field("breakdown", &T::breakdown, "what the rows are split by, such as age,gender"),
      field("locale", &T::locale, "language of the headers"),
      field("rows", &T::rows, "rows taken"),
      field("from", &T::from, "first day"),
      field("to", &T::to, "last day"),
      field("currency", &T::currency, "ISO 4217; mixed where accounts differ"),
      field("attribution", &T::attribution, "attribution setting; mixed where rows differ"),
      field("attributions", &T::attributions, "every attribution setting in the file"),
      field("totals", &T::totals, "sums of the rows taken"),
      field("dropped", &T::dropped, "total rows left out, the first fifty"),
      field("dropped_rows", &T::dropped_rows, "how many there were"),
      field("refused", &T::refused, "rows that could not be taken, the first twenty"),
      field("refused_rows", &T::refused_rows, "how many there were"),
      field("rejects", &T::rejects, "file that lists all of them"),
      field("masked", &T::masked, "values hidden as <5, kept as not reported"),
      field("file_total", &T::file_total, "the file's own total row against the sum of its rows"),
      field("conversion_event", &T::conversion_event, "what conversions count"),
      field("alternatives", &T::alternatives, "what else could be chosen"),
      field("metrics", &T::metrics, "metrics that the file has"),
      field("accounts", &T::accounts, "accounts in the file"),
      field("added", &T::added, "rows never seen before"),
      field("restated", &T::restated, "known rows with other numbers: new versions"),
      field("unchanged", &T::unchanged, "known rows with the same numbers"),
      field("repeated", &T::repeated, "the same file was imported before"),
      field("dry_run", &T::dry_run, "nothing was written"),
      field("merged_into", &T::merged_into, "file whose rows these numbers were joined to"),
      field("notices", &T::notices, "what one should know"),
      field("naming_unnamed_share", &T::naming_unnamed_share,
            "share of spend whose names do not fit the taxonomy"),
      field("as_of", &T::as_of, "when the platform said this"),
      field("seconds", &T::seconds, "time it took"),
      field("rows_per_s", &T::rows_per_s, "rows taken per second")};
};

}  // namespace rf
