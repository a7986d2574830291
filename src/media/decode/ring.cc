#include "media/decode/ring.h"

#include "base/check.h"

namespace rf::media {
namespace {

// A cache line, so that no two blocks share one and samples lie as floats want to.
constexpr std::size_t kAlign = 64;

}  // namespace

std::optional<std::size_t> RingLedger::place(std::size_t bytes) const {
  RF_CHECK(bytes > 0);
  if (bytes > bytes_) return std::nullopt;
  if (blocks_.empty()) return 0;
  const std::size_t oldest = blocks_.front().begin;
  const std::size_t next = (blocks_.back().end + kAlign - 1) / kAlign * kAlign;
  if (blocks_.back().begin >= oldest) {  // In use from `oldest` on; free behind it and before it.
    if (next <= bytes_ && bytes <= bytes_ - next) return next;
    if (bytes <= oldest) return 0;
    return std::nullopt;
  }
  if (next <= oldest && bytes <= oldest - next) return next;
  return std::nullopt;
}

void RingLedger::take(std::size_t offset, std::size_t bytes) {
  RF_CHECK(place(bytes) == offset);
  blocks_.push_back({.begin = offset, .end = offset + bytes});
}

bool RingLedger::release() {
  if (blocks_.empty()) return false;
  blocks_.pop_front();
  return true;
}

}  // namespace rf::media
