// MCP over the standard streams: one message to a line, one client, nothing else on the output.

#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "mcp/protocol.h"

namespace rf::mcp {

struct Streams {
  // Waits for bytes and gives how many came; 0 when no more will.
  std::function<std::size_t(char* buffer, std::size_t size)> read;
  // Takes one whole line with its newline.
  std::function<void(std::string_view line)> write;
};

// The longest line that is read.
// Chosen: files are named and not sent, so that real messages have a few kilobytes.
constexpr std::size_t kLineMax = 4u << 20;

// Serves until the input ends, and finishes what was asked before.
// Lists are answered while a tool runs; tools run one after the other.
// Thread: `write` is called from two threads, never at the same time.
void serve_stdio(const Protocol& protocol, const Streams& streams);

}  // namespace rf::mcp
