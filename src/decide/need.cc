#include "decide/need.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

#include "decide/words.h"
#include "learn/beliefs.h"
#include "learn/wealth.h"

namespace rf::decide {
namespace {

double running_days(const Belief& belief) {
  return static_cast<double>(
      std::clamp<std::int64_t>(belief.age_days.value_or(0), 1, learn::kWindow.count()));
}

// How many units of the claim's exposure a promised event takes, and their daily pace.
struct Pace {
  std::string_view metric;
  double per_event = 0;
  std::optional<double> per_day;
};

std::optional<double> daily(const Belief& belief, Metric metric) {
  if (!belief.dated || !belief.recent.has(metric)) return std::nullopt;
  const double rate = as_number(metric, belief.recent.or_zero(metric)) / running_days(belief);
  return rate > 0 ? std::optional(rate) : std::nullopt;
}

Pace pace_of(const Judged& judged, const KillClaim& claim) {
  const Belief& belief = *judged.belief;
  const double expected = claim.expected;
  if (claim.reason == Reason::low_ctr) {
    return {"impressions", judged.ad.impressions / expected, daily(belief, Metric::impressions)};
  }
  if (claim.reason == Reason::low_cvr) {
    return {"clicks", judged.ad.settled_clicks / expected, daily(belief, belief.clicks)};
  }
  if (claim.reason == Reason::underperforming && judged.group.sales.events > 0) {
    const Pool& pool = belief.roas ? judged.group.roas : judged.group.sales;
    const double unit = belief.roas ? judged.group.order_unit : 1;
    return {"spend", pool.exposure / pool.events * unit, daily(belief, Metric::spend)};
  }
  return {"spend", judged.ad.settled_spend / expected, daily(belief, Metric::spend)};
}

// "impression" or "impressions".
std::string one_or_many(std::string_view things, double n) {
  return std::string(n == 1 ? things.substr(0, things.size() - 1) : things);
}

Need need_of(std::string_view metric, double more, std::optional<double> per_day,
             Currency currency) {
  Need need;
  need.metric = metric;
  need.more = metric == "spend" ? more : std::ceil(more);
  const std::string amount = metric == "spend" ? money(more, currency) + " more spend"
                                               : grouped(std::llround(need.more)) + " more " +
                                                     one_or_many(metric, need.more);
  need.text = "need " + amount;
  if (per_day && *per_day > 0) {
    need.days = more / *per_day;
    need.text += ", " + about_days(*need.days);
  }
  return need;
}

}  // namespace

const KillClaim* nearest(const std::array<KillClaim, kKillRules>& claims, const Limits& limits,
                         const Case& ad) {
  const KillClaim* best = nullptr;
  double most = -1;
  for (const KillClaim& claim : claims) {
    const bool on_clicks = claim.reason == Reason::low_ctr || claim.reason == Reason::low_cvr;
    if (!claim.crossed() || (on_clicks && pays(ad, limits))) continue;
    const double wealth = wealth_of(claim);
    if (wealth <= most) continue;
    most = wealth;
    best = &claim;
  }
  return best;
}

std::optional<Need> need_for_claim(const Judged& judged, const KillClaim& claim) {
  const double share = claim.events / claim.expected;
  const double settled =
      learn::expected_to_settle(share, wealth_for(claim.reason, judged.limits)) * claim.phi;
  if (!std::isfinite(settled)) return std::nullopt;
  const Pace pace = pace_of(judged, claim);
  return need_of(pace.metric, std::max(settled - claim.expected, 0.0) * pace.per_event,
                 pace.per_day, judged.currency);
}

std::optional<Need> need_to_learn(const Judged& judged) {
  const Case& ad = judged.ad;
  const Belief& belief = *judged.belief;
  const BudgetPolicy& budget = judged.limits.policies.budget;
  if (ad.spend < budget.min_spend) {
    return need_of("spend", budget.min_spend - ad.spend, daily(belief, Metric::spend),
                   judged.currency);
  }
  if (ad.arrived_conversions < budget.min_conversions) {
    return need_of("conversions", budget.min_conversions - ad.arrived_conversions,
                   daily(belief, Metric::conversions), judged.currency);
  }
  const double impressions = judged.limits.policies.promote.impressions;
  if (ad.impressions < impressions) {
    return need_of("impressions", impressions - ad.impressions, daily(belief, Metric::impressions),
                   judged.currency);
  }
  if (!is_young(ad, judged.limits)) return std::nullopt;
  const double hours = static_cast<double>(judged.limits.policies.learning_hours);
  Need need;
  need.metric = "days";
  need.more = std::max(1.0, std::ceil(1 + hours / 24 - ad.age_days));
  need.days = need.more;
  need.text =
      "need " + std::string(need.more > 1 ? number(need.more) + " more days" : "one more day");
  return need;
}

}  // namespace rf::decide
