#include "learn/predict/stack.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "base/check.h"
#include "base/rng.h"
#include "learn/predict/score.h"

namespace rf::learn {
namespace {

struct Range {
  double low = 0;
  double high = 0;
};

// Moves mass from member b to member a along the convex loss, within what each has.
// Gives how much moved.
double trade(Family family, std::span<const double> a, std::span<const double> b,
             std::vector<double>& blended, std::span<const double> outcomes, Range range) {
  double moved = 0;
  for (int step = 0; step < 3; ++step) {
    double first = 0;
    double second = 1e-12;
    for (std::size_t i = 0; i < blended.size(); ++i) {
      const double along = a[i] - b[i];
      const Slope slope = slope_of(family, outcomes[i], blended[i] + moved * along);
      first += slope.first * along;
      second += slope.second * along * along;
    }
    const double next = std::clamp(moved - first / second, range.low, range.high);
    const double change = next - moved;
    moved = next;
    if (std::abs(change) < 1e-6) break;
  }
  if (moved == 0) return 0;
  for (std::size_t i = 0; i < blended.size(); ++i) blended[i] += moved * (a[i] - b[i]);
  return moved;
}

// Level and, if asked, steepness by Newton's method.
Calibration fit_line(CalibrationKind kind, Family family, std::span<const double> margins,
                     std::span<const double> offsets, std::span<const double> outcomes) {
  Calibration found{.kind = kind};
  for (int step = 0; step < 50; ++step) {
    // A weak pull towards doing nothing keeps a perfect separation finite.
    double g0 = found.intercept;
    double g1 = found.slope - 1;
    double h00 = 1;
    double h01 = 0;
    double h11 = 1;
    for (std::size_t i = 0; i < margins.size(); ++i) {
      const double x = margins[i] - offsets[i];
      const Slope slope = slope_of(family, outcomes[i], found.apply(margins[i], offsets[i]));
      g0 += slope.first;
      g1 += slope.first * x;
      h00 += slope.second;
      h01 += slope.second * x;
      h11 += slope.second * x * x;
    }
    double d0 = g0 / h00;
    double d1 = 0;
    if (kind == CalibrationKind::platt) {
      const double determinant = std::max(h00 * h11 - h01 * h01, 1e-12);
      d0 = (h11 * g0 - h01 * g1) / determinant;
      d1 = (h00 * g1 - h01 * g0) / determinant;
    }
    found.intercept -= std::clamp(d0, -2.0, 2.0);
    found.slope = std::max(found.slope - std::clamp(d1, -0.5, 0.5), 0.05);
    if (std::abs(d0) + std::abs(d1) < 1e-9) break;
  }
  return found;
}

Calibration fit_isotonic(std::span<const double> margins, std::span<const double> outcomes) {
  std::vector<std::size_t> order(margins.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return margins[i]; });
  std::vector<double> sorted;
  for (std::size_t i : order) sorted.push_back(outcomes[i]);
  const std::vector<double> ones(sorted.size(), 1);
  const std::vector<double> levels = pool_adjacent(sorted, ones);
  Calibration found{.kind = CalibrationKind::isotonic};
  for (std::size_t begin = 0; begin < levels.size();) {
    std::size_t end = begin;
    double middle = 0;
    double sum = 0;
    while (end < levels.size() && levels[end] == levels[begin]) {
      middle += margins[order[end]];
      sum += sorted[end];
      ++end;
    }
    const double count = static_cast<double>(end - begin);
    // Half an outcome either way, so that no block is certain.
    const double share = (sum + 0.5) / (count + 1);
    const double to = std::log(share / (1 - share));
    if (found.to.empty() || to > found.to.back()) {
      found.from.push_back(middle / count);
      found.to.push_back(to);
    }
    begin = end;
  }
  return found;
}

struct Columns {
  std::vector<double> margins, offsets, outcomes;
};

// Losses of rows under a calibration fitted without them, in five parts; always in the same order.
std::vector<double> validated_losses(CalibrationKind kind, Family family,
                                     std::span<const double> margins,
                                     std::span<const double> offsets,
                                     std::span<const double> outcomes) {
  constexpr std::size_t kParts = 5;
  std::vector<double> losses;
  for (std::size_t part = 0; part < kParts; ++part) {
    std::array<Columns, 2> sides;
    const Rng rng(17);
    for (std::size_t i = 0; i < margins.size(); ++i) {
      Columns& side = sides[rng.split(i).below(kParts) == part ? 1 : 0];
      side.margins.push_back(margins[i]);
      side.offsets.push_back(offsets[i]);
      side.outcomes.push_back(outcomes[i]);
    }
    const Calibration fitted =
        fit_calibration(kind, family, sides[0].margins, sides[0].offsets, sides[0].outcomes);
    for (std::size_t i = 0; i < sides[1].margins.size(); ++i) {
      losses.push_back(loss_of(family, sides[1].outcomes[i],
                               fitted.apply(sides[1].margins[i], sides[1].offsets[i])));
    }
  }
  return losses;
}

}  // namespace

std::vector<double> fit_weights(Family family, std::span<const std::vector<double>> margins,
                                std::span<const double> outcomes) {
  RF_CHECK(!margins.empty());
  const std::size_t members = margins.size();
  std::vector<double> weights(members, 1 / static_cast<double>(members));
  std::vector<double> blended = blend(margins, weights);
  for (int sweep = 0; sweep < 30; ++sweep) {
    double moved_in_all = 0;
    for (std::size_t a = 0; a < members; ++a) {
      for (std::size_t b = a + 1; b < members; ++b) {
        const double moved = trade(family, margins[a], margins[b], blended, outcomes,
                                   {.low = -weights[a], .high = weights[b]});
        weights[a] = std::max(weights[a] + moved, 0.0);
        weights[b] = std::max(weights[b] - moved, 0.0);
        moved_in_all += std::abs(moved);
      }
    }
    if (moved_in_all < 1e-5) break;
  }
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& weight : weights) weight /= sum;
  return weights;
}

void hedge(std::span<double> weights, std::span<const double> losses, double rate) {
  RF_CHECK(weights.size() == losses.size() && rate >= 0);
  const double least = *std::ranges::min_element(losses);
  double sum = 0;
  for (std::size_t j = 0; j < weights.size(); ++j) {
    weights[j] *= std::exp(-rate * (losses[j] - least));
    sum += weights[j];
  }
  for (double& weight : weights) weight /= sum;
}

std::vector<double> blend(std::span<const std::vector<double>> margins,
                          std::span<const double> weights) {
  RF_CHECK(margins.size() == weights.size() && !margins.empty());
  std::vector<double> blended(margins.front().size(), 0);
  for (std::size_t j = 0; j < margins.size(); ++j) {
    if (weights[j] == 0) continue;
    for (std::size_t i = 0; i < blended.size(); ++i) blended[i] += weights[j] * margins[j][i];
  }
  return blended;
}

std::string_view to_string(CalibrationKind kind) {
  switch (kind) {
    case CalibrationKind::none: return "none";
    case CalibrationKind::offset: return "offset";
    case CalibrationKind::platt: return "platt";
    case CalibrationKind::isotonic: return "isotonic";
  }
  check_failed(__FILE__, __LINE__, "kind has a name");
}

double Calibration::apply(double margin, double offset) const {
  if (kind == CalibrationKind::none) return margin;
  if (kind != CalibrationKind::isotonic) return offset + intercept + slope * (margin - offset);
  if (from.empty()) return margin;
  if (margin <= from.front()) return to.front();
  if (margin >= from.back()) return to.back();
  const auto above = std::upper_bound(from.begin(), from.end(), margin) - from.begin();
  const auto i = static_cast<std::size_t>(above);
  const double share = (margin - from[i - 1]) / (from[i] - from[i - 1]);
  return to[i - 1] + share * (to[i] - to[i - 1]);
}

std::vector<double> pool_adjacent(std::span<const double> values, std::span<const double> weights) {
  RF_CHECK(values.size() == weights.size());
  struct Block {
    double mean = 0;
    double weight = 0;
    std::size_t count = 0;
  };
  std::vector<Block> blocks;
  for (std::size_t i = 0; i < values.size(); ++i) {
    blocks.push_back({.mean = values[i], .weight = weights[i], .count = 1});
    while (blocks.size() > 1 && blocks[blocks.size() - 2].mean >= blocks.back().mean) {
      const Block last = blocks.back();
      blocks.pop_back();
      Block& block = blocks.back();
      const double weight = block.weight + last.weight;
      block.mean = (block.mean * block.weight + last.mean * last.weight) / weight;
      block.weight = weight;
      block.count += last.count;
    }
  }
  std::vector<double> pooled;
  pooled.reserve(values.size());
  for (const Block& block : blocks) pooled.insert(pooled.end(), block.count, block.mean);
  return pooled;
}

Calibration fit_calibration(CalibrationKind kind, Family family, std::span<const double> margins,
                            std::span<const double> offsets, std::span<const double> outcomes) {
  if (kind == CalibrationKind::none) return {};
  if (kind == CalibrationKind::isotonic) return fit_isotonic(margins, outcomes);
  return fit_line(kind, family, margins, offsets, outcomes);
}

Calibration choose_calibration(Family family, std::span<const double> margins,
                               std::span<const double> offsets, std::span<const double> outcomes) {
  const double positives = std::accumulate(outcomes.begin(), outcomes.end(), 0.0);
  std::vector<CalibrationKind> kinds{CalibrationKind::offset};
  if (family == Family::real || positives >= kPlattPositivesMin) {
    kinds.push_back(CalibrationKind::platt);
  }
  if (family == Family::binary && positives >= kIsotonicPositivesMin) {
    kinds.push_back(CalibrationKind::isotonic);
  }
  CalibrationKind best = CalibrationKind::none;
  std::vector<double> least = validated_losses(best, family, margins, offsets, outcomes);
  for (CalibrationKind kind : kinds) {
    std::vector<double> losses = validated_losses(kind, family, margins, offsets, outcomes);
    // A gain within one standard error (mass .68) is luck as likely as not.
    if (paired_difference(losses, least, 0.68).interval.high < 0) {
      least = std::move(losses);
      best = kind;
    }
  }
  return fit_calibration(best, family, margins, offsets, outcomes);
}

}  // namespace rf::learn
