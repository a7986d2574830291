// Many vectors sorted into cells of near ones, so that a search looks into few cells only.
//
// The cells are those of k-means with about as many centres as each has members. A search ranks
// the centres and looks at every vector of the first `probes` cells: what it finds there is exact,
// what lies in a farther cell is missed. Against a graph (learn/nearest.h): built twenty times as
// fast, adds and removes without a trace, filters while it looks, and does not lose its way where
// the members of a cluster are all about equally far from each other.
// Source: inverted file, Sivic & Zisserman 2003; Jegou, Douze & Schmid 2011,
// doi:10.1109/TPAMI.2010.57.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "learn/nearest.h"

namespace rf::learn {

class CellIndex {
 public:
  // Cost: items^1.5 x dims multiplications, shared by the threads; the result does not depend on
  // their number.
  static CellIndex build(const VectorTable& table, std::size_t threads);

  // The next item's vector; items are numbered in order.
  void add(std::span<const float> vector);

  // False: it was not there.
  bool remove(std::uint32_t item);

  // The k nearest of the first `probes` cells.
  std::vector<Neighbour> nearest(std::span<const float> query, std::size_t k, std::size_t probes,
                                 const Keep& keep = {}) const;

  std::size_t cells() const { return members_.size(); }

 private:
  struct Members {
    std::vector<std::uint32_t> items;
    std::vector<float> values;  // Side by side, in the order of items.
  };

  std::size_t dims_ = 1;
  std::vector<float> centres_;
  std::vector<Members> members_;
  std::vector<std::uint32_t> cell_of_;  // By item.
};

// The least number of probes with which the index reaches `recall` in the rehearsal.
std::size_t probes_for(const CellIndex& index, const Rehearsal& rehearsal, std::size_t k,
                       double recall);

// Whether so few cells hold what is looked for that a graph would not be faster: at most one in
// fifty. Measured at 1,000,000 x 128 where 35 of 1,000 were needed: ten times the exact scan's
// speed, and the graph ninety.
constexpr bool worth_probing(std::size_t probes, std::size_t cells) { return probes * 50 <= cells; }

}  // namespace rf::learn
