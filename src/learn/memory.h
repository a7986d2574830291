// What was tried and how it went, found again by likeness: every finished creative, winner or
// loser, under its vector.
//
// Losers are kept as well: what a winner has and its nearest losers have not is the lesson. A
// winner is a creative whose lift over its own account and placement is above nothing at the lower
// end of its interval. The plain rule "CTR of 3 % and more" remains as a filter: it lets a true
// 1.5 % ad with 100 impressions in 19 times of 100.

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "learn/cells.h"
#include "learn/nearest.h"
#include "learn/posterior.h"

namespace rf::learn {

// Up to this many vectors all are looked at. Measured: 2 to 5 ms at 128 dims, recall 1.
constexpr std::size_t kScanMax = 100'000;

// Of the nearest, what a search is set up to find: one in two hundred may be missed.
constexpr double kRecall = 0.995;

enum class Fate : std::uint8_t { winner, loser, unsure };

struct Remembered {
  std::string key;  // The creative's.
  std::string account;
  std::string industry;
  std::string platform;
  std::string placement;
  std::string objective;
  double rate = 0;  // Posterior mean, and its interval.
  Interval rate_interval;
  double lift = 0;  // Over its own account and placement, shrunk.
  Interval lift_interval;
  double n = 0;  // Impressions.

  bool operator==(const Remembered&) const;
};

// REQUIRES: nothing; an interval across zero is unsure.
Fate fate_of(const Remembered& item);

// An empty text matches all.
struct MemoryFilter {
  std::string industry;
  std::string platform;
  std::string objective;
  std::optional<Fate> fate;
  double rate_low_min = 0;  // 0.03 is the plain rule, held against the lower end.
};

struct Recollection {
  const Remembered* item = nullptr;  // Until the memory changes.
  float distance = 0;
};

// Thread: one at a time for changes; any number for recall().
class Memory {
 public:
  // REQUIRES: dims > 0.
  explicit Memory(std::size_t dims) : dims_(dims) {}

  std::size_t dims() const { return dims_; }
  std::size_t size() const { return by_key_.size(); }

  // Remembers, or replaces what was remembered under the key.
  // Errors: invalid, when the vector has another length or a number that is not finite.
  Status remember(Remembered item, std::span<const float> vector);

  // False: nothing was remembered under the key.
  bool forget(std::string_view key);

  const Remembered* find(std::string_view key) const;

  // The k nearest of those that pass, nearest first. Once arranged it looks at few, and where these
  // hold fewer than k that pass, at all.
  // REQUIRES: the query has dims().
  std::vector<Recollection> recall(std::span<const float> query, std::size_t k,
                                   const MemoryFilter& filter) const;

  // Sorts more than kScanMax vectors into cells, or where they do not part, links them in a graph;
  // later ones find their place as they come. Worth doing again when the memory has doubled.
  // Errors: over_limit, when there is no memory for a graph.
  Status arrange(std::size_t threads);

  // Everything but the arrangement, with a checksum. The same memory gives the same bytes.
  std::string to_bytes() const;
  // Errors: corrupt, also when the checksum is another; unsupported, for a later version.
  static Result<Memory> from_bytes(std::string_view bytes);

 private:
  bool passes(std::uint32_t item, const MemoryFilter& filter) const;

  std::size_t dims_;
  std::vector<float> vectors_;
  std::vector<Remembered> items_;
  std::vector<bool> gone_;
  std::map<std::string, std::uint32_t, std::less<>> by_key_;
  std::optional<CellIndex> cells_;
  std::size_t probes_ = 0;
  std::optional<NearestGraph> graph_;
  std::size_t breadth_ = 0;
};

}  // namespace rf::learn
