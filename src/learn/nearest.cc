#include "learn/nearest.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace rf::learn {
namespace {

// Sums side by side, as wide as the widest vector registers, so that a compiler may use them.
constexpr std::size_t kLanes = 16;

bool is_nearer(const Neighbour& a, const Neighbour& b) {
  return a.distance < b.distance || (a.distance == b.distance && a.item < b.item);
}

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

std::vector<Neighbour> nearest_exactly(const VectorTable& table, std::span<const float> query,
                                       std::size_t k, const Keep& keep) {
  RF_CHECK(query.size() == table.dims);
  std::vector<Neighbour> heap;  // The farthest of the nearest on top.
  if (k == 0) return heap;
  heap.reserve(std::min(k, table.size()) + 1);
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto item = static_cast<std::uint32_t>(i);
    if (keep && !keep(item)) continue;
    const Neighbour found{.item = item, .distance = squared_distance(table.at(i), query)};
    if (heap.size() == k && !is_nearer(found, heap.front())) continue;
    heap.push_back(found);
    std::ranges::push_heap(heap, is_nearer);
    if (heap.size() <= k) continue;
    std::ranges::pop_heap(heap, is_nearer);
    heap.pop_back();
  }
  std::ranges::sort_heap(heap, is_nearer);
  return heap;
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

std::size_t breadth_for(const NearestGraph& graph, const VectorTable& table, std::size_t k,
                        double recall) {
  // 200 samples of ten neighbours tell .995 from .99 (three standard errors).
  constexpr std::size_t samples_max = 200;
  constexpr std::size_t breadth_max = 2048;
  const std::size_t samples = std::min(samples_max, table.size());
  std::vector<std::vector<Neighbour>> exact;
  for (std::size_t s = 0; s < samples; ++s) {
    exact.push_back(nearest_exactly(table, table.at(s * table.size() / samples), k));
  }
  auto reached = [&](std::size_t breadth) {
    double sum = 0;
    for (std::size_t s = 0; s < samples; ++s) {
      sum += recall_of(exact[s], graph.nearest(table.at(s * table.size() / samples), k, breadth));
    }
    return sum >= recall * static_cast<double>(samples);
  };
  for (std::size_t breadth = 8; breadth < breadth_max; breadth *= 2) {
    if (reached(breadth)) return breadth;
    if (reached(breadth + breadth / 2)) return breadth + breadth / 2;
  }
  return breadth_max;
}

}  // namespace rf::learn
