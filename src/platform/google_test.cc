// Google's client beside a client that is not ours, and against a script.

#include "platform/google.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/google_requests.h"
#include "platform/script_for_test.h"

namespace rf::platform {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kCustomer =
    R"([{"results":[{"customer":{"id":"123","descriptiveName":"Shop","currencyCode":"USD","timeZone":"Europe/Berlin"}}]}])";

GoogleSettings settings() {
  return {.base_url = "http://127.0.0.1:18080",
          .token_url = "http://127.0.0.1:18080/token",
          .version = "v24",
          .accounts = {"123"},
          .login_customer = "999",
          .developer_token = Secret("DTDT"),
          .access_token = Secret("ya29.test"),
          .client_id = {},
          .client_secret = {},
          .refresh_token = {}};
}

InsightsRequest week() {
  return {.level = Level::ad,
          .from = parse_day("2026-11-01").value(),
          .to = parse_day("2026-11-07").value(),
          .breakdowns = {},
          .conversion = ""};
}

TEST(GoogleRequests, AQueryIsSentAsTheKnownClientDoes) {
  const auto theirs = recorded_like("google.jsonl", "POST", "googleAds:searchStream");
  if (!theirs) GTEST_SKIP() << "no recordings here";
  const net::Request request =
      GoogleRequests(settings()).search("ya29.test", "1234567890", google_insights_query(week()));
  const Parts ours = parts_of(request);
  EXPECT_EQ(ours.path, theirs->path);
  ASSERT_EQ(ours.body.get_object().size(), 1U);
  const auto query = [](const Parts& parts) {
    const auto& text = parts.body.at("query").as_string();
    return std::string(text.data(), text.size());
  };
  // The same condition in the same words.
  EXPECT_EQ(query(ours).substr(query(ours).find("WHERE")),
            query(*theirs).substr(query(*theirs).find("WHERE")));
  EXPECT_EQ(request.headers.find("authorization"), "Bearer ya29.test");
  EXPECT_EQ(request.headers.find("developer-token"), "DTDT");
  EXPECT_EQ(request.headers.find("login-customer-id"), "999");
}

// The two examples of the contract, which the official protos accept.
TEST(GoogleRequests, ChangesNameOneFieldInTheMask) {
  const GoogleRequests requests(settings());
  const net::Request budget =
      requests.set("t", "123", "campaignBudgets/9", "amountMicros", "25000000");
  EXPECT_THAT(budget.target, HasSubstr("/v24/customers/123/campaignBudgets:mutate"));
  EXPECT_EQ(
      budget.body,
      R"({"operations":[{"update":{"resourceName":"customers/123/campaignBudgets/9","amountMicros":"25000000"},"updateMask":"amountMicros"}]})");
  EXPECT_EQ(
      requests.set("t", "1", "adGroupAds/2~3", "status", "PAUSED").body,
      R"({"operations":[{"update":{"resourceName":"customers/1/adGroupAds/2~3","status":"PAUSED"},"updateMask":"status"}]})");
}

TEST(Google, ARowIsWhatAnExportOfItWouldBe) {
  ScriptedLine script;
  script.http.answer(
      R"([{"results":[{"campaign":{"id":"2","name":"C"},"adGroup":{"id":"3","name":"G"},"adGroupAd":{"ad":{"id":"4"}},
 "metrics":{"costMicros":"1230000","impressions":"1001","clicks":"17","videoTrueviewViews":"300","videoQuartileP25Rate":0.5,"conversions":2.25,"conversionsValue":12.34},"segments":{"date":"2026-11-01"}}],
 "fieldMask":"x","requestId":"a"},{"results":[{"campaign":{"id":"2"},"adGroup":{"id":"3"},"adGroupAd":{"ad":{"id":"5"}},"segments":{"date":"2026-11-02"}}]}])");
  script.http.answer(R"([{"results":[{"adGroup":{"id":"3"},"metrics":{"impressions":"2002"}}]}])");
  auto google = open_google(settings(), script.line()).value();
  std::vector<MetricRow> rows;
  const auto summary =
      google->insights({"google:123"}, week(), [&](const MetricRow& row) -> Status {
        rows.push_back(row);
        return {};
      });
  ASSERT_TRUE(summary) << summary.error().message;
  ASSERT_EQ(rows.size(), 2U);
  const auto is = [&](Metric metric, std::int64_t value) {
    EXPECT_EQ(rows[0].counts.get(metric), value) << info_of(metric).name;
  };
  is(Metric::spend, 1'230'000);
  is(Metric::link_clicks, 17);
  is(Metric::views, 300);
  is(Metric::video_p25, 501);
  is(Metric::video_p50, 0);
  is(Metric::conversions, 2'250'000);
  is(Metric::conversion_value, 12'340'000);
  EXPECT_EQ(rows[1].counts.get(Metric::impressions), 0);
  EXPECT_FALSE(rows[1].counts.has(Metric::video_p25));
  EXPECT_EQ(summary->completeness, 0.5);
}

constexpr const char* kCampaign =
    R"([{"results":[{"campaign":{"resourceName":"customers/123/campaigns/2","id":"2","name":"C","status":"ENABLED","advertisingChannelType":"DEMAND_GEN",
 "primaryStatus":"ELIGIBLE","biddingStrategySystemStatus":"LEARNING_BUDGET_CHANGE","campaignBudget":"customers/123/campaignBudgets/9"},"campaignBudget":{"amountMicros":"20000000"}}]}])";

TEST(Google, ACampaignsBudgetIsChangedWhereItIsKept) {
  ScriptedLine script;
  script.http.answer(kCustomer);
  script.http.answer(kCampaign);
  script.http.answer(R"({"results":[{"resourceName":"customers/123/campaignBudgets/9"}]})");
  auto google = open_google(settings(), script.line()).value();
  const Change change{.level = Level::campaign,
                      .id = "2",
                      .status = {},
                      .daily_budget = Money{25'500'000, Currency::parse("USD").value()}};
  const Status done = google->change({"123"}, change);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_THAT(script.http.asked.back().target, HasSubstr("/customers/123/campaignBudgets:mutate"));
  EXPECT_THAT(script.http.asked.back().body, HasSubstr(R"("amountMicros":"25500000")"));

  script.http.answer(kCampaign);
  const auto read = google->read({"123"}, Level::campaign, "2");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->learning, LearningStage::learning);
  EXPECT_EQ(read->daily_budget->micros, 20'000'000);
  EXPECT_TRUE(read->delivers);
}

TEST(Google, WhatNoApiMayChangeIsNotTried) {
  const auto code = [](const std::string& from, const std::string& to) {
    ScriptedLine script;
    script.http.answer(kCustomer);
    std::string campaign = kCampaign;
    campaign.replace(campaign.find(from), from.size(), to);
    script.http.answer(campaign);
    auto google = open_google(settings(), script.line()).value();
    const Change change{.level = Level::campaign,
                        .id = "2",
                        .status = {},
                        .daily_budget = Money{25'500'000, Currency::parse("USD").value()}};
    const Status done = google->change({"123"}, change);
    EXPECT_EQ(script.http.asked.size(), 2U);
    return done.error().code;
  };
  EXPECT_EQ(code("DEMAND_GEN", "VIDEO"), ErrorCode::unsupported);
  EXPECT_EQ(code(R"({"amountMicros")", R"({"explicitlyShared":true,"amountMicros")"),
            ErrorCode::conflict);
}

TEST(Google, AnEndedTokenIsRenewedOnceAndKeptOutOfErrors) {
  GoogleSettings renewable = settings();
  renewable.access_token = {};
  renewable.client_id = Secret("id");
  renewable.client_secret = Secret("shhh&");
  renewable.refresh_token = Secret("1//refresh");
  ScriptedLine script;
  script.http.answer(R"({"access_token":"ya29.one","expires_in":3599,"token_type":"Bearer"})");
  script.http.answer(
      R"([{"error":{"code":401,"message":"x","status":"UNAUTHENTICATED","details":[{"@type":"t","errors":[{"errorCode":{"authenticationError":"OAUTH_TOKEN_EXPIRED"},"message":"ya29.one ended"}]}]}}])",
      401);
  script.http.answer(R"({"access_token":"ya29.two","expires_in":3599})");
  script.http.answer(kCustomer);
  script.http.answer(R"({"error":"invalid_grant","error_description":"gone 1//refresh"})", 400);
  auto google = open_google(renewable, script.line()).value();
  const auto accounts = google->accounts();
  ASSERT_TRUE(accounts) << accounts.error().message;
  EXPECT_EQ(accounts->front().id.text, "google:123");
  EXPECT_EQ(accounts->front().zone.name(), "Europe/Berlin");
  EXPECT_THAT(script.http.asked.front().body,
              HasSubstr("client_secret=shhh%26&refresh_token=1%2F%2Frefresh"));
  EXPECT_EQ(script.http.asked.back().headers.find("authorization"), "Bearer ya29.two");

  script.clock.advance(std::chrono::hours(1));
  const auto ended = google->accounts();
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, ErrorCode::denied);
  EXPECT_THAT(ended.error().message, Not(HasSubstr("1//refresh")));
}

TEST(Google, EachErrorSaysWhatToDo) {
  struct Case {
    std::string code;
    std::string details;
    ErrorCode ours;
    std::string words;
  };
  for (const Case& each : {
           Case{R"({"quotaError":"RESOURCE_EXHAUSTED"})",
                R"({"quotaErrorDetails":{"retryDelay":"900s"}})", ErrorCode::throttled,
                "throttled until 2026-11-21T05:23:53Z"},
           Case{R"({"authorizationError":"DEVELOPER_TOKEN_NOT_APPROVED"})", "{}", ErrorCode::denied,
                "basic access"},
           Case{R"({"authorizationError":"USER_PERMISSION_DENIED"})", "{}", ErrorCode::denied,
                "access to this customer"},
           Case{R"({"campaignBudgetError":"BUDGET_BELOW_PER_DAY_MINIMUM"})", "{}",
                ErrorCode::invalid, "at operations"},
           Case{R"({"internalError":"TRANSIENT_ERROR"})", "{}", ErrorCode::unavailable,
                "TRANSIENT_ERROR"},
           Case{R"({"policyFindingError":"POLICY_FINDING"})", "{}", ErrorCode::denied, "policy"},
       }) {
    ScriptedLine script;
    script.http.answer(
        R"({"error":{"code":400,"message":"m","status":"S","details":[{"errors":[{"errorCode":)" +
            each.code +
            R"(,"message":"words","location":{"fieldPathElements":[{"fieldName":"operations","index":0}]},"details":)" +
            each.details + "}]}]}}",
        400);
    auto google = open_google(settings(), script.impatient()).value();
    const auto accounts = google->accounts();
    ASSERT_FALSE(accounts);
    EXPECT_EQ(accounts.error().code, each.ours) << each.code;
    EXPECT_THAT(accounts.error().message, HasSubstr(each.words));
  }
}

}  // namespace
}  // namespace rf::platform
