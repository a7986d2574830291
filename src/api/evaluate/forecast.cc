#include "api/evaluate/forecast.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "api/evaluate/table.h"
#include "base/time.h"
#include "learn/trajectory.h"

namespace rf::api {
namespace {

constexpr std::array<std::int64_t, 3> kAhead{30, 90, 365};

// More zero days than this share are not left out quietly: the logarithm then shows only the good
// days. Chosen.
constexpr double kZeroShareMax = 0.1;

struct Series {
  std::vector<learn::DailyLog> days;
  std::int64_t empty = 0;  // Rows with an empty cell.
  std::int64_t zero = 0;   // Rows with a 0, which has no logarithm.
};

Error wrong_cell(const DataTable& table, std::size_t row, std::size_t column,
                 std::string_view expected) {
  return fail(ErrorCode::corrupt,
              fmt::format("{}:{}: column '{}': found '{}', expected {}", table.path(),
                          table.line(row), table.names()[column], table.at(row, column), expected));
}

// The day of a row: a date's, counted from 1970, or a whole number.
Result<std::int64_t> day_of(const DataTable& table, std::size_t row, std::size_t column) {
  double number = 0;
  if (read_number(table.at(row, column), number)) {
    if (number == std::floor(number) && std::abs(number) < 1e9) {
      return static_cast<std::int64_t>(number);
    }
    return wrong_cell(table, row, column, "a date or a whole number of days");
  }
  const Result<Instant> instant = parse_instant(table.at(row, column));
  if (!instant) return wrong_cell(table, row, column, "a date or a whole number of days");
  return std::chrono::floor<std::chrono::days>(*instant).time_since_epoch().count();
}

// A figure of a day: none where the cell is empty.
Result<std::optional<double>> figure_of(const DataTable& table, std::size_t row,
                                        std::size_t column) {
  if (table.at(row, column).empty()) return std::optional<double>();
  double number = 0;
  if (!read_number(table.at(row, column), number) || number < 0) {
    return wrong_cell(table, row, column, "a number, 0 or above");
  }
  return std::optional<double>(number);
}

struct Columns {
  std::size_t value = 0;
  std::optional<std::size_t> holdout;
  std::optional<std::size_t> time;
};

Result<Columns> columns_of(const DataTable& table, const EvaluateForecastInput& input) {
  Columns columns{.value = RF_TRY(table.column(input.value))};
  if (input.holdout) columns.holdout = RF_TRY(table.column(*input.holdout));
  if (input.time) columns.time = RF_TRY(table.column(*input.time));
  return columns;
}

Status check_days(const std::string& path, const Series& series) {
  const auto twice = std::ranges::adjacent_find(series.days, {}, &learn::DailyLog::day);
  if (twice != series.days.end()) {
    return fail(ErrorCode::corrupt,
                fmt::format("{}: two rows of one day, number {} from 1970 or as in the file; "
                            "expected one row for each day",
                            path, twice->day));
  }
  if (!series.days.empty() &&
      series.days.back().day - series.days.front().day > learn::kTrajectorySpanMax) {
    return fail(
        ErrorCode::corrupt,
        fmt::format("{}: found {} days from first to last, expected at most {}", path,
                    series.days.back().day - series.days.front().day, learn::kTrajectorySpanMax));
  }
  return {};
}

Result<Series> read_series(const EvaluateForecastInput& input) {
  const DataTable table = RF_TRY(read_data_table(input.series, Header::first_row));
  const Columns columns = RF_TRY(columns_of(table, input));
  Series series;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    std::int64_t day = static_cast<std::int64_t>(row);
    if (columns.time) day = RF_TRY(day_of(table, row, *columns.time));
    const std::optional<double> value = RF_TRY(figure_of(table, row, columns.value));
    std::optional<double> against = 1;
    if (columns.holdout) against = RF_TRY(figure_of(table, row, *columns.holdout));
    if (!value || !against) {
      ++series.empty;
    } else if (*value == 0 || *against == 0) {
      ++series.zero;
    } else {
      series.days.push_back({.day = day, .value = std::log(*value) - std::log(*against)});
    }
  }
  std::ranges::sort(series.days, {}, &learn::DailyLog::day);
  RF_TRY(check_days(table.path(), series));
  return series;
}

// exp(log) as JSON can hold it.
std::optional<double> finite(double number) {
  if (!std::isfinite(number)) return std::nullopt;
  return number;
}

std::optional<NaiveForecast> naive_of(const std::vector<learn::DailyLog>& days) {
  if (days.size() < 2) return std::nullopt;
  const double apart = static_cast<double>(days.back().day - days.front().day);
  const learn::NaiveGrowth growth =
      learn::naive_growth(std::exp(days.front().value), std::exp(days.back().value), apart);
  if (!std::isfinite(growth.d)) return std::nullopt;
  return NaiveForecast{.d = growth.d,
                       .days30 = finite(growth.after(30)),
                       .days90 = finite(growth.after(90)),
                       .days365 = finite(growth.after(365))};
}

// A bound of a hopelessly noisy series may be beyond a double; the largest one says as much.
double shown(double log) { return std::exp(std::clamp(log, -700.0, 700.0)); }

ForecastView view_of(const learn::Trajectory& trajectory, std::int64_t ahead) {
  const learn::TrajectoryForecast forecast = trajectory.at(ahead);
  return {.days = ahead,
          .value = shown(forecast.median),
          .low80 = shown(forecast.likely80.low),
          .high80 = shown(forecast.likely80.high),
          .low95 = shown(forecast.likely95.low),
          .high95 = shown(forecast.likely95.high)};
}

std::vector<std::string> notes_of(const Series& series, bool holdout) {
  std::vector<std::string> notes;
  if (holdout) {
    notes.emplace_back(
        "the ratio to a hold-out shows what optimising brought only if both run at the same time, "
        "and chance decided what is held out");
  } else {
    notes.emplace_back(
        "without a hold-out this is no proof of growth caused by optimising: season, prices and "
        "what else changed are in it");
  }
  if (series.empty > 0) {
    notes.push_back(
        fmt::format("{} rows with an empty cell are taken as days without a figure", series.empty));
  }
  if (series.zero > 0) {
    notes.push_back(fmt::format(
        "{} rows with a 0 are left out, which makes the figures look better; with many, use weeks "
        "or counts",
        series.zero));
  }
  notes.emplace_back("naive carries the growth between two days on for ever; it is no forecast");
  return notes;
}

}  // namespace

Result<EvaluateForecastOutput> evaluate_forecast(const EvaluateForecastInput& input, Services&) {
  const Series series = RF_TRY(read_series(input));
  EvaluateForecastOutput output{
      .n = static_cast<std::int64_t>(series.days.size()),
      .method = fmt::format(
          "damped local trend of ln({}), averaged over its settings",
          input.holdout ? fmt::format("{} / {}", input.value, *input.holdout) : input.value),
      .naive = naive_of(series.days),
      .notes = notes_of(series, input.holdout.has_value())};
  const double zeros = static_cast<double>(series.zero);
  if (zeros > kZeroShareMax * (zeros + static_cast<double>(output.n))) {
    output.notes.insert(output.notes.begin(),
                        "not enough data: more than a tenth of rows hold a 0");
    return output;
  }
  const std::optional<learn::Trajectory> trajectory = learn::Trajectory::fit(series.days);
  if (!trajectory) {
    output.notes.insert(output.notes.begin(),
                        fmt::format("not enough data: {} days with a value, {} are needed",
                                    output.n, learn::kTrajectoryDaysMin));
    return output;
  }
  for (const std::int64_t ahead : kAhead) output.forecasts.push_back(view_of(*trajectory, ahead));
  if (series.days.size() < learn::kTrajectoryYearDaysMin) {
    output.notes.insert(output.notes.begin(),
                        fmt::format("not enough data for a chance of 10x: {} days, {} are needed",
                                    output.n, learn::kTrajectoryYearDaysMin));
    return output;
  }
  output.chance_of_10x = trajectory->chance_of_growth(10, 365);
  return output;
}

}  // namespace rf::api
