#include <cmath>

#include <fmt/format.h>

#include "api/rules.h"
#include "cli/view.h"
#include "cli/views.h"

namespace rf::cli {
namespace {

std::string interval_text(const std::optional<Estimate>& estimate, std::string_view unit) {
  if (!estimate) return "–";
  return fmt::format("{:.0f} [{:.0f} – {:.0f}]{}{}", estimate->value, estimate->low, estimate->high,
                     unit.empty() ? "" : " ", unit);
}

std::string share_text(const std::optional<Estimate>& estimate) {
  if (!estimate) return "none can be decided yet";
  return fmt::format("{:.1f} % [{:.1f} – {:.1f}] of those that can be decided",
                     100 * estimate->value, 100 * estimate->low, 100 * estimate->high);
}

std::string show_backtest(const api::BacktestView& view, const Style& style) {
  std::string text =
      fmt::format("{} on {}, mornings {} to {}, {} ads\n  {}\n",
                  paint(printable(view.rule), Tone::strong, style), printable(view.account),
                  to_iso(view.first), to_iso(view.last), grouped(view.ads), printable(view.words));
  text += fmt::format("  would have acted {} times, on {} ads", grouped(view.firings),
                      grouped(view.ads_hit));
  if (view.unknown_share && *view.unknown_share > 0) {
    text += fmt::format("; could not tell in {:.1f} % of its looks", 100 * *view.unknown_share);
  }
  text += '\n';
  if (view.firings == 0 || view.action == "notify" || view.action == "revive") return text;
  const bool saves = view.freed >= 0;
  const bool value = view.goal == "value";
  text += fmt::format(
      "  {} {:.0f} {} of spend; at the ad's own rate that {} {:.0f} {}, at the rest of the "
      "account's {:.0f}\n",
      saves ? "saved" : "added", std::abs(view.freed), view.currency,
      saves ? "brought" : "would bring", std::abs(view.forgone),
      value ? view.currency : "conversions", std::abs(view.expected));
  text +=
      fmt::format("  gain {}\n", interval_text(view.gain, value ? view.currency : "conversions"));
  text +=
      fmt::format("  right {}, regrets {}, undecided {}: regrets are {}\n", grouped(view.right),
                  grouped(view.regrets), grouped(view.undecided), share_text(view.regret_share));
  std::size_t shown = 0;
  for (const api::FiringView& each : view.sample) {
    if (each.hindsight != "regret" || ++shown > 5) continue;
    text += paint(fmt::format("    regret: {} on {}\n", printable(each.ad), to_iso(each.day)),
                  Tone::warn, style);
  }
  return text;
}

}  // namespace

std::string show_rules_check(const Json& output, const Style& style) {
  auto view = read_output<api::RulesCheckOutput>(output);
  std::string text;
  std::vector<std::string> doubts;
  for (const api::RuleView& rule : view.rules) {
    text += fmt::format("{}  {}\n", printable(rule.words),
                        paint(rule.hash.substr(0, 12), Tone::dim, style));
    doubts.insert(doubts.end(), rule.doubts.begin(), rule.doubts.end());
  }
  return text + show_notices(doubts, style);
}

std::string show_rules_test(const Json& output, const Style& style) {
  auto view = read_output<api::RulesTestOutput>(output);
  std::string text;
  for (const api::RuleCaseView& each : view.cases) {
    text += fmt::format(
        "{} {}: {}: {}\n",
        paint(each.passed ? "ok" : "FAILED", each.passed ? Tone::good : Tone::bad, style),
        printable(each.rule), printable(each.name), each.found);
  }
  return text + fmt::format("{} cases hold, {} fail\n", view.passed, view.failed);
}

std::string show_rules_backtest(const Json& output, const Style& style) {
  auto view = read_output<api::RulesBacktestOutput>(output);
  std::string text = show_notices(view.notices, style);
  for (const api::BacktestView& each : view.results) text += show_backtest(each, style);
  return text + paint(
                    "judged by the last numbers, beside the rest of the account on the same days; "
                    "intervals hold in 95 of 100 cases\n",
                    Tone::dim, style);
}

std::string show_rules_list(const Json& output, const Style& style) {
  auto view = read_output<api::RulesListOutput>(output);
  if (view.armed.empty()) return "no rule is armed\n";
  std::string text;
  for (const api::ArmedView& each : view.armed) {
    text += fmt::format(
        "{}  {}\n",
        paint(each.account.empty() ? "all accounts" : printable(each.account), Tone::strong, style),
        printable(each.words));
    text += paint(fmt::format("  armed {}, backtested {}, {}\n", to_rfc3339(each.armed_at),
                              to_rfc3339(each.backtested_at), each.hash.substr(0, 12)),
                  Tone::dim, style);
  }
  return text;
}

}  // namespace rf::cli
