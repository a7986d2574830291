// The second reading of a file: each row becomes a metric row, a total that is left out, or a refusal
// with its reason.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/entity.h"
#include "model/metric_row.h"
#include "store/import/layout.h"
#include "store/import/survey.h"
#include "store/import/table_reader.h"

namespace rf::imports {

// Why a row was not taken.
struct Refusal {
  std::int64_t line = 0;
  std::string column;
  std::string value;
  std::string reason;
};

// The account of rows that do not name one.
struct AccountDefaults {
  std::string account;    // As the user gave it; empty for "<platform>:default".
  std::string currency;   // Where neither header nor row has one.
  std::string time_zone;  // Where no column has it; empty for UTC.
};

class RowConverter {
 public:
  // REQUIRES: layout and survey outlive the converter.
  // Errors: invalid, for a currency or a zone that does not exist.
  static Result<RowConverter> make(const Layout& layout, const Survey& survey,
                                   const AccountDefaults& defaults);

  // Fills row(), account() and events(). What is returned is why it could not.
  // REQUIRES: classify(layout, row) is RowClass::entity.
  std::optional<Refusal> convert(const TableRow& row);

  const MetricRow& row() const { return out_; }
  MetricRow& row() { return out_; }
  const Account& account() const { return *account_; }

  // The row's value of each of Layout::events, where reported.
  const std::vector<std::optional<std::int64_t>>& events() const { return events_; }
  std::int64_t masked() const { return masked_; }

  // A total row's value, rounded to a millionth; nothing where blank or not a number.
  std::optional<std::int64_t> total_of(const TableRow& row, Metric metric) const;

 private:
  RowConverter(const Layout& layout, const Survey& survey) : layout_(&layout), survey_(&survey) {}

  using Fault = std::optional<Refusal>;

  Fault fault(const TableRow& row, int column, std::string_view reason) const;
  Fault set_account(const TableRow& row);
  Fault make_account(const TableRow& row);
  Fault set_day(const TableRow& row);
  Fault set_entity(const TableRow& row);
  Fault set_text(const TableRow& row, Role role, const std::string& constant, std::string& out);
  Fault set_breakdown(const TableRow& row);
  Fault set_metrics(const TableRow& row);
  Fault set_metric(const TableRow& row, const MetricColumn& column);
  Fault set_events(const TableRow& row);
  Fault set_chosen(const TableRow& row);
  Fault set_conversions(const TableRow& row, const EventColumn& event, std::int64_t count);
  void set_derived();
  std::uint32_t indicator_of(const TableRow& row);

  // A number in a cell: value, or nothing when not reported, or a fault.
  Fault read(const TableRow& row, int column, std::optional<std::int64_t>& out);

  const Layout* layout_;
  const Survey* survey_;
  AccountDefaults defaults_;
  MetricRow out_;
  const Account* account_ = nullptr;
  std::map<std::string, Account, std::less<>> accounts_;
  std::string account_key_;
  std::string key_scratch_;
  std::string name_scratch_;
  std::vector<std::optional<std::int64_t>> events_;
  std::optional<std::int64_t> average_;                         // Seconds, in millionths.
  std::vector<std::pair<Metric, std::int64_t>> quartile_rates_;  // Per cent, in millionths.
  Words words_;
  std::int64_t masked_ = 0;
};

}  // namespace rf::imports
