// A rule made ready to be asked of many ads at once: columns of numbers in, truths out.
//
// A rule's comparisons become steps over blocks of rows that stay in the first-level cache. Unknown
// is a truth of its own, between false and true: then `all` is the least of its parts, `any` the
// greatest, and `not` turns the scale round (Kleene 1952, Introduction to Metamathematics, 64).

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "decide/rules/quantity.h"
#include "decide/rules/rule.h"

namespace rf::decide {

enum class Truth : std::uint8_t { no = 0, unknown = 1, yes = 2 };

// A quantity over one window: a column.
struct Term {
  Quantity quantity;
  std::int64_t days = 7;
  std::int64_t ago = 0;

  bool same(const Term& other) const {
    return quantity.name == other.quantity.name && days == other.days && ago == other.ago;
  }
};

// Shape: values[t] is the column of term t, NaN where it is not known; all of one length.
struct TermColumns {
  std::vector<std::vector<double>> values;
  std::vector<std::uint8_t> among;  // Rows that percentiles are taken over; empty: all.
};

class RuleProgram {
 public:
  // REQUIRES: the rule came from read_rules().
  explicit RuleProgram(const Rule& rule);

  // What the columns must hold, in order.
  const std::vector<Term>& terms() const { return terms_; }

  // Units: target_cpa in the currency unit; NaN where there is none.
  // REQUIRES: one column for each term, as long as `truths`.
  // Cost: about 1 ns for each row and comparison.
  void run(const TermColumns& columns, double target_cpa, std::span<Truth> truths) const;

 private:
  enum class Kind : std::uint8_t { compare, both, either, negate };
  struct Step {
    Kind kind = Kind::compare;
    Compare is = Compare::below;
    Against against = Against::value;
    std::size_t left = 0;
    std::size_t right = 0;  // A term, where it is compared with one.
    double number = 0;      // A value or a percentile.
    double times = 1;
  };

  std::size_t term(std::string_view metric, std::int64_t days, std::int64_t ago);
  void add_compare(const Leaf& leaf);
  void add_condition(const Condition& condition);
  void add_minimum(std::string_view metric, const std::optional<double>& least, std::int64_t days);
  std::vector<double> constants(const TermColumns& columns, double target_cpa) const;
  void run_block(const TermColumns& columns, std::span<const double> constants, std::size_t begin,
                 std::span<Truth> truths) const;

  std::vector<Term> terms_;
  std::vector<Step> steps_;
};

// The value at `percentile` (0 to 100) of those that are known, by linear interpolation; NaN where
// fewer than kPercentileMin are.
// Source: Hyndman & Fan 1996, definition 7.
double percentile_of(std::span<const double> values, std::span<const std::uint8_t> among,
                     double percentile);

// Chosen: a rank among fewer says nothing.
inline constexpr std::size_t kPercentileMin = 4;

}  // namespace rf::decide
