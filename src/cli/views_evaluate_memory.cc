#include <cmath>

#include <fmt/format.h>

#include "api/evaluate/memory.h"
#include "cli/view.h"
#include "cli/views.h"

namespace rf::cli {

std::string show_evaluate_memory(const Json& output, const Style& style) {
  auto view = read_output<api::EvaluateMemoryOutput>(output);
  std::vector<std::vector<Cell>> rows;
  for (const api::MemoryMethod& method : view.methods) {
    rows.push_back({{method.name},
                    {fmt::format("{:.4f}", method.recall)},
                    {grouped(std::llround(method.queries_per_s))},
                    {fmt::format("{:.1f} s", method.build_s)},
                    {method.how, Tone::dim}});
  }
  return table({{.title = "method"},
                {.title = "recall", .right = true},
                {.title = "queries/s", .right = true},
                {.title = "built in", .right = true},
                {.title = "how", .flexible = true}},
               rows, style) +
         fmt::format("the {} nearest of {} vectors of {} numbers, {} queries\n", view.k,
                     grouped(view.vectors), view.dims, grouped(view.queries));
}

}  // namespace rf::cli
