#include "net/retry.h"

#include <vector>

#include <gtest/gtest.h>

namespace rf::net {
namespace {

using namespace std::chrono_literals;

constexpr RetryRules kRules;
const Instant kNow = parse_instant("2026-03-01T12:00:00Z").value();

Response status(int code, Headers headers = {}) {
  return {.status = code, .headers = std::move(headers), .body = {}};
}

// Plays back what it is given; the last for ever.
class Played final : public HttpClient {
 public:
  explicit Played(std::vector<Result<Response>> answers) : answers_(std::move(answers)) {}
  Result<Response> send(const Request&) override {
    const std::size_t at = std::min(sent_, answers_.size() - 1);
    ++sent_;
    return answers_[at];
  }
  std::size_t sent() const { return sent_; }

 private:
  std::vector<Result<Response>> answers_;
  std::size_t sent_ = 0;
};

struct Tried {
  std::size_t sent = 0;
  std::vector<Duration> waits;
  Result<Response> answer;
};

Tried try_it(std::vector<Result<Response>> answers, std::string method, std::uint64_t seed = 1) {
  Played client(std::move(answers));
  ManualClock clock(kNow);
  Rng rng(seed);
  std::vector<Duration> waits;
  const Patience patience{.rules = kRules, .clock = clock, .rng = rng, .wait = [&](Duration wait) {
                            clock.advance(wait);
                            waits.push_back(wait);
                            return true;
                          }};
  Result<Response> answer = send_patiently(
      client, {.method = std::move(method), .target = "/", .headers = {}, .body = {}}, patience);
  return {.sent = client.sent(), .waits = std::move(waits), .answer = std::move(answer)};
}

TEST(Backoff, StaysUnderADoublingBoundAndUsesAllOfIt) {
  const std::vector<Duration> bounds{1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s};
  for (std::size_t failures = 1; failures <= bounds.size(); ++failures) {
    Duration highest{0};
    Duration lowest = 1h;
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
      Rng rng(seed);
      const Duration wait = backoff(static_cast<int>(failures), kRules, rng);
      highest = std::max(highest, wait);
      lowest = std::min(lowest, wait);
    }
    EXPECT_LE(highest, bounds[failures - 1]);
    EXPECT_GT(highest, bounds[failures - 1] * 9 / 10);
    EXPECT_LT(lowest, bounds[failures - 1] / 10);
  }
  Rng rng(1);
  EXPECT_LE(backoff(1'000'000, kRules, rng), kRules.longest);
}

TEST(Retry, TriesSixTimesAtMostAndGivesTheLastAnswer) {
  const Tried tried = try_it({status(503)}, "GET");
  EXPECT_EQ(tried.sent, 6U);
  EXPECT_EQ(tried.waits.size(), 5U);
  EXPECT_EQ(tried.answer->status, 503);
}

TEST(Retry, EndsWithTheFirstGoodAnswer) {
  const Tried tried = try_it({fail(ErrorCode::unavailable, "x"), status(502), status(200)}, "GET");
  EXPECT_EQ(tried.sent, 3U);
  EXPECT_EQ(tried.answer->status, 200);
}

TEST(Retry, RepeatsAWriteOnlyWhenItWasSurelyNotDone) {
  const auto once = [](Result<Response> answer) {
    return try_it({std::move(answer), status(200)}, "POST").sent == 1;
  };
  EXPECT_TRUE(once(fail(ErrorCode::outcome_unknown, "lost")));
  for (const int code : {200, 400, 401, 403, 404, 408, 409, 500, 502, 503, 504})
    EXPECT_TRUE(once(status(code))) << code;
  EXPECT_FALSE(once(fail(ErrorCode::unavailable, "no connection")));
  EXPECT_FALSE(once(status(429)));
  EXPECT_FALSE(once(status(503, {{"Retry-After", "1"}})));
}

TEST(Retry, RepeatsAReadAfterWhateverPasses) {
  for (const int code : {408, 425, 429, 500, 502, 503, 504})
    EXPECT_EQ(try_it({status(code), status(200)}, "GET").sent, 2U) << code;
  for (const int code : {200, 204, 301, 400, 401, 403, 404, 409, 422, 501})
    EXPECT_EQ(try_it({status(code), status(200)}, "GET").sent, 1U) << code;
  EXPECT_EQ(try_it({fail(ErrorCode::outcome_unknown, "lost"), status(200)}, "GET").sent, 2U);
  for (const ErrorCode code :
       {ErrorCode::invalid, ErrorCode::denied, ErrorCode::over_limit, ErrorCode::conflict}) {
    EXPECT_EQ(try_it({fail(code, "x"), status(200)}, "GET").sent, 1U);
  }
}

TEST(Retry, WaitsAtLeastAsLongAsAsked) {
  for (const char* asked : {"7", "Sun, 01 Mar 2026 12:00:07 GMT"}) {
    const Tried tried = try_it({status(429, {{"Retry-After", asked}}), status(200)}, "GET");
    ASSERT_EQ(tried.waits.size(), 1U);
    EXPECT_GE(tried.waits[0], 7s);
    EXPECT_LE(tried.waits[0], 8s);
  }
}

TEST(Retry, LeavesLongWaitsToTheCaller) {
  EXPECT_EQ(try_it({status(429, {{"Retry-After", "3600"}})}, "GET").sent, 1U);
}

TEST(Retry, TakesADateBeyondTomorrowForADay) {
  const Instant now{1'700'000'000s};
  EXPECT_EQ(retry_after({{"Retry-After", "Sun, 06 Nov 3988 08:49:37 GMT"}}, now), 24h);
  EXPECT_EQ(retry_after({{"Retry-After", "99999999"}}, now), 24h);
}

TEST(Retry, EndsWhenWaitingIsBrokenOff) {
  Played client({status(503)});
  const ManualClock clock(kNow);
  Rng rng(1);
  const Patience patience{
      .rules = kRules, .clock = clock, .rng = rng, .wait = [](Duration) { return false; }};
  EXPECT_EQ(send_patiently(client, {}, patience)->status, 503);
  EXPECT_EQ(client.sent(), 1U);
}

TEST(Retry, WaitsTheSameForTheSameSeed) {
  EXPECT_EQ(try_it({status(503)}, "GET", 7).waits, try_it({status(503)}, "GET", 7).waits);
  EXPECT_NE(try_it({status(503)}, "GET", 7).waits, try_it({status(503)}, "GET", 8).waits);
}

TEST(RetryAfter, ReadsSecondsAndDatesAndNothingElse) {
  const auto read = [](const char* text) { return retry_after({{"retry-after", text}}, kNow); };
  EXPECT_EQ(read("0"), 0s);
  EXPECT_EQ(read("120"), 120s);
  EXPECT_EQ(read("99999999999"), 24h);
  EXPECT_EQ(read("Sun, 01 Mar 2026 12:01:00 GMT"), 60s);
  EXPECT_EQ(read("Sun, 01 Mar 2026 11:00:00 GMT"), 0s);
  for (const char* text : {"", "-1", "1.5", "soon", "Sun, 99 Mar 2026 12:01:00 GMT",
                           "Sun, 01 Foo 2026 12:01:00 GMT"}) {
    EXPECT_FALSE(read(text).has_value()) << text;
  }
  EXPECT_FALSE(retry_after({}, kNow).has_value());
}

// The example of RFC 9110, 5.6.7.
TEST(HttpDate, ReadsAndWritesTheStandardsExample) {
  const Instant example = parse_instant("1994-11-06T08:49:37Z").value();
  EXPECT_EQ(to_http_date(example), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), example);
}

TEST(HttpDate, ComesBackAsItWent) {
  Rng rng(3);
  for (int i = 0; i < 1000; ++i) {
    const Instant instant{
        std::chrono::seconds{static_cast<std::int64_t>(rng.below(4'000'000'000))}};
    EXPECT_EQ(parse_http_date(to_http_date(instant)), instant);
  }
}

}  // namespace
}  // namespace rf::net
