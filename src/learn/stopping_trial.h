// Stopping rules against each other: how often each rejects, and how soon.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "learn/posterior.h"
#include "learn/rate_difference.h"

namespace rf::learn {

// Two sides with the same trials at each look, cumulative.
struct LookSeries {
  std::vector<std::int64_t> first;
  std::vector<std::int64_t> second;
  std::int64_t per_look = 1;
};

// Successes at each of `looks` looks from their places.
std::vector<std::int64_t> counts_at_looks(std::span<const std::int64_t> places, std::size_t looks,
                                          std::int64_t per_look);

// May the test stop at this look (from 0) with the sides declared different?
struct StoppingRule {
  std::string_view name;
  std::function<bool(const Comparison& counts, std::size_t look)> stops;
};

// Ours, "reelforge", first: learn/rate_difference.h at the planned looks, as decisions use it.
// Beside it a single test at the end, the same test at every look, the notes' promoter (1,000
// impressions, 95
// %, lift 20 %), Bonferroni's and Pocock's boundaries, and the two that need no schedule.
// REQUIRES: as plan_obrien_fleming().
// Cost: Pocock's boundary is searched, about a second for 200 looks.
std::vector<StoppingRule> stopping_rules(std::size_t looks, double alpha);

struct StoppingCount {
  std::int64_t runs = 0;
  std::int64_t rejected = 0;
  double trials_to_stop = 0;  // Of one side, summed; a run that never stops counts in full.

  void add(const StoppingRule& rule, const LookSeries& series);
};

}  // namespace rf::learn
