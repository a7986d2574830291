// Any bytes as a whole conversation: on the standard streams, and as the bodies of HTTP requests.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/json.h"
#include "base/time.h"
#include "mcp/catalog.h"
#include "mcp/http.h"
#include "mcp/protocol.h"
#include "mcp/stdio.h"

namespace {

// One tool that asks, so that states and questions are reached too.
rf::mcp::Catalog one_tool() {
  rf::mcp::Catalog catalog;
  catalog.name = "fuzz";
  rf::mcp::Tool tool;
  tool.name = "t";
  tool.input_schema = {
      {"type", "object"},
      {"properties", rf::JsonObject{{"a", rf::JsonObject{{"x-mcp-header", "A"}}}}}};
  tool.run = [](const rf::JsonObject& given,
                rf::mcp::Call& call) -> rf::mcp::Outcome<rf::mcp::ToolAnswer> {
    auto state = call.state();
    if (auto* refusal = std::get_if<rf::mcp::Refusal>(&state)) return std::move(*refusal);
    call.keep(1);
    call.progress(1, 2, "half");
    if (given.contains("ask")) static_cast<void>(call.ask("k", "elicitation/create", {}));
    return rf::mcp::ToolAnswer{};
  };
  catalog.tools.push_back(std::move(tool));
  catalog.lists_change = true;
  return catalog;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const rf::ManualClock clock{rf::Instant{}};
  static const rf::mcp::Protocol protocol(one_tool(), "secret", clock);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string_view left = text;
  rf::mcp::serve_stdio(protocol,
                       {.read =
                            [&](char* buffer, std::size_t room) {
                              const std::size_t taken = std::min(room, left.size());
                              std::copy_n(left.begin(), taken, buffer);
                              left.remove_prefix(taken);
                              return taken;
                            },
                        .write =
                            [](std::string_view line) {
                              RF_CHECK(!line.empty() && line.find('\n') == line.size() - 1);
                              RF_CHECK(rf::parse_json(line.substr(0, line.size() - 1)).has_value());
                            }});

  rf::mcp::HttpDoor door(protocol, {}, clock);
  for (std::string_view version : {"2026-07-28", "2025-11-25"}) {
    const rf::net::Request request{
        .method = "POST",
        .target = "/mcp",
        .headers = {{"Host", "localhost"},
                    {"Content-Type", "application/json"},
                    {"MCP-Protocol-Version", std::string(version)},
                    {"Mcp-Method", "tools/call"},
                    {"Mcp-Name", std::string(text.substr(0, std::min<std::size_t>(size, 40)))}},
        .body = std::string(text)};
    const rf::net::Answer answer = door.answer(request);
    RF_CHECK(answer.response.status >= 200 && answer.response.status < 500);
  }
  return 0;
}
