// The doors of users' rules: what may be armed, and what a failing case says.

#include "api/rules.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/sqlite.h"
#include "store/store_testing.h"

namespace rf::api {
namespace {

using testing::HasSubstr;

constexpr std::string_view kRule = R"(
name = "no-sales"
action = "pause"
cooldown_hours = 48
minimum = { spend = 100 }
when = { metric = "cpa", days = 14, ago = 3, is = "above", target_cpa = true, times = 3 }
[[cases]]
name = "nothing sold"
expect = "acts"
target_cpa = 30
days = { spend = [200, 200, 0, 0, 0], conversions = [0, 0, 0, 0, 0] }
)";

class RulesDoor : public testing::Test {
 protected:
  std::string write(std::string_view text) {
    std::string path = folder_.file("rule.toml");
    std::ofstream(path) << text;
    return path;
  }

  void import_numbers() {
    std::unique_ptr<Store> store = open_sqlite(folder_.file("s.db")).value();
    std::vector<MetricRow> rows;
    for (std::int64_t day = 0; day < 30; ++day) {
      for (std::int64_t ad = 1; ad <= 4; ++ad) {
        MetricRow row = test_row(ad, day, 2000);
        row.counts.set(Metric::conversions, ad == 1 ? 0 : 1'000'000);
        rows.push_back(row);
      }
    }
    ASSERT_TRUE(write_rows(*store, test_source(720), rows).has_value());
  }

  TemporaryFolder folder_;
  ManualClock clock_{test_instant(744)};
  NoProgress progress_;
  Services services_{folder_.file("s.db"), open_sqlite, clock_, progress_};
};

TEST_F(RulesDoor, ARuleThatWasNotBacktestedExactlyAsItStandsCannotBeArmed) {
  import_numbers();
  const std::string file = write(kRule);
  EXPECT_EQ(rules_arm({.file = file}, services_).error().code, ErrorCode::denied);
  RulesBacktestOutput output = rules_backtest({.file = file}, services_).value();
  ASSERT_EQ(output.results.size(), 1U);
  EXPECT_EQ(output.results[0].firings, 1);
  EXPECT_EQ(output.results[0].right, 1);
  ASSERT_EQ(output.notices.size(), 1U) << "the past came in one piece";
  ASSERT_EQ(rules_arm({.file = file}, services_).value().armed.size(), 1U);

  std::string other(kRule);
  other.replace(other.find("times = 3"), 9, "times = 2");
  Error error = rules_arm({.file = write(other)}, services_).error();
  EXPECT_EQ(error.code, ErrorCode::denied);
  EXPECT_THAT(error.message, HasSubstr("rules backtest"));
}

TEST_F(RulesDoor, WhatIsDisarmedIsGone) {
  import_numbers();
  const std::string file = write(kRule);
  ASSERT_TRUE(rules_backtest({.file = file}, services_).has_value());
  ASSERT_TRUE(rules_arm({.file = file}, services_).has_value());
  EXPECT_EQ(rules_list({}, services_).value().armed.size(), 1U);
  EXPECT_TRUE(rules_disarm({.name = "no-sales"}, services_).value().armed.empty());
  EXPECT_EQ(rules_disarm({.name = "no-sales"}, services_).error().code, ErrorCode::not_found);
}

TEST_F(RulesDoor, ACaseThatFailsIsAnErrorThatSaysWhatWasSeen) {
  EXPECT_EQ(rules_test({.file = write(kRule)}, services_).value().passed, 1);
  std::string wrong(kRule);
  wrong.replace(wrong.find("\"acts\""), 6, "\"rests\"");
  Error error = rules_test({.file = write(wrong)}, services_).error();
  EXPECT_EQ(error.code, ErrorCode::conflict);
  EXPECT_THAT(error.message, HasSubstr("'nothing sold': expected rests, found acts: CPA"));
}

TEST_F(RulesDoor, ABacktestWithoutAPastIsRefused) {
  EXPECT_EQ(rules_backtest({.file = write(kRule)}, services_).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace rf::api
