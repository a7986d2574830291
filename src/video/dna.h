// A creative's DNA: a fixed list of numbers, each with its unit, the range that matters, and what
// made it. Learning compares creatives by it; doc/formats/features.md lists it.
//
// The list has a version and an order that never changes within it: a feature that is added, taken
// away or measured otherwise makes a new version. What was not measured, or has nothing of its kind
// (no face, so no first face), is null among the features and 0.5 with mask 0 in the vector: it is
// never taken for zero.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/features.h"

namespace rf::video {

inline constexpr std::string_view kDnaVersion = "1";

// One of the list.
struct DnaDefinition {
  std::string_view name;  // "hook.first_face_s": the part of the film's DNA, then what.
  std::string_view unit;
  double low = 0;   // Scaled to 0; what lies below counts as this.
  double high = 1;  // Scaled to 1.
  std::string_view analyser;
  std::optional<double> (*read)(const Features& features) = nullptr;
  std::string_view help;
};

const std::vector<DnaDefinition>& dna_definitions();

// REQUIRES: everything else of the features is filled.
Dna dna(const Features& features);

// Where the value lies between low and high, cut off at [0, 1].
double scaled(double value, double low, double high);

// What a set of creatives has in common, by feature.
struct CommonFeature {
  std::string name;
  std::string unit;
  double mean = 0;
  double low = 0;  // Middle half of the set: the first and third quartiles.
  double high = 0;
  std::int64_t n = 0;  // Creatives of the set in which it is known.
  // How far the set's mean is from the others', in their common standard deviation; none when
  // either side knows it of fewer than two, or does not vary.
  std::optional<double> apart;
};

// Features of `set`, the ones that set it apart from `others` most first; with no others, those
// that vary least in the set first. A difference, not a cause.
// REQUIRES: all of one version.
std::vector<CommonFeature> common_dna(const std::vector<Dna>& set, const std::vector<Dna>& others);

}  // namespace rf::video
