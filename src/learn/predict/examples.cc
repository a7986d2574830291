#include "learn/predict/examples.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/check.h"
#include "base/rng.h"

namespace rf::learn {
namespace {

std::vector<Split> splits_of(std::span<const std::size_t> fold_of, std::size_t folds) {
  std::vector<Split> splits(folds);
  for (std::size_t row = 0; row < fold_of.size(); ++row) {
    for (std::size_t fold = 0; fold < folds; ++fold) {
      auto& side = fold_of[row] == fold ? splits[fold].test : splits[fold].train;
      side.push_back(static_cast<std::uint32_t>(row));
    }
  }
  std::erase_if(splits, [](const Split& s) { return s.train.empty() || s.test.empty(); });
  return splits;
}

}  // namespace

Examples take(const Examples& examples, std::span<const std::uint32_t> rows) {
  Examples taken{.family = examples.family, .frame = take(examples.frame, rows)};
  taken.outcomes.reserve(rows.size());
  for (std::uint32_t row : rows) taken.outcomes.push_back(examples.outcomes[row]);
  if (examples.exposure.empty()) return taken;
  taken.exposure.reserve(rows.size());
  for (std::uint32_t row : rows) taken.exposure.push_back(examples.exposure[row]);
  return taken;
}

std::vector<double> offsets_of(Family family, std::span<const double> exposure, std::size_t rows) {
  std::vector<double> offsets(rows, 0);
  if (family != Family::count || exposure.empty()) return offsets;
  for (std::size_t row = 0; row < rows; ++row) offsets[row] = std::log(exposure[row]);
  return offsets;
}

std::vector<Split> chance_splits(std::size_t rows, std::size_t folds, std::uint64_t seed,
                                 std::span<const std::uint64_t> groups) {
  RF_CHECK(folds >= 2 && (groups.empty() || groups.size() == rows));
  std::vector<std::size_t> fold_of(rows);
  if (groups.empty()) {
    // Shuffled and dealt out, so that folds differ by one row at most.
    std::vector<std::size_t> order(rows);
    std::iota(order.begin(), order.end(), std::size_t{0});
    Rng rng(seed);
    for (std::size_t i = rows; i > 1; --i) std::swap(order[i - 1], order[rng.below(i)]);
    for (std::size_t i = 0; i < rows; ++i) fold_of[order[i]] = i % folds;
  } else {
    for (std::size_t i = 0; i < rows; ++i) fold_of[i] = Rng(seed).split(groups[i]).below(folds);
  }
  return splits_of(fold_of, folds);
}

std::vector<Split> time_splits(std::span<const double> times, std::size_t folds) {
  RF_CHECK(folds >= 1);
  std::vector<std::uint32_t> order(times.size());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  std::ranges::stable_sort(order, {}, [&](std::uint32_t row) { return times[row]; });
  std::vector<std::size_t> begins{0};
  for (std::size_t block = 1; block <= folds; ++block) {
    std::size_t begin = block * order.size() / (folds + 1);
    while (begin > 0 && begin < order.size() && times[order[begin]] == times[order[begin - 1]]) {
      ++begin;
    }
    if (begin > begins.back() && begin < order.size()) begins.push_back(begin);
  }
  begins.push_back(order.size());
  std::vector<Split> splits;
  for (std::size_t block = 1; block + 1 < begins.size(); ++block) {
    auto from = order.begin() + static_cast<std::ptrdiff_t>(begins[block]);
    auto to = order.begin() + static_cast<std::ptrdiff_t>(begins[block + 1]);
    splits.push_back({.train = {order.begin(), from}, .test = {from, to}});
  }
  return splits;
}

std::vector<Split> keyed_splits(std::span<const std::uint64_t> keys, std::size_t folds) {
  RF_CHECK(folds >= 2);
  std::vector<std::size_t> fold_of(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) fold_of[i] = keys[i] % folds;
  return splits_of(fold_of, folds);
}

}  // namespace rf::learn
