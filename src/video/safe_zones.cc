#include "video/safe_zones.h"

#include <algorithm>
#include <array>

namespace rf::video {
namespace {

constexpr std::array<SafeZone, 3> kUpright = {{
    {"reels", 0.06, 0.14, 0.06, 0.35},
    {"tiktok", 0.11, 160.0 / 1280, 0.11, 440.0 / 1280},
    {"shorts", 48.0 / 1080, 288.0 / 1920, 192.0 / 1080, 672.0 / 1920},
}};
constexpr SafeZone kTitleSafe = {"title safe", 0.05, 0.05, 0.05, 0.05};

// Boxes are found to within a pixel or two of small pictures.
constexpr double kTolerance = 0.01;

bool clear_of(const SafeZone& zone, const Box& box) {
  return box.x >= zone.left - kTolerance && box.y >= zone.top - kTolerance &&
         box.x + box.width <= 1 - zone.right + kTolerance &&
         box.y + box.height <= 1 - zone.bottom + kTolerance;
}

}  // namespace

std::span<const SafeZone> upright_zones() { return kUpright; }

bool in_safe_zone(const Box& box, bool upright) {
  if (!upright) return clear_of(kTitleSafe, box);
  return std::all_of(kUpright.begin(), kUpright.end(),
                     [&](const SafeZone& zone) { return clear_of(zone, box); });
}

}  // namespace rf::video
