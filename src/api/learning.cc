#include "api/learning.h"

#include <algorithm>
#include <cmath>
#include <thread>

#include <fmt/format.h>

#include "api/judged.h"
#include "learn/naming.h"
#include "loop/naming.h"

namespace rf::api {
namespace {

using learn::Target;

// What moved a prediction, of so many features.
constexpr std::size_t kMovedMax = 8;

Result<std::vector<Target>> targets_asked(const std::optional<std::string>& name) {
  if (!name) return std::vector<Target>(std::begin(loop::kTargets), std::end(loop::kTargets));
  if (const auto target = loop::target_called(*name)) return std::vector<Target>{*target};
  return described::unknown_name("input.target", *name, {"ctr", "cvr", "sales"});
}

Estimate estimate_of(const learn::Figure& figure) {
  return {.value = figure.value,
          .low = figure.interval.low,
          .high = figure.interval.high,
          .n = std::llround(figure.n)};
}

std::optional<AccuracyView> view_of(const std::optional<learn::AccuracyReport>& report) {
  if (!report) return std::nullopt;
  AccuracyView view{.n = std::llround(report->score.n),
                    .within = estimate_of(report->within),
                    .ceiling = report->ceiling,
                    .mape = report->mape,
                    .mae = report->score.mae,
                    .rmse = report->score.rmse,
                    .bias = report->bias,
                    .calibration = std::nullopt,
                    .coverage = estimate_of(report->coverage),
                    .skill = estimate_of(report->skill),
                    .trend = std::string(to_string(report->trend))};
  if (report->calibration) view.calibration = estimate_of(*report->calibration);
  return view;
}

Result<std::optional<learn::AccuracyReport>> accuracy(Store& store, const AccountId& account,
                                                      Target target, double tolerance) {
  const std::vector<loop::MatchedPrediction> matched =
      RF_TRY(loop::matched_predictions(store, account, target));
  return loop::accuracy_of(matched, tolerance);
}

Result<TrainedTarget> train(Store& store, const Judged& one, const loop::AdPasts& pasts,
                            Target target, bool if_due, Instant now) {
  TrainedTarget trained{.account = one.account.id.text,
                        .target = std::string(loop::name_of(target)),
                        .verdict = {},
                        .version = {}};
  if (if_due) {
    const loop::PredictorHistory history = RF_TRY(loop::predictors_of(store, one.account.id));
    const auto report = RF_TRY(accuracy(store, one.account.id, target, 0.25));
    if (loop::retrain_reason(history, target, report, now).empty()) {
      trained.verdict = "not due";
      return trained;
    }
  }
  const std::size_t threads = std::max(1U, std::thread::hardware_concurrency());
  trained.version = RF_TRY(loop::train_predictor(store, one.account, pasts, target, now, threads));
  trained.verdict =
      trained.version
          ? trained.version->verdict
          : fmt::format("not enough data: {} settled ad weeks of {} ads, with events, are needed",
                        loop::kTrainRowsMin, loop::kTrainAdsMin);
  return trained;
}

Result<TargetStatus> status_of(Store& store, const AccountId& account,
                               const loop::PredictorHistory& history, Target target,
                               double tolerance, Instant now) {
  TargetStatus status{.account = account.text,
                      .target = std::string(loop::name_of(target)),
                      .live = {},
                      .since = {},
                      .open = 0,
                      .accuracy = {},
                      .retrain = {},
                      .versions = {},
                      .lives = {}};
  const auto report = RF_TRY(accuracy(store, account, target, tolerance));
  status.accuracy = view_of(report);
  status.retrain = loop::retrain_reason(history, target, report, now);
  for (const loop::PredictorVersion& each : history.versions) {
    if (each.target != status.target) continue;
    status.versions.push_back(each);
    status.since = each.verdict;
  }
  for (const loop::LiveSince& each : history.lives) {
    if (each.target != status.target) continue;
    status.lives.push_back(each);
    status.since = each.reason;
  }
  if (const auto* live = loop::live_version(history, target)) status.live = *live;
  const std::vector<loop::OpenPrediction> open = RF_TRY(loop::open_predictions(store, account));
  status.open = std::ranges::count(open, status.target, &loop::OpenPrediction::target);
  return status;
}

// One account's coming week as it is predicted for one target.
struct Asked {
  const Judged* judged = nullptr;
  const loop::AdPasts* pasts = nullptr;
  std::span<const learn::AdWeek> weeks;
  std::string only;  // The key of the one ad that was asked for; empty: all.
};

// Factors of the features that moved the row most.
std::vector<MovedBy> moved_by(const learn::Predictor& model, const learn::TargetRows& rows,
                              std::size_t row) {
  const learn::Explanation explanation =
      model.explain(rows.table.columns, rows.table.exposure, row);
  std::vector<MovedBy> moved;
  for (std::size_t i = 0; i < explanation.columns.size(); ++i) {
    moved.push_back(
        {.feature = model.schema().columns[i].name, .factor = std::exp(explanation.columns[i])});
  }
  const auto size = [](const MovedBy& each) { return std::abs(std::log(each.factor)); };
  std::ranges::stable_sort(moved,
                           [&](const MovedBy& a, const MovedBy& b) { return size(a) > size(b); });
  moved.resize(std::min(moved.size(), kMovedMax));
  std::erase_if(moved, [&](const MovedBy& each) { return size(each) < 0.001; });
  return moved;
}

std::string ad_name(const Judged& judged, const std::string& id) {
  const auto found = std::ranges::find_if(
      judged.beliefs, [&](const Belief& belief) { return belief.id.text == id; });
  return found == judged.beliefs.end() ? id : found->entity.name();
}

Estimate per_exposure(double mean, const learn::Interval& interval, double exposure) {
  return {.value = mean / exposure,
          .low = interval.low / exposure,
          .high = interval.high / exposure,
          .n = std::llround(exposure)};
}

// Of ads without a past. Cost: a year of the account's days.
std::optional<learn::Predictive> first_weeks(const loop::AdPasts& pasts, Target target) {
  const std::vector<learn::AdWeek> weeks =
      learn::settled_weeks(pasts.ads, pasts.today, pasts.settle);
  return learn::spread_of_first_weeks(learn::learning_rows(target, pasts.ads, weeks), weeks,
                                      target);
}

// What a live predictor says of every row, and the spread of first weeks for the ads without a
// past.
struct Forecast {
  std::string by = "baseline";
  std::optional<learn::Predictor> model;  // None: no predictor of the target is live.
  std::vector<learn::Prediction> predictions;
  std::optional<learn::Predictive> first;
};

Result<Forecast> forecast_of(Store& store, const Asked& asked, const learn::TargetRows& rows,
                             const loop::PredictorVersion* live, Target target) {
  Forecast made;
  if (live == nullptr) return made;
  made.by = fmt::format("version {}", live->version);
  made.model = RF_TRY(loop::model_of(store, asked.judged->account.id, target, live->version));
  made.predictions = made.model->predict(rows.table.columns, rows.table.exposure);
  const bool some_new = std::ranges::any_of(
      rows.weeks, [&](std::uint32_t week) { return !learn::has_past(target, asked.weeks[week]); });
  if (some_new) made.first = first_weeks(*asked.pasts, target);
  return made;
}

std::optional<Estimate> rate_of(const Forecast& forecast, std::size_t row, double exposure,
                                bool has_past) {
  if (!forecast.model || (!has_past && !forecast.first)) return {};
  const learn::Prediction& said = forecast.predictions[row];
  return per_exposure(said.mean, has_past ? said.interval : forecast.first->interval(said.mean),
                      exposure);
}

Status predict_target(Store& store, const Asked& asked, const loop::PredictorHistory& history,
                      Target target, LearnPredictOutput& output) {
  const learn::TargetRows rows = learn::predicting_rows(target, asked.pasts->ads, asked.weeks);
  const Forecast forecast =
      RF_TRY(forecast_of(store, asked, rows, loop::live_version(history, target), target));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const learn::AdWeek& week = asked.weeks[rows.weeks[i]];
    const std::string& id = asked.pasts->ads[week.ad].id;
    if (!asked.only.empty() && id != asked.only) continue;
    AdPrediction one{.account = asked.judged->account.id.text,
                     .ad = ad_name(*asked.judged, id),
                     .target = std::string(loop::name_of(target)),
                     .rate = rate_of(forecast, i, rows.exposure[i], learn::has_past(target, week)),
                     .baseline = rows.baseline[i],
                     .by = forecast.by,
                     .moved_by = {}};
    if (one.rate && !asked.only.empty()) one.moved_by = moved_by(*forecast.model, rows, i);
    output.predictions.push_back(std::move(one));
  }
  return {};
}

// An ad that is not made yet, as far as its name tells.
Result<learn::AdHistory> imagined(Store& store, const std::string& name) {
  const learn::Taxonomy taxonomy = RF_TRY(loop::taxonomy_of(store));
  const auto named = learn::dimensions_of(taxonomy, name);
  if (!named) {
    return fail(ErrorCode::invalid,
                fmt::format("input.name: '{}' fits no naming pattern, so nothing can be read from "
                            "it; 'reelforge naming show' lists them",
                            name));
  }
  learn::AdHistory ad{.id = name, .words = {}, .amounts = {}, .first_day = {}, .days = {}};
  for (const auto& [dimension, value] : *named) ad.words["name." + dimension] = value;
  return ad;
}

Status predict_account(Store& store, const Judged& judged, const LearnPredictInput& input,
                       const std::string& only, LearnPredictOutput& output) {
  loop::AdPasts pasts = RF_TRY(loop::ad_pasts(store, judged.account, judged.sight, judged.beliefs));
  Asked asked{.judged = &judged, .pasts = &pasts, .weeks = {}, .only = only};
  if (input.name) {
    pasts.ads.push_back(RF_TRY(imagined(store, *input.name)));
    asked.only = *input.name;
  }
  const std::vector<learn::AdWeek> weeks = learn::week_ahead(pasts.ads, pasts.today, pasts.settle);
  asked.weeks = weeks;
  const loop::PredictorHistory history = RF_TRY(loop::predictors_of(store, judged.account.id));
  for (const Target target : loop::kTargets) {
    RF_TRY(predict_target(store, asked, history, target, output));
  }
  if (history.versions.empty()) {
    output.notices.push_back(
        fmt::format("{}: no predictor was trained, so only the baseline speaks; "
                    "'reelforge learn train' trains them",
                    judged.account.id.text));
  }
  return {};
}

}  // namespace

Result<LearnTrainOutput> learn_train(const LearnTrainInput& input, Services& services) {
  const std::vector<Target> targets = RF_TRY(targets_asked(input.target));
  Store* store = RF_TRY(services.store());
  const Instant now = services.clock().now();
  const std::vector<Judged> all = RF_TRY(all_judged(*store, input.account, now));
  LearnTrainOutput output;
  const auto total = std::ssize(all) * std::ssize(targets);
  for (const Judged& one : all) {
    const loop::AdPasts pasts = RF_TRY(loop::ad_pasts(*store, one.account, one.sight, one.beliefs));
    for (const Target target : targets) {
      services.progress().report("training", std::ssize(output.targets), total);
      if (services.progress().cancelled()) {
        return fail(ErrorCode::conflict,
                    "training was stopped; what was trained before is kept, and 'reelforge learn "
                    "train' goes on");
      }
      TrainedTarget trained = RF_TRY(train(*store, one, pasts, target, input.if_due, now));
      output.targets.push_back(std::move(trained));
    }
  }
  return output;
}

Result<LearnStatusOutput> learn_status(const LearnStatusInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  const std::vector<Account> all = RF_TRY(accounts_asked(*store, input.account));
  LearnStatusOutput output;
  for (const Account& account : all) {
    const loop::PredictorHistory history = RF_TRY(loop::predictors_of(*store, account.id));
    for (const Target target : loop::kTargets) {
      TargetStatus status = RF_TRY(
          status_of(*store, account.id, history, target, input.tolerance, services.clock().now()));
      output.targets.push_back(std::move(status));
    }
  }
  return output;
}

Result<LearnPredictOutput> learn_predict(const LearnPredictInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  const std::vector<Judged> all = RF_TRY(all_judged(*store, input.account, services.clock().now()));
  LearnPredictOutput output;
  if (input.name && (input.ad || all.size() > 1)) {
    return fail(ErrorCode::invalid,
                input.ad ? "input.name: give the name of an ad to be made, or an ad, not both"
                         : "input.account: several accounts are known; say whose ad it will be");
  }
  if (input.ad) {
    const AdMatch match = RF_TRY(ad_called(all, *input.ad));
    RF_TRY(predict_account(*store, *match.judged, input, match.belief->id.text, output));
  } else {
    for (const Judged& one : all) RF_TRY(predict_account(*store, one, input, "", output));
  }
  output.notices.emplace_back(
      "features go with a rate and need not be its cause; intervals are for single weeks, and of "
      "ads without a past as wide as other ads' first weeks were");
  return output;
}

Result<loop::LiveSince> learn_rollback(const LearnRollbackInput& input, Services& services) {
  const std::vector<Target> targets = RF_TRY(targets_asked(input.target));
  Store* store = RF_TRY(services.store());
  const std::vector<Account> all = RF_TRY(accounts_asked(*store, input.account));
  return loop::roll_back(*store, all.front().id, targets.front(), services.clock().now(),
                         "a person went back");
}

}  // namespace rf::api
