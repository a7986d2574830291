#include "decide/rules/merge.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "decide/verdict.h"

namespace rf::decide {
namespace {

// What the item would have said without the rule, kept for the reader.
void take_over(PlanItem& item, const RuleFinding& finding, Action action) {
  const std::string policy =
      fmt::format("; the policies alone: {} ({})", name_of(item.action), item.reason_code);
  item.action = action;
  item.reason_code = finding.rule;
  item.reason = finding.text + policy;
  item.confidence.reset();
  item.need.reset();
  item.would_change = fmt::format("numbers that your rule {} does not ask for", finding.rule);
}

std::string_view words_of(RuleAction action) {
  switch (action) {
    case RuleAction::pause: return "pause it";
    case RuleAction::raise_budget: return "raise its budget";
    case RuleAction::lower_budget: return "lower its budget";
    case RuleAction::notify: return "say so";
    case RuleAction::revive: return "let it run again";
  }
  return "?";
}

void leave(PlanItem& item, const RuleFinding& finding, std::string_view why) {
  item.reason +=
      fmt::format("; your rule {} asks to {}, but {}", finding.rule, words_of(finding.action), why);
}

// Whole minor units do not matter to a proposal; the gate rounds to what the platform takes.
Money scaled(const Money& money, double factor) {
  Money result = money;
  result.micros = std::llround(static_cast<double>(money.micros) * factor / 1e4) * 10'000;
  return result;
}

void move_budget(PlanItem& item, const RuleFinding& finding) {
  const bool raises = finding.action == RuleAction::raise_budget;
  if (!item.from || item.from->micros <= 0) return leave(item, finding, "its budget is not known");
  if (item.action == Action::kill) return leave(item, finding, "it is to be paused");
  const double part = finding.percent / 100;
  const Money wish = scaled(*item.from, raises ? 1 + part : 1 - part);
  const bool lowered = item.action == Action::decrease_budget;
  if (raises && lowered) return leave(item, finding, "the evidence asks for less");
  if (!raises && lowered && item.to && item.to->micros <= wish.micros) {
    return leave(item, finding, "it is lowered as far already");
  }
  if (raises && item.to && item.to->micros >= wish.micros) {
    return leave(item, finding, "it is raised as far already");
  }
  take_over(item, finding, raises ? Action::increase_budget : Action::decrease_budget);
  item.to = wish;
  item.effect =
      fmt::format("its budget is {} by {:.4g} %", raises ? "raised" : "lowered", finding.percent);
}

void merge(const RuleFinding& finding, bool tracking_broken, PlanItem& item) {
  if (finding.action == RuleAction::notify) return;
  if (tracking_broken && finding.on_conversions) {
    return leave(item, finding, "the tracking looks broken, so no rule acts on conversions");
  }
  switch (finding.action) {
    case RuleAction::pause:
      if (item.action == Action::kill) return leave(item, finding, "it is to be paused already");
      take_over(item, finding, Action::kill);
      if (item.from) item.to = Money{0, item.from->currency};
      item.effect = "stops the ad";
      return;
    case RuleAction::revive:
      if (item.action == Action::revive) return leave(item, finding, "it is to run again already");
      take_over(item, finding, Action::revive);
      item.effect = "runs again at the budget it had";
      return;
    case RuleAction::raise_budget:
    case RuleAction::lower_budget: return move_budget(item, finding);
    case RuleAction::notify: return;
  }
}

}  // namespace

void merge_findings(std::span<const RuleFinding> findings, bool tracking_broken,
                    std::vector<PlanItem>& items) {
  std::unordered_map<std::string_view, PlanItem*> by_entity;
  for (PlanItem& item : items) by_entity[item.entity] = &item;
  for (const RuleFinding& finding : findings) {
    const auto found = by_entity.find(finding.entity);
    if (found != by_entity.end()) merge(finding, tracking_broken, *found->second);
  }
}

}  // namespace rf::decide
