// Where platforms draw their own buttons and captions over a film.

#pragma once

#include <span>
#include <string_view>

#include "model/features_sights.h"

namespace rf::video {

// Fractions of the picture that are covered at each edge.
struct SafeZone {
  std::string_view platform;
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;
};

// Of upright films.
// Source: Meta's guidance for Reels ads, 14 % above, 35 % below, 6 % at the sides; TikTok's in-feed
// template of 720 x 1280 with 160 pixels above and 440 below, and 11 % at the sides; Google's for
// Shorts ads, of 1080 x 1920: 288 above, 672 below, 48 left, 192 right. As of 2026-04; they move.
std::span<const SafeZone> upright_zones();

// Whether the box is clear of what every platform draws. For films that are not upright, nobody
// draws over fixed places, and only the outermost 5 % count as unsafe.
// Source: SMPTE ST 2046-1, title-safe area of 90 %.
bool in_safe_zone(const Box& box, bool upright);

// Films narrower than this are shown full-screen on telephones; between 4:5 and 9:16.
inline constexpr double kUprightAspectMax = 0.7;

}  // namespace rf::video
