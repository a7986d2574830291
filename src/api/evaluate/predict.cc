#include "api/evaluate/predict.h"

#include <algorithm>
#include <cmath>
#include <thread>

#include <fmt/format.h>

#include "api/evaluate/table.h"
#include "learn/predict/encoding.h"
#include "learn/predict/predictor.h"
#include "learn/predict/score.h"

namespace rf::api {
namespace {

using learn::Family;
using learn::RawColumn;
using learn::Split;
using learn::TrainingTable;

// Columns that hold the answer or the order, not features.
struct Roles {
  std::string label;
  std::string time;
  std::string exposure;
  std::vector<std::string> dropped;

  bool is_feature(std::string_view name) const {
    return name != label && name != time && name != exposure &&
           std::ranges::find(dropped, name) == dropped.end();
  }
};

std::vector<std::string> split_names(const std::vector<std::string>& given) {
  std::vector<std::string> names;
  for (const std::string& each : given) {
    std::size_t begin = 0;
    while (begin <= each.size()) {
      const std::size_t comma = std::min(each.find(',', begin), each.size());
      if (comma > begin) names.push_back(each.substr(begin, comma - begin));
      begin = comma + 1;
    }
  }
  return names;
}

Result<std::vector<double>> times_of(const DataTable& table, const std::string& name) {
  const std::size_t column = RF_TRY(table.column(name));
  std::vector<double> times(table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string_view text = table.at(row, column);
    if (read_number(text, times[row])) continue;
    Result<Instant> instant = parse_instant(text);
    if (!instant) {
      return fail(ErrorCode::corrupt,
                  fmt::format("{}:{}: column '{}': found '{}', expected a number, a date or a time",
                              table.path(), table.line(row), name, text));
    }
    times[row] = static_cast<double>(instant->time_since_epoch().count()) / 1e6;
  }
  return times;
}

Result<std::vector<double>> exposure_of(const DataTable& table, const std::string& name) {
  std::vector<double> exposure = RF_TRY(table.numbers(name));
  for (std::size_t row = 0; row < exposure.size(); ++row) {
    if (exposure[row] > 0) continue;
    return fail(ErrorCode::corrupt,
                fmt::format("{}:{}: column '{}': found {}, expected more than 0", table.path(),
                            table.line(row), name, exposure[row]));
  }
  return exposure;
}

// Whole numbers are their own key, other texts their hash.
std::vector<std::uint64_t> keys_of(const DataTable& table, std::size_t column) {
  std::vector<std::uint64_t> keys;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    double number = 0;
    const bool whole = read_number(table.at(row, column), number) && number >= 0 && number < 9e15 &&
                       number == std::floor(number);
    keys.push_back(whole ? static_cast<std::uint64_t>(number)
                         : learn::level_hash(table.at(row, column)));
  }
  return keys;
}

void append(std::vector<double>& to, const std::vector<double>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

// Adds the rows of one file under those that are there.
Status add_table(const DataTable& table, const Roles& roles, const EvaluatePredictInput& input,
                 TrainingTable& to) {
  const std::vector<double> outcomes = RF_TRY(table.numbers(roles.label));
  append(to.outcomes, outcomes);
  if (input.exposure) {
    const std::vector<double> exposure = RF_TRY(exposure_of(table, roles.exposure));
    append(to.exposure, exposure);
  }
  if (input.time) {
    const std::vector<double> times = RF_TRY(times_of(table, roles.time));
    append(to.times, times);
  }
  if (input.fold_by && !input.test) {
    const std::size_t column = RF_TRY(table.column(*input.fold_by));
    to.groups = keys_of(table, column);
  }
  for (RawColumn& column : to.columns) {
    const std::size_t index = RF_TRY(table.column(column.name));
    for (std::size_t row = 0; row < table.rows(); ++row) {
      column.texts.push_back(table.at(row, index));
    }
  }
  return {};
}

std::vector<Split> outer_splits(const EvaluatePredictInput& input, const TrainingTable& table,
                                std::size_t train_rows) {
  if (input.test) {
    Split split;
    for (std::size_t row = 0; row < table.rows(); ++row) {
      (row < train_rows ? split.train : split.test).push_back(static_cast<std::uint32_t>(row));
    }
    return {split};
  }
  const auto folds = static_cast<std::size_t>(input.folds.value_or(5));
  if (!table.groups.empty()) return learn::keyed_splits(table.groups, folds);
  if (!table.times.empty()) return learn::time_splits(table.times, folds);
  return learn::chance_splits(table.rows(), folds, static_cast<std::uint64_t>(input.seed) + 6, {});
}

// XGBoost as it is used without thought: depth 6, rate .1, 200 rounds, categories by code.
Result<std::vector<double>> fixed_margins(const learn::Schema& schema, const TrainingTable& train,
                                          const TrainingTable& test, Family family) {
  const learn::FloatMatrix seen = learn::ordinal_matrix(learn::encode(schema, train.columns));
  const learn::FloatMatrix unseen = learn::ordinal_matrix(learn::encode(schema, test.columns));
  const double base = learn::base_margin(family, train.outcomes, train.exposure);
  std::vector<double> offsets = learn::offsets_of(family, train.exposure, train.rows());
  std::vector<double> margins = learn::offsets_of(family, test.exposure, test.rows());
  for (double& offset : offsets) offset += base;
  for (double& margin : margins) margin += base;
  const learn::BoostedTrees trees =
      RF_TRY(learn::BoostedTrees::grow({.family = family}, seen, train.outcomes, offsets));
  trees.add_margins(unseen, margins);
  return margins;
}

// Margins of every model over all predicted rows, part after part.
struct Judged {
  Family family = Family::binary;
  std::vector<std::string> names;            // reelforge, members, xgboost_fixed.
  std::vector<std::vector<double>> margins;  // By name.
  std::vector<double> outcomes;
  std::vector<double> exposure;
  std::vector<double> weights;  // By member, mean over parts.
  learn::Coverage coverage;
  std::vector<std::string> columns;
  std::vector<std::string> left_out;
  std::string calibration;
};

void add_coverage(const learn::Ensemble& ensemble, std::span<const double> margins,
                  std::span<const double> outcomes, learn::Coverage& coverage) {
  std::vector<double> means;
  for (double margin : margins) means.push_back(learn::mean_of(ensemble.family(), margin));
  learn::Coverage found;
  if (ensemble.family() == Family::binary) {
    const learn::RowSums sums = learn::sum_rows(means, outcomes);
    found = learn::coverage_of(ensemble.predictive(), sums.means, sums.outcomes);
  } else {
    found = learn::coverage_of(ensemble.predictive(), means, outcomes);
  }
  coverage.inside += found.inside;
  coverage.n += found.n;
}

void name_models(const learn::Predictor& predictor, Judged& judged) {
  judged.names = {"reelforge"};
  for (const learn::MemberRecord& record : predictor.ensemble().records()) {
    judged.names.emplace_back(to_string(record.kind));
  }
  judged.names.emplace_back("xgboost_fixed");
  judged.margins.resize(judged.names.size());
  judged.weights.assign(predictor.ensemble().records().size(), 0);
  judged.family = predictor.family();
  for (const learn::ColumnSchema& column : predictor.schema().columns) {
    judged.columns.push_back(column.name);
  }
  judged.left_out = predictor.schema().left_out;
}

Status judge_part(const TrainingTable& train, const TrainingTable& test,
                  const learn::EnsembleSettings& settings, Judged& judged) {
  const learn::Predictor predictor = RF_TRY(learn::Predictor::train(train, settings));
  const learn::Ensemble& ensemble = predictor.ensemble();
  if (judged.names.empty()) name_models(predictor, judged);
  const learn::Frame frame = learn::encode(predictor.schema(), test.columns);
  const std::vector<std::vector<double>> members = ensemble.member_margins(frame, test.exposure);
  const std::vector<double> offsets =
      learn::offsets_of(predictor.family(), test.exposure, test.rows());
  const std::vector<double> ours = ensemble.blended(members, offsets);
  append(judged.margins.front(), ours);
  for (std::size_t m = 0; m < members.size(); ++m) {
    append(judged.margins[m + 1], members[m]);
    judged.weights[m] += ensemble.records()[m].weight;
  }
  const std::vector<double> fixed =
      RF_TRY(fixed_margins(predictor.schema(), train, test, predictor.family()));
  append(judged.margins.back(), fixed);
  append(judged.outcomes, test.outcomes);
  append(judged.exposure, test.exposure);
  add_coverage(ensemble, ours, test.outcomes, judged.coverage);
  judged.calibration = to_string(ensemble.calibration().kind);
  return {};
}

PredictModelView view_of(const Judged& judged, std::size_t model, std::size_t parts) {
  const learn::Score score =
      learn::score_of(judged.family, judged.outcomes, judged.margins[model], judged.exposure);
  PredictModelView view{.name = judged.names[model],
                        .n = static_cast<std::int64_t>(score.n),
                        .log_loss = score.log_loss,
                        .auc = score.auc,
                        .ne = score.normalised_entropy,
                        .ece = score.calibration_error,
                        .observed = score.observed,
                        .predicted = score.predicted,
                        .d2 = score.d2,
                        .wape = score.wape,
                        .rmse = score.rmse,
                        .mae = score.mae};
  if (model == 0 && judged.coverage.n > 0) {
    view.coverage90 = judged.coverage.inside / judged.coverage.n;
    view.coverage_n = judged.coverage.n;
  }
  if (model > 0 && model <= judged.weights.size()) {
    view.weight = judged.weights[model - 1] / static_cast<double>(parts);
  }
  return view;
}

EvaluatePredictOutput output_of(const Judged& judged, std::size_t parts, std::string split) {
  EvaluatePredictOutput output{.outcome = std::string(to_string(judged.family)),
                               .split = std::move(split),
                               .columns = judged.columns,
                               .left_out = judged.left_out,
                               .calibration = judged.calibration};
  const std::vector<double> ours =
      learn::losses_of(judged.family, judged.outcomes, judged.margins.front());
  for (std::size_t model = 0; model < judged.names.size(); ++model) {
    output.models.push_back(view_of(judged, model, parts));
    if (model == 0) continue;
    const std::vector<double> theirs =
        learn::losses_of(judged.family, judged.outcomes, judged.margins[model]);
    const learn::PairedDifference gap = learn::paired_difference(ours, theirs, 0.95);
    output.gaps.push_back({.against = judged.names[model],
                           .value = gap.mean,
                           .low = gap.interval.low,
                           .high = gap.interval.high,
                           .n = static_cast<std::int64_t>(gap.n)});
  }
  return output;
}

// The training table's rows, then the test table's where one is named.
Result<TrainingTable> table_of(const EvaluatePredictInput& input, const DataTable& train,
                               const std::optional<DataTable>& test) {
  const Roles roles{.label = input.label,
                    .time = input.time.value_or(""),
                    .exposure = input.exposure.value_or(""),
                    .dropped = split_names(input.drop)};
  for (const std::string& name : roles.dropped) RF_TRY(train.column(name));
  TrainingTable table;
  for (const std::string& name : train.names()) {
    if (roles.is_feature(name)) table.columns.push_back({.name = name});
  }
  RF_TRY(add_table(train, roles, input, table));
  if (test) RF_TRY(add_table(*test, roles, input, table));
  return table;
}

Status judge_parts(const EvaluatePredictInput& input, const TrainingTable& table,
                   const std::vector<Split>& splits, Progress& progress, Judged& judged) {
  learn::EnsembleSettings settings;
  settings.member.seed = static_cast<std::uint64_t>(input.seed);
  settings.threads = std::max(1U, std::thread::hardware_concurrency());
  const auto folds = static_cast<std::uint64_t>(input.folds.value_or(5));
  for (std::size_t part = 0; part < splits.size(); ++part) {
    progress.report("learning", static_cast<std::int64_t>(part),
                    static_cast<std::int64_t>(splits.size()));
    if (progress.cancelled()) return fail(ErrorCode::conflict, "stopped as asked");
    TrainingTable seen = take(table, splits[part].train);
    // Members are judged as the whole is: by leaving out one part after the other.
    if (!input.test) {
      for (std::uint64_t& group : seen.groups) group %= folds;
    }
    const TrainingTable unseen = take(table, splits[part].test);
    RF_TRY(judge_part(seen, unseen, settings, judged));
  }
  return {};
}

}  // namespace

Result<EvaluatePredictOutput> evaluate_predict(const EvaluatePredictInput& input,
                                               Services& services) {
  const Header header = input.no_header ? Header::none : Header::first_row;
  const DataTable train = RF_TRY(read_data_table(input.train, header));
  std::optional<DataTable> test;
  if (input.test) test = RF_TRY(read_data_table(*input.test, header));
  const TrainingTable table = RF_TRY(table_of(input, train, test));
  const std::vector<Split> splits = outer_splits(input, table, train.rows());
  if (splits.empty()) return fail(ErrorCode::invalid, "found no rows to predict");
  Judged judged;
  RF_TRY(judge_parts(input, table, splits, services.progress(), judged));
  return output_of(judged, splits.size(),
                   input.test ? fmt::format("{} rows of {}, then {} rows of {}", train.rows(),
                                            input.train, test->rows(), *input.test)
                              : fmt::format("{} parts of {}", splits.size(), input.train));
}

}  // namespace rf::api
