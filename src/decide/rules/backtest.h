// A rule on the past, as it was known then: how often it would have acted, what that would have
// saved, and how often it would have been sorry.
//
// Every morning the rule sees only the numbers that had been reported by then. Afterwards its acts
// are judged by the last numbers: what the ad went on to bring, beside what the rest of the account
// brought for the same money on the same days (learn/matched.h says why that is fair). The past was
// not changed by the rule, so what others would have done with the money is an estimate.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "decide/rules/ask.h"
#include "decide/rules/rule.h"
#include "decide/rules/series.h"
#include "model/calendar.h"
#include "model/entity.h"
#include "model/estimate.h"

namespace rf::decide {

// Every version of every day of an account's ads, thinned out to the metrics that rules need.
class Past {
 public:
  // Keeps what these rules, and the judgement of their acts, need.
  Past(std::span<const Rule> rules, std::vector<Entity> ads);

  // What was known of the ad's day from the morning after `known` on.
  // REQUIRES: ad < ads().size().
  void add(std::size_t ad, Day day, Day known, const Counts& counts);

  const std::vector<Entity>& ads() const { return ads_; }
  const MetricSlots& slots() const { return slots_; }
  bool empty() const { return versions_.empty(); }
  Day first_day() const { return first_; }
  Day last_day() const { return last_; }

  struct Version {
    std::size_t ad = 0;
    Day day;
    Day known;
    std::size_t cells = 0;  // Where its cells begin.
  };
  // In order of what was known when.
  std::vector<Version> in_order() const;
  std::span<const double> cells(const Version& version) const {
    return std::span(cells_).subspan(version.cells, slots_.size());
  }

 private:
  std::vector<Entity> ads_;
  MetricSlots slots_;
  std::vector<Version> versions_;
  std::vector<double> cells_;
  Day first_ = kNoDay;
  Day last_ = kNoDay;
};

enum class Hindsight : std::uint8_t {
  right,      // The ad went on to earn less than the rest, beyond doubt (or more, where raised).
  regret,     // It was a later winner: it went on to earn more.
  undecided,  // Too little happened since.
};

struct Firing {
  std::size_t ad = 0;
  Day day;  // The morning on which the rule would have acted.
  Hindsight hindsight = Hindsight::undecided;
  double freed = 0;     // Spend that it would have saved; below zero where it would have added.
  double forgone = 0;   // What that money brought.
  double expected = 0;  // What the rest would have brought for it.
};

struct Backtest {
  std::string rule;
  std::string hash;
  Day first;
  Day last;
  std::int64_t looks = 0;    // Ads asked, over all days.
  std::int64_t unknown = 0;  // Of them, could not be told.
  std::vector<Firing> firings;
  std::int64_t ads_hit = 0;
  bool by_value = false;  // forgone and expected are order value, else conversions.
  double freed = 0;
  std::optional<Estimate> gain;  // Sum of expected - forgone, with 95 % over ads.
  std::int64_t right = 0;
  std::int64_t regrets = 0;
  std::optional<Estimate> regret_share;  // Of those that could be decided.
};

// One result for each rule; rules do not see each other's acts. An ad that a rule paused is not
// asked again by it. Mornings from the second day to the one after the last.
// Units: target_cpa in the currency unit; NaN where there is none.
// Cost: versions, plus days x ads x the lengths of the windows; 1,000 ads x 365 days in half a
// second.
std::vector<Backtest> backtest(std::span<const Rule> rules, const Past& past, double target_cpa,
                               Day from);

}  // namespace rf::decide
