#include "api/rules.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "api/judged.h"
#include "api/settings_file.h"
#include "decide/rules/ask.h"
#include "decide/rules/backtest.h"
#include "loop/past.h"
#include "loop/rules.h"

namespace rf::api {
namespace {

// Acts shown one by one; the sums hold all.
constexpr std::size_t kSampleMax = 20;

Result<std::vector<decide::Rule>> rules_in(const std::string& path) {
  Json json = RF_TRY(read_settings(path));
  return decide::read_rules(json, path);
}

std::string_view word_of(decide::Hindsight hindsight) {
  switch (hindsight) {
    case decide::Hindsight::right: return "right";
    case decide::Hindsight::regret: return "regret";
    case decide::Hindsight::undecided: return "undecided";
  }
  return "?";
}

std::vector<FiringView> sample_of(const decide::Backtest& result, const loop::PastSight& past) {
  std::vector<const decide::Firing*> firings;
  firings.reserve(result.firings.size());
  for (const decide::Firing& each : result.firings) firings.push_back(&each);
  std::ranges::stable_sort(firings, [](const decide::Firing* a, const decide::Firing* b) {
    const bool regret_a = a->hindsight == decide::Hindsight::regret;
    const bool regret_b = b->hindsight == decide::Hindsight::regret;
    if (regret_a != regret_b) return regret_a;
    return std::abs(a->freed) > std::abs(b->freed);
  });
  firings.resize(std::min(firings.size(), kSampleMax));
  std::vector<FiringView> sample;
  sample.reserve(firings.size());
  for (const decide::Firing* each : firings) {
    sample.push_back({.day = each->day,
                      .ad = past.beliefs[each->ad].entity.name(),
                      .hindsight = std::string(word_of(each->hindsight)),
                      .freed = each->freed,
                      .forgone = each->forgone,
                      .expected = each->expected});
  }
  return sample;
}

BacktestView view_of(const decide::Backtest& result, const decide::Rule& rule,
                     const Account& account, const loop::PastSight& past) {
  BacktestView view{.account = account.id.text,
                    .rule = result.rule,
                    .hash = result.hash,
                    .words = decide::in_words(rule),
                    .action = std::string(name_of(rule.action)),
                    .first = result.first,
                    .last = result.last,
                    .ads = std::ssize(past.beliefs),
                    .looks = result.looks,
                    .firings = std::ssize(result.firings),
                    .ads_hit = result.ads_hit,
                    .currency = std::string(account.currency.code()),
                    .goal = result.by_value ? "value" : "conversions",
                    .freed = result.freed,
                    .gain = result.gain,
                    .right = result.right,
                    .regrets = result.regrets,
                    .regret_share = result.regret_share,
                    .sample = sample_of(result, past)};
  if (result.looks > 0) {
    view.unknown_share = static_cast<double>(result.unknown) / static_cast<double>(result.looks);
  }
  for (const decide::Firing& each : result.firings) {
    view.forgone += each.forgone;
    view.expected += each.expected;
  }
  view.undecided = view.firings - view.right - view.regrets;
  return view;
}

void add_notice(RulesBacktestOutput& output, const Account& account, const loop::PastSight& past) {
  if (past.late_days == 0) return;
  output.notices.push_back(fmt::format(
      "{}: {} of {} ad days were first imported more than {} days after their end; what the "
      "platform said of them at the time is not known, so they count as complete the next morning, "
      "which flatters rules on conversions",
      account.id.text, past.late_days, past.days, loop::kBackfilled));
}

std::vector<loop::KeptBacktest> kept(const RulesBacktestOutput& output, Instant now) {
  std::vector<loop::KeptBacktest> all;
  for (const BacktestView& view : output.results) {
    auto found = std::ranges::find(all, view.hash, &loop::KeptBacktest::hash);
    if (found == all.end()) {
      all.push_back({.rule = view.rule, .hash = view.hash, .at = now});
      found = std::prev(all.end());
    }
    found->days = std::max<std::int64_t>(found->days, (view.last - view.first).count() + 1);
    found->firings += view.firings;
    found->regrets += view.regrets;
  }
  return all;
}

Status backtest_account(Store& store, const Account& account, const RulesBacktestInput& input,
                        const std::vector<decide::Rule>& rules, Instant now,
                        RulesBacktestOutput& output) {
  RF_TRY(store.remember(account.id));
  // Rules also look back from their first morning.
  const Day today = account.zone.day_at(now);
  const Day begin = input.days ? today - Days(*input.days) : kNoDay + Days(1);
  const Day from = std::max(kNoDay + Days(1), begin - Days(loop::reach_of(rules)));
  Result<loop::PastSight> past = loop::look_back(store, account, rules, now, from);
  if (!past && past.error().code == ErrorCode::not_found) {
    output.notices.push_back(past.error().message);
    return {};
  }
  if (!past) return std::move(past).error();
  const std::vector<decide::Backtest> results =
      decide::backtest(rules, past->past, past->target_cpa, begin);
  for (std::size_t i = 0; i < results.size(); ++i) {
    output.results.push_back(view_of(results[i], rules[i], account, *past));
  }
  add_notice(output, account, *past);
  return {};
}

void add_armed(RulesListOutput& output, const AccountId& owner, const loop::ArmedRules& armed) {
  for (const loop::ArmedRule& each : armed.rules) {
    output.armed.push_back({.account = owner.text,
                            .name = each.rule.name,
                            .hash = each.hash,
                            .words = decide::in_words(each.rule),
                            .armed_at = each.armed_at,
                            .backtested_at = each.backtested_at});
  }
}

// The owner must be known, unless it stands for all accounts.
Status check_owner(Store& store, const std::string& account) {
  if (account.empty()) return {};
  RF_TRY(accounts_asked(store, account));
  return {};
}

std::string failures_text(const RulesTestOutput& output) {
  std::string text;
  for (const RuleCaseView& each : output.cases) {
    if (each.passed) continue;
    text += fmt::format("\n  {}, '{}': expected {}, found {}: {}", each.rule, each.name,
                        each.expected, each.found, each.numbers);
  }
  return text;
}

}  // namespace

Result<RulesCheckOutput> rules_check(const RuleFileInput& input, Services&) {
  std::vector<decide::Rule> rules = RF_TRY(rules_in(input.file));
  RulesCheckOutput output;
  for (const decide::Rule& rule : rules) {
    output.rules.push_back({.name = rule.name,
                            .hash = decide::hash_of(rule),
                            .words = decide::in_words(rule),
                            .doubts = decide::doubts_of(rule, decide::Policies().settle_days)});
  }
  return output;
}

Result<RulesTestOutput> rules_test(const RuleFileInput& input, Services&) {
  std::vector<decide::Rule> rules = RF_TRY(rules_in(input.file));
  RulesTestOutput output;
  for (const decide::Rule& rule : rules) {
    for (const decide::CaseResult& each : decide::test_cases(rule)) {
      ++(each.passed() ? output.passed : output.failed);
      output.cases.push_back({.rule = each.rule,
                              .name = each.name,
                              .expected = std::string(name_of(each.expected)),
                              .found = std::string(name_of(each.found)),
                              .numbers = each.numbers,
                              .passed = each.passed()});
    }
  }
  if (output.failed > 0) {
    return fail(ErrorCode::conflict,
                fmt::format("{}: {} of {} cases fail{}", input.file, output.failed,
                            output.cases.size(), failures_text(output)));
  }
  return output;
}

Result<RulesBacktestOutput> rules_backtest(const RulesBacktestInput& input, Services& services) {
  std::vector<decide::Rule> rules = RF_TRY(rules_in(input.file));
  Store* store = RF_TRY(services.store());
  const std::optional<std::string> asked =
      input.account.empty() ? std::nullopt : std::optional(input.account);
  std::vector<Account> accounts = RF_TRY(accounts_asked(*store, asked));
  RulesBacktestOutput output;
  for (const Account& account : accounts) {
    if (services.progress().cancelled()) return fail(ErrorCode::conflict, "cancelled");
    services.progress().report("backtest", std::ssize(output.results), std::ssize(accounts));
    RF_TRY(backtest_account(*store, account, input, rules, services.clock().now(), output));
  }
  if (output.results.empty()) {
    return fail(ErrorCode::not_found,
                "the store holds no past to try rules on; import exports with days: reelforge "
                "import FILE");
  }
  RF_TRY(
      loop::keep_backtests(*store, AccountId{input.account}, kept(output, services.clock().now())));
  return output;
}

Result<RulesListOutput> rules_arm(const RulesArmInput& input, Services& services) {
  std::vector<decide::Rule> rules = RF_TRY(rules_in(input.file));
  Store* store = RF_TRY(services.store());
  RF_TRY(check_owner(*store, input.account));
  const AccountId owner{input.account};
  loop::ArmedRules armed = RF_TRY(loop::armed_by(*store, owner));
  for (decide::Rule& rule : rules) {
    const std::string hash = decide::hash_of(rule);
    std::optional<loop::KeptBacktest> tried = RF_TRY(loop::backtest_of(*store, owner, hash));
    if (!tried) {
      return fail(ErrorCode::denied,
                  fmt::format("{}: was never tried on the past as it stands; first: reelforge "
                              "rules backtest {}",
                              rule.name, input.file));
    }
    std::erase_if(armed.rules,
                  [&](const loop::ArmedRule& old) { return old.rule.name == rule.name; });
    armed.rules.push_back({.rule = std::move(rule),
                           .hash = hash,
                           .armed_at = services.clock().now(),
                           .backtested_at = tried->at});
  }
  RF_TRY(loop::put_armed(*store, owner, armed));
  return rules_list({.account = input.account}, services);
}

Result<RulesListOutput> rules_disarm(const RulesDisarmInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  RF_TRY(check_owner(*store, input.account));
  const AccountId owner{input.account};
  loop::ArmedRules armed = RF_TRY(loop::armed_by(*store, owner));
  const auto gone = std::erase_if(
      armed.rules, [&](const loop::ArmedRule& each) { return each.rule.name == input.name; });
  if (gone == 0) {
    return fail(
        ErrorCode::not_found,
        fmt::format("no rule '{}' is armed here; 'reelforge rules list' lists them", input.name));
  }
  RF_TRY(loop::put_armed(*store, owner, armed));
  return rules_list({.account = input.account}, services);
}

Result<RulesListOutput> rules_list(const RulesListInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  RF_TRY(check_owner(*store, input.account));
  RulesListOutput output;
  loop::ArmedRules own = RF_TRY(loop::armed_by(*store, AccountId{input.account}));
  add_armed(output, AccountId{input.account}, own);
  if (!input.account.empty()) return output;
  std::vector<Account> accounts = RF_TRY(store->accounts());
  for (const Account& account : accounts) {
    loop::ArmedRules armed = RF_TRY(loop::armed_by(*store, account.id));
    add_armed(output, account.id, armed);
  }
  return output;
}

}  // namespace rf::api
