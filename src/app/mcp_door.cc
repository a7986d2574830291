#include "app/mcp_door.h"

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "api/operations.h"
#include "base/described.h"
#include "base/file.h"
#include "mcp/http.h"
#include "mcp/offer.h"
#include "mcp/protocol.h"
#include "mcp/stdio.h"
#include "net/secret.h"
#include "net/server.h"

namespace rf::app {

struct McpInput {
  bool http = false;
  std::string address = "127.0.0.1";
  std::int64_t port = 8808;
  std::vector<std::string> names;
  std::string token_file;
  std::string certificate;
  std::string private_key;
  bool administer = false;
};

}  // namespace rf::app

template <>
struct rf::Described<rf::app::McpInput> {
  using Self = rf::app::McpInput;
  static constexpr auto fields = std::tuple{
      field("http", &Self::http, "listen on HTTP instead of the standard streams"),
      field("address", &Self::address, "to listen on, 127.0.0.1 if left out"),
      field("port", &Self::port, "to listen on, 8808 if left out; 0 is any free one",
            {.min = 0, .max = 65535}),
      field("names", &Self::names, "of this machine, under which clients may ask for it"),
      field("token_file", &Self::token_file,
            "holds the token that clients send; a new one is shown if left out"),
      field("certificate", &Self::certificate, "PEM file, to speak TLS"),
      field("private_key", &Self::private_key, "PEM file of the certificate's key"),
      field("administer", &Self::administer,
            "let clients change settings without asking a person")};
};

namespace rf::app {
namespace {

std::size_t read_input(char* buffer, std::size_t size) {
  const ssize_t got = ::read(STDIN_FILENO, buffer, size);
  return got > 0 ? static_cast<std::size_t>(got) : 0;  // A signal ends it as the end of input does.
}

void write_line(std::string_view line) {
  static_cast<void>(std::fwrite(line.data(), 1, line.size(), stdout));
  static_cast<void>(std::fflush(stdout));
}

// A token that could be guessed is none.
constexpr std::size_t kTokenMin = 20;
constexpr std::int64_t kTokenFileMax = 4096;

Result<std::string> token_of(const McpInput& input) {
  if (input.token_file.empty()) {
    std::string fresh = net::new_secret();
    fmt::print(stderr, "clients send: Authorization: Bearer {}\n", fresh);
    return fresh;
  }
  Result<std::string> text = read_file(input.token_file, kTokenFileMax);
  if (!text) return text;
  text->erase(text->find_last_not_of("\r\n") + 1);
  if (text->size() >= kTokenMin) return text;
  return fail(ErrorCode::invalid,
              fmt::format("{}: a token has at least {} characters", input.token_file, kTokenMin));
}

Status check_address(const McpInput& input) {
  const bool loopback = input.address == "127.0.0.1" || input.address == "::1";
  if (loopback || !input.certificate.empty()) return {};
  return fail(ErrorCode::denied,
              fmt::format("'{}' can be reached from elsewhere, and a token would travel in the "
                          "clear; give --certificate and --private-key",
                          input.address));
}

// Serves until Ctrl-C, or until it is told to end.
Status serve_http(const mcp::Protocol& protocol, const McpInput& input, const Clock& clock) {
  RF_TRY(check_address(input));
  std::string token = RF_TRY(token_of(input));
  mcp::HttpDoor door(protocol, {.names = input.names, .token = std::move(token)}, clock);
  sigset_t ends;  // Blocked in every thread that the server starts, and waited for here.
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  net::ServerRules rules;
  rules.address = input.address;
  rules.port = static_cast<int>(input.port);
  rules.workers = 2 * mcp::kQuestionsMax;
  rules.body_bytes_max = mcp::kLineMax;
  rules.certificate = input.certificate;
  rules.private_key = input.private_key;
  const std::unique_ptr<net::HttpServer> server = RF_TRY(net::start_server(
      rules, [&door](const net::Request& request) { return door.answer(request); }, clock));
  const std::string_view scheme = input.certificate.empty() ? "http" : "https";
  write_line(fmt::format("{}://{}:{}/mcp\n", scheme, input.address, server->port()));
  int signal = 0;
  sigwait(&ends, &signal);
  server->stop();
  return {};
}

// Ctrl-C is to interrupt the wait for input, not to be waited out.
void let_signals_interrupt() {
  struct sigaction old {};
  if (sigaction(SIGINT, nullptr, &old) != 0) return;
  old.sa_flags &= ~SA_RESTART;
  static_cast<void>(sigaction(SIGINT, &old, nullptr));
}

int report(const Error& error) {
  fmt::print(stderr, "reelforge: {}\n", error.message);
  return row_of(error.code).exit_status;
}

}  // namespace

cli::Door mcp_door(const api::Services::OpenStore& open_store, const std::string& decoder,
                   const api::Reach& reach, const Clock& clock) {
  return {.name = "mcp",
          .help = "serve assistants that speak MCP, on standard streams or HTTP",
          .example = "mcp",
          .inputs = api::detail::input_fields<McpInput>(),
          .open = [&clock, open_store, decoder, reach](const Json& json,
                                                       const std::string& store_path) {
            Result<McpInput> input = from_json<McpInput>(json, "input");
            if (!input) return report(input.error());
            const mcp::Protocol protocol(
                mcp::offer(api::operations(), {.store_path = store_path,
                                               .open_store = open_store,
                                               .decoder = decoder,
                                               .clock = clock,
                                               .may_administer = input->administer,
                                               .reach = reach}),
                net::new_secret(), clock);
            if (input->http) {
              const Status served = serve_http(protocol, *input, clock);
              return served ? 0 : report(served.error());
            }
            let_signals_interrupt();
            mcp::serve_stdio(protocol, {.read = read_input, .write = write_line});
            return 0;
          }};
}

}  // namespace rf::app
