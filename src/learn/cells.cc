#include "learn/cells.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numeric>
#include <thread>

#include <Eigen/Dense>

#include "base/check.h"
#include "base/rng.h"

namespace rf::learn {
namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Rows = Eigen::Map<const Matrix>;

// Vectors of a cell that the centres are fitted to. Chosen: more moves them little and costs as
// much as sorting everything once.
constexpr std::size_t kSamplePerCell = 32;
constexpr int kRounds = 6;
constexpr std::uint64_t kSampleSeed = 7;

// Rows that are compared with all centres at a time: they and their products stay in the cache.
constexpr std::size_t kBlock = 256;

Rows rows_of(std::span<const float> values, std::size_t dims) {
  return {values.data(), static_cast<Eigen::Index>(values.size() / dims),
          static_cast<Eigen::Index>(dims)};
}

// The nearest centre of each row. |x - c|^2 = |x|^2 - 2 x c + |c|^2, the first without a say.
std::vector<std::uint32_t> nearest_centres(std::span<const float> values, std::size_t dims,
                                           std::span<const float> centres, std::size_t threads) {
  const Rows all = rows_of(centres, dims);
  const Eigen::RowVectorXf squares = all.rowwise().squaredNorm().transpose();
  const std::size_t count = values.size() / dims;
  std::vector<std::uint32_t> nearest(count);
  std::atomic<std::size_t> next = 0;
  auto work = [&] {
    Matrix products;
    for (std::size_t begin = next.fetch_add(kBlock); begin < count;
         begin = next.fetch_add(kBlock)) {
      const std::size_t size = std::min(kBlock, count - begin);
      const Rows block = rows_of(values.subspan(begin * dims, size * dims), dims);
      products.noalias() = block * all.transpose();
      for (std::size_t i = 0; i < size; ++i) {
        Eigen::Index best = 0;
        (squares - 2 * products.row(static_cast<Eigen::Index>(i))).minCoeff(&best);
        nearest[begin + i] = static_cast<std::uint32_t>(best);
      }
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t t = 1; t < threads; ++t) others.emplace_back(work);
    work();
  }
  return nearest;
}

// `count` different items in a random order.
std::vector<std::size_t> draw_items(std::size_t items, std::size_t count) {
  std::vector<std::size_t> order(items);
  std::iota(order.begin(), order.end(), std::size_t{0});
  Rng rng(kSampleSeed);
  for (std::size_t i = 0; i < count; ++i) std::swap(order[i], order[i + rng.below(items - i)]);
  order.resize(count);
  return order;
}

// Lloyd's rounds from random members. A centre without members stays where it is.
std::vector<float> fit_centres(const VectorTable& table, std::size_t cells, std::size_t threads) {
  const std::size_t sampled = std::min(table.size(), cells * kSamplePerCell);
  std::vector<float> sample;
  sample.reserve(sampled * table.dims);
  for (std::size_t item : draw_items(table.size(), sampled)) {
    const std::span<const float> vector = table.at(item);
    sample.insert(sample.end(), vector.begin(), vector.end());
  }
  std::vector<float> centres(sample.begin(),
                             sample.begin() + static_cast<std::ptrdiff_t>(cells * table.dims));
  for (int round = 0; round < kRounds; ++round) {
    const std::vector<std::uint32_t> nearest =
        nearest_centres(sample, table.dims, centres, threads);
    std::vector<double> sums(centres.size());
    std::vector<double> counts(cells);
    for (std::size_t i = 0; i < nearest.size(); ++i) {
      counts[nearest[i]] += 1;
      for (std::size_t d = 0; d < table.dims; ++d) {
        sums[nearest[i] * table.dims + d] += static_cast<double>(sample[i * table.dims + d]);
      }
    }
    for (std::size_t i = 0; i < centres.size(); ++i) {
      const double count = counts[i / table.dims];
      if (count > 0) centres[i] = static_cast<float>(sums[i] / count);
    }
  }
  return centres;
}

}  // namespace

CellIndex CellIndex::build(const VectorTable& table, std::size_t threads) {
  CellIndex index;
  index.dims_ = table.dims;
  const auto cells = static_cast<std::size_t>(std::sqrt(static_cast<double>(table.size())));
  if (cells == 0) {
    index.centres_.assign(table.dims, 0);
    index.members_.resize(1);
    return index;
  }
  index.centres_ = fit_centres(table, cells, threads);
  index.cell_of_ = nearest_centres(table.values, table.dims, index.centres_, threads);
  index.members_.resize(cells);
  std::vector<std::size_t> sizes(cells);
  for (std::uint32_t cell : index.cell_of_) ++sizes[cell];
  for (std::size_t cell = 0; cell < cells; ++cell) {
    index.members_[cell].items.reserve(sizes[cell]);
    index.members_[cell].values.reserve(sizes[cell] * table.dims);
  }
  for (std::size_t i = 0; i < table.size(); ++i) {
    Members& members = index.members_[index.cell_of_[i]];
    members.items.push_back(static_cast<std::uint32_t>(i));
    const std::span<const float> vector = table.at(i);
    members.values.insert(members.values.end(), vector.begin(), vector.end());
  }
  return index;
}

void CellIndex::add(std::span<const float> vector) {
  RF_CHECK(vector.size() == dims_);
  const VectorTable centres{.values = centres_, .dims = dims_};
  const std::uint32_t cell = nearest_exactly(centres, vector, 1)[0].item;
  members_[cell].items.push_back(static_cast<std::uint32_t>(cell_of_.size()));
  members_[cell].values.insert(members_[cell].values.end(), vector.begin(), vector.end());
  cell_of_.push_back(cell);
}

bool CellIndex::remove(std::uint32_t item) {
  if (item >= cell_of_.size()) return false;
  Members& members = members_[cell_of_[item]];
  auto found = std::ranges::find(members.items, item);
  if (found == members.items.end()) return false;
  const auto at = (found - members.items.begin()) * static_cast<std::ptrdiff_t>(dims_);
  members.items.erase(found);
  members.values.erase(members.values.begin() + at,
                       members.values.begin() + at + static_cast<std::ptrdiff_t>(dims_));
  return true;
}

std::vector<Neighbour> CellIndex::nearest(std::span<const float> query, std::size_t k,
                                          std::size_t probes, const Keep& keep) const {
  RF_CHECK(query.size() == dims_);
  const VectorTable centres{.values = centres_, .dims = dims_};
  NearestList best(k);
  for (const Neighbour& cell : nearest_exactly(centres, query, std::min(probes, cells()))) {
    const Members& members = members_[cell.item];
    const VectorTable inside{.values = members.values, .dims = dims_};
    for (std::size_t i = 0; i < members.items.size(); ++i) {
      const std::uint32_t item = members.items[i];
      if (keep && !keep(item)) continue;
      best.offer({.item = item, .distance = squared_distance(inside.at(i), query)});
    }
  }
  return best.take();
}

std::size_t probes_for(const CellIndex& index, const Rehearsal& rehearsal, std::size_t k,
                       double recall) {
  auto reached = [&](std::size_t probes) {
    double sum = 0;
    for (std::size_t i = 0; i < rehearsal.exact.size(); ++i) {
      sum += recall_of(rehearsal.exact[i], index.nearest(rehearsal.query(i), k, probes));
    }
    return sum >= recall * static_cast<double>(rehearsal.exact.size());
  };
  std::size_t high = 1;
  while (high < index.cells() && !reached(high)) high *= 2;
  std::size_t low = high / 2;
  high = std::min(high, index.cells());
  while (high > low + 1) {
    const std::size_t middle = (low + high) / 2;
    (reached(middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace rf::learn
