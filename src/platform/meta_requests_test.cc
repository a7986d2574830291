// Our requests to Meta beside those of its own client.

#include "platform/meta_requests.h"

#include <gtest/gtest.h>

#include "platform/script_for_test.h"

namespace rf::platform {
namespace {

constexpr const char* kRecording = "meta.jsonl";

MetaRequests requests(std::string secret = "") {
  return MetaRequests({.graph_url = "http://127.0.0.1:18080",
                       .version = "v24.0",
                       .accounts = {},
                       .access_token = Secret("TOKEN"),
                       .app_secret = Secret(std::move(secret)),
                       .window = ""});
}

Day day(std::string_view iso) { return parse_day(iso).value(); }

// The vendor's client sends the token in the query; ours in a header.
void expect_equal(const net::Request& request, Parts theirs) {
  const Parts ours = parts_of(request);
  theirs.query.erase("access_token");
  EXPECT_EQ(ours.method, theirs.method);
  EXPECT_EQ(ours.path, theirs.path);
  EXPECT_EQ(ours.query, theirs.query);
  const bool has_body = ours.method == "POST";  // The client's GET carries an empty object.
  EXPECT_EQ(to_text(ours.body), has_body ? to_text(theirs.body) : "null");
  EXPECT_EQ(request.headers.find("Authorization"), "Bearer TOKEN");
  EXPECT_EQ(request.target.find("TOKEN"), std::string::npos);
}

TEST(MetaRequests, ChangesAreThoseOfTheVendorsClient) {
  if (recorded(kRecording).empty()) GTEST_SKIP() << "no recordings here";
  expect_equal(requests().change("2", "", 1800), *recorded_like(kRecording, "POST", "/2"));
  expect_equal(requests().change("4", "PAUSED", 0), *recorded_like(kRecording, "POST", "/4"));
}

TEST(MetaRequests, ReportsAreAskedForAsTheVendorsClientDoes) {
  if (recorded(kRecording).empty()) GTEST_SKIP() << "no recordings here";
  const std::string run = "6023920149050";
  expect_equal(requests().report_state(run), *recorded_like(kRecording, "GET", "/" + run));
  expect_equal(requests().report_page(run, ""),
               *recorded_like(kRecording, "GET", "/" + run + "/insights"));
}

TEST(MetaRequests, InsightsHaveTheVendorsKeysAndTypes) {
  const auto theirs = recorded_like(kRecording, "GET", "/act_1/insights");
  if (!theirs) GTEST_SKIP() << "no recordings here";
  const MetaInsightsCall call{.node = "act_1",
                              .level = Level::ad,
                              .from = day("2026-11-01"),
                              .to = day("2026-11-07"),
                              .fields = meta_insights_fields(Level::ad),
                              .breakdowns = {},
                              .window = "7d_click"};
  const Parts ours = parts_of(requests().insights(call, ""));
  expect_same_types(ours, *theirs);
  EXPECT_EQ(ours.path, theirs->path);
  for (const char* same : {"level", "time_range", "time_increment"})
    EXPECT_EQ(ours.query.at(same), theirs->query.at(same)) << same;
  // Documented in the client's types and not in the recording.
  Parts rest = ours;
  for (const auto& [key, value] : theirs->query) rest.query.erase(key);
  EXPECT_EQ(rest.query,
            (std::map<std::string, std::string>{{"use_unified_attribution_setting", "false"}}));

  const Parts next = parts_of(requests().insights(call, "MAZDZD"));
  EXPECT_EQ(next.query.at("after"), "MAZDZD");
}

TEST(MetaRequests, AReportsBodyHasTheVendorsKeysAndTypes) {
  const auto theirs = recorded_like(kRecording, "POST", "/act_1/insights");
  if (!theirs) GTEST_SKIP() << "no recordings here";
  const MetaInsightsCall call{.node = "act_1",
                              .level = Level::ad,
                              .from = day("2026-11-01"),
                              .to = day("2026-11-07"),
                              .fields = "ad_id,spend",
                              .breakdowns = {"age"},
                              .window = ""};
  const Parts ours = parts_of(requests().start_report(call));
  EXPECT_EQ(ours.path, theirs->path);
  EXPECT_EQ(to_text(ours.body),
            R"({"level":"ad","time_range":{"since":"2026-11-01","until":"2026-11-07"},)"
            R"("time_increment":1,"breakdowns":["age"],"use_unified_attribution_setting":true,)"
            R"("fields":"ad_id,spend","id":"act_1"})");
  for (const char* same : {"level", "fields", "id"})
    EXPECT_EQ(ours.body.at(same), theirs->body.at(same)) << same;
}

// Golden value of the vendor's client.
TEST(MetaRequests, TheProofIsTheTokenUnderTheAppsSecret) {
  const Parts parts = parts_of(requests("SECRET").node("act_1", "name"));
  EXPECT_EQ(parts.query.at("appsecret_proof"),
            "9bcde7f1d5e226d86e4692a62e5ec88f99306fb302d74b2dc3bff8a03770b63d");
}

}  // namespace
}  // namespace rf::platform
