// Finding the same film again: re-encoded, scaled, a little brighter or cropped, framed by bars, at
// another picture rate.
//
// A picture's hash is 64 signs of its lowest frequencies, which survive all of that. A film's
// signature is the hash of about one picture a second, so that cuts and motion count as well, and a
// film that was trimmed by a second or two still lies over its twin, shifted.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "media/frame.h"
#include "media/watch.h"
#include "video/pixels.h"

namespace rf::video {

// 64 bits, half of them set; 0 for a picture without content (of one tone), which says nothing.
// Source: Zauner 2010, "Implementation and benchmarking of perceptual image hash functions"; DCT
// hash with the median as threshold.
std::uint64_t picture_hash(const Grey& picture, const Patch& patch);

// Bits in which two hashes differ. 0 to 64; unrelated pictures are near 32.
int hash_distance(std::uint64_t a, std::uint64_t b);

struct Signature {
  int spacing_s = 1;                  // 1, 2, 4…: doubled until 64 pictures hold the film.
  std::vector<std::uint64_t> hashes;  // Of second 0, spacing_s, 2 spacing_s…

  bool operator==(const Signature&) const = default;
};

// "2s:" and 16 hexadecimal digits a picture.
std::string to_text(const Signature& signature);

// Errors: invalid.
Result<Signature> parse_signature(std::string_view text);

// How surely two signatures are of one film, [0, 1]: 1 for equal ones, about 0 for unrelated. The
// best over shifts of up to two seconds; the overlap must be at least half of the shorter one.
// 0 where neither has content, because black films say nothing.
double similarity(const Signature& a, const Signature& b);

// At and above this two films are called twins. Measured: 42 changed copies of seven
// clips have at least .44 (the worst, a dark film under a solid white box; without such boxes .73),
// 190 pairs of different clips at most .28; hashes_test repeats it with 18 copies of three.
inline constexpr double kTwinSimilarity = 0.4;

class HashAnalyser {
 public:
  media::Tap tap() const;

  // REQUIRES: times do not fall.
  void on_frame(const media::Frame& frame);

  // "film": the signature; "picture": the hash of the mean of all samples. Empty without pictures.
  std::map<std::string, std::string> finish();

 private:
  struct Sample {
    double t_s = 0;
    std::uint64_t hash = 0;
  };
  std::vector<Sample> samples_;
  std::vector<double> mean_;
  double count_ = 0;
};

}  // namespace rf::video
