#include "server/aliases.h"

#include <gtest/gtest.h>

#include "api/operations.h"
#include "net/query.h"
#include "server/routes.h"

namespace rf::server {
namespace {

net::Request request(std::string method, std::string target, std::string body = "") {
  return {.method = std::move(method),
          .target = std::move(target),
          .headers = {},
          .body = std::move(body)};
}

TEST(Aliases, StandForOperationsThatAreThere) {
  for (const char* path :
       {"/api/compound-learning/run-cycle", "/api/compound-learning/dashboard",
        "/api/compound-learning/patterns", "/api/compound-learning/scheduler/status",
        "/api/ml/self-learning-cycle", "/api/ml/creative-dna/extract", "/api/v1/admin/recipes",
        "/api/v1/admin/recommendations", "/api/v1/admin/stats", "/api/v1/admin/backfill-recipes",
        "/api/v1/admin/update-stats"}) {
    EXPECT_EQ(operation_at(path, api::operations()), nullptr) << path << " is an operation's own";
    const std::optional<net::Request> meant = request_meant(request("GET", path));
    ASSERT_TRUE(meant.has_value()) << path;
    EXPECT_NE(operation_at(net::split_target(meant->target).first, api::operations()), nullptr)
        << path;
  }
}

TEST(Aliases, AddTheInputTheyStandForAndKeepTheRest) {
  EXPECT_EQ(request_meant(request("GET", "/api/compound-learning/dashboard?limit=3"))->target,
            "/api/v1/schedule/history?limit=3&job=learning");
  const auto posted = request_meant(
      request("POST", "/api/compound-learning/run-cycle", R"({"account":"meta:1","job":"turn"})"));
  EXPECT_EQ(posted->target, "/api/v1/schedule/run");
  EXPECT_EQ(parse_json(posted->body).value(),
            Json(JsonObject{{"account", "meta:1"}, {"job", "learning"}}));
  EXPECT_EQ(
      request_meant(request("POST", "/api/ml/self-learning-cycle"))->headers.find("Content-Type"),
      "application/json");
}

TEST(Aliases, LeaveAllElseAlone) {
  EXPECT_FALSE(request_meant(request("GET", "/api/v1/report")).has_value());
  EXPECT_EQ(request_meant(request("POST", "/api/ml/self-learning-cycle", "[1"))->body, "[1");
}

}  // namespace
}  // namespace rf::server
