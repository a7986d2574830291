#include "decide/rules/program.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/check.h"

namespace rf::decide {
namespace {

// Truths of so many rows for every depth fit the first-level cache beside the columns read.
constexpr std::size_t kBlock = 1024;

// A condition is nested at most 8 deep, and the minimum adds one level around it.
constexpr std::size_t kStackMax = 12;

using Block = std::array<std::uint8_t, kBlock>;

template <typename Test>
void compare_constant(const double* left, double right, std::size_t rows, std::uint8_t* out,
                      Test test) {
  if (std::isnan(right)) {
    std::fill_n(out, rows, std::uint8_t{1});
    return;
  }
  for (std::size_t i = 0; i < rows; ++i) {
    const bool known = left[i] == left[i];
    out[i] = static_cast<std::uint8_t>(known ? 2 * static_cast<int>(test(left[i], right)) : 1);
  }
}

template <typename Test>
void compare_column(const double* left, const double* right, double times, std::size_t rows,
                    std::uint8_t* out, Test test) {
  for (std::size_t i = 0; i < rows; ++i) {
    const double scaled = times * right[i];
    const bool known = left[i] == left[i] && scaled == scaled;
    out[i] = static_cast<std::uint8_t>(known ? 2 * static_cast<int>(test(left[i], scaled)) : 1);
  }
}

// One loop for each comparison, so that the loop itself does not ask which.
template <typename Loop>
void with_test(Compare is, Loop loop) {
  switch (is) {
    case Compare::below: return loop([](double a, double b) { return a < b; });
    case Compare::at_most: return loop([](double a, double b) { return a <= b; });
    case Compare::above: return loop([](double a, double b) { return a > b; });
    case Compare::at_least: return loop([](double a, double b) { return a >= b; });
  }
}

// `number` is the right side where there is no column for it, else what multiplies that.
void compare(Compare is, const double* left, const double* right, double number,
             std::span<std::uint8_t> out) {
  with_test(is, [&](auto test) {
    if (right != nullptr) return compare_column(left, right, number, out.size(), out.data(), test);
    compare_constant(left, number, out.size(), out.data(), test);
  });
}

void negate(std::span<std::uint8_t> truths) {
  for (std::uint8_t& truth : truths) truth = static_cast<std::uint8_t>(2 - truth);
}

void join(std::span<std::uint8_t> under, std::span<const std::uint8_t> top, bool both) {
  for (std::size_t row = 0; row < under.size(); ++row) {
    under[row] = both ? std::min(under[row], top[row]) : std::max(under[row], top[row]);
  }
}

}  // namespace

double percentile_of(std::span<const double> values, std::span<const std::uint8_t> among,
                     double percentile) {
  std::vector<double> known;
  known.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i]) || (!among.empty() && among[i] == 0)) continue;
    known.push_back(values[i]);
  }
  if (known.size() < kPercentileMin) return std::numeric_limits<double>::quiet_NaN();
  const double at = percentile / 100 * static_cast<double>(known.size() - 1);
  const auto low = static_cast<std::ptrdiff_t>(at);
  std::ranges::nth_element(known, known.begin() + low);
  const double below = known[static_cast<std::size_t>(low)];
  const double part = at - static_cast<double>(low);
  if (part <= 0) return below;
  const double above = *std::min_element(known.begin() + low + 1, known.end());
  // An infinite CPA has no half.
  return std::isinf(above) ? above : below + part * (above - below);
}

RuleProgram::RuleProgram(const Rule& rule) {
  add_condition(rule.when);
  std::int64_t longest = 1;
  for (const Leaf* leaf : leaves_of(rule.when)) longest = std::max(longest, leaf->days);
  add_minimum("spend", rule.minimum.spend, longest);
  add_minimum("impressions", rule.minimum.impressions, longest);
  add_minimum("link_clicks", rule.minimum.clicks, longest);
  add_minimum("conversions", rule.minimum.conversions, longest);
  add_minimum("age_days", rule.minimum.age_days, longest);
}

std::size_t RuleProgram::term(std::string_view metric, std::int64_t days, std::int64_t ago) {
  const std::optional<Quantity> quantity = find_quantity(metric);
  RF_CHECK(quantity.has_value());
  const Term wanted{*quantity, quantity->is_age ? 1 : days, quantity->is_age ? 0 : ago};
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    if (terms_[i].same(wanted)) return i;
  }
  terms_.push_back(wanted);
  return terms_.size() - 1;
}

void RuleProgram::add_compare(const Leaf& leaf) {
  Step step;
  step.is = leaf.is;
  step.against = leaf.against();
  step.left = term(leaf.metric, leaf.days, leaf.ago);
  step.times = leaf.times;
  switch (step.against) {
    case Against::value: step.number = *leaf.value; break;
    case Against::percentile: step.number = *leaf.percentile; break;
    case Against::metric:
      step.right = term(*leaf.versus, leaf.versus_days.value_or(leaf.days), leaf.ago);
      break;
    case Against::before: step.right = term(leaf.metric, leaf.days, leaf.ago + leaf.days); break;
    case Against::target_cpa: break;
  }
  steps_.push_back(step);
}

void RuleProgram::add_condition(const Condition& condition) {
  if (condition.join == Join::leaf) return add_compare(condition.leaf);
  Step join;
  join.kind = condition.join == Join::any ? Kind::either : Kind::both;
  for (std::size_t i = 0; i < condition.parts.size(); ++i) {
    add_condition(condition.parts[i]);
    if (i > 0) steps_.push_back(join);
  }
  if (condition.join != Join::negation) return;
  Step negation;
  negation.kind = Kind::negate;
  steps_.push_back(negation);
}

void RuleProgram::add_minimum(std::string_view metric, const std::optional<double>& least,
                              std::int64_t days) {
  if (!least) return;
  Leaf leaf;
  leaf.metric = metric;
  leaf.days = days;
  leaf.is = Compare::at_least;
  leaf.value = *least;
  add_compare(leaf);
  Step both;
  both.kind = Kind::both;
  steps_.push_back(both);
}

std::vector<double> RuleProgram::constants(const TermColumns& columns, double target_cpa) const {
  std::vector<double> constants;
  constants.reserve(steps_.size());
  for (const Step& step : steps_) {
    double constant = step.number;
    if (step.against == Against::target_cpa) constant = target_cpa;
    if (step.kind == Kind::compare && step.against == Against::percentile) {
      constant = percentile_of(columns.values[step.left], columns.among, step.number);
    }
    constants.push_back(constant * step.times);
  }
  return constants;
}

void RuleProgram::run(const TermColumns& columns, double target_cpa,
                      std::span<Truth> truths) const {
  RF_CHECK(columns.values.size() == terms_.size());
  for (const std::vector<double>& column : columns.values) {
    RF_CHECK(column.size() == truths.size());
  }
  const std::vector<double> all_constants = constants(columns, target_cpa);
  for (std::size_t begin = 0; begin < truths.size(); begin += kBlock) {
    run_block(columns, all_constants, begin,
              truths.subspan(begin, std::min(kBlock, truths.size() - begin)));
  }
}

void RuleProgram::run_block(const TermColumns& columns, std::span<const double> constants,
                            std::size_t begin, std::span<Truth> truths) const {
  std::array<Block, kStackMax> stack{};
  std::size_t depth = 0;
  const std::size_t rows = truths.size();
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const Step& step = steps_[i];
    if (step.kind == Kind::compare) {
      RF_CHECK(depth < kStackMax);
      const double* left = columns.values[step.left].data() + begin;
      const bool by_column = step.against == Against::metric || step.against == Against::before;
      const double* right = by_column ? columns.values[step.right].data() + begin : nullptr;
      compare(step.is, left, right, by_column ? step.times : constants[i],
              std::span(stack[depth++]).first(rows));
    } else if (step.kind == Kind::negate) {
      negate(std::span(stack[depth - 1]).first(rows));
    } else {
      --depth;
      join(std::span(stack[depth - 1]).first(rows), stack[depth], step.kind == Kind::both);
    }
  }
  RF_CHECK(depth == 1);
  for (std::size_t row = 0; row < rows; ++row) truths[row] = static_cast<Truth>(stack[0][row]);
}

}  // namespace rf::decide
