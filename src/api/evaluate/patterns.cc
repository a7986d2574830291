#include "api/evaluate/patterns.h"

#include <algorithm>
#include <map>
#include <string_view>

#include <fmt/format.h>

#include "api/evaluate/feature_columns.h"
#include "api/evaluate/table.h"

namespace rf::api {
namespace {

// Rows that have an outcome and an exposure, numbered again from 0.
struct KeptRows {
  DataTable table;
  std::size_t dropped = 0;
};

KeptRows keep_known(const DataTable& table, std::size_t outcome, std::size_t exposure) {
  KeptRows kept{.table = DataTable(table.path(), table.names())};
  std::vector<std::string_view> cells(table.columns());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (is_missing(table.at(row, outcome)) || is_missing(table.at(row, exposure))) {
      ++kept.dropped;
      continue;
    }
    for (std::size_t c = 0; c < cells.size(); ++c) cells[c] = table.at(row, c);
    kept.table.add_row(table.line(row), cells);
  }
  return kept;
}

Result<std::vector<double>> amounts(const DataTable& table, const std::string& column) {
  std::vector<double> values = RF_TRY(table.numbers(column));
  auto negative = std::ranges::find_if(values, [](double value) { return value < 0; });
  if (negative == values.end()) return values;
  const auto row = static_cast<std::size_t>(negative - values.begin());
  return fail(ErrorCode::corrupt, fmt::format("{}:{}: column '{}': found {}, expected no negative",
                                              table.path(), table.line(row), column, *negative));
}

std::vector<std::uint32_t> group_numbers(const DataTable& table, std::size_t column) {
  std::map<std::string_view, std::uint32_t> numbers;
  std::vector<std::uint32_t> groups;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto next = static_cast<std::uint32_t>(numbers.size());
    groups.push_back(numbers.emplace(table.at(row, column), next).first->second);
  }
  return groups;
}

// A column of numbers orders by them, any other as text: ISO dates come out right.
std::vector<double> order_of(const DataTable& table, std::size_t column) {
  std::vector<double> order(table.rows());
  bool numbers = true;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    numbers = numbers && read_number(table.at(row, column), order[row]);
  }
  if (numbers) return order;
  std::vector<std::string_view> sorted;
  for (std::size_t row = 0; row < table.rows(); ++row) sorted.push_back(table.at(row, column));
  std::ranges::sort(sorted);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    order[row] = static_cast<double>(std::ranges::lower_bound(sorted, table.at(row, column)) -
                                     sorted.begin());
  }
  return order;
}

struct Columns {
  FeatureColumns asked;
  FeatureColumns others;  // What else the table knows; controls where there are no groups.
};

// The columns asked for, or all that have no other part.
Result<Columns> read_features(const DataTable& table, const EvaluatePatternsInput& input) {
  Columns found;
  for (const std::string& name : input.features) RF_TRY(table.column(name));
  for (std::size_t column = 0; column < table.columns(); ++column) {
    const std::string& name = table.names()[column];
    const bool taken = name.empty() || name == input.outcome || name == input.exposure ||
                       name == input.group || name == input.replicate_by;
    const bool asked = std::ranges::count(input.features, name) > 0;
    if (asked || (input.features.empty() && !taken)) {
      add_features(table, column, found.asked);
    } else if (!taken || name == input.replicate_by) {
      if (!input.group) add_plain_features(table, column, found.others);
    }
  }
  return found;
}

std::vector<std::string> notices_of(const EvaluatePatternsInput& input,
                                    const learn::PatternFindings& findings,
                                    const FeatureColumns& columns) {
  std::vector<std::string> notices;
  if (input.group) {
    notices.push_back(
        fmt::format("effects are causes only if chance decided which row of a {} got what; you say "
                    "so by --group",
                    *input.group));
  } else {
    notices.emplace_back(
        "nothing says that rows are alike otherwise: these are associations, not causes");
  }
  for (const std::string& name : findings.set_aside) {
    notices.push_back(name +
                      ": explains most of the outcome, so it is taken for another face of it");
  }
  for (const std::string& skipped : columns.skipped) notices.push_back("not a feature: " + skipped);
  return notices;
}

// "a,b" and several flags are the same list.
std::vector<std::string> split_lists(const std::vector<std::string>& given) {
  std::vector<std::string> names;
  for (const std::string& each : given) {
    std::string_view rest = each;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(','), rest.size());
      if (end > 0) names.emplace_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return names;
}

}  // namespace

Result<EvaluatePatternsOutput> evaluate_patterns(const EvaluatePatternsInput& input, Services&) {
  EvaluatePatternsInput asked = input;
  asked.features = split_lists(input.features);
  DataTable whole = RF_TRY(read_data_table(input.units, Header::first_row));
  const std::size_t outcome = RF_TRY(whole.column(input.outcome));
  const std::size_t exposure = RF_TRY(whole.column(input.exposure));
  const KeptRows kept = keep_known(whole, outcome, exposure);
  learn::PatternUnits units;
  units.outcomes = RF_TRY(amounts(kept.table, input.outcome));
  units.exposures = RF_TRY(amounts(kept.table, input.exposure));
  if (input.group) {
    const std::size_t group = RF_TRY(kept.table.column(*input.group));
    units.groups = group_numbers(kept.table, group);
  }
  if (input.replicate_by) {
    const std::size_t order = RF_TRY(kept.table.column(*input.replicate_by));
    units.order = order_of(kept.table, order);
  }
  const Columns all = RF_TRY(read_features(kept.table, asked));
  const FeatureColumns& columns = all.asked;
  const learn::PatternFindings findings =
      learn::find_patterns(units, columns.features, all.others.features, {});
  EvaluatePatternsOutput output;
  output.tested = static_cast<std::int64_t>(findings.tested);
  output.untestable = static_cast<std::int64_t>(findings.untestable);
  output.units = static_cast<std::int64_t>(findings.units);
  output.dropped = static_cast<std::int64_t>(kept.dropped);
  output.notices = notices_of(asked, findings, columns);
  for (const learn::Pattern& pattern : findings.believed) {
    const bool amount = std::ranges::count(columns.amounts, pattern.feature) > 0;
    output.patterns.push_back({.feature = pattern.feature,
                               .effect = pattern.effect,
                               .low = pattern.low,
                               .high = pattern.high,
                               .p = pattern.p,
                               .q = pattern.q,
                               .n = static_cast<std::int64_t>(pattern.n),
                               .design = pattern.design,
                               .replicated = pattern.replicated,
                               .earlier = pattern.earlier,
                               .later = pattern.later,
                               .per = amount ? "standard deviation" : "presence"});
  }
  return output;
}

}  // namespace rf::api
