// Who may write where in the shared ring: blocks are handed out in order and given back in order.

#pragma once

#include <cstddef>
#include <deque>
#include <optional>

namespace rf::media {

// Offsets only; the memory is the caller's.
class RingLedger {
 public:
  explicit RingLedger(std::size_t bytes) : bytes_(bytes) {}

  // Where `bytes` in one piece may be written, or nothing while there is no such place.
  // REQUIRES: 0 < bytes.
  std::optional<std::size_t> place(std::size_t bytes) const;
  // The block is in use from now on.
  // REQUIRES: place() named the offset since the last change.
  void take(std::size_t offset, std::size_t bytes);
  // The oldest block is free again; false when there is none.
  bool release();

  std::size_t blocks() const { return blocks_.size(); }

 private:
  struct Block {
    std::size_t begin;
    std::size_t end;
  };
  std::size_t bytes_;
  std::deque<Block> blocks_;
};

}  // namespace rf::media
