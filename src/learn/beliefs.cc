#include "learn/beliefs.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>

#include "base/check.h"
#include "learn/matched.h"
#include "learn/pooling.h"
#include "learn/posterior.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

// An attribution setting and a conversion event.
using Setting = std::pair<std::string, std::string>;

template <typename Row>
Setting setting_of(const Row& row) {
  return {row.attribution, row.conversion_event};
}

std::optional<double> number(const Counts& counts, Metric metric) {
  const std::optional<std::int64_t> value = counts.get(metric);
  if (!value) return std::nullopt;
  return as_number(metric, *value);
}

// Which of an ad's settings it is judged by, for all ads.
class Settings {
 public:
  explicit Settings(std::span<const AdTotals> totals) {
    for (const AdTotals& row : totals) spend_[setting_of(row)] += weight(row);
    for (std::size_t i = 0; i < totals.size(); ++i) {
      const auto [at, is_new] = chosen_.try_emplace(totals[i].id.text, i);
      if (!is_new && better(totals[i], totals[at->second])) at->second = i;
    }
    for (const auto& [id, index] : chosen_) setting_[id] = setting_of(totals[index]);
  }

  bool judges(const AdTotals& row) const { return matches(row.id.text, setting_of(row)); }
  bool judges(const AdDay& row) const { return matches(row.id.text, setting_of(row)); }

 private:
  // Spend decides; where it is not reported or zero, the impressions do.
  static double weight(const AdTotals& row) {
    return static_cast<double>(row.counts.or_zero(Metric::spend)) +
           1e-3 * static_cast<double>(row.counts.or_zero(Metric::impressions));
  }
  bool better(const AdTotals& a, const AdTotals& b) const {
    const double spend_a = spend_.at(setting_of(a));
    const double spend_b = spend_.at(setting_of(b));
    if (spend_a != spend_b) return spend_a > spend_b;
    return setting_of(a) < setting_of(b);
  }
  bool matches(const std::string& id, const Setting& setting) const {
    const auto found = setting_.find(id);
    return found != setting_.end() && found->second == setting;
  }

  std::map<Setting, double> spend_;
  std::unordered_map<std::string, std::size_t> chosen_;
  std::unordered_map<std::string, Setting> setting_;
};

// `from` without `part`, which is contained in it. What does not add is no longer known.
Counts without(const Counts& from, const Counts& part) {
  if (part.empty()) return from;
  Counts rest;
  for (const MetricInfo& info : all_metrics()) {
    if (!info.additive || !from.has(info.metric)) continue;
    rest.set(info.metric, from.or_zero(info.metric) - part.or_zero(info.metric));
  }
  return rest;
}

// The recent days of one ad, sorted into windows.
struct RecentDays {
  Counts open, young, recent, before;
  std::int64_t open_days = 0, young_days = 0;
  std::vector<const AdDay*> closed;
};

using DaysByAd = std::unordered_map<std::string, RecentDays>;

DaysByAd sort_days(const History& history, const Settings& settings, Day today, Days settle) {
  DaysByAd sorted;
  for (const AdDay& row : history.days) {
    if (row.day < today - kLookback || !settings.judges(row)) continue;
    RecentDays& ad = sorted[row.id.text];
    if (row.day >= today) {
      ad.open.add(row.counts);
      ++ad.open_days;
      continue;
    }
    ad.closed.push_back(&row);
    if (row.day >= today - settle) {
      ad.young.add(row.counts);
      ++ad.young_days;
    }
    if (row.day >= today - kWindow) {
      ad.recent.add(row.counts);
    } else if (row.day >= today - 2 * kWindow) {
      ad.before.add(row.counts);
    }
  }
  return sorted;
}

Belief window_counts(const AdTotals& row, const RecentDays& days, Day today) {
  Belief belief;
  belief.id = row.id;
  belief.entity = row.entity;
  belief.attribution = row.attribution;
  belief.conversion_event = row.conversion_event;
  belief.conversions_arrived = number(row.counts, Metric::conversions);
  belief.value_arrived = number(row.counts, Metric::conversion_value);
  belief.dated = row.first_day != kNoDay;
  if (!belief.dated) {
    belief.closed = row.counts;
    belief.settled = row.counts;
    return belief;
  }
  belief.first_day = row.first_day;
  belief.last_day = std::min(row.last_day, today - Days(1));
  belief.days = row.days - days.open_days;
  belief.age_days = std::max<std::int64_t>(0, (today - row.first_day).count());
  if (belief.days > 0) belief.closed = without(row.counts, days.open);
  if (belief.days > days.young_days) belief.settled = without(belief.closed, days.young);
  belief.recent = days.recent;
  belief.before = days.before;
  const std::int64_t running = std::min<std::int64_t>(*belief.age_days, kWindow.count());
  if (running > 0 && row.counts.has(Metric::spend)) {
    belief.spend_per_day =
        number(days.recent, Metric::spend).value_or(0) / static_cast<double>(running);
  }
  return belief;
}

// The rate of one ad before it is compared with anything. None when a side was not reported, when
// nothing was exposed, or when a share would exceed the whole.
std::optional<RateBelief> own_rate(RateKind kind, std::optional<double> events,
                                   std::optional<double> exposure) {
  if (!events || !exposure || *exposure <= 0 || *events < 0) return std::nullopt;
  if (kind == RateKind::share && *events > *exposure) return std::nullopt;
  RateBelief rate;
  rate.kind = kind;
  rate.events = *events;
  rate.exposure = *exposure;
  return rate;
}

// What the rates of a platform are made of.
struct RateMetrics {
  Metric clicks = Metric::link_clicks;
  Metric hook = Metric::video_3s;
  Metric hold = Metric::thruplays;
};

// Source: hook rate is 3-second plays of impressions on Meta, 2-second ones on TikTok; hold rate
// ThruPlays of 3-second plays, 6-second of 2-second ones there.
RateMetrics rate_metrics(Platform platform, Metric clicks) {
  if (platform == Platform::tiktok) return {clicks, Metric::video_2s, Metric::video_6s};
  return {clicks, Metric::video_3s, Metric::thruplays};
}

void set_own_rates(Belief& belief, const RateMetrics& metrics) {
  const Counts& closed = belief.closed;
  const Counts& settled = belief.settled;
  const std::optional<double> impressions = number(closed, Metric::impressions);
  belief.clicks = metrics.clicks;
  belief.ctr = own_rate(RateKind::share, number(closed, metrics.clicks), impressions);
  belief.hook = own_rate(RateKind::share, number(closed, metrics.hook), impressions);
  belief.hold =
      own_rate(RateKind::share, number(closed, metrics.hold), number(closed, metrics.hook));
  const std::optional<double> conversions = number(settled, Metric::conversions);
  const std::optional<double> spend = number(settled, Metric::spend);
  belief.cvr = own_rate(RateKind::share, conversions, number(settled, metrics.clicks));
  belief.sales = own_rate(RateKind::per_spend, conversions, spend);
  if (belief.sales) {
    belief.roas = own_rate(RateKind::per_spend, number(settled, Metric::conversion_value), spend);
  }
}

using RateMember = std::optional<RateBelief> Belief::*;

// Pearson's ratio of the variance that days have around their ad's own rate to the one that the
// model allows, with `rules.phi_prior` standing in until there are events. Summed before dividing,
// which is stable also where a day expects less than one event.
// Source: McCullagh & Nelder 1989, 4.5.2, pooled over ads.
struct Spread {
  double seen = 0;
  double allowed = 0;

  void add(const RecentDays& days, Metric events, Metric exposure, bool share) {
    double x = 0;
    double n = 0;
    for (const AdDay* day : days.closed) {
      x += number(day->counts, events).value_or(0);
      n += number(day->counts, exposure).value_or(0);
    }
    if (x <= 0 || n <= 0 || (share && x >= n)) return;
    const double rate = x / n;
    for (const AdDay* day : days.closed) {
      const double part = number(day->counts, exposure).value_or(0);
      const double miss = number(day->counts, events).value_or(0) - part * rate;
      seen += miss * miss;
      allowed += part * rate * (1 - part / n) * (share ? 1 - rate : 1);
    }
  }
  double phi(const BeliefRules& rules) const {
    return std::max(1.0,
                    (seen + rules.phi_prior * rules.phi_events) / (allowed + rules.phi_events));
  }
};

struct Prior {
  double events = 1;
  double exposure = 2;
};

Prior fit_prior(std::span<RateBelief* const> rates, double phi) {
  if (rates.front()->kind == RateKind::share) {
    std::vector<RateCount> arms;
    for (const RateBelief* rate : rates) arms.push_back({rate->events, rate->exposure});
    const BetaPrior prior = fit_rates(arms, phi).prior;
    return {prior.a, prior.a + prior.b};
  }
  std::vector<SpendCount> arms;
  for (const RateBelief* rate : rates) arms.push_back({rate->events, rate->exposure});
  const GammaPrior prior = fit_spend(arms, phi).prior;
  return {prior.shape, prior.rate};
}

// What the group's ads share: their sums, and the population that they are draws from.
void set_group(std::span<RateBelief* const> rates, double phi) {
  double events = 0;
  double exposure = 0;
  for (const RateBelief* rate : rates) {
    events += rate->events;
    exposure += rate->exposure;
  }
  const Prior prior = fit_prior(rates, phi);
  for (RateBelief* rate : rates) {
    rate->group_events = events;
    rate->group_exposure = exposure;
    rate->prior_events = prior.events;
    rate->prior_exposure = prior.exposure;
    rate->phi = phi;
  }
}

struct Pairing {
  RateMember rate;
  Metric events;
  Metric exposure;
  bool share;
};

void pool(std::span<Belief*> group, const DaysByAd& days, const RateMetrics& metrics,
          const BeliefRules& rules) {
  using enum Metric;
  const Pairing pairings[] = {{&Belief::ctr, metrics.clicks, impressions, true},
                              {&Belief::cvr, conversions, metrics.clicks, true},
                              {&Belief::sales, conversions, spend, false},
                              {&Belief::roas, conversions, spend, false},
                              {&Belief::hook, metrics.hook, impressions, true},
                              {&Belief::hold, metrics.hold, metrics.hook, true}};
  for (const Pairing& pairing : pairings) {
    std::vector<RateBelief*> rates;
    Spread spread;
    for (Belief* belief : group) {
      std::optional<RateBelief>& rate = belief->*pairing.rate;
      if (!rate) continue;
      rates.push_back(&*rate);
      const auto found = days.find(belief->id.text);
      if (found == days.end()) continue;
      spread.add(found->second, pairing.events, pairing.exposure, pairing.share);
    }
    if (!rates.empty()) set_group(rates, spread.phi(rules));
  }
}

// Squared coefficient of variation of the values of single orders, from the days of each ad around
// its own mean: Var(value of a day | n orders) = n m^2 spread, and n orders of N leave 1 - n/N of
// it around a mean that they are a part of. `rules.order_spread` stands in until there are orders.
// Source: as Spread; the conditional variance of a sum of n independent values.
struct OrderSpread {
  double seen = 0;
  double allowed = 0;

  void add(const RecentDays& days) {
    double value = 0;
    double orders = 0;
    for (const AdDay* day : days.closed) {
      value += number(day->counts, Metric::conversion_value).value_or(0);
      orders += number(day->counts, Metric::conversions).value_or(0);
    }
    if (value <= 0 || orders <= 1) return;
    const double mean = value / orders;
    for (const AdDay* day : days.closed) {
      const double n = number(day->counts, Metric::conversions).value_or(0);
      const double miss = number(day->counts, Metric::conversion_value).value_or(0) / mean - n;
      seen += miss * miss;
      allowed += n * (1 - n / orders);
    }
  }
  double fitted(const BeliefRules& rules) const {
    return (seen + rules.order_spread * rules.order_spread_orders) /
           (allowed + rules.order_spread_orders);
  }
};

// Puts ROAS into units of orders: Var(sum of values) = rate * E[v^2] = rate * (mean v) *
// order_unit.
// Source: the variance of a compound Poisson sum, Kaas et al., Modern Actuarial Risk Theory, 3.3.
void set_order_unit(std::span<Belief*> group, const DaysByAd& days, const BeliefRules& rules) {
  OrderSpread spread;
  double value = 0;
  double orders = 0;
  for (const Belief* belief : group) {
    if (!belief->roas) continue;
    value += belief->roas->events;
    orders += belief->sales->events;
    const auto found = days.find(belief->id.text);
    if (found != days.end()) spread.add(found->second);
  }
  // Orders that are worth nothing, all of them, are orders whose value is not tracked.
  const bool has_value = orders > 0 && value > 0;
  const double unit = has_value ? value / orders * (1 + spread.fitted(rules)) : 1;
  for (Belief* belief : group) {
    belief->order_unit = unit;
    if (!has_value) belief->roas.reset();
    if (!belief->roas) continue;
    belief->roas->events /= unit;
    belief->roas->exposure /= unit;
  }
}

// The days of one ad as `match` wants them; empty where a side was not reported.
std::vector<DayPart> day_parts(const RecentDays& days, Metric events, double unit) {
  std::vector<DayPart> parts;
  for (const AdDay* day : days.closed) {
    const std::optional<double> spent = number(day->counts, Metric::spend);
    if (!spent) continue;
    parts.push_back({day->day, *spent, number(day->counts, events).value_or(0) / unit});
  }
  return parts;
}

void set_matched(std::span<Belief*> group, const DaysByAd& days) {
  const bool by_value =
      std::ranges::any_of(group, [](const Belief* b) { return b->roas.has_value(); });
  std::vector<Belief*> members;
  std::vector<std::vector<DayPart>> parts;
  for (Belief* belief : group) {
    const auto found = days.find(belief->id.text);
    const bool reports = by_value ? belief->roas.has_value() : belief->sales.has_value();
    if (!reports || found == days.end()) continue;
    members.push_back(belief);
    parts.push_back(by_value
                        ? day_parts(found->second, Metric::conversion_value, belief->order_unit)
                        : day_parts(found->second, Metric::conversions, 1));
  }
  std::vector<std::optional<Matched>> matched = match(parts);
  for (std::size_t i = 0; i < members.size(); ++i) members[i]->matched = matched[i];
}

void set_group_cpa(std::span<Belief*> group) {
  std::optional<double> cpa;
  for (const Belief* belief : group) {
    if (!belief->sales || belief->sales->group_events <= 0) continue;
    cpa = belief->sales->group_exposure / belief->sales->group_events;
    break;
  }
  for (Belief* belief : group) belief->group_cpa = cpa;
}

// Clicks on links, where the ads that report them have most of the group's impressions.
Metric clicks_of(std::span<Belief*> group) {
  std::int64_t with = 0;
  std::int64_t without_links = 0;
  for (const Belief* belief : group) {
    const std::int64_t impressions = belief->closed.or_zero(Metric::impressions);
    (belief->closed.has(Metric::link_clicks) ? with : without_links) += impressions;
  }
  return with >= without_links && with > 0 ? Metric::link_clicks : Metric::clicks_all;
}

std::string group_name(const Belief& belief, Platform platform) {
  std::string name(to_string(platform));
  name += " ads of this account";
  if (!belief.conversion_event.empty()) name += " with " + belief.conversion_event;
  if (!belief.attribution.empty()) name += ", " + belief.attribution;
  return name;
}

double shape_of(const RateBelief& rate) { return rate.prior_events + rate.events / rate.phi; }
double weight_of(const RateBelief& rate) { return rate.prior_exposure + rate.exposure / rate.phi; }

BetaPosterior as_beta(const RateBelief& rate) {
  const double a = shape_of(rate);
  return {a, std::max(weight_of(rate) - a, 1e-6), rate.exposure};
}
GammaPosterior as_gamma(const RateBelief& rate) {
  return {shape_of(rate), weight_of(rate), rate.exposure};
}

std::int64_t observations(const RateBelief& rate) {
  return std::llround(rate.kind == RateKind::share ? rate.exposure : rate.events);
}

// The rest of the group as a posterior of its own; half an event for the prior.
// Source: Jeffreys' prior of a Poisson rate.
GammaPosterior control_of(const RateBelief& rate) {
  return {control_events(rate) / rate.phi + 0.5, control_exposure(rate) / rate.phi, 0};
}

void take_empty_as_none(Belief& belief, Metric metric) {
  belief.empty_is_none = belief.empty_is_none || !belief.closed.has(metric);
  for (Counts* counts : {&belief.closed, &belief.settled, &belief.recent, &belief.before}) {
    if (counts->has(Metric::impressions) && !counts->has(metric)) counts->set(metric, 0);
  }
  auto& arrived = metric == Metric::conversions ? belief.conversions_arrived : belief.value_arrived;
  arrived = arrived.value_or(0);
}

// See beliefs().
void take_empty_as_none(const std::vector<Belief*>& group) {
  for (Metric metric : {Metric::conversions, Metric::conversion_value}) {
    const bool exported = std::ranges::any_of(
        group, [metric](const Belief* belief) { return belief->closed.has(metric); });
    for (Belief* belief : group) {
      if (exported && belief->closed.has(Metric::impressions)) take_empty_as_none(*belief, metric);
    }
  }
}

}  // namespace

std::vector<Belief> beliefs(const History& history, Day today, const BeliefRules& rules) {
  RF_CHECK(rules.settle_days >= 0 && rules.settle_days <= kLookback.count());
  const Settings settings(history.totals);
  const DaysByAd days = sort_days(history, settings, today, Days(rules.settle_days));
  const RecentDays no_days;

  std::vector<Belief> all;
  for (const AdTotals& row : history.totals) {
    if (!settings.judges(row)) continue;
    const auto found = days.find(row.id.text);
    all.push_back(window_counts(row, found == days.end() ? no_days : found->second, today));
  }
  std::ranges::sort(all, std::less(), &Belief::id);

  std::map<std::pair<std::string, std::string>, std::vector<Belief*>> groups;
  for (Belief& belief : all) {
    groups[{belief.attribution, belief.conversion_event}].push_back(&belief);
  }
  for (auto& [setting, group] : groups) {
    if (history.platform == Platform::meta) take_empty_as_none(group);
    const RateMetrics metrics = rate_metrics(history.platform, clicks_of(group));
    for (Belief* belief : group) {
      belief->group = group_name(*belief, history.platform);
      belief->group_ads = static_cast<std::int64_t>(group.size());
      set_own_rates(*belief, metrics);
    }
    set_order_unit(group, days, rules);
    pool(group, days, metrics, rules);
    set_group_cpa(group);
    set_matched(group, days);
  }
  return all;
}

std::vector<AccountDay> account_days(const History& history, Day today) {
  const Settings settings(history.totals);
  std::map<Day, Counts> by_day;
  for (const AdDay& row : history.days) {
    if (row.day >= today || row.day < today - kLookback || !settings.judges(row)) continue;
    by_day[row.day].add(row.counts);
  }
  std::vector<AccountDay> account;
  account.reserve(by_day.size());
  for (const auto& [day, counts] : by_day) account.push_back({day, counts});
  return account;
}

Estimate estimate(const RateBelief& rate, double mass) {
  const bool share = rate.kind == RateKind::share;
  const Interval range =
      share ? central_interval(as_beta(rate), mass) : central_interval(as_gamma(rate), mass);
  return {shape_of(rate) / weight_of(rate), range.low, range.high, observations(rate)};
}

Estimate inverse_estimate(const RateBelief& rate, double mass) {
  const Interval range = cpa_interval(as_gamma(rate), mass);
  return {cpa_median(as_gamma(rate)), range.low, range.high, observations(rate)};
}

// Both sides as gammas, whose ratio is a beta prime; for shares as small as click rates the two
// families agree, and the gamma is the wider one.
// Source: Johnson, Kotz & Balakrishnan 1995, 25.2.
Estimate lift_estimate(const RateBelief& rate, double mass) {
  RF_CHECK(mass > 0 && mass < 1 && control_events(rate) > 0);
  const GammaPosterior own = as_gamma(rate);
  const GammaPosterior control = control_of(rate);
  auto at = [&](double part) {
    const double x = beta_quantile(own.shape, control.shape, part);
    return x / (1 - x) * control.rate / own.rate - 1;
  };
  const double value = mean(own) / (control_events(rate) / control_exposure(rate)) - 1;
  return {value, at((1 - mass) / 2), at((1 + mass) / 2), observations(rate)};
}

double chance_of_lift(const RateBelief& rate, double lift) {
  const GammaPosterior own = as_gamma(rate);
  const GammaPosterior control = control_of(rate);
  const double odds = (1 + lift) * own.rate / control.rate;
  return beta_upper(own.shape, control.shape, odds / (1 + odds));
}

double chance_above(const RateBelief& rate, double bound) {
  if (rate.kind == RateKind::share) return chance_above(as_beta(rate), bound);
  return chance_above(as_gamma(rate), bound);
}

double control_events(const RateBelief& rate) {
  return std::max(0.0, rate.group_events - rate.events);
}
double control_exposure(const RateBelief& rate) {
  return std::max(0.0, rate.group_exposure - rate.exposure);
}

}  // namespace rf::learn
