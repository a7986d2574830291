// `evaluate memory`: how fast, and how completely, the memory finds the nearest of a user's own
// vectors.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "api/operation.h"

namespace rf::api {

struct EvaluateMemoryInput {
  std::string vectors;
  std::string queries;
  std::int64_t k = 10;
};

struct MemoryMethod {
  std::string name;
  double recall = 0;
  double queries_per_s = 0;
  double build_s = 0;
  std::string how;
};

struct EvaluateMemoryOutput {
  std::vector<MemoryMethod> methods;
  std::int64_t vectors = 0;
  std::int64_t dims = 0;
  std::int64_t queries = 0;
  std::int64_t k = 0;
};

// Errors: invalid; corrupt, when the two files have other dimensions; those of read_vectors().
Result<EvaluateMemoryOutput> evaluate_memory(const EvaluateMemoryInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::EvaluateMemoryInput> {
  using Self = rf::api::EvaluateMemoryInput;
  static constexpr auto fields = std::tuple{
      field("vectors", &Self::vectors, "what is remembered: .fvecs, .npy, CSV or TSV of numbers",
            {.required = true}),
      field("queries", &Self::queries, "what is looked for, in the same form", {.required = true}),
      field("k", &Self::k, "how many nearest are asked for", {.min = 1, .max = 1000})};
};

template <>
struct rf::Described<rf::api::MemoryMethod> {
  using Self = rf::api::MemoryMethod;
  static constexpr auto fields = std::tuple{
      field("name", &Self::name, "exact; reelforge, which chooses; cells; hnsw, a graph"),
      field("recall", &Self::recall, "of the k nearest, the share that was found"),
      field("queries_per_s", &Self::queries_per_s, "one after the other, on one core"),
      field("build_s", &Self::build_s, "before the first query"),
      field("how", &Self::how, "what it did")};
};

template <>
struct rf::Described<rf::api::EvaluateMemoryOutput> {
  using Self = rf::api::EvaluateMemoryOutput;
  static constexpr auto fields = std::tuple{
      field("methods", &Self::methods, "each way of looking"),
      field("vectors", &Self::vectors, "how many are remembered"),
      field("dims", &Self::dims, "numbers in each"),
      field("queries", &Self::queries, "how many were asked; many are thinned out evenly"),
      field("k", &Self::k, "how many nearest were asked for")};
};
