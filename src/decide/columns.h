// A million ads at once: the same judgement over columns instead of objects.
//
// Two speeds. apply_rules() is the notes' plain thresholds as a table that is interpreted row by
// row over blocks that stay in the first-level cache: what a dashboard filter or a backtest wants,
// and wrong as often as plain thresholds are. judge_columns() is judge() without the words.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "decide/budget.h"
#include "decide/policies.h"
#include "decide/verdict.h"

namespace rf::decide {

enum class Column : std::uint8_t {
  impressions,
  clicks,
  spend,
  settled_clicks,
  settled_spend,
  settled_conversions,
  settled_value,
  arrived_conversions,
  arrived_value,
  spend_per_day,
  age_days,
  recent_impressions,
  recent_clicks,
  recent_hooks,
  before_impressions,
  before_clicks,
  before_hooks,
  matched_events,
  matched_expected,
  matched_control,
};

inline constexpr std::size_t kColumnCount = 20;

// Shape: kColumnCount columns of the same length, in the order of the enumeration; NaN where a
// number was not reported. `group` is an index into the groups given beside.
struct AdColumns {
  std::array<std::vector<double>, kColumnCount> columns;
  std::vector<std::uint32_t> group;

  std::size_t size() const { return group.size(); }
  std::span<const double> of(Column column) const {
    return columns[static_cast<std::size_t>(column)];
  }
  void add(const Case& ad, std::uint32_t its_group);
  Case at(std::size_t row) const;
};

// One plain rule: where `gate` is at least `gate_min`, compare left with right times factor.
struct PlainRule {
  enum class Test : std::uint8_t {
    below,         // left <  factor * right
    at_least,      // left >= factor * right
    beyond_noise,  // left >= (1 + lift) * expected, and beyond it by z deviations of a count,
                   // where expected = factor * right
  };
  Column gate = Column::impressions;
  double gate_min = 0;
  Test test = Test::below;
  Column left = Column::clicks;
  Column right = Column::impressions;
  double factor = 0;
  double lift = 0;
  double z = 0;
  Verdict verdict;
};

// The notes' rules for one group in a table, the one that decides last first. Thresholds only.
std::vector<PlainRule> plain_rules(const Group& group, const Limits& limits);

// The verdict of the last rule of the table that holds, for every ad; keep/maintaining for none.
// REQUIRES: verdicts is as long as the columns.
void apply_rules(std::span<const PlainRule> rules, const AdColumns& ads,
                 std::span<Verdict> verdicts);

struct ColumnVerdicts {
  std::vector<Verdict> verdicts;
  std::vector<Shift> shifts;
};

// The verdicts and budgets that judge() would give.
// REQUIRES: every group index is within `groups`; step and min_budget as settle_budget's.
// Units: amounts of the columns are in the currency unit; a minor unit is 10^-minor_digits of it.
ColumnVerdicts judge_columns(const AdColumns& ads, std::span<const Group> groups,
                             const Policies& policies, const Account& account,
                             bool tracking_broken);

}  // namespace rf::decide
