#include "api/evaluate/memory.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include "api/evaluate/vectors.h"
#include "learn/memory.h"
#include "learn/nearest.h"

namespace rf::api {
namespace {

using learn::Neighbour;

// Exact answers are asked for as many queries as take about this many multiplications: 20 s.
constexpr double kExactWork = 4e10;

double seconds_between(Instant from, Instant to) {
  return std::chrono::duration<double>(to - from).count();
}

struct Answers {
  std::vector<std::vector<Neighbour>> found;
  double queries_per_s = 0;
};

// Asks everything once to warm the caches where that is quick, then against the clock.
Answers ask(const learn::VectorTable& queries, const Clock& clock,
            const std::function<std::vector<Neighbour>(std::span<const float>)>& nearest) {
  Answers answers;
  answers.found.resize(queries.size());
  const Instant began = clock.now();
  std::size_t asked = 0;
  double seconds = 0;
  // Whole rounds until half a second has gone by, so that fast answers are timed as well.
  do {
    for (std::size_t q = 0; q < queries.size(); ++q) answers.found[q] = nearest(queries.at(q));
    asked += queries.size();
    seconds = seconds_between(began, clock.now());
  } while (seconds > 0 && seconds < 0.5);
  answers.queries_per_s = static_cast<double>(asked) / std::max(seconds, 1e-6);
  return answers;
}

double mean_recall(const Answers& exact, const Answers& answers) {
  double sum = 0;
  for (std::size_t q = 0; q < exact.found.size(); ++q) {
    sum += learn::recall_of(exact.found[q], answers.found[q]);
  }
  return sum / static_cast<double>(exact.found.size());
}

// At most `count` of the vectors, at even strides.
std::vector<float> thin_out(const learn::VectorTable& table, std::size_t count) {
  std::vector<float> kept;
  for (std::size_t i = 0; i < count; ++i) {
    const std::span<const float> vector = table.at(i * table.size() / count);
    kept.insert(kept.end(), vector.begin(), vector.end());
  }
  return kept;
}

std::size_t threads() { return std::max(1U, std::thread::hardware_concurrency()); }

// What every method is asked.
struct Trial {
  learn::VectorTable table;
  learn::VectorTable queries;
  std::size_t k = 0;
  learn::Rehearsal rehearsal;
};

struct TriedCells {
  MemoryMethod method;
  bool worth_it = false;
};

TriedCells try_cells(const Trial& trial, const Answers& exact, const Clock& clock) {
  const Instant began = clock.now();
  const learn::CellIndex index = learn::CellIndex::build(trial.table, threads());
  const std::size_t probes = learn::probes_for(index, trial.rehearsal, trial.k, learn::kRecall);
  const double build_s = seconds_between(began, clock.now());
  const Answers answers = ask(trial.queries, clock, [&](std::span<const float> query) {
    return index.nearest(query, trial.k, probes);
  });
  return {.method = {.name = "cells",
                     .recall = mean_recall(exact, answers),
                     .queries_per_s = answers.queries_per_s,
                     .build_s = build_s,
                     .how = fmt::format("looks into {} of {} cells", probes, index.cells())},
          .worth_it = learn::worth_probing(probes, index.cells())};
}

Result<MemoryMethod> try_graph(const Trial& trial, const Answers& exact, const Clock& clock) {
  const Instant began = clock.now();
  const learn::NearestGraph graph =
      RF_TRY(learn::NearestGraph::build(trial.table, {.threads = threads()}));
  const std::size_t breadth = learn::breadth_for(graph, trial.rehearsal, trial.k, learn::kRecall);
  const double build_s = seconds_between(began, clock.now());
  const Answers answers = ask(trial.queries, clock, [&](std::span<const float> query) {
    return graph.nearest(query, trial.k, breadth);
  });
  return MemoryMethod{.name = "hnsw",
                      .recall = mean_recall(exact, answers),
                      .queries_per_s = answers.queries_per_s,
                      .build_s = build_s,
                      .how = fmt::format("a graph, {} candidates in each of {} parts", breadth,
                                         learn::kGraphShards)};
}

}  // namespace

Result<EvaluateMemoryOutput> evaluate_memory(const EvaluateMemoryInput& input, Services& services) {
  if (input.k < 1 || input.k > 1000) return fail(ErrorCode::invalid, "input.k: expected 1 to 1000");
  const VectorFile vectors = RF_TRY(read_vectors(input.vectors));
  const VectorFile asked = RF_TRY(read_vectors(input.queries));
  if (vectors.dims != asked.dims) {
    return fail(ErrorCode::corrupt,
                fmt::format("{}: found {} dimensions, expected {} as in {}", input.queries,
                            asked.dims, vectors.dims, input.vectors));
  }
  const learn::VectorTable table{.values = vectors.values, .dims = vectors.dims};
  const learn::VectorTable all{.values = asked.values, .dims = asked.dims};
  const auto affordable =
      static_cast<std::size_t>(kExactWork / static_cast<double>(vectors.values.size()));
  const std::size_t count = std::min(all.size(), std::max<std::size_t>(affordable, 50));
  const std::vector<float> kept = thin_out(all, count);
  const learn::VectorTable queries{.values = kept, .dims = asked.dims};
  const auto k = static_cast<std::size_t>(input.k);
  const Clock& clock = services.clock();

  const Answers exact = ask(queries, clock, [&](std::span<const float> query) {
    return learn::nearest_exactly(table, query, k);
  });
  const MemoryMethod exactly{.name = "exact",
                             .recall = 1,
                             .queries_per_s = exact.queries_per_s,
                             .how = "looks at every vector"};
  const Trial trial{
      .table = table, .queries = queries, .k = k, .rehearsal = learn::rehearse(table, k)};
  const TriedCells cells = try_cells(trial, exact, clock);
  const MemoryMethod hnsw = RF_TRY(try_graph(trial, exact, clock));
  MemoryMethod ours = cells.worth_it ? cells.method : hnsw;
  if (table.size() <= learn::kScanMax) ours = exactly;
  ours.name = "reelforge";
  return EvaluateMemoryOutput{.methods = {exactly, ours, cells.method, hnsw},
                              .vectors = static_cast<std::int64_t>(table.size()),
                              .dims = static_cast<std::int64_t>(table.dims),
                              .queries = static_cast<std::int64_t>(count),
                              .k = input.k};
}

}  // namespace rf::api
