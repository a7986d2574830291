#include <fmt/format.h>

#include "api/evaluate/patterns.h"
#include "cli/films.h"
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
    text = show_pattern_rows(view.patterns, style);
    text += fmt::format("{} believed of {} tested\n", view.patterns.size(), view.tested);
  }
  return text + show_notices(view.notices, style);
}

}  // namespace rf::cli
