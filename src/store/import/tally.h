// Sums over one file while it is read, and the report they become.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/import/file_report.h"
#include "store/import/layout.h"
#include "store/import/row_class.h"
#include "store/import/row_converter.h"
#include "store/import/survey.h"

namespace rf::imports {

class Tally {
 public:
  Tally(const Layout& layout, const Survey& survey) : layout_(&layout), survey_(&survey) {
    event_sums_.resize(layout.events.size());
  }

  void add(const RowConverter& converter, const TableRow& row);
  void add_dropped(RowClass what, const TableRow& row, const RowConverter& converter);
  void add_refused(const Refusal& refusal);

  // False once a sum no longer fits 64 bits; the file is then not to be believed.
  bool fits() const { return fits_; }
  std::int64_t rows() const { return rows_; }
  std::int64_t refused_rows() const { return refused_rows_; }
  const std::vector<RefusedRow>& refused() const { return refused_; }
  std::optional<Day> from() const { return from_; }
  std::optional<Day> to() const { return to_; }

  // Everything but the file's name, its fingerprint, and what the store says.
  FileReport report() const;

 private:
  struct Part {
    AccountPart part;
    Currency currency;
    std::int64_t spend = 0;
  };
  struct TotalRow {
    std::int64_t line = 0;
    std::string label;
    std::optional<std::int64_t> spend;
    std::optional<std::int64_t> impressions;
    std::optional<std::int64_t> clicks;
  };

  void add_metrics(const Counts& row);
  void add_up(std::int64_t& sum, std::int64_t value);
  void note_account(const Account& account);
  void note_words(const MetricRow& made);
  void fill_accounts(FileReport& report) const;
  void fill_totals(FileReport& report, Currency currency, bool one_currency) const;
  void fill_events(FileReport& report) const;
  void fill_check(FileReport& report, Currency currency) const;
  TotalCheck check(const TotalRow& total, Currency currency) const;
  void fill_notices(FileReport& report) const;
  Metric click_metric() const;

  const Layout* layout_;
  const Survey* survey_;
  std::int64_t rows_ = 0;
  std::int64_t dropped_rows_ = 0;
  std::int64_t refused_rows_ = 0;
  std::int64_t masked_ = 0;
  bool fits_ = true;
  Counts sums_;
  std::vector<std::int64_t> event_sums_;
  std::map<std::string, std::int64_t> indicator_sums_;
  std::map<std::string, Part> parts_;
  Part* last_part_ = nullptr;
  const Account* last_account_ = nullptr;
  std::set<std::string> attributions_;
  std::set<std::string> conversion_events_;
  std::string last_attribution_;
  std::string last_event_;
  std::vector<DroppedRow> dropped_;
  std::vector<TotalRow> totals_;
  std::vector<RefusedRow> refused_;
  std::optional<Day> from_;
  std::optional<Day> to_;
};

}  // namespace rf::imports
