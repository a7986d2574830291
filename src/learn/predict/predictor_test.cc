#include "learn/predict/predictor.h"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "learn/predict/score.h"

namespace rf::learn {
namespace {

constexpr std::string_view kPlaces[] = {"feed", "story", "reel", "search"};
constexpr std::string_view kHooks[] = {"face", "text", "product", "question", "none"};

// Clicks that depend on a place, a hook, their pair, and a number.
TrainingTable made_up(std::size_t rows, std::uint64_t seed, bool counts) {
  TrainingTable table;
  table.columns = {{.name = "place"}, {.name = "hook"}, {.name = "length"}};
  Rng rng(seed);
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t place = rng.below(4);
    const std::size_t hook = rng.below(5);
    const std::size_t length = rng.below(12);
    static constexpr std::string_view kLengths[] = {"1", "2",  "3",  "4",  "5",  "6",
                                                    "8", "10", "15", "20", "30", ""};
    table.columns[0].texts.push_back(kPlaces[place]);
    table.columns[1].texts.push_back(kHooks[hook]);
    table.columns[2].texts.push_back(kLengths[length]);
    const double margin = -1 + 0.5 * static_cast<double>(place) - 0.4 * static_cast<double>(hook) +
                          (place == 2 && hook == 0 ? 1.5 : 0) + (length > 6 ? 0.5 : 0);
    table.times.push_back(static_cast<double>(i));
    if (!counts) {
      table.outcomes.push_back(rng.uniform() < mean_of(Family::binary, margin) ? 1 : 0);
      continue;
    }
    table.exposure.push_back(100 + 1000 * rng.uniform());
    const double mean = table.exposure.back() * 0.01 * std::exp(margin);
    table.outcomes.push_back(static_cast<double>(rng.poisson(mean)));
  }
  return table;
}

EnsembleSettings quick() {
  EnsembleSettings settings;
  settings.member.rounds_max = 60;
  settings.member.bags = 1;
  settings.folds = 3;
  return settings;
}

TEST(Predictor, BeatsTheAverageOnLaterRows) {
  for (bool counts : {false, true}) {
    TrainingTable seen = made_up(2000, 1, counts);
    seen.times.clear();
    const TrainingTable later = made_up(1000, 2, counts);
    const Predictor predictor = Predictor::train(seen, quick()).value();
    const Family family = predictor.family();
    const std::vector<Prediction> said = predictor.predict(later.columns, later.exposure);
    std::vector<double> ours, average;
    const std::vector<double> offsets = offsets_of(family, later.exposure, later.rows());
    const double base = base_margin(family, seen.outcomes, seen.exposure);
    for (std::size_t i = 0; i < said.size(); ++i) {
      ours.push_back(margin_of(family, said[i].mean));
      average.push_back(base + offsets[i]);
    }
    const PairedDifference gap = paired_difference(
        losses_of(family, later.outcomes, ours), losses_of(family, later.outcomes, average), 0.99);
    EXPECT_LT(gap.interval.high, 0);
  }
}

TEST(Predictor, CountsLieInTheirIntervalsAsOftenAsStated) {
  TrainingTable seen = made_up(2000, 1, true);
  const TrainingTable later = made_up(1500, 2, true);
  const Predictor predictor = Predictor::train(seen, quick()).value();
  double inside = 0;
  const std::vector<Prediction> said = predictor.predict(later.columns, later.exposure);
  for (std::size_t i = 0; i < said.size(); ++i) {
    const bool in =
        later.outcomes[i] >= said[i].interval.low && later.outcomes[i] <= said[i].interval.high;
    inside += in ? 1 : 0;
  }
  EXPECT_NEAR(inside / static_cast<double>(said.size()), 0.9, 0.03);
}

TEST(Predictor, IsTheSameWhateverTheNumberOfThreads) {
  const TrainingTable table = made_up(600, 3, false);
  EnsembleSettings settings = quick();
  const std::string alone = Predictor::train(table, settings).value().save();
  settings.threads = 4;
  EXPECT_EQ(Predictor::train(table, settings).value().save(), alone);
}

TEST(Predictor, SurvivesItsFileToTheLastBit) {
  for (bool counts : {false, true}) {
    const TrainingTable table = made_up(600, 3, counts);
    const Predictor predictor = Predictor::train(table, quick()).value();
    const std::string file = predictor.save();
    const Predictor again = Predictor::load(file).value();
    EXPECT_EQ(again.save(), file);
    EXPECT_EQ(again.fingerprint(), fingerprint_of(table));
    const std::vector<Prediction> first = predictor.predict(table.columns, table.exposure);
    const std::vector<Prediction> second = again.predict(table.columns, table.exposure);
    for (std::size_t i = 0; i < first.size(); ++i) EXPECT_EQ(first[i].mean, second[i].mean);
  }
}

TEST(Predictor, RefusesAFileThatIsNotOne) {
  const Predictor predictor = Predictor::train(made_up(300, 3, false), quick()).value();
  const std::string file = predictor.save();
  EXPECT_EQ(Predictor::load("").error().code, ErrorCode::invalid);
  EXPECT_EQ(Predictor::load("{}").error().code, ErrorCode::corrupt);
  EXPECT_EQ(Predictor::load(file.substr(0, file.size() / 2)).error().code, ErrorCode::invalid);
  std::string newer = file;
  newer.replace(newer.find("\"format\":1"), 10, "\"format\":9");
  EXPECT_EQ(Predictor::load(newer).error().code, ErrorCode::unsupported);
  std::string broken = file;
  broken.replace(broken.find("\"family\":\"binary\""), 17, "\"family\":\"bogus!\"");
  const auto read = Predictor::load(broken);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("model.ensemble"), std::string::npos);
}

TEST(Predictor, ExplainsWhoSaidWhatAndWhy) {
  TrainingTable table = made_up(1500, 5, false);
  table.times.clear();
  const Predictor predictor = Predictor::train(table, quick()).value();
  const Explanation found = predictor.explain(table.columns, table.exposure, 7);
  EXPECT_NEAR(found.mean, predictor.predict(table.columns, {})[7].mean, 1e-12);
  double weight = 0;
  for (const Explanation::Voice& voice : found.members) {
    EXPECT_EQ(voice.columns.size(), predictor.schema().columns.size());
    weight += voice.weight;
  }
  EXPECT_NEAR(weight, 1, 1e-9);
}

TEST(Predictor, GivesWeightToWhoeverIsRightLater) {
  TrainingTable table = made_up(1500, 5, false);
  table.times.clear();
  Predictor predictor = Predictor::train(table, quick()).value();
  const auto weight_of = [&](MemberKind kind) {
    for (const MemberRecord& record : predictor.ensemble().records()) {
      if (record.kind == kind) return record.weight;
    }
    return 0.0;
  };
  const double before = weight_of(MemberKind::base);
  predictor.update(made_up(1500, 6, false), 0.05);
  EXPECT_LE(weight_of(MemberKind::base), before);
}

TEST(Predictor, RefusesWhatCannotTeach) {
  TrainingTable table = made_up(10, 1, false);
  EXPECT_EQ(Predictor::train(table, quick()).error().code, ErrorCode::invalid);
  table = made_up(100, 1, false);
  table.outcomes.assign(100, 1.0);
  EXPECT_EQ(Predictor::train(table, quick()).error().code, ErrorCode::invalid);
  table = made_up(100, 1, false);
  table.times.assign(100, 5.0);
  EXPECT_EQ(Predictor::train(table, quick()).error().code, ErrorCode::invalid);
}

TEST(JudgingSplits, NeverLearnFromTheFuture) {
  const TrainingTable table = made_up(500, 1, false);
  for (const Split& split : judging_splits(table, 5, 1)) {
    double last = -1;
    for (std::uint32_t row : split.train) last = std::max(last, table.times[row]);
    for (std::uint32_t row : split.test) EXPECT_GT(table.times[row], last);
  }
}

TEST(JudgingSplits, KeepGroupsTogether) {
  TrainingTable table = made_up(500, 1, false);
  table.times.clear();
  for (std::size_t i = 0; i < 500; ++i) table.groups.push_back(i % 37);
  for (const Split& split : judging_splits(table, 5, 1)) {
    std::vector<bool> seen(37, false);
    for (std::uint32_t row : split.train) seen[table.groups[row]] = true;
    for (std::uint32_t row : split.test) EXPECT_FALSE(seen[table.groups[row]]);
  }
}

}  // namespace
}  // namespace rf::learn
