#include "media/decode/troubles.h"

#include <algorithm>

#include <fmt/format.h>

namespace rf::media {
namespace {

// Kinds beyond this are of no more use to a reader.
constexpr std::size_t kKindsMax = 24;

}  // namespace

void Troubles::note(std::string_view words, double t_s) {
  const auto known = std::find_if(found_.begin(), found_.end(),
                                  [&](const Trouble& each) { return each.words == words; });
  if (known != found_.end()) {
    ++known->count;
  } else if (found_.size() < kKindsMax) {
    found_.push_back({.words = std::string(words), .first_s = t_s, .count = 1});
  }
}

std::vector<std::string> Troubles::in_words() const {
  std::vector<std::string> lines;
  lines.reserve(found_.size());
  for (const Trouble& each : found_) {
    std::string line = fmt::format("{}: at {:.3f} s", each.words, each.first_s);
    if (each.count > 1) line += fmt::format(", and {} times more", each.count - 1);
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace rf::media
