// Meta's client against a script: what it reads, how it goes on, what it says when it cannot.

#include "platform/meta.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/script_for_test.h"

namespace rf::platform {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kAccount =
    R"({"account_id":"1","name":"Shop","currency":"USD","timezone_name":"Europe/Berlin","id":"act_1"})";
constexpr const char* kRow =
    R"({"ad_id":"17","ad_name":"Ad one","adset_id":"2","adset_name":"Set","campaign_id":"3",
 "campaign_name":"C","account_currency":"USD","date_start":"2026-11-01","date_stop":"2026-11-01",
 "attribution_setting":"7d_click_or_1d_view","impressions":"10412","reach":"8711","clicks":"301",
 "inline_link_clicks":"188","spend":"123.45","outbound_clicks":[{"action_type":"outbound_click","value":"150"}],
 "actions":[{"action_type":"video_view","value":"4120"},{"action_type":"purchase","value":"7"},
  {"action_type":"omni_purchase","value":"7"},{"action_type":"offsite_conversion.fb_pixel_purchase","value":"6"},
  {"action_type":"link_click","value":"188"},{"action_type":"landing_page_view","value":"120"}],
 "action_values":[{"action_type":"omni_purchase","value":"512.30"},{"action_type":"purchase","value":"512.30"}],
 "video_play_actions":[{"action_type":"video_view","value":"9803"}],
 "video_p25_watched_actions":[{"action_type":"video_view","value":"2890"}],
 "video_thruplay_watched_actions":[{"action_type":"video_view","value":"1312"}],
 "video_avg_time_watched_actions":[{"action_type":"video_view","value":"5"}]})";

std::string page(const std::string& rows, const std::string& after = "") {
  const std::string paging = after.empty()
                                 ? R"({"cursors":{"after":"END"}})"
                                 : R"({"cursors":{"after":")" + after +
                                       R"("},"next":"https://evil.example/?access_token=T"})";
  return R"({"data":[)" + rows + R"(],"paging":)" + paging + "}";
}

std::unique_ptr<AdPlatform> client(const Line& line, MetaSettings settings = {}) {
  settings.access_token = Secret("EAAsecret");
  settings.graph_url = "http://127.0.0.1:1";
  settings.accounts = {"act_1"};
  return open_meta(settings, line).value();
}

InsightsRequest november(std::string_view from = "2026-11-01", std::string_view to = "2026-11-02") {
  return {.level = Level::ad,
          .from = parse_day(from).value(),
          .to = parse_day(to).value(),
          .breakdowns = {},
          .conversion = ""};
}

Result<std::vector<MetricRow>> rows_of(AdPlatform& platform, const InsightsRequest& request,
                                       InsightsSummary* summary = nullptr) {
  std::vector<MetricRow> rows;
  Result<InsightsSummary> done =
      platform.insights({"meta:1"}, request, [&](const MetricRow& row) -> Status {
        rows.push_back(row);
        return {};
      });
  if (!done) return std::move(done).error();
  if (summary != nullptr) *summary = *done;
  return rows;
}

// Every call of insights begins with the account, for its currency, and ends with its total.
TEST(Meta, ARowIsWhatAnExportOfItWouldBe) {
  ScriptedLine script;
  script.http.answer(kAccount);
  script.http.answer(page(kRow));
  script.http.answer(R"({"data":[{"impressions":"10412"}]})");
  auto meta = client(script.line());
  InsightsSummary summary;
  const auto rows = rows_of(*meta, november(), &summary);
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_EQ(rows->size(), 1U);
  const MetricRow& row = rows->front();
  EXPECT_EQ(to_iso(row.day), "2026-11-01");
  EXPECT_EQ(row.attribution, "7-day click or 1-day view");
  EXPECT_EQ(row.conversion_event, "purchases");
  EXPECT_EQ(row.breakdown_kind, "");
  EXPECT_EQ(id_of(row.entity).text, "ad:17");
  EXPECT_EQ(row.entity.adset_name, "Set");
  const auto is = [&](Metric metric, std::int64_t value) {
    EXPECT_EQ(row.counts.get(metric), value) << info_of(metric).name;
  };
  is(Metric::spend, 123'450'000);
  is(Metric::impressions, 10'412);
  is(Metric::link_clicks, 188);
  is(Metric::outbound_clicks, 150);
  is(Metric::video_3s, 4'120);
  is(Metric::video_plays, 9'803);
  is(Metric::video_p50, 0);
  is(Metric::watch_time_ms, 49'015'000);
  is(Metric::purchases, 7'000'000);
  is(Metric::conversions, 7'000'000);
  is(Metric::conversion_value, 512'300'000);
  EXPECT_EQ(summary.completeness, 1);
  EXPECT_THAT(summary.notices, ElementsAre(HasSubstr("omni_purchase (1 rows)")));
}

TEST(Meta, APurchaseUnderThreeNamesIsOnePurchase) {
  ScriptedLine script;
  script.http.answer(kAccount);
  std::string row = kRow;
  row.replace(row.find("omni_purchase"), 13, "onsite_web_purchase");
  script.http.answer(page(row));
  script.http.answer(R"({"data":[]})");
  auto meta = client(script.line());
  const auto rows = rows_of(*meta, november());
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ(rows->front().counts.get(Metric::purchases), 7'000'000);
}

TEST(Meta, AnAdWithoutAFilmSaysNothingOfFilms) {
  ScriptedLine script;
  script.http.answer(kAccount);
  script.http.answer(page(
      R"({"ad_id":"17","adset_id":"2","campaign_id":"3","date_start":"2026-11-01","date_stop":"2026-11-01","impressions":"10","spend":"0"})"));
  script.http.answer(R"({"data":[]})");
  auto meta = client(script.line());
  const auto rows = rows_of(*meta, november());
  ASSERT_TRUE(rows) << rows.error().message;
  const Counts& counts = rows->front().counts;
  EXPECT_FALSE(counts.has(Metric::video_plays));
  EXPECT_FALSE(counts.has(Metric::video_3s));
  EXPECT_EQ(counts.get(Metric::conversions), 0);
  EXPECT_EQ(counts.get(Metric::link_clicks), 0);
}

TEST(Meta, PagesFollowTheCursorAndNeverAnAddressInAnAnswer) {
  ScriptedLine script;
  script.http.answer(kAccount);
  script.http.answer(page(kRow, "CUR"));
  script.http.answer(page(""));
  script.http.answer(R"({"data":[{"impressions":"20824"}]})");
  auto meta = client(script.line());
  InsightsSummary summary;
  ASSERT_TRUE(rows_of(*meta, november(), &summary));
  EXPECT_EQ(summary.completeness, 0.5);
  EXPECT_EQ(parts_of(script.http.asked.at(2)).query.at("after"), "CUR");
  for (const net::Request& request : script.http.asked) {
    EXPECT_TRUE(request.target.starts_with("http://127.0.0.1:1/v25.0/")) << request.target;
    EXPECT_THAT(request.target, Not(HasSubstr("EAAsecret")));
  }
}

TEST(Meta, ACursorThatStandsStillIsCorrupt) {
  ScriptedLine script;
  script.http.answer(kAccount);
  script.http.answer(page(kRow, "CUR"));
  script.http.answer(page(kRow, "CUR"));
  auto meta = client(script.line());
  const auto rows = rows_of(*meta, november());
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, ErrorCode::corrupt);
}

TEST(Meta, ManyDaysAreAReportThatIsWaitedFor) {
  ScriptedLine script;
  script.http.answer(kAccount);
  script.http.answer(R"({"report_run_id":"602"})");
  script.http.answer(R"({"id":"602","async_status":"Job Running","async_percent_completion":40})");
  script.http.answer(
      R"({"id":"602","async_status":"Job Completed","async_percent_completion":100})");
  script.http.answer(page(kRow));
  script.http.answer(R"({"data":[{"impressions":"10412"}]})");
  auto meta = client(script.line());
  const auto rows = rows_of(*meta, november("2026-11-01", "2026-11-28"));
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ(rows->size(), 1U);
  EXPECT_EQ(script.waited, std::chrono::seconds(5));
  EXPECT_EQ(parts_of(script.http.asked.at(4)).path, "/v25.0/602/insights");
}

TEST(Meta, WhatIsTooMuchForOneAnswerBecomesAReport) {
  ScriptedLine script;
  script.http.answer(kAccount);
  script.http.answer(R"({"error":{"message":"too long","code":100,"error_subcode":1504018}})", 400);
  script.http.answer(R"({"report_run_id":"602"})");
  script.http.answer(
      R"({"id":"602","async_status":"Job Completed","async_percent_completion":100})");
  script.http.answer(page(kRow));
  script.http.answer(R"({"data":[]})");
  auto meta = client(script.line());
  const auto rows = rows_of(*meta, november());
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ(rows->size(), 1U);
}

TEST(Meta, EntitiesComeWithBudgetLearningAndIssues) {
  ScriptedLine script;
  script.http.answer(kAccount);
  script.http.answer(page(
      R"({"id":"2","name":" Set\u0000A ","campaign_id":"3","status":"ACTIVE","effective_status":"CAMPAIGN_PAUSED",
 "daily_budget":"1800","lifetime_budget":"0","attribution_spec":[{"event_type":"CLICK_THROUGH","window_days":7},{"event_type":"VIEW_THROUGH","window_days":1}],
 "learning_stage_info":{"status":"FAIL"},"issues_info":[{"level":"AD_SET","error_code":1,"error_summary":"Low","error_message":"audience too small"}]})"));
  auto meta = client(script.line());
  const auto found = meta->entities({"meta:1"}, Level::adset);
  ASSERT_TRUE(found) << found.error().message;
  const EntityState& state = found->at(0);
  EXPECT_EQ(state.entity.adset_name, "Set A");
  EXPECT_EQ(state.status, RunStatus::active);
  EXPECT_FALSE(state.delivers);
  EXPECT_EQ(state.daily_budget->micros, 18'000'000);
  EXPECT_FALSE(state.lifetime_budget);
  EXPECT_EQ(state.learning, LearningStage::limited);
  EXPECT_EQ(state.attribution, "7-day click or 1-day view");
  EXPECT_THAT(state.issues, ElementsAre("Low: audience too small"));
}

// Source: Marketing API, currencies: the yen's offset is 1, the dollar's 100.
TEST(Meta, BudgetsAreWrittenInTheCurrencysOwnSteps) {
  const auto written = [](std::string_view code, std::string_view decimal) {
    ScriptedLine script;
    std::string account = kAccount;
    account.replace(account.find("USD"), 3, code);
    script.http.answer(account);
    script.http.answer(R"({"success":true})");
    auto meta = client(script.line());
    const Currency currency = Currency::parse(code).value();
    const Status done =
        meta->change({"meta:1"}, {.level = Level::adset,
                                  .id = "2",
                                  .status = {},
                                  .daily_budget = parse_money(decimal, currency).value()});
    return done ? script.http.asked.back().body : std::string(to_string(done.error().code));
  };
  EXPECT_EQ(written("USD", "18"), R"({"daily_budget":1800,"id":"2"})");
  EXPECT_EQ(written("USD", "0.29"), R"({"daily_budget":29,"id":"2"})");
  EXPECT_EQ(written("JPY", "1500"), R"({"daily_budget":1500,"id":"2"})");
  EXPECT_EQ(written("JPY", "1500.5"), "invalid");
  EXPECT_EQ(written("USD", "18.005"), "invalid");
  EXPECT_EQ(written("USD", "0"), "invalid");
}

TEST(Meta, AWriteIsAskedForOnceAndItsLostAnswerIsToldAsSuch) {
  for (const bool answered : {false, true}) {
    ScriptedLine script;
    if (answered) {
      script.http.answer(R"({"error":{"message":"Service down","code":2}})", 500);
    } else {
      script.http.break_off(ErrorCode::outcome_unknown);
    }
    auto meta = client(script.line());
    const Status done = meta->change(
        {"meta:1"},
        {.level = Level::ad, .id = "4", .status = RunStatus::paused, .daily_budget = {}});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::outcome_unknown);
    EXPECT_EQ(script.http.asked.size(), 1U);
  }
}

TEST(Meta, AChangeThatMetaHoldsForDoneIsToBeReadBack) {
  ScriptedLine script;
  script.http.answer(R"({"error":{"message":"Duplicate","code":506}})", 400);
  auto meta = client(script.line());
  const Status done = meta->change(
      {"meta:1"}, {.level = Level::ad, .id = "4", .status = RunStatus::paused, .daily_budget = {}});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::outcome_unknown);
}

TEST(Meta, APassingErrorOfAReadIsWaitedOut) {
  ScriptedLine script;
  script.http.answer("<html>502</html>", 502);
  script.http.break_off(ErrorCode::outcome_unknown);
  script.http.answer(kAccount);
  auto meta = client(script.line());
  EXPECT_TRUE(meta->accounts());
  EXPECT_EQ(script.http.asked.size(), 3U);
}

struct ErrorCase {
  std::string error;
  ErrorCode code;
  std::string words;
};

TEST(Meta, EachErrorSaysWhatToDo) {
  const std::vector<ErrorCase> cases{
      {R"("code":190,"error_subcode":463)", ErrorCode::denied, "fresh access token"},
      {R"("code":190,"error_subcode":459)", ErrorCode::denied, "log in to Facebook"},
      {R"("code":200)", ErrorCode::denied, "ads_read"},
      {R"("code":368)", ErrorCode::denied, "Account Quality"},
      {R"("code":100,"error_subcode":33)", ErrorCode::not_found, "no access"},
      {R"("code":100)", ErrorCode::invalid, "code 100"},
      {R"("code":1487390)", ErrorCode::invalid, "1487390"},
      {R"("code":17,"error_subcode":2446079)", ErrorCode::throttled,
       "throttled until 2026-11-21T05:13:53Z"},
      {R"("code":613,"error_subcode":1487632)", ErrorCode::throttled, "four budget changes"},
      {R"("code":2635)", ErrorCode::unsupported, "newer"},
  };
  for (const ErrorCase& each : cases) {
    for (const int status : {200, 400}) {
      ScriptedLine script;
      script.http.answer(R"({"error":{"message":"token EAAsecret said\nno",)" + each.error + "}}",
                         status);
      auto meta = client(script.impatient());
      const auto accounts = meta->accounts();
      ASSERT_FALSE(accounts) << each.error;
      EXPECT_EQ(accounts.error().code, each.code) << each.error;
      EXPECT_THAT(accounts.error().message, HasSubstr(each.words));
      EXPECT_THAT(accounts.error().message, Not(HasSubstr("EAAsecret")));
    }
  }
}

TEST(Meta, AnErrorsHeadersSayUntilWhenAndOtherUseCasesGoOn) {
  ScriptedLine script;
  script.http.answer(kAccount);
  script.http.answer(
      R"({"error":{"message":"too many","code":80000}})", 400,
      {{"X-Business-Use-Case-Usage",
        R"({"1":[{"type":"ads_insights","call_count":100,"total_cputime":25,"total_time":25,"estimated_time_to_regain_access":19}]})"}});
  auto meta = client(script.impatient());
  auto rows = rows_of(*meta, november());
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, ErrorCode::throttled);
  EXPECT_THAT(rows.error().message, HasSubstr("throttled until 2026-11-21T05:27:53Z"));
  // Nothing is sent before that, and what is counted elsewhere is.
  rows = rows_of(*meta, november());
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, ErrorCode::throttled);
  EXPECT_EQ(script.http.asked.size(), 2U);
  script.http.answer(kAccount);
  EXPECT_TRUE(meta->accounts());
  script.clock.advance(std::chrono::minutes(19));
  script.http.answer(page(""));
  script.http.answer(R"({"data":[]})");
  EXPECT_TRUE(rows_of(*meta, november()));
}

TEST(Meta, ThePlaceOfWhatIsWrongIsNamed) {
  const auto told = [](const std::string& from, const std::string& to) {
    ScriptedLine script;
    script.http.answer(kAccount);
    std::string row = kRow;
    row.replace(row.find(from), from.size(), to);
    script.http.answer(page(row));
    auto meta = client(script.line());
    const auto rows = rows_of(*meta, november());
    return rows ? std::string() : rows.error().message;
  };
  EXPECT_THAT(
      told(R"("spend":"123.45")", R"("spend":{})"),
      HasSubstr("meta insights: data[0].spend: found an object, expected a decimal number"));
  EXPECT_THAT(told(R"("impressions":"10412")", R"("impressions":"10.5")"),
              HasSubstr("not a whole"));
  EXPECT_THAT(told(R"("reach":"8711")", R"("reach":"-1")"), HasSubstr("reach is negative"));
  EXPECT_THAT(told("2026-11-01", "2026-11-09"), HasSubstr("data[0]"));
  EXPECT_THAT(told(R"("account_currency":"USD")", R"("account_currency":"EUR")"),
              HasSubstr("amounts are in EUR"));
  EXPECT_THAT(told("omni_purchase", "purchase"), HasSubstr("names 'purchase' twice"));
}

}  // namespace
}  // namespace rf::platform
