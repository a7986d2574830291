#include <fmt/format.h>

#include "api/evaluate/headlines.h"
#include "cli/view.h"
#include "cli/views.h"

namespace rf::cli {

std::string show_evaluate_headlines(const Json& output, const Style&) {
  auto view = read_output<api::EvaluateHeadlinesOutput>(output);
  return fmt::format(
      "names the winner of {:.1f} % of {} pairs, 90 % interval {:.1f} to {:.1f} %; learned from "
      "{}\n",
      100 * view.accuracy.value, grouped(view.accuracy.n), 100 * view.accuracy.low,
      100 * view.accuracy.high, grouped(view.trained_on));
}

}  // namespace rf::cli
