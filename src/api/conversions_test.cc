// Orders taken in, told on against the sandbox's own Meta and TikTok, and shown beside the ads.

#include "api/conversions.h"

#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/accounts.h"
#include "api/events.h"
#include "api/order_join.h"
#include "loop/order_arrivals.h"
#include "sim/faces/direct_client.h"
#include "sim/faces/meta_face.h"
#include "sim/faces/tiktok_face.h"
#include "store/sqlite.h"
#include "store/store_testing.h"

namespace rf::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class Conversions : public testing::Test {
 protected:
  void open(sim::FaultPlan faults = {}) {
    const sim::WorldSpec spec{
        .days = 10,
        .accounts = {{.concepts = 2, .ads_per_concept = 2},
                     {.platform = Platform::tiktok, .concepts = 2, .ads_per_concept = 2}}};
    box_ = std::move(sim::Sandbox::make(spec, wall_)).value();
    box_->run_days(5);
    const sim::FaceRules rules{.faults = faults, .calls_per_hour = 100'000};
    meta_ = std::make_unique<sim::MetaFace>(*box_, rules);
    tiktok_ = std::make_unique<sim::TiktokFace>(*box_, rules);
    http_ = std::make_unique<sim::DirectClient>([this](const net::Request& request) {
      ++calls_;
      if (down_) return net::Response{.status = net::kNoAnswer, .headers = {}, .body = ""};
      return request.target.starts_with("/open_api") ? tiktok_->answer(request)
                                                     : meta_->answer(request);
    });
    clock_ = std::make_unique<ManualClock>(box_->now());
    services_ =
        std::make_unique<Services>(folder_.file("store.db"), open_sqlite, *clock_, progress_);
    services_->set_reach({.http = [this] { return http_.get(); },
                          .wait =
                              [this](Duration duration) {
                                clock_->advance(duration);
                                return true;
                              },
                          .secret =
                              [](std::string_view name) {
                                return std::string(name.ends_with("_ACCESS_TOKEN") ? "sandbox-token"
                                                                                   : "");
                              }});
  }

  void connect() {
    for (std::size_t account = 0; account < 2; ++account) {
      ASSERT_TRUE(accounts_connect({.platform = account == 0 ? "meta" : "tiktok",
                                    .account = box_->account_number(account),
                                    .secrets = "",
                                    .base_url = "http://127.0.0.1:9",
                                    .api_version = "",
                                    .login = ""},
                                   *services_));
    }
  }

  std::string meta_account() const { return fmt::format("meta:{}", box_->account_number(0)); }
  std::string tiktok_account() const { return fmt::format("tiktok:{}", box_->account_number(1)); }

  // `rows` are "id,hours ago,value,extra…" without the shop's constant columns.
  std::string orders(const std::vector<std::string>& ids, std::int64_t hours_ago = 2) {
    std::string path = folder_.file("orders.csv");
    std::ofstream file(path);
    file
        << "Order ID,Created At,Total,Currency,Email,Phone,User Agent,Page,Ad ID,Clicked at,Mood\n";
    for (const std::string& id : ids) {
      file << id << ',' << to_rfc3339(clock_->now() - std::chrono::hours(hours_ago))
           << ",12.50,USD," << id
           << "@example.com,+1 650 555-1212,Mozilla/5.0,https://shop.example/thanks,"
           << box_->ads()[0].id << ','
           << to_rfc3339(clock_->now() - std::chrono::hours(hours_ago + 30)) << ",fine\n";
    }
    return path;
  }

  ConversionsSendOutput send(const std::string& account, const std::string& pixel) {
    Result<ConversionsSendOutput> sent =
        conversions_send({.account = account, .pixel = pixel}, *services_);
    EXPECT_TRUE(sent) << sent.error().message;
    return sent ? *sent : ConversionsSendOutput();
  }

  TemporaryFolder folder_;
  ManualClock wall_{Instant(std::chrono::seconds(1'800'000'000))};
  std::unique_ptr<ManualClock> clock_;
  std::unique_ptr<sim::Sandbox> box_;
  std::unique_ptr<sim::MetaFace> meta_;
  std::unique_ptr<sim::TiktokFace> tiktok_;
  std::unique_ptr<sim::DirectClient> http_;
  std::unique_ptr<Services> services_;
  NoProgress progress_;
  std::int64_t calls_ = 0;
  bool down_ = false;
};

TEST_F(Conversions, AnOrderIsTakenInOnceAndNobodyCanBeReadFromIt) {
  open();
  const auto first = conversions_import({.file = orders({"a", "b", "a"})}, *services_);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->rows, 3);
  EXPECT_EQ(first->added, 2);
  EXPECT_EQ(first->known, 1);
  EXPECT_THAT(first->ignored, ElementsAre("Mood"));
  const auto second = conversions_import({.file = orders({"b", "c"})}, *services_);
  EXPECT_EQ(second->added, 1);
  const auto tail = events_tail({}, *services_);
  ASSERT_THAT(tail->events, SizeIs(3));
  EXPECT_EQ(tail->events[2].key, "Purchase/c");
  const std::string body = to_text(tail->events[0].body);
  EXPECT_THAT(body, Not(HasSubstr("example.com\"")));
  EXPECT_THAT(body, Not(HasSubstr("650")));
  EXPECT_THAT(body, HasSubstr("e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176"));
}

TEST_F(Conversions, ARowThatIsNoOrderIsNamedAndTheOthersAreTaken) {
  open();
  const std::string path = folder_.file("orders.csv");
  std::ofstream(path)
      << "id;date;value;currency\n1;2026-03-02 10:00:07;1.5;EUR\n;2026-03-02;1;EUR\n"
         "3;yesterday-ish;1;EUR\n4;2026-03-02;1;Euro\n";
  const auto taken = conversions_import({.file = path, .time_zone = "Europe/Berlin"}, *services_);
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_EQ(taken->added, 1);
  EXPECT_EQ(taken->refused, 3);
  ASSERT_THAT(taken->refusals, SizeIs(3));
  EXPECT_EQ(taken->refusals[0].line, 3);
  EXPECT_EQ(to_rfc3339(events_tail({}, *services_)->events[0].happened), "2026-03-02T09:00:07Z");
  std::ofstream(path) << "name,when\nx,y\n";
  EXPECT_EQ(conversions_import({.file = path}, *services_).error().code, ErrorCode::invalid);
}

TEST_F(Conversions, EachPlatformHearsOfEachOrderOnceAndKnowsTheCustomerByItsOwnHash) {
  open();
  connect();
  ASSERT_TRUE(conversions_import({.file = orders({"a", "b", "c"})}, *services_));
  EXPECT_EQ(send(meta_account(), "9900").sent, 3);
  EXPECT_EQ(send(meta_account(), "9900").due, 0);
  EXPECT_EQ(send(tiktok_account(), "C9900").sent, 3);
  EXPECT_EQ(box_->events_kept(), 6);
  EXPECT_EQ(box_->events_doubled(), 0);
  EXPECT_EQ(meta_->book().breaches(), 0);
  EXPECT_EQ(tiktok_->book().breaches(), 0);
  const auto tail = events_tail({}, *services_);
  ASSERT_THAT(tail->destinations, SizeIs(2));
  EXPECT_EQ(tail->destinations[0].sent, 3);
}

TEST_F(Conversions, WhatIsTooOldIsRefusedAloneAndTheRestIsSent) {
  open();
  connect();
  ASSERT_TRUE(conversions_import({.file = orders({"old"}, 24 * 7 + 1)}, *services_));
  ASSERT_TRUE(conversions_import({.file = orders({"new"})}, *services_));
  const ConversionsSendOutput sent = send(meta_account(), "9900");
  EXPECT_EQ(sent.sent, 1);
  EXPECT_EQ(sent.refused, 1);
  ASSERT_THAT(sent.reasons, SizeIs(1));
  EXPECT_EQ(sent.reasons[0].order, "Purchase/old");
  EXPECT_THAT(sent.reasons[0].reason, HasSubstr("older than 7 days"));
}

TEST_F(Conversions, LostAnswersAreAskedForAgainWithinTwoDaysAndNeverLater) {
  open();
  connect();
  ASSERT_TRUE(conversions_import({.file = orders({"a", "b"})}, *services_));
  down_ = true;
  EXPECT_EQ(send(meta_account(), "9900").unknown, 2);
  down_ = false;
  EXPECT_EQ(send(meta_account(), "9900").sent, 2);
  EXPECT_EQ(send(meta_account(), "9900").due, 0);
  ASSERT_TRUE(conversions_import({.file = orders({"c"})}, *services_));
  down_ = true;
  EXPECT_EQ(send(meta_account(), "9900").unknown, 1);
  down_ = false;
  clock_->advance(std::chrono::hours(49));
  const std::int64_t before = calls_;
  const ConversionsSendOutput late = send(meta_account(), "9900");
  EXPECT_EQ(late.refused, 1);
  EXPECT_THAT(late.reasons[0].reason, HasSubstr("48 hours"));
  EXPECT_EQ(calls_, before);
}

TEST_F(Conversions, TenthsOfCallsFailingNothingIsLostOrCountedTwice) {
  open({.seed = 5, .refused = 0.1, .lost_before = 0.1, .lost_after = 0.1});
  connect();
  std::vector<std::string> ids;
  ids.reserve(2500);
  for (int i = 0; i < 2500; ++i) ids.push_back(fmt::format("o{}", i));
  ASSERT_TRUE(conversions_import({.file = orders(ids)}, *services_));
  for (int i = 0; i < 20 && send(meta_account(), "9900").due > 0; ++i) {
  }
  EXPECT_EQ(box_->events_kept(), 2500);
  EXPECT_EQ(events_tail({}, *services_)->destinations[0].sent, 2500);
}

TEST_F(Conversions, ADryRunAsksNobody) {
  open();
  connect();
  ASSERT_TRUE(conversions_import({.file = orders({"a"})}, *services_));
  const std::int64_t before = calls_;
  EXPECT_EQ(
      conversions_send({.account = meta_account(), .pixel = "9900", .dry_run = true}, *services_)
          ->due,
      1);
  EXPECT_EQ(calls_, before);
  EXPECT_EQ(conversions_send({.account = "meta:1", .pixel = "9900"}, *services_).error().code,
            ErrorCode::not_found);
}

TEST_F(Conversions, OrdersAreJoinedToTheirAdsAndTeachHowLateTheyCome) {
  open();
  Store& store = *services_->store().value();
  const sim::Export file = box_->world().export_as_of(0, box_->today() - Days(1));
  ASSERT_TRUE(write_rows(store, test_source(0), file.rows, file.account).has_value());
  ASSERT_TRUE(store.remember(file.account.id));
  const auto taken = conversions_import({.file = orders({"a", "b"})}, *services_);
  EXPECT_EQ(taken->joined, 2);
  const auto shown = conversions_show({.account = {}, .days = 28}, *services_);
  ASSERT_TRUE(shown) << shown.error().message;
  EXPECT_EQ(shown->orders, 2);
  EXPECT_EQ(shown->unjoined, 0);
  ASSERT_THAT(shown->ads, SizeIs(1));
  EXPECT_EQ(shown->ads[0].ad, box_->ads()[0].id);
  EXPECT_EQ(shown->ads[0].orders, 2);
  EXPECT_EQ(to_decimal(shown->ads[0].value[0]), "25.00");
  EXPECT_TRUE(shown->ads[0].reported);
  EXPECT_THAT(shown->ads[0].reported_attribution, Not(IsEmpty()));
  const loop::OrderArrivals counts = loop::order_arrivals(store, file.account.id).value();
  ASSERT_THAT(counts.arrivals, SizeIs(1));
  EXPECT_EQ(counts.arrivals[0].orders, 2);
  EXPECT_GE(counts.arrivals[0].days_after, 1);
  // Joining again adds nothing.
  EXPECT_EQ(join_orders(store, *services_->events().value()).value(), 2);
  EXPECT_EQ(loop::order_arrivals(store, file.account.id).value(), counts);
}

}  // namespace
}  // namespace rf::api
