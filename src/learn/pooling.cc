#include "learn/pooling.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/check.h"
#include "learn/highest.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

// The hyperprior of the header, on ln(successes the prior is worth).
constexpr double kWorthMiddle = 2.302585092994046;  // ln 10.
constexpr double kWorthSpread = 2;

// No fit goes beyond: stronger than ten million trials is equal for every purpose, and the
// likelihood has no slope there.
constexpr double kLogStrengthMax = 16.1;

double worth_penalty(double log_worth) {
  const double z = (log_worth - kWorthMiddle) / kWorthSpread;
  return 0.5 * z * z;
}

// Ends a search that would not settle; chosen.
constexpr int kCallsMax = 150;

// At most kPoolArmsMax of the items that count, at even strides.
template <typename Item, typename Counts>
std::vector<Item> sampled(std::span<const Item> items, Counts counts) {
  std::vector<Item> kept;
  std::copy_if(items.begin(), items.end(), std::back_inserter(kept), counts);
  if (kept.size() <= kPoolArmsMax) return kept;
  std::vector<Item> strided;
  strided.reserve(kPoolArmsMax);
  for (std::size_t i = 0; i < kPoolArmsMax; ++i) {
    strided.push_back(kept[i * kept.size() / kPoolArmsMax]);
  }
  return strided;
}

double beta_log_likelihood(RateCount count, double a, double b) {
  return log_rising(a, count.successes) + log_rising(b, count.trials - count.successes) -
         log_rising(a + b, count.trials);
}

// a and b from the logit of the mean and ln(a), the log of the successes the prior is worth.
BetaPrior beta_at(const Point& at) {
  const double odds = std::exp(std::clamp(at[0], -25.0, 25.0));
  const double worth = std::exp(std::clamp(at[1], -12.0, kLogStrengthMax));
  return {.a = worth, .b = worth / odds};
}

void check_count(RateCount count) {
  RF_CHECK(count.successes >= 0 && count.successes <= count.trials);
}

// The weakest strength looked at: a seventh of a trial.
constexpr double kLogStrengthMin = -2;

}  // namespace

RateFit fit_rates(std::span<const RateCount> arms, double phi) {
  RF_CHECK(phi >= 1);
  RateFit fit;
  RateCount total;
  for (const RateCount& count : arms) {
    check_count(count);
    total.successes += count.successes / phi;
    total.trials += count.trials / phi;
    fit.arms += count.trials > 0 ? 1 : 0;
  }
  if (total.trials == 0) return fit;
  // Half a success keeps the rate off the ends.
  const double rate = (total.successes + 0.5) / (total.trials + 1);
  fit.prior = {.a = 1, .b = (1 - rate) / rate};
  if (fit.arms < kPoolArmsMin || total.successes == 0 || total.successes == total.trials) {
    return fit;
  }
  std::vector<RateCount> kept =
      sampled(arms, [](const RateCount& count) { return count.trials > 0; });
  for (RateCount& count : kept) {
    count = {.successes = count.successes / phi, .trials = count.trials / phi};
  }
  auto height = [&kept](const Point& at) {
    const BetaPrior prior = beta_at(at);
    double sum = -worth_penalty(at[1]);
    for (const RateCount& count : kept) sum += beta_log_likelihood(count, prior.a, prior.b);
    return sum;
  };
  const Point start{std::log(rate / (1 - rate)), kWorthMiddle};
  fit.prior = beta_at(highest_near(height, start, kCallsMax));
  fit.fitted = true;
  return fit;
}

SpendFit fit_spend(std::span<const SpendCount> arms, double phi) {
  RF_CHECK(phi >= 1);
  SpendFit fit;
  SpendCount total;
  for (const SpendCount& count : arms) {
    RF_CHECK(count.conversions >= 0 && count.spend >= 0);
    total.conversions += count.conversions / phi;
    total.spend += count.spend / phi;
    fit.arms += count.spend > 0 ? 1 : 0;
  }
  if (total.spend == 0) return fit;
  fit.prior = {.shape = 1, .rate = total.spend / (total.conversions + 0.5)};
  if (fit.arms < kPoolArmsMin || total.conversions == 0) return fit;
  std::vector<SpendCount> kept =
      sampled(arms, [](const SpendCount& count) { return count.spend > 0; });
  for (SpendCount& count : kept) {
    count = {.conversions = count.conversions / phi, .spend = count.spend / phi};
  }
  auto prior_at = [](const Point& at) {
    const double shape = std::exp(std::clamp(at[1], -12.0, kLogStrengthMax));
    return GammaPrior{.shape = shape, .rate = shape / std::exp(at[0])};
  };
  auto height = [&kept, prior_at](const Point& at) {
    const GammaPrior prior = prior_at(at);
    double sum = -worth_penalty(at[1]);
    for (const SpendCount& count : kept) {
      sum += log_rising(prior.shape, count.conversions) -
             prior.shape * std::log1p(count.spend / prior.rate) -
             count.conversions * std::log(prior.rate + count.spend);
    }
    return sum;
  };
  const Point start{std::log(total.conversions / total.spend), kWorthMiddle};
  fit.prior = prior_at(highest_near(height, start, kCallsMax));
  fit.fitted = true;
  return fit;
}

OrderValueFit fit_order_values(std::span<const OrderTotal> arms) {
  OrderValueFit fit;
  OrderTotal total;
  auto has_orders = [](const OrderTotal& arm) { return arm.orders > 0 && arm.value > 0; };
  for (const OrderTotal& arm : arms) {
    RF_CHECK(arm.orders >= 0 && arm.value >= 0);
    if (!has_orders(arm)) continue;
    total.orders += arm.orders;
    total.value += arm.value;
    ++fit.arms;
  }
  if (fit.arms == 0) return fit;
  const double pooled = total.value / total.orders;
  fit.prior = {.shape = 1, .orders = 1, .mean = pooled};
  if (fit.arms < kPoolArmsMin) return fit;
  const std::vector<OrderTotal> kept = sampled(arms, has_orders);
  auto prior_at = [pooled](const Point& at) {
    return OrderValuePrior{.shape = std::exp(std::clamp(at[0], -4.0, 7.0)),
                           .orders = std::exp(std::clamp(at[1], -4.0, 9.0)),
                           .mean = pooled};
  };
  auto height = [&kept, prior_at](const Point& at) {
    const OrderValuePrior prior = prior_at(at);
    // Shape near 1 and some ten orders, each within a factor of seven, unless the counts object.
    double sum = -0.5 * (at[0] / 2) * (at[0] / 2) - worth_penalty(at[1]);
    const double a = 1 + prior.shape * prior.orders;
    const double b = prior.orders * prior.mean;
    for (const OrderTotal& arm : kept) {
      const double own = prior.shape * arm.orders;
      // ln of V^(own) B^A/[B(own, A)(B + V)^(A + own)], the 1/V left out as it is constant.
      sum += own * std::log(arm.value) + a * std::log(b) + log_rising(a, own) - log_gamma(own) -
             (a + own) * std::log(b + arm.value);
    }
    return sum;
  };
  fit.prior = prior_at(highest_near(height, {0, kWorthMiddle}, kCallsMax));
  fit.fitted = true;
  return fit;
}

double fit_strength(std::span<const RateCount> arms, std::span<const double> parent_means,
                    double phi) {
  RF_CHECK(arms.size() == parent_means.size() && phi >= 1);
  struct Child {
    RateCount count;
    double mean = 0;
  };
  std::vector<Child> children;
  double mean_sum = 0;
  for (std::size_t i = 0; i < arms.size(); ++i) {
    check_count(arms[i]);
    RF_CHECK(parent_means[i] > 0 && parent_means[i] < 1);
    if (arms[i].trials <= 0) continue;
    children.push_back(
        {.count = {.successes = arms[i].successes / phi, .trials = arms[i].trials / phi},
         .mean = parent_means[i]});
    mean_sum += parent_means[i];
  }
  if (children.empty()) return 1;
  const double typical = mean_sum / static_cast<double>(children.size());
  children = sampled(std::span<const Child>(children), [](const Child&) { return true; });
  auto height = [&children, typical](double log_strength) {
    const double s = std::exp(log_strength);
    double sum = -worth_penalty(log_strength + std::log(typical));
    for (const Child& child : children) {
      sum += beta_log_likelihood(child.count, s * child.mean, s * (1 - child.mean));
    }
    return sum;
  };
  return std::exp(highest_between(height, kLogStrengthMin, kLogStrengthMax, 1e-4));
}

RateHierarchy fit_hierarchy(std::span<const GroupedCount> arms, std::size_t groups, double phi) {
  std::vector<RateCount> totals(groups);
  for (const GroupedCount& arm : arms) {
    RF_CHECK(arm.group < groups);
    check_count(arm.count);
    totals[arm.group].successes += arm.count.successes;
    totals[arm.group].trials += arm.count.trials;
  }
  RateHierarchy found;
  found.account = fit_rates(totals, phi);
  std::vector<double> group_mean;
  group_mean.reserve(groups);
  for (const RateCount& total : totals) {
    group_mean.push_back(mean(rate_posterior(total, found.account.prior, phi)));
  }
  std::vector<RateCount> counts;
  std::vector<double> means;
  counts.reserve(arms.size());
  means.reserve(arms.size());
  for (const GroupedCount& arm : arms) {
    counts.push_back(arm.count);
    means.push_back(group_mean[arm.group]);
  }
  const RateFit all = fit_rates(counts, phi);
  // With too few ads to see how they scatter, the weak prior's worth of one success stands.
  found.strength = all.fitted ? fit_strength(counts, means, phi) : all.prior.a + all.prior.b;
  found.group.reserve(groups);
  for (double center : group_mean) {
    found.group.push_back({.a = found.strength * center, .b = found.strength * (1 - center)});
  }
  return found;
}

}  // namespace rf::learn
