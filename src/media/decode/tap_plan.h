// Which taps want which picture: taps of equal size and pixels share one scaled picture.

#pragma once

#include <cstdint>
#include <vector>

#include "media/decode/orientation.h"
#include "media/watch.h"

namespace rf::media {

struct PlannedSize {
  PictureSize size;  // As shown.
  std::vector<std::size_t> taps;
};

// Thread: one at a time.
class TapPlan {
 public:
  // `shown` is the whole picture.
  TapPlan(const std::vector<Tap>& taps, PictureSize shown);

  const std::vector<PlannedSize>& sizes() const { return sizes_; }
  // The taps of that size that want the picture of this time, as bits; each time is asked once,
  // and times grow.
  std::uint32_t due(std::size_t size, double t_s);

 private:
  std::vector<Tap> taps_;
  std::vector<std::int64_t> last_slot_;  // By tap: the period of its rate that was served last.
  std::vector<PlannedSize> sizes_;
};

// The size a tap gets of a picture.
PictureSize tapped_size(const Tap& tap, PictureSize shown);

}  // namespace rf::media
