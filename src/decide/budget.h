// What the whole account decides about its ads: how many promotions the evidence carries, and who
// gives money to whom.

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "decide/verdict.h"

namespace rf::decide {

// An ad's daily spend now and proposed. Units: the currency's minor unit.
struct Shift {
  std::int64_t from = 0;
  std::int64_t to = 0;
};

// Takes back promotions that the evidence of all the ads compared does not carry: of m tests, the k
// with the highest wealth stay when the k-th reaches m/(k (1 - confidence)). Then at most
// 1 - confidence of the promotions are wrong on average, however the ads depend on each other.
// Returns the wealth that a promotion had to reach; at least 1/(1 - confidence).
// Source: the e-BH procedure, Wang & Ramdas 2022, doi:10.1111/rssb.12489.
double settle_promotions(std::span<Judgement> judgements, double confidence);

// Moves money from ads that lose to ads that earn. What is taken equals what is given, to the minor
// unit; nobody moves by more than `step` of their own or is lowered below `min_budget`. Ads whose
// part comes to nothing become Action::keep. A promotion gets its full step as a wish for new money
// and takes part in no exchange; a kill frees its own.
// REQUIRES: equal lengths; step in [0, 0.5]; all of one currency; shifts[i].from >= 0.
// Units: min_budget in minor units.
void settle_budget(std::span<Judgement> judgements, std::span<Shift> shifts, double step,
                   std::int64_t min_budget);

// Splits `total` in proportion to `caps`: exactly, nobody above his cap, largest remainders first.
// REQUIRES: caps >= 0; 0 <= total <= their sum.
// Source: Hamilton's method.
std::vector<std::int64_t> share_out(std::span<const std::int64_t> caps, std::int64_t total);

}  // namespace rf::decide
