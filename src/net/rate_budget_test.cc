#include "net/rate_budget.h"

#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::net {
namespace {

using namespace std::chrono_literals;

const Instant kNow = parse_instant("2026-03-01T12:00:00Z").value();
constexpr RateRules kTwoASecond{.per_second = 2, .burst = 4};

TEST(RateBudget, LetsABurstGoAndThenItsPace) {
  RateBudget budget(kTwoASecond);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(budget.wait_for({"a"}, kNow), 0s);
    budget.spend({"a"}, kNow);
  }
  EXPECT_EQ(budget.wait_for({"a"}, kNow), 500ms);
  EXPECT_EQ(budget.wait_for({"a"}, kNow + 500ms), 0s);
  EXPECT_EQ(budget.wait_for({"b"}, kNow), 0s);  // Each key for itself.
  EXPECT_EQ(budget.wait_for({"b", "a"}, kNow), 500ms);
}

// However a caller behaves that waits as told, no window sees more than its burst and pace.
TEST(RateBudget, IsNeverExceededByThoseWhoWait) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(seed);
    Rng rng(seed);
    RateBudget budget(kTwoASecond);
    Instant now = kNow;
    int sent = 0;
    while (now < kNow + 60s) {
      now += budget.wait_for({"a"}, now);
      budget.spend({"a"}, now);
      ++sent;
      now += Duration(static_cast<std::int64_t>(rng.below(600'000)));
    }
    EXPECT_LE(sent, 4 + 2 * 61);
  }
}

TEST(RateBudget, StopsAKeyForAsLongAsAnAnswerSays) {
  RateBudget budget({});
  budget.learn("a", {.blocked_for = 90s}, kNow);
  EXPECT_EQ(budget.wait_for({"a"}, kNow), 90s);
  EXPECT_EQ(budget.wait_for({"a"}, kNow + 90s), 0s);
  budget.learn("b", {.remaining = 0, .reset_in = 20s}, kNow);
  EXPECT_EQ(budget.wait_for({"b"}, kNow), 20s);
  budget.learn("c", {.used_share = 1.02}, kNow);
  EXPECT_EQ(budget.wait_for({"c"}, kNow), 60s);  // Nothing said how long.
}

TEST(RateBudget, SlowsDownAsTheLimitComesNear) {
  const auto pause_at = [](double share) {
    RateBudget budget(kTwoASecond);
    budget.learn("a", {.used_share = share}, kNow);
    for (int i = 0; i < 4; ++i) budget.spend({"a"}, kNow);
    return budget.wait_for({"a"}, kNow);
  };
  EXPECT_EQ(pause_at(0.2), 500ms);
  EXPECT_EQ(pause_at(0.75), 500ms);
  EXPECT_GT(pause_at(0.9), pause_at(0.8));
  EXPECT_EQ(pause_at(0.875), 1s);  // Half of the room, half of the pace.
}

TEST(RateBudget, ForgetsASharesPaceWhenTheWindowEnds) {
  RateBudget budget(kTwoASecond);
  budget.learn("a", {.reset_in = 10s, .used_share = 0.99}, kNow);
  for (int i = 0; i < 4; ++i) budget.spend({"a"}, kNow);
  EXPECT_GT(budget.wait_for({"a"}, kNow), 5s);
  EXPECT_EQ(budget.wait_for({"a"}, kNow + 10s), 0s);
}

TEST(RateBudget, TakesAKeysOwnRules) {
  RateBudget budget(kTwoASecond);
  budget.set_rules("slow", {.per_second = 0.1, .burst = 1});
  budget.spend({"slow"}, kNow);
  EXPECT_EQ(budget.wait_for({"slow"}, kNow), 10s);
}

Response answer(int status, Headers headers) {
  return {.status = status, .headers = std::move(headers), .body = {}};
}

TEST(ReadRate, UnderstandsTheStandardsHeadersAndTheOlderOnes) {
  for (const std::string start : {"RateLimit-", "x-ratelimit-", "X-Rate-Limit-"}) {
    const RateReading reading = read_rate(answer(200, {{start + "Limit", "100, 100;w=60"},
                                                       {start + "Remaining", "25"},
                                                       {start + "Reset", "30"}}),
                                          kNow);
    EXPECT_EQ(reading.limit, 100);
    EXPECT_EQ(reading.remaining, 25);
    EXPECT_EQ(reading.reset_in, 30s);
    EXPECT_EQ(reading.used_share, 0.75);
  }
}

TEST(ReadRate, UnderstandsSpansAndPointsInTime) {
  EXPECT_EQ(read_rate(answer(200, {{"x-ratelimit-reset-requests", "6m0s"}}), kNow).reset_in, 360s);
  const std::string later = std::to_string(
      std::chrono::duration_cast<std::chrono::seconds>((kNow + 45s).time_since_epoch()).count());
  EXPECT_EQ(read_rate(answer(200, {{"X-RateLimit-Reset", later}}), kNow).reset_in, 45s);
  EXPECT_EQ(parse_span("1.5s"), 1500ms);
  EXPECT_EQ(parse_span("20ms"), 20ms);
  EXPECT_EQ(parse_span("1h2m3s"), 3723s);
  for (const char* text : {"", "s", "5", "5x", "-5s", "1e3s", "nan s"})
    EXPECT_FALSE(parse_span(text)) << text;
}

TEST(ReadRate, ReadsRetryAfterOfRefusalsOnly) {
  EXPECT_EQ(read_rate(answer(429, {{"Retry-After", "5"}}), kNow).blocked_for, 5s);
  EXPECT_EQ(read_rate(answer(202, {{"Retry-After", "5"}}), kNow), RateReading{});
}

TEST(ReadRate, SaysNothingOfNonsense) {
  EXPECT_EQ(read_rate(answer(200, {{"RateLimit-Limit", "many"},
                                   {"RateLimit-Remaining", "-1"},
                                   {"RateLimit-Reset", "soon"}}),
                      kNow),
            RateReading{});
}

}  // namespace
}  // namespace rf::net
