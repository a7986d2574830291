// TikTok's client beside the vendor's own, and against a script.

#include "platform/tiktok.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/script_for_test.h"
#include "platform/tiktok_requests.h"

namespace rf::platform {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kRecording = "tiktok.jsonl";
constexpr const char* kAdvertiser =
    R"({"code":0,"message":"OK","data":{"list":[{"advertiser_id":"7000","name":"Shop","currency":"EUR","timezone":"Europe/Berlin"}]}})";
constexpr const char* kAds =
    R"({"code":0,"message":"OK","data":{"page_info":{"page":1,"page_size":100,"total_number":1,"total_page":1},
 "list":[{"ad_id":"17","ad_name":"Ad","adgroup_id":"2","adgroup_name":"G","campaign_id":"1","campaign_name":"C","operation_status":"ENABLE","secondary_status":"AD_STATUS_AUDIT_DENY"}]}})";

std::string report(int total, std::string_view impressions = "20000") {
  return R"({"code":0,"message":"OK","data":{"page_info":{"page":1,"page_size":1000,"total_number":)" +
         std::to_string(total) +
         R"(,"total_page":1},"list":[{"dimensions":{"ad_id":"17","stat_time_day":"2026-11-01 00:00:00"},
 "metrics":{"spend":"50.00","impressions":")" +
         std::string(impressions) +
         R"(","clicks":"240","reach":"-","video_play_actions":"18800","video_watched_2s":"7400","video_watched_6s":"3100",
 "average_video_play":"3.21","conversion":"6","complete_payment":"5","total_complete_payment_rate":"310.50","ad_name":"Ad new"}}]}})";
}

std::string total(std::string_view impressions) {
  return R"({"code":0,"data":{"list":[{"dimensions":{"advertiser_id":"7000"},"metrics":{"impressions":")" +
         std::string(impressions) + R"("}}]}})";
}

TiktokSettings settings() {
  return {.base_url = "http://127.0.0.1:18080",
          .version = "v1.3",
          .accounts = {"7000"},
          .access_token = Secret("TT_TOKEN")};
}

Change budget(Level level, std::string id, std::string_view amount, std::string_view code) {
  return {.level = level,
          .id = std::move(id),
          .status = {},
          .daily_budget = parse_money(amount, Currency::parse(code).value()).value()};
}

InsightsRequest days(std::string_view from, std::string_view to) {
  return {.level = Level::ad,
          .from = parse_day(from).value(),
          .to = parse_day(to).value(),
          .breakdowns = {},
          .conversion = ""};
}

TEST(TiktokRequests, ChangesAreThoseOfTheVendorsClient) {
  if (recorded(kRecording).empty()) GTEST_SKIP() << "no recordings here";
  const TiktokRequests requests(settings());
  const auto same = [](const net::Request& request, std::string_view path_end) {
    const Parts ours = parts_of(request);
    const Parts theirs = *recorded_like(kRecording, "POST", path_end);
    EXPECT_EQ(ours.path, theirs.path);
    EXPECT_EQ(ours.body, theirs.body) << to_text(ours.body);
    EXPECT_EQ(request.headers.find("Access-Token"), "TT_TOKEN");
  };
  same(requests.set_budget("7000", budget(Level::adset, "2", "25.5", "USD")), "adgroup/update/");
  same(requests.set_status(
           "7000",
           {.level = Level::adset, .id = "2", .status = RunStatus::paused, .daily_budget = {}}),
       "adgroup/status/update/");
  same(requests.set_status(
           "7000",
           {.level = Level::ad, .id = "17", .status = RunStatus::paused, .daily_budget = {}}),
       "/ad/status/update/");
}

TEST(TiktokRequests, ReadsHaveTheVendorsKeysAndTypes) {
  if (recorded(kRecording).empty()) GTEST_SKIP() << "no recordings here";
  const TiktokRequests requests(settings());
  const InsightsRequest week = days("2026-11-01", "2026-11-07");
  const Parts ours = parts_of(requests.report({.advertiser = "7000",
                                               .level = Level::ad,
                                               .from = week.from,
                                               .to = week.to,
                                               .breakdowns = {}},
                                              1));
  const Parts theirs = *recorded_like(kRecording, "GET", "report/integrated/get/");
  EXPECT_EQ(ours.path, theirs.path);
  expect_same_types(ours, theirs);
  for (const char* same : {"page", "advertiser_id", "report_type", "data_level", "dimensions",
                           "start_date", "end_date"})
    EXPECT_EQ(ours.query.at(same), theirs.query.at(same)) << same;
  for (const auto& [key, value] : ours.query) EXPECT_TRUE(theirs.query.contains(key)) << key;

  const Parts list = parts_of(requests.entities("7000", Level::ad, "1", 1));
  const Parts recorded_list = *recorded_like(kRecording, "GET", "/ad/get/");
  EXPECT_EQ(list.path, recorded_list.path);
  expect_same_types(list, recorded_list);
  for (const auto& [key, value] : list.query) EXPECT_TRUE(recorded_list.query.contains(key)) << key;
}

TEST(Tiktok, ARowIsWhatAnExportOfItWouldBe) {
  ScriptedLine script;
  for (const std::string& each :
       {std::string(kAdvertiser), std::string(kAds), report(1), total("20000")})
    script.http.answer(each);
  auto tiktok = open_tiktok(settings(), script.line()).value();
  std::vector<MetricRow> rows;
  const auto summary = tiktok->insights({"tiktok:7000"}, days("2026-11-01", "2026-11-07"),
                                        [&](const MetricRow& row) -> Status {
                                          rows.push_back(row);
                                          return {};
                                        });
  ASSERT_TRUE(summary) << summary.error().message;
  ASSERT_EQ(rows.size(), 1U);
  const MetricRow& row = rows.front();
  EXPECT_EQ(row.entity.ad_name, "Ad new");
  EXPECT_EQ(row.entity.adset_id, "2");
  EXPECT_EQ(row.entity.campaign_name, "C");
  EXPECT_EQ(row.attribution, "");
  EXPECT_EQ(row.conversion_event, "conversions");
  const auto is = [&](Metric metric, std::int64_t value) {
    EXPECT_EQ(row.counts.get(metric), value) << info_of(metric).name;
  };
  is(Metric::spend, 50'000'000);
  is(Metric::link_clicks, 240);
  is(Metric::video_2s, 7'400);
  is(Metric::watch_time_ms, 60'348'000);
  is(Metric::conversions, 6'000'000);
  is(Metric::purchases, 5'000'000);
  is(Metric::conversion_value, 310'500'000);
  EXPECT_FALSE(row.counts.has(Metric::reach));
  EXPECT_EQ(summary->completeness, 1);
}

TEST(Tiktok, RowsOrImpressionsThatAreMissingAreCounted) {
  const auto completeness = [](int rows, std::string_view impressions) {
    ScriptedLine script;
    for (const std::string& each :
         {std::string(kAdvertiser), std::string(kAds), report(rows), total(impressions)})
      script.http.answer(each);
    auto tiktok = open_tiktok(settings(), script.line()).value();
    return tiktok
        ->insights({"tiktok:7000"}, days("2026-11-01", "2026-11-07"),
                   [](const MetricRow&) -> Status { return {}; })
        .value()
        .completeness;
  };
  EXPECT_EQ(completeness(4, "20000"), 0.25);
  EXPECT_EQ(completeness(1, "80000"), 0.25);
}

TEST(Tiktok, NoCallAsksForMoreThanThirtyDays) {
  ScriptedLine script;
  const std::string empty = R"({"code":0,"data":{"list":[]}})";
  for (const std::string& each :
       {std::string(kAdvertiser), std::string(kAds), empty, empty, empty, empty})
    script.http.answer(each);
  auto tiktok = open_tiktok(settings(), script.line()).value();
  const auto none = [](const MetricRow&) -> Status { return {}; };
  ASSERT_TRUE(tiktok->insights({"7000"}, days("2026-09-01", "2026-10-15"), none));
  EXPECT_EQ(parts_of(script.http.asked.at(2)).query.at("end_date"), "2026-09-30");
  EXPECT_EQ(parts_of(script.http.asked.at(4)).query.at("start_date"), "2026-10-01");
  EXPECT_EQ(parts_of(script.http.asked.at(4)).query.at("end_date"), "2026-10-15");
}

TEST(Tiktok, ARefusedAdIsAnIssue) {
  ScriptedLine script;
  script.http.answer(kAdvertiser);
  script.http.answer(kAds);
  auto tiktok = open_tiktok(settings(), script.line()).value();
  const auto found = tiktok->entities({"7000"}, Level::ad);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->front().status, RunStatus::active);
  EXPECT_FALSE(found->front().delivers);
  EXPECT_THAT(found->front().issues, ElementsAre("AD_STATUS_AUDIT_DENY"));
}

TEST(Tiktok, EachCodeSaysWhatToDoThoughTheStatusIs200) {
  struct Case {
    int code;
    ErrorCode ours;
    std::string words;
  };
  for (const Case& each :
       {Case{40105, ErrorCode::denied, "fresh access token"},
        Case{40301, ErrorCode::denied, "Business Center"},
        Case{41000, ErrorCode::denied, "refused in review"},
        Case{40002, ErrorCode::invalid, "code 40002"},
        Case{40100, ErrorCode::throttled, "throttled until 2026-11-21T05:13:53Z"},
        Case{50000, ErrorCode::unavailable, "code 50000"}}) {
    ScriptedLine script;
    script.http.answer(R"({"code":)" + std::to_string(each.code) +
                       R"(,"message":"token TT_TOKEN no","request_id":"r","data":{}})");
    auto tiktok = open_tiktok(settings(), script.impatient()).value();
    const auto accounts = tiktok->accounts();
    ASSERT_FALSE(accounts);
    EXPECT_EQ(accounts.error().code, each.ours) << each.code;
    EXPECT_THAT(accounts.error().message, HasSubstr(each.words));
    EXPECT_THAT(accounts.error().message, Not(HasSubstr("TT_TOKEN")));
  }
}

TEST(Tiktok, AWriteThatFailsInPassingMayHaveHappened) {
  ScriptedLine script;
  script.http.answer(R"({"code":50000,"message":"oops"})");
  auto tiktok = open_tiktok(settings(), script.line()).value();
  const Status done = tiktok->change(
      {"7000"}, {.level = Level::ad, .id = "17", .status = RunStatus::paused, .daily_budget = {}});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::outcome_unknown);
  EXPECT_EQ(script.http.asked.size(), 1U);
}

TEST(Tiktok, NothingIsDeletedAndNoAdHasABudget) {
  ScriptedLine script;
  auto tiktok = open_tiktok(settings(), script.line()).value();
  EXPECT_EQ(
      tiktok
          ->change(
              {"7000"},
              {.level = Level::ad, .id = "17", .status = RunStatus::archived, .daily_budget = {}})
          .error()
          .code,
      ErrorCode::unsupported);
  EXPECT_EQ(tiktok->change({"7000"}, budget(Level::ad, "17", "20", "EUR")).error().code,
            ErrorCode::invalid);
  EXPECT_TRUE(script.http.asked.empty());
}

}  // namespace
}  // namespace rf::platform
