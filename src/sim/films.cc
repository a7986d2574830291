#include "sim/films.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <span>
#include <string_view>

#include <fmt/format.h>

#include "base/check.h"
#include "base/rng.h"
#include "sim/lettering.h"

namespace rf::sim {
namespace {

// The chance that a truly good ad shows a film that opens at once, and a bad one. Chosen: plain,
// and not without exceptions.
constexpr double kGoodOpens = 0.9;
constexpr double kBadOpens = 0.1;

struct Colour {
  double blue;
  double green;
  double red;
};

// Warm and cold by turns, neighbours far apart in brightness, so that a change is seen as a cut.
constexpr std::array<Colour, 8> kColours{{{40, 90, 220},
                                          {190, 120, 30},
                                          {60, 200, 240},
                                          {110, 40, 70},
                                          {90, 160, 60},
                                          {200, 210, 170},
                                          {30, 50, 130},
                                          {170, 90, 190}}};

constexpr std::array<double, 3> kTempos{96, 120, 140};

// What a film is made of: its number, read as a few choices.
struct Recipe {
  bool opens_at_once;
  bool quick;  // Cut every second and a half; else every four.
  bool asks;   // Words at the end.
  double tempo_bpm;
  std::size_t palette;
};

Recipe recipe_of(std::size_t film) {
  RF_CHECK(film < kFilms);
  return {.opens_at_once = film % 2 == 0,
          .quick = film / 2 % 2 == 0,
          .asks = film / 4 % 3 != 1,
          .tempo_bpm = kTempos.at(film / 2 % 3),
          .palette = film * 3 % kColours.size()};
}

// Where a film is cut, in seconds; the first is 0.
std::vector<double> cuts_of(const Recipe& recipe, double length_s) {
  std::vector<double> cuts{0};
  double at = recipe.opens_at_once ? 1.2 : 4;
  while (at < length_s - 1) {
    cuts.push_back(at);
    at += recipe.quick ? 1.5 : 4;
  }
  return cuts;
}

class Painter {
 public:
  Painter(std::vector<std::uint8_t>& bgr, const FilmShape& shape) : bgr_(bgr), shape_(shape) {}

  void background(const Colour& top, double phase) {
    std::uint8_t* pixel = bgr_.data();
    for (int y = 0; y < shape_.height; ++y) {
      const double fade = 1 - 0.5 * y / shape_.height;
      for (int x = 0; x < shape_.width; ++x, pixel += 3) {
        // A weave gives the eye, and an optical flow, something to hold on to.
        const double weave = (((x / 12) ^ ((y + static_cast<int>(phase)) / 12)) & 1) != 0 ? 14 : 0;
        set(pixel, {top.blue * fade + weave, top.green * fade + weave, top.red * fade + weave});
      }
    }
  }

  void disc(double cx, double cy, double radius, const Colour& colour) {
    const int top = std::max(0, static_cast<int>(cy - radius));
    const int bottom = std::min(shape_.height, static_cast<int>(cy + radius) + 1);
    for (int y = top; y < bottom; ++y) {
      const double half = std::sqrt(std::max(0.0, radius * radius - (y - cy) * (y - cy)));
      const int left = std::max(0, static_cast<int>(cx - half));
      const int right = std::min(shape_.width, static_cast<int>(cx + half) + 1);
      for (int x = left; x < right; ++x) {
        const bool stripe = ((x - static_cast<int>(cx) + 4096) / 9 + y / 9) % 2 == 0;
        set(at(x, y), stripe ? colour : Colour{255 - colour.blue, 230, 255 - colour.red});
      }
    }
  }

  void band(int top, int bottom, const Colour& colour) {
    for (int y = std::max(0, top); y < std::min(bottom, shape_.height); ++y) {
      for (int x = 0; x < shape_.width; ++x) set(at(x, y), colour);
    }
  }

  // Words in the middle of a line, each dot of a letter a square of `size` pixels.
  void words(std::string_view text, int top, int size) {
    const int width = lettering_width(text) * size;
    const int left = (shape_.width - width) / 2;
    for (const Dot& dot : lettering(text)) {
      for (int y = 0; y < size; ++y) {
        for (int x = 0; x < size; ++x) put(left + dot.x * size + x, top + dot.y * size + y);
      }
    }
  }

 private:
  static void set(std::uint8_t* pixel, const Colour& colour) {
    pixel[0] = static_cast<std::uint8_t>(std::clamp(colour.blue, 0.0, 255.0));
    pixel[1] = static_cast<std::uint8_t>(std::clamp(colour.green, 0.0, 255.0));
    pixel[2] = static_cast<std::uint8_t>(std::clamp(colour.red, 0.0, 255.0));
  }
  std::uint8_t* at(int x, int y) {
    return &bgr_[3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(shape_.width) +
                      static_cast<std::size_t>(x))];
  }
  void put(int x, int y) {
    if (x < 0 || y < 0 || x >= shape_.width || y >= shape_.height) return;
    set(at(x, y), {255, 255, 255});
  }

  std::vector<std::uint8_t>& bgr_;
  const FilmShape& shape_;
};

// How far the disc of a shot has come, in heights of the picture.
double way(const Recipe& recipe, std::size_t shot, double since_s) {
  if (shot == 0) return recipe.opens_at_once ? 1.5 * since_s : 0;
  return 0.12 * since_s;
}

}  // namespace

bool opens_at_once(std::size_t film) { return recipe_of(film).opens_at_once; }

std::size_t film_of(const Scene& scene, std::size_t ad) {
  RF_CHECK(ad < scene.ads.size());
  const Ad& each = scene.ads[ad];
  // Stream 1 of the world's chance is the films'; the plan's is 0, the ads' days begin at 2^48.
  Rng rng = Rng(scene.seed).split(1).split(each.stream);
  double chance = 0.5;
  if (each.role == Role::winner || each.role == Role::fatiguing || each.role == Role::fresh) {
    chance = kGoodOpens;
  } else if (each.role == Role::loser) {
    chance = kBadOpens;
  }
  const std::size_t half = rng.uniform() < chance ? 0 : 1;
  return 2 * rng.below(kFilms / 2) + half;
}

std::string film_file_name(std::size_t film) { return fmt::format("film-{:02}.mp4", film + 1); }

std::vector<std::uint8_t> paint(std::size_t film, int index, const FilmShape& shape) {
  const Recipe recipe = recipe_of(film);
  RF_CHECK(index >= 0 && index < shape.pictures());
  const double t_s = static_cast<double>(index) / shape.fps;
  const std::vector<double> cuts = cuts_of(recipe, shape.length_s);
  const auto shot =
      static_cast<std::size_t>(std::ranges::upper_bound(cuts, t_s) - cuts.begin()) - 1;
  const double come = way(recipe, shot, t_s - cuts[shot]);
  std::vector<std::uint8_t> bgr(static_cast<std::size_t>(shape.width) *
                                static_cast<std::size_t>(shape.height) * 3);
  Painter painter(bgr, shape);
  painter.background(kColours[(recipe.palette + 3 * shot) % kColours.size()],
                     come * shape.height * 0.5);
  const double place = std::fmod(0.25 + come, 1.0);
  painter.disc(shape.width * (0.3 + 0.4 * std::fmod(0.37 * static_cast<double>(shot) + come, 1.0)),
               shape.height * place, shape.width * 0.22,
               kColours[(recipe.palette + 3 * shot + 5) % kColours.size()]);
  if (recipe.asks && t_s >= shape.length_s - 3) {
    painter.band(shape.height * 3 / 4 - 20, shape.height * 3 / 4 + 76, {20, 20, 20});
    painter.words("SHOP NOW", shape.height * 3 / 4, 7);
  }
  return bgr;
}

std::vector<float> play(std::size_t film, const FilmShape& shape) {
  const Recipe recipe = recipe_of(film);
  const double rate = shape.audio_rate_hz;
  std::vector<float> samples(static_cast<std::size_t>(shape.length_s * rate));
  const double beat_s = 60 / recipe.tempo_bpm;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double since_s = std::fmod(static_cast<double>(i) / rate, beat_s);
    // A drum: a tone that falls and dies away within a fifth of a second.
    const double drum =
        std::exp(-since_s * 18) *
        std::sin(2 * std::numbers::pi * (55 * since_s + 6 * (1 - std::exp(-30 * since_s))));
    const double tone = 0.05 * std::sin(2 * std::numbers::pi * 220 * static_cast<double>(i) / rate);
    samples[i] = static_cast<float>(0.6 * drum + tone);
  }
  return samples;
}

}  // namespace rf::sim
