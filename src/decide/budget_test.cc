#include "decide/budget.h"

#include <cmath>
#include <numeric>
#include <string>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::decide {
namespace {

TEST(ShareOut, GivesTheLargestRemaindersTheUnitsThatAreLeft) {
  const std::vector<std::int64_t> caps{10, 10, 10};
  EXPECT_EQ(share_out(caps, 10), (std::vector<std::int64_t>{4, 3, 3}));
  EXPECT_EQ(share_out(caps, 30), caps);
  EXPECT_EQ(share_out(caps, 0), (std::vector<std::int64_t>{0, 0, 0}));
}

TEST(ShareOut, IsExactAndWithinEveryCapWhateverTheNumbers) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    std::vector<std::int64_t> caps(1 + rng.below(40));
    for (std::int64_t& cap : caps) {
      cap = rng.uniform() < 0.2 ? 0 : static_cast<std::int64_t>(rng.below(1'000'000'000'000));
    }
    const std::int64_t sum = std::accumulate(caps.begin(), caps.end(), std::int64_t{0});
    const auto total = static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(sum) + 1));
    const std::vector<std::int64_t> shares = share_out(caps, total);
    EXPECT_EQ(std::accumulate(shares.begin(), shares.end(), std::int64_t{0}), total);
    for (std::size_t i = 0; i < caps.size(); ++i) {
      EXPECT_GE(shares[i], 0);
      EXPECT_LE(shares[i], caps[i]);
    }
  }
}

std::vector<Judgement> some_judgements(Rng& rng, std::size_t n) {
  constexpr Verdict kKinds[] = {{Action::kill, Reason::low_ctr},
                                {Action::promote, Reason::winner},
                                {Action::increase_budget, Reason::scaling},
                                {Action::decrease_budget, Reason::declining},
                                {Action::keep, Reason::maintaining},
                                {Action::wait, Reason::learning}};
  std::vector<Judgement> judgements(n);
  for (Judgement& judgement : judgements) {
    judgement.verdict = kKinds[rng.below(6)];
    judgement.loses_money = rng.uniform() < 0.5;
  }
  return judgements;
}

// What one ad was given, against what its verdict allows.
void expect_fair(Action action, const Shift& shift, double step, std::int64_t min_budget) {
  const std::int64_t change = shift.to - shift.from;
  switch (action) {
    case Action::kill: EXPECT_EQ(shift.to, 0); return;
    case Action::revive:
    case Action::keep:
    case Action::wait: EXPECT_EQ(change, 0); return;
    case Action::decrease_budget:
      EXPECT_GE(shift.to, min_budget);
      EXPECT_LT(change, 0);
      break;
    case Action::promote: EXPECT_GE(change, 0); break;
    case Action::increase_budget: EXPECT_GT(change, 0); break;
  }
  EXPECT_LE(std::abs(static_cast<double>(change)), step * static_cast<double>(shift.from));
}

struct Account {
  std::vector<Judgement> judgements;
  std::vector<Shift> shifts;
  BudgetLimits limits;
};

Account some_account(Rng& rng) {
  Account account;
  const std::size_t n = 1 + rng.below(60);
  account.judgements = some_judgements(rng, n);
  account.shifts.resize(n);
  for (Shift& shift : account.shifts) shift.from = static_cast<std::int64_t>(rng.below(500'000));
  account.limits.step_up = account.limits.step_down = rng.uniform() / 2;
  account.limits.min_budget = static_cast<std::int64_t>(rng.below(2000));
  return account;
}

std::int64_t sum_of(const std::vector<Shift>& shifts, std::int64_t Shift::*side) {
  std::int64_t sum = 0;
  for (const Shift& shift : shifts) sum += shift.*side;
  return sum;
}

TEST(SettleBudget, GivesEachOnlyWhatItsVerdictAllowsWhateverTheBeliefs) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    Account account = some_account(rng);
    settle_budget(account.judgements, account.shifts, account.limits);
    for (std::size_t i = 0; i < account.shifts.size(); ++i) {
      expect_fair(account.judgements[i].verdict.action, account.shifts[i], account.limits.step_up,
                  account.limits.min_budget);
    }
  }
}

TEST(SettleBudget, NeverSpendsMoreThanTheTotalOrThanItDidWhateverTheBeliefs) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    Account account = some_account(rng);
    const std::int64_t before = sum_of(account.shifts, &Shift::from);
    account.limits.total =
        static_cast<std::int64_t>(static_cast<double>(before) * rng.uniform() * 2);
    settle_budget(account.judgements, account.shifts, account.limits);
    EXPECT_LE(sum_of(account.shifts, &Shift::to), std::max(before, *account.limits.total));
  }
}

// Only promotions ask for new money, and only where no total is set.
TEST(SettleBudget, IncreasesTakeWhatOthersGave) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    Account account = some_account(rng);
    for (Judgement& judgement : account.judgements) {
      if (judgement.verdict.action == Action::promote) judgement.verdict.action = Action::keep;
    }
    settle_budget(account.judgements, account.shifts, account.limits);
    EXPECT_LE(sum_of(account.shifts, &Shift::to), sum_of(account.shifts, &Shift::from));
  }
}

// A loser gives its step though nobody takes it; one that merely earns less gives nothing then.
TEST(SettleBudget, SavesWhatALoserSpendsThoughNobodyTakesIt) {
  for (const bool loses : {true, false}) {
    std::vector<Judgement> judgements(1);
    judgements[0].verdict = {Action::decrease_budget, Reason::declining};
    judgements[0].loses_money = loses;
    std::vector<Shift> shifts{{.from = 10'000}};
    settle_budget(judgements, shifts, {.step_down = 0.5, .min_budget = 1000});
    EXPECT_EQ(shifts[0].to, loses ? 5000 : 10'000);
  }
}

Judgement winner(double wealth) {
  Judgement judgement;
  judgement.verdict = {Action::promote, Reason::winner};
  judgement.unpromoted = {Action::keep, Reason::maintaining};
  judgement.promote_wealth = wealth;
  judgement.compared = true;
  return judgement;
}

// m = 4 tests, confidence 0.95: the first must reach 80, the second 40, the third 26.7.
TEST(SettlePromotions, AsksMoreOfOneAmongManyThanOfManyTogether) {
  std::vector<Judgement> one{winner(79), winner(1), winner(1), winner(1)};
  settle_promotions(one, 0.95);
  EXPECT_EQ(one[0].verdict.action, Action::keep);

  std::vector<Judgement> two{winner(79), winner(41), winner(1), winner(1)};
  EXPECT_NEAR(settle_promotions(two, 0.95), 40, 1e-9);
  EXPECT_EQ(two[0].verdict.action, Action::promote);
  EXPECT_EQ(two[1].verdict.action, Action::promote);
  EXPECT_EQ(two[2].verdict.action, Action::keep);
}

}  // namespace
}  // namespace rf::decide
