#include "decide/rules/rule.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "base/sha256.h"
#include "decide/rules/quantity.h"

namespace rf::decide {
namespace {

// Chosen: far beyond what a person reads, far below what would cost time.
constexpr std::size_t kRulesMax = 200;
constexpr std::size_t kLeavesMax = 64;
constexpr std::size_t kCasesMax = 200;
constexpr std::size_t kCaseDaysMax = 730;
constexpr std::size_t kNameMax = 60;

bool is_name(std::string_view name) {
  const auto typeable = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !name.empty() && name.size() <= kNameMax && std::ranges::all_of(name, typeable);
}

Status check_metric(const std::string& name, const std::string& path) {
  if (find_quantity(name)) return {};
  std::string known;
  for (std::string_view each : quantity_names()) {
    if (!known.empty()) known += ", ";
    known += each;
  }
  return fail(ErrorCode::invalid,
              fmt::format("{}: no metric is called '{}'; expected one of {}", path, name, known));
}

Status check_leaf(const Leaf& leaf, const std::string& path) {
  RF_TRY(check_metric(leaf.metric, path + ".metric"));
  if (leaf.versus) RF_TRY(check_metric(*leaf.versus, path + ".versus"));
  const int sides = static_cast<int>(leaf.value.has_value()) +
                    static_cast<int>(leaf.versus.has_value()) + static_cast<int>(leaf.before) +
                    static_cast<int>(leaf.percentile.has_value()) +
                    static_cast<int>(leaf.target_cpa);
  if (sides != 1) {
    return fail(ErrorCode::invalid,
                fmt::format("{}: has {} right sides; expected exactly one of value, versus, "
                            "before = true, percentile, target_cpa = true",
                            path, sides));
  }
  if (leaf.versus_days && !leaf.versus) {
    return fail(ErrorCode::invalid, path + ".versus_days: stands without versus");
  }
  return {};
}

Status check_condition(const Condition& condition, const std::string& path) {
  if (condition.join == Join::leaf) return check_leaf(condition.leaf, path);
  for (std::size_t i = 0; i < condition.parts.size(); ++i) {
    RF_TRY(check_condition(condition.parts[i], described::at_index(path, i)));
  }
  return {};
}

using CaseDays = std::map<std::string, std::vector<double>>;

Status check_days(const CaseDays& days, const std::string& path) {
  for (const auto& [name, numbers] : days) {
    const std::string where = fmt::format("{}.{}", path, name);
    const std::optional<Metric> metric = find_metric(name);
    if (!metric || !info_of(*metric).additive) {
      return fail(ErrorCode::invalid,
                  where + ": is not a count; days hold counts, from which rates are derived");
    }
    if (numbers.size() > kCaseDaysMax) {
      return fail(ErrorCode::invalid, fmt::format("{}: has {} days; at most {} are read", where,
                                                  numbers.size(), kCaseDaysMax));
    }
    for (double number : numbers) {
      if (std::abs(number) <= 1e12) continue;
      return fail(ErrorCode::invalid, where + ": holds a number that no platform reports");
    }
  }
  return {};
}

Status check_cases(const Rule& rule, const std::string& path) {
  if (rule.cases.size() > kCasesMax) {
    return fail(ErrorCode::invalid, fmt::format("{}.cases: has {} cases; at most {} are read", path,
                                                rule.cases.size(), kCasesMax));
  }
  for (std::size_t i = 0; i < rule.cases.size(); ++i) {
    const std::string where = described::at_index(path + ".cases", i);
    RF_TRY(check_days(rule.cases[i].days, where + ".days"));
    for (const CaseDays& other : rule.cases[i].others) {
      RF_TRY(check_days(other, where + ".others"));
    }
  }
  return {};
}

Status check_rule(const Rule& rule, const std::string& path) {
  if (!is_name(rule.name)) {
    return fail(ErrorCode::invalid,
                fmt::format("{}.name: found '{}'; expected up to {} lower-case letters, digits, "
                            "dashes or underscores",
                            path, rule.name, kNameMax));
  }
  const std::size_t leaves = leaves_of(rule.when).size();
  if (leaves > kLeavesMax) {
    return fail(ErrorCode::invalid, fmt::format("{}.when: has {} comparisons; at most {} are read",
                                                path, leaves, kLeavesMax));
  }
  RF_TRY(check_condition(rule.when, path + ".when"));
  return check_cases(rule, path);
}

void add_leaves(const Condition& condition, std::vector<const Leaf*>& leaves) {
  if (condition.join == Join::leaf) leaves.push_back(&condition.leaf);
  for (const Condition& part : condition.parts) add_leaves(part, leaves);
}

bool on_conversions(const std::string& metric) {
  const std::optional<Quantity> quantity = find_quantity(metric);
  return quantity && quantity->on_conversions;
}

}  // namespace

Against Leaf::against() const {
  if (versus) return Against::metric;
  if (before) return Against::before;
  if (percentile) return Against::percentile;
  return target_cpa ? Against::target_cpa : Against::value;
}

Result<std::vector<Rule>> read_rules(const Json& json, std::string_view path) {
  const JsonObject* object = json.if_object();
  RuleFile file;
  if (object != nullptr && object->contains("when")) {
    file.rules.push_back(RF_TRY(from_json<Rule>(json, path)));
  } else {
    file = RF_TRY(from_json<RuleFile>(json, path));
  }
  const std::string list = described::at_field(path, "rules");
  if (file.rules.empty() || file.rules.size() > kRulesMax) {
    return fail(ErrorCode::invalid, fmt::format("{}: found {} rules; expected 1 to {}", list,
                                                file.rules.size(), kRulesMax));
  }
  std::set<std::string> names;
  for (std::size_t i = 0; i < file.rules.size(); ++i) {
    const std::string where = described::at_index(list, i);
    RF_TRY(check_rule(file.rules[i], where));
    if (!names.insert(file.rules[i].name).second) {
      return fail(ErrorCode::invalid, fmt::format("{}.name: '{}' is the name of an earlier rule",
                                                  where, file.rules[i].name));
    }
  }
  return std::move(file.rules);
}

std::string hash_of(const Rule& rule) {
  Rule bare = rule;
  bare.about.clear();
  bare.cases.clear();
  return sha256_hex(to_text(to_json(bare)));
}

std::int64_t reach_of(const Rule& rule) {
  std::int64_t reach = 1;
  for (const Leaf* leaf : leaves_of(rule.when)) {
    const std::int64_t own = leaf->ago + leaf->days * (leaf->before ? 2 : 1);
    reach = std::max({reach, own, leaf->ago + leaf->versus_days.value_or(leaf->days)});
  }
  return reach;
}

std::vector<std::string> doubts_of(const Rule& rule, std::int64_t settle_days) {
  std::vector<std::string> doubts;
  for (const Leaf* leaf : leaves_of(rule.when)) {
    if (on_conversions(leaf->metric) && leaf->ago < settle_days) {
      doubts.push_back(fmt::format(
          "{}: '{}' looks at days whose conversions are still arriving; with ago = {} it would not",
          rule.name, in_words(Condition{Join::leaf, *leaf, {}}), settle_days));
    }
    if (leaf->percentile && rule.level == RuleLevel::account) {
      doubts.push_back(rule.name + ": an account has no percentile among itself");
    }
  }
  if (rule.cases.empty()) doubts.push_back(rule.name + ": has no cases for `rules test` to check");
  return doubts;
}

std::vector<const Leaf*> leaves_of(const Condition& condition) {
  std::vector<const Leaf*> leaves;
  add_leaves(condition, leaves);
  return leaves;
}

}  // namespace rf::decide

namespace rf {
namespace {

using decide::Condition;
using decide::Join;

// Deeper nesting than a person can read is refused; it also bounds the stack of reading.
constexpr int kDepthMax = 8;
constexpr std::size_t kPartsMax = 64;

Result<Condition> read_condition(const Json& json, const std::string& path, int depth);

Result<Condition> read_parts(const Json& json, const std::string& path, Join join, int depth) {
  const JsonArray* array = json.if_array();
  if (array == nullptr) return described::wrong_kind(json, path, "an array of conditions");
  if (array->empty() || array->size() > kPartsMax) {
    return fail(ErrorCode::invalid, fmt::format("{}: found {} conditions; expected 1 to {}", path,
                                                array->size(), kPartsMax));
  }
  Condition condition;
  condition.join = join;
  condition.parts.reserve(array->size());
  for (std::size_t i = 0; i < array->size(); ++i) {
    Condition part = RF_TRY(read_condition((*array)[i], described::at_index(path, i), depth + 1));
    condition.parts.push_back(std::move(part));
  }
  return condition;
}

Result<Condition> read_condition(const Json& json, const std::string& path, int depth) {
  const JsonObject* object = json.if_object();
  if (object == nullptr) return described::wrong_kind(json, path, "a condition");
  if (depth > kDepthMax) {
    return fail(ErrorCode::invalid, fmt::format("{}: is nested deeper than {}", path, kDepthMax));
  }
  for (const auto& [name, join] : {std::pair{"all", Join::all}, std::pair{"any", Join::any},
                                   std::pair{"not", Join::negation}}) {
    const Json* found = object->if_contains(name);
    if (found == nullptr) continue;
    const std::string where = described::at_field(path, name);
    if (object->size() != 1) {
      return fail(ErrorCode::invalid, where + ": must stand alone; put the rest into all");
    }
    if (join != Join::negation) return read_parts(*found, where, join, depth);
    Condition inner = RF_TRY(read_condition(*found, where, depth + 1));
    Condition negation;
    negation.join = Join::negation;
    negation.parts.push_back(std::move(inner));
    return negation;
  }
  Condition leaf;
  leaf.leaf = RF_TRY(from_json<decide::Leaf>(json, path));
  return leaf;
}

}  // namespace

Json JsonCodec<Condition>::write(const Condition& condition) {
  if (condition.join == Join::leaf) return to_json(condition.leaf);
  if (condition.join == Join::negation) return JsonObject{{"not", write(condition.parts.front())}};
  JsonArray parts;
  parts.reserve(condition.parts.size());
  for (const Condition& part : condition.parts) parts.push_back(write(part));
  return JsonObject{{condition.join == Join::all ? "all" : "any", std::move(parts)}};
}

Result<Condition> JsonCodec<Condition>::read(const Json& json, std::string_view path) {
  return read_condition(json, std::string(path), 1);
}

JsonObject JsonCodec<Condition>::schema() {
  return {{"type", "object"},
          {"description",
           "{\"all\": [conditions]}, {\"any\": [conditions]}, {\"not\": condition}, or a "
           "comparison"},
          {"examples", JsonArray{to_json(Condition{})}}};
}

}  // namespace rf
