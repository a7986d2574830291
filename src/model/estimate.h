// A number that is not known exactly: with its interval and what it rests on, or nothing.

#pragma once

#include <cstdint>
#include <tuple>

#include "base/described.h"

namespace rf {

// `value` lies in [low, high] with the probability stated where it is shown (90 % unless said
// otherwise). An estimate that rests on too little is std::optional<Estimate>() instead.
struct Estimate {
  double value = 0;
  double low = 0;
  double high = 0;
  std::int64_t n = 0;  // What was counted: impressions, clicks, conversions.

  bool operator==(const Estimate&) const = default;
};

template <>
struct Described<Estimate> {
  static constexpr auto fields =
      std::tuple{field("value", &Estimate::value, "the estimate; rates are fractions"),
                 field("low", &Estimate::low, "lower end of the interval"),
                 field("high", &Estimate::high, "upper end of the interval"),
                 field("n", &Estimate::n, "how many observations it rests on")};
};

}  // namespace rf
