#include "decide/budget.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numeric>

#include "base/check.h"
#include "decide/words.h"

namespace rf::decide {
namespace {

__extension__ using Wide = __int128;  // caps times totals do not fit 64 bits.

std::int64_t largest_step(std::int64_t from, double step) {
  return static_cast<std::int64_t>(std::floor(static_cast<double>(from) * step));
}

// The ads on one side of the exchange, and what each can take part with at most.
struct Side {
  std::vector<std::size_t> ads;
  std::vector<std::int64_t> caps;

  std::int64_t total() const { return std::accumulate(caps.begin(), caps.end(), std::int64_t{0}); }
};

// Who frees, gives and takes. Amounts in minor units.
struct Sides {
  Side losers;   // Give their step in any case.
  Side givers;   // Give what is taken.
  Side winners;  // Promotions.
  Side takers;
  std::int64_t freed = 0;  // By kills.
  std::int64_t spent = 0;  // By all, before.
};

void exchange(const Side& side, std::int64_t moved, std::int64_t sign,
              std::span<Judgement> judgements, std::span<Shift> shifts) {
  const std::vector<std::int64_t> shares = share_out(side.caps, moved);
  for (std::size_t i = 0; i < side.ads.size(); ++i) {
    const std::size_t ad = side.ads[i];
    shifts[ad].to = shifts[ad].from + sign * shares[i];
    const bool promoted = judgements[ad].verdict.action == Action::promote;
    if (shares[i] == 0 && !promoted) judgements[ad].verdict.action = Action::keep;
  }
}

void add(Side& side, std::size_t ad, std::int64_t cap) {
  side.ads.push_back(ad);
  side.caps.push_back(cap);
}

Sides sides_of(std::span<const Judgement> judgements, std::span<Shift> shifts,
               const BudgetLimits& limits) {
  Sides sides;
  for (std::size_t i = 0; i < shifts.size(); ++i) {
    Shift& shift = shifts[i];
    RF_CHECK(shift.from >= 0);
    shift.to = shift.from;
    sides.spent += shift.from;
    switch (judgements[i].verdict.action) {
      case Action::kill:
        shift.to = 0;
        sides.freed += shift.from;
        break;
      case Action::promote: add(sides.winners, i, largest_step(shift.from, limits.step_up)); break;
      case Action::increase_budget:
        add(sides.takers, i, largest_step(shift.from, limits.step_up));
        break;
      case Action::decrease_budget:
        add(judgements[i].loses_money ? sides.losers : sides.givers, i,
            std::clamp<std::int64_t>(shift.from - limits.min_budget, 0,
                                     largest_step(shift.from, limits.step_down)));
        break;
      case Action::revive:
      case Action::keep:
      case Action::wait: break;
    }
  }
  return sides;
}

}  // namespace

double settle_promotions(std::span<Judgement> judgements, double confidence) {
  RF_CHECK(confidence > 0 && confidence < 1);
  const double alone = 1 / (1 - confidence);
  std::vector<double> wealths;
  double tests = 0;
  for (const Judgement& judgement : judgements) {
    if (judgement.compared) ++tests;
    if (judgement.verdict.action == Action::promote) wealths.push_back(judgement.promote_wealth);
  }
  std::ranges::sort(wealths, std::greater<>());
  double needed = std::max(tests, 1.0) * alone;
  for (std::size_t k = wealths.size(); k > 0; --k) {
    const double bar = tests * alone / static_cast<double>(k);
    if (wealths[k - 1] < bar) continue;
    needed = bar;
    break;
  }
  for (Judgement& judgement : judgements) {
    if (judgement.verdict.action == Action::promote && judgement.promote_wealth < needed) {
      judgement.verdict = judgement.unpromoted;
    }
  }
  return needed;
}

BudgetLimits budget_limits(const Policies& policies, double step_up, double min_budget,
                           Currency currency) {
  BudgetLimits limits{.step_up = step_up,
                      .step_down = policies.budget.shift_max,
                      .min_budget = to_minor(min_budget, currency)};
  if (policies.budget.total_daily) {
    limits.total = to_minor(*policies.budget.total_daily, currency);
  }
  return limits;
}

void settle_budget(std::span<Judgement> judgements, std::span<Shift> shifts,
                   const BudgetLimits& limits) {
  RF_CHECK(judgements.size() == shifts.size());
  RF_CHECK(limits.step_up >= 0 && limits.step_up <= 0.5);
  RF_CHECK(limits.step_down >= 0 && limits.step_down <= 0.5);
  const Sides sides = sides_of(judgements, shifts, limits);
  std::int64_t free = sides.freed + sides.losers.total();
  if (limits.total) free += std::max<std::int64_t>(0, *limits.total - sides.spent);
  exchange(sides.losers, sides.losers.total(), -1, judgements, shifts);

  // Whoever earns less gives only what is still wanted.
  const std::int64_t wished = sides.winners.total();
  const std::int64_t given =
      std::clamp<std::int64_t>(wished + sides.takers.total() - free, 0, sides.givers.total());
  exchange(sides.givers, given, -1, judgements, shifts);
  const std::int64_t pool = free + given;
  const std::int64_t granted = limits.total ? std::min(wished, pool) : wished;
  exchange(sides.winners, granted, +1, judgements, shifts);
  const std::int64_t left = std::max<std::int64_t>(0, pool - granted);
  exchange(sides.takers, std::min(left, sides.takers.total()), +1, judgements, shifts);
}

std::vector<std::int64_t> share_out(std::span<const std::int64_t> caps, std::int64_t total) {
  const std::int64_t sum = std::accumulate(caps.begin(), caps.end(), std::int64_t{0});
  RF_CHECK(total >= 0 && total <= sum);
  std::vector<std::int64_t> shares(caps.size(), 0);
  if (total == 0) return shares;
  std::vector<std::size_t> order;
  std::vector<std::int64_t> remainders(caps.size());
  std::int64_t left = total;
  for (std::size_t i = 0; i < caps.size(); ++i) {
    const Wide product = static_cast<Wide>(caps[i]) * total;
    shares[i] = static_cast<std::int64_t>(product / sum);
    remainders[i] = static_cast<std::int64_t>(product % sum);
    left -= shares[i];
    if (remainders[i] > 0) order.push_back(i);
  }
  // Fewer units are left than there are remainders, so one each is enough and within every cap.
  RF_CHECK(left <= static_cast<std::int64_t>(order.size()));
  std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t i) { return remainders[i]; });
  for (std::size_t i = 0; i < static_cast<std::size_t>(left); ++i) ++shares[order[i]];
  return shares;
}

}  // namespace rf::decide
