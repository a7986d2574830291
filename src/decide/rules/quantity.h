// What a rule may ask about: counts as they are stored, and rates that follow from them.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/metric.h"

namespace rf::decide {

// A number of a window: numerator, or numerator / denominator * factor. `or_numerator` and
// `or_denominator` stand in on platforms that report those instead.
struct Quantity {
  std::string_view name;
  std::string_view words;  // "ROAS", "spend".
  Metric numerator = Metric::spend;
  std::optional<Metric> denominator;
  std::optional<Metric> or_numerator;
  std::optional<Metric> or_denominator;
  double factor = 1;
  bool is_age = false;          // Closed days since the first; no metric.
  bool on_conversions = false;  // Rests on conversions, which arrive late.
  bool per_day = false;         // Divided by the days of the window.
};

// None for a name that is not known. Reach is not: it does not add over days.
std::optional<Quantity> find_quantity(std::string_view name);

// Every name, for messages.
std::vector<std::string_view> quantity_names();

}  // namespace rf::decide
