#include "decide/explain.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "base/check.h"
#include "decide/need.h"
#include "decide/words.h"

namespace rf::decide {
namespace {

const KillClaim& claim_for(const std::array<KillClaim, kKillRules>& claims, Reason reason) {
  const auto* found = std::ranges::find(claims, reason, &KillClaim::reason);
  RF_CHECK(found != claims.end());
  return *found;
}

// What was counted and what the threshold promised, for a claim.
std::string counted(const Judged& judged, const KillClaim& claim) {
  const Case& ad = judged.ad;
  const Currency currency = judged.currency;
  switch (claim.reason) {
    case Reason::no_conversions:
      return fmt::format("no conversion for {}; at {} there would be {}",
                         money(ad.settled_spend, currency), target_text(judged),
                         number(claim.expected));
    case Reason::negative_roas:
      return fmt::format(
          "ROAS {} on {}, against at least {}", number(ad.arrived_value / ad.settled_spend),
          money(ad.settled_spend, currency), number(judged.limits.policies.kill.roas_min));
    case Reason::high_cpa:
      return fmt::format("{} conversions for {}, {} each, against {} times {}",
                         number(claim.events), money(ad.settled_spend, currency),
                         money(ad.settled_spend / claim.events, currency),
                         number(judged.limits.policies.kill.cpa_multiple), target_text(judged));
    case Reason::low_cvr:
      return fmt::format("{} conversions of {} {}, {}, against at least {}", number(claim.events),
                         number(ad.settled_clicks), clicks_word(*judged.belief),
                         percent(claim.events / ad.settled_clicks), limit_text(judged, claim));
    case Reason::underperforming:
      return fmt::format(
          "{} of what the rest of its group brought for the same money on the same days, shrunk "
          "toward it",
          percent(standing(ad, judged.group).value_or(Standing()).mean()));
    default:
      return fmt::format("{} {} of {} impressions, {}, against at least {}", number(claim.events),
                         clicks_word(*judged.belief), number(ad.impressions),
                         percent(claim.events / ad.impressions), limit_text(judged, claim));
  }
}

// The fewest late conversions after which the kill would not stand.
std::string late_conversions(const KillClaim& claim, double wealth) {
  KillClaim late = claim;
  int more = 0;
  while (more < 1000 && is_established(late, wealth)) {
    ++late.events;
    ++more;
  }
  return more == 1 ? "one conversion" : grouped(more) + " conversions";
}

void explain_kill(const Judged& judged, PlanItem& item) {
  const auto claims = kill_claims(judged.ad, judged.group, judged.limits);
  const KillClaim& claim = claim_for(claims, judged.judgement.verdict.reason);
  // The chance that is left, for all rules together.
  const double all_rules =
      wealth_for(claim.reason, judged.limits) * judged.limits.policies.kill.delta;
  item.confidence = std::max(0.0, 1 - all_rules / wealth_of(claim));
  item.reason = fmt::format("{}; {} sure, however often it was looked at", counted(judged, claim),
                            chance(*item.confidence));
  if (judged.ad.spend_per_day > 0) {
    item.effect = "frees " + money(judged.ad.spend_per_day, judged.currency) + " a day";
    const bool on_value =
        claim.reason == Reason::negative_roas || claim.reason == Reason::underperforming;
    if (claim.on_sales && judged.limits.target_cpa > 0 && !on_value) {
      const double worth = judged.ad.arrived_conversions * judged.limits.target_cpa;
      const double wasted = std::clamp(1 - worth / judged.ad.settled_spend, 0.0, 1.0);
      item.effect += fmt::format(", of which about {} is waste at the target CPA",
                                 money(wasted * judged.ad.spend_per_day, judged.currency));
    }
  } else {
    item.effect = "stops the ad; its daily spend is not known, because its file has no days";
  }
  if (claim.reason == Reason::low_ctr) {
    item.would_change = fmt::format(
        "a CTR above {} on new impressions, or conversions at the "
        "target CPA",
        percent(judged.limits.policies.kill.ctr_min));
  } else if (claim.reason == Reason::underperforming) {
    item.would_change = fmt::format("late conversions that lift it above {} of its group",
                                    percent(judged.limits.policies.kill.group_share));
  } else if (claim.reason == Reason::negative_roas) {
    item.would_change = "late conversions of more value, or a lower limit for ROAS";
  } else {
    item.would_change = late_conversions(claim, wealth_for(claim.reason, judged.limits)) +
                        " arriving late for the days already counted";
  }
}

std::string ramp(const Judged& judged) {
  const double step = 1 + judged.limits.step;
  const double factor = judged.limits.policies.promote.factor;
  std::string text;
  double at = 1;
  for (int i = 0; i < 12 && at < factor && step > 1; ++i) {
    at = std::min(at * step, factor);
    text += fmt::format("{}x{:.2f}", i == 0 ? "" : ", ", at);
  }
  return text;
}

void explain_promotion(const Judged& judged, PlanItem& item) {
  const Comparison both = compare(judged.ad, judged.group);
  const std::optional<RateBelief>& rate = rate_of_goal(*judged.belief, both.goal);
  RF_CHECK(rate.has_value());
  const Estimate lift = lift_of(*judged.belief, both.goal, *rate);
  item.confidence = confidence_of(judged.judgement.promote_wealth);
  item.reason = fmt::format(
      "{} is {} above the rest of its group, shrunk toward it ({} to {} with 90 %), on {} {}; "
      "{} sure that it is better, however often it was looked at",
      words_of_goal(both.goal), percent(lift.value), percent(lift.low), percent(lift.high),
      grouped(lift.n), both.goal == Goal::ctr ? "impressions" : "conversions",
      chance(*item.confidence));
  item.effect = fmt::format(
      "ramp {} of today's spend, a step every {} h while the evidence holds; {}; added money "
      "usually earns less",
      ramp(judged), judged.limits.policies.budget.cooldown_hours,
      judged.limits.policies.budget.total_daily
          ? "out of what others free, within the account's total"
          : "it takes what others free and asks for the rest");
  item.would_change = fmt::format("a shrunk lift below {}, or signs of wear",
                                  percent(judged.limits.policies.promote.lift));
}

std::string earned(const Judged& judged, const Earning& earns) {
  if (earns.goal == Goal::roas) {
    return fmt::format("ROAS {} on {}", number(judged.ad.settled_value / judged.ad.settled_spend),
                       money(judged.ad.settled_spend, judged.currency));
  }
  return fmt::format("{} conversions for {}, against {}", number(judged.ad.settled_conversions),
                     money(judged.ad.settled_spend, judged.currency), target_text(judged));
}

// What moved the money: the absolute limit where it is crossed, else the comparison.
Evidence class_evidence(const Judged& judged, const Earning& earns, bool scale) {
  std::optional<Evidence> compared = standing_evidence(judged, scale);
  if (earns.goal == Goal::none) {
    RF_CHECK(compared.has_value());
    return *std::move(compared);
  }
  Evidence absolute = earning_evidence(judged, earns, scale);
  return absolute.met || !compared ? absolute : *std::move(compared);
}

void explain_class(const Judged& judged, PlanItem& item) {
  const Earning earns = earning(judged.ad, judged.group, judged.limits);
  const Reason reason = judged.judgement.verdict.reason;
  if (reason == Reason::declining_performance) {
    const std::optional<Evidence> fall = fatigue_evidence(judged);
    RF_CHECK(fall.has_value());
    item.confidence = fall->probability;
    item.reason = "it wears out: " + fall->claim;
    item.would_change = "a week in which it holds what it has";
    return;
  }
  const Evidence row = class_evidence(judged, earns, reason == Reason::scaling);
  item.confidence = row.probability;
  item.reason = fmt::format("{}; {} sure that {}", earned(judged, earns), chance(*row.probability),
                            row.claim);
  item.would_change = fmt::format("a chance below {} that {}", percent(*row.required), row.claim);
}

// What a move or the lack of one means.
void explain_move(const Judged& judged, PlanItem& item) {
  const Currency currency = judged.currency;
  const std::int64_t change = judged.shift.to - judged.shift.from;
  if (change == 0) {
    item.reason += judged.judgement.verdict.reason == Reason::scaling
                       ? "; no ad gives money up for it"
                       : "; no ad has earned the money it would give up, or it is at the least "
                         "budget already";
    item.effect = "nothing changes";
    return;
  }
  const double units_moved = units(to_money(std::abs(change), currency));
  item.effect =
      fmt::format("{} {} a day", money(units_moved, currency), change > 0 ? "more" : "less");
  const Earning earns = earning(judged.ad, judged.group, judged.limits);
  if (earns.goal == Goal::none) return;
  const double rate = earns.shape / earns.weight;
  const std::string worth = earns.goal == Goal::roas
                                ? money(rate * units_moved, currency) + " of value"
                                : number(rate * units_moved) + " conversions";
  item.effect += change > 0 ? fmt::format(
                                  ": about {} a day if it earns what the ad earned so far; "
                                  "added money usually earns less",
                                  worth)
                            : fmt::format(": about {} a day are given up here", worth);
}

void explain_wait(const Judged& judged, PlanItem& item) {
  const auto claims = kill_claims(judged.ad, judged.group, judged.limits);
  const KillClaim* claim = nearest(claims, judged.limits, judged.ad);
  switch (judged.judgement.verdict.reason) {
    case Reason::tracking_broken:
      item.reason =
          "the account's conversions stopped while its clicks went on: the tracking looks "
          "broken, so nothing is judged on conversions";
      item.would_change = "conversions that arrive again";
      return;
    case Reason::not_enough_data:
      if (claim != nullptr) {
        item.reason =
            counted(judged, *claim) + fmt::format("; only {} sure so far, {} are required",
                                                  chance(confidence_of(wealth_of(*claim))),
                                                  chance(required_of(*claim, judged.limits)));
        item.need = need_for_claim(judged, *claim);
      }
      break;
    default:
      item.reason = "it is still learning";
      item.need = need_to_learn(judged);
      break;
  }
  const bool spared =
      pays(judged.ad, judged.limits) && std::ranges::any_of(claims, [&](const KillClaim& each) {
        return is_established(each, wealth_for(each.reason, judged.limits));
      });
  if (spared) item.reason += "; its clicks are too few, but it sells at the target so far";
  if (item.need) item.reason += "; " + item.need->text;
  if (judged.ad.spend_per_day > 0) {
    item.effect = fmt::format("spends about {} a day meanwhile",
                              money(judged.ad.spend_per_day, judged.currency));
  }
  item.would_change =
      item.need ? item.need->text : "counts that move clearly to one side of the threshold";
}

void explain_keep(const Judged& judged, PlanItem& item) {
  if (judged.judgement.verdict.reason == Reason::paused) {
    item.reason = "it spent nothing in the last seven closed days";
    item.effect = "nothing changes";
    item.would_change = "spend";
    return;
  }
  item.reason = "no limit is crossed";
  const Earning earns = earning(judged.ad, judged.group, judged.limits);
  if (earns.goal != Goal::none) item.reason += ": " + earned(judged, earns);
  item.effect = "nothing changes";
  item.would_change = "a limit crossed with evidence: see the numbers behind this";
}

void explain_revival(const Judged& judged, PlanItem& item) {
  const double late = judged.ad.arrived_conversions - judged.killed.conversions;
  item.reason = fmt::format(
      "it was stopped with {} conversions; {} more arrived since for the days before, and with "
      "them no kill rule is established",
      number(judged.killed.conversions), number(late));
  const std::optional<Evidence> stands = standing_evidence(judged, true);
  if (stands) item.confidence = stands->probability;
  item.from = to_money(0, judged.currency);
  item.to = to_money(to_minor(judged.killed.spend_per_day, judged.currency), judged.currency);
  item.effect =
      fmt::format("runs again at {} a day", money(judged.killed.spend_per_day, judged.currency));
  item.would_change = "corrections that take the late conversions back";
}

// "reported 2, expected 3.4 [2.6 to 4.5] when all have arrived".
void add_complete(const Judged& judged, PlanItem& item) {
  if (!judged.complete) return;
  const CompleteCount& count = *judged.complete;
  const std::string text = fmt::format(
      "of its last four weeks {} conversions are reported, {:.1f} [{:.1f} to {:.1f}] expected when "
      "all have arrived",
      number(count.reported), count.expected, count.low, count.high);
  Evidence row;
  row.name = "conversions_when_complete";
  row.claim = text;
  row.estimate = Estimate{count.expected, count.low, count.high, std::llround(count.reported)};
  item.evidence.push_back(std::move(row));
  // Chosen: less than half a conversion changes no reader's mind.
  const bool matters = count.expected - count.reported >= 0.5;
  const bool on_sales = item.action == Action::kill || item.action == Action::wait ||
                        item.action == Action::decrease_budget;
  if (matters && on_sales) item.reason += "; " + text;
}

bool is_class(Reason reason) {
  return reason == Reason::scaling || reason == Reason::declining ||
         reason == Reason::declining_performance;
}

}  // namespace

PlanItem explain(const Judged& judged) {
  const Judgement& judgement = judged.judgement;
  PlanItem item;
  item.action = judgement.verdict.action;
  item.entity = judged.belief->id.text;
  item.ad = judged.belief->entity.name();
  item.reason_code = to_string(judgement.verdict.reason);
  item.evidence = all_evidence(judged);
  if (std::optional<Evidence> fall = fatigue_evidence(judged)) item.fatigued = fall->met;
  if (judged.belief->spend_per_day) {
    item.from = to_money(judged.shift.from, judged.currency);
    item.to = to_money(judged.shift.to, judged.currency);
  }
  if (item.action == Action::kill) {
    explain_kill(judged, item);
  } else if (item.action == Action::revive) {
    explain_revival(judged, item);
  } else if (item.action == Action::promote) {
    explain_promotion(judged, item);
  } else if (is_class(judgement.verdict.reason)) {
    explain_class(judged, item);
    explain_move(judged, item);
  } else if (item.action == Action::wait) {
    explain_wait(judged, item);
  } else {
    explain_keep(judged, item);
  }
  add_complete(judged, item);
  return item;
}

}  // namespace rf::decide
