// What the whole account decides about its ads: how many promotions the evidence carries, and who
// gives money to whom.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "decide/verdict.h"
#include "model/money.h"

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

// Units: amounts in minor units; steps as shares of an ad's own spend.
struct BudgetLimits {
  double step_up = 0.2;
  double step_down = 0.5;
  std::int64_t min_budget = 0;
  std::optional<std::int64_t> total;  // None: what the ads spend now, and promotions ask for more.
};

// Units: min_budget in the currency unit.
BudgetLimits budget_limits(const Policies& policies, double step_up, double min_budget,
                           Currency currency);

// Moves money from ads that lose to ads that earn. Kills free all of their own; ads that lose money
// give their step whether somebody takes it or not; ads that earn, but less than others, give only
// what is taken. Promotions take first, then increases; beyond what is free a promotion asks for
// new money, as far as `total` allows it. Nobody moves by more than a step or is lowered below
// `min_budget`; ads whose part comes to nothing become Action::keep.
// REQUIRES: equal lengths; steps in [0, 0.5]; all of one currency; shifts[i].from >= 0.
void settle_budget(std::span<Judgement> judgements, std::span<Shift> shifts,
                   const BudgetLimits& limits);

// Splits `total` in proportion to `caps`: exactly, nobody above his cap, largest remainders first.
// REQUIRES: caps >= 0; 0 <= total <= their sum.
// Source: Hamilton's method.
std::vector<std::int64_t> share_out(std::span<const std::int64_t> caps, std::int64_t total);

}  // namespace rf::decide
