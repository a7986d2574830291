// Users' own rules: read, tried on their own examples, tried on the past, and only then armed.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/operation.h"
#include "model/calendar.h"
#include "model/estimate.h"
#include "model/json_codecs.h"

namespace rf::api {

struct RuleFileInput {
  std::string file;
};

struct RuleView {
  std::string name;
  std::string hash;
  std::string words;
  std::vector<std::string> doubts;
};

struct RulesCheckOutput {
  std::vector<RuleView> rules;
};

struct RuleCaseView {
  std::string rule;
  std::string name;
  std::string expected;
  std::string found;
  std::string numbers;
  bool passed = false;
};

struct RulesTestOutput {
  std::int64_t passed = 0;
  std::int64_t failed = 0;
  std::vector<RuleCaseView> cases;
};

struct RulesBacktestInput {
  std::string file;
  std::optional<std::int64_t> days;
  std::string account;
};

struct FiringView {
  Day day;
  std::string ad;
  std::string hindsight;
  double freed = 0;
  double forgone = 0;
  double expected = 0;
};

struct BacktestView {
  std::string account;
  std::string rule;
  std::string hash;
  std::string words;
  std::string action;
  Day first;
  Day last;
  std::int64_t ads = 0;
  std::int64_t looks = 0;
  std::optional<double> unknown_share;
  std::int64_t firings = 0;
  std::int64_t ads_hit = 0;
  std::string currency;
  std::string goal;
  double freed = 0;
  double forgone = 0;
  double expected = 0;
  std::optional<Estimate> gain;
  std::int64_t right = 0;
  std::int64_t regrets = 0;
  std::int64_t undecided = 0;
  std::optional<Estimate> regret_share;
  std::vector<FiringView> sample;
};

struct RulesBacktestOutput {
  std::vector<BacktestView> results;
  std::vector<std::string> notices;
};

struct RulesArmInput {
  std::string file;
  std::string account;
};

struct RulesDisarmInput {
  std::string name;
  std::string account;
};

struct RulesListInput {
  std::string account;
};

struct ArmedView {
  std::string account;
  std::string name;
  std::string hash;
  std::string words;
  Instant armed_at;
  Instant backtested_at;
};

struct RulesListOutput {
  std::vector<ArmedView> armed;
};

// Reads the rules of a file and says them back in words. Needs no store.
// Errors: as read_file(); invalid, with line or path.
Result<RulesCheckOutput> rules_check(const RuleFileInput& input, Services& services);

// Asks each rule about the cases of its file. Needs no store.
// Errors: as rules_check(); conflict, when a case fails, with what was found.
Result<RulesTestOutput> rules_test(const RuleFileInput& input, Services& services);

// Tries the rules on everything that is stored, as it was known then, and remembers that it did.
// Errors: as rules_check(); not_found, when the store holds no such account or no days.
Result<RulesBacktestOutput> rules_backtest(const RulesBacktestInput& input, Services& services);

// Lets the rules of a file take part in turns.
// Errors: as rules_check(); denied, when a rule was never backtested as it stands.
Result<RulesListOutput> rules_arm(const RulesArmInput& input, Services& services);

// Errors: not_found, when no rule of that name is armed.
Result<RulesListOutput> rules_disarm(const RulesDisarmInput& input, Services& services);

Result<RulesListOutput> rules_list(const RulesListInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::RuleFileInput> {
  static constexpr auto fields =
      std::tuple{field("file", &rf::api::RuleFileInput::file, "TOML or JSON with the rules",
                       {.required = true, .positional = true})};
};

template <>
struct rf::Described<rf::api::RuleView> {
  using Self = rf::api::RuleView;
  static constexpr auto fields =
      std::tuple{field("name", &Self::name, "the rule's name"),
                 field("hash", &Self::hash, "of what decides its acts"),
                 field("words", &Self::words, "the rule in plain language"),
                 field("doubts", &Self::doubts, "what is formally right and may still surprise")};
};

template <>
struct rf::Described<rf::api::RulesCheckOutput> {
  static constexpr auto fields =
      std::tuple{field("rules", &rf::api::RulesCheckOutput::rules, "as they were understood")};
};

template <>
struct rf::Described<rf::api::RuleCaseView> {
  using Self = rf::api::RuleCaseView;
  static constexpr auto fields =
      std::tuple{field("rule", &Self::rule, "whose case"),
                 field("name", &Self::name, "what it shows"),
                 field("expected", &Self::expected, "acts, rests or unknown"),
                 field("found", &Self::found, "the same"),
                 field("numbers", &Self::numbers, "what the comparisons saw"),
                 field("passed", &Self::passed, "whether both agree")};
};

template <>
struct rf::Described<rf::api::RulesTestOutput> {
  using Self = rf::api::RulesTestOutput;
  static constexpr auto fields =
      std::tuple{field("passed", &Self::passed, "cases"), field("failed", &Self::failed, "cases"),
                 field("cases", &Self::cases, "in the order of the file")};
};

template <>
struct rf::Described<rf::api::RulesBacktestInput> {
  using Self = rf::api::RulesBacktestInput;
  static constexpr auto fields = std::tuple{
      field("file", &Self::file, "TOML or JSON with the rules",
            {.required = true, .positional = true}),
      field("days", &Self::days, "how far back; everything if left out", {.min = 2, .max = 3650}),
      field("account", &Self::account, "of this account; of all of them if left out")};
};

template <>
struct rf::Described<rf::api::FiringView> {
  using Self = rf::api::FiringView;
  static constexpr auto fields =
      std::tuple{field("day", &Self::day, "the morning on which it would have acted"),
                 field("ad", &Self::ad, "on which ad"),
                 field("hindsight", &Self::hindsight, "right, regret or undecided"),
                 field("freed", &Self::freed, "spend saved; below zero: added"),
                 field("forgone", &Self::forgone, "what that money brought"),
                 field("expected", &Self::expected, "what the rest would have brought for it")};
};

template <>
struct rf::Described<rf::api::BacktestView> {
  using Self = rf::api::BacktestView;
  static constexpr auto fields = std::tuple{
      field("account", &Self::account, "whose past"),
      field("rule", &Self::rule, "its name"),
      field("hash", &Self::hash, "of what decides its acts"),
      field("words", &Self::words, "the rule in plain language"),
      field("action", &Self::action, "what it would have done"),
      field("first", &Self::first, "first morning it looked"),
      field("last", &Self::last, "last morning it looked"),
      field("ads", &Self::ads, "that are known"),
      field("looks", &Self::looks, "ads asked, over all mornings"),
      field("unknown_share", &Self::unknown_share, "of the looks, for lack of numbers"),
      field("firings", &Self::firings, "how often it would have acted"),
      field("ads_hit", &Self::ads_hit, "on how many ads"),
      field("currency", &Self::currency, "of the amounts"),
      field("goal", &Self::goal, "what forgone and expected count: value or conversions"),
      field("freed", &Self::freed, "spend saved; below zero: added"),
      field("forgone", &Self::forgone, "what that money brought"),
      field("expected", &Self::expected,
            "what the rest of the account would have brought for it on the same days"),
      field("gain", &Self::gain, "expected less forgone, with 95 % over ads"),
      field("right", &Self::right, "acts on ads that went on to do worse than the rest"),
      field("regrets", &Self::regrets, "acts on later winners: ads that went on to do better"),
      field("undecided", &Self::undecided, "acts of which too little is known since"),
      field("regret_share", &Self::regret_share, "of those decided, with 95 %"),
      field("sample", &Self::sample, "its acts: regrets first, then the costliest")};
};

template <>
struct rf::Described<rf::api::RulesBacktestOutput> {
  using Self = rf::api::RulesBacktestOutput;
  static constexpr auto fields =
      std::tuple{field("results", &Self::results, "for each account and rule"),
                 field("notices", &Self::notices, "what a reader should know first")};
};

template <>
struct rf::Described<rf::api::RulesArmInput> {
  using Self = rf::api::RulesArmInput;
  static constexpr auto fields =
      std::tuple{field("file", &Self::file, "TOML or JSON with the rules",
                       {.required = true, .positional = true}),
                 field("account", &Self::account, "for this account; for all of them if left out")};
};

template <>
struct rf::Described<rf::api::RulesDisarmInput> {
  using Self = rf::api::RulesDisarmInput;
  static constexpr auto fields = std::tuple{
      field("name", &Self::name, "the rule's name", {.required = true, .positional = true}),
      field("account", &Self::account, "of this account; of all of them if left out")};
};

template <>
struct rf::Described<rf::api::RulesListInput> {
  static constexpr auto fields =
      std::tuple{field("account", &rf::api::RulesListInput::account,
                       "those of this account alone; every one if left out")};
};

template <>
struct rf::Described<rf::api::ArmedView> {
  using Self = rf::api::ArmedView;
  static constexpr auto fields =
      std::tuple{field("account", &Self::account, "whose it is, empty for all"),
                 field("name", &Self::name, "the rule's name"),
                 field("hash", &Self::hash, "of what decides its acts"),
                 field("words", &Self::words, "the rule in plain language"),
                 field("armed_at", &Self::armed_at, "when"),
                 field("backtested_at", &Self::backtested_at, "when")};
};

template <>
struct rf::Described<rf::api::RulesListOutput> {
  static constexpr auto fields =
      std::tuple{field("armed", &rf::api::RulesListOutput::armed, "rules that take part in turns")};
};
