#include "api/evaluate/drift.h"

#include <numeric>
#include <vector>

#include <fmt/format.h>

#include "api/evaluate/table.h"
#include "learn/calibration_alarm.h"

namespace rf::api {
namespace {

struct Judged {
  std::vector<double> label;
  std::vector<double> prediction;
};

Result<Judged> read_judged(const std::string& path, const EvaluateDriftInput& input) {
  const DataTable table = RF_TRY(read_data_table(path, Header::first_row));
  Judged judged{.label = RF_TRY(table.numbers(input.label)),
                .prediction = RF_TRY(table.numbers(input.prediction))};
  if (table.rows() == 0) return fail(ErrorCode::corrupt, path + ": holds no row");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (judged.label[row] != 0 && judged.label[row] != 1) {
      return fail(ErrorCode::corrupt,
                  fmt::format("{}:{}: column '{}': found {}, expected 0 or 1", path,
                              table.line(row), input.label, judged.label[row]));
    }
    if (judged.prediction[row] < 0 || judged.prediction[row] > 1) {
      return fail(ErrorCode::corrupt,
                  fmt::format("{}:{}: column '{}': found {}, expected 0 to 1", path,
                              table.line(row), input.prediction, judged.prediction[row]));
    }
  }
  return judged;
}

double sum_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

}  // namespace

Result<EvaluateDriftOutput> evaluate_drift(const EvaluateDriftInput& input, Services&) {
  const Judged reference = RF_TRY(read_judged(input.reference, input));
  const Judged stream = RF_TRY(read_judged(input.stream, input));
  EvaluateDriftOutput output{.psi = learn::stability_index(reference.prediction, stream.prediction),
                             .rows = static_cast<std::int64_t>(stream.label.size()),
                             .reference_observed = sum_of(reference.label),
                             .reference_expected = sum_of(reference.prediction)};
  learn::CalibrationAlarm alarm({.alpha = input.alpha});
  for (std::size_t row = 0; row < stream.label.size(); ++row) {
    output.observed += stream.label[row];
    output.expected += stream.prediction[row];
    if (!alarm.add(stream.prediction[row], stream.label[row] == 1)) continue;
    output.alarm_at = static_cast<std::int64_t>(row) + 1;
    output.direction = alarm.too_high() ? "too high" : "too low";
    break;
  }
  output.log_wealth = alarm.log_wealth();
  return output;
}

}  // namespace rf::api
