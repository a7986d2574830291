#include "learn/nearest.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"

namespace rf::learn {
namespace {

// Sums side by side, as wide as the widest vector registers, so that a compiler may use them.
constexpr std::size_t kLanes = 16;

}  // namespace

float squared_distance(std::span<const float> a, std::span<const float> b) {
  RF_CHECK(a.size() == b.size());
  std::array<float, kLanes> sums{};
  const std::size_t whole = a.size() - a.size() % kLanes;
  const float* first = a.data();
  const float* second = b.data();
  for (std::size_t i = 0; i < whole; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const float difference = first[i + lane] - second[i + lane];
      sums[lane] += difference * difference;
    }
  }
  for (std::size_t i = whole; i < a.size(); ++i) {
    const float difference = first[i] - second[i];
    sums[i - whole] += difference * difference;
  }
  float sum = 0;
  for (float each : sums) sum += each;
  return sum;
}

void NearestList::offer(const Neighbour& found) {
  if (k_ == 0 || (heap_.size() == k_ && !is_nearer(found, heap_.front()))) return;
  heap_.push_back(found);
  std::ranges::push_heap(heap_, is_nearer);
  if (heap_.size() <= k_) return;
  std::ranges::pop_heap(heap_, is_nearer);
  heap_.pop_back();
}

std::vector<Neighbour> NearestList::take() {
  std::ranges::sort_heap(heap_, is_nearer);
  return std::exchange(heap_, {});
}

std::vector<Neighbour> nearest_exactly(const VectorTable& table, std::span<const float> query,
                                       std::size_t k, const Keep& keep) {
  RF_CHECK(query.size() == table.dims);
  NearestList nearest(k);
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto item = static_cast<std::uint32_t>(i);
    if (keep && !keep(item)) continue;
    nearest.offer({.item = item, .distance = squared_distance(table.at(i), query)});
  }
  return nearest.take();
}

double recall_of(std::span<const Neighbour> exact, std::span<const Neighbour> found) {
  if (exact.empty()) return 1;
  std::size_t hits = 0;
  for (const Neighbour& each : exact) {
    // By distance: of equally near ones either is right.
    const bool hit = std::ranges::any_of(found, [&each](const Neighbour& other) {
      return other.item == each.item || other.distance == each.distance;
    });
    hits += hit ? 1U : 0U;
  }
  return static_cast<double>(hits) / static_cast<double>(exact.size());
}

Rehearsal rehearse(const VectorTable& table, std::size_t k) {
  // 100 questions of ten neighbours tell .995 from .98 (three standard errors).
  constexpr std::size_t questions_max = 100;
  const std::size_t count = std::min(questions_max, table.size());
  Rehearsal rehearsal{.dims = table.dims};
  for (std::size_t i = 0; i < count; ++i) {
    const std::span<const float> here = table.at(i * table.size() / count);
    const std::vector<Neighbour> around = nearest_exactly(table, here, k + 1);
    // The first is the vector itself.
    const std::span<const float> near =
        table.at(around[std::min<std::size_t>(1, around.size() - 1)].item);
    const std::span<const float> far = table.at(around.back().item);
    std::vector<float> query(here.begin(), here.end());
    for (std::size_t d = 0; d < table.dims; ++d) query[d] += near[d] - far[d];
    rehearsal.exact.push_back(nearest_exactly(table, query, k));
    rehearsal.queries.insert(rehearsal.queries.end(), query.begin(), query.end());
  }
  return rehearsal;
}

std::size_t breadth_for(const NearestGraph& graph, const Rehearsal& rehearsal, std::size_t k,
                        double recall) {
  auto reached = [&](std::size_t breadth) {
    double sum = 0;
    for (std::size_t i = 0; i < rehearsal.exact.size(); ++i) {
      sum += recall_of(rehearsal.exact[i], graph.nearest(rehearsal.query(i), k, breadth));
    }
    return sum >= recall * static_cast<double>(rehearsal.exact.size());
  };
  for (std::size_t breadth = 8; breadth < kBreadthMax; breadth *= 2) {
    if (reached(breadth)) return breadth;
    if (reached(breadth + breadth / 2)) return breadth + breadth / 2;
  }
  return kBreadthMax;
}

}  // namespace rf::learn
