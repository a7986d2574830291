// Rules put to an account: which of its ads each would act on, and the numbers it says so by.

#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "decide/rules/program.h"
#include "decide/rules/rule.h"
#include "decide/rules/series.h"
#include "learn/beliefs.h"
#include "model/belief.h"
#include "model/entity.h"

namespace rf::decide {

// Which ads are summed for a level: group[i] is the row of ad i in the sums.
struct Grouping {
  std::vector<std::size_t> group;
  std::size_t count = 0;
};

// Entities without the names or ids of the level stand alone.
Grouping group_by(std::span<const Entity> ads, RuleLevel level);

// The rows of one group added up, cell by cell.
Series summed(const Series& ads, const Grouping& grouping);

// An account's ads, and their sums for a rule's level; for ads themselves both are one.
struct Ground {
  const Series* ads = nullptr;
  const Series* sums = nullptr;
  const Grouping* grouping = nullptr;
};

// What each ad's rule says on the morning of `today`, the schedule left aside. A rule that revives
// asks only ads that do not run, every other only ads that do; the rest get Truth::no.
std::vector<Truth> ask(const Rule& rule, const RuleProgram& program, const Ground& ground,
                       Day today, double target_cpa);

bool looks_on(const Rule& rule, Day today);

// "ROAS over the last 7 days is 0.62 (below 1); …": every comparison with the ad's own number.
std::string numbers_of(const Rule& rule, const Series& sums, std::size_t row, Day today);

// A rule that wants to act on an ad.
struct RuleFinding {
  std::string entity;  // The store's key.
  std::string rule;
  RuleAction action = RuleAction::notify;
  double percent = 0;
  bool on_conversions = false;  // Some comparison rests on them.
  std::string text;             // The rule and the numbers, in words.
};

// The findings of every rule that looks on `today`, in order of rules and then of ads. Of each ad
// the numbers are those of the setting that it is judged by.
// Units: target_cpa in the currency unit; NaN where there is none.
// Cost: the days of the rules' windows.
std::vector<RuleFinding> findings(std::span<const Rule> rules, const learn::History& history,
                                  std::span<const Belief> beliefs, Day today, double target_cpa);

struct CaseResult {
  std::string rule;
  std::string name;
  Expect expected = Expect::acts;
  Expect found = Expect::acts;
  std::string numbers;

  bool passed() const { return expected == found; }
};

// Asks the rule about each of its own cases.
std::vector<CaseResult> test_cases(const Rule& rule);

}  // namespace rf::decide
