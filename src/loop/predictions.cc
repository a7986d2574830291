#include "loop/predictions.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "learn/naming.h"
#include "learn/predict/champion.h"
#include "loop/naming.h"
#include "store/documents.h"

namespace rf::loop {
namespace {

constexpr std::string_view kHistory = "predictors";
constexpr std::string_view kOpen = "predictions.open";
constexpr std::string_view kMatched = "predictions.matched";

// The latest part of the rows, on which a version is judged. Chosen: what is common.
constexpr double kHeldOut = 0.2;

// Models of so many versions are kept, to go back to. Chosen: two months of weekly training.
constexpr std::size_t kModelsMax = 8;

// A live version that is older gives way to one that is no worse. Source: what platforms restate.
constexpr std::chrono::days kStale{28};

// From so many matched predictions on, a version without skill is turned off. Source: the notes'
// 100 examples.
constexpr std::size_t kJudgedFrom = 100;

struct OpenPredictions {
  std::vector<OpenPrediction> predictions;
};

struct MatchedPredictions {
  std::vector<MatchedPrediction> predictions;
};

}  // namespace
}  // namespace rf::loop

template <>
struct rf::Described<rf::loop::OpenPredictions> {
  static constexpr auto fields =
      std::tuple{field("predictions", &rf::loop::OpenPredictions::predictions, "by target and ad")};
};

template <>
struct rf::Described<rf::loop::MatchedPredictions> {
  static constexpr auto fields =
      std::tuple{field("predictions", &rf::loop::MatchedPredictions::predictions, "oldest first")};
};

namespace rf::loop {
namespace {

using learn::Target;

std::string model_name(std::string_view target, std::int64_t version) {
  return fmt::format("predictor.{}.{}", target, version);
}

// The ad's features, without its days.
learn::AdHistory described(const Belief& belief, const learn::Taxonomy& taxonomy,
                           const Creative* film) {
  learn::AdHistory ad{
      .id = belief.id.text, .words = {}, .amounts = {}, .first_day = {}, .days = {}};
  if (belief.first_day != kNoDay) ad.first_day = belief.first_day;
  if (const auto named = learn::dimensions_of(taxonomy, belief.entity.name())) {
    for (const auto& [dimension, value] : *named) ad.words["name." + dimension] = value;
  }
  ad.words["campaign"] = belief.entity.campaign_name;
  ad.words["adset"] = belief.entity.adset_name;
  if (film == nullptr) return ad;
  ad.words["film.hook"] = film->hook_type;
  ad.words["film.ending"] = film->recipe.ending;
  ad.amounts["film.duration_s"] = film->duration_s;
  for (const auto& [feature, measured] : film->dna.features) {
    if (measured.value) ad.amounts["film." + feature] = *measured.value;
  }
  return ad;
}

// Rows by time: the number of those before the held-out ones.
struct Cut {
  std::vector<std::uint32_t> before;
  std::vector<std::uint32_t> after;
};

Cut cut_at(const learn::TargetRows& rows, double time) {
  Cut cut;
  for (std::uint32_t i = 0; i < rows.size(); ++i) {
    (rows.table.times[i] < time ? cut.before : cut.after).push_back(i);
  }
  return cut;
}

double latest_part(const learn::TargetRows& rows) {
  std::vector<double> times = rows.table.times;
  std::sort(times.begin(), times.end());
  const auto at = static_cast<std::size_t>((1 - kHeldOut) * static_cast<double>(times.size()));
  return times[std::min(at, times.size() - 1)];
}

std::vector<double> losses(const learn::TargetRows& rows, std::span<const double> means) {
  std::vector<double> found;
  found.reserve(means.size());
  for (std::size_t i = 0; i < means.size(); ++i) {
    found.push_back(learn::loss_of(learn::Family::count, rows.table.outcomes[i],
                                   learn::margin_of(learn::Family::count, means[i])));
  }
  return found;
}

std::vector<double> losses_by(const learn::Predictor& model, const learn::TargetRows& rows) {
  std::vector<double> means;
  means.reserve(rows.size());
  for (const learn::Prediction& each : model.predict(rows.table.columns, rows.table.exposure)) {
    means.push_back(std::max(each.mean, 1e-9));
  }
  return losses(rows, means);
}

std::vector<std::uint64_t> ads_of(const learn::TargetRows& rows,
                                  std::span<const learn::AdWeek> weeks) {
  std::vector<std::uint64_t> ads;
  ads.reserve(rows.size());
  for (const std::uint32_t week : rows.weeks) ads.push_back(weeks[week].ad);
  return ads;
}

Estimate estimate_of(const learn::PairedDifference& gap) {
  return {.value = gap.mean,
          .low = gap.interval.low,
          .high = gap.interval.high,
          .n = std::llround(gap.n)};
}

Estimate reversed(const Estimate& estimate) {
  return {.value = -estimate.value, .low = -estimate.high, .high = -estimate.low, .n = estimate.n};
}

// What a challenger showed, and what is to become of it.
struct Trial {
  std::optional<Estimate> skill;
  std::optional<Estimate> gain;
  bool goes_live = false;
  std::string verdict;
};

void judge_without_rival(Trial& trial) {
  trial.goes_live = trial.skill && trial.skill->low > 0;
  trial.verdict = trial.goes_live ? "live: better than the baseline on later weeks"
                                  : "off: not better than the baseline on later weeks beyond doubt";
}

void judge_against(const PredictorVersion& live, const learn::ContestResult& contest, Instant now,
                   Trial& trial) {
  // The gap is the other's loss less the live one's; a gain is the other way round.
  trial.gain = reversed(estimate_of(contest.gap));
  const bool stale = now - live.trained_at > kStale && trial.gain->value >= 0;
  trial.goes_live =
      trial.skill && trial.skill->low > 0 && (contest.verdict == learn::Contest::promote || stale);
  if (!trial.goes_live) {
    trial.verdict =
        fmt::format("waits: version {} stays, which it does not beat on later weeks", live.version);
  } else if (contest.verdict == learn::Contest::promote) {
    trial.verdict = fmt::format("live: better than version {} on later weeks", live.version);
  } else {
    trial.verdict =
        fmt::format("live: no worse than version {} on later weeks, and younger", live.version);
  }
}

struct Rival {
  const PredictorVersion* version = nullptr;
  const learn::Predictor* model = nullptr;
};

// The first time of rows that the rival has not seen.
double unseen_from(const PredictorVersion& version) {
  return static_cast<double>((version.through + Days(1)).time_since_epoch().count());
}

// A twin of the challenger is trained on the earlier weeks, and both it and the rival predict the
// later ones.
Result<Trial> try_out(const learn::TargetRows& rows, std::span<const learn::AdWeek> weeks,
                      const learn::EnsembleSettings& settings, Rival rival, Instant now) {
  const learn::ContestRules rules;
  Cut cut = cut_at(rows, latest_part(rows));
  bool comparable = false;
  if (rival.version != nullptr) {
    Cut since = cut_at(rows, unseen_from(*rival.version));
    comparable = since.after.size() >= rules.rows_min;
    if (comparable) cut = std::move(since);
  }
  const learn::TargetRows earlier = learn::take(rows, cut.before);
  const learn::TargetRows later = learn::take(rows, cut.after);
  Trial trial;
  const auto twin = learn::Predictor::train(earlier.table, settings);
  if (!twin) {
    if (twin.error().code != ErrorCode::invalid) return twin.error();
    trial.verdict = "off: the earlier weeks alone are too few to learn from";
    return trial;
  }
  const std::vector<double> ours = losses_by(*twin, later);
  const std::vector<double> baseline = losses(later, later.table.exposure);
  const std::vector<std::uint64_t> ads = ads_of(later, weeks);
  trial.skill = estimate_of(learn::clustered_difference(baseline, ours, ads, rules.mass));
  if (rival.version == nullptr) {
    judge_without_rival(trial);
  } else if (comparable) {
    const std::vector<double> theirs = losses_by(*rival.model, later);
    judge_against(*rival.version, learn::challenge(theirs, ours, ads, rules), now, trial);
  } else {
    trial.verdict = fmt::format(
        "waits: version {} stays; {} ad weeks since it learned, {} are needed to compare",
        rival.version->version,
        std::ranges::count_if(rows.table.times,
                              [&](double time) { return time >= unseen_from(*rival.version); }),
        rules.rows_min);
  }
  return trial;
}

std::int64_t next_version(const PredictorHistory& history, std::string_view target) {
  std::int64_t last = 0;
  for (const PredictorVersion& each : history.versions) {
    if (each.target == target) last = std::max(last, each.version);
  }
  return last + 1;
}

std::vector<MemberShare> shares_of(const learn::Ensemble& ensemble) {
  std::vector<MemberShare> shares;
  for (const learn::MemberRecord& record : ensemble.records()) {
    shares.push_back({.member = std::string(to_string(record.kind)),
                      .weight = record.weight,
                      .loss = record.loss});
  }
  return shares;
}

template <typename Value>
std::int64_t how_many(std::vector<Value> values) {
  return std::ssize(std::set<Value>(values.begin(), values.end()));
}

// Replaces the oldest model but the live one by nothing; what is known of the version stays.
Status forget_oldest(Store& store, const AccountId& account, const PredictorHistory& history,
                     Target target) {
  const PredictorVersion* live = live_version(history, target);
  std::vector<std::int64_t> versions;
  for (const PredictorVersion& each : history.versions) {
    if (each.target == name_of(target)) versions.push_back(each.version);
  }
  if (versions.size() <= kModelsMax) return {};
  const std::int64_t oldest = versions[versions.size() - kModelsMax - 1];
  if (live != nullptr && live->version == oldest) return {};
  return store.put_document(account, model_name(name_of(target), oldest), JsonObject());
}

Status keep_version(Store& store, const AccountId& account, PredictorHistory history,
                    const PredictorVersion& version, Target target, const learn::Predictor& model) {
  Json document = RF_TRY(parse_json(model.save()));
  RF_TRY(store.put_document(account, model_name(version.target, version.version), document));
  history.versions.push_back(version);
  RF_TRY(store.put_document(account, kHistory, to_json(history)));
  return forget_oldest(store, account, history, target);
}

bool has_settled(const OpenPrediction& open, Day today, Days settle) {
  return open.from + learn::kPredictedDays + settle <= today;
}

// Whether today lies in a week that the target was predicted for.
bool is_covered(std::span<const OpenPrediction> open, Target target, Day today) {
  return std::ranges::any_of(open, [&](const OpenPrediction& each) {
    return each.target == name_of(target) && today < each.from + learn::kPredictedDays;
  });
}

// Whether there is anything to match or to predict: on most days of a week there is not, and the
// account's past need not be read.
bool is_due(const PredictorHistory& history, std::span<const OpenPrediction> open, Day today,
            Days settle) {
  return std::ranges::any_of(open,
                             [&](const auto& each) { return has_settled(each, today, settle); }) ||
         std::ranges::any_of(kTargets, [&](Target target) {
           return live_version(history, target) != nullptr && !is_covered(open, target, today);
         });
}

// What an ad's seven days from `from` on brought.
learn::AdSums outcome_of(const learn::AdHistory& ad, Day from) {
  learn::AdSums sums;
  for (const learn::DatedSums& day : ad.days) {
    if (day.day >= from && day.day < from + learn::kPredictedDays) sums.add(day.sums);
  }
  return sums;
}

// Models by target and version, read when first asked for.
class Models {
 public:
  Models(Store& store, const AccountId& account) : store_(store), account_(account) {}

  // Null: it is no longer kept.
  Result<const learn::Predictor*> of(Target target, std::int64_t version) {
    const auto key = std::pair(target, version);
    auto found = models_.find(key);
    if (found == models_.end()) {
      auto model = model_of(store_, account_, target, version);
      if (!model && model.error().code != ErrorCode::not_found) return model.error();
      std::optional<learn::Predictor> kept;
      if (model) kept = std::move(*model);
      found = models_.emplace(key, std::move(kept)).first;
    }
    return found->second ? &*found->second : nullptr;
  }

 private:
  Store& store_;
  const AccountId& account_;
  std::map<std::pair<Target, std::int64_t>, std::optional<learn::Predictor>> models_;
};

Result<std::optional<MatchedPrediction>> matched(const OpenPrediction& open,
                                                 const learn::AdHistory& ad, Models& models) {
  const auto target = target_called(open.target);
  if (!target) return std::optional<MatchedPrediction>();
  const learn::AdSums sums = outcome_of(ad, open.from);
  const double exposure = learn::exposure_of(*target, sums);
  const double outcome = learn::events_of(*target, sums);
  const learn::Predictor* model = RF_TRY(models.of(*target, open.version));
  if (!(exposure > 0) || std::isnan(outcome) || model == nullptr) {
    return std::optional<MatchedPrediction>();
  }
  const double mean = open.rate * exposure;
  const learn::Interval interval = model->ensemble().predictive().interval(mean);
  return std::optional(MatchedPrediction{.target = open.target,
                                         .version = open.version,
                                         .from = open.from,
                                         .exposure = exposure,
                                         .mean = mean,
                                         .low = interval.low,
                                         .high = interval.high,
                                         .baseline = open.baseline * exposure,
                                         .outcome = std::round(std::max(0.0, outcome))});
}

// Takes out of `open` what has settled; gives what came of it.
Result<std::vector<MatchedPrediction>> match(const AdPasts& pasts, Models& models,
                                             std::vector<OpenPrediction>& open) {
  std::unordered_map<std::string_view, const learn::AdHistory*> by_id;
  for (const learn::AdHistory& ad : pasts.ads) by_id[ad.id] = &ad;
  std::vector<MatchedPrediction> all;
  std::vector<OpenPrediction> still;
  for (OpenPrediction& each : open) {
    if (!has_settled(each, pasts.today, pasts.settle)) {
      still.push_back(std::move(each));
      continue;
    }
    const auto found = by_id.find(each.ad);
    if (found == by_id.end()) continue;  // No day of it is left to see.
    auto one = RF_TRY(matched(each, *found->second, models));
    if (one) all.push_back(std::move(*one));
  }
  open = std::move(still);
  return all;
}

// Predictions of the live versions for the week that begins today, where none are open for it.
Result<std::int64_t> predict_week(const PredictorHistory& history, const AdPasts& pasts,
                                  Models& models, Instant now, std::vector<OpenPrediction>& open) {
  std::int64_t made = 0;
  const std::vector<learn::AdWeek> weeks = learn::week_ahead(pasts.ads, pasts.today, pasts.settle);
  for (const Target target : kTargets) {
    const PredictorVersion* live = live_version(history, target);
    if (live == nullptr || is_covered(open, target, pasts.today)) continue;
    const learn::Predictor* model = RF_TRY(models.of(target, live->version));
    if (model == nullptr) continue;
    const learn::TargetRows rows = learn::predicting_rows(target, pasts.ads, weeks);
    const auto predictions = model->predict(rows.table.columns, rows.table.exposure);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const learn::AdWeek& week = weeks[rows.weeks[i]];
      if (!learn::has_past(target, week)) continue;  // The version's intervals are not for it.
      open.push_back({.ad = pasts.ads[week.ad].id,
                      .target = live->target,
                      .version = live->version,
                      .from = pasts.today,
                      .made_at = now,
                      .rate = predictions[i].mean / rows.exposure[i],
                      .baseline = rows.baseline[i]});
      ++made;
    }
  }
  return made;
}

std::vector<MatchedPrediction> of_version(std::span<const MatchedPrediction> all,
                                          std::string_view target, std::int64_t version) {
  std::vector<MatchedPrediction> found;
  std::ranges::copy_if(all, std::back_inserter(found), [&](const MatchedPrediction& each) {
    return each.target == target && (version == 0 || each.version == version);
  });
  return found;
}

// Live versions that were worse than the baseline are turned off.
bool turn_off_worse(std::span<const MatchedPrediction> all, Instant now,
                    PredictorHistory& history) {
  bool changed = false;
  for (const Target target : kTargets) {
    const PredictorVersion* live = live_version(history, target);
    if (live == nullptr) continue;
    const auto own = of_version(all, live->target, live->version);
    if (own.size() < kJudgedFrom) continue;
    const auto report = accuracy_of(own, 0.25);
    if (!report || report->skill.interval.high >= 0) continue;
    history.lives.push_back(
        {.target = live->target,
         .version = 0,
         .from = now,
         .reason = fmt::format("off: worse than the baseline on {} predictions", own.size())});
    changed = true;
  }
  return changed;
}

}  // namespace

std::string_view name_of(learn::Target target) {
  switch (target) {
    case Target::ctr: return "ctr";
    case Target::cvr: return "cvr";
    case Target::sales: return "sales";
  }
  return "?";
}

std::optional<learn::Target> target_called(std::string_view name) {
  for (const Target target : kTargets) {
    if (name_of(target) == name) return target;
  }
  return std::nullopt;
}

Result<AdPasts> ad_pasts(Store& store, const Account& account, const Sight& sight,
                         std::span<const Belief> beliefs) {
  const learn::Taxonomy taxonomy = RF_TRY(taxonomy_of(store));
  const decide::Policies policies = RF_TRY(policies_of(store, account.id));
  AdPasts pasts{.ads = {}, .today = sight.today, .settle = Days(policies.settle_days)};
  std::unordered_map<std::string_view, std::size_t> index;
  for (const Belief& belief : beliefs) {
    if (!belief.dated) continue;
    index[belief.id.text] = pasts.ads.size();
    pasts.ads.push_back(described(belief, taxonomy, sight.films.of(belief.id.text)));
  }
  std::unordered_map<std::string_view, const Belief*> by_id;
  for (const Belief& belief : beliefs) by_id[belief.id.text] = &belief;
  const Days reach = learn::kWeeksMax * learn::kPredictedDays + learn::kPastDays + 2 * pasts.settle;
  auto keep = [&](const EntityDay& day) -> Status {
    const auto at = index.find(day.id.text);
    if (at == index.end()) return {};
    const Belief& belief = *by_id.at(day.id.text);
    if (day.attribution != belief.attribution || day.conversion_event != belief.conversion_event) {
      return {};
    }
    pasts.ads[at->second].days.push_back(
        {day.day, learn::sums_of(day.counts, belief.clicks, belief.empty_is_none)});
    return {};
  };
  RF_TRY(store.each_day(account.id, sight.level, sight.today - reach, sight.today - Days(1), keep));
  return pasts;
}

Result<PredictorHistory> predictors_of(Store& store, const AccountId& account) {
  return document_of<PredictorHistory>(store, account, kHistory);
}

const PredictorVersion* live_version(const PredictorHistory& history, learn::Target target) {
  std::int64_t live = 0;
  for (const LiveSince& each : history.lives) {
    if (each.target == name_of(target)) live = each.version;
  }
  for (const PredictorVersion& each : history.versions) {
    if (each.target == name_of(target) && each.version == live) return &each;
  }
  return nullptr;
}

Result<learn::Predictor> model_of(Store& store, const AccountId& account, learn::Target target,
                                  std::int64_t version) {
  const std::string name = model_name(name_of(target), version);
  std::optional<Json> document = RF_TRY(store.document(account, name));
  if (!document || (document->is_object() && document->as_object().empty())) {
    return fail(ErrorCode::not_found, fmt::format("the model {} is no longer kept", name));
  }
  return learn::Predictor::load(to_text(*document));
}

Result<std::optional<PredictorVersion>> train_predictor(Store& store, const Account& account,
                                                        const AdPasts& pasts, learn::Target target,
                                                        Instant now, std::size_t threads) {
  PredictorHistory history = RF_TRY(predictors_of(store, account.id));
  const std::vector<learn::AdWeek> weeks =
      learn::settled_weeks(pasts.ads, pasts.today, pasts.settle);
  const learn::TargetRows rows = learn::learning_rows(target, pasts.ads, weeks);
  const std::int64_t ads = how_many(ads_of(rows, weeks));
  if (std::ssize(rows.weeks) < kTrainRowsMin || ads < kTrainAdsMin) {
    return std::optional<PredictorVersion>();
  }
  const learn::EnsembleSettings settings{.threads = threads};
  const PredictorVersion* live = live_version(history, target);
  std::optional<learn::Predictor> rival;
  if (live != nullptr) rival = RF_TRY(model_of(store, account.id, target, live->version));
  Trial trial = RF_TRY(
      try_out(rows, weeks, settings, {.version = live, .model = rival ? &*rival : nullptr}, now));
  auto model = learn::Predictor::train(rows.table, settings);
  if (!model) {
    if (model.error().code != ErrorCode::invalid) return model.error();
    return std::optional<PredictorVersion>();
  }
  PredictorVersion version{.version = next_version(history, name_of(target)),
                           .target = std::string(name_of(target)),
                           .trained_at = now,
                           .through = pasts.today - pasts.settle - Days(1),
                           .rows = std::ssize(rows.weeks),
                           .ads = ads,
                           .weeks = how_many(rows.table.times),
                           .fingerprint = model->fingerprint(),
                           .skill = trial.skill,
                           .gain = trial.gain,
                           .members = shares_of(model->ensemble()),
                           .verdict = std::move(trial.verdict)};
  if (trial.goes_live) {
    history.lives.push_back({.target = version.target,
                             .version = version.version,
                             .from = version.trained_at,
                             .reason = version.verdict});
  }
  RF_TRY(keep_version(store, account.id, std::move(history), version, target, *model));
  return std::optional(std::move(version));
}

Result<LiveSince> roll_back(Store& store, const AccountId& account, learn::Target target,
                            Instant now, std::string reason) {
  PredictorHistory history = RF_TRY(predictors_of(store, account));
  const PredictorVersion* live = live_version(history, target);
  if (live == nullptr) {
    return fail(ErrorCode::not_found,
                fmt::format("no predictor of {} is live; 'reelforge learn status' lists them",
                            name_of(target)));
  }
  std::int64_t before = 0;
  for (const LiveSince& each : history.lives) {
    if (each.target == live->target && each.version < live->version) before = each.version;
  }
  LiveSince since{
      .target = live->target, .version = before, .from = now, .reason = std::move(reason)};
  history.lives.push_back(since);
  RF_TRY(store.put_document(account, kHistory, to_json(history)));
  return since;
}

Result<PredictionsKept> keep_predictions(Store& store, const Account& account, const Sight& sight,
                                         std::span<const Belief> beliefs, Instant now) {
  PredictorHistory history = RF_TRY(predictors_of(store, account.id));
  PredictionsKept kept;
  if (history.versions.empty()) return kept;
  OpenPredictions open = RF_TRY(document_of<OpenPredictions>(store, account.id, kOpen));
  const decide::Policies policies = RF_TRY(policies_of(store, account.id));
  if (!is_due(history, open.predictions, sight.today, Days(policies.settle_days))) return kept;
  const AdPasts pasts = RF_TRY(ad_pasts(store, account, sight, beliefs));
  Models models(store, account.id);
  std::vector<MatchedPrediction> news = RF_TRY(match(pasts, models, open.predictions));
  kept.matched = std::ssize(news);
  if (!news.empty()) {
    MatchedPredictions all = RF_TRY(document_of<MatchedPredictions>(store, account.id, kMatched));
    std::ranges::move(news, std::back_inserter(all.predictions));
    if (all.predictions.size() > kMatchedMax) {
      const auto surplus = static_cast<std::ptrdiff_t>(all.predictions.size() - kMatchedMax);
      all.predictions.erase(all.predictions.begin(), all.predictions.begin() + surplus);
    }
    // Before the open ones are struck off: cut off between the two, a week is matched twice rather
    // than lost.
    RF_TRY(store.put_document(account.id, kMatched, to_json(all)));
    if (turn_off_worse(all.predictions, now, history)) {
      RF_TRY(store.put_document(account.id, kHistory, to_json(history)));
    }
  }
  kept.made = RF_TRY(predict_week(history, pasts, models, now, open.predictions));
  RF_TRY(store.put_document(account.id, kOpen, to_json(open)));
  return kept;
}

Result<std::vector<MatchedPrediction>> matched_predictions(Store& store, const AccountId& account,
                                                           learn::Target target) {
  const MatchedPredictions all = RF_TRY(document_of<MatchedPredictions>(store, account, kMatched));
  return of_version(all.predictions, name_of(target), 0);
}

Result<std::vector<OpenPrediction>> open_predictions(Store& store, const AccountId& account) {
  OpenPredictions open = RF_TRY(document_of<OpenPredictions>(store, account, kOpen));
  return std::move(open.predictions);
}

std::optional<learn::AccuracyReport> accuracy_of(std::span<const MatchedPrediction> matched,
                                                 double tolerance) {
  std::vector<learn::Recorded> rows;
  rows.reserve(matched.size());
  for (const MatchedPrediction& each : matched) {
    rows.push_back({.mean = each.mean,
                    .interval = {each.low, each.high},
                    .baseline = each.baseline,
                    .outcome = each.outcome,
                    .time = static_cast<double>(each.from.time_since_epoch().count())});
  }
  return learn::report_accuracy(learn::Family::count, rows, tolerance);
}

std::string retrain_reason(const PredictorHistory& history, learn::Target target,
                           const std::optional<learn::AccuracyReport>& accuracy, Instant now) {
  const PredictorVersion* last = nullptr;
  for (const PredictorVersion& each : history.versions) {
    if (each.target == name_of(target)) last = &each;
  }
  if (last == nullptr) return "it was never trained";
  if (now - last->trained_at >= kRetrainEvery) return "it was trained a week ago or longer";
  if (accuracy && accuracy->calibration &&
      (accuracy->calibration->interval.low > 1 || accuracy->calibration->interval.high < 1)) {
    return fmt::format("what came is {:.2f} times what was predicted",
                       accuracy->calibration->value);
  }
  if (accuracy && accuracy->trend == learn::Trend::declining) return "its accuracy is declining";
  return "";
}

}  // namespace rf::loop
