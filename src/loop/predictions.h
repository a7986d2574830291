// Predictors of the account's own ads: trained on its past, believed only where they beat the
// baseline on weeks they had not seen, and held against what then happened.
//
// Every prediction is written down before its week begins, with the version that made it and what
// the baseline said; when the week has settled it is matched with what came. A predictor without
// skill is off, and the baseline stands in.
//
// Documents of an account: "predictors" (which versions there are, and which was live when),
// "predictor.<target>.<version>" (the models), "predictions.open" and "predictions.matched".

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/described.h"
#include "base/progress.h"
#include "base/result.h"
#include "base/time.h"
#include "learn/ad_weeks.h"
#include "learn/predict/accuracy.h"
#include "loop/sight.h"
#include "model/belief.h"
#include "model/entity.h"
#include "model/estimate.h"
#include "model/json_codecs.h"
#include "store/store.h"

namespace rf::loop {

struct MemberShare {
  std::string member;
  double weight = 0;  // In the blend.
  double loss = 0;    // Mean, on rows it had not seen.
};

struct PredictorVersion {
  std::int64_t version = 0;  // From 1 on, of its target.
  std::string target;
  Instant trained_at;
  Day through;  // The last day it learned from.
  std::int64_t rows = 0;
  std::int64_t ads = 0;
  std::int64_t weeks = 0;
  std::string fingerprint;  // Of the training table.
  // Mean loss of the baseline less ours on the latest weeks, which this version's twin had not
  // seen; above 0 it earns its keep. 95 %.
  std::optional<Estimate> skill;
  std::optional<Estimate> gain;  // The same, against the live version.
  std::vector<MemberShare> members;
  std::string verdict;  // In words: why it is live, or is not.
};

// From when on which version was live; 0: none, the baseline.
struct LiveSince {
  std::string target;
  std::int64_t version = 0;
  Instant from;
  std::string reason;
};

struct PredictorHistory {
  std::vector<PredictorVersion> versions;  // Oldest first.
  std::vector<LiveSince> lives;            // Oldest first.
};

struct OpenPrediction {
  std::string ad;  // Key.
  std::string target;
  std::int64_t version = 0;
  Day from;  // Of the seven days.
  Instant made_at;
  double rate = 0;
  double baseline = 0;
};

struct MatchedPrediction {
  std::string target;
  std::int64_t version = 0;
  Day from;
  double exposure = 0;
  double mean = 0;  // Events expected of that exposure.
  double low = 0;   // 90 %.
  double high = 0;
  double baseline = 0;  // Events that the baseline expected.
  double outcome = 0;
};

// Fewer rows than this, or fewer ads, and nothing is trained. Source: the notes' 100 examples.
inline constexpr std::int64_t kTrainRowsMin = 100;
inline constexpr std::int64_t kTrainAdsMin = 10;

// Trained again when the live version is older. Source: the notes' weekly retraining.
inline constexpr std::chrono::days kRetrainEvery{7};

std::string_view name_of(learn::Target target);
std::optional<learn::Target> target_called(std::string_view name);
inline constexpr learn::Target kTargets[] = {learn::Target::ctr, learn::Target::cvr,
                                             learn::Target::sales};

// What an account's predictors are trained on and predict.
struct AdPasts {
  std::vector<learn::AdHistory> ads;
  Day today;
  Days settle{3};
};

// REQUIRES: the sight is the account's of now.
// Errors: those of the store.
// Cost: a year of the account's days.
Result<AdPasts> ad_pasts(Store& store, const Account& account, const Sight& sight,
                         std::span<const Belief> beliefs);

// The account's history of predictors; empty where nothing was trained.
Result<PredictorHistory> predictors_of(Store& store, const AccountId& account);

// The version of the target that is live; null for none.
const PredictorVersion* live_version(const PredictorHistory& history, learn::Target target);

// Its model. Errors: not_found; corrupt.
Result<learn::Predictor> model_of(Store& store, const AccountId& account, learn::Target target,
                                  std::int64_t version);

// Trains a challenger for the target and lets it go live where it has skill, and where it is better
// than the live version on weeks that neither had seen. None: there is too little to learn from.
// Errors: those of the store; conflict, when cancelled.
Result<std::optional<PredictorVersion>> train_predictor(Store& store, const Account& account,
                                                        const AdPasts& pasts, learn::Target target,
                                                        Instant now, std::size_t threads);

// Puts the version that was live before back in its place, or the baseline.
// Errors: not_found, when no version is live.
Result<LiveSince> roll_back(Store& store, const AccountId& account, learn::Target target,
                            Instant now, std::string reason);

struct PredictionsKept {
  std::int64_t matched = 0;  // With what came.
  std::int64_t made = 0;     // For the week that begins today.
};

// Matches predictions whose week has settled, and writes down those for the coming week where none
// are open for it; a predictor that lost its skill is turned off.
// Cost: a year of the account's days, once a week and once when that week has settled.
Result<PredictionsKept> keep_predictions(Store& store, const Account& account, const Sight& sight,
                                         std::span<const Belief> beliefs, Instant now);

// Those that were matched, oldest first, of the target.
Result<std::vector<MatchedPrediction>> matched_predictions(Store& store, const AccountId& account,
                                                           learn::Target target);
Result<std::vector<OpenPrediction>> open_predictions(Store& store, const AccountId& account);

// How right the target's predictions were; none for fewer than 20.
// `tolerance`: what the notes call accurate, a share of the prediction.
std::optional<learn::AccuracyReport> accuracy_of(std::span<const MatchedPrediction> matched,
                                                 double tolerance);

// Predictions that are matched are kept so many. Chosen: two years of 200 ads.
inline constexpr std::size_t kMatchedMax = 20'000;

// Why the target should be trained again; empty: it need not be.
std::string retrain_reason(const PredictorHistory& history, learn::Target target,
                           const std::optional<learn::AccuracyReport>& accuracy, Instant now);

}  // namespace rf::loop

namespace rf {

template <>
struct Described<loop::MemberShare> {
  using M = loop::MemberShare;
  static constexpr auto fields =
      std::tuple{field("member", &M::member, "a model of the blend"),
                 field("weight", &M::weight, "its weight, 0 to 1"),
                 field("loss", &M::loss, "mean loss on rows it had not seen")};
};

template <>
struct Described<loop::PredictorVersion> {
  using V = loop::PredictorVersion;
  static constexpr auto fields =
      std::tuple{field("version", &V::version, "from 1 on"),
                 field("target", &V::target, "ctr, cvr or sales (conversions per spend)"),
                 field("trained_at", &V::trained_at, "when"),
                 field("through", &V::through, "the last day it learned from"),
                 field("rows", &V::rows, "ad weeks it learned from"),
                 field("ads", &V::ads, "of so many ads"),
                 field("weeks", &V::weeks, "in so many weeks"),
                 field("fingerprint", &V::fingerprint, "of the training table"),
                 field("skill", &V::skill,
                       "the baseline's mean loss less ours on later weeks, 95 %; above 0 is skill"),
                 field("gain", &V::gain, "the same, against the version that was live; 95 %"),
                 field("members", &V::members, "who speaks in it"),
                 field("verdict", &V::verdict, "why it is live, or is not")};
};

template <>
struct Described<loop::LiveSince> {
  using L = loop::LiveSince;
  static constexpr auto fields =
      std::tuple{field("target", &L::target, "ctr, cvr or sales"),
                 field("version", &L::version, "0: the baseline"),
                 field("from", &L::from, "since when"), field("reason", &L::reason, "why")};
};

template <>
struct Described<loop::PredictorHistory> {
  using H = loop::PredictorHistory;
  static constexpr auto fields = std::tuple{field("versions", &H::versions, "oldest first"),
                                            field("lives", &H::lives, "oldest first")};
};

template <>
struct Described<loop::OpenPrediction> {
  using P = loop::OpenPrediction;
  static constexpr auto fields =
      std::tuple{field("ad", &P::ad, "key"),
                 field("target", &P::target, "ctr, cvr or sales"),
                 field("version", &P::version, "who"),
                 field("from", &P::from, "of the seven days"),
                 field("made_at", &P::made_at, "when", {.required = true}),
                 field("rate", &P::rate, "as predicted"),
                 field("baseline", &P::baseline, "as the baseline said")};
};

template <>
struct Described<loop::MatchedPrediction> {
  using P = loop::MatchedPrediction;
  static constexpr auto fields =
      std::tuple{field("target", &P::target, "ctr, cvr or sales"),
                 field("version", &P::version, "who"),
                 field("from", &P::from, "of the seven days"),
                 field("exposure", &P::exposure, "that came"),
                 field("mean", &P::mean, "events predicted of it"),
                 field("low", &P::low, "lower end, 90 %"),
                 field("high", &P::high, "upper end, 90 %"),
                 field("baseline", &P::baseline, "events the baseline expected"),
                 field("outcome", &P::outcome, "events that came")};
};

}  // namespace rf
