#include "decide/rules/rule.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "decide/rules/ask.h"

namespace rf::decide {
namespace {

Result<std::vector<Rule>> rules_of(const std::string& toml) {
  Json json = RF_TRY(parse_toml(toml));
  return read_rules(json, "file");
}

std::string error_of(const std::string& toml) {
  Result<std::vector<Rule>> rules = rules_of(toml);
  return rules ? "none" : rules.error().message;
}

constexpr const char* kStopLoss = R"(
name = "stop-loss"
action = "pause"
on = ["monday", "friday"]
minimum = { spend = 100 }
[when]
all = [
  { metric = "roas", days = 7, ago = 3, is = "below", value = 1 },
  { any = [ { metric = "spend", days = 1, is = "above", value = 50 },
            { not = { metric = "ctr", days = 7, is = "at_least", before = true, times = 0.8 } } ] },
]
)";

TEST(ReadRules, SaysARuleBackInWords) {
  const auto rules = rules_of(kStopLoss);
  ASSERT_TRUE(rules) << rules.error().message;
  EXPECT_EQ(
      in_words(rules->front()),
      "stop-loss: on monday and friday, for each ad, once it has at least 100 of spend, when "
      "ROAS over 7 days up to 3 days before yesterday is below 1 and (spend yesterday is above "
      "50 or not (CTR over the last 7 days is at least 0.8 times what it was in the 7 days "
      "before)): pause it; then rest 48 hours");
}

TEST(ReadRules, NamesThePlaceOfWhatIsWrong) {
  const std::string head = "name = \"a\"\naction = \"pause\"\n";
  EXPECT_NE(error_of(head + "when = { metric = \"rosa\", is = \"below\", value = 1 }")
                .find("file.rules[0].when.metric: no metric is called 'rosa'"),
            std::string::npos);
  EXPECT_NE(error_of(head + "when = { metric = \"roas\", is = \"below\" }").find("0 right sides"),
            std::string::npos);
  EXPECT_NE(
      error_of(head + "when = { metric = \"roas\", is = \"below\", value = 1, before = true }")
          .find("2 right sides"),
      std::string::npos);
  EXPECT_NE(error_of(head + "when = { all = [], any = [] }").find("must stand alone"),
            std::string::npos);
  EXPECT_NE(error_of(head + "when = { all = [] }").find("found 0 conditions"), std::string::npos);
  EXPECT_NE(error_of("name = \"A b\"\naction = \"pause\"\n"
                     "when = { metric = \"roas\", is = \"below\", value = 1 }")
                .find("found 'A b'"),
            std::string::npos);
  EXPECT_NE(error_of(head + "when = { metric = \"reach\", is = \"below\", value = 1 }")
                .find("no metric is called 'reach'"),
            std::string::npos)
      << "reach does not add over days";
}

TEST(ReadRules, RefusesNestingThatNobodyCanRead) {
  std::string text = "{\"metric\":\"spend\",\"is\":\"above\",\"value\":1}";
  for (int i = 0; i < 20; ++i) text = fmt::format(R"({{"not":{}}})", text);
  const Json json = *parse_json(R"({"name":"a","action":"pause","when":)" + text + "}");
  const auto rules = read_rules(json, "file");
  ASSERT_FALSE(rules);
  EXPECT_NE(rules.error().message.find("nested deeper"), std::string::npos);
}

TEST(HashOf, ChangesWithWhatDecidesAndOnlyWithThat) {
  Rule rule = rules_of(kStopLoss)->front();
  const std::string hash = hash_of(rule);
  rule.about = "other words";
  rule.cases.push_back({.name = "a case"});
  EXPECT_EQ(hash_of(rule), hash);
  rule.when.parts[0].leaf.value = 1.1;
  EXPECT_NE(hash_of(rule), hash);
}

TEST(ReachOf, IsTheOldestDayThatIsAskedFor) {
  EXPECT_EQ(reach_of(rules_of(kStopLoss)->front()), 14);
}

TEST(LooksOn, KnowsTheWeekdays) {
  const Rule rule = rules_of(kStopLoss)->front();
  int looks = 0;
  for (int i = 0; i < 7; ++i) looks += looks_on(rule, Day(Days(20000 + i))) ? 1 : 0;
  EXPECT_EQ(looks, 2);
  EXPECT_TRUE(looks_on(rule, *parse_day("2026-03-02"))) << "a Monday";
  EXPECT_FALSE(looks_on(rule, *parse_day("2026-03-03")));
  EXPECT_TRUE(looks_on(rule, *parse_day("1969-12-29"))) << "a Monday before the epoch";
}

TEST(TestCases, UnknownPassesThroughAsInKleenesLogic) {
  // spend is known, conversions are not reported.
  const std::string days = "days = { spend = [10, 10], impressions = [5, 5] }\n";
  const auto found = [&](const std::string& when) {
    const auto rules = rules_of("name = \"a\"\naction = \"pause\"\nwhen = " + when +
                                "\n[[cases]]\nname = \"c\"\nexpect = \"acts\"\n" + days);
    EXPECT_TRUE(rules) << rules.error().message;
    return test_cases(rules->front()).front().found;
  };
  const std::string yes = R"({ metric = "spend", is = "above", value = 1 })";
  const std::string no = R"({ metric = "spend", is = "below", value = 1 })";
  const std::string unknown = R"({ metric = "cpa", is = "above", value = 1 })";
  EXPECT_EQ(found(yes), Expect::acts);
  EXPECT_EQ(found(no), Expect::rests);
  EXPECT_EQ(found(unknown), Expect::unknown);
  EXPECT_EQ(found("{ all = [" + yes + ", " + unknown + "] }"), Expect::unknown);
  EXPECT_EQ(found("{ all = [" + no + ", " + unknown + "] }"), Expect::rests);
  EXPECT_EQ(found("{ any = [" + yes + ", " + unknown + "] }"), Expect::acts);
  EXPECT_EQ(found("{ any = [" + no + ", " + unknown + "] }"), Expect::unknown);
  EXPECT_EQ(found("{ not = " + unknown + " }"), Expect::unknown);
  EXPECT_EQ(found("{ not = " + no + " }"), Expect::acts);
  EXPECT_EQ(found(R"({ metric = "cpa", is = "above", target_cpa = true })"), Expect::unknown);
}

TEST(TestCases, ZeroConversionsReportedIsACpaAboveEveryLimit) {
  const auto rules = rules_of(
      "name = \"a\"\naction = \"pause\"\n"
      "when = { metric = \"cpa\", is = \"above\", value = 1000000 }\n"
      "[[cases]]\nname = \"c\"\nexpect = \"acts\"\n"
      "days = { spend = [10], conversions = [0] }\n");
  ASSERT_TRUE(rules) << rules.error().message;
  EXPECT_TRUE(test_cases(rules->front()).front().passed());
}

TEST(Tactics, EveryRuleThatWeShipHoldsItsOwnCases) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread.
  const char* root = std::getenv("RF_SOURCE_DIR");
  if (root == nullptr) GTEST_SKIP() << "RF_SOURCE_DIR is not set";
  const std::filesystem::path folder = std::filesystem::path(root) / "doc/rules";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << folder << " is not there";
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".toml") continue;
    SCOPED_TRACE(entry.path().string());
    ++files;
    const auto text = read_file(entry.path().string(), 1 << 20);
    ASSERT_TRUE(text);
    const auto rules = rules_of(*text);
    ASSERT_TRUE(rules) << rules.error().message;
    for (const Rule& rule : *rules) {
      for (const CaseResult& each : test_cases(rule)) {
        EXPECT_TRUE(each.passed()) << each.rule << ": " << each.name << ": " << each.numbers;
      }
    }
  }
  EXPECT_GE(files, 6);
}

}  // namespace
}  // namespace rf::decide
