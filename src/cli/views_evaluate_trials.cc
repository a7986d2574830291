#include <optional>

#include <fmt/format.h>

#include "api/evaluate/bandit.h"
#include "api/evaluate/drift.h"
#include "api/evaluate/off_policy.h"
#include "api/evaluate/sequential.h"
#include "cli/view.h"
#include "cli/views.h"

namespace rf::cli {
namespace {

constexpr std::string_view kOurs = "reelforge";

Cell name_cell(const std::string& name) {
  return {name, name == kOurs ? Tone::strong : Tone::plain};
}

std::string number(const std::optional<double>& value) {
  return value ? fmt::format("{:.5f}", *value) : "–";
}

}  // namespace

std::string show_bandit(const Json& output, const Style& style) {
  auto view = read_output<api::EvaluateBanditOutput>(output);
  std::vector<std::vector<Cell>> rows;
  for (const api::BanditPolicyScore& score : view.policies) {
    rows.push_back({name_cell(score.name),
                    {fmt::format("{:.3f} ± {:.3f}", score.capture, score.capture_se)},
                    {fmt::format("{:.3f}", score.p_best)},
                    {fmt::format("{:.5f}", score.simple_regret)},
                    {score.what, Tone::dim}});
  }
  return fmt::format("{} tests, {} left out; prior: {}\n", grouped(view.tests),
                     grouped(view.left_out), printable(view.prior)) +
         table({{.title = "policy"},
                {.title = "capture", .right = true},
                {.title = "P(best)", .right = true},
                {.title = "regret", .right = true},
                {.title = "", .flexible = true}},
               rows, style) +
         "capture: the share of what the best arm would have gained over an even split\n";
}

std::string show_sequential(const Json& output, const Style& style) {
  auto view = read_output<api::EvaluateSequentialOutput>(output);
  std::vector<std::vector<Cell>> rows;
  for (const api::StoppingRuleScore& rule : view.rules) {
    rows.push_back({name_cell(rule.name),
                    {fmt::format("{:.4f} ± {:.4f}", rule.reject, rule.reject_se)},
                    {fmt::format("{:.0f}", rule.mean_n_to_stop)}});
  }
  return fmt::format("{} comparisons, {} runs; {}\n", grouped(view.comparisons), grouped(view.runs),
                     view.drawn) +
         table({{.title = "rule"},
                {.title = "declares a difference", .right = true},
                {.title = "n to stop", .right = true}},
               rows, style);
}

std::string show_off_policy(const Json& output, const Style& style) {
  auto view = read_output<api::EvaluateOffPolicyOutput>(output);
  std::string text = fmt::format(
      "{} decisions, {} actions; logged policy {:.5f}; effective rows {:.0f}, mean weight {:.3f}\n",
      grouped(view.rows), grouped(view.actions), view.logged_value, view.ess, view.mean_weight);
  if (view.refused) {
    return text + show_notices({fmt::format("no answer: {}", view.reason)}, style);
  }
  std::vector<std::vector<Cell>> rows;
  for (const api::PolicyValueView& value : view.estimators) {
    rows.push_back(
        {{value.name}, {number(value.value)}, {number(value.low)}, {number(value.high)}});
  }
  return text +
         table({{.title = "estimator"},
                {.title = "value", .right = true},
                {.title = "low", .right = true},
                {.title = "high", .right = true}},
               rows, style) +
         show_notices(view.notices, style);
}

std::string show_drift(const Json& output, const Style& style) {
  auto view = read_output<api::EvaluateDriftOutput>(output);
  std::string text = view.alarm_at
                         ? fmt::format("{} after {} of {} rows: predictions are {}\n",
                                       paint("alarm", Tone::bad, style), grouped(*view.alarm_at),
                                       grouped(view.rows), view.direction)
                         : fmt::format("no alarm in {} rows\n", grouped(view.rows));
  return text + fmt::format("observed {:.0f}, expected {:.1f}; PSI {:.3f}\n", view.observed,
                            view.expected, view.psi);
}

}  // namespace rf::cli
