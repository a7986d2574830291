#include "server/hooks.h"

#include <map>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/hmac.h"
#include "store/sqlite.h"
#include "store/store_testing.h"

namespace rf::server {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

constexpr std::string_view kOrder =
    R"({"order_id":"o-1","at":"2026-03-02T10:00:00Z","value":{"amount":"12.50","currency":"USD"},)"
    R"("person":{"email":"a@example.com"}})";

class HooksDoor : public testing::Test {
 protected:
  net::Response post(std::string_view source, std::string body, std::string name,
                     std::string signature) {
    const auto answer = hooks_.answer({.method = "POST",
                                       .target = "/hooks/" + std::string(source),
                                       .headers = {{std::move(name), std::move(signature)}},
                                       .body = std::move(body)});
    return answer.value_or(net::Response{.status = 0});
  }

  net::Response post_order(const std::string& body) {
    return post("orders", body, "X-ReelForge-Signature",
                "sha256=" + hmac_sha256_hex("order-secret", body));
  }

  std::vector<EventCount> counts() {
    return open_event_log(event_log_path(folder_.file("store.db"))).value()->counts().value();
  }

  TemporaryFolder folder_;
  ManualClock clock_{Instant(std::chrono::seconds(1'633'174'587))};
  std::map<std::string, std::string, std::less<>> secrets_{
      {"REELFORGE_ORDERS_SECRET", "order-secret"},
      {"REELFORGE_META_APP_SECRET", "app_secret"},
      {"REELFORGE_META_VERIFY_TOKEN", "verify"},
      {"REELFORGE_TIKTOK_CLIENT_SECRET", "client_secret"}};
  Surroundings around_{
      .store_path = folder_.file("store.db"),
      .open_store = open_sqlite,
      .decoder = "",
      .clock = clock_,
      .reach = {.http = nullptr, .wait = nullptr, .secret = [this](std::string_view name) {
                  const auto found = secrets_.find(name);
                  return found == secrets_.end() ? std::string() : found->second;
                }}};
  Hooks hooks_{around_};
};

TEST_F(HooksDoor, AnOrderIsOnTheDiskOnceWhenItIsAnswered) {
  net::Response answer = post_order(std::string(kOrder));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"kept":1,"known":0})");
  answer = post_order(fmt::format("[{},{}]", kOrder, kOrder));
  EXPECT_EQ(answer.body, R"({"kept":0,"known":2})");
  ASSERT_THAT(counts(), SizeIs(1));
  EXPECT_EQ(counts()[0].events, 1);
}

TEST_F(HooksDoor, WhatIsNotSignedIsNotRead) {
  for (const char* signature : {"", "sha256=", "sha256=00", "md5=x"}) {
    EXPECT_EQ(post("orders", std::string(kOrder), "X-ReelForge-Signature", signature).status, 401);
  }
  EXPECT_EQ(
      post("orders", "{", "X-ReelForge-Signature", "sha256=" + hmac_sha256_hex("another", "{"))
          .status,
      401);
}

TEST_F(HooksDoor, ABrokenOrderIsRefusedWithItsPlaceAndNothingIsKept) {
  const net::Response answer = post_order(fmt::format(R"([{},{{"order_id":"o-2"}}])", kOrder));
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("orders[1]"));
  EXPECT_EQ(post_order("not json").status, 400);
  EXPECT_EQ(post_order("[]").status, 400);
  EXPECT_EQ(open_event_log(event_log_path(folder_.file("store.db"))).value()->counts()->size(), 0U);
}

TEST_F(HooksDoor, MetasGoldenSignatureIsTaken) {
  const net::Response answer =
      post("meta", R"({"object":"ad_account","entry":[]})", "X-Hub-Signature-256",
           "sha256=cf7521334fec9a458c8df9eba92fc4333649352033e4cb44ca6ba4efbd41eb7f");
  EXPECT_EQ(answer.status, 200);
}

TEST_F(HooksDoor, EachChangeThatMetaTellsIsKeptOnceHoweverItIsBundled) {
  const auto send = [&](const std::string& entries) {
    const std::string body = fmt::format(R"({{"object":"ad_account","entry":[{}]}})", entries);
    return post("meta", body, "X-Hub-Signature-256",
                "sha256=" + hmac_sha256_hex("app_secret", body))
        .body;
  };
  const std::string one =
      R"({"id":"1","time":1795237733,"changes":[{"field":"creative_fatigue","value":{"ad":"5"}}]})";
  const std::string two =
      R"({"id":"1","time":1795237733,"changes":[{"field":"creative_fatigue","value":{"ad":"5"}},)"
      R"({"field":"with_issues_ad_objects","value":{"id":"7"}}]})";
  EXPECT_EQ(send(one), R"({"kept":1,"known":0})");
  EXPECT_EQ(send(two), R"({"kept":1,"known":1})");
  EXPECT_EQ(send(R"({"id":"2","messaging":[]})"), R"({"kept":1,"known":0})");
}

TEST_F(HooksDoor, MetasHandshakeIsAnsweredToWhoKnowsTheToken) {
  const auto ask = [&](const std::string& query) {
    return hooks_.answer({.method = "GET", .target = "/hooks/meta?" + query}).value();
  };
  const net::Response good =
      ask("hub.mode=subscribe&hub.verify_token=verify&hub.challenge=1158201444");
  EXPECT_EQ(good.status, 200);
  EXPECT_EQ(good.body, "1158201444");
  EXPECT_EQ(ask("hub.mode=subscribe&hub.verify_token=x&hub.challenge=1").status, 403);
  secrets_.erase("REELFORGE_META_VERIFY_TOKEN");
  EXPECT_EQ(ask("hub.mode=subscribe&hub.verify_token=&hub.challenge=1").status, 403);
}

TEST_F(HooksDoor, TiktoksGoldenSignatureIsTakenForFiveMinutes) {
  const std::string header =
      "t=1633174587,s=518d518170a6bb02b179d3cd3516b79e7bd60dd962efd012fc0a71add6460b44";
  EXPECT_EQ(post("tiktok", R"({"event":"x"})", "TikTok-Signature", header).status, 200);
  EXPECT_EQ(post("tiktok", R"({"event":"x"})", "TikTok-Signature", header).body,
            R"({"kept":0,"known":1})");
  EXPECT_EQ(post("tiktok", R"({"event":"y"})", "TikTok-Signature", header).status, 401);
  clock_.advance(std::chrono::minutes(6));
  EXPECT_EQ(post("tiktok", R"({"event":"x"})", "TikTok-Signature", header).status, 401);
}

TEST_F(HooksDoor, AWebhookWithoutASecretIsNotThere) {
  secrets_.clear();
  EXPECT_EQ(post_order(std::string(kOrder)).status, 404);
  EXPECT_EQ(post("elsewhere", "", "X", "y").status, 404);
  EXPECT_FALSE(hooks_.answer({.method = "GET", .target = "/healthz"}));
}

TEST_F(HooksDoor, OtherMethodsAndLargeBodiesAreRefused) {
  EXPECT_EQ(hooks_.answer({.method = "GET", .target = "/hooks/orders"})->status, 405);
  EXPECT_EQ(post_order(std::string((1U << 20U) + 1, ' ')).status, 413);
}

}  // namespace
}  // namespace rf::server
