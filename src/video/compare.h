// Two films side by side: what differs, most first; and whether one is a copy of the other.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/described.h"
#include "model/features.h"

namespace rf::video {

struct Difference {
  std::string feature;
  std::string unit;
  std::optional<double> a;  // Null: not known.
  std::optional<double> b;
  std::optional<double> apart;  // b - a by the feature's range; null unless both are known.
};

struct Comparison {
  double distance = 0;        // Mean size of what is apart, over features known of both. [0, 1]
  std::int64_t features = 0;  // Known of both.
  std::vector<Difference> differences;
};

// REQUIRES: both of one version of the DNA.
Comparison compare(const Dna& a, const Dna& b);

// Two films that look like one.
struct Twins {
  std::string a;
  std::string b;
  bool same_bytes = false;
  double similarity = 0;  // Of their pictures, [0, 1]; see hashes.h.
};

// Every pair whose bytes are equal or whose pictures are (hashes.h), most alike first.
// Cost: quadratic in the number of films.
std::vector<Twins> find_twins(const std::vector<Features>& films);

}  // namespace rf::video

template <>
struct rf::Described<rf::video::Difference> {
  using Self = rf::video::Difference;
  static constexpr auto fields = std::tuple{
      field("feature", &Self::feature, "of the DNA"), field("unit", &Self::unit, "of both"),
      field("a", &Self::a, "of the first; null: not known"),
      field("b", &Self::b, "of the second; null: not known"),
      field("apart", &Self::apart, "b less a, by the feature's range")};
};

template <>
struct rf::Described<rf::video::Twins> {
  using Self = rf::video::Twins;
  static constexpr auto fields =
      std::tuple{field("a", &Self::a, "a file"), field("b", &Self::b, "another"),
                 field("same_bytes", &Self::same_bytes, "whether they are equal to the byte"),
                 field("similarity", &Self::similarity, "of their pictures, 0 to 1")};
};
