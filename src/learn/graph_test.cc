#include "learn/graph.h"

#include <gtest/gtest.h>

#include "learn/gaps.h"

namespace rf::learn {
namespace {

GraphEdge edge(const std::string& from, const std::string& to, const std::string& day) {
  return {.from = {.kind = NodeKind::pattern, .name = from},
          .to = {.kind = NodeKind::outcome, .name = to},
          .evidence = {.effect = 0.1, .n = 5, .first_seen = day, .last_seen = day}};
}

TEST(KnowledgeGraph, KeepsTheLatestEvidenceAndTheFirstDay) {
  KnowledgeGraph graph;
  graph.add(edge("a", "x", "2026-02-01"));
  graph.add(edge("a", "x", "2026-03-01"));
  ASSERT_EQ(graph.edges().size(), 1U);
  EXPECT_EQ(graph.edges()[0].evidence.first_seen, "2026-02-01");
  EXPECT_EQ(graph.edges()[0].evidence.last_seen, "2026-03-01");
}

TEST(KnowledgeGraph, GoesOutStepByStep) {
  KnowledgeGraph graph;
  graph.add(edge("a", "x", "1"));
  graph.add(edge("b", "x", "1"));
  graph.add(edge("b", "y", "1"));
  const GraphNode a{.kind = NodeKind::pattern, .name = "a"};
  EXPECT_EQ(graph.around(a, 1).size(), 1U);
  EXPECT_EQ(graph.around(a, 2).size(), 2U);
  EXPECT_EQ(graph.around(a, 9).size(), 3U);
  EXPECT_TRUE(graph.around(a, 0).empty());
}

TEST(KnowledgeGraph, EscapesNamesAndCallsNoCorrelationACause) {
  KnowledgeGraph graph;
  graph.add(edge("\"<&\\", "x", "1"));
  EXPECT_NE(to_dot(graph).find("\\\"<&\\\\"), std::string::npos);
  EXPECT_NE(to_graphml(graph).find("&quot;&lt;&amp;\\"), std::string::npos);
  EXPECT_EQ(to_dot(graph).find("causes"), std::string::npos);
  EXPECT_EQ(to_json_graph(graph).at("edges").as_array().size(), 1U);
}

TEST(RankGaps, PutTheLeastKnownOfTheLargestFirst) {
  const std::vector<KnowledgeCell> cells{
      {.name = "known", .tested = 50, .rate = {.a = 200, .b = 9800}, .exposure = 1e6},
      {.name = "gap", .tested = 1, .rate = {.a = 2, .b = 98}, .exposure = 1e6},
      {.name = "small", .tested = 0, .rate = {.a = 2, .b = 98}, .exposure = 10}};
  const std::vector<NextTest> tests = rank_gaps(cells);
  EXPECT_EQ(tests[0].name, "gap");
  EXPECT_EQ(tests[0].variants, 6U);
  EXPECT_EQ(tests[1].variants, 4U);
  EXPECT_EQ(tests[2].name, "small");
}

}  // namespace
}  // namespace rf::learn
