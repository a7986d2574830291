// Our clients against the sandbox's platforms: in one process, and over HTTP.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/client.h"
#include "net/server.h"
#include "platform/meta.h"
#include "platform/tiktok.h"
#include "sim/faces/direct_client.h"
#include "sim/faces/meta_face.h"
#include "sim/faces/tiktok_face.h"

namespace rf::api {
namespace {

using platform::Secret;

constexpr std::int64_t kDays = 21;

// One account of one platform whose ads ran for some weeks.
class OnFace : public testing::Test {
 protected:
  void open(Platform platform, sim::FaceRules rules = {}) {
    rules.calls_per_hour = 100'000;
    const sim::WorldSpec spec{
        .days = kDays + 5,
        .accounts = {{.platform = platform, .concepts = 3, .ads_per_concept = 3}}};
    box_ = std::move(sim::Sandbox::make(spec, sandbox_clock_)).value();
    box_->run_days(kDays);
    if (platform == Platform::meta) {
      meta_ = std::make_unique<sim::MetaFace>(*box_, std::move(rules));
    } else {
      tiktok_ = std::make_unique<sim::TiktokFace>(*box_, std::move(rules));
    }
    handler_ = [this](const net::Request& request) {
      return meta_ ? meta_->answer(request) : tiktok_->answer(request);
    };
    direct_ = std::make_unique<sim::DirectClient>(handler_);
    clock_ = std::make_unique<ManualClock>(box_->now());
    number_ = box_->account_number(0);
  }

  platform::Line line(net::HttpClient& http) {
    return {.http = &http, .clock = clock_.get(), .wait = [this](Duration duration) {
              clock_->advance(duration);
              return true;
            }};
  }

  std::unique_ptr<AdPlatform> meta(net::HttpClient& http, const std::string& url) {
    platform::MetaSettings settings;
    settings.graph_url = url;
    settings.accounts = {number_};
    settings.access_token = Secret("sandbox-token");
    settings.app_secret = Secret("sandbox-secret");
    return platform::open_meta(settings, line(http)).value();
  }

  std::unique_ptr<AdPlatform> tiktok() {
    platform::TiktokSettings settings;
    settings.base_url = "http://127.0.0.1:9";
    settings.accounts = {number_};
    settings.access_token = Secret("sandbox-token");
    return platform::open_tiktok(settings, line(*direct_)).value();
  }

  InsightsRequest everything() const {
    const Day today = box_->today();
    return {.level = Level::ad,
            .from = today - Days(kDays + 5),
            .to = today,
            .breakdowns = {},
            .conversion = ""};
  }

  std::int64_t impressions_in_the_books() const {
    std::int64_t impressions = 0;
    for (const sim::AdBook& ad : box_->ads()) {
      for (const sim::AdDay& day : box_->world().days_of(ad.world_ad))
        impressions += day.counts.or_zero(Metric::impressions);
    }
    return impressions;
  }

  std::int64_t impressions_of(AdPlatform& platform, const InsightsRequest& request) {
    std::int64_t impressions = 0;
    const auto summary = platform.insights({number_}, request, [&](const MetricRow& row) -> Status {
      impressions += row.counts.or_zero(Metric::impressions);
      return {};
    });
    EXPECT_TRUE(summary) << summary.error().message;
    EXPECT_EQ(summary ? summary->completeness : 0, 1);
    return impressions;
  }

  // Budget and status of the first ad set and its ad are changed, read back, and written once each.
  void change_and_read_back(AdPlatform& platform) {
    const sim::AdSetBook adset = box_->adsets().at(0);
    const auto before = platform.read({number_}, Level::adset, adset.id);
    ASSERT_TRUE(before) << before.error().message;
    ASSERT_TRUE(before->daily_budget);
    EXPECT_EQ(*before->daily_budget, *adset.daily_budget);
    const std::size_t written = box_->writes().size();
    Money raised = *before->daily_budget;
    raised.micros = raised.micros / 100'000'000 * 110'000'000 + 10'000'000;
    const Status budget = platform.change(
        {number_}, {.level = Level::adset, .id = adset.id, .status = {}, .daily_budget = raised});
    ASSERT_TRUE(budget) << budget.error().message;
    EXPECT_EQ(platform.read({number_}, Level::adset, adset.id)->daily_budget->micros,
              raised.micros);
    const std::string ad = box_->ads().at(0).id;
    const Status paused = platform.change(
        {number_}, {.level = Level::ad, .id = ad, .status = RunStatus::paused, .daily_budget = {}});
    ASSERT_TRUE(paused) << paused.error().message;
    const auto read = platform.read({number_}, Level::ad, ad);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->status, RunStatus::paused);
    EXPECT_FALSE(read->delivers);
    EXPECT_EQ(box_->writes().size(), written + 2);
  }

  ManualClock sandbox_clock_{Instant(std::chrono::seconds(1'800'000'000))};
  std::unique_ptr<ManualClock> clock_;
  std::unique_ptr<sim::Sandbox> box_;
  std::unique_ptr<sim::MetaFace> meta_;
  std::unique_ptr<sim::TiktokFace> tiktok_;
  net::Handler handler_;
  std::unique_ptr<sim::DirectClient> direct_;
  std::string number_;
};

TEST_F(OnFace, MetaIsReadAndChangedWithoutABreach) {
  open(Platform::meta);
  auto meta = this->meta(*direct_, "http://127.0.0.1:9");
  EXPECT_EQ(impressions_of(*meta, everything()), impressions_in_the_books());
  for (Level level : {Level::campaign, Level::adset, Level::ad})
    EXPECT_TRUE(meta->entities({number_}, level));
  EXPECT_TRUE(meta->smallest_budget({number_}).value());
  InsightsRequest split = everything();
  split.breakdowns = {"gender", "age"};
  EXPECT_EQ(impressions_of(*meta, split), impressions_in_the_books());
  change_and_read_back(*meta);
  EXPECT_EQ(meta_->book().breaches(), 0);
}

TEST_F(OnFace, MetaOverHttpIsTheSame) {
  open(Platform::meta);
  SystemClock clock;
  auto server = net::start_server({}, handler_, clock);
  ASSERT_TRUE(server) << server.error().message;
  auto http = net::open_client({});
  auto meta = this->meta(*http, "http://127.0.0.1:" + std::to_string((*server)->port()));
  EXPECT_EQ(impressions_of(*meta, everything()), impressions_in_the_books());
  change_and_read_back(*meta);
  EXPECT_EQ(meta_->book().breaches(), 0);
}

TEST_F(OnFace, TiktokIsReadAndChangedWithoutABreach) {
  open(Platform::tiktok);
  auto tiktok = this->tiktok();
  const auto accounts = tiktok->accounts();
  ASSERT_TRUE(accounts) << accounts.error().message;
  EXPECT_EQ(impressions_of(*tiktok, everything()), impressions_in_the_books());
  for (Level level : {Level::campaign, Level::adset, Level::ad}) {
    const auto entities = tiktok->entities({number_}, level);
    EXPECT_TRUE(entities) << entities.error().message;
  }
  change_and_read_back(*tiktok);
  EXPECT_EQ(tiktok_->book().breaches(), 0);
}

// A lost answer is told as such and not asked for again: it is for the caller to read back.
TEST_F(OnFace, NoWriteHappensTwiceThoughAnswersAreLost) {
  for (const Platform platform : {Platform::meta, Platform::tiktok}) {
    meta_.reset();
    tiktok_.reset();
    sim::FaceRules rules;
    rules.faults = {.seed = 3, .lost_before = 0.2, .lost_after = 0.2};
    open(platform, rules);
    auto client = platform == Platform::meta ? meta(*direct_, "http://127.0.0.1:9") : tiktok();
    std::size_t changes = 0;
    for (const sim::AdBook& ad : box_->ads()) {
      const std::size_t before = box_->writes().size();
      const Status done = client->change(
          {number_},
          {.level = Level::ad, .id = ad.id, .status = RunStatus::paused, .daily_budget = {}});
      EXPECT_TRUE(done || done.error().code == ErrorCode::outcome_unknown);
      const auto read = client->read({number_}, Level::ad, ad.id);
      ASSERT_TRUE(read) << read.error().message;
      const bool happened = read->status == RunStatus::paused;
      EXPECT_LE(box_->writes().size(), before + 1);
      EXPECT_TRUE(!done || happened);
      if (happened) ++changes;
    }
    EXPECT_GT(changes, 0U);
  }
}

}  // namespace
}  // namespace rf::api
