// The one place that knows hnswlib; what it throws ends here.

#include <algorithm>
#include <array>
#include <atomic>
#include <stdexcept>
#include <thread>

// To prefetch, the library reads one link past the end of its lists. It never uses what it read,
// but the address sanitizer rightly objects; without its own vector code it does not prefetch.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define NO_MANUAL_VECTORIZATION
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define NO_MANUAL_VECTORIZATION
#endif
#include <hnswlib/hnswlib.h>

#include "base/check.h"
#include "learn/nearest.h"

namespace rf::learn {
namespace {

using Graph = hnswlib::HierarchicalNSW<float>;

// The levels of a graph are drawn from it; a constant, so that a build can be repeated.
constexpr std::size_t kLevelSeed = 1;

// Room for this many more items at first, then half as many again as there are.
constexpr std::size_t kRoomMin = 64;

}  // namespace

struct NearestGraph::Shards {
  explicit Shards(std::size_t dims_of_all) : space(dims_of_all), dims(dims_of_all) {}

  hnswlib::L2Space space;
  std::size_t dims;
  std::size_t items = 0;
  std::array<std::unique_ptr<Graph>, kGraphShards> graphs;
  std::vector<bool> removed;
};

NearestGraph::NearestGraph(std::unique_ptr<Shards> shards) : shards_(std::move(shards)) {}
NearestGraph::NearestGraph(NearestGraph&&) noexcept = default;
NearestGraph& NearestGraph::operator=(NearestGraph&&) noexcept = default;
NearestGraph::~NearestGraph() = default;

Result<NearestGraph> NearestGraph::build(const VectorTable& table, const Build& build) {
  RF_CHECK(build.links >= 2 && build.effort >= 1);
  auto shards = std::make_unique<Shards>(table.dims);
  shards->items = table.size();
  shards->removed.resize(table.size());
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> failed = false;
  auto build_shard = [&](std::size_t shard) {
    const std::size_t room = table.size() / kGraphShards + kRoomMin;
    auto graph =
        std::make_unique<Graph>(&shards->space, room, build.links, build.effort, kLevelSeed);
    for (std::size_t i = shard; i < table.size(); i += kGraphShards) {
      graph->addPoint(table.at(i).data(), i);
    }
    shards->graphs[shard] = std::move(graph);
  };
  auto work = [&] {
    for (std::size_t shard = next++; shard < kGraphShards; shard = next++) {
      try {
        build_shard(shard);
      } catch (const std::exception&) {
        failed = true;
      }
    }
  };
  {
    std::vector<std::jthread> others;
    const std::size_t threads = std::min(std::max<std::size_t>(build.threads, 1), kGraphShards);
    for (std::size_t t = 1; t < threads; ++t) others.emplace_back(work);
    work();
  }
  if (failed) {
    return fail(ErrorCode::over_limit,
                "no memory for a graph over " + std::to_string(table.size()) + " vectors");
  }
  return NearestGraph(std::move(shards));
}

Status NearestGraph::add(std::span<const float> vector) {
  RF_CHECK(vector.size() == shards_->dims);
  Graph& graph = *shards_->graphs[shards_->items % kGraphShards];
  try {
    if (graph.cur_element_count >= graph.max_elements_) {
      graph.resizeIndex(graph.max_elements_ + graph.max_elements_ / 2 + kRoomMin);
    }
    graph.addPoint(vector.data(), shards_->items);
  } catch (const std::exception&) {
    return fail(ErrorCode::over_limit,
                "no memory for one more than " + std::to_string(shards_->items) + " vectors");
  }
  ++shards_->items;
  shards_->removed.push_back(false);
  return {};
}

void NearestGraph::remove(std::uint32_t item) {
  RF_CHECK(item < shards_->items);
  if (shards_->removed[item]) return;
  shards_->removed[item] = true;
  shards_->graphs[item % kGraphShards]->markDelete(item);
}

std::vector<Neighbour> NearestGraph::nearest(std::span<const float> query, std::size_t k,
                                             std::size_t breadth) const {
  RF_CHECK(query.size() == shards_->dims);
  std::vector<Neighbour> found;
  for (const std::unique_ptr<Graph>& graph : shards_->graphs) {
    if (graph->cur_element_count == 0) continue;
    graph->setEf(std::max(breadth, k));
    auto nearest = graph->searchKnn(query.data(), k);
    for (; !nearest.empty(); nearest.pop()) {
      found.push_back({.item = static_cast<std::uint32_t>(nearest.top().second),
                       .distance = nearest.top().first});
    }
  }
  std::ranges::sort(found, is_nearer);
  if (found.size() > k) found.resize(k);
  return found;
}

std::size_t NearestGraph::size() const { return shards_->items; }

}  // namespace rf::learn
