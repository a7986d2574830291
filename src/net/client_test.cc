#include "net/client.h"

#include <atomic>
#include <mutex>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/peer_for_test.h"
#include "net/server.h"

namespace rf::net {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

const SystemClock kClock;

std::unique_ptr<HttpServer> serve(Handler handler, const ServerRules& rules = {}) {
  return start_server(rules, std::move(handler), kClock).value();
}

std::string address_of(const HttpServer& server, std::string_view path = "/") {
  return "http://127.0.0.1:" + std::to_string(server.port()) + std::string(path);
}

// Reads one request's head, then answers with these bytes.

Request asked(std::string method, std::string address, std::string body = "") {
  return {.method = std::move(method),
          .target = std::move(address),
          .headers = {},
          .body = std::move(body)};
}

RawServer::Treat answer_with(std::string bytes) {
  return [bytes = std::move(bytes)](RawSocket& socket) {
    static_cast<void>(socket.read_until("\r\n\r\n"));
    static_cast<void>(socket.write(bytes));
  };
}

ErrorCode code_of(const Result<Response>& answer) {
  EXPECT_FALSE(answer.has_value());
  return answer ? ErrorCode::invalid : answer.error().code;
}

TEST(Client, SendsEveryPartAndReceivesEveryPart) {
  Request seen;
  const auto server = serve([&](const Request& request) {
    seen = request;
    return Response{.status = 418,
                    .headers = {{"X-Answer", "a"}, {"X-Answer", "b"}},
                    .body = std::string("\0\xff body", 7)};
  });
  const auto client = open_client({});
  const std::string body("\0bytes\r\n\r\n", 10);
  const auto answer = client->send({.method = "PUT",
                                    .target = address_of(*server, "/a/b?c=%20d&e"),
                                    .headers = {{"X-One", "1"}, {"X-One", "2"}, {"X-Empty", ""}},
                                    .body = body});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(seen.method, "PUT");
  EXPECT_EQ(seen.target, "/a/b?c=%20d&e");
  EXPECT_EQ(seen.body, body);
  EXPECT_THAT(seen.headers.fields(),
              testing::IsSupersetOf({Headers::Field("X-One", "1"), Headers::Field("X-One", "2"),
                                     Headers::Field("X-Empty", "")}));
  EXPECT_EQ(answer->status, 418);
  EXPECT_EQ(answer->body, std::string("\0\xff body", 7));
  EXPECT_THAT(answer->headers.fields(), testing::IsSupersetOf({Headers::Field("X-Answer", "a"),
                                                               Headers::Field("X-Answer", "b")}));
}

TEST(Client, SendsAGetWithABodyAndNeverAFormBySurprise) {
  Request seen;
  const auto server = serve([&](const Request& request) { return seen = request, Response{}; });
  const auto client = open_client({});
  for (const std::string method : {"GET", "POST", "DELETE"}) {
    SCOPED_TRACE(method);
    ASSERT_TRUE(client->send(
        {.method = method, .target = address_of(*server), .headers = {}, .body = "{}"}));
    EXPECT_EQ(seen.method, method);
    EXPECT_EQ(seen.body, "{}");
    EXPECT_FALSE(seen.headers.find("Content-Type").has_value());
  }
  ASSERT_TRUE(client->send(asked("POST", address_of(*server))));
  EXPECT_EQ(seen.headers.find("Content-Length").value_or("none"), "0");
}

TEST(Client, AsksOnlyForTheHeadWhenToldTo) {
  const auto server =
      serve([](const Request&) { return Response{.status = 200, .headers = {}, .body = "0123"}; });
  const auto answer = open_client({})->send(asked("HEAD", address_of(*server)));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "");
  EXPECT_EQ(answer->headers.find("Content-Length").value_or("none"), "4");
}

TEST(Client, GivesBackBodiesOfManyMegabytes) {
  const std::string big(5 << 20, 'x');
  const auto server = serve([&](const Request& request) {
    return Response{.status = 200, .headers = {}, .body = request.body};
  });
  const auto answer = open_client({})->send(asked("POST", address_of(*server), big));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_TRUE(answer->body == big);
}

TEST(Client, CallsAServerThatIsNotThereUnavailable) {
  int port = 0;
  {
    port = RawServer([](RawSocket&) {}).port();
  }
  for (const std::string method : {"GET", "POST"}) {
    const auto answer =
        open_client({})->send(asked(method, "http://127.0.0.1:" + std::to_string(port)));
    EXPECT_EQ(code_of(answer), ErrorCode::unavailable);
  }
}

// What a broken server may send; none of it is a whole answer.
TEST(Client, CallsATruncatedAnswerAnUnknownOutcome) {
  for (const std::string bytes :
       {"", "HTTP/1.1", "HTTP/1.1 200 OK\r\nContent-",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"}) {
    SCOPED_TRACE(bytes);
    RawServer server(answer_with(bytes));
    const auto answer = open_client({})->send(asked("POST", server.address(), "1"));
    EXPECT_EQ(code_of(answer), ErrorCode::outcome_unknown);
  }
}

TEST(Client, StopsAtItsLimitsOnBodyAndHeaders) {
  const std::string body =
      "HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + std::string(2000, 'b');
  const std::string endless = "HTTP/1.1 200 OK\r\n\r\n" + std::string(2000, 'b');
  const std::string headers = "HTTP/1.1 200 OK\r\nX: " + std::string(2000, 'h') + "\r\n\r\n";
  for (const std::string& bytes : {body, endless, headers}) {
    RawServer server(answer_with(bytes));
    ClientRules rules;
    rules.body_bytes_max = 1999;
    rules.header_bytes_max = 1999;
    const auto answer = open_client(rules)->send(asked("GET", server.address()));
    EXPECT_EQ(code_of(answer), ErrorCode::over_limit);
  }
}

TEST(Client, GivesUpOnAServerThatNeverAnswers) {
  RawServer server([](RawSocket& socket) { static_cast<void>(socket.read_all()); });
  ClientRules rules;
  rules.whole_max = 50ms;
  const auto answer = open_client(rules)->send(asked("POST", server.address()));
  EXPECT_EQ(code_of(answer), ErrorCode::outcome_unknown);
}

TEST(Client, EndsWhenCancelled) {
  RawServer server([](RawSocket& socket) { static_cast<void>(socket.read_all()); });
  ClientRules rules;
  std::atomic<int> times = 0;
  rules.cancelled = [&] { return ++times > 1; };
  const auto answer = open_client(rules)->send(asked("POST", server.address()));
  const ErrorCode code = code_of(answer);
  EXPECT_TRUE(code == ErrorCode::outcome_unknown || code == ErrorCode::conflict);
  EXPECT_THAT(answer.error().message, HasSubstr("cancelled"));
}

TEST(Client, KeepsAConnectionBetweenRequests) {
  std::atomic<int> connections = 0;
  RawServer server([&](RawSocket& socket) {
    ++connections;
    while (!socket.read_until("\r\n\r\n").empty()) {
      static_cast<void>(socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    }
  });
  const auto client = open_client({});
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(client->send(asked("GET", server.address())));
  EXPECT_EQ(connections, 1);
}

// The server takes the second request on a kept connection and closes without a word. It may have
// done what was asked.
TEST(Client, NeverSendsAWriteTwiceOnADeadConnection) {
  std::atomic<int> seen = 0;
  RawServer server([&](RawSocket& socket) {
    if (socket.read_until("\r\n\r\n").empty()) return;
    ++seen;
    static_cast<void>(socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    if (!socket.read_until("\r\n\r\n").empty()) ++seen;
  });
  const auto client = open_client({});
  ASSERT_TRUE(client->send(asked("GET", server.address())));
  const auto answer = client->send(asked("POST", server.address(), "once"));
  EXPECT_EQ(code_of(answer), ErrorCode::outcome_unknown);
  EXPECT_EQ(seen, 2);
}

TEST(Client, FollowsNoRedirectUnlessToldTo) {
  const auto server = serve([](const Request&) {
    return Response{.status = 302, .headers = {{"Location", "https://example.org/"}}, .body = {}};
  });
  const auto answer = open_client({})->send(asked("GET", address_of(*server)));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 302);
  EXPECT_EQ(answer->headers.find("location").value_or(""), "https://example.org/");
}

TEST(Client, RefusesToReachPrivateHostsForStrangers) {
  const auto server = serve([](const Request&) { return Response{}; });
  ClientRules rules;
  rules.public_hosts_only = true;
  for (const std::string host : {"127.0.0.1", "localhost", "[::1]", "0.0.0.0"}) {
    SCOPED_TRACE(host);
    const auto answer = open_client(rules)->send(
        asked("GET", "http://" + host + ":" + std::to_string(server->port())));
    EXPECT_EQ(code_of(answer), ErrorCode::denied);
  }
}

TEST(Client, RefusesWhatCannotBeSentSafely) {
  const auto client = open_client({});
  const std::string address = "http://127.0.0.1:9/";
  const std::vector<Request> bad{
      {.method = "GET\r\nX: y", .target = address, .headers = {}, .body = {}},
      asked("GET", address + "a b"),
      asked("GET", address + "\r\nX: y"),
      {.method = "GET", .target = address, .headers = {{"X", "a\r\nY: b"}}, .body = {}},
      {.method = "GET", .target = address, .headers = {{"X: y", "a"}}, .body = {}},
      asked("GET", "file:///etc/passwd"),
      asked("GET", "gopher://127.0.0.1/"),
      asked("GET", "")};
  for (const Request& request : bad) EXPECT_EQ(code_of(client->send(request)), ErrorCode::invalid);
}

TEST(Client, TracesWithoutSecrets) {
  const auto server = serve([](const Request&) {
    return Response{.status = 200, .headers = {{"Set-Cookie", "sid=s3cr3t"}}, .body = {}};
  });
  std::string trace;
  ClientRules rules;
  rules.trace = [&](std::string_view line) { trace.append(line).append("\n"); };
  const auto client = open_client(rules);
  const Request request{
      .method = "POST",
      .target = address_of(*server, "/v1/ads?access_token=s3cr3t&limit=5"),
      .headers = {{"Authorization", "Bearer s3cr3t"}, {"developer-token", "s3cr3t"}},
      .body = "client_secret=s3cr3t"};
  ASSERT_TRUE(client->send(request));
  EXPECT_THAT(trace, Not(HasSubstr("s3cr3t")));
  EXPECT_THAT(trace, HasSubstr("limit=5"));
  Request lost = request;
  lost.target = "http://127.0.0.1:1/?access_token=s3cr3t";
  const auto answer = client->send(lost);
  EXPECT_THAT(answer.error().message, Not(HasSubstr("s3cr3t")));
  EXPECT_THAT(trace, Not(HasSubstr("s3cr3t")));
}

TEST(Client, MayBeUsedFromManyThreads) {
  const auto server = serve([](const Request& request) {
    return Response{.status = 200, .headers = {}, .body = request.target};
  });
  const auto client = open_client({});
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        const std::string path = fmt::format("/{}/{}", t, i);
        const auto answer = client->send(asked("GET", address_of(*server, path)));
        if (answer && answer->body == path) ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 160);
}

}  // namespace
}  // namespace rf::net
