#include "sim/faces/tiktok_face.h"

#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/md5.h"
#include "sim/faces/arrived.h"

namespace rf::sim {
namespace {

// One TikTok account whose ads ran for ten days, and its face.
class Tiktok : public ::testing::Test {
 protected:
  Tiktok() { open({}); }

  void open(FaceRules rules) {
    face_.reset();
    const WorldSpec spec{.days = 14, .accounts = {{.platform = Platform::tiktok, .concepts = 2}}};
    box_ = std::move(Sandbox::make(spec, clock_)).value();
    box_->run_days(10);
    face_ = std::make_unique<TiktokFace>(*box_, std::move(rules));
    advertiser_ = box_->account_number(0);
  }

  net::Response call(std::string method, const std::string& path, std::string body,
                     std::string type = "application/json") {
    return face_->answer(
        {.method = std::move(method),
         .target = "/open_api/v1.3/" + path,
         .headers = {{"content-type", std::move(type)}, {"access-token", "sandbox-token"}},
         .body = std::move(body)});
  }

  static JsonObject body_of(const net::Response& response) {
    Result<Json> json = parse_json(response.body);
    EXPECT_TRUE(json.has_value()) << response.body;
    return json.has_value() && json->is_object() ? json->as_object() : JsonObject();
  }

  JsonObject get(const std::string& path) { return body_of(call("GET", path, "")); }
  JsonObject post(const std::string& path, const std::string& body) {
    return body_of(call("POST", path, body));
  }
  // A body with the advertiser, and what is given.
  std::string with(const std::string& more) {
    return fmt::format(R"({{"advertiser_id":"{}",{}}})", advertiser_, more);
  }

  std::string report_path(const std::string& more) {
    return fmt::format(
        "report/integrated/get/?advertiser_id={}&report_type=BASIC&data_level=AUCTION_AD"
        "&start_date={}&end_date={}&{}",
        advertiser_, to_iso(box_->world().scene().first_day), to_iso(box_->today()), more);
  }

  static std::int64_t code(const JsonObject& body) {
    return body.at("code").to_number<std::int64_t>();
  }
  static std::string text(const Json& value) { return std::string(value.as_string()); }

  ManualClock clock_{Instant(std::chrono::seconds(1'800'000'000))};
  std::unique_ptr<Sandbox> box_;
  std::unique_ptr<TiktokFace> face_;
  std::string advertiser_;
};

TEST_F(Tiktok, ReportPagesSumToTheWorldsBooks) {
  std::int64_t impressions = 0;
  std::int64_t rows = 0;
  for (int page = 1; page < 20; ++page) {
    const JsonObject body = get(report_path(fmt::format(
        R"(dimensions=["ad_id","stat_time_day"]&metrics=["spend","impressions"]&page={}&page_size=7)",
        page)));
    ASSERT_EQ(code(body), 0);
    for (const Json& row : body.at("data").at("list").as_array()) {
      impressions += std::strtoll(text(row.at("metrics").at("impressions")).c_str(), nullptr, 10);
      ++rows;
    }
    if (page == body.at("data").at("page_info").at("total_page")) break;
  }
  std::int64_t expected = 0;
  std::int64_t days = 0;
  for (const AdBook& ad : box_->ads()) {
    for (const AdDay& day : box_->world().days_of(ad.world_ad)) {
      expected += day.counts.or_zero(Metric::impressions);
      ++days;
    }
  }
  EXPECT_EQ(impressions, expected);
  EXPECT_EQ(rows, days);
  EXPECT_EQ(face_->book().breaches(), 0);
}

TEST_F(Tiktok, TheSlashAtTheEndIsAPartOfThePath) {
  const net::Response response = call("GET", "campaign/get?advertiser_id=" + advertiser_, "");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(face_->book().breaches(), 1);
}

TEST_F(Tiktok, WhatThePlatformDoesNotKnowIsRefusedAndCounted) {
  EXPECT_EQ(code(get("ad/get/?advertiser_id=" + advertiser_ + "&limit=3")), 40002);
  EXPECT_EQ(code(get("ad/get/?advertiser_id=" + advertiser_ + R"(&fields=["ad_id","x"])")), 40002);
  EXPECT_EQ(code(get(report_path(R"(dimensions=["ad_id"]&metrics=["spends"])"))), 40002);
  EXPECT_EQ(code(post("ad/status/update/", with(R"("ad_ids":["1"],"operation_status":"STOP")"))),
            40002);
  EXPECT_EQ(face_->book().breaches(), 4);
  EXPECT_EQ(code(get("ad/get/?advertiser_id=1")), 40001);
  EXPECT_EQ(code(post("adgroup/update/", with(R"("adgroup_id":"1","budget":30)"))), 40002);
  EXPECT_EQ(face_->book().breaches(), 4) << "a missing object is no breach of the contract";
}

TEST_F(Tiktok, WritesTakeEffect) {
  const std::string group = box_->adsets()[0].id;
  EXPECT_EQ(code(post("adgroup/update/",
                      with(fmt::format(R"("adgroup_id":"{}","budget":123.45)", group)))),
            0);
  EXPECT_EQ(to_decimal(*box_->adsets()[0].daily_budget), "123.45");
  EXPECT_EQ(
      code(post("adgroup/update/", with(fmt::format(R"("adgroup_id":"{}","budget":3)", group)))),
      40002);
  EXPECT_EQ(code(post("ad/status/update/",
                      with(fmt::format(R"("ad_ids":["{}"],"operation_status":"DISABLE")",
                                       box_->ads()[0].id)))),
            0);
  const JsonObject body = get(
      "ad/get/?advertiser_id=" + advertiser_ +
      fmt::format(
          R"(&fields=["ad_id","operation_status","secondary_status"]&filtering={{"ad_ids":["{}"]}})",
          box_->ads()[0].id));
  const JsonArray& list = body.at("data").at("list").as_array();
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].at("operation_status"), "DISABLE");
  EXPECT_EQ(list[0].at("secondary_status"), "AD_STATUS_DISABLE");
}

TEST_F(Tiktok, ARepeatedRequestIdMakesOneCampaign) {
  const std::string body = with(
      R"("campaign_name":"C","objective_type":"WEB_CONVERSIONS","budget_mode":"BUDGET_MODE_INFINITE","request_id":"17")");
  EXPECT_EQ(code(post("campaign/create/", body)), 0);
  EXPECT_EQ(code(post("campaign/create/", body)), 40050);
  clock_.advance(std::chrono::seconds(11));
  EXPECT_EQ(code(post("campaign/create/", body)), 0);
  EXPECT_EQ(box_->campaigns().size(), 3U);
}

TEST_F(Tiktok, AVideoIsTakenOnlyWithItsSum) {
  const auto upload = [&](const std::string& sum, const std::string& name) {
    std::string body;
    const auto add = [&](const std::string& field, const std::string& more,
                         const std::string& value) {
      body += fmt::format("--B\r\nContent-Disposition: form-data; name=\"{}\"{}\r\n\r\n{}\r\n",
                          field, more, value);
    };
    add("advertiser_id", "", advertiser_);
    add("file_name", "", name);
    add("upload_type", "", "UPLOAD_BY_FILE");
    add("video_file", "; filename=\"video_file\"\r\nContent-Type: application/octet-stream",
        std::string("\0\r\nxyz", 6));
    add("video_signature", "", sum);
    return body_of(call("POST", "file/video/ad/upload/", body + "--B--\r\n",
                        "multipart/form-data; boundary=B"));
  };
  EXPECT_EQ(code(upload("0", "a.mp4")), 40900);
  const JsonObject done = upload(md5_hex(std::string_view("\0\r\nxyz", 6)), "a.mp4");
  EXPECT_EQ(code(done), 0);
  EXPECT_TRUE(done.at("data").is_array());
  EXPECT_EQ(code(upload(md5_hex(std::string_view("\0\r\nxyz", 6)), "a.mp4")), 40911);
  EXPECT_EQ(face_->book().breaches(), 0);
}

TEST_F(Tiktok, AReportTaskGoesThroughItsStates) {
  const std::string body = with(fmt::format(
      R"("report_type":"BASIC","data_level":"AUCTION_AD","dimensions":["ad_id"],"metrics":["spend"],"start_date":"{}","end_date":"{}")",
      to_iso(box_->world().scene().first_day), to_iso(box_->today())));
  const std::string task = text(post("report/task/create/", body).at("data").at("task_id"));
  const std::string query = fmt::format("?advertiser_id={}&task_id={}", advertiser_, task);
  std::vector<std::string> states;
  states.reserve(3);
  for (int i = 0; i < 3; ++i) {
    states.push_back(text(get("report/task/check/" + query).at("data").at("status")));
  }
  EXPECT_EQ(states, (std::vector<std::string>{"QUEUING", "PROCESSING", "SUCCESS"}));
  const std::string csv = call("GET", "report/task/download/" + query, "").body;
  EXPECT_TRUE(csv.starts_with("ad_id,spend\n")) << csv;
  EXPECT_EQ(std::ranges::count(csv, '\n'), 1 + std::ssize(box_->ads()));
}

TEST_F(Tiktok, OneBadEventDoesNotSpoilTheOthers) {
  const auto event = [&](const std::string& id, std::int64_t age_h) {
    return fmt::format(
        R"({{"event":"Purchase","event_time":{},"event_id":"{}","user":{{}},"properties":{{}}}})",
        std::chrono::floor<std::chrono::seconds>(box_->now() - std::chrono::hours(age_h))
            .time_since_epoch()
            .count(),
        id);
  };
  const JsonObject body =
      post("event/track/",
           fmt::format(R"({{"event_source":"web","event_source_id":"P","data":[{},{}]}})",
                       event("1", 1), event("2", 300)));
  EXPECT_EQ(code(body), 20001);
  EXPECT_EQ(box_->events_kept(), 1);
}

}  // namespace
}  // namespace rf::sim
