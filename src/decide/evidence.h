// The numbers behind a judgement, one row for each question that was asked.

#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decide/budget.h"
#include "decide/verdict.h"
#include "model/belief.h"
#include "model/estimate.h"
#include "model/money.h"
#include "model/plan.h"

namespace rf::decide {

// What was known of an ad when a plan first killed it.
struct KilledAd {
  double conversions = 0;    // That had arrived.
  double spend_per_day = 0;  // Units: the currency unit.
};

// By the store's key.
using KilledAds = std::map<std::string, KilledAd, std::less<>>;

// The conversions of an ad's last four weeks: reported so far, and when all have arrived, with 90
// %.
struct CompleteCount {
  double reported = 0;
  double expected = 0;
  double low = 0;
  double high = 0;
};

// By the store's key.
using CompleteCounts = std::map<std::string, CompleteCount, std::less<>>;

// An ad with everything its judgement was made of.
struct Judged {
  const Belief* belief = nullptr;
  Case ad;
  Group group;
  Limits limits;
  Judgement judgement;
  Shift shift;
  double promote_wealth_needed = 20;
  Currency currency;
  KilledAd killed;  // When the verdict is to revive.
  std::optional<CompleteCount> complete;
};

// A row for every kill rule that is ready, for the comparison with the group, for both limits of
// earning and for wear; met or not.
std::vector<Evidence> all_evidence(const Judged& judged);

// Whether the ad earns at least what scales it, or (`scale` false) below what makes it a loser.
// REQUIRES: earns.goal is not Goal::none.
Evidence earning_evidence(const Judged& judged, const Earning& earns, bool scale);

// Whether the ad earns more (`above`) or less than the rest of its group; none where they cannot be
// compared.
std::optional<Evidence> standing_evidence(const Judged& judged, bool above);

// Whether the ad's CTR or hook rate fell; none when its days are not known.
std::optional<Evidence> fatigue_evidence(const Judged& judged);

// A bet's wealth as a confidence that holds at any number of looks. [0, 1)
double confidence_of(double wealth);
double wealth_of(const KillClaim& claim);

// The confidence at which the rule acts.
double required_of(const KillClaim& claim, const Limits& limits);

// The belief that a goal is measured by, and how far above its group the ad is in it.
const std::optional<RateBelief>& rate_of_goal(const Belief& belief, Goal goal);
Estimate lift_of(const Belief& belief, Goal goal, const RateBelief& rate);

// "the target CPA of 50.00 USD", "0.5 %", "link clicks", "conversions per spend".
std::string target_text(const Judged& judged);
std::string limit_text(const Judged& judged, const KillClaim& claim);
std::string clicks_word(const Belief& belief);
std::string_view words_of_goal(Goal goal);

}  // namespace rf::decide
