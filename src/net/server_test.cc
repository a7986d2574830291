#include "net/server.h"

#include <atomic>
#include <condition_variable>
#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/peer_for_test.h"

namespace rf::net {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using namespace std::chrono_literals;

const SystemClock kClock;

Response echo(const Request& request) {
  return {.status = 200,
          .headers = {},
          .body = request.method + " " + request.target + " " + request.body};
}

// What the server says to these bytes, to its end. The peer keeps its side open, as hostile ones
// do, unless told otherwise.
std::string said_to(const HttpServer& server, std::string_view bytes, bool ends = false) {
  RawSocket socket = RawSocket::connect(server.port());
  static_cast<void>(socket.write(bytes));
  if (ends) socket.end_writing();
  return socket.read_all();
}

constexpr std::string_view kLast = "GET /last HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

TEST(Server, AnswersOneRequestAfterAnotherOnOneConnection) {
  const auto server = start_server({}, echo, kClock).value();
  const std::string said = said_to(
      *server, "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc" + std::string(kLast));
  EXPECT_THAT(said, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(said, HasSubstr("\r\n\r\nPOST /a abcHTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(said, HasSubstr("\r\n\r\nGET /last "));
}

TEST(Server, ReadsChunkedBodiesAndLeavesTrailersOut) {
  Request seen;
  const auto server =
      start_server({},
                   Handler([&](const Request& request) { return seen = request, echo(request); }),
                   kClock)
          .value();
  const std::string said =
      said_to(*server,
              "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
              "chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nAuthorization: late\r\n\r\n" +
                  std::string(kLast));
  EXPECT_THAT(said, HasSubstr("POST / abcde"));
  EXPECT_THAT(said, HasSubstr("GET /last "));
  EXPECT_FALSE(seen.headers.find("Authorization").has_value());
}

// Each could be read by a proxy in front of us in another way than by us.
TEST(Server, RefusesWhatCouldBeReadInTwoWays) {
  std::atomic<int> seen = 0;
  const auto server =
      start_server({}, Handler([&](const Request& request) { return ++seen, echo(request); }),
                   kClock)
          .value();
  const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";
  // Long ones are broken in two. NOLINTBEGIN(bugprone-suspicious-missing-comma)
  for (const std::string head :
       {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: "
        "chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: "
        "5\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n12345",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n12345",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5, 5\r\n\r\n12345",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +5\r\n\r\n12345",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length : 5\r\n\r\n12345",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: "
        "identity\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
        "chunked\r\n\r\nffffffffffffffffff\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\nHost: h\n\n",
        "GET  / HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET http://other/ HTTP/1.1\r\nHost: h\r\n\r\n",
        "CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: h\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nX\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: h\r\n\r\n",
        "\x16\x03\x01\x02\x01\x01",
        "GET / HTTP/1.1\r\nHost: h\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n"}) {
    // NOLINTEND(bugprone-suspicious-missing-comma)
    SCOPED_TRACE(head);
    const std::string said = said_to(*server, head + smuggled, true);
    EXPECT_THAT(said,
                testing::MatchesRegex("HTTP/1.1 [45]..(.|\r|\n)*Connection: close(.|\r|\n)*"));
    EXPECT_EQ(said.find("HTTP/1.1", 1), std::string::npos);  // One refusal, and no answer after it.
  }
  EXPECT_EQ(seen, 0);
}

TEST(Server, RefusesWhatIsTooBig) {
  std::atomic<int> seen = 0;
  ServerRules rules;
  rules.header_bytes_max = 1000;
  rules.body_bytes_max = 1000;
  const auto server =
      start_server(rules, Handler([&](const Request& request) { return ++seen, echo(request); }),
                   kClock)
          .value();
  const std::string big(2000, 'x');
  EXPECT_THAT(said_to(*server, "GET /" + big + " HTTP/1.1\r\nHost: h\r\n\r\n"),
              StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(said_to(*server, "GET / HTTP/1.1\r\nHost: h\r\nX: " + big + "\r\n\r\n"),
              StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(said_to(*server, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n"),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(
      said_to(*server,
              "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + big),
      StartsWith("HTTP/1.1 413 "));
  EXPECT_EQ(seen, 0);
  EXPECT_THAT(
      said_to(*server,
              "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n" +
                  big.substr(0, 1000)),
      StartsWith("HTTP/1.1 200 "));
}

// The client gets the refusal although it has much still to say.
TEST(Server, IsHeardWhenItRefusesALargeBody) {
  ServerRules rules;
  rules.body_bytes_max = 1000;
  const auto server = start_server(rules, echo, kClock).value();
  const std::string said =
      said_to(*server, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 500000\r\n\r\n" +
                           std::string(500'000, 'x'));
  EXPECT_THAT(said, StartsWith("HTTP/1.1 413 "));
}

TEST(Server, EndsConnectionsThatDripOrStay) {
  std::atomic<int> seen = 0;
  ServerRules rules;
  rules.header_max = 30ms;
  rules.body_max = 30ms;
  rules.idle_max = 30ms;
  const auto server =
      start_server(rules, Handler([&](const Request& request) { return ++seen, echo(request); }),
                   kClock)
          .value();
  for (const std::string begun : {"", "G", "GET / HTTP/1.1\r\nHost: h\r\nX-Slow: ",
                                  "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n12"}) {
    SCOPED_TRACE(begun);
    static_cast<void>(said_to(*server, begun));  // Comes to an end, though the peer never does.
  }
  EXPECT_EQ(seen, 0);
}

TEST(Server, SaysGoOnToThoseWhoWait) {
  const auto server = start_server({}, echo, kClock).value();
  RawSocket socket = RawSocket::connect(server->port());
  ASSERT_TRUE(
      socket.write("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: "
                   "2\r\nConnection: close\r\n\r\n"));
  EXPECT_EQ(socket.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  ASSERT_TRUE(socket.write("ok"));
  EXPECT_THAT(socket.read_all(), HasSubstr("POST / ok"));
}

TEST(Server, LetsNoHandlerSplitAnAnswer) {
  const auto server = start_server({}, Handler([](const Request&) {
                                     return Response{.status = 200,
                                                     .headers = {{"X-A", "a\r\nX-B: b"},
                                                                 {"X\r\nY", "c"},
                                                                 {"Content-Length", "99"},
                                                                 {"Transfer-Encoding", "chunked"},
                                                                 {"X-D", "d"}},
                                                     .body = "body"};
                                   }),
                                   kClock)
                          .value();
  const std::string said = said_to(*server, kLast);
  EXPECT_THAT(said, testing::Not(HasSubstr("X-B")));
  EXPECT_THAT(said, testing::Not(HasSubstr("chunked")));
  EXPECT_THAT(said, HasSubstr("Content-Length: 4\r\n"));
  EXPECT_THAT(said, HasSubstr("X-D: d\r\n"));
}

// A gate that tests open when they are ready.
class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

TEST(Server, TellsThoseBeyondItsRoomToComeBack) {
  Gate entered;
  Gate leave;
  ServerRules rules;
  rules.workers = 1;
  rules.waiting_max = 0;
  const auto none = start_server(rules, echo, kClock).value();
  EXPECT_THAT(said_to(*none, kLast),
              testing::AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("Retry-After: 1")));
}

TEST(Server, LetsARequestUnderWayEndWhenItStops) {
  Gate entered;
  Gate leave;
  const auto server = start_server({}, Handler([&](const Request& request) {
                                     entered.open();
                                     leave.wait();
                                     return echo(request);
                                   }),
                                   kClock)
                          .value();
  RawSocket busy = RawSocket::connect(server->port());
  RawSocket idle = RawSocket::connect(server->port());
  ASSERT_TRUE(busy.write("GET /busy HTTP/1.1\r\nHost: h\r\n\r\n"));
  entered.wait();
  std::thread stop([&] { server->stop(); });
  EXPECT_EQ(idle.read_all(), "");
  leave.open();
  stop.join();
  EXPECT_THAT(busy.read_all(),
              testing::AllOf(HasSubstr("GET /busy"), HasSubstr("Connection: close")));
}

TEST(Server, SaysWhereItCannotListen) {
  const auto server = start_server({}, echo, kClock).value();
  ServerRules taken;
  taken.port = server->port();
  const auto second = start_server(taken, echo, kClock);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::unavailable);
  ServerRules name;
  name.address = "localhost.example";
  EXPECT_EQ(start_server(name, echo, kClock).error().code, ErrorCode::invalid);
  ServerRules certificate;
  certificate.certificate = "/nowhere.pem";
  EXPECT_EQ(start_server(certificate, echo, kClock).error().code, ErrorCode::invalid);
}

TEST(EventStream, GivesEventsInOrderAndEnds) {
  const auto server =
      start_server({}, AnswerHandler([](const Request&) {
                     return Answer{
                         .response = {.status = 200,
                                      .headers = {{"Content-Type", "text/event-stream"}},
                                      .body = {}},
                         .events = [](EventStream stream) {
                           for (int i = 0; i < 100; ++i) {
                             ASSERT_TRUE(stream.send(
                                 {.id = std::to_string(i), .name = "step", .data = "a\nb"}));
                           }
                           stream.close();
                           EXPECT_FALSE(stream.is_open());
                         }};
                   }),
                   kClock)
          .value();
  const std::string said = said_to(*server, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  std::size_t at = 0;
  for (int i = 0; i < 100; ++i) {
    at = said.find("id: " + std::to_string(i) + "\nevent: step\ndata: a\ndata: b\n\n", at);
    ASSERT_NE(at, std::string::npos) << i;
  }
  EXPECT_TRUE(said.ends_with("\r\n0\r\n\r\n"));
}

TEST(EventStream, BeatsWhileThereIsNothingToSay) {
  ServerRules rules;
  rules.beat = 1ms;
  const auto server = start_server(rules, AnswerHandler([](const Request&) {
                                     return Answer{.response = {}, .events = [](EventStream) {}};
                                   }),
                                   kClock)
                          .value();
  RawSocket socket = RawSocket::connect(server->port());
  ASSERT_TRUE(socket.write("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_THAT(socket.read_until(":\n\n\r\n3\r\n:\n\n"), HasSubstr(":\n\n"));
}

TEST(EventStream, NoticesThatTheListenerIsGone) {
  std::optional<EventStream> held;
  Gate ready;
  const auto server =
      start_server({}, AnswerHandler([&](const Request&) {
                     return Answer{.response = {}, .events = [&](EventStream stream) {
                                     held = stream;
                                     ready.open();
                                   }};
                   }),
                   kClock)
          .value();
  {
    RawSocket socket = RawSocket::connect(server->port());
    ASSERT_TRUE(socket.write("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
    ready.wait();
    EXPECT_TRUE(held->is_open());
  }
  while (held->is_open()) std::this_thread::yield();  // Ends because the server sees it at once.
  EXPECT_FALSE(held->send({.id = "", .name = "", .data = "x"}));
}

TEST(EventStream, GivesUpOnAListenerThatDoesNotRead) {
  ServerRules rules;
  rules.stream_bytes_max = 10'000;
  Gate over;
  const auto server =
      start_server(rules, AnswerHandler([&](const Request&) {
                     return Answer{.response = {}, .events = [&](EventStream stream) {
                                     const std::string data(5000, 'x');
                                     while (stream.send({.id = "", .name = "", .data = data})) {
                                     }
                                     over.open();
                                   }};
                   }),
                   kClock)
          .value();
  RawSocket socket = RawSocket::connect(server->port());
  ASSERT_TRUE(socket.write("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  over.wait();
}

TEST(EventStream, EndsWhenTheServerStops) {
  Gate ready;
  const auto server =
      start_server({}, AnswerHandler([&](const Request&) {
                     return Answer{.response = {}, .events = [&](EventStream) { ready.open(); }};
                   }),
                   kClock)
          .value();
  RawSocket socket = RawSocket::connect(server->port());
  ASSERT_TRUE(socket.write("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  ready.wait();
  server->stop();
  EXPECT_TRUE(socket.read_all().ends_with("0\r\n\r\n"));
}

TEST(EventStream, LetsNoFieldBeginAnother) {
  EXPECT_EQ(to_wire({.id = "1\ndata: x", .name = "a\r\nid: 2", .data = "b\r\nc\rd\n"}),
            "id: 1data: x\nevent: aid: 2\ndata: b\ndata: c\ndata: d\ndata: \n\n");
  EXPECT_EQ(to_wire({.id = "", .name = "", .data = ""}), "data: \n\n");
}

}  // namespace
}  // namespace rf::net
