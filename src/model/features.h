// A creative's features: everything that was read from its film in one pass. The arrow from
// measuring to remembering.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "base/described.h"
#include "model/features_motion.h"
#include "model/features_sights.h"
#include "model/features_sound.h"
#include "model/features_story.h"

namespace rf {

struct Features {
  std::string file;    // As it was named; not part of what is remembered.
  std::string sha256;  // Of the file's bytes.
  double duration_s = 0;
  std::int64_t width = 0;  // As shown.
  std::int64_t height = 0;
  double fps = 0;
  bool partial = false;  // Something could not be read; `problems` says what.
  std::vector<std::string> problems;
  std::vector<std::string> measured;  // The analysers that ran; what another finds is not known.
  Motion motion;
  std::vector<Shot> shots;
  Faces faces;
  FaceMotion face_motion;
  Objects objects;
  std::vector<TextSighting> text;
  Look look;
  Sound audio;
  Sync sync;
  Timing timing;
  Hook hook;
  CallToAction cta;
  Attention attention;
  RecipeTraits recipe;
  Dna dna;
  std::map<std::string, std::string> hashes;  // Perceptual, by kind; hexadecimal.

  bool operator==(const Features&) const = default;
};

}  // namespace rf

template <>
struct rf::Described<rf::Features> {
  using Self = rf::Features;
  static constexpr auto fields =
      std::tuple{field("file", &Self::file, "as it was named"),
                 field("sha256", &Self::sha256, "of its bytes"),
                 field("duration_s", &Self::duration_s, "of what could be read"),
                 field("width", &Self::width, "as shown"),
                 field("height", &Self::height, "as shown"),
                 field("fps", &Self::fps, "pictures a second, on average"),
                 field("partial", &Self::partial, "whether something could not be read"),
                 field("problems", &Self::problems, "what could not be read"),
                 field("measured", &Self::measured, "the analysers that ran"),
                 field("motion", &Self::motion, "how much moves"),
                 field("shots", &Self::shots, "where it is cut"),
                 field("faces", &Self::faces, "who is seen"),
                 field("face_motion", &Self::face_motion, "motion in and out of faces"),
                 field("objects", &Self::objects, "what is seen"),
                 field("text", &Self::text, "what is written"),
                 field("look", &Self::look, "colours, composition, quality"),
                 field("audio", &Self::audio, "what is heard"),
                 field("sync", &Self::sync, "how sound and picture fall together"),
                 field("timing", &Self::timing, "what fits where"),
                 field("hook", &Self::hook, "the first seconds"),
                 field("cta", &Self::cta, "the call to action"),
                 field("attention", &Self::attention, "predicted by rule"),
                 field("recipe", &Self::recipe, "the recipe it seems to follow"),
                 field("dna", &Self::dna, "what learning compares"),
                 field("hashes", &Self::hashes, "the same film has near ones")};
};
