// `evaluate` on tables: the shapes of columns, and real data where it is beside the repository.

#include "api/evaluate/patterns.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include <gtest/gtest.h>

#include "api/evaluate/feature_columns.h"
#include "api/evaluate/headlines.h"
#include "api/evaluate/table.h"
#include "api/evaluate/vectors.h"

namespace rf::api {
namespace {

std::string write(std::string_view name, std::string_view text) {
  std::string path = testing::TempDir() + std::string(name);
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

std::string real_file(const std::string& name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe)
  const char* root = std::getenv("RF_SOURCE_DIR");
  for (const std::string& beside : {root == nullptr ? std::string("..") : std::string(root) + "/..",
                                    std::string(root == nullptr ? "." : root) + "/../.."}) {
    const std::string path = beside + "/shared/data/" + name;
    if (std::filesystem::exists(path)) return path;
  }
  return {};
}

class Evaluate : public testing::Test {
 protected:
  Result<EvaluatePatternsOutput> run(const EvaluatePatternsInput& input) {
    return evaluate_patterns(input, services_);
  }

  ManualClock clock_{Instant{}};
  NoProgress progress_;
  Services services_{"", nullptr, clock_, progress_};
};

bool is_sound(double week) { return week < 201326 || week > 201402; }

// The week at which seven tenths of the sound tests' headlines are past.
double split_week(const std::vector<double>& weeks) {
  std::vector<double> sound;
  std::ranges::copy_if(weeks, std::back_inserter(sound), is_sound);
  std::ranges::sort(sound);
  return sound[sound.size() * 7 / 10];
}

struct SplitHeadlines {
  std::vector<learn::PatternFeature> features;  // Of all; rows as in the table.
  learn::PatternUnits early;
  std::vector<learn::PatternFeature> early_features;
  std::vector<learn::RatedUnit> late;
};

SplitHeadlines split_headlines(const DataTable& table) {
  SplitHeadlines split;
  FeatureColumns columns;
  add_features(table, table.column("headline").value(), columns);
  for (const learn::PatternFeature& each : columns.features) {
    split.early_features.push_back({each.name, {}});
  }
  const std::vector<double> weeks = table.numbers("test_week").value();
  const std::vector<double> clicks = table.numbers("clicks").value();
  const std::vector<double> impressions = table.numbers("impressions").value();
  const std::size_t test = table.column("clickability_test_id").value();
  const double begin_of_late = split_week(weeks);
  std::map<std::string_view, std::uint32_t> groups;
  for (std::uint32_t row = 0; row < table.rows(); ++row) {
    if (!is_sound(weeks[row])) continue;
    const auto next = static_cast<std::uint32_t>(groups.size());
    const std::uint32_t group = groups.emplace(table.at(row, test), next).first->second;
    if (weeks[row] >= begin_of_late) {
      split.late.push_back({clicks[row], impressions[row], group, row});
      continue;
    }
    split.early.outcomes.push_back(clicks[row]);
    split.early.exposures.push_back(impressions[row]);
    split.early.groups.push_back(group);
    split.early.order.push_back(weeks[row]);
    for (std::size_t f = 0; f < columns.features.size(); ++f) {
      split.early_features[f].values.push_back(columns.features[f].values[row]);
    }
  }
  split.features = std::move(columns.features);
  return split;
}

// Learned on the earlier 70 % of the sound tests, 6 of 7 patterns keep their sign on the rest;
// "starts with this" does not. What is asserted is that measurement, and not that all hold.
TEST_F(Evaluate, PatternsOfRealHeadlinesMostlyKeepTheirSignOnLaterWeeks) {
  const std::string path = real_file("upworthy/packages.csv");
  if (path.empty()) GTEST_SKIP() << "the Upworthy archive is not beside the repository";
  const DataTable table = read_data_table(path, Header::first_row).value();
  const SplitHeadlines split = split_headlines(table);
  const learn::PatternFindings findings =
      learn::find_patterns(split.early, split.early_features, {}, {});
  const learn::ComparedUnits later = learn::compare_units(split.late, true);
  std::size_t singles = 0;
  std::size_t kept = 0;
  for (const learn::Pattern& pattern : findings.believed) {
    for (const learn::PatternFeature& feature : split.features) {
      if (feature.name != pattern.feature) continue;
      ++singles;
      const learn::GroupEffect effect = learn::effect_within(later, feature.values);
      kept += (effect.effect > 0) == (pattern.effect > 0) ? 1U : 0U;
    }
  }
  RecordProperty("patterns", static_cast<int>(singles));
  EXPECT_GE(singles, 7U);
  EXPECT_GE(kept + 1, singles);
}

TEST_F(Evaluate, FindsNothingInSuperBowlAds) {
  const std::string path = real_file("superbowl_ads/youtube.csv");
  if (path.empty()) GTEST_SKIP() << "the Super Bowl ads are not beside the repository";
  EvaluatePatternsInput input{
      .units = path,
      .outcome = "like_count",
      .exposure = "view_count",
      .features = {"funny,show_product_quickly,patriotic,celebrity,danger,animals,use_sex"}};
  const EvaluatePatternsOutput likes = run(input).value();
  EXPECT_TRUE(likes.patterns.empty());
  EXPECT_EQ(likes.units, 225);
  input.replicate_by = "year";
  EXPECT_TRUE(run(input).value().patterns.empty());
  input.group = "year";
  EXPECT_TRUE(run(input).value().patterns.empty());
}

TEST_F(Evaluate, HeadlinesAreJudgedBetterThanByChance) {
  const std::string train = real_file("upworthy_pairs/headline_binary_train.json");
  if (train.empty()) GTEST_SKIP() << "the headline pairs are not beside the repository";
  const std::string test = real_file("upworthy_pairs/headline_binary_val.json");
  const EvaluateHeadlinesOutput output =
      evaluate_headlines({.train = train, .test = test}, services_).value();
  EXPECT_EQ(output.trained_on, 1410);
  EXPECT_EQ(output.accuracy.n, 468);
  EXPECT_GT(output.accuracy.low, 0.58);
}

TEST_F(Evaluate, NamesTheColumnThatIsNotThere) {
  const std::string path = write("few.csv", "n,c\n1,0\n");
  const EvaluatePatternsInput input{.units = path, .outcome = "clicks", .exposure = "n"};
  EXPECT_EQ(run(input).error().code, ErrorCode::not_found);
  EXPECT_EQ(evaluate_headlines({.train = path, .test = path}, services_).error().code,
            ErrorCode::invalid);
}

TEST(FeatureColumns, FollowFromTheCells) {
  std::string text = "flag,amount,kind,line,id,same\n";
  for (int i = 0; i < 100; ++i) {
    text += std::string(i % 2 == 0 ? "TRUE" : "false") + "," + std::to_string(i) + "," +
            (i % 3 == 0 ? "a" : "b") + ",why is number " + std::to_string(i) + " so,x" +
            std::to_string(i) + ",1\n";
  }
  const DataTable table = read_data_table(write("columns.csv", text), Header::first_row).value();
  FeatureColumns found;
  for (std::size_t column = 0; column < table.columns(); ++column) {
    add_features(table, column, found);
  }
  std::vector<std::string> names;
  for (const learn::PatternFeature& feature : found.features) names.push_back(feature.name);
  EXPECT_EQ(names[0], "flag");
  EXPECT_EQ(names[1], "amount");
  EXPECT_EQ(names[2], "kind=a");
  EXPECT_EQ(names[3], "kind=b");
  EXPECT_EQ(names[4].substr(0, 5), "line:");
  EXPECT_EQ(found.skipped.size(), 2U);
}

TEST(Vectors, AreReadInEveryForm) {
  EXPECT_EQ(parse_vectors("t", "a,b\n1,2\n3,4\n").value().values, (std::vector<float>{1, 2, 3, 4}));
  EXPECT_EQ(parse_vectors("t", "1\t2\r\n3\t4").value().dims, 2U);
  std::string fvecs("\x01\x00\x00\x00\x00\x00\x80\x3f\x01\x00\x00\x00\x00\x00\x00\x40", 16);
  EXPECT_EQ(parse_vectors("t", fvecs).value().values, (std::vector<float>{1, 2}));
  EXPECT_EQ(parse_vectors("t", fvecs.substr(0, 15)).error().code, ErrorCode::corrupt);
  const std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }";
  const std::string npy = std::string("\x93NUMPY\x01\x00", 8) +
                          std::string(1, static_cast<char>(header.size())) + std::string(1, '\0') +
                          header + fvecs.substr(4, 4) + fvecs.substr(12, 4);
  EXPECT_EQ(parse_vectors("t", npy).value().values, (std::vector<float>{1, 2}));
  EXPECT_EQ(parse_vectors("t", npy.substr(0, npy.size() - 1)).error().code, ErrorCode::corrupt);
  EXPECT_EQ(parse_vectors("t", "1,2\n3\n").error().message, "t:2: found 1 numbers, expected 2");
  EXPECT_EQ(parse_vectors("t", "1,2\n3,x\n").error().message, "t:2: value 2: expected a number");
  EXPECT_EQ(parse_vectors("t", "").error().code, ErrorCode::corrupt);
}

}  // namespace
}  // namespace rf::api
