#include "learn/predict/ensemble.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>
#include <thread>

#include <fmt/format.h>

#include "base/check.h"
#include "learn/predict/json_fields.h"

namespace rf::learn {
namespace {

// Runs task 0 … count-1, each once, on up to `threads` threads. Tasks write to places of their own.
void run_tasks(std::size_t count, std::size_t threads,
               const std::function<void(std::size_t)>& task) {
  if (threads <= 1 || count <= 1) {
    for (std::size_t i = 0; i < count; ++i) task(i);
    return;
  }
  std::atomic<std::size_t> next{0};
  std::vector<std::jthread> workers;
  for (std::size_t t = 0; t < std::min(threads, count); ++t) {
    workers.emplace_back([&] {
      for (std::size_t i = next++; i < count; i = next++) task(i);
    });
  }
}

// By split, then by member: margins of each candidate.
using Tried = std::vector<std::vector<std::vector<double>>>;

struct Trial {
  std::vector<MemberRecord> records;
  OutOfFold held_out;
  std::vector<double> outcomes;
  std::vector<double> offsets;
};

Result<Tried> try_all(const Schema& schema, const Examples& examples, std::span<const Split> splits,
                      const EnsembleSettings& settings) {
  const std::size_t members = settings.members.size();
  std::vector<Result<std::vector<std::vector<double>>>> found(splits.size() * members,
                                                              std::vector<std::vector<double>>{});
  // The slowest first, so that they do not start when the others are done.
  run_tasks(found.size(), settings.threads, [&](std::size_t task) {
    const std::size_t member = members - 1 - task / splits.size();
    const Split& split = splits[task % splits.size()];
    const Examples train = take(examples, split.train);
    const Examples test = take(examples, split.test);
    found[task % splits.size() * members + member] =
        try_member(settings.members[member], schema, train, test, settings.member);
  });
  Tried tried;
  for (auto& each : found) {
    std::vector<std::vector<double>> margins = RF_TRY(std::move(each));
    tried.push_back(std::move(margins));
  }
  return tried;
}

// The member's candidate with the least loss over all held-out rows, and its margins.
MemberRecord choose_candidate(const Tried& tried, std::size_t member, std::size_t members,
                              Family family, std::span<const double> outcomes,
                              std::vector<double>& margins) {
  MemberRecord record;
  const std::size_t count = tried[member].size();
  for (std::size_t candidate = 0; candidate < count; ++candidate) {
    std::vector<double> all;
    for (std::size_t i = member; i < tried.size(); i += members) {
      all.insert(all.end(), tried[i][candidate].begin(), tried[i][candidate].end());
    }
    const double loss = mean_loss(family, outcomes, all);
    if (candidate > 0 && !(loss < record.loss)) continue;
    record.loss = loss;
    record.candidate = candidate;
    margins = std::move(all);
  }
  return record;
}

Result<Trial> hold_trial(const Schema& schema, const Examples& examples,
                         std::span<const Split> splits, const EnsembleSettings& settings) {
  Tried tried = RF_TRY(try_all(schema, examples, splits, settings));
  Trial trial;
  const std::vector<double> offsets =
      offsets_of(examples.family, examples.exposure, examples.rows());
  for (const Split& split : splits) {
    for (std::uint32_t row : split.test) {
      trial.held_out.rows.push_back(row);
      trial.outcomes.push_back(examples.outcomes[row]);
      trial.offsets.push_back(offsets[row]);
    }
  }
  const std::size_t members = settings.members.size();
  for (std::size_t m = 0; m < members; ++m) {
    MemberRecord record = choose_candidate(tried, m, members, examples.family, trial.outcomes,
                                           trial.held_out.margins.emplace_back());
    record.kind = settings.members[m];
    trial.records.push_back(record);
  }
  return trial;
}

Predictive fit_predictive(Family family, std::span<const double> margins,
                          std::span<const double> outcomes) {
  std::vector<double> means;
  for (double margin : margins) means.push_back(mean_of(family, margin));
  constexpr double kCoverage = 0.9;
  if (family != Family::binary) return Predictive::fit(family, means, outcomes, kCoverage);
  const RowSums sums = sum_rows(means, outcomes);
  return Predictive::fit(Family::count, sums.means, sums.outcomes, kCoverage);
}

}  // namespace

Result<Ensemble> Ensemble::fit(const Schema& schema, const Examples& examples,
                               std::span<const Split> splits, const EnsembleSettings& settings) {
  RF_CHECK(!splits.empty() && !settings.members.empty());
  const auto [low, high] = std::ranges::minmax(examples.outcomes);
  if (low == high) {
    return fail(ErrorCode::invalid,
                fmt::format("found the outcome {} in every row, expected it to vary", low));
  }
  Trial trial = RF_TRY(hold_trial(schema, examples, splits, settings));
  Ensemble ensemble;
  ensemble.family_ = examples.family;
  ensemble.records_ = trial.records;
  const std::vector<double> weights =
      fit_weights(examples.family, trial.held_out.margins, trial.outcomes);
  for (std::size_t m = 0; m < weights.size(); ++m) ensemble.records_[m].weight = weights[m];
  const std::vector<double> blended_margins = blend(trial.held_out.margins, weights);
  ensemble.calibration_ =
      choose_calibration(examples.family, blended_margins, trial.offsets, trial.outcomes);
  std::vector<double> calibrated(blended_margins.size());
  for (std::size_t i = 0; i < calibrated.size(); ++i) {
    calibrated[i] = ensemble.calibration_.apply(blended_margins[i], trial.offsets[i]);
  }
  ensemble.loss_ = mean_loss(examples.family, trial.outcomes, calibrated);
  ensemble.predictive_ = fit_predictive(examples.family, calibrated, trial.outcomes);

  std::vector<Result<std::unique_ptr<Member>>> fitted;
  for (std::size_t m = 0; m < settings.members.size(); ++m) {
    fitted.emplace_back(std::unique_ptr<Member>());
  }
  run_tasks(fitted.size(), settings.threads, [&](std::size_t task) {
    const std::size_t m = fitted.size() - 1 - task;
    fitted[m] = fit_member(settings.members[m], schema, examples, settings.member,
                           ensemble.records_[m].candidate);
  });
  for (auto& each : fitted) {
    std::unique_ptr<Member> member = RF_TRY(std::move(each));
    ensemble.members_.push_back(std::move(member));
  }
  return ensemble;
}

std::vector<std::vector<double>> Ensemble::member_margins(const Frame& frame,
                                                          std::span<const double> exposure) const {
  const std::vector<double> offsets = offsets_of(family_, exposure, frame.rows);
  std::vector<std::vector<double>> margins;
  for (const auto& member : members_) margins.push_back(member->margins(frame, offsets));
  return margins;
}

std::vector<double> Ensemble::blended(std::span<const std::vector<double>> members,
                                      std::span<const double> offsets) const {
  std::vector<double> weights;
  for (const MemberRecord& record : records_) weights.push_back(record.weight);
  std::vector<double> margins = blend(members, weights);
  for (std::size_t i = 0; i < margins.size(); ++i) {
    margins[i] = calibration_.apply(margins[i], offsets[i]);
  }
  return margins;
}

std::vector<double> Ensemble::margins(const Frame& frame, std::span<const double> exposure) const {
  return blended(member_margins(frame, exposure), offsets_of(family_, exposure, frame.rows));
}

Explanation Ensemble::explain(const Frame& frame, std::span<const double> exposure,
                              std::size_t row) const {
  RF_CHECK(row < frame.rows);
  const std::vector<std::uint32_t> one{static_cast<std::uint32_t>(row)};
  const Frame single = take(frame, one);
  const std::vector<double> exposures =
      exposure.empty() ? std::vector<double>() : std::vector<double>{exposure[row]};
  const std::vector<std::vector<double>> said = member_margins(single, exposures);
  Explanation found;
  found.mean = mean_of(family_, blended(said, offsets_of(family_, exposures, 1)).front());
  found.columns.assign(frame.columns.size(), 0);
  for (std::size_t m = 0; m < members_.size(); ++m) {
    Explanation::Voice voice{.kind = records_[m].kind,
                             .weight = records_[m].weight,
                             .mean = mean_of(family_, said[m].front()),
                             .columns = members_[m]->explain(single, 0)};
    for (std::size_t c = 0; c < found.columns.size(); ++c) {
      found.columns[c] += voice.weight * voice.columns[c];
    }
    found.members.push_back(std::move(voice));
  }
  return found;
}

void Ensemble::update(const Examples& seen, double rate) {
  const std::vector<std::vector<double>> said = member_margins(seen.frame, seen.exposure);
  std::vector<double> losses;
  std::vector<double> weights;
  for (std::size_t m = 0; m < said.size(); ++m) {
    losses.push_back(mean_loss(family_, seen.outcomes, said[m]) * static_cast<double>(seen.rows()));
    weights.push_back(records_[m].weight);
  }
  hedge(weights, losses, rate);
  for (std::size_t m = 0; m < weights.size(); ++m) records_[m].weight = weights[m];
}

}  // namespace rf::learn
