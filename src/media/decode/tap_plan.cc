#include "media/decode/tap_plan.h"

#include <algorithm>
#include <cmath>

namespace rf::media {

PictureSize tapped_size(const Tap& tap, PictureSize shown) {
  const int side = std::min(shown.width, shown.height);
  const double scale = std::min(1.0, static_cast<double>(tap.short_side_px) / side);
  const auto scaled = [&](int pixels) {
    return std::max(1, static_cast<int>(std::lround(pixels * scale)));
  };
  return {.width = scaled(shown.width),
          .height = scaled(shown.height),
          .channels = channels_of(tap.pixels)};
}

TapPlan::TapPlan(const std::vector<Tap>& taps, PictureSize shown)
    : taps_(taps), last_slot_(taps.size(), -1) {
  for (std::size_t tap = 0; tap < taps.size(); ++tap) {
    const PictureSize size = tapped_size(taps[tap], shown);
    auto known = std::find_if(sizes_.begin(), sizes_.end(), [&](const PlannedSize& each) {
      return each.size.width == size.width && each.size.height == size.height &&
             each.size.channels == size.channels;
    });
    if (known == sizes_.end()) known = sizes_.insert(known, PlannedSize{.size = size, .taps = {}});
    known->taps.push_back(tap);
  }
}

std::uint32_t TapPlan::due(std::size_t size, double t_s) {
  std::uint32_t bits = 0;
  for (const std::size_t tap : sizes_[size].taps) {
    const double rate = taps_[tap].rate_hz;
    if (rate > 0) {
      // A stamp that was rounded down by its container still belongs to the period it begins.
      constexpr double kRoundingS = 0.0006;
      const auto slot = static_cast<std::int64_t>(std::floor((t_s + kRoundingS) * rate));
      if (slot <= last_slot_[tap]) continue;
      last_slot_[tap] = slot;
    }
    bits |= std::uint32_t{1} << tap;
  }
  return bits;
}

}  // namespace rf::media
