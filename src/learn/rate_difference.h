// May a difference of two rates be believed now? The one question, for planned and for ad-hoc
// looks.

#pragma once

#include <cstddef>
#include <optional>

#include "learn/anytime.h"
#include "learn/posterior.h"
#include "learn/sequential.h"

namespace rf::learn {

// Cumulative counts of both sides since the test began.
struct Comparison {
  RateCount arm;
  RateCount control;
  double phi = 1;  // Over-dispersion (learn/overdispersion.h): Z is divided by its root.
};

// Both rules of one test. Choose one kind of look per test and stay with it: each spends its alpha.
struct TestRule {
  LookPlan plan;
  AnytimeRule anytime;
};

struct RateVerdict {
  bool reject = false;  // The rates differ; the sign of z says which is higher.
  double z = 0;         // Over-dispersion taken out.
  double boundary = 0;  // |z| needed at this look; infinite where no look may reject yet.
  double p_value = 1;   // Ad hoc: valid at any time. Planned: of this look alone, to be shown as
                        // such and never compared with alpha.
};

// (arm - control)/[phi p (1 - p)(1/n + 1/m)]^(1/2) with the pooled rate p; 0 where nothing can be
// said, that is with no trials on a side or no variance.
// REQUIRES: 0 <= successes <= trials, phi >= 1.
// Source: the score test of two proportions, e.g. Agresti, Categorical Data Analysis, 3rd ed., 3.2.
double difference_z(const Comparison& counts);

// May the equality of the two rates be rejected? `look` is the planned look, from 0, or none for an
// unplanned one.
// REQUIRES: look < plan.boundary.size(); as difference_z.
RateVerdict may_reject(const Comparison& counts, const TestRule& rule,
                       std::optional<std::size_t> look);

}  // namespace rf::learn
