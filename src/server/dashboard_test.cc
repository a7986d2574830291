#include "server/dashboard.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rf::server {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kFiles = std::to_array<WebFile>({{.path = "/index.html",
                                                 .type = "text/html; charset=utf-8",
                                                 .etag = "\"page\"",
                                                 .body = "<!doctype html>",
                                                 .gzipped = "packed page"},
                                                {.path = "/assets/index-1a2b.js",
                                                 .type = "text/javascript; charset=utf-8",
                                                 .etag = "\"script\"",
                                                 .body = "run()",
                                                 .gzipped = ""}});

net::Request get(std::string target, net::Headers headers = {}) {
  return {.method = "GET", .target = std::move(target), .headers = std::move(headers), .body = {}};
}

std::string header(const net::Response& response, std::string_view name) {
  return std::string(response.headers.find(name).value_or(""));
}

TEST(Dashboard, GivesThePageForEveryPathThatIsNoFile) {
  for (const char* path : {"/", "/plan", "/creative/ad~1?account=meta%3A1", "/any/where"}) {
    const std::optional<net::Response> page = dashboard_answer(kFiles, get(path));
    ASSERT_TRUE(page) << path;
    EXPECT_EQ(page->body, "<!doctype html>") << path;
    EXPECT_EQ(header(*page, "Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(header(*page, "Cache-Control"), "no-cache");
  }
}

TEST(Dashboard, LeavesOperationsAndUnknownFilesToOthers) {
  EXPECT_FALSE(dashboard_answer(kFiles, get("/api/v1/nothing")));
  EXPECT_FALSE(dashboard_answer(kFiles, get("/assets/gone.js")));
  EXPECT_FALSE(dashboard_answer(kFiles, get("/../../etc/passwd.txt")));
}

TEST(Dashboard, AllowsNoInlineScriptOrStyleAndNoOtherOrigin) {
  const std::string policy =
      header(dashboard_answer(kFiles, get("/")).value(), "Content-Security-Policy");
  EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
  EXPECT_THAT(policy, HasSubstr("script-src 'self';"));
  EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
  EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
  EXPECT_THAT(policy, Not(HasSubstr("http")));
}

TEST(Dashboard, KeepsFilesNamedByTheirContentForEver) {
  const net::Response script = dashboard_answer(kFiles, get("/assets/index-1a2b.js")).value();
  EXPECT_THAT(header(script, "Cache-Control"), HasSubstr("immutable"));
  EXPECT_EQ(script.body, "run()");
}

TEST(Dashboard, SendsThePackedBytesWhereTheyAreAcceptedAndShorter) {
  const net::Headers accepts{{"Accept-Encoding", "br, gzip"}};
  const net::Response page = dashboard_answer(kFiles, get("/", accepts)).value();
  EXPECT_EQ(page.body, "packed page");
  EXPECT_EQ(header(page, "Content-Encoding"), "gzip");
  const net::Response script =
      dashboard_answer(kFiles, get("/assets/index-1a2b.js", accepts)).value();
  EXPECT_EQ(script.body, "run()");
  EXPECT_EQ(header(script, "Content-Encoding"), "");
}

TEST(Dashboard, SendsNothingThatTheBrowserHas) {
  const net::Response page =
      dashboard_answer(kFiles, get("/", {{"If-None-Match", "\"page\""}})).value();
  EXPECT_EQ(page.status, 304);
  EXPECT_EQ(page.body, "");
  EXPECT_EQ(header(page, "ETag"), "\"page\"");
}

TEST(Dashboard, SaysHowItComesInWhereItIsNotBuiltIn) {
  const net::Response page = dashboard_answer({}, get("/")).value();
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("not part of this build"));
  EXPECT_THAT(page.body, HasSubstr("./x web"));
  EXPECT_THAT(page.body, Not(HasSubstr("<script")));
}

TEST(Dashboard, HasAPageWhereItHasFiles) {
  if (web_files().empty()) GTEST_SKIP() << "this build has no dashboard";
  const net::Response page = dashboard_answer(web_files(), get("/")).value();
  EXPECT_THAT(page.body, HasSubstr("<div id=\"app\">"));
  EXPECT_THAT(page.body, Not(HasSubstr("<style")));
  EXPECT_THAT(page.body, Not(HasSubstr("//cdn")));
}

}  // namespace
}  // namespace rf::server
