#include "cli/remote.h"

#include <string>

#include <gtest/gtest.h>

#include "api/operations.h"

namespace rf::cli {
namespace {

// Answers as it is told, and keeps what it was asked.
class OneAnswer final : public net::HttpClient {
 public:
  explicit OneAnswer(Result<net::Response> answer) : answer_(std::move(answer)) {}
  Result<net::Response> send(const net::Request& request) override {
    asked = request;
    return answer_;
  }
  net::Request asked;

 private:
  Result<net::Response> answer_;
};

const api::Operation& plan_show() { return *api::find_operation("plan show"); }

TEST(Remote, AsksForTheOperationByItsNameWithItsInput) {
  OneAnswer http(net::Response{.status = 200, .headers = {}, .body = R"({"hash":"x"})"});
  const Json input = JsonObject{{"hash", "abc"}};
  const Result<Json> output =
      run_remote({.server = "http://h:1/", .token = "t"}, http, plan_show(), input);
  EXPECT_EQ(output.value().at("hash"), Json("x"));
  EXPECT_EQ(http.asked.method, "POST");
  EXPECT_EQ(http.asked.target, "http://h:1/api/v1/plan/show");
  EXPECT_EQ(http.asked.headers.find("Authorization"), "Bearer t");
  EXPECT_EQ(http.asked.body, R"({"hash":"abc"})");
}

TEST(Remote, GivesTheErrorThatTheServerGave) {
  OneAnswer http(net::Response{
      .status = 404, .headers = {}, .body = R"({"code":"not_found","detail":"no such ad"})"});
  const Result<Json> output =
      run_remote({.server = "http://h", .token = ""}, http, plan_show(), {});
  EXPECT_EQ(output.error().code, ErrorCode::not_found);
  EXPECT_EQ(output.error().message, "no such ad");
  EXPECT_FALSE(http.asked.headers.find("Authorization").has_value());
}

TEST(Remote, WhatIsNoReelForgeIsToldSo) {
  for (const net::Response& strange :
       {net::Response{.status = 200, .headers = {}, .body = "<html>"},
        net::Response{.status = 200, .headers = {}, .body = "[]"},
        net::Response{.status = 500, .headers = {}, .body = ""},
        net::Response{.status = 404, .headers = {}, .body = R"({"code":"new","detail":"x"})"}}) {
    OneAnswer http(strange);
    EXPECT_EQ(run_remote({.server = "http://h", .token = ""}, http, plan_show(), {}).error().code,
              ErrorCode::corrupt);
  }
}

}  // namespace
}  // namespace rf::cli
