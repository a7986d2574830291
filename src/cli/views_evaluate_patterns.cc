#include <fmt/format.h>

#include "api/evaluate/patterns.h"
#include "cli/view.h"
#include "cli/views.h"

namespace rf::cli {

std::string show_evaluate_patterns(const Json& output, const Style& style) {
  auto view = read_output<api::EvaluatePatternsOutput>(output);
  std::string text;
  if (view.patterns.empty()) {
    text = fmt::format("no pattern is believed; {} tested on {} units\n", view.tested,
                       grouped(view.units));
  } else {
    std::vector<std::vector<Cell>> rows;
    for (const api::PatternRow& pattern : view.patterns) {
      rows.push_back(
          {{printable(pattern.feature)},
           {fmt::format("{:+.1f} %", 100 * pattern.effect),
            pattern.effect > 0 ? Tone::good : Tone::bad},
           {fmt::format("{:+.1f} to {:+.1f} %", 100 * pattern.low, 100 * pattern.high), Tone::dim},
           {fmt::format("{:.2g}", pattern.q)},
           {grouped(pattern.n)},
           {std::string(name_of(pattern.design))},
           {fmt::format("{:+.1f} %", 100 * pattern.later)},
           {pattern.per, Tone::dim}});
    }
    text = table({{.title = "feature", .flexible = true},
                  {.title = "effect", .right = true},
                  {.title = "interval", .right = true},
                  {.title = "q", .right = true},
                  {.title = "n", .right = true},
                  {.title = "design"},
                  {.title = "later half", .right = true},
                  {.title = "per"}},
                 rows, style);
    text += fmt::format("{} believed of {} tested\n", view.patterns.size(), view.tested);
  }
  return text + show_notices(view.notices, style);
}

}  // namespace rf::cli
