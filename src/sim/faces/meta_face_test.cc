#include "sim/faces/meta_face.h"

#include <map>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/faces/arrived.h"
#include "sim/faces/direct_client.h"

namespace rf::sim {
namespace {

using ::testing::HasSubstr;

// One Meta account whose ads ran for ten days, and its face.
class Meta : public ::testing::Test {
 protected:
  Meta() { open({}); }

  void open(FaceRules rules, const WorldSpec& spec = small()) {
    face_.reset();
    box_ = std::move(Sandbox::make(spec, clock_)).value();
    box_->run_days(10);
    face_ = std::make_unique<MetaFace>(*box_, std::move(rules));
    account_ = "act_" + box_->account_number(0);
  }

  static WorldSpec small() {
    return {.days = 14, .accounts = {{.concepts = 2, .ads_per_concept = 3}}};
  }

  net::Response call(std::string method, const std::string& target, std::string body = "") {
    return face_->answer({.method = std::move(method),
                          .target = target,
                          .headers = {{"host", "127.0.0.1:9"},
                                      {"content-type", "application/json"},
                                      {"authorization", "Bearer sandbox-token"}},
                          .body = std::move(body)});
  }

  JsonObject get(const std::string& path) { return body_of(call("GET", "/v24.0/" + path, "{}")); }
  JsonObject post(const std::string& path, const std::string& body) {
    return body_of(call("POST", "/v24.0/" + path, body));
  }

  static JsonObject body_of(const net::Response& response) {
    Result<Json> json = parse_json(response.body);
    EXPECT_TRUE(json.has_value()) << response.body;
    return json.has_value() && json->is_object() ? json->as_object() : JsonObject();
  }

  static std::int64_t error_code(const JsonObject& body) {
    const Json* error = body.if_contains("error");
    return error == nullptr ? 0 : error->at("code").to_number<std::int64_t>();
  }

  static std::string text(const Json& value) { return std::string(value.as_string()); }

  ManualClock clock_{Instant(std::chrono::seconds(1'800'000'000))};
  std::unique_ptr<Sandbox> box_;
  std::unique_ptr<MetaFace> face_;
  std::string account_;
};

TEST_F(Meta, PagesHoldEachAdOnceAndNextLeadsToTheOwnHost) {
  std::set<std::string> seen;
  std::string path = account_ + "/ads?fields=id,name,creative{id}&limit=4";
  for (int pages = 0; pages < 5 && !path.empty(); ++pages) {
    const JsonObject body = get(path);
    for (const Json& ad : body.at("data").as_array())
      EXPECT_TRUE(seen.insert(text(ad.at("id"))).second);
    const Json* next = body.at("paging").as_object().if_contains("next");
    if (next == nullptr) break;
    EXPECT_THAT(text(*next), HasSubstr("http://127.0.0.1:9/v24.0/act_"));
    path = text(*next).substr(std::string("http://127.0.0.1:9/v24.0/").size());
  }
  EXPECT_EQ(seen.size(), box_->ads().size());
  EXPECT_EQ(face_->book().breaches(), 0);
}

TEST_F(Meta, InsightsOfAdsSumToTheWorldsBooks) {
  const JsonObject body =
      get(account_ +
          "/insights?level=ad&fields=ad_id,spend,impressions,actions&date_preset=maximum"
          "&time_increment=1&limit=5000");
  std::int64_t impressions = 0;
  for (const Json& row : body.at("data").as_array()) {
    impressions += std::strtoll(text(row.at("impressions")).c_str(), nullptr, 10);
  }
  std::int64_t expected = 0;
  for (const AdBook& ad : box_->ads()) {
    for (const AdDay& day : box_->world().days_of(ad.world_ad)) {
      expected += day.counts.or_zero(Metric::impressions);
    }
  }
  EXPECT_EQ(impressions, expected);
  EXPECT_GT(impressions, 0);
}

TEST_F(Meta, PartsOfABreakdownSumToTheWhole) {
  const auto total = [&](const std::string& more) {
    std::int64_t clicks = 0;
    const JsonObject body =
        get(account_ + "/insights?level=account&fields=clicks&date_preset=last_7d" + more);
    for (const Json& row : body.at("data").as_array()) {
      clicks += std::strtoll(text(row.at("clicks")).c_str(), nullptr, 10);
    }
    return clicks;
  };
  EXPECT_GT(total(""), 0);
  EXPECT_EQ(total(""), total("&breakdowns=age,gender"));
  EXPECT_EQ(total(""), total("&breakdowns=[\"publisher_platform\"]"));
}

TEST_F(Meta, ABudgetWriteTakesEffectFromTheNextDayOn) {
  const AdSetBook adset = box_->adsets()[0];
  const auto doubled =
      std::strtoll(text(get(adset.id + "?fields=daily_budget").at("daily_budget")).c_str(), nullptr,
                   10) *
      2;
  EXPECT_EQ(post(adset.id, fmt::format(R"({{"daily_budget":{},"id":"{}"}})", doubled, adset.id)),
            (JsonObject{{"success", true}}));
  EXPECT_EQ(text(get(adset.id + "?fields=daily_budget").at("daily_budget")),
            fmt::format("{}", doubled));
  const auto spent = [&] {
    const JsonObject body =
        get(adset.id + "/insights?level=adset&fields=spend&date_preset=yesterday");
    return std::strtod(text(body.at("data").as_array().at(0).at("spend")).c_str(), nullptr);
  };
  const double before = spent();
  box_->run_days(1);
  EXPECT_GT(spent(), before * 1.6);
}

TEST_F(Meta, APausedAdStopsAndAFifthBudgetStepInAnHourIsRefused) {
  const AdBook ad = box_->ads()[0];
  post(ad.id, R"({"status":"PAUSED"})");
  const std::size_t days = box_->world().days_of(ad.world_ad).size();
  box_->run_days(3);
  EXPECT_EQ(box_->world().days_of(ad.world_ad).size(), days);
  EXPECT_EQ(text(get(ad.id + "?fields=effective_status").at("effective_status")), "PAUSED");

  const std::string adset = box_->adsets()[1].id;
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(error_code(post(adset, fmt::format(R"({{"daily_budget":{}}})", 20000 + i))), 0);
  }
  EXPECT_EQ(error_code(post(adset, R"({"daily_budget":20009})")), 613);
  clock_.advance(std::chrono::hours(2));
  EXPECT_EQ(error_code(post(adset, R"({"daily_budget":20009})")), 0);
}

TEST_F(Meta, WhatThePlatformDoesNotKnowIsRefusedAndCounted) {
  EXPECT_EQ(error_code(get(account_ + "/adz")), 2500);
  EXPECT_EQ(error_code(get(account_ + "/ads?fields=id,nmae")), 100);
  EXPECT_EQ(error_code(get(account_ + "/ads?page=2")), 100);
  EXPECT_EQ(error_code(post(box_->ads()[0].id, R"({"status":"STOPPED"})")), 100);
  EXPECT_EQ(error_code(post(box_->adsets()[0].id, R"({"daily_budget":"ten"})")), 100);
  EXPECT_EQ(face_->book().breaches(), 5);
  // A budget that is too small is no breach of the contract.
  EXPECT_EQ(error_code(post(box_->adsets()[0].id, R"({"daily_budget":3})")), 100);
  EXPECT_EQ(face_->book().breaches(), 5);
}

TEST_F(Meta, TokensAreChecked) {
  const net::Response none = face_->answer({.method = "GET", .target = "/v24.0/me/adaccounts"});
  EXPECT_EQ(error_code(body_of(none)), 2500);
  const net::Response wrong =
      face_->answer({.method = "GET", .target = "/v24.0/me/adaccounts?access_token=x"});
  EXPECT_EQ(error_code(body_of(wrong)), 190);
  EXPECT_EQ(error_code(get("me/adaccounts?appsecret_proof=00")), 100);
  open({.faults = {.token_calls = 1}});
  EXPECT_EQ(error_code(get("me/adaccounts")), 0);
  EXPECT_EQ(error_code(get("me/adaccounts")), 190);
  face_->book().renew_token();
  EXPECT_EQ(error_code(get("me/adaccounts")), 0);
}

TEST_F(Meta, UsageRisesThrottlesAndDrains) {
  open({.calls_per_hour = 20});
  std::int64_t last = 0;
  for (int i = 0; i < 20; ++i) {
    const net::Response response = call("GET", "/v24.0/" + account_ + "?fields=name");
    ASSERT_EQ(response.status, 200);
    const Json usage = *parse_json(*response.headers.find("x-business-use-case-usage"));
    const auto used =
        usage.as_object().begin()->value().at(0).at("call_count").to_number<std::int64_t>();
    EXPECT_GT(used, last);
    last = used;
  }
  EXPECT_EQ(error_code(get(account_ + "?fields=name")), 80004);
  clock_.advance(std::chrono::minutes(30));
  EXPECT_EQ(error_code(get(account_ + "?fields=name")), 0);
}

TEST_F(Meta, AReportRunAnswersWhatTheQuestionAsked) {
  const JsonObject started =
      post(account_ + "/insights",
           R"({"level":"ad","date_preset":"last_7d","fields":"ad_id,spend","id":"x"})");
  const std::string run = text(started.at("report_run_id"));
  EXPECT_EQ(error_code(get(run + "/insights?limit=500")), 2601);
  std::string status;
  for (int i = 0; i < 5 && status != "Job Completed"; ++i) {
    status = text(get(run + "?fields=async_status,async_percent_completion").at("async_status"));
  }
  EXPECT_EQ(status, "Job Completed");
  EXPECT_EQ(get(run + "/insights?limit=500").at("data"),
            get(account_ + "/insights?level=ad&date_preset=last_7d&fields=ad_id,spend&limit=500")
                .at("data"));
}

TEST_F(Meta, AVideoBecomesAnAdThatIsReviewedAndRuns) {
  const std::string video = text(
      post(account_ + "/advideos", R"({"file_url":"http://127.0.0.1/x.mp4","name":"v"})").at("id"));
  const auto creative = [&] {
    return post(
        account_ + "/adcreatives",
        fmt::format(
            R"({{"name":"K","object_story_spec":{{"page_id":"5","video_data":{{"video_id":"{}","image_url":"u","message":"m"}}}}}})",
            video));
  };
  EXPECT_EQ(error_code(creative()), 100) << "not ready yet";
  for (int i = 0; i < 2; ++i) get(video + "?fields=status");
  const std::string made = text(creative().at("id"));
  const std::string ad = text(
      post(
          account_ + "/ads",
          fmt::format(
              R"({{"name":"A","adset_id":"{}","creative":{{"creative_id":"{}"}},"status":"PAUSED"}})",
              box_->adsets()[0].id, made))
          .at("id"));
  EXPECT_EQ(text(get(ad + "?fields=effective_status").at("effective_status")), "PAUSED");
  post(ad, R"({"status":"ACTIVE"})");
  EXPECT_EQ(text(get(ad + "?fields=effective_status").at("effective_status")), "PENDING_REVIEW");
  box_->run_days(3);
  EXPECT_EQ(text(get(ad + "?fields=effective_status").at("effective_status")), "ACTIVE");
  EXPECT_FALSE(box_->world().days_of(box_->ads().back().world_ad).empty());
  EXPECT_EQ(face_->book().breaches(), 0);
}

TEST_F(Meta, BothUploadFlowsTakePieces) {
  const JsonObject started = post(account_ + "/video_ads", R"({"upload_phase":"start"})");
  const std::string video = text(started.at("video_id"));
  const std::string url = text(started.at("upload_url"));
  const auto put = [&](std::string offset, std::string bytes) {
    return face_->answer({.method = "POST",
                          .target = url.substr(url.find("/rupload")),
                          .headers = {{"authorization", "OAuth sandbox-token"},
                                      {"offset", std::move(offset)},
                                      {"file_size", "6"}},
                          .body = std::move(bytes)});
  };
  EXPECT_EQ(put("0", "abc").status, 200);
  EXPECT_EQ(put("0", "abc").status, 400) << "an old offset";
  EXPECT_EQ(error_code(post(account_ + "/video_ads",
                            fmt::format(R"({{"upload_phase":"finish","video_id":"{}"}})", video))),
            100);
  EXPECT_EQ(put("3", "def").status, 200);
  EXPECT_EQ(error_code(post(account_ + "/video_ads",
                            fmt::format(R"({{"upload_phase":"finish","video_id":"{}"}})", video))),
            0);
  EXPECT_EQ(box_->assets()[*box_->find_asset(video)].bytes, "abcdef");
}

TEST_F(Meta, ABatchAnswersEachCallForItself) {
  const net::Response response = call(
      "POST", "/v24.0",
      fmt::format(
          R"({{"batch":[{{"method":"GET","relative_url":"{}?fields=name"}},{{"method":"POST","relative_url":"{}","body":"status=PAUSED"}},{{"method":"GET","relative_url":"77"}}]}})",
          account_, box_->ads()[0].id));
  const JsonArray answers = parse_json(response.body)->as_array();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(answers.at(0).at("code"), 200);
  EXPECT_EQ(answers.at(1).at("code"), 200);
  EXPECT_EQ(answers.at(2).at("code"), 400);
  EXPECT_EQ(box_->ads()[0].state, RunState::paused);
}

TEST_F(Meta, EventsAreCheckedTogetherAndCountedOnce) {
  const auto event = [&](const std::string& id, Instant at) {
    return fmt::format(
        R"({{"event_name":"Purchase","event_time":{},"event_id":"{}","action_source":"website","event_source_url":"https://s.example","user_data":{{"client_user_agent":"UA","em":["{}"]}},"custom_data":{{"value":9.5,"currency":"USD"}}}})",
        std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count(), id,
        std::string(64, 'a'));
  };
  const Instant now = box_->now();
  const auto send = [&](const std::string& events) {
    return post("9900/events", fmt::format(R"({{"data":[{}],"partner_agent":null}})", events));
  };
  EXPECT_EQ(send(event("1", now) + "," + event("2", now)).at("events_received"), 2);
  send(event("2", now));
  EXPECT_EQ(box_->events_kept(), 2);
  EXPECT_EQ(box_->events_doubled(), 1);
  // One that is too old spoils the other.
  EXPECT_EQ(error_code(send(event("3", now) + "," + event("4", now - std::chrono::hours(200)))),
            100);
  EXPECT_EQ(box_->events_kept(), 2);
}

TEST_F(Meta, FaultsFollowTheSeed) {
  const auto outcomes = [&](std::uint64_t seed) {
    open({.faults = {.seed = seed, .refused = 0.1, .lost_before = 0.1, .lost_after = 0.1}});
    std::vector<int> statuses;
    for (int i = 0; i < 60; ++i) {
      const std::string name = fmt::format(R"({{"name":"n{}"}})", i);
      statuses.push_back(call("POST", "/v24.0/" + box_->ads()[0].id, name).status);
    }
    return std::pair(statuses, box_->writes().size());
  };
  const auto [first, writes] = outcomes(5);
  EXPECT_EQ(outcomes(5), std::pair(first, writes));
  EXPECT_NE(outcomes(6).first, first);
  // Some of the lost ones took effect.
  EXPECT_GT(writes, static_cast<std::size_t>(std::ranges::count(first, 200)));
}

}  // namespace
}  // namespace rf::sim
