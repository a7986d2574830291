// The judgement of one ad from its numbers alone: no words, no memory, a few hundred nanoseconds.
//
// judge.h (an account's ads, with reasons) and columns.h (a million ads) both come through here, so
// they cannot disagree. Two decisions need the whole account and follow after: how many promotions
// the evidence carries, and who gives money to whom (budget.h).
//
// "Not reported" is NaN in this file: every comparison with it is false, so it never decides.

#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "decide/policies.h"
#include "model/entity.h"
#include "model/plan.h"

namespace rf::decide {

inline constexpr double kNotReported = std::numeric_limits<double>::quiet_NaN();

// Why an ad was judged as it was: the notes' vocabulary, and what it lacked. budget_exhausted and
// manual are a person's or a platform's reasons; judgement never gives them.
enum class Reason : std::uint8_t {
  no_conversions,
  negative_roas,
  high_cpa,
  low_cvr,
  low_ctr,
  underperforming,
  declining_performance,
  budget_exhausted,
  manual,
  winner,
  scaling,
  maintaining,
  declining,
  learning,
  paused,
  not_enough_data,
  tracking_broken,
  late_conversions,
};

std::string_view to_string(Reason reason);

// One ad's counts. Units: spend and value in the currency unit.
struct Case {
  double impressions = kNotReported;  // Closed days.
  double clicks = kNotReported;
  double spend = kNotReported;
  double settled_clicks = kNotReported;  // Settled days.
  double settled_spend = kNotReported;
  double settled_conversions = kNotReported;
  double settled_value = kNotReported;
  double arrived_conversions = kNotReported;  // Every day.
  double arrived_value = kNotReported;
  double spend_per_day = kNotReported;  // NaN: its days are not known.
  double age_days = kNotReported;
  double recent_impressions = kNotReported;  // Seven closed days.
  double recent_clicks = kNotReported;
  double recent_hooks = kNotReported;
  double before_impressions = kNotReported;  // The seven before.
  double before_clicks = kNotReported;
  double before_hooks = kNotReported;
  double matched_events = kNotReported;  // Against the rest of its group: see model/belief.h.
  double matched_expected = kNotReported;
  double matched_control = kNotReported;
};

// A rate over all ads of the group, and what it says of an ad not yet seen (see model/belief.h).
struct Pool {
  double events = kNotReported;
  double exposure = kNotReported;
  double prior_events = 1;
  double prior_exposure = 1;
  double phi = 1;
};

struct Group {
  Pool ctr;
  Pool cvr;
  Pool sales;
  Pool roas;                  // In units of orders.
  double cpa = kNotReported;  // Spend per conversion of the whole group.
  double hook_phi = 1;
  double order_unit = kNotReported;
};

// The policies brought into one group's currency and turned into what the evidence must reach.
struct Limits {
  Policies policies;  // Amounts scaled.
  double target_cpa = kNotReported;
  bool target_is_derived = false;
  double amount_scale = 1;
  double kill_wealth = 200;    // Of an absolute threshold; see learn/wealth.h.
  double compare_wealth = 40;  // Of the comparison with the group.
  double promote_wealth = 20;
  double fatigue_wealth = 100;
  double step = 0.2;  // Largest change of one step, as a share.
};

Limits limits_of(const Policies& policies, const Group& group, Platform platform);

inline constexpr std::size_t kKillRules = 6;

// A kill rule as the bet that settles it: `events` came where the threshold promised `expected`.
struct KillClaim {
  Reason reason = Reason::manual;
  double events = 0;
  double expected = 0;
  double phi = 1;
  double threshold = 0;    // Of a share: the policy's, or the group's own rate where that is lower.
  bool is_groups = false;  // The latter.
  bool ready = false;      // The rule's own minimum is reached and its numbers were reported.
  bool on_sales = false;   // Rests on conversions.
  double control_events = 0;  // Above zero: what `expected` was estimated from.

  bool crossed() const { return ready && events < expected; }
};

// In the order in which they are given as the reason.
std::array<KillClaim, kKillRules> kill_claims(const Case& ad, const Group& group,
                                              const Limits& limits);
// What the rule's evidence must reach.
double wealth_for(Reason reason, const Limits& limits);
bool is_established(const KillClaim& claim, double wealth);

// What a winner is compared by: value per spend, else conversions per spend, else clicks.
enum class Goal : std::uint8_t { none, roas, sales, ctr };

struct Comparison {
  Goal goal = Goal::none;
  double events = 0;
  double exposure = 0;
  double control_events = 0;
  double control_exposure = 0;
  double phi = 1;
  double shrunk_lift = 0;
};

// Goal::none where nothing can be compared: no other ads, or none with an event.
Comparison compare(const Case& ad, const Group& group);

// Sales at or under the target price. Such an ad is not killed for its clicks.
bool pays(const Case& ad, const Limits& limits);
bool is_young(const Case& ad, const Limits& limits);
bool is_worn_out(const Case& ad, const Group& group, const Limits& limits);

// What an ad earns against the two limits between which it is left alone.
struct Earning {
  Goal goal = Goal::none;
  double shape = 1;  // Gamma posterior of events per spend.
  double weight = 1;
  double scale_at = 0;  // The rate at or above which money is added,
  double lose_at = 0;   // and below which it is taken.
};

Earning earning(const Case& ad, const Group& group, const Limits& limits);

struct Verdict {
  Action action = Action::wait;
  Reason reason = Reason::not_enough_data;

  bool operator==(const Verdict&) const = default;
};

struct Judgement {
  Verdict verdict;
  Verdict unpromoted;         // What it is where the account's evidence does not carry a promotion.
  double promote_wealth = 0;  // When the verdict is promote.
  bool compared = false;      // It could have been promoted: one of the tests to correct for.
  bool loses_money = false;   // When the verdict is to decrease: it gives also where nobody takes.
};

// Where the ad stands against the rest of its group: posterior Gamma(shape, weight) of its rate as
// a multiple of theirs, shrunk toward 1. None where they cannot be compared.
struct Standing {
  double shape = 1;
  double weight = 1;

  double mean() const { return shape / weight; }
};

std::optional<Standing> standing(const Case& ad, const Group& group);

// Whether an ad that was killed and no longer runs should run again: conversions that arrived since
// leave no kill rule established, and it pays, or earns more than the policy's share of what the
// rest of its group does with the confidence at which budgets move.
// REQUIRES: conversions_then >= 0, what had arrived when it was killed.
bool deserves_revival(const Case& ad, const Group& group, const Limits& limits,
                      double conversions_then);

Judgement judge_case(const Case& ad, const Group& group, const Limits& limits,
                     bool tracking_broken);

// P(Gamma(shape) >= x) >= required, by the fast tail of learn/tail.h where that is clear and
// exactly where it is not.
// REQUIRES: shape > 0, x >= 0, 0 < required < 1.
bool reaches(double shape, double x, double required);

// P(Gamma(shape) < x) >= required.
bool falls_short(double shape, double x, double required);

}  // namespace rf::decide
