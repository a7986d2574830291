#include "learn/graph.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace rf::learn {
namespace {

std::string id_of(const GraphNode& node) {
  return fmt::format("{}:{}", word_of(node.kind), node.name);
}

// XML 1.0 has no way to write most control characters; they become spaces.
std::string xml_text(std::string_view text) {
  std::string safe;
  for (char c : text) {
    switch (c) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '"': safe += "&quot;"; break;
      default: safe += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return safe;
}

std::string dot_text(std::string_view text) {
  std::string safe;
  for (char c : text) {
    if (c == '"' || c == '\\') safe += '\\';
    safe += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return safe;
}

}  // namespace

void KnowledgeGraph::add(const GraphEdge& edge) {
  auto [found, fresh] = edges_.try_emplace({edge.from, edge.to}, edge.evidence);
  if (fresh) return;
  Evidence& known = found->second;
  const std::string first = std::min(known.first_seen, edge.evidence.first_seen);
  if (edge.evidence.last_seen >= known.last_seen) known = edge.evidence;
  known.first_seen = first;
}

std::vector<GraphNode> KnowledgeGraph::nodes() const {
  std::set<GraphNode> all;
  for (const auto& [ends, evidence] : edges_) {
    all.insert(std::get<0>(ends));
    all.insert(std::get<1>(ends));
  }
  return {all.begin(), all.end()};
}

std::vector<GraphEdge> KnowledgeGraph::edges() const {
  std::vector<GraphEdge> all;
  for (const auto& [ends, evidence] : edges_) {
    all.push_back({.from = std::get<0>(ends), .to = std::get<1>(ends), .evidence = evidence});
  }
  return all;
}

std::vector<GraphEdge> KnowledgeGraph::around(const GraphNode& node, std::size_t steps) const {
  std::set<GraphNode> reached{node};
  std::vector<GraphEdge> found;
  const std::vector<GraphEdge> all = edges();
  for (std::size_t step = 0; step < steps; ++step) {
    found.clear();
    std::set<GraphNode> wider = reached;
    for (const GraphEdge& edge : all) {
      if (!reached.contains(edge.from) && !reached.contains(edge.to)) continue;
      found.push_back(edge);
      wider.insert(edge.from);
      wider.insert(edge.to);
    }
    if (wider.size() == reached.size()) break;
    reached = std::move(wider);
  }
  return found;
}

std::string_view word_of(NodeKind kind) {
  switch (kind) {
    case NodeKind::pattern: return "pattern";
    case NodeKind::audience: return "audience";
    case NodeKind::hook: return "hook";
    case NodeKind::script: return "template";
    case NodeKind::experiment: return "experiment";
    case NodeKind::outcome: return "outcome";
  }
  return "";
}

std::string_view word_of(Design design) {
  return design == Design::randomised ? "causes" : "goes with";
}

JsonObject to_json_graph(const KnowledgeGraph& graph) {
  JsonArray nodes;
  for (const GraphNode& node : graph.nodes()) {
    nodes.push_back(
        JsonObject{{"id", id_of(node)}, {"kind", word_of(node.kind)}, {"name", node.name}});
  }
  JsonArray edges;
  for (const GraphEdge& edge : graph.edges()) {
    const Evidence& seen = edge.evidence;
    edges.push_back(JsonObject{{"from", id_of(edge.from)},
                               {"to", id_of(edge.to)},
                               {"relation", word_of(seen.design)},
                               {"effect", seen.effect},
                               {"low", seen.low},
                               {"high", seen.high},
                               {"q", seen.q},
                               {"n", seen.n},
                               {"first_seen", seen.first_seen},
                               {"last_seen", seen.last_seen}});
  }
  return {{"nodes", std::move(nodes)}, {"edges", std::move(edges)}};
}

std::string to_graphml(const KnowledgeGraph& graph) {
  std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n"
      "<key id=\"relation\" for=\"edge\" attr.name=\"relation\" attr.type=\"string\"/>\n"
      "<key id=\"effect\" for=\"edge\" attr.name=\"effect\" attr.type=\"double\"/>\n"
      "<key id=\"n\" for=\"edge\" attr.name=\"n\" attr.type=\"long\"/>\n"
      "<graph edgedefault=\"directed\">\n";
  for (const GraphNode& node : graph.nodes()) {
    text += fmt::format("<node id=\"{}\"/>\n", xml_text(id_of(node)));
  }
  for (const GraphEdge& edge : graph.edges()) {
    text += fmt::format(
        "<edge source=\"{}\" target=\"{}\"><data key=\"relation\">{}</data><data "
        "key=\"effect\">{}</data><data key=\"n\">{}</data></edge>\n",
        xml_text(id_of(edge.from)), xml_text(id_of(edge.to)), word_of(edge.evidence.design),
        edge.evidence.effect, edge.evidence.n);
  }
  return text + "</graph>\n</graphml>\n";
}

std::string to_dot(const KnowledgeGraph& graph) {
  std::string text = "digraph knowledge {\n";
  for (const GraphEdge& edge : graph.edges()) {
    text += fmt::format("  \"{}\" -> \"{}\" [label=\"{} {:+.1f} %, n {}\"];\n",
                        dot_text(id_of(edge.from)), dot_text(id_of(edge.to)),
                        word_of(edge.evidence.design), 100 * edge.evidence.effect, edge.evidence.n);
  }
  return text + "}\n";
}

}  // namespace rf::learn
