// What a browser does at the door: sessions, uploads, films.

#include <atomic>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "api/operations.h"
#include "api/tokens.h"
#include "base/sha256.h"
#include "server/door.h"
#include "store/sqlite.h"

namespace rf::server {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kOrigin = "http://localhost:8077";

// A store and a door of its own.
class Browser : public testing::Test {
 public:
  ~Browser() override { std::filesystem::remove_all(folder_); }

 protected:
  Browser()
      : folder_(std::filesystem::temp_directory_path() /
                fmt::format("rf_browser_{}_{}", getpid(), ++browsers_made)) {
    std::filesystem::create_directories(folder_ / "films");
    DoorRules rules;
    rules.audit_file = (folder_ / "audit.jsonl").string();
    rules.films = (folder_ / "films").string();
    rules.access.failures = {.per_second = 1, .burst = 3};
    door_ = open_door(api::operations(), around_, std::move(rules));
  }

  api::TokenCreateOutput token(std::vector<std::string> scopes) {
    NoProgress progress;
    api::Services services(around_.store_path, around_.open_store, clock_, progress);
    return api::token_create(
               {.name = "ann", .scopes = std::move(scopes), .accounts = {}, .days = 1}, services)
        .value();
  }

  net::Response ask(std::string method, std::string target, net::Headers headers,
                    std::string body = "") {
    headers.add("Host", "localhost:8077");
    return door_
        ->answer({.method = std::move(method),
                  .target = std::move(target),
                  .headers = std::move(headers),
                  .body = std::move(body)})
        .response;
  }

  net::Response open_session(const std::string& body) {
    return ask("POST", "/session", {{"Origin", std::string(kOrigin)}}, body);
  }

  // The Cookie header of a session for this token.
  std::string cookie(const std::string& token) {
    const net::Response opened = open_session(to_text(JsonObject{{"token", token}}));
    const std::string set(opened.headers.find("Set-Cookie").value_or(""));
    return set.substr(0, set.find(';'));
  }

  net::Headers session(const std::string& cookie) {
    return {{"Cookie", cookie}, {"Origin", std::string(kOrigin)}};
  }

  const std::filesystem::path folder_;
  const SystemClock clock_;
  const Surroundings around_{
      .store_path = (folder_ / "s.db").string(),
      .open_store = [](const std::string& path) { return open_sqlite(path); },
      .decoder = "",
      .clock = clock_};
  std::unique_ptr<Door> door_;

  static inline std::atomic<int> browsers_made = 0;
};

TEST_F(Browser, ReadsWithItsSessionAsWithTheToken) {
  const std::string held = cookie(token({"read"}).token);
  ASSERT_THAT(held, HasSubstr("rf_session="));
  EXPECT_EQ(ask("GET", "/api/v1/version", {{"Cookie", held}}).status, 200);
  EXPECT_EQ(ask("GET", "/api/v1/version", {{"Cookie", held + "x"}}).status, 401);
  EXPECT_EQ(ask("POST", "/api/v1/turn", session(held)).status,
            403);  // The token has no such scope.
  EXPECT_THAT(ask("GET", "/session", {{"Cookie", held}}).body, HasSubstr("\"ann\""));
  EXPECT_EQ(ask("GET", "/session", {}).body, "null");
}

TEST_F(Browser, ChangesNothingWithoutSayingItsOrigin) {
  const std::string held = cookie(token({"propose"}).token);
  EXPECT_EQ(ask("POST", "/api/v1/turn", {{"Cookie", held}}).status, 401);
  EXPECT_EQ(
      ask("POST", "/api/v1/turn", {{"Cookie", held}, {"Origin", "http://evil.example"}}).status,
      403);
  // Nobody logs it in as somebody else from afar.
  EXPECT_EQ(ask("POST", "/session", {}, "{}").status, 403);
  EXPECT_EQ(ask("POST", "/session", {{"Origin", "http://evil.example"}}, "{}").status, 403);
}

TEST_F(Browser, LosesItsSessionWithTheTokenAndByLeaving) {
  const api::TokenCreateOutput owned = token({"read"});
  const std::string first = cookie(owned.token);
  const std::string second = cookie(owned.token);
  const net::Response left = ask("DELETE", "/session", session(first));
  EXPECT_THAT(std::string(left.headers.find("Set-Cookie").value_or("")), HasSubstr("Max-Age=0"));
  EXPECT_EQ(ask("GET", "/api/v1/version", {{"Cookie", first}}).status, 401);
  EXPECT_EQ(ask("GET", "/api/v1/version", {{"Cookie", second}}).status, 200);
  NoProgress progress;
  api::Services services(around_.store_path, around_.open_store, clock_, progress);
  ASSERT_TRUE(api::token_revoke({.id = owned.view.id}, services));
  EXPECT_EQ(ask("GET", "/api/v1/version", {{"Cookie", second}}).status, 401);
}

TEST_F(Browser, IsThrottledWhileItGuesses) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(open_session(R"({"token":"rf_a_b"})").status, 401);
  EXPECT_EQ(open_session(R"({"token":"rf_a_b"})").status, 429);
  EXPECT_EQ(open_session(R"({"code":"guess"})").status, 429);
  EXPECT_EQ(open_session("no JSON").status, 429);
}

TEST_F(Browser, OpensASessionByACodeOnce) {
  const std::string code = door_->offer_session(token({"read"}).view.id);
  const std::string body = to_text(JsonObject{{"code", code}});
  EXPECT_EQ(open_session(body).status, 200);
  EXPECT_EQ(open_session(body).status, 401);
}

constexpr std::string_view kExport =
    "Day,Campaign name,Ad set name,Ad name,Impressions,Amount spent (USD),Link clicks,Reporting "
    "starts,Reporting ends\n"
    "2026-03-01,Camp,Set,Ad one,1000,12.50,20,2026-03-01,2026-03-01\n";

TEST_F(Browser, SendsAnExportAndLeavesNoFileBehind) {
  const std::string held = cookie(token({"read", "propose"}).token);
  const net::Response taken =
      ask("POST", "/api/v1/import/upload?name=..%2F..%2Fmy%20export.csv&time_zone=UTC",
          session(held), std::string(kExport));
  ASSERT_EQ(taken.status, 200) << taken.body;
  EXPECT_THAT(taken.body, HasSubstr(R"("file":"my export.csv")"));
  EXPECT_THAT(taken.body, Not(HasSubstr(folder_.string())));
  EXPECT_THAT(ask("GET", "/api/v1/report", {{"Cookie", held}}).body, HasSubstr("Ad one"));
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "s.db.uploads"));
}

TEST_F(Browser, MayNotNameOtherFilesNorSendWithoutTheScope) {
  const std::string held = cookie(token({"read", "propose"}).token);
  const auto status = [&](const std::string& query) {
    return ask("POST", "/api/v1/import/upload?" + query, session(held), std::string(kExport))
        .status;
  };
  EXPECT_EQ(status("name=a.csv&map=%2Fetc%2Fpasswd"), 400);
  EXPECT_EQ(status("name=a.csv&videos=%2F"), 400);
  EXPECT_EQ(status("name=.hidden"), 400);
  EXPECT_EQ(status(""), 400);
  const std::string reader = cookie(token({"read"}).token);
  EXPECT_EQ(ask("POST", "/api/v1/import/upload?name=a.csv", session(reader), "x").status, 403);
}

TEST_F(Browser, PlaysFilmsOfTheFolderByTheirBytesAlone) {
  const std::string film = "0123456789";
  std::ofstream(folder_ / "films/a.mp4") << film;
  std::ofstream(folder_ / "secret.mp4") << "secret";
  std::filesystem::create_symlink(folder_ / "secret.mp4", folder_ / "films/link.mp4");
  const std::string held = cookie(token({"read"}).token);
  const std::string at = "/films/" + sha256_hex(film);
  const net::Response part = ask("GET", at, {{"Cookie", held}, {"Range", "bytes=2-4"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "234");
  EXPECT_EQ(part.headers.find("Content-Range"), "bytes 2-4/10");
  EXPECT_EQ(ask("GET", at, {{"Cookie", held}, {"Range", "bytes=-3"}}).body, "789");
  EXPECT_EQ(ask("GET", at, {{"Cookie", held}, {"Range", "bytes=10-"}}).status, 416);
  EXPECT_EQ(ask("GET", at, {{"Cookie", held}}).body, film);
  EXPECT_EQ(ask("GET", at, {}).status, 401);
  EXPECT_EQ(ask("GET", "/films/" + sha256_hex("secret"), {{"Cookie", held}}).status, 404);
  EXPECT_EQ(ask("GET", "/films/../secret.mp4", {{"Cookie", held}}).status, 404);
}

}  // namespace
}  // namespace rf::server
