#include "server/sessions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rf::server {
namespace {

using ::testing::HasSubstr;

constexpr Instant kNow = Instant(std::chrono::hours{500'000});

net::Request with_cookie(std::string value) {
  return {.method = "GET", .target = "/", .headers = {{"Cookie", std::move(value)}}, .body = {}};
}

TEST(Sessions, StandForTheirTokenUntilTheyEnd) {
  Sessions sessions;
  const std::string secret = sessions.open("token", kNow);
  EXPECT_EQ(sessions.token_of(secret, kNow), "token");
  EXPECT_FALSE(sessions.token_of(secret + "x", kNow));
  EXPECT_FALSE(sessions.token_of(secret, kNow + Sessions::kLasts));
  sessions.close(secret);
  EXPECT_FALSE(sessions.token_of(secret, kNow));
}

TEST(Sessions, AreOpenedByACodeOnceAndSoon) {
  Sessions sessions;
  const std::string code = sessions.offer("token", kNow);
  EXPECT_FALSE(sessions.token_of(code, kNow));
  EXPECT_EQ(sessions.redeem(code, kNow), "token");
  EXPECT_FALSE(sessions.redeem(code, kNow));
  const std::string late = sessions.offer("token", kNow);
  EXPECT_FALSE(sessions.redeem(late, kNow + std::chrono::hours{1}));
}

TEST(Sessions, AreBoundedInNumber) {
  Sessions sessions;
  const std::string first = sessions.open("token", kNow);
  for (int i = 0; i < 1000; ++i) sessions.open("token", kNow + std::chrono::seconds{i + 1});
  EXPECT_FALSE(sessions.token_of(first, kNow));
}

TEST(SessionCookie, IsFoundAmongOthers) {
  EXPECT_EQ(session_cookie(with_cookie("rf_session=a")), "a");
  EXPECT_EQ(session_cookie(with_cookie("x=1; rf_session=a; y=2")), "a");
  EXPECT_FALSE(session_cookie(with_cookie("not_rf_session=a; rf_sessions=b")));
  EXPECT_FALSE(session_cookie(with_cookie("")));
  EXPECT_FALSE(session_cookie(with_cookie(";;; ;=")));
}

TEST(SessionCookie, IsSeenByNoScriptAndSentByNoOtherSite) {
  EXPECT_EQ(set_session_cookie("s", false),
            "rf_session=s; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict");
  EXPECT_THAT(set_session_cookie("s", true), HasSubstr("; Secure"));
  EXPECT_THAT(set_session_cookie("", false), HasSubstr("Max-Age=0;"));
}

}  // namespace
}  // namespace rf::server
