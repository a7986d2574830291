// Connecting and syncing, against the sandbox's own Meta.

#include "api/sync.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/accounts.h"
#include "api/report.h"
#include "api/turn.h"
#include "platform/meta.h"
#include "sim/faces/direct_client.h"
#include "sim/faces/meta_face.h"
#include "store/sqlite.h"

namespace rf::api {
namespace {

using testing::HasSubstr;
using testing::Not;

// A Meta account of the sandbox whose ads ran for some weeks, and a store to bring it into.
class Sync : public testing::Test {
 protected:
  void open(sim::FaceRules rules = {}, std::int64_t days = 21) {
    rules.calls_per_hour = 100'000;
    const sim::WorldSpec spec{.days = days + 5,
                              .accounts = {{.concepts = 3, .ads_per_concept = 3}}};
    box_ = std::move(sim::Sandbox::make(spec, sandbox_clock_)).value();
    box_->run_days(days);
    face_ = std::make_unique<sim::MetaFace>(*box_, std::move(rules));
    http_ = std::make_unique<sim::DirectClient>([this](const net::Request& request) {
      ++calls_;
      if (break_off_at_ > 0 && calls_ >= break_off_at_)
        return net::Response{.status = net::kNoAnswer, .headers = {}, .body = ""};
      return face_->answer(request);
    });
    clock_ = std::make_unique<ManualClock>(box_->now());
    account_ = "meta:" + box_->account_number(0);
    services_ = services();
  }

  std::unique_ptr<Services> services() {
    auto made = std::make_unique<Services>(store_path_, open_sqlite, *clock_, progress_);
    made->set_reach({.http = [this] { return http_.get(); },
                     .wait =
                         [this](Duration duration) {
                           clock_->advance(duration);
                           return true;
                         },
                     .secret =
                         [](std::string_view name) {
                           return name == "REELFORGE_META_ACCESS_TOKEN"
                                      ? std::string("sandbox-token")
                                      : "";
                         }});
    return made;
  }

  Result<AccountsConnectOutput> connect(const std::string& secrets = "") {
    return accounts_connect({.platform = "meta",
                             .account = "",
                             .secrets = secrets,
                             .base_url = "http://127.0.0.1:9",
                             .api_version = "v24.0",
                             .login = ""},
                            *services_);
  }

  // Impressions and spend of the world's own books, of days that reports reach.
  std::pair<std::int64_t, std::int64_t> truth() {
    std::int64_t impressions = 0;
    std::int64_t spend = 0;
    for (const sim::AdBook& ad : box_->ads()) {
      for (const sim::AdDay& day : box_->world().days_of(ad.world_ad)) {
        impressions += day.counts.or_zero(Metric::impressions);
        spend += day.counts.or_zero(Metric::spend);
      }
    }
    return {impressions, spend};
  }

  std::pair<std::int64_t, std::int64_t> stored() {
    Store* store = services_->store().value();
    EXPECT_TRUE(store->remember({account_}));
    std::int64_t impressions = 0;
    std::int64_t spend = 0;
    const auto totals = store->totals({account_}, Level::ad);
    for (const EntityTotals& each : totals.value()) {
      impressions += each.counts.or_zero(Metric::impressions);
      spend += each.counts.or_zero(Metric::spend);
    }
    return {impressions, spend};
  }

  void TearDown() override { std::filesystem::remove(store_path_); }

  std::string store_path_ = testing::TempDir() + "sync_" +
                            testing::UnitTest::GetInstance()->current_test_info()->name() + ".db";
  ManualClock sandbox_clock_{Instant(std::chrono::seconds(1'800'000'000))};
  std::unique_ptr<ManualClock> clock_;
  std::unique_ptr<sim::Sandbox> box_;
  std::unique_ptr<sim::MetaFace> face_;
  std::unique_ptr<sim::DirectClient> http_;
  std::unique_ptr<Services> services_;
  NoProgress progress_;
  std::string account_;
  std::int64_t calls_ = 0;
  std::int64_t break_off_at_ = -1;
};

TEST_F(Sync, TheStoreHoldsWhatTheWorldsBooksSayAndATurnWorksOnIt) {
  open();
  const auto connected = connect();
  ASSERT_TRUE(connected) << connected.error().message;
  ASSERT_EQ(connected->accounts.size(), 1U);
  EXPECT_EQ(connected->accounts.front().account, account_);
  EXPECT_EQ(connected->accounts.front().secrets, "environment");

  const auto synced = sync({.account = {}, .days = 28, .conversion = "", .split = {}}, *services_);
  ASSERT_TRUE(synced) << synced.error().message;
  ASSERT_TRUE(synced->failed.empty()) << synced->failed.front().message;
  const SyncedAccount& view = synced->accounts.front();
  EXPECT_EQ(view.ads, std::ssize(box_->ads()));
  EXPECT_EQ(view.completeness, 1);
  EXPECT_EQ(view.rows, view.added);
  EXPECT_EQ(stored(), truth());
  EXPECT_EQ(face_->book().breaches(), 0);

  const auto turned = turn({.account = {}}, *services_);
  ASSERT_TRUE(turned) << turned.error().message;
  // Every ad that was ever seen is judged.
  EXPECT_EQ(std::ssize(turned->plan.items),
            std::ssize(services_->store().value()->totals({account_}, Level::ad).value()));
  EXPECT_GT(std::ssize(turned->plan.items), view.ads / 2);
  EXPECT_EQ(turned->plan.conversion_event, "purchases");

  const auto listed = accounts_list({}, *services_);
  ASSERT_TRUE(listed);
  EXPECT_TRUE(listed->accounts.front().synced_at);
  const auto tested = accounts_test({.account = {}}, *services_);
  ASSERT_TRUE(tested) << tested.error().message;
  EXPECT_GT(tested->accounts.front().campaigns, 0);
}

TEST_F(Sync, ASecondSyncBringsOnlyWhatWasRestated) {
  open();
  ASSERT_TRUE(connect());
  ASSERT_TRUE(sync({.account = {}, .days = 28, .conversion = "", .split = {}}, *services_));
  box_->run_days(1);
  clock_->advance(std::chrono::hours(24));
  const auto again = sync({.account = {}, .days = 28, .conversion = "", .split = {}}, *services_);
  ASSERT_TRUE(again) << again.error().message;
  const SyncedAccount& view = again->accounts.front();
  EXPECT_EQ(view.rows, view.added + view.restated + view.unchanged);
  EXPECT_GT(view.added, 0);
  EXPECT_GT(view.restated, 0);
  EXPECT_GT(view.unchanged, 0);
  EXPECT_EQ(stored(), truth());
}

TEST_F(Sync, GoesOnWhereItWasCutOff) {
  open();
  ASSERT_TRUE(connect());
  calls_ = 0;
  break_off_at_ = 11;
  const SyncInput input{.account = {}, .days = 28, .conversion = "", .split = {}};
  const auto cut = sync(input, *services_);
  ASSERT_TRUE(cut) << cut.error().message;
  ASSERT_EQ(cut->failed.size(), 1U);
  EXPECT_EQ(cut->failed.front().code, "unavailable");
  break_off_at_ = -1;
  services_ = services();
  const auto rest = sync(input, *services_);
  ASSERT_TRUE(rest) << rest.error().message;
  EXPECT_GT(rest->accounts.front().resumed, 0);
  EXPECT_EQ(cut->accounts.front().rows + rest->accounts.front().rows, [&] {
    std::int64_t rows = 0;
    for (const sim::AdBook& ad : box_->ads()) {
      for (const sim::AdDay& day : box_->world().days_of(ad.world_ad))
        rows += day.counts.or_zero(Metric::impressions) > 0 ? 1 : 0;
    }
    return rows;
  }());
  EXPECT_EQ(stored(), truth());
}

TEST_F(Sync, BearsATenthOfCallsFailing) {
  sim::FaceRules rules;
  rules.faults = {
      .seed = 7, .refused = 0.05, .throttled = 0.02, .lost_before = 0.02, .lost_after = 0.01};
  open(rules);
  Result<AccountsConnectOutput> connected = connect();
  ASSERT_TRUE(connected) << connected.error().message;
  const auto synced = sync({.account = {}, .days = 28, .conversion = "", .split = {}}, *services_);
  ASSERT_TRUE(synced) << synced.error().message;
  ASSERT_TRUE(synced->failed.empty()) << synced->failed.front().message;
  EXPECT_EQ(stored(), truth());
}

TEST_F(Sync, AnAnswerThatIsCutShortIsNotKept) {
  sim::FaceRules rules;
  rules.faults = {.seed = 7, .cut_short = 1};
  open(rules);
  // The list of accounts would be cut short as well, so this one is named.
  const std::string number = account_.substr(5);
  ASSERT_TRUE(accounts_connect({.platform = "meta",
                                .account = number,
                                .secrets = "",
                                .base_url = "http://127.0.0.1:9",
                                .api_version = "",
                                .login = ""},
                               *services_));
  const auto synced = sync({.account = {}, .days = 7, .conversion = "", .split = {}}, *services_);
  ASSERT_FALSE(synced);
  EXPECT_EQ(synced.error().code, ErrorCode::unavailable);
  EXPECT_THAT(synced.error().message, HasSubstr("not kept"));
}

TEST_F(Sync, SecretsComeFromAFileThatOnlyTheOwnerReads) {
  namespace fs = std::filesystem;
  open();
  const std::string path = testing::TempDir() + "sync_secrets.toml";
  std::ofstream(path) << "meta_access_token = \"sandbox-token\"\n";
  fs::permissions(path, fs::perms::owner_read | fs::perms::group_read);
  auto connected = connect(path);
  ASSERT_FALSE(connected);
  EXPECT_EQ(connected.error().code, ErrorCode::denied);
  EXPECT_THAT(connected.error().message, Not(HasSubstr("sandbox-token")));
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  connected = connect(path);
  ASSERT_TRUE(connected) << connected.error().message;
  const Json kept = services_->store().value()->document({}, "connections").value().value();
  EXPECT_THAT(to_text(kept), Not(HasSubstr("sandbox-token")));
  fs::remove(path);
}

TEST_F(Sync, ATokenGoesOverAnOpenLineToThisMachineOnly) {
  open();
  for (const char* url : {"http://graph.example", "http://127.0.0.1.evil.example", "ftp://x"}) {
    const auto connected = accounts_connect({.platform = "meta",
                                             .account = "",
                                             .secrets = "",
                                             .base_url = url,
                                             .api_version = "",
                                             .login = ""},
                                            *services_);
    ASSERT_FALSE(connected) << url;
    EXPECT_EQ(connected.error().code, ErrorCode::invalid);
  }
  EXPECT_EQ(calls_, 0);
}

TEST_F(Sync, WithoutASecretItSaysWhichOnesItLooksFor) {
  open();
  const auto connected = accounts_connect({.platform = "google",
                                           .account = "",
                                           .secrets = "",
                                           .base_url = "",
                                           .api_version = "",
                                           .login = ""},
                                          *services_);
  ASSERT_FALSE(connected);
  EXPECT_EQ(connected.error().code, ErrorCode::denied);
  EXPECT_THAT(connected.error().message, HasSubstr("REELFORGE_GOOGLE_DEVELOPER_TOKEN"));
}

}  // namespace
}  // namespace rf::api
