#include "learn/memory.h"

#include <numeric>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::learn {
namespace {

std::vector<float> clustered(std::uint64_t seed, std::size_t items, std::size_t dims) {
  Rng rng(seed);
  std::vector<float> centres(40 * dims);
  Rng fixed(99);
  for (float& value : centres) value = static_cast<float>(fixed.normal());
  std::vector<float> values;
  for (std::size_t i = 0; i < items; ++i) {
    const std::size_t cluster = rng.below(40);
    for (std::size_t d = 0; d < dims; ++d) {
      values.push_back(centres[cluster * dims + d] + static_cast<float>(0.3 * rng.normal()));
    }
  }
  return values;
}

TEST(NearestExactly, IsTheSortedDistances) {
  const std::vector<float> values = clustered(1, 500, 19);
  const VectorTable table{.values = values, .dims = 19};
  std::set<std::pair<float, std::uint32_t>> all;
  for (std::uint32_t i = 0; i < 500; ++i) {
    float sum = squared_distance(table.at(i), table.at(7));
    all.emplace(sum, i);
  }
  auto expected = all.begin();
  for (const Neighbour& found : nearest_exactly(table, table.at(7), 10)) {
    EXPECT_EQ(found.item, (expected++)->second);
  }
  EXPECT_EQ(nearest_exactly(table, table.at(7), 1, [](std::uint32_t i) { return i != 7; })[0].item,
            std::next(all.begin())->second);
  EXPECT_EQ(nearest_exactly(table, table.at(7), 1000).size(), 500U);
}

TEST(SquaredDistance, AddsUpWhateverTheLength) {
  for (std::size_t size = 0; size < 40; ++size) {
    const std::vector<float> zeros(size);
    std::vector<float> counted(size);
    std::iota(counted.begin(), counted.end(), 1.0F);
    const auto n = static_cast<float>(size);
    EXPECT_EQ(squared_distance(zeros, counted), n * (n + 1) * (2 * n + 1) / 6);
  }
}

TEST(CellIndexAndGraph, FindAlmostAllThatRehearsalsAskFor) {
  const std::vector<float> values = clustered(2, 4000, 16);
  const std::vector<float> asked = clustered(3, 100, 16);
  const VectorTable table{.values = values, .dims = 16};
  const VectorTable queries{.values = asked, .dims = 16};
  const Rehearsal rehearsal = rehearse(table, 10);
  CellIndex cells = CellIndex::build(table, 1);
  const std::size_t probes = probes_for(cells, rehearsal, 10, 0.995);
  EXPECT_LT(probes, cells.cells());
  NearestGraph graph = NearestGraph::build(table, {.threads = 2}).value();
  const std::size_t breadth = breadth_for(graph, rehearsal, 10, 0.995);
  double by_cells = 0;
  double by_graph = 0;
  for (std::size_t q = 0; q < queries.size(); ++q) {
    const std::vector<Neighbour> exact = nearest_exactly(table, queries.at(q), 10);
    by_cells += recall_of(exact, cells.nearest(queries.at(q), 10, probes)) / 100;
    by_graph += recall_of(exact, graph.nearest(queries.at(q), 10, breadth)) / 100;
    EXPECT_EQ(exact, cells.nearest(queries.at(q), 10, cells.cells()));
  }
  EXPECT_GE(by_cells, 0.99);
  EXPECT_GE(by_graph, 0.99);
  graph.remove(5);
  graph.remove(5);
  EXPECT_TRUE(cells.remove(5));
  EXPECT_FALSE(cells.remove(5));
  EXPECT_NE(graph.nearest(table.at(5), 1, 64)[0].item, 5U);
  EXPECT_NE(cells.nearest(table.at(5), 1, 8)[0].item, 5U);
  ASSERT_TRUE(graph.add(table.at(5)));
  cells.add(table.at(5));
  EXPECT_EQ(graph.nearest(table.at(5), 1, 64)[0].item, 4000U);
  EXPECT_EQ(cells.nearest(table.at(5), 1, 8)[0].item, 4000U);
}

TEST(CellIndexAndGraph, AreTheSameWhateverTheThreads) {
  const std::vector<float> values = clustered(4, 2000, 8);
  const VectorTable table{.values = values, .dims = 8};
  const CellIndex one = CellIndex::build(table, 1);
  const CellIndex three = CellIndex::build(table, 3);
  const NearestGraph serial = NearestGraph::build(table, {.threads = 1}).value();
  const NearestGraph parallel = NearestGraph::build(table, {.threads = 4}).value();
  for (std::size_t i = 0; i < 50; ++i) {
    EXPECT_EQ(one.nearest(table.at(i), 5, 3), three.nearest(table.at(i), 5, 3));
    EXPECT_EQ(serial.nearest(table.at(i), 5, 9), parallel.nearest(table.at(i), 5, 9));
  }
}

Remembered creative(const std::string& key, double lift_low, double lift_high) {
  return {.key = key,
          .account = "one",
          .industry = "shoes",
          .platform = "meta",
          .rate = 0.03,
          .rate_interval = {.low = 0.02, .high = 0.04},
          .lift = (lift_low + lift_high) / 2,
          .lift_interval = {.low = lift_low, .high = lift_high},
          .n = 1000};
}

TEST(Memory, KeepsLosersBesideWinners) {
  Memory memory(2);
  ASSERT_TRUE(memory.remember(creative("won", 0.1, 0.5), std::vector<float>{0, 0}));
  ASSERT_TRUE(memory.remember(creative("lost", -0.5, -0.1), std::vector<float>{0, 1}));
  ASSERT_TRUE(memory.remember(creative("open", -0.1, 0.1), std::vector<float>{0, 2}));
  const std::vector<float> query{0, 0.9F};
  EXPECT_EQ(memory.recall(query, 2, {})[0].item->key, "lost");
  EXPECT_EQ(memory.recall(query, 2, {.fate = Fate::winner})[0].item->key, "won");
  EXPECT_TRUE(memory.recall(query, 2, {.rate_low_min = 0.03}).empty());
  EXPECT_TRUE(memory.recall(query, 2, {.platform = "tiktok"}).empty());
  EXPECT_EQ(fate_of(*memory.find("open")), Fate::unsure);
}

TEST(Memory, ForgetsAndReplaces) {
  Memory memory(1);
  ASSERT_TRUE(memory.remember(creative("a", 0.1, 0.2), std::vector<float>{1}));
  ASSERT_TRUE(memory.remember(creative("a", 0.3, 0.4), std::vector<float>{5}));
  EXPECT_EQ(memory.size(), 1U);
  EXPECT_EQ(memory.recall(std::vector<float>{1}, 5, {}).size(), 1U);
  EXPECT_EQ(memory.find("a")->lift_interval.low, 0.3);
  EXPECT_TRUE(memory.forget("a"));
  EXPECT_FALSE(memory.forget("a"));
  EXPECT_TRUE(memory.recall(std::vector<float>{1}, 5, {}).empty());
  EXPECT_EQ(memory.remember(creative("b", 0, 1), std::vector<float>{1, 2}).error().code,
            ErrorCode::invalid);
}

TEST(Memory, SurvivesAsBytesAndRefusesBrokenOnes) {
  Memory memory(3);
  for (int i = 0; i < 20; ++i) {
    const auto x = static_cast<float>(i);
    ASSERT_TRUE(memory.remember(creative(fmt::format("c{}", i), 0.01 * i, 0.5),
                                std::vector<float>{x, x * x, 1}));
  }
  memory.forget("c3");
  const std::string bytes = memory.to_bytes();
  const Memory again = Memory::from_bytes(bytes).value();
  EXPECT_EQ(again.to_bytes(), bytes);
  EXPECT_EQ(*again.find("c7"), *memory.find("c7"));
  EXPECT_EQ(again.find("c3"), nullptr);
  for (std::size_t at = 0; at < bytes.size(); at += 37) {
    std::string broken = bytes;
    broken[at] = static_cast<char>(broken[at] ^ 1);
    EXPECT_FALSE(Memory::from_bytes(broken));
    EXPECT_FALSE(Memory::from_bytes(std::string_view(bytes).substr(0, at)));
  }
}

}  // namespace
}  // namespace rf::learn
