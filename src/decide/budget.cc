#include "decide/budget.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numeric>

#include "base/check.h"

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

void exchange(const Side& side, std::int64_t moved, std::int64_t sign,
              std::span<Judgement> judgements, std::span<Shift> shifts) {
  const std::vector<std::int64_t> shares = share_out(side.caps, moved);
  for (std::size_t i = 0; i < side.ads.size(); ++i) {
    const std::size_t ad = side.ads[i];
    shifts[ad].to = shifts[ad].from + sign * shares[i];
    if (shares[i] == 0) judgements[ad].verdict.action = Action::keep;
  }
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

void settle_budget(std::span<Judgement> judgements, std::span<Shift> shifts, double step,
                   std::int64_t min_budget) {
  RF_CHECK(judgements.size() == shifts.size());
  RF_CHECK(step >= 0 && step <= 0.5);
  Side givers;
  Side takers;
  for (std::size_t i = 0; i < shifts.size(); ++i) {
    Shift& shift = shifts[i];
    RF_CHECK(shift.from >= 0);
    shift.to = shift.from;
    const std::int64_t most = largest_step(shift.from, step);
    switch (judgements[i].verdict.action) {
      case Action::kill: shift.to = 0; break;
      case Action::promote: shift.to = shift.from + most; break;
      case Action::increase_budget:
        takers.ads.push_back(i);
        takers.caps.push_back(most);
        break;
      case Action::decrease_budget:
        givers.ads.push_back(i);
        givers.caps.push_back(std::clamp<std::int64_t>(shift.from - min_budget, 0, most));
        break;
      case Action::keep:
      case Action::wait: break;
    }
  }
  const std::int64_t moved = std::min(givers.total(), takers.total());
  exchange(givers, moved, -1, judgements, shifts);
  exchange(takers, moved, +1, judgements, shifts);
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
