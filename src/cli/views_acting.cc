#include <fmt/format.h>
#include <fmt/ranges.h>

#include "api/acting.h"
#include "api/audit.h"
#include "api/limits.h"
#include "api/verdicts.h"
#include "cli/view.h"
#include "cli/views.h"

namespace rf::cli {
namespace {

std::string money(const std::optional<Money>& amount) {
  return amount ? fmt::format("{} {}", to_decimal(*amount), amount->currency.code()) : "–";
}

std::string change_of(const Step& step) {
  if (step.before.status != step.after.status) {
    return fmt::format("{} → {}", name_of(step.before.status), name_of(step.after.status));
  }
  return fmt::format("{} → {} a day", money(step.before.daily_budget),
                     money(step.after.daily_budget));
}

Tone tone_of(act::StepOutcome outcome) {
  using enum act::StepOutcome;
  switch (outcome) {
    case done:
    case already:
    case allowed: return Tone::good;
    case waiting:
    case unknown: return Tone::warn;
    case refused:
    case is_void:
    case failed: return Tone::bad;
  }
  check_failed(__FILE__, __LINE__, "StepOutcome in range");
}

std::string show_step(const act::StepResult& result, const Style& style) {
  const Step& step = result.step;
  std::string text = fmt::format("  {}  {} {} {}: {}\n",
                                 paint(name_of(result.outcome), tone_of(result.outcome), style),
                                 fmt::join(step.items, ","), to_string(step.level),
                                 paint(printable(step.name), Tone::strong, style), change_of(step));
  if (!result.reason.empty()) {
    const std::string limit = result.limit.empty() ? "" : fmt::format("{}: ", result.limit);
    text += fmt::format("       {}{}\n", limit, printable(result.reason));
  }
  if (!result.next_step.empty()) {
    text += fmt::format("       next: {}\n", printable(result.next_step));
  }
  if (!result.approved_by.empty()) {
    text += fmt::format("       approved by {}\n",
                        printable(fmt::format("{}", fmt::join(result.approved_by, ", "))));
  }
  if (result.receipt) text += fmt::format("       receipt {}\n", *result.receipt);
  return text;
}

std::string rate_of(const api::StandingView& each) {
  if (!each.win_rate) return "no clear verdict yet";
  return fmt::format("right in {} [{}–{}], n {}", percent(each.win_rate->value, 0),
                     percent(each.win_rate->low, 0), percent(each.win_rate->high, 0),
                     each.win_rate->n);
}

// Of what was wanted and not done, and of what others did.
std::string show_observed(const std::vector<api::ObservedView>& observed, const Style& style) {
  std::string text;
  constexpr std::size_t kShown = 10;
  for (std::size_t i = observed.size(); i-- > 0 && observed.size() - i <= kShown;) {
    const loop::ObservedAct& act = observed[i].act;
    std::string verdict = "not judged yet";
    if (!act.verdicts.empty()) {
      verdict = fmt::format("{} after {} days", name_of(act.verdicts.back().outcome),
                            act.verdicts.back().after_days);
    }
    text += fmt::format("  {} {}: {} '{}', {}\n",
                        act.source == loop::ActSource::shadow ? "would have" : "others",
                        to_rfc3339(act.at), printable(act.what), printable(act.name), verdict);
  }
  if (text.empty()) return "";
  return paint("wanted and not done, and done by others", Tone::strong, style) + "\n" + text;
}

std::string show_policy(const api::StandingView& each, const Style& style) {
  std::string text =
      fmt::format("{}  {}, {} unclear", paint(printable(each.policy), Tone::strong, style),
                  rate_of(each), each.unclear);
  if (each.reason.empty()) return text + "\n";
  text += fmt::format("; level {}", each.level);
  if (each.level != each.suggested) {
    text += paint(fmt::format(", the verdicts speak for {}", each.suggested), Tone::warn, style);
  }
  return text + fmt::format("\n     {}\n", each.reason);
}

}  // namespace

std::string show_limits(const Json& output, const Style& style) {
  auto view = read_output<api::LimitsOutput>(output);
  std::string text = show_notices(view.notices, style);
  if (!view.limits) return text;
  const act::Limits& limits = *view.limits;
  const std::vector<std::pair<std::string, std::optional<Money>>> amounts{
      {"account_daily", limits.account_daily},
      {"campaign_daily", limits.campaign_daily},
      {"daily_budget_max", limits.daily_budget_max},
      {"change_raise_max", limits.change_raise_max},
      {"day_raise_max", limits.day_raise_max}};
  text += fmt::format("  level {}\n", name_of(limits.level));
  for (const auto& [name, amount] : amounts) {
    text += fmt::format("  {} {}\n", name, amount ? money(amount) : "not set");
  }
  text += fmt::format("  day_changes_max {}, paused_share_max {}\n", limits.day_changes_max,
                      percent(limits.paused_share_max, 0));
  return text + "all of them: reelforge --json limits show\n";
}

std::string show_acting(const Json& output, const Style& style) {
  auto view = read_output<api::ActingOutput>(output);
  std::string text = show_notices(view.notices, style);
  if (!view.plan.empty()) {
    text += fmt::format("{} {} of {}\n", paint("plan", Tone::strong, style),
                        view.plan.substr(0, 12), printable(view.account));
  }
  for (const act::StepResult& each : view.steps) text += show_step(each, style);
  for (const api::ByHand& each : view.by_hand) {
    text += fmt::format("  {} {}\n       {}\n", each.item, printable(each.what),
                        printable(each.reason));
  }
  for (const api::StepView& each : view.unplaced) {
    text += fmt::format("  {} left out: {}\n", each.item, printable(each.reason));
  }
  if (view.connected && view.steps.empty()) text += "nothing to do\n";
  return text;
}

std::string show_receipts(const Json& output, const Style& style) {
  auto view = read_output<api::ReceiptsOutput>(output);
  if (view.receipts.empty()) return "nothing was done yet\n";
  std::vector<std::vector<Cell>> rows;
  for (const api::ReceiptView& each : view.receipts) {
    const Receipt& receipt = each.receipt;
    const bool well = receipt.state == ReceiptState::done;
    rows.push_back({{fmt::format("{}", receipt.id)},
                    {to_rfc3339(receipt.asked)},
                    {std::string(name_of(receipt.state)), well ? Tone::good : Tone::warn},
                    {printable(receipt.step.name)},
                    {change_of(receipt.step)},
                    {printable(receipt.actor)},
                    {receipt.step.batch, Tone::dim}});
  }
  return table({{.title = "receipt", .right = true},
                {.title = "asked"},
                {.title = "state"},
                {.title = "what", .flexible = true},
                {.title = "change"},
                {.title = "by"},
                {.title = "batch"}},
               rows, style);
}

std::string show_kill_all(const Json& output, const Style& style) {
  auto view = read_output<api::KillAllOutput>(output);
  std::string text;
  for (const api::HaltView& each : view.accounts) {
    const std::string name = paint(printable(each.account), Tone::strong, style);
    if (!each.halt.halted) {
      text +=
          fmt::format("{}: lifted; what was stopped stays stopped until 'reelforge undo'\n", name);
    } else if (each.halt.confirmed) {
      text += fmt::format("{}: {}\n", name, paint("stopped and seen", Tone::good, style));
    } else {
      text += fmt::format("{}: {}, not confirmed: {}\n", name, paint("queued", Tone::warn, style),
                          printable(each.trouble));
    }
  }
  return text;
}

std::string show_audit(const Json& output, const Style& style) {
  auto view = read_output<api::AuditShowOutput>(output);
  if (view.entries.empty()) return "the log is empty\n";
  std::vector<std::vector<Cell>> rows;
  for (const api::AuditView& each : view.entries) {
    const AuditNote& note = each.entry.note;
    rows.push_back({{each.account.empty() ? "all" : printable(each.account)},
                    {fmt::format("{}", each.entry.number)},
                    {to_rfc3339(note.at)},
                    {printable(note.actor)},
                    {note.kind},
                    {each.entry.hash.substr(0, 12), Tone::dim}});
  }
  return table({{.title = "account", .flexible = true},
                {.title = "entry", .right = true},
                {.title = "at"},
                {.title = "by"},
                {.title = "what"},
                {.title = "hash"}},
               rows, style);
}

std::string show_audit_check(const Json& output, const Style& style) {
  auto view = read_output<api::AuditVerifyOutput>(output);
  std::string text;
  for (const api::AuditLog& each : view.logs) {
    const bool whole = each.problems.empty();
    text += fmt::format("{} {}: {} entries{}\n",
                        whole ? paint("✓", Tone::good, style) : paint("✗", Tone::bad, style),
                        each.account.empty() ? "all accounts" : printable(each.account),
                        each.entries, each.head.empty() ? "" : fmt::format(", head {}", each.head));
    for (const std::string& problem : each.problems) text += fmt::format("    {}\n", problem);
  }
  return text;
}

std::string show_audit_export(const Json& output, const Style&) {
  auto view = read_output<api::AuditExportOutput>(output);
  return fmt::format("{} entries written: {}\n", view.entries, view.file);
}

std::string show_verdicts(const Json& output, const Style& style) {
  auto view = read_output<api::VerdictsOutput>(output);
  if (view.verdicts.empty() && view.observed.empty())
    return "nothing was done 3 days ago or earlier, so nothing is judged\n";
  std::vector<std::vector<Cell>> rows;
  for (const api::VerdictView& each : view.verdicts) {
    const VerdictRecord& verdict = each.verdict;
    Tone tone = Tone::dim;
    if (verdict.outcome == VerdictOutcome::right) tone = Tone::good;
    if (verdict.outcome == VerdictOutcome::wrong) tone = Tone::bad;
    rows.push_back({{fmt::format("{}", verdict.receipt)},
                    {printable(each.name)},
                    {verdict.policy},
                    {fmt::format("{}", verdict.after_days)},
                    {std::string(name_of(verdict.outcome)), tone},
                    {verdict.ratio ? fmt::format("{:.2f} [{:.2f}–{:.2f}]", *verdict.ratio,
                                                 *verdict.low, *verdict.high)
                                   : "–"}});
  }
  std::string text = table({{.title = "receipt", .right = true},
                            {.title = "what", .flexible = true},
                            {.title = "policy"},
                            {.title = "days", .right = true},
                            {.title = "verdict"},
                            {.title = "× control"}},
                           rows, style);
  for (const api::StandingView& each : view.policies) text += show_policy(each, style);
  for (const api::MoveView& each : view.moved) {
    text +=
        paint(fmt::format("{} moved from {} to {}\n", printable(each.policy), each.from, each.to),
              Tone::warn, style);
  }
  return text + show_observed(view.observed, style);
}

std::string show_plan_auto(const Json& output, const Style& style) {
  auto view = read_output<api::PlanAutoOutput>(output);
  if (view.accounts.empty() && view.failed.empty())
    return "nothing is left to the program; see 'reelforge ladder show'\n";
  std::string text;
  for (const api::ActingOutput& each : view.accounts) text += show_acting(to_json(each), style);
  return text + show_failed(view.failed, style);
}

std::string show_ladder(const Json& output, const Style& style) {
  auto view = read_output<api::LadderOutput>(output);
  if (view.rungs.empty()) return "no limits are set: accounts are only read\n";
  std::vector<std::vector<Cell>> rows;
  for (const api::RungView& each : view.rungs) {
    rows.push_back({{printable(each.account)},
                    {printable(each.policy), Tone::strong},
                    {each.level},
                    {each.most},
                    {each.rung ? printable(each.rung->moved_by) : "–"},
                    {each.rung ? to_rfc3339(each.rung->since) : "–", Tone::dim}});
  }
  return table({{.title = "account", .flexible = true},
                {.title = "policy"},
                {.title = "level"},
                {.title = "at most"},
                {.title = "moved by"},
                {.title = "since"}},
               rows, style);
}

std::string show_account_drift(const Json& output, const Style& style) {
  auto view = read_output<api::DriftOutput>(output);
  std::string text = show_notices(view.notices, style);
  if (view.since && view.changes.empty()) {
    return text + fmt::format("nobody changed anything since {}\n", to_rfc3339(*view.since));
  }
  for (const act::Drift& each : view.changes) {
    text += fmt::format("{} {} {}: {} {} → {}\n",
                        each.alarm ? paint("!", Tone::warn, style) : paint("·", Tone::dim, style),
                        printable(each.thing), printable(each.name), each.what,
                        printable(each.before), printable(each.after));
    if (!each.next_step.empty()) text += fmt::format("  next: {}\n", each.next_step);
  }
  return text;
}

}  // namespace rf::cli
