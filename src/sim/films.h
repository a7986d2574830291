// The films of the sandbox's ads: a dozen little ones, painted by rule, so that what is seen in
// them goes with what the ads are truly worth as far as the world says so.
//
// Half of them open at once: something fast crosses the picture and the first cut comes within the
// first second and a half. The other half open still. Ads that are truly good mostly show one of
// the first half and bad ones one of the second; everything else that differs between the films
// (pace, colours, music, the words at the end) has nothing to do with it, which is what a search
// for patterns has to find out.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/scene.h"

namespace rf::sim {

inline constexpr std::size_t kFilms = 12;

// Of every film. Small, because a demo waits for them; long enough that a quarter of it is not
// less than the three seconds after which platforms count a view.
struct FilmShape {
  int width = 360;
  int height = 640;
  int fps = 10;
  double length_s = 12;
  int audio_rate_hz = 22050;

  int pictures() const { return static_cast<int>(length_s * fps); }
};

// Which of the films the ad shows; drawn by its role and its own chance.
// REQUIRES: ad < scene.ads.size().
std::size_t film_of(const Scene& scene, std::size_t ad);

// Whether a film opens at once.
bool opens_at_once(std::size_t film);

// "film-03.mp4".
std::string film_file_name(std::size_t film);

// Picture `index` of a film.
// REQUIRES: film < kFilms, 0 <= index < shape.pictures().
// Shape: height x width x 3, blue green red.
std::vector<std::uint8_t> paint(std::size_t film, int index, const FilmShape& shape);

// The whole sound, one channel.
std::vector<float> play(std::size_t film, const FilmShape& shape);

}  // namespace rf::sim
