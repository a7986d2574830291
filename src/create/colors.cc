#include "create/colors.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "media/rgb.h"

namespace rf::create {
namespace {

// [0, 1].
double luminance(std::string_view color) {
  const media::Rgb rgb = media::parse_rgb(color).value();
  const auto linear = [](std::uint8_t byte) {
    const double part = byte / 255.0;
    return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(rgb.red) + 0.7152 * linear(rgb.green) + 0.0722 * linear(rgb.blue);
}

// Black or white: one of them always has a contrast above 4.5, since sqrt(21) = 4.58.
std::string readable_on(std::string_view background) {
  const bool white = contrast("#ffffff", background) > contrast("#000000", background);
  return white ? "#ffffff" : "#000000";
}

}  // namespace

double contrast(std::string_view a, std::string_view b) {
  const double la = luminance(a);
  const double lb = luminance(b);
  return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

std::vector<ColorScheme> color_schemes(const std::vector<std::string>& brand, std::size_t n) {
  std::vector<ColorScheme> all;
  const auto add = [&](ColorScheme scheme) {
    if (all.size() < n && std::ranges::find(all, scheme) == all.end()) {
      all.push_back(std::move(scheme));
    }
  };
  for (std::size_t i = 0; i < brand.size(); ++i) {
    const std::string& accent = brand[(i + 1) % brand.size()];
    add({brand[i], readable_on(brand[i]), brand.size() > 1 ? accent : readable_on(brand[i])});
  }
  for (const std::string& accent : brand) {
    add({"#ffffff", "#000000", accent});
    add({"#101010", "#ffffff", accent});
  }
  for (const char* accent : {"#ffcc00", "#e53935", "#1e88e5", "#43a047"}) {
    add({"#101010", "#ffffff", accent});
    add({"#ffffff", "#000000", accent});
  }
  return all;
}

}  // namespace rf::create
