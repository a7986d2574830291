// The vectors nearest to a given one: by looking at all of them, or by a graph over them.
//
// Distance is the squared Euclidean one; for vectors of length one it orders as the cosine does.
// Looking at all is exact, needs nothing built and takes milliseconds at 100,000 x 128. Beyond that
// the memory uses cells (learn/cells.h); the graph (HNSW, Malkov & Yashunin 2018,
// doi:10.1109/TPAMI.2018.2889473) stands beside them as what others use, and for vectors that cells
// do not part.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"

namespace rf::learn {

struct Neighbour {
  std::uint32_t item = 0;
  float distance = 0;

  bool operator==(const Neighbour&) const = default;
};

// By distance, equals by item.
inline bool is_nearer(const Neighbour& a, const Neighbour& b) {
  return a.distance < b.distance || (a.distance == b.distance && a.item < b.item);
}

// The k nearest of those offered, whatever their order.
class NearestList {
 public:
  explicit NearestList(std::size_t k) : k_(k) {}

  void offer(const Neighbour& found);
  std::vector<Neighbour> take();  // Nearest first; the list is empty then.

 private:
  std::size_t k_;
  std::vector<Neighbour> heap_;  // The farthest on top.
};

// Shape: items x dims, row-major, not owned.
struct VectorTable {
  std::span<const float> values;
  std::size_t dims = 1;

  std::size_t size() const { return values.size() / dims; }
  std::span<const float> at(std::size_t item) const { return values.subspan(item * dims, dims); }
};

// The same sum in the same order on every machine.
// REQUIRES: one length.
float squared_distance(std::span<const float> a, std::span<const float> b);

// Which items may be found; none: all.
using Keep = std::function<bool(std::uint32_t item)>;

// The k nearest, nearest first, equals by item.
// Cost: items x dims.
std::vector<Neighbour> nearest_exactly(const VectorTable& table, std::span<const float> query,
                                       std::size_t k, const Keep& keep = {});

// A graph over vectors, which it copies. Built as kGraphShards graphs side by side, so that cores
// share the work and the result is the same whatever their number.
class NearestGraph {
 public:
  struct Build {
    std::size_t links = 16;    // M: more finds more, in more memory.
    std::size_t effort = 100;  // efConstruction: as measured in learn/nearest_bench.cc.
    std::size_t threads = 1;
  };

  // Errors: over_limit, when there is no memory for it.
  // Cost: 0.15 ms an item of 128 dims and a core.
  static Result<NearestGraph> build(const VectorTable& table, const Build& build);

  NearestGraph(NearestGraph&&) noexcept;
  NearestGraph& operator=(NearestGraph&&) noexcept;
  ~NearestGraph();

  // The next item's vector; items are numbered in order.
  // Errors: over_limit.
  Status add(std::span<const float> vector);

  // An item that is removed is not found any more. Removing it again changes nothing.
  // REQUIRES: it is there.
  void remove(std::uint32_t item);

  // About the k nearest; `breadth` is how many candidates each shard keeps: more finds more.
  std::vector<Neighbour> nearest(std::span<const float> query, std::size_t k,
                                 std::size_t breadth) const;

  std::size_t size() const;

 private:
  struct Shards;
  explicit NearestGraph(std::unique_ptr<Shards> shards);
  std::unique_ptr<Shards> shards_;
};

// Two cores build twice as fast and a search costs about half as much again; more parts would cost
// more than they give.
constexpr std::size_t kGraphShards = 2;

// Questions with their exact answers, by which a search is set up.
struct Rehearsal {
  std::size_t dims = 1;
  std::vector<float> queries;
  std::vector<std::vector<Neighbour>> exact;

  std::span<const float> query(std::size_t i) const {
    return std::span<const float>(queries).subspan(i * dims, dims);
  }
};

// At most 100 questions that are like the table's vectors without being among them: each is one of
// them, moved as far as from its farthest of k neighbours to its nearest. Vectors of the table
// themselves would be found too easily: the way to them is built in.
// Cost: 200 exact searches.
Rehearsal rehearse(const VectorTable& table, std::size_t k);

// Breadths are tried up to this one.
constexpr std::size_t kBreadthMax = 2048;

// The least breadth with which the graph reaches `recall` in the rehearsal, of doubled and half-way
// ones; the widest if none does.
std::size_t breadth_for(const NearestGraph& graph, const Rehearsal& rehearsal, std::size_t k,
                        double recall);

// The share of `exact` that is in `found`.
double recall_of(std::span<const Neighbour> exact, std::span<const Neighbour> found);

}  // namespace rf::learn
