// What the views share: reading an output back into its struct, and how common values look.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "api/failure.h"
#include "base/described.h"
#include "cli/text.h"
#include "model/estimate.h"
#include "model/plan.h"

namespace rf::cli {

// The output of an operation as its struct. It was written from that struct, so it fits.
template <typename Output>
Output read_output(const Json& output) {
  return from_json<Output>(output, "output").value();
}

// "1.26 %" with the interval dimmed, or "–" for not enough data.
Cell rate_cell(const std::optional<Estimate>& estimate, int digits);

// "24.10 [18.2–33.0]".
Cell amount_cell(const std::optional<Estimate>& estimate);

// "kill", in red.
Cell action_cell(Action action);

// How much of a judgement is shown.
enum class Detail : std::uint8_t {
  brief,  // What and why.
  full,   // With every number behind it.
};

std::string show_item(const PlanItem& item, Detail detail, const Style& style);

// Lines that begin with "!".
std::string show_notices(const std::vector<std::string>& notices, const Style& style);

// What did not go well while the rest did, a line each.
std::string show_failed(const std::vector<api::Failure>& failed, const Style& style);

}  // namespace rf::cli
