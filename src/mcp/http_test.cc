#include "mcp/http.h"

#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mcp/catalog_for_test.h"
#include "mcp/http_check.h"
#include "net/peer_for_test.h"
#include "net/server.h"

namespace rf::mcp {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kMeta =
    R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
    R"("io.modelcontextprotocol/clientCapabilities":{}})";

net::Request post(std::string body, const net::Headers& more = {}) {
  net::Request request{.method = "POST",
                       .target = "/mcp",
                       .headers = {{"Host", "127.0.0.1:8808"},
                                   {"Content-Type", "application/json"},
                                   {"Accept", "application/json, text/event-stream"}},
                       .body = std::move(body)};
  for (const auto& [name, value] : more.fields()) request.headers.add(name, value);
  return request;
}

net::Request modern_post(std::string_view method, std::string_view params = "",
                         const net::Headers& more = {}) {
  std::string body = fmt::format(R"({{"jsonrpc":"2.0","id":1,"method":"{}","params":{{{}{}{}}}}})",
                                 method, params, params.empty() ? "" : ",", kMeta);
  net::Request request = post(std::move(body), more);
  request.headers.add("MCP-Protocol-Version", "2026-07-28");
  request.headers.add("Mcp-Method", std::string(method));
  return request;
}

const std::string kInitialize =
    R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25",)"
    R"("capabilities":{"elicitation":{}},"clientInfo":{"name":"t","version":"1"}}})";

class HttpTest : public testing::Test {
 protected:
  static int error_code(const net::Answer& answer) {
    return static_cast<int>(
        json_of(answer.response.body).at("error").at("code").to_number<std::int64_t>());
  }
  std::string open_session() {
    const net::Answer answer = door_.answer(post(kInitialize));
    return std::string(answer.response.headers.find("Mcp-Session-Id").value());
  }

  ManualClock clock_{Instant{}};
  Protocol protocol_{small_catalog(), "secret", clock_};
  HttpDoor door_{protocol_, {}, clock_};
};

TEST_F(HttpTest, OnlyThisMachineIsMeant) {
  const auto status = [&](std::string host, std::optional<std::string> origin) {
    net::Request request = modern_post("tools/list");
    request.headers = {};
    request.headers.add("Host", std::move(host));
    if (origin) request.headers.add("Origin", *origin);
    request.headers.add("Content-Type", "application/json");
    request.headers.add("MCP-Protocol-Version", "2026-07-28");
    request.headers.add("Mcp-Method", "tools/list");
    return door_.answer(request).response.status;
  };
  EXPECT_EQ(status("localhost:3000", std::nullopt), 200);
  EXPECT_EQ(status("LOCALHOST", "http://localhost:9999"), 200);
  EXPECT_EQ(status("[::1]:3000", "https://[::1]"), 200);
  EXPECT_EQ(status("evil.example", std::nullopt), 403);
  EXPECT_EQ(status("127.0.0.1.evil.example", std::nullopt), 403);
  EXPECT_EQ(status("localhost", "http://evil.example"), 403);
  EXPECT_EQ(status("localhost", "http://localhost.evil.example"), 403);
  EXPECT_EQ(status("localhost", "null"), 403);
  EXPECT_EQ(status("localhost", "file://localhost"), 403);
  EXPECT_EQ(status("", std::nullopt), 403);
}

TEST_F(HttpTest, OtherNamesOfThisMachineAreThoseThatWereGiven) {
  HttpDoor door(protocol_, {.names = {"ads.example"}}, clock_);
  net::Request request = modern_post("tools/list");
  request.headers = {};
  request.headers.add("Host", "ads.example:443");
  request.headers.add("Origin", "https://ads.example");
  EXPECT_NE(door.answer(request).response.status, 403);
}

TEST_F(HttpTest, ATokenLetsInAndNothingElseDoes) {
  HttpDoor door(protocol_, {.token = "a-long-enough-token"}, clock_);
  const auto status = [&](std::string_view authorization) {
    net::Request request = modern_post("tools/list");
    if (!authorization.empty()) request.headers.add("Authorization", std::string(authorization));
    return door.answer(request).response.status;
  };
  EXPECT_EQ(status("Bearer a-long-enough-token"), 200);
  EXPECT_EQ(status("bearer a-long-enough-token"), 200);
  for (std::string_view wrong :
       {"", "Bearer ", "Bearer", "Bearer a-long-enough-toke", "Bearer a-long-enough-token ",
        "Basic a-long-enough-token", "a-long-enough-token"}) {
    EXPECT_EQ(status(wrong), 401) << wrong;
  }
}

TEST_F(HttpTest, AModernMessageHasHeadersThatSayTheSame) {
  EXPECT_EQ(door_.answer(modern_post("tools/list")).response.status, 200);
  const auto refused = [&](const net::Headers& headers, std::string_view method,
                           std::string_view params) {
    const std::string body =
        fmt::format(R"({{"jsonrpc":"2.0","id":1,"method":"{}","params":{{{}{}{}}}}})", method,
                    params, params.empty() ? "" : ",", kMeta);
    const net::Answer answer = door_.answer(post(body, headers));
    return answer.response.status == 400 && error_code(answer) == kHeaderMismatch;
  };
  const std::pair<std::string, std::string> version{"MCP-Protocol-Version", "2026-07-28"};
  EXPECT_TRUE(refused({{"Mcp-Method", "tools/list"}}, "tools/list", ""));
  EXPECT_TRUE(refused({version}, "tools/list", ""));
  EXPECT_TRUE(refused({version, {"Mcp-Method", "tools/call"}}, "tools/list", ""));
  EXPECT_TRUE(refused({version, {"Mcp-Method", "TOOLS/LIST"}}, "tools/list", ""));
  EXPECT_TRUE(refused({{"MCP-Protocol-Version", "2025-11-25"}, {"Mcp-Method", "tools/list"}},
                      "tools/list", ""));
  const std::string_view echo = R"("name":"echo")";
  EXPECT_TRUE(refused({version, {"Mcp-Method", "tools/call"}}, "tools/call", echo));
  EXPECT_TRUE(
      refused({version, {"Mcp-Method", "tools/call"}, {"Mcp-Name", "ask"}}, "tools/call", echo));
  EXPECT_FALSE(refused({version, {"Mcp-Method", "tools/call"}, {"Mcp-Name", "=?base64?ZWNobw==?="}},
                       "tools/call", echo));
}

TEST(HeaderText, IsItselfOrWhatIsEncodedInIt) {
  EXPECT_EQ(header_text("  plain "), "plain");
  EXPECT_EQ(header_text("=?base64?w6Q=?="), "ä");
  EXPECT_EQ(header_text("=?base64?"
                        "?="),
            "");
  EXPECT_EQ(header_text("=?base64?YQ?="), std::nullopt);    // Padding is missing.
  EXPECT_EQ(header_text("=?base64?YR==?="), std::nullopt);  // Bits behind the end.
  EXPECT_EQ(header_text("=?base64?Y!==?="), std::nullopt);
  EXPECT_EQ(header_text("=?base64?YQ=="), "=?base64?YQ==");  // Not wrapped, so itself.
}

TEST(ArgumentHeaders, RepeatTheArgumentsThatAToolWantsInHeaders) {
  Catalog catalog = small_catalog();
  catalog.tools[0].input_schema =
      json_of(
          R"({"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},
          "deep":{"type":"object","properties":{"n":{"type":"integer","x-mcp-header":"N"}}}}})")
          .as_object();
  const auto fits = [&](std::string_view arguments, const net::Headers& more) {
    net::Headers headers{
        {"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", "tools/call"}, {"Mcp-Name", "echo"}};
    for (const auto& [name, value] : more.fields()) headers.add(name, value);
    const Message message =
        modern("tools/call", {{"name", "echo"}, {"arguments", json_of(arguments)}});
    return !check_modern_headers(headers, message, catalog).has_value();
  };
  EXPECT_TRUE(fits(R"({"region":"eu"})", {{"mcp-param-region", "eu"}}));
  EXPECT_TRUE(fits(R"({"region":"eu","deep":{"n":3}})",
                   {{"Mcp-Param-Region", "eu"}, {"Mcp-Param-N", "3"}}));
  EXPECT_TRUE(fits(R"({})", {}));
  EXPECT_TRUE(fits(R"({"region":null})", {}));
  EXPECT_FALSE(fits(R"({"region":"eu"})", {}));
  EXPECT_FALSE(fits(R"({"region":"eu"})", {{"Mcp-Param-Region", "us"}}));
  EXPECT_FALSE(fits(R"({})", {{"Mcp-Param-Region", "us"}}));
  EXPECT_FALSE(fits(R"({"deep":{"n":3}})", {{"Mcp-Param-N", "4"}}));
}

TEST_F(HttpTest, ALegacySessionIsOpenedUsedAndEnded) {
  const std::string id = open_session();
  EXPECT_GE(id.size(), 32u);
  EXPECT_NE(id, open_session());
  const std::string list = R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})";
  const std::pair<std::string, std::string> version{"MCP-Protocol-Version", "2025-11-25"};
  EXPECT_EQ(door_.answer(post(list, {version, {"Mcp-Session-Id", id}})).response.status, 200);
  EXPECT_EQ(door_.answer(post(list, {{"Mcp-Session-Id", id}})).response.status, 200);
  EXPECT_EQ(door_.answer(post(list, {version})).response.status, 400);
  EXPECT_EQ(door_.answer(post(list, {version, {"Mcp-Session-Id", "guess"}})).response.status, 404);
  EXPECT_EQ(
      door_.answer(post(list, {{"MCP-Protocol-Version", "1999-01-01"}, {"Mcp-Session-Id", id}}))
          .response.status,
      400);
  net::Request end = post("", {{"Mcp-Session-Id", id}});
  end.method = "DELETE";
  EXPECT_EQ(door_.answer(end).response.status, 200);
  EXPECT_EQ(door_.answer(end).response.status, 404);
  EXPECT_EQ(door_.answer(post(list, {version, {"Mcp-Session-Id", id}})).response.status, 404);
}

TEST_F(HttpTest, SessionsAreBounded) {
  const std::string first = open_session();
  for (int i = 0; i < 300; ++i) {
    clock_.advance(std::chrono::seconds(1));
    static_cast<void>(open_session());
  }
  const std::string list = R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})";
  EXPECT_EQ(door_.answer(post(list, {{"Mcp-Session-Id", first}})).response.status, 404);
}

TEST_F(HttpTest, WhatIsNoMessageIsRefused) {
  const auto status = [&](const net::Request& request) {
    return door_.answer(request).response.status;
  };
  EXPECT_EQ(status(post("{")), 400);
  EXPECT_EQ(status(post("[]")), 400);
  net::Request text = post("{}");
  text.headers = {{"Host", "localhost"}, {"Content-Type", "text/plain"}};
  EXPECT_EQ(status(text), 415);
  net::Request html = post("{}");
  html.headers = {
      {"Host", "localhost"}, {"Content-Type", "application/json"}, {"Accept", "text/html"}};
  EXPECT_EQ(status(html), 406);
  net::Request elsewhere = post("{}");
  elsewhere.target = "/other";
  EXPECT_EQ(status(elsewhere), 404);
  net::Request got = post("");
  got.method = "GET";
  EXPECT_EQ(status(got), 405);
  got.method = "PUT";
  EXPECT_EQ(status(got), 405);
  EXPECT_EQ(status(post(R"({"jsonrpc":"2.0","method":"notifications/initialized"})",
                        {{"Mcp-Session-Id", open_session()}})),
            202);
}

TEST_F(HttpTest, AnErrorBeforeAToolRunsHasItsOwnStatus) {
  Catalog catalog = small_catalog();
  catalog.tools[0].needs = {"sampling"};
  const Protocol protocol(std::move(catalog), "secret", clock_);
  HttpDoor door(protocol, {}, clock_);
  const net::Answer answer =
      door.answer(modern_post("tools/call", R"("name":"echo")", {{"Mcp-Name", "echo"}}));
  EXPECT_EQ(answer.response.status, 400);
  EXPECT_EQ(error_code(answer), kMissingCapability);
}

// One request on the wire, as a client sends it.
std::string wire_of(const net::Request& request) {
  std::string text = fmt::format("{} {} HTTP/1.1\r\n", request.method, request.target);
  for (const auto& [name, value] : request.headers.fields()) {
    text += fmt::format("{}: {}\r\n", name, value);
  }
  return text + fmt::format("Content-Length: {}\r\n\r\n{}", request.body.size(), request.body);
}

class HttpServerTest : public HttpTest {
 protected:
  net::RawSocket sent(const net::Request& request) {
    net::RawSocket socket = net::RawSocket::connect(server_->port());
    EXPECT_TRUE(socket.write(wire_of(request)));
    return socket;
  }

  std::unique_ptr<net::HttpServer> server_ =
      net::start_server(
          {}, [this](const net::Request& request) { return door_.answer(request); }, clock_)
          .value();
};

TEST_F(HttpServerTest, AToolsAnswerIsTheLastEventOfItsStream) {
  const net::RawSocket socket = sent(
      modern_post("tools/call", R"("name":"echo","arguments":{"a":1})", {{"Mcp-Name", "echo"}}));
  const std::string said = socket.read_all();
  EXPECT_THAT(said, HasSubstr("text/event-stream"));
  EXPECT_THAT(said, HasSubstr(R"("structuredContent":{"a":1})"));
}

TEST_F(HttpServerTest, ALegacyClientIsAskedOnTheStreamAndAnswersByAPostOfItsOwn) {
  const std::string id = open_session();
  const net::RawSocket socket =
      sent(post(R"({"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"ask"}})",
                {{"Mcp-Session-Id", id}}));
  const std::string question = socket.read_until("question-1");
  EXPECT_THAT(question, HasSubstr("elicitation/create"));
  const net::RawSocket other =
      sent(post(R"({"jsonrpc":"2.0","id":"question-1","result":{"action":"decline"}})",
                {{"Mcp-Session-Id", id}, {"Connection", "close"}}));
  EXPECT_THAT(other.read_all(), HasSubstr(" 202 "));
  EXPECT_THAT(socket.read_all(), HasSubstr(R"("text":"decline")"));
}

TEST_F(HttpServerTest, ACancelledLegacyCallEndsWithoutAnAnswer) {
  const std::string id = open_session();
  const net::RawSocket socket =
      sent(post(R"({"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"ask"}})",
                {{"Mcp-Session-Id", id}}));
  static_cast<void>(socket.read_until("question-1"));
  const net::RawSocket other =
      sent(post(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5}})",
                {{"Mcp-Session-Id", id}, {"Connection", "close"}}));
  EXPECT_THAT(other.read_all(), HasSubstr(" 202 "));
  EXPECT_THAT(socket.read_all(), Not(HasSubstr("\"id\":5")));
}

TEST_F(HttpServerTest, ChangesAreToldOnTheStreamThatAskedForThem) {
  const net::RawSocket listening = sent(modern_post(
      "subscriptions/listen", R"("notifications":{"resourceSubscriptions":["small://page"]})"));
  EXPECT_THAT(listening.read_until("subscriptionId"), HasSubstr("subscriptions/acknowledged"));
  const net::RawSocket changing =
      sent(modern_post("tools/call", R"("name":"change")", {{"Mcp-Name", "change"}}));
  EXPECT_THAT(changing.read_all(), HasSubstr("complete"));
  EXPECT_THAT(listening.read_until("small://page"), HasSubstr("notifications/resources/updated"));
}

}  // namespace
}  // namespace rf::mcp
