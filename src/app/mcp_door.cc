#include "app/mcp_door.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <string>
#include <string_view>
#include <tuple>

#include <fmt/format.h>
#include <unistd.h>

#include "api/operations.h"
#include "base/described.h"
#include "mcp/offer.h"
#include "mcp/protocol.h"
#include "mcp/stdio.h"
#include "net/secret.h"

namespace rf::app {

struct McpInput {
  bool administer = false;
};

}  // namespace rf::app

template <>
struct rf::Described<rf::app::McpInput> {
  using Self = rf::app::McpInput;
  static constexpr auto fields = std::tuple{field(
      "administer", &Self::administer, "let clients change settings without asking a person")};
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

// Ctrl-C is to interrupt the wait for input, not to be waited out.
void let_signals_interrupt() {
  struct sigaction old {};
  if (sigaction(SIGINT, nullptr, &old) != 0) return;
  old.sa_flags &= ~SA_RESTART;
  static_cast<void>(sigaction(SIGINT, &old, nullptr));
}

int report(const Error& error) {
  static_cast<void>(std::fputs(fmt::format("reelforge: {}\n", error.message).c_str(), stderr));
  return row_of(error.code).exit_status;
}

}  // namespace

cli::Door mcp_door(const api::Services::OpenStore& open_store, const std::string& decoder,
                   const Clock& clock) {
  return {.name = "mcp",
          .help = "serve MCP clients, such as assistants, on standard streams",
          .example = "mcp",
          .inputs = api::detail::input_fields<McpInput>(),
          .open = [&clock, open_store, decoder](const Json& json, const std::string& store_path) {
            Result<McpInput> input = from_json<McpInput>(json, "input");
            if (!input) return report(input.error());
            const mcp::Protocol protocol(
                mcp::offer(api::operations(), {.store_path = store_path,
                                               .open_store = open_store,
                                               .decoder = decoder,
                                               .clock = clock,
                                               .may_administer = input->administer}),
                net::new_secret(), clock);
            let_signals_interrupt();
            mcp::serve_stdio(protocol, {.read = read_input, .write = write_line});
            return 0;
          }};
}

}  // namespace rf::app
