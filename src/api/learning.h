// `learn …`: predictors of the account's own ads, trained, used, judged and taken back.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/operation.h"
#include "loop/predictions.h"

namespace rf::api {

struct LearnTrainInput {
  std::optional<std::string> account;
  std::optional<std::string> target;
  bool if_due = false;
};

struct TrainedTarget {
  std::string account;
  std::string target;
  std::string verdict;  // In words.
  std::optional<loop::PredictorVersion> version;
};

struct LearnTrainOutput {
  std::vector<TrainedTarget> targets;
};

struct LearnStatusInput {
  std::optional<std::string> account;
  double tolerance = 0.25;
};

// Matched predictions against what came; see learn/predict/accuracy.h.
struct AccuracyView {
  std::int64_t n = 0;
  Estimate within;
  double ceiling = 0;
  std::optional<double> mape;
  double mae = 0;
  double rmse = 0;
  double bias = 0;
  std::optional<Estimate> calibration;
  Estimate coverage;
  Estimate skill;
  std::string trend;
};

struct TargetStatus {
  std::string account;
  std::string target;
  std::optional<loop::PredictorVersion> live;  // Null: the baseline.
  std::string since;                           // Why, in words; empty where nothing was trained.
  std::int64_t open = 0;
  std::optional<AccuracyView> accuracy;
  std::string retrain;  // Why it is due; empty: it is not.
  std::vector<loop::PredictorVersion> versions;
  std::vector<loop::LiveSince> lives;
};

struct LearnStatusOutput {
  std::vector<TargetStatus> targets;
};

struct LearnPredictInput {
  std::optional<std::string> ad;
  std::optional<std::string> name;
  std::optional<std::string> account;
};

// What moved a prediction: a factor on the rate, beside an average ad week of the account.
struct MovedBy {
  std::string feature;
  double factor = 1;
};

struct AdPrediction {
  std::string account;
  std::string ad;
  std::string target;
  std::optional<Estimate> rate;  // 90 % of weeks with that exposure; n is the exposure.
  double baseline = 0;
  std::string by;  // "version 3", or "baseline".
  std::vector<MovedBy> moved_by;
};

struct LearnPredictOutput {
  std::vector<AdPrediction> predictions;
  std::vector<std::string> notices;
};

struct LearnRollbackInput {
  std::string target;
  std::string account;
};

// Errors: not_found (the account); invalid (the target); conflict, when cancelled.
Result<LearnTrainOutput> learn_train(const LearnTrainInput& input, Services& services);
Result<LearnStatusOutput> learn_status(const LearnStatusInput& input, Services& services);

// The seven days that begin today, of every ad that runs, of one, or of one that is not yet made
// and has that name. Keeps nothing.
// Errors: not_found (the account, the ad); invalid, when a name is asked of several accounts.
Result<LearnPredictOutput> learn_predict(const LearnPredictInput& input, Services& services);

// Errors: not_found (the account, or nothing is live); invalid (the target).
Result<loop::LiveSince> learn_rollback(const LearnRollbackInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::LearnTrainInput> {
  using Self = rf::api::LearnTrainInput;
  static constexpr auto fields =
      std::tuple{field("account", &Self::account, "only this account"),
                 field("target", &Self::target, "only this one: ctr, cvr or sales"),
                 field("if_due", &Self::if_due,
                       "only what is a week old, off the mark, or was never trained")};
};

template <>
struct rf::Described<rf::api::TrainedTarget> {
  using Self = rf::api::TrainedTarget;
  static constexpr auto fields =
      std::tuple{field("account", &Self::account, "whose ads"),
                 field("target", &Self::target, "ctr, cvr, or sales: conversions per spend"),
                 field("verdict", &Self::verdict, "what became of it"),
                 field("version", &Self::version, "null: too little to learn from, or not due")};
};

template <>
struct rf::Described<rf::api::LearnTrainOutput> {
  static constexpr auto fields =
      std::tuple{field("targets", &rf::api::LearnTrainOutput::targets, "by account and target")};
};

template <>
struct rf::Described<rf::api::LearnStatusInput> {
  using Self = rf::api::LearnStatusInput;
  static constexpr auto fields =
      std::tuple{field("account", &Self::account, "only this account"),
                 field("tolerance", &Self::tolerance,
                       "a prediction this near, as a share of it, counts as accurate",
                       {.min = 0.01, .max = 10})};
};

template <>
struct rf::Described<rf::api::AccuracyView> {
  using Self = rf::api::AccuracyView;
  static constexpr auto fields = std::tuple{
      field("n", &Self::n, "predictions whose week has settled"),
      field("within", &Self::within, "share within the tolerance, 95 %"),
      field("ceiling", &Self::ceiling, "the same for a model that knows every mean"),
      field("mape", &Self::mape, "mean absolute miss as a share of what came, where anything did"),
      field("mae", &Self::mae, "mean absolute miss, events"),
      field("rmse", &Self::rmse, "root mean squared miss, events"),
      field("bias", &Self::bias, "mean of predicted less what came, events"),
      field("calibration", &Self::calibration, "what came over what was predicted, 95 %"),
      field("coverage", &Self::coverage, "share inside the 90 % intervals, 95 %"),
      field("skill", &Self::skill, "the baseline's mean loss less ours, 95 %"),
      field("trend", &Self::trend, "unknown, improving, stable or declining")};
};

template <>
struct rf::Described<rf::api::TargetStatus> {
  using Self = rf::api::TargetStatus;
  static constexpr auto fields =
      std::tuple{field("account", &Self::account, "whose ads"),
                 field("target", &Self::target, "ctr, cvr, or sales: conversions per spend"),
                 field("live", &Self::live, "the version that predicts; null: the baseline does"),
                 field("since", &Self::since, "why it is live, or off"),
                 field("open", &Self::open, "predictions whose week has not settled"),
                 field("accuracy", &Self::accuracy, "null: fewer than 20 predictions were matched"),
                 field("retrain", &Self::retrain, "why training is due; empty: it is not"),
                 field("versions", &Self::versions, "oldest first"),
                 field("lives", &Self::lives, "which was live when, oldest first")};
};

template <>
struct rf::Described<rf::api::LearnStatusOutput> {
  static constexpr auto fields =
      std::tuple{field("targets", &rf::api::LearnStatusOutput::targets, "by account and target")};
};

template <>
struct rf::Described<rf::api::LearnPredictInput> {
  using Self = rf::api::LearnPredictInput;
  static constexpr auto fields = std::tuple{
      field("ad", &Self::ad, "one ad: its name, a part of it, or its id", {.positional = true}),
      field("name", &Self::name, "an ad that is not made yet, by the name it will have"),
      field("account", &Self::account, "only this account")};
};

template <>
struct rf::Described<rf::api::MovedBy> {
  using Self = rf::api::MovedBy;
  static constexpr auto fields = std::tuple{
      field("feature", &Self::feature, "what the predictor read"),
      field("factor", &Self::factor, "on the rate; goes with it, and need not be its cause")};
};

template <>
struct rf::Described<rf::api::AdPrediction> {
  using Self = rf::api::AdPrediction;
  static constexpr auto fields = std::tuple{
      field("account", &Self::account, "whose ad"),
      field("ad", &Self::ad, "its name"),
      field("target", &Self::target, "ctr, cvr, or sales: conversions per spend"),
      field("rate", &Self::rate,
            "of the coming seven days, 90 %; n is the exposure; null: no version is live, or the "
            "ad has "
            "no past and too few ads' first weeks are known"),
      field("baseline", &Self::baseline, "the ad's last four weeks, drawn to the account's rate"),
      field("by", &Self::by, "who says so"),
      field("moved_by", &Self::moved_by, "most first; only where one ad was asked for")};
};

template <>
struct rf::Described<rf::api::LearnPredictOutput> {
  using Self = rf::api::LearnPredictOutput;
  static constexpr auto fields =
      std::tuple{field("predictions", &Self::predictions, "by account, target, and rate"),
                 field("notices", &Self::notices, "what to know before trusting them")};
};

template <>
struct rf::Described<rf::api::LearnRollbackInput> {
  using Self = rf::api::LearnRollbackInput;
  static constexpr auto fields = std::tuple{
      field("target", &Self::target, "ctr, cvr or sales", {.required = true, .positional = true}),
      field("account", &Self::account, "whose predictor", {.required = true})};
};
