// A sync that is killed, and one within a small budget of calls.

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/accounts.h"
#include "api/sync.h"
#include "net/client.h"
#include "net/server.h"
#include "sim/faces/direct_client.h"
#include "sim/faces/meta_face.h"
#include "store/sqlite.h"
#include "store/store_testing.h"

namespace rf::api {
namespace {

const SyncInput kFourWeeks{.account = {}, .days = 28, .conversion = "", .split = {}};

// A Meta account of some hundred ads, and what a user has in front of it.
class BigSync : public testing::Test {
 protected:
  void open(std::int64_t ads, double calls_per_hour) {
    const sim::WorldSpec spec{.days = 30,
                              .accounts = {{.concepts = ads / 10, .ads_per_concept = 10}}};
    box_ = std::move(sim::Sandbox::make(spec, wall_)).value();
    box_->run_days(28);
    face_ =
        std::make_unique<sim::MetaFace>(*box_, sim::FaceRules{.calls_per_hour = calls_per_hour});
  }

  net::Response answer(const net::Request& request) {
    ++calls_;
    net::Response response = face_->answer(request);
    // Meta's own codes of a limit that was passed.
    if (response.body.find("\"code\":80000") != std::string::npos ||
        response.body.find("\"code\":80004") != std::string::npos)
      ++refused_;
    return response;
  }

  std::unique_ptr<Services> services(net::HttpClient& http) {
    auto made =
        std::make_unique<Services>(folder_.file("store.db"), open_sqlite, *clock_, progress_);
    made->set_reach({.http = [&http] { return &http; },
                     .wait =
                         [this](Duration duration) {
                           wall_.advance(duration);
                           clock_->advance(duration);
                           return true;
                         },
                     .secret = [](std::string_view name) { return secret(name); }});
    return made;
  }

  Status connect(Services& services, const std::string& url) {
    RF_TRY(accounts_connect({.platform = "meta",
                             .account = box_->account_number(0),
                             .secrets = "",
                             .base_url = url,
                             .api_version = "",
                             .login = ""},
                            services));
    return {};
  }

  // The secret is only right without a proof of it.
  static std::string secret(std::string_view name) {
    return name == "REELFORGE_META_ACCESS_TOKEN" ? "sandbox-token" : "";
  }

  std::int64_t rows_in_the_world() const {
    std::int64_t rows = 0;
    for (const sim::AdBook& ad : box_->ads()) {
      for (const sim::AdDay& day : box_->world().days_of(ad.world_ad)) {
        // Today is one of the 28 days and has no row yet.
        rows += day.day >= box_->today() - Days(27) && day.counts.or_zero(Metric::impressions) > 0
                    ? 1
                    : 0;
      }
    }
    return rows;
  }

  TemporaryFolder folder_;
  ManualClock wall_{Instant(std::chrono::seconds(1'800'000'000))};
  std::unique_ptr<ManualClock> clock_;
  std::unique_ptr<sim::Sandbox> box_;
  std::unique_ptr<sim::MetaFace> face_;
  NoProgress progress_;
  // Of each week: the rows' pages, then the account's total.
  static constexpr std::int64_t kDeadlyPage = 13;
  std::atomic<std::int64_t> pages_ = 0;
  std::atomic<std::int64_t> calls_ = 0;
  std::atomic<std::int64_t> refused_ = 0;
};

TEST_F(BigSync, StaysWithinTheAccountsCallsAndWaitsForMore) {
  open(1500, 60);
  clock_ = std::make_unique<ManualClock>(box_->now());
  const Instant begun = clock_->now();
  sim::DirectClient http([this](const net::Request& request) { return answer(request); });
  const std::unique_ptr<Services> user = services(http);
  ASSERT_TRUE(connect(*user, "http://127.0.0.1:9"));
  const auto synced = sync(kFourWeeks, *user);
  ASSERT_TRUE(synced) << synced.error().message;
  ASSERT_TRUE(synced->failed.empty()) << synced->failed.front().message;
  EXPECT_EQ(synced->accounts.front().rows, rows_in_the_world());
  EXPECT_EQ(synced->accounts.front().completeness, 1);
  EXPECT_EQ(refused_, 0);
  EXPECT_GT(calls_, 60);
  EXPECT_GT(clock_->now() - begun, std::chrono::minutes(20));
}

// The one who syncs is a process of its own and dies of SIGKILL in the middle of its third week.
TEST_F(BigSync, GoesOnAfterItWasKilled) {
  open(300, 100'000);
  clock_ = std::make_unique<ManualClock>(box_->now());
  std::array<int, 2> pipe_ends{};
  ASSERT_EQ(::pipe(pipe_ends.data()), 0);
  // Forked before the server has threads.
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    int port = 0;
    if (::read(pipe_ends[0], &port, sizeof port) != sizeof port) ::_exit(3);
    const auto http = net::open_client({});
    const std::unique_ptr<Services> user = services(*http);
    if (!connect(*user, fmt::format("http://127.0.0.1:{}", port))) ::_exit(4);
    ::_exit(sync(kFourWeeks, *user).has_value() ? 0 : 5);
  }
  std::atomic<bool> deadly = true;
  SystemClock system;
  auto server = net::start_server(
                    {.threads = 1, .workers = 1}, net::Handler([&](const net::Request& request) {
                      const bool page = request.target.find("/insights") != std::string::npos;
                      if (page && deadly && ++pages_ == kDeadlyPage) ::kill(child, SIGKILL);
                      return answer(request);
                    }),
                    system)
                    .value();
  const int port = server->port();
  ASSERT_EQ(::write(pipe_ends[1], &port, sizeof port), static_cast<ssize_t>(sizeof port));
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
  deadly = false;
  const std::int64_t before = calls_;
  const auto http = net::open_client({});
  const std::unique_ptr<Services> user = services(*http);
  const auto rest = sync(kFourWeeks, *user);
  ASSERT_TRUE(rest) << rest.error().message;
  const SyncedAccount& view = rest->accounts.front();
  EXPECT_EQ(view.resumed, 14);
  EXPECT_EQ(view.ads, std::ssize(box_->ads()));
  EXPECT_LT(view.rows, rows_in_the_world());
  // Half of the weeks, and neither campaigns nor ads again.
  EXPECT_LT(calls_ - before, before);
  Store* store = user->store().value();
  ASSERT_TRUE(store->remember(box_->world().scene().accounts[0].account.id));
  std::int64_t days = 0;
  const auto totals =
      store->totals(box_->world().scene().accounts[0].account.id, Level::ad).value();
  for (const EntityTotals& each : totals) days += each.days;
  EXPECT_EQ(days, rows_in_the_world());
}

}  // namespace
}  // namespace rf::api
