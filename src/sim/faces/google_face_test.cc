#include "sim/faces/google_face.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sim/faces/google_query.h"

namespace rf::sim {
namespace {

// One Google account whose ads ran for ten days, and its face.
class Google : public ::testing::Test {
 protected:
  Google() {
    const WorldSpec spec{.days = 14, .accounts = {{.platform = Platform::google, .concepts = 2}}};
    box_ = std::move(Sandbox::make(spec, clock_)).value();
    box_->run_days(10);
    face_ = std::make_unique<GoogleFace>(*box_, FaceRules());
    customer_ = box_->account_number(0);
  }

  net::Response post(const std::string& call, const std::string& body) {
    return face_->answer({.method = "POST",
                          .target = fmt::format("/v24/customers/{}/{}", customer_, call),
                          .headers = {{"content-type", "application/json"},
                                      {"authorization", "Bearer sandbox-token"},
                                      {"developer-token", "sandbox-developer"}},
                          .body = body});
  }

  JsonArray rows(const std::string& query) {
    const net::Response response =
        post("googleAds:searchStream", to_text(Json(JsonObject{{"query", query}})));
    EXPECT_EQ(response.status, 200) << response.body;
    const Json body = *parse_json(response.body);
    const Json* results = body.at(0).as_object().if_contains("results");
    return results == nullptr ? JsonArray() : results->as_array();
  }

  static std::int64_t number(const Json& row, std::string_view metric) {
    const Json* value = row.at("metrics").as_object().if_contains(metric);
    return value == nullptr ? 0
                            : std::strtoll(std::string(value->as_string()).c_str(), nullptr, 10);
  }

  std::string budget_change(const std::string& micros, const std::string& more = "") {
    return fmt::format(
        R"({{"operations":[{{"update":{{"resourceName":"customers/{}/campaignBudgets/{}","amountMicros":"{}"}},"updateMask":"amountMicros"}}]{}}})",
        customer_, box_->campaigns()[0].id, micros, more);
  }

  ManualClock clock_{Instant(std::chrono::seconds(1'800'000'000))};
  std::unique_ptr<Sandbox> box_;
  std::unique_ptr<GoogleFace> face_;
  std::string customer_;
};

TEST_F(Google, RowsByDaySumToTheWorldsBooks) {
  std::int64_t impressions = 0;
  for (const Json& row : rows("SELECT ad_group_ad.ad.id, segments.date, metrics.impressions FROM "
                              "ad_group_ad WHERE segments.date >= '2020-01-01'")) {
    impressions += number(row, "impressions");
  }
  std::int64_t expected = 0;
  for (const AdBook& ad : box_->ads()) {
    for (const AdDay& day : box_->world().days_of(ad.world_ad)) {
      expected += day.counts.or_zero(Metric::impressions);
    }
  }
  EXPECT_EQ(impressions, expected);
  EXPECT_EQ(face_->book().breaches(), 0);
}

TEST_F(Google, ConditionsNarrowAndOrder) {
  const std::string id = box_->ads()[2].id;
  EXPECT_EQ(
      rows("SELECT ad_group_ad.ad.id FROM ad_group_ad WHERE ad_group_ad.ad.id = " + id).size(), 1U);
  EXPECT_EQ(rows("SELECT ad_group_ad.ad.id FROM ad_group_ad WHERE ad_group_ad.ad.id IN (" + id +
                 ", " + box_->ads()[0].id + ")")
                .size(),
            2U);
  const JsonArray ordered = rows(
      "SELECT campaign.id, metrics.cost_micros, segments.date FROM campaign WHERE segments.date "
      "DURING LAST_7_DAYS ORDER BY metrics.cost_micros DESC LIMIT 3");
  ASSERT_EQ(ordered.size(), 3U);
  EXPECT_GE(number(ordered[0], "costMicros"), number(ordered[1], "costMicros"));
  EXPECT_GE(number(ordered[1], "costMicros"), number(ordered[2], "costMicros"));
}

TEST_F(Google, ABudgetIsTriedChangedAndRefused) {
  const Money before = *box_->campaigns()[0].daily_budget;
  EXPECT_EQ(
      post("campaignBudgets:mutate", budget_change("90000000", R"(,"validateOnly":true)")).status,
      200);
  EXPECT_EQ(*box_->campaigns()[0].daily_budget, before);
  EXPECT_EQ(post("campaignBudgets:mutate", budget_change("90000000")).status, 200);
  EXPECT_EQ(box_->campaigns()[0].daily_budget->micros, 90'000'000);
  EXPECT_EQ(post("campaignBudgets:mutate", budget_change("90000001")).status, 400);
  EXPECT_EQ(post("campaignBudgets:mutate", budget_change("1")).status, 400);
  EXPECT_EQ(box_->campaigns()[0].daily_budget->micros, 90'000'000);
  EXPECT_EQ(face_->book().breaches(), 0);
}

TEST_F(Google, WhatThePlatformDoesNotKnowIsRefusedAndCounted) {
  EXPECT_EQ(
      post("googleAds:searchStream", R"({"query":"SELECT campaign.nmae FROM campaign"})").status,
      400);
  EXPECT_EQ(post("googleAds:searchStream", R"({"query":"FETCH everything"})").status, 400);
  EXPECT_EQ(post("googleAds:searchStream", R"({"querry":""})").status, 400);
  EXPECT_EQ(post("campaignBudgetz:mutate", "{}").status, 404);
  EXPECT_EQ(face_->book().breaches(), 4);
}

TEST_F(Google, TokensAreCheckedAndRenewed) {
  const net::Response none =
      face_->answer({.method = "GET", .target = "/v24/customers:listAccessibleCustomers"});
  EXPECT_EQ(none.status, 401);
  const net::Response token = face_->answer(
      {.method = "POST",
       .target = "/token",
       .headers = {{"content-type", "application/x-www-form-urlencoded"}},
       .body = "grant_type=refresh_token&client_id=c&client_secret=s&refresh_token=r"});
  EXPECT_EQ(parse_json(token.body)->at("access_token"), "sandbox-token");
}

TEST(GoogleQuery, ReadsWhatItIsWrittenLike) {
  const Result<google::Query> query = google::parse_query(
      "SELECT campaign.id, metrics.clicks FROM campaign WHERE segments.date BETWEEN '2026-01-01' "
      "AND "
      "\"2026-01-09\" AND campaign.status IN ('ENABLED','PAUSED') ORDER BY campaign.id LIMIT 7 "
      "PARAMETERS include_drafts=true");
  ASSERT_TRUE(query.has_value()) << query.error().message;
  EXPECT_EQ(query->fields.size(), 2U);
  ASSERT_EQ(query->conditions.size(), 2U);
  EXPECT_EQ(query->conditions[0].values, (std::vector<std::string>{"2026-01-01", "2026-01-09"}));
  EXPECT_EQ(query->conditions[1].values, (std::vector<std::string>{"ENABLED", "PAUSED"}));
  EXPECT_EQ(query->limit, 7U);
  for (const char* broken :
       {"", "SELECT", "SELECT a FROM", "SELECT a FROM b WHERE", "SELECT a FROM b WHERE c ~ 1",
        "SELECT a FROM b LIMIT 0", "SELECT a FROM b nonsense", "SELECT a FROM b WHERE c IN (1"}) {
    const Result<google::Query> wrong = google::parse_query(broken);
    EXPECT_FALSE(wrong.has_value()) << broken;
  }
}

}  // namespace
}  // namespace rf::sim
