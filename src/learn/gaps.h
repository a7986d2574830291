// Where the account knows too little, and what to test next.
//
// A cell (an industry, audience, platform or length) is worth testing by what could be gained: the
// expected gain of the best of m new variants over what the cell does now, as far as its belief is
// uncertain, for all the exposure it will have.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "learn/posterior.h"

namespace rf::learn {

struct KnowledgeCell {
  std::string name;
  std::size_t tested = 0;  // Creatives with a verdict.
  BetaPosterior rate;      // Of a creative in it.
  double exposure = 0;     // Expected over the horizon.
};

struct NextTest {
  std::string name;
  bool gap = false;
  std::size_t variants = 0;
  double value = 0;  // Expected extra outcomes.
};

// The notes' numbers: that many variants where there is a gap, and elsewhere.
constexpr std::size_t kVariantsInGap = 6;
constexpr std::size_t kVariantsElsewhere = 4;

// Fewer tested creatives than this are a gap. Chosen: pooling trusts its own fit from here on.
constexpr std::size_t kTestedMin = 5;

// Most valuable first, equals by name. The value is exposure x deviation x e(m), e(m) the mean of
// the largest of m standard normals.
// REQUIRES: exposure >= 0.
// Source: value of information, Raiffa & Schlaifer 1961; e(m), Blom's approximation 1958.
std::vector<NextTest> rank_gaps(std::span<const KnowledgeCell> cells);

}  // namespace rf::learn
