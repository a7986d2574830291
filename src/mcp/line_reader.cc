#include "mcp/line_reader.h"

#include <utility>

namespace rf::mcp {

void LineReader::take(std::string_view part) {
  if (too_long_ || line_.size() + part.size() > length_max_) {
    too_long_ = true;
    line_.clear();
    return;
  }
  line_ += part;
}

std::vector<LineReader::Line> LineReader::feed(std::string_view bytes) {
  std::vector<Line> lines;
  for (std::size_t end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
    take(bytes.substr(0, end));
    bytes.remove_prefix(end + 1);
    std::vector<Line> whole = finish();
    lines.insert(lines.end(), whole.begin(), whole.end());
  }
  take(bytes);
  return lines;
}

std::vector<LineReader::Line> LineReader::finish() {
  std::vector<Line> lines;
  if (too_long_) {
    lines.emplace_back(std::nullopt);
  } else {
    if (!line_.empty() && line_.back() == '\r') line_.pop_back();
    if (!line_.empty()) lines.emplace_back(std::move(line_));
  }
  line_.clear();
  too_long_ = false;
  return lines;
}

}  // namespace rf::mcp
