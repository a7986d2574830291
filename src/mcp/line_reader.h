// Lines out of bytes that come as they come, with a limit on how long one may be.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rf::mcp {

class LineReader {
 public:
  // One line; none where it was longer than allowed, and was thrown away.
  using Line = std::optional<std::string>;

  explicit LineReader(std::size_t length_max) : length_max_(length_max) {}

  // The lines that `bytes` complete. Memory stays below the limit, whatever comes.
  std::vector<Line> feed(std::string_view bytes);

  // What stands behind the last newline, when the stream has ended; empty for nothing.
  std::vector<Line> finish();

 private:
  void take(std::string_view part);

  std::size_t length_max_;
  std::string line_;
  bool too_long_ = false;
};

}  // namespace rf::mcp
