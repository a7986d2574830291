// Which of two models goes live: both predict the same later rows, and the gap of their losses must
// be beyond chance.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "learn/predict/score.h"

namespace rf::learn {

enum class Contest : std::uint8_t {
  too_few,    // Not enough rows to say.
  keep,       // No gap beyond chance, or one too small to matter.
  promote,    // The challenger is better.
  roll_back,  // The live model is worse than the one before it.
};

std::string_view to_string(Contest contest);

struct ContestRules {
  std::size_t rows_min = 100;     // Source: the notes.
  double improvement_min = 0.01;  // Share of the live model's loss. Source: the notes.
  double mass = 0.95;
};

struct ContestResult {
  Contest verdict = Contest::too_few;
  PairedDifference gap;    // Loss of the other less that of the live model; below 0 the other is
                           // better.
  double improvement = 0;  // Share of the live model's loss.
};

// Losses of rows that came after both models were trained. `days` groups rows that rise and fall
// together, one name a row; empty: rows are taken as independent.
// REQUIRES: spans of one length.
// Source: paired comparison with clustered errors, Cameron & Miller 2015, doi:10.3368/jhr.50.2.317.
ContestResult challenge(std::span<const double> live, std::span<const double> challenger,
                        std::span<const std::uint64_t> days, const ContestRules& rules);

// The same after a promotion, against the model that was live before; no minimum gain, since going
// back is going to what was already trusted.
ContestResult reconsider(std::span<const double> live, std::span<const double> previous,
                         std::span<const std::uint64_t> days, const ContestRules& rules);

// Mean of a - b with an interval that allows rows of a cluster to move together.
PairedDifference clustered_difference(std::span<const double> a, std::span<const double> b,
                                      std::span<const std::uint64_t> clusters, double mass);

}  // namespace rf::learn
