// How well outcomes in one's own table can be predicted, by ours and by simpler models.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/operation.h"

namespace rf::api {

struct EvaluatePredictInput {
  std::string train;
  std::optional<std::string> test;
  std::string label;
  std::optional<std::string> time;
  std::optional<std::string> exposure;
  bool no_header = false;
  std::vector<std::string> drop;
  std::optional<std::int64_t> folds;
  std::optional<std::string> fold_by;
  std::int64_t seed = 1;
};

struct PredictModelView {
  std::string name;
  std::int64_t n = 0;
  std::optional<double> log_loss;
  std::optional<double> auc;
  std::optional<double> ne;
  double ece = 0;
  double observed = 0;
  double predicted = 0;
  std::optional<double> coverage90;
  std::optional<double> coverage_n;
  std::optional<double> d2;
  std::optional<double> wape;
  double rmse = 0;
  double mae = 0;
  std::optional<double> weight;
};

struct LossGap {
  std::string against;
  double value = 0;
  double low = 0;
  double high = 0;
  std::int64_t n = 0;
};

struct EvaluatePredictOutput {
  std::string outcome;  // binary, count or real.
  std::string split;
  std::vector<PredictModelView> models;
  std::vector<LossGap> gaps;
  std::vector<std::string> columns;
  std::vector<std::string> left_out;
  std::string calibration;
};

// Errors: not_found (a file, a column), corrupt (a cell), invalid (nothing to learn from).
Result<EvaluatePredictOutput> evaluate_predict(const EvaluatePredictInput& input,
                                               Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::EvaluatePredictInput> {
  using Self = rf::api::EvaluatePredictInput;
  static constexpr auto fields = std::tuple{
      field("train", &Self::train, "table to learn from: CSV, TSV or workbook", {.required = true}),
      field("test", &Self::test, "table to predict; without it, cross-validation on the first"),
      field("label", &Self::label, "column of outcomes: 0/1, counts, or any numbers",
            {.required = true}),
      field("time", &Self::time, "column of times or dates: members are judged on later rows"),
      field("exposure", &Self::exposure, "column that counts are out of, such as impressions"),
      field("no_header", &Self::no_header, "the table has no names; columns are 0, 1, 2, …"),
      field("drop", &Self::drop,
            "columns not to predict from, such as those known only afterwards"),
      field("folds", &Self::folds, "parts of cross-validation, 5 without --test",
            {.min = 2, .max = 100}),
      field("fold_by", &Self::fold_by,
            "column whose rows stay in one part; whole numbers go to part number mod folds"),
      field("seed", &Self::seed, "of every draw", {.min = 0, .max = 1e15})};
};

template <>
struct rf::Described<rf::api::PredictModelView> {
  using Self = rf::api::PredictModelView;
  static constexpr auto fields =
      std::tuple{field("name", &Self::name,
                       "reelforge, one of its members, base (the average), or xgboost_fixed"),
                 field("n", &Self::n, "rows predicted"),
                 field("log_loss", &Self::log_loss, "mean, natural logarithm; Poisson for counts"),
                 field("auc", &Self::auc, "chance to rank a 1 above a 0"),
                 field("ne", &Self::ne, "log-loss over that of the rows' own average"),
                 field("ece", &Self::ece, "mean gap between predicted and observed in ten groups"),
                 field("observed", &Self::observed, "sum of outcomes"),
                 field("predicted", &Self::predicted, "sum of predictions"),
                 field("coverage90", &Self::coverage90,
                       "share of outcomes inside 90 % intervals; for 0/1, of sums over rows alike"),
                 field("coverage_n", &Self::coverage_n, "intervals that it rests on"),
                 field("d2", &Self::d2, "share of deviance explained"),
                 field("wape", &Self::wape, "sum of absolute misses over sum of outcomes"),
                 field("rmse", &Self::rmse, "root mean squared miss"),
                 field("mae", &Self::mae, "mean absolute miss"),
                 field("weight", &Self::weight, "of the member in the blend, mean over parts")};
};

template <>
struct rf::Described<rf::api::LossGap> {
  using Self = rf::api::LossGap;
  static constexpr auto fields = std::tuple{
      field("against", &Self::against, "the other model"),
      field("value", &Self::value, "mean loss of ours less theirs; below 0 ours is better"),
      field("low", &Self::low, "lower end, 95 %"), field("high", &Self::high, "upper end, 95 %"),
      field("n", &Self::n, "rows")};
};

template <>
struct rf::Described<rf::api::EvaluatePredictOutput> {
  using Self = rf::api::EvaluatePredictOutput;
  static constexpr auto fields =
      std::tuple{field("outcome", &Self::outcome, "binary, count or real"),
                 field("split", &Self::split, "what was learned from and what was predicted"),
                 field("models", &Self::models, "ours, its members, and the standard to beat"),
                 field("gaps", &Self::gaps, "paired differences of loss"),
                 field("columns", &Self::columns, "predicted from"),
                 field("left_out", &Self::left_out, "columns not used, with the reason"),
                 field("calibration", &Self::calibration, "of the blend, in the last part")};
};
