// How long a conversion takes from the click until the platform shows it.
//
// A mixture: buyers who buy at once, buyers of the same day, and those who come back. Its shares
// are measured; the shape inside each part is chosen. What the platform adds by late processing is
// part of it, so the tail runs as long as platforms restate their numbers.

#pragma once

#include "base/rng.h"
#include "base/time.h"

namespace rf::sim {

// No conversion comes later than this.
// Source: Meta's insights are final 28 days after the day they describe.
inline constexpr Duration kDelayMax = std::chrono::days(28);

// In (0, kDelayMax].
// Source: 35 % within an hour and 50 % within a day, Chapelle 2014, doi:10.1145/2623330.2623634.
Duration draw_delay(Rng& rng);

// The share of conversions whose delay is at most `age`. [0, 1]
double arrived_share(Duration age);

}  // namespace rf::sim
