#include "api/evaluate/predict.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::api {
namespace {

class EvaluatePredict : public testing::Test {
 protected:
  // A file of the shared data sets; empty where they are absent.
  static std::string shared(std::string_view name) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing sets the environment while tests run.
    const char* source = std::getenv("RF_SOURCE_DIR");
    if (source == nullptr) return "";
    const std::string path = std::string(source) + "/../shared/data/" + std::string(name);
    return std::filesystem::exists(path) ? path : "";
  }

  std::string write(std::string_view name, const std::string& text) {
    std::string path = testing::TempDir() + std::string(name);
    std::ofstream(path) << text;
    return path;
  }

  static const PredictModelView& model(const EvaluatePredictOutput& output, std::string_view name) {
    return *std::ranges::find(output.models, name, &PredictModelView::name);
  }

  SystemClock clock_;
  NoProgress progress_;
  Services services_{"", nullptr, clock_, progress_};
};

std::string clicks(std::uint64_t seed, int rows) {
  std::string text = "when,place,hook,clicked\n";
  Rng rng(seed);
  for (int i = 0; i < rows; ++i) {
    const std::uint64_t place = rng.below(4);
    const std::uint64_t hook = rng.below(3);
    const double p = 0.1 + 0.15 * static_cast<double>(place) + 0.1 * static_cast<double>(hook);
    text += fmt::format("2026-03-{},p{},h{},{}\n", i < rows / 2 ? "01" : "02", place, hook,
                        rng.uniform() < p ? 1 : 0);
  }
  return text;
}

TEST_F(EvaluatePredict, LearnsFromOneFileAndPredictsTheOther) {
  const EvaluatePredictOutput output =
      evaluate_predict({.train = write("train.csv", clicks(1, 1500)),
                        .test = write("test.csv", clicks(2, 800)),
                        .label = "clicked",
                        .time = "when"},
                       services_)
          .value();
  EXPECT_EQ(output.outcome, "binary");
  EXPECT_EQ(output.columns, (std::vector<std::string>{"place", "hook"}));
  const PredictModelView& ours = model(output, "reelforge");
  EXPECT_EQ(ours.n, 800);
  EXPECT_LT(*ours.log_loss, *model(output, "base").log_loss);
  EXPECT_NEAR(*model(output, "base").auc, 0.5, 1e-9);
  EXPECT_EQ(ours.observed, model(output, "xgboost_fixed").observed);
}

TEST_F(EvaluatePredict, NamesWhatIsWrong) {
  const std::string train = write("train.csv", clicks(1, 100));
  EXPECT_EQ(evaluate_predict({.train = train, .label = "nothing"}, services_).error().code,
            ErrorCode::not_found);
  EXPECT_EQ(
      evaluate_predict({.train = train, .label = "clicked", .drop = {"x"}}, services_).error().code,
      ErrorCode::not_found);
  const auto wrong = evaluate_predict({.train = train, .label = "place"}, services_);
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().message.find("train.csv:2"), std::string::npos);
  const auto zero = evaluate_predict(
      {.train = write("zero.csv", "a,n,y\n1,0,1\n"), .label = "y", .exposure = "n"}, services_);
  EXPECT_EQ(zero.error().code, ErrorCode::corrupt);
}

// D2 of clicks, conversions and approved conversions per impression on the KAG ads, five parts by
// campaign; figures to beat are those of an independent Poisson regression and of XGBoost.
TEST_F(EvaluatePredict, ExplainsRealAdsBetterThanAPoissonRegressionDoes) {
  const std::string path = shared("kag/KAG_conversion_data.csv");
  if (path.empty()) GTEST_SKIP() << "the KAG ads are not here";
  struct Bar {
    std::string label;
    std::vector<std::string> drop;
    double d2;
  };
  const std::vector<Bar> bars{{"Clicks", {"Spent,Total_Conversion", "Approved_Conversion"}, 0.672},
                              {"Total_Conversion", {"Spent,Clicks,Approved_Conversion"}, 0.452},
                              {"Approved_Conversion", {"Spent,Clicks,Total_Conversion"}, 0.243}};
  for (const Bar& bar : bars) {
    const EvaluatePredictOutput output = evaluate_predict({.train = path,
                                                           .label = bar.label,
                                                           .exposure = "Impressions",
                                                           .drop = bar.drop,
                                                           .folds = 5,
                                                           .fold_by = "fb_campaign_id"},
                                                          services_)
                                             .value();
    const PredictModelView& ours = model(output, "reelforge");
    EXPECT_GE(*ours.d2, bar.d2) << bar.label;
    EXPECT_NEAR(*ours.coverage90, 0.9, 0.02) << bar.label;
    EXPECT_LT(*ours.log_loss, *model(output, "xgboost_fixed").log_loss) << bar.label;
  }
}

}  // namespace
}  // namespace rf::api
