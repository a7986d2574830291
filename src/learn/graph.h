// What is known, as a graph: patterns, audiences, hooks, templates and experiments, and how they go
// together, each edge with its evidence.
//
// It is derived, never edited: the same evidence gives the same graph. An edge is called a cause
// only where its comparison was randomised.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/json.h"
#include "learn/patterns.h"

namespace rf::learn {

enum class NodeKind : std::uint8_t { pattern, audience, hook, script, experiment, outcome };

struct GraphNode {
  NodeKind kind = NodeKind::pattern;
  std::string name;

  auto operator<=>(const GraphNode&) const = default;
};

struct Evidence {
  double effect = 0;  // Relative.
  double low = 0;
  double high = 0;
  double q = 1;
  std::int64_t n = 0;
  Design design = Design::observational;
  std::string first_seen;  // Days, 2026-03-01.
  std::string last_seen;
};

struct GraphEdge {
  GraphNode from;
  GraphNode to;
  Evidence evidence;
};

class KnowledgeGraph {
 public:
  // Of two findings about the same ends the one of the later day counts, and it keeps the first day
  // of both.
  void add(const GraphEdge& edge);

  std::vector<GraphNode> nodes() const;  // In order.
  std::vector<GraphEdge> edges() const;  // By ends.

  // Edges with at least one end within `steps` - 1 of the node, whatever their direction.
  std::vector<GraphEdge> around(const GraphNode& node, std::size_t steps) const;

 private:
  std::map<std::tuple<GraphNode, GraphNode>, Evidence> edges_;
};

std::string_view word_of(NodeKind kind);

// "causes" for a randomised comparison, else "goes with".
std::string_view word_of(Design design);

// For drawing and for other programs; names are escaped for each.
JsonObject to_json_graph(const KnowledgeGraph& graph);
std::string to_graphml(const KnowledgeGraph& graph);
std::string to_dot(const KnowledgeGraph& graph);

}  // namespace rf::learn
