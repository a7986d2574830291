#include "cli/view.h"

#include <fmt/format.h>

namespace rf::cli {
namespace {

constexpr const char* kNone = "–";

Tone tone_of(Action action) {
  switch (action) {
    case Action::kill: return Tone::bad;
    case Action::promote:
    case Action::revive:
    case Action::increase_budget: return Tone::good;
    case Action::decrease_budget: return Tone::warn;
    case Action::keep: return Tone::plain;
    case Action::wait: return Tone::dim;
  }
  check_failed(__FILE__, __LINE__, "Action in range");
}

std::string money_of(const std::optional<Money>& money) {
  if (!money) return "";
  return fmt::format("{} {}", to_decimal(*money), money->currency.code());
}

std::string evidence_line(const Evidence& evidence, const Style& style) {
  std::string line = fmt::format(
      "     {} {}", evidence.met ? paint("✓", Tone::good, style) : paint("·", Tone::dim, style),
      printable(evidence.claim));
  if (evidence.probability) {
    line += fmt::format(": probability {:.3f}", *evidence.probability);
    if (evidence.required) line += fmt::format(", {:.3f} required", *evidence.required);
  }
  if (evidence.estimate) {
    const Estimate& estimate = *evidence.estimate;
    line += paint(fmt::format("  ({} = {:.4g} [{:.4g}, {:.4g}], n {})", evidence.name,
                              estimate.value, estimate.low, estimate.high, grouped(estimate.n)),
                  Tone::dim, style);
  } else if (!evidence.probability) {
    line += paint("  (not enough data)", Tone::dim, style);
  }
  return line + '\n';
}

}  // namespace

Cell rate_cell(const std::optional<Estimate>& estimate, int digits) {
  if (!estimate) return {kNone, Tone::dim};
  return {fmt::format("{:.{}f} % [{:.{}f}–{:.{}f}]", estimate->value * 100, digits,
                      estimate->low * 100, digits, estimate->high * 100, digits)};
}

Cell amount_cell(const std::optional<Estimate>& estimate) {
  if (!estimate) return {kNone, Tone::dim};
  return {fmt::format("{:.2f} [{:.2f}–{:.2f}]", estimate->value, estimate->low, estimate->high)};
}

Cell action_cell(Action action) { return {std::string(name_of(action)), tone_of(action)}; }

std::string show_item(const PlanItem& item, Detail detail, const Style& style) {
  std::string text = fmt::format("{:>3}  {}  {}", item.id,
                                 paint(name_of(item.action), tone_of(item.action), style),
                                 paint(printable(item.ad), Tone::strong, style));
  if (item.from && item.to && *item.from != *item.to) {
    text += fmt::format("  {} → {} a day", money_of(item.from), money_of(item.to));
  }
  if (item.confidence) text += fmt::format("  confidence {:.3f}", *item.confidence);
  text += fmt::format("\n     {}\n", printable(item.reason));
  if (detail == Detail::full) {
    for (const Evidence& evidence : item.evidence) text += evidence_line(evidence, style);
  }
  if (!item.effect.empty()) text += fmt::format("     effect: {}\n", printable(item.effect));
  if (!item.would_change.empty()) {
    text += fmt::format("     would change: {}\n", printable(item.would_change));
  }
  if (item.need) text += fmt::format("     {}\n", printable(item.need->text));
  return text;
}

std::string show_notices(const std::vector<std::string>& notices, const Style& style) {
  std::string text;
  for (const std::string& notice : notices) {
    text += fmt::format("{} {}\n", paint("!", Tone::warn, style), printable(notice));
  }
  return text;
}

std::string show_failed(const std::vector<api::Failure>& failed, const Style& style) {
  std::string text;
  for (const api::Failure& each : failed) {
    text += fmt::format("{} {}: {}\n", paint("✗", Tone::bad, style), printable(each.what),
                        printable(each.message));
  }
  return text;
}

}  // namespace rf::cli
