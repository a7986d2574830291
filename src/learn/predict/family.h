// What kind of outcome is predicted, and the loss by which a prediction of it is judged.
//
// Every member of the ensemble works on one scale, the margin: the log-odds of a 0/1 outcome, the
// log of a count's mean (its exposure included), a real outcome as it is. Margins add and average;
// means do not.

#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rf::learn {

enum class Family : std::uint8_t {
  binary,  // 0 or 1: a click, a conversion.
  count,   // Whole and >= 0, with an exposure: clicks of so many impressions.
  real,    // Anything finite: ROAS, CPA.
};

std::string_view to_string(Family family);

// The narrowest family that holds all outcomes. With an exposure, 0/1 outcomes are counts.
// REQUIRES: all finite.
Family family_of(std::span<const double> outcomes, bool has_exposure);

double mean_of(Family family, double margin);

// REQUIRES: binary, 0 < mean < 1; count, mean > 0.
double margin_of(Family family, double mean);

// Minus the log of the outcome's probability (binary, count) or half the squared error (real).
// Units: natural logarithms.
double loss_of(Family family, double outcome, double margin);

// First and second derivative of the loss by the margin.
struct Slope {
  double first = 0;
  double second = 0;
};
Slope slope_of(Family family, double outcome, double margin);

double mean_loss(Family family, std::span<const double> outcomes, std::span<const double> margins);

// The margin of a model that knows nothing but the average: ln of outcomes over exposure for
// counts. `exposure` is empty for one each. Half an outcome is added, so that it is finite.
double base_margin(Family family, std::span<const double> outcomes,
                   std::span<const double> exposure);

}  // namespace rf::learn
