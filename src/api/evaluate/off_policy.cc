#include "api/evaluate/off_policy.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <span>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "api/evaluate/table.h"
#include "base/rng.h"
#include "learn/off_policy.h"

namespace rf::api {
namespace {

// Names that logs of this kind go by, ours first.
constexpr auto kActionNames = std::to_array<std::string_view>({"action", "item_id", "arm"});
constexpr auto kRewardNames = std::to_array<std::string_view>({"reward", "click", "clicked"});
constexpr auto kPropensityNames =
    std::to_array<std::string_view>({"propensity", "pscore", "propensity_score", "probability"});
// Neither context nor wanted.
constexpr auto kLeftAlone = std::to_array<std::string_view>({"position", "timestamp", "row", ""});

// Chosen: beyond it a category is more like a name than like a context.
constexpr std::size_t kLevelsMax = 50;
constexpr std::size_t kContextsMax = 200;

// Chances written with four digits may miss 1 by this much over many actions.
constexpr double kSumTolerance = 0.01;

// A policy's chances of every action take rows x actions numbers; 4 GB of them at most.
constexpr std::size_t kChancesMax = std::size_t{1} << 29;

Result<std::string> find_column(const DataTable& table, std::span<const std::string_view> names) {
  for (std::string_view name : names) {
    if (std::ranges::find(table.names(), name) != table.names().end()) return std::string(name);
  }
  return fail(ErrorCode::not_found, fmt::format("{}: no column '{}'; there are: {}", table.path(),
                                                names.front(), fmt::join(table.names(), ", ")));
}

bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

class ActionNames {
 public:
  std::uint32_t number(std::string_view name) {
    auto [place, fresh] =
        numbers_.try_emplace(std::string(name), static_cast<std::uint32_t>(numbers_.size()));
    return place->second;
  }
  std::size_t size() const { return numbers_.size(); }
  const std::map<std::string, std::uint32_t>& all() const { return numbers_; }

 private:
  std::map<std::string, std::uint32_t> numbers_;
};

struct Reading {
  learn::DecisionLog log;
  ActionNames actions;
  std::vector<std::string> context;
  std::vector<std::string> notices;
};

// One column as one or more of numbers, each of mean 0 and deviation 1.
using Columns = std::vector<std::vector<double>>;

void standardise(std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  double sum = 0;
  double squares = 0;
  for (double value : values) sum += value;
  const double center = sum / n;
  for (double value : values) squares += (value - center) * (value - center);
  const double deviation = std::sqrt(squares / n);
  for (double& value : values) value = deviation > 0 ? (value - center) / deviation : 0;
}

Columns context_columns(const DataTable& table, std::size_t column) {
  Columns found;
  std::vector<double> numbers(table.rows());
  bool numeric = true;
  for (std::size_t row = 0; row < table.rows() && numeric; ++row) {
    numeric = read_number(table.at(row, column), numbers[row]);
  }
  if (numeric) {
    found.push_back(std::move(numbers));
  } else {
    std::unordered_map<std::string_view, std::size_t> levels;
    for (std::size_t row = 0; row < table.rows() && levels.size() <= kLevelsMax; ++row) {
      levels.try_emplace(table.at(row, column), levels.size());
    }
    if (levels.size() > kLevelsMax) return found;
    found.assign(levels.size(), std::vector<double>(table.rows(), 0));
    for (std::size_t row = 0; row < table.rows(); ++row) {
      found[levels.at(table.at(row, column))][row] = 1;
    }
  }
  for (std::vector<double>& values : found) standardise(values);
  return found;
}

void read_context(const DataTable& table, std::span<const std::string> taken, Reading& reading) {
  Columns all;
  for (std::size_t column = 0; column < table.columns(); ++column) {
    const std::string& name = table.names()[column];
    if (contains(kLeftAlone, name) || std::ranges::find(taken, name) != taken.end()) continue;
    Columns more = context_columns(table, column);
    if (more.empty() || all.size() + more.size() > kContextsMax) {
      reading.notices.push_back(fmt::format(
          "column '{}' is left out of the context: more than {} different texts, or more than {} "
          "columns in all",
          name, kLevelsMax, kContextsMax));
      continue;
    }
    reading.context.push_back(name);
    std::ranges::move(more, std::back_inserter(all));
  }
  reading.log.contexts = all.size();
  reading.log.context.resize(table.rows() * all.size());
  for (std::size_t j = 0; j < all.size(); ++j) {
    for (std::size_t row = 0; row < table.rows(); ++row) {
      reading.log.context[row * all.size() + j] = all[j][row];
    }
  }
}

Result<Reading> read_log(const std::string& path) {
  DataTable table = RF_TRY(read_data_table(path, Header::first_row));
  const std::array<std::string, 3> taken{RF_TRY(find_column(table, kActionNames)),
                                         RF_TRY(find_column(table, kRewardNames)),
                                         RF_TRY(find_column(table, kPropensityNames))};
  const std::size_t action = RF_TRY(table.column(taken[0]));
  const std::vector<double> rewards = RF_TRY(table.numbers(taken[1]));
  const std::vector<double> propensities = RF_TRY(table.numbers(taken[2]));
  if (table.rows() == 0) return fail(ErrorCode::corrupt, path + ": holds no decision");
  Reading reading;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (propensities[row] <= 0 || propensities[row] > 1) {
      return fail(ErrorCode::corrupt,
                  fmt::format("{}:{}: column '{}': found {}, expected above 0 and up to 1", path,
                              table.line(row), taken[2], propensities[row]));
    }
    reading.log.rows.push_back({.action = reading.actions.number(table.at(row, action)),
                                .reward = rewards[row],
                                .propensity = propensities[row],
                                .target = 0});
  }
  read_context(table, taken, reading);
  return reading;
}

Error bad_chance(const DataTable& table, std::size_t row, double found) {
  return fail(ErrorCode::corrupt, fmt::format("{}:{}: found a probability of {}, expected 0 to 1",
                                              table.path(), table.line(row), found));
}

Status check_sum(const DataTable& table, std::string_view where, double sum) {
  if (std::abs(sum - 1) <= kSumTolerance) return {};
  return fail(ErrorCode::invalid, fmt::format("{}: the probabilities {} sum to {}, expected 1",
                                              table.path(), where, sum));
}

// One row an action: the same chances whatever the context.
Status read_by_action(const DataTable& table, Reading& reading) {
  const std::string name = RF_TRY(find_column(table, kActionNames));
  const std::size_t action = RF_TRY(table.column(name));
  const std::vector<double> chances = RF_TRY(table.numbers("probability"));
  std::vector<double> target;
  std::vector<bool> given;
  double sum = 0;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (chances[row] < 0 || chances[row] > 1) return bad_chance(table, row, chances[row]);
    const std::uint32_t number = reading.actions.number(table.at(row, action));
    target.resize(std::max(target.size(), reading.actions.size()), 0);
    given.resize(target.size(), false);
    if (given[number]) {
      return fail(ErrorCode::corrupt, fmt::format("{}:{}: action '{}' stands twice", table.path(),
                                                  table.line(row), table.at(row, action)));
    }
    given[number] = true;
    target[number] = chances[row];
    sum += chances[row];
  }
  RF_TRY(check_sum(table, "of all actions", sum));
  // What the target does not name it never does.
  target.resize(reading.actions.size(), 0);
  for (learn::LoggedDecision& row : reading.log.rows) row.target = target[row.action];
  reading.log.target = std::move(target);
  return {};
}

// One row a decision, with a column for every action.
Status read_by_columns(const DataTable& table, Reading& reading) {
  const std::size_t actions = reading.actions.size();
  if (actions > 0 && table.rows() > kChancesMax / actions) {
    return fail(ErrorCode::over_limit, fmt::format("{}: {} rows of {} actions are too many",
                                                   table.path(), table.rows(), actions));
  }
  std::vector<double>& target = reading.log.target;
  target.assign(table.rows() * actions, 0);
  std::vector<double> sums(table.rows(), 0);
  for (const auto& [name, number] : reading.actions.all()) {
    const std::vector<double> chances = RF_TRY(table.numbers("p_" + name));
    for (std::size_t row = 0; row < table.rows(); ++row) {
      if (chances[row] < 0 || chances[row] > 1) return bad_chance(table, row, chances[row]);
      target[row * actions + number] = chances[row];
      sums[row] += chances[row];
    }
  }
  for (std::size_t row = 0; row < table.rows(); ++row) {
    // Actions that were never logged may hold the rest.
    if (sums[row] > 1 + kSumTolerance) {
      RF_TRY(check_sum(table, fmt::format("in line {}", table.line(row)), sums[row]));
    }
    learn::LoggedDecision& decision = reading.log.rows[row];
    decision.target = target[row * actions + decision.action];
  }
  return {};
}

// One row a decision, the chance of the logged action alone.
Status read_logged_chances(const DataTable& table, Reading& reading) {
  const std::vector<double> chances = RF_TRY(table.numbers("probability"));
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (chances[row] < 0 || chances[row] > 1) return bad_chance(table, row, chances[row]);
    reading.log.rows[row].target = chances[row];
  }
  reading.notices.emplace_back(
      "the target's chances of actions that were not taken are unknown: no DM or DR");
  return {};
}

Status read_target(const std::string& path, Reading& reading) {
  const DataTable table = RF_TRY(read_data_table(path, Header::first_row));
  const bool by_columns = std::ranges::any_of(
      table.names(), [](const std::string& name) { return name.starts_with("p_"); });
  const bool by_action = !by_columns && find_column(table, kActionNames).has_value();
  if (!by_action && table.rows() != reading.log.rows.size()) {
    return fail(ErrorCode::invalid,
                fmt::format("{}: found {} rows without an action, expected one for each of the {} "
                            "logged decisions",
                            path, table.rows(), reading.log.rows.size()));
  }
  if (by_columns) return read_by_columns(table, reading);
  const bool per_row =
      table.rows() == reading.log.rows.size() && table.rows() > reading.actions.size();
  if (by_action && !per_row) return read_by_action(table, reading);
  return read_logged_chances(table, reading);
}

}  // namespace

Result<EvaluateOffPolicyOutput> evaluate_off_policy(const EvaluateOffPolicyInput& input,
                                                    Services&) {
  Reading reading = RF_TRY(read_log(input.log));
  RF_TRY(read_target(input.target, reading));
  reading.log.actions = reading.actions.size();
  Rng rng(static_cast<std::uint64_t>(input.seed));
  const learn::OffPolicyReport report = learn::off_policy_values(reading.log, rng);
  EvaluateOffPolicyOutput output{.ess = report.effective_size,
                                 .mean_weight = report.mean_weight,
                                 .refused = report.refused,
                                 .reason = report.reason,
                                 .rows = static_cast<std::int64_t>(reading.log.rows.size()),
                                 .actions = static_cast<std::int64_t>(reading.log.actions),
                                 .context = std::move(reading.context),
                                 .notices = std::move(reading.notices)};
  for (const learn::LoggedDecision& row : reading.log.rows) output.logged_value += row.reward;
  output.logged_value /= static_cast<double>(reading.log.rows.size());
  for (const learn::PolicyValue& value : report.estimators) {
    PolicyValueView view{.name = std::string(value.name), .value = value.value};
    if (value.value) {
      view.low = value.interval.low;
      view.high = value.interval.high;
    }
    output.estimators.push_back(std::move(view));
  }
  return output;
}

}  // namespace rf::api
