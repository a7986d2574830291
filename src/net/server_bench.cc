// The server beside bare Beast, which reads and answers the same bytes and does nothing else.

#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <benchmark/benchmark.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/server.h"

namespace rf::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

constexpr std::string_view kRequest =
    "GET /api/v1/report?by=ad HTTP/1.1\r\nHost: localhost:8077\r\nAuthorization: Bearer x\r\n"
    "Accept: application/json\r\n\r\n";

// One client on one kept connection: sends, and reads to the end of the answer.
class Caller {
 public:
  explicit Caller(int port) : file_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    RF_CHECK(::connect(file_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  ~Caller() { ::close(file_); }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  void call(std::size_t body_size) {
    RF_CHECK(::send(file_, kRequest.data(), kRequest.size(), 0) ==
             static_cast<ssize_t>(kRequest.size()));
    std::size_t whole = 0;
    std::size_t got = 0;
    while (whole == 0 || got < whole) {
      const ssize_t size = ::recv(file_, bytes_.data(), bytes_.size(), 0);
      RF_CHECK(size > 0);
      if (whole == 0) {
        const std::string_view head(bytes_.data(), static_cast<std::size_t>(size));
        const std::size_t end = head.find("\r\n\r\n");
        RF_CHECK(end != std::string_view::npos);  // A head comes in one piece.
        whole = end + 4 + body_size;
      }
      got += static_cast<std::size_t>(size);
    }
  }

 private:
  int file_;
  std::array<char, 65'536> bytes_{};
};

// Bare Beast: one thread and one callback chain for each connection, no limits, no checks.
class Bare {
 public:
  explicit Bare(std::string body)
      : body_(std::move(body)), acceptor_(context_, tcp::endpoint(tcp::v4(), 0)) {
    accept();
    thread_ = std::thread([this] { context_.run(); });
  }
  ~Bare() {
    context_.stop();
    thread_.join();
  }
  Bare(const Bare&) = delete;
  Bare& operator=(const Bare&) = delete;
  int port() const { return acceptor_.local_endpoint().port(); }

 private:
  struct One {
    One(tcp::socket the_socket, const std::string& the_body)
        : socket(std::move(the_socket)), body(the_body) {}
    tcp::socket socket;
    const std::string& body;
    beast::flat_buffer buffer;
    http::request<http::string_body> request;
    http::response<http::string_body> response;

    void read() {
      request = {};
      http::async_read(socket, buffer, request, [this](auto error, std::size_t) {
        if (!error) write();
      });
    }
    void write() {
      response = {http::status::ok, 11, body};
      response.set(http::field::content_type, "application/json");
      response.prepare_payload();
      http::async_write(socket, response, [this](auto error, std::size_t) {
        if (!error) read();
      });
    }
  };

  void accept() {
    acceptor_.async_accept([this](auto error, tcp::socket socket) {
      if (error) return;
      socket.set_option(tcp::no_delay(true));
      connections_.push_back(std::make_unique<One>(std::move(socket), body_));
      connections_.back()->read();
      accept();
    });
  }

  const std::string body_;
  asio::io_context context_{1};
  tcp::acceptor acceptor_;
  std::vector<std::unique_ptr<One>> connections_;
  std::thread thread_;
};

constexpr int kCallers = 16;

// Half of the connections, a request on each of them in turn.
void call_in_rounds(int port, std::size_t body_size) {
  std::vector<std::unique_ptr<Caller>> callers;
  callers.reserve(kCallers / 2);
  for (int i = 0; i < kCallers / 2; ++i) callers.push_back(std::make_unique<Caller>(port));
  for (int round = 0; round < 200; ++round) {
    for (const auto& caller : callers) caller->call(body_size);
  }
}

// Rounds of one request on each of some connections, all under way at once.
void measure(benchmark::State& state, int port, std::size_t body_size) {
  for (auto _ : state) {
    std::vector<std::thread> threads;
    threads.reserve(2);
    for (int t = 0; t < 2; ++t) threads.emplace_back(call_in_rounds, port, body_size);
    for (std::thread& thread : threads) thread.join();
  }
  state.SetItemsProcessed(state.iterations() * kCallers * 200);
}

void serve_bare_beast(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  const Bare bare(std::string(size, 'x'));
  measure(state, bare.port(), size);
}
BENCHMARK(serve_bare_beast)->Arg(200)->Arg(100'000)->UseRealTime();

void serve(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  const SystemClock clock;
  const std::string body(size, 'x');
  ServerRules rules;
  rules.threads = 1;
  rules.workers = static_cast<int>(state.range(1));
  const auto server =
      start_server(rules, Handler([&](const Request&) {
                     return Response{.status = 200,
                                     .headers = {{"Content-Type", "application/json"}},
                                     .body = body};
                   }),
                   clock)
          .value();
  measure(state, server->port(), size);
}
BENCHMARK(serve)
    ->Args({200, 0})
    ->Args({200, 2})
    ->Args({100'000, 0})
    ->Args({100'000, 2})
    ->UseRealTime();

}  // namespace
}  // namespace rf::net
