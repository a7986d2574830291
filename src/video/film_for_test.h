// Films made up by hand for the tests of the rules over features.

#pragma once

#include <string>
#include <vector>

#include "base/rng.h"
#include "model/features.h"

namespace rf::video {

struct Stretched {
  double length_s = 0;
  double energy = 0;
  bool face = false;
};

// Everything is measured; motion has 25 steps a second, faces are looked for five times a second.
inline Features film_of(const std::vector<Stretched>& stretches) {
  Features film;
  film.measured = {"motion", "shots", "faces", "text", "look", "sound", "sync", "attention"};
  film.width = 1080;
  film.height = 1920;
  film.fps = 25;
  double until = 0;
  double sum = 0;
  std::vector<std::pair<double, Stretched>> ends;
  ends.reserve(stretches.size());
  for (const Stretched& each : stretches) ends.emplace_back(until += each.length_s, each);
  film.duration_s = until;
  std::size_t now = 0;
  for (int i = 0; i * 0.04 < until; ++i) {
    const double t_s = i * 0.04;
    while (t_s >= ends[now].first - 1e-9) ++now;
    const Stretched& each = ends[now].second;
    film.motion.timeline.push_back({.t_s = t_s, .energy = each.energy, .object = each.energy});
    sum += each.energy;
    if (i % 5 != 0) continue;
    film.faces.samples.push_back({.t_s = t_s});
    if (each.face) film.faces.samples.back().faces.push_back({.box = {0.3, 0.2, 0.3, 0.3}});
  }
  film.motion.mean = sum / static_cast<double>(film.motion.timeline.size());
  film.shots = {{0, until, Transition::start, 0}};
  return film;
}

inline void say(Features& film, double start_s, double end_s, const std::string& text) {
  film.text.push_back({.start_s = start_s,
                       .end_s = end_s,
                       .text = text,
                       .confidence = 0.9,
                       .box = {0.2, 0.4, 0.6, 0.06}});
}

// Anything an analyser might say, and some that did not run.
inline Features random_film(Rng& rng) {
  std::vector<Stretched> stretches;
  for (std::uint64_t n = 1 + rng.below(6); n > 0; --n) {
    stretches.push_back(
        {0.3 + 12 * rng.uniform(), 30 * rng.uniform() * rng.uniform(), rng.below(2) == 0});
  }
  Features film = film_of(stretches);
  if (rng.below(3) == 0) film.measured = {"motion"};
  if (rng.below(3) == 0) film.audio.present = true;
  for (double t_s = rng.uniform(); t_s < film.duration_s; t_s += 0.4)
    film.audio.beats_s.push_back(t_s);
  static const std::vector<std::string> words{"Shop now", "Why?", "50 %", "before", "\xF0\x9F"};
  for (std::uint64_t n = rng.below(4); n > 0; --n) {
    const double start = film.duration_s * rng.uniform();
    say(film, start, start + 4 * rng.uniform(), words[rng.below(words.size())]);
  }
  for (std::uint64_t n = rng.below(6); n > 0; --n) {
    const double at =
        film.shots.back().start_s + (film.duration_s - film.shots.back().start_s) * rng.uniform();
    film.shots.back().end_s = at;
    film.shots.push_back({at, film.duration_s, Transition::cut, 0});
    film.motion.cut_points.push_back({.t_s = at, .score = rng.uniform()});
  }
  if (rng.below(4) == 0) film.motion.timeline.clear();
  return film;
}

}  // namespace rf::video
