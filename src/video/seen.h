// Looking features up by time: how much moves, who is seen and what is written in a stretch of a
// film.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/features.h"

namespace rf::video {

// Seconds, [start_s, end_s).
struct Stretch {
  double start_s = 0;
  double end_s = 0;

  double length_s() const { return end_s - start_s; }
  bool has(double t_s) const { return t_s >= start_s && t_s < end_s; }
};

// Whether an analyser ran; what one that did not run finds is not known, which is not "none".
bool was_measured(const Features& features, std::string_view analyser);

// Mean energy of the steps that end in the stretch; none when none does.
std::optional<double> mean_energy(const Motion& motion, Stretch stretch);

// Share of the stretch's face samples that show a face; without a sample in it, that of the nearest
// one up to a second away.
std::optional<double> face_share(const Faces& faces, Stretch stretch);

// Seconds of the stretch that any text covers, by its length. [0, 1]
double text_share(const std::vector<TextSighting>& text, Stretch stretch);

// Mean predicted attention; none without a value in the stretch.
std::optional<double> mean_attention(const Attention& attention, Stretch stretch);

// Of what is heard, the kind that lasts longest; none without segments there.
std::optional<SoundKind> sound_during(const Sound& sound, Stretch stretch);

// Number of shots that begin in the stretch, the film's first aside.
std::int64_t cuts_in(const std::vector<Shot>& shots, Stretch stretch);

// "low", "medium" or "high".
// Units: energy in pixels a step at kReferenceSide.
std::string_view motion_level(double energy);

// What of `text` can be compared: lower case, accents taken off, everything but letters, digits and
// question marks as one space, with a space at both ends.
std::string folded(std::string_view text);

// Whether `words` stands in folded text as whole words.
bool has_words(std::string_view folded_text, std::string_view words);

}  // namespace rf::video
