#include "learn/posterior.h"

#include <cmath>
#include <limits>

#include "base/check.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

// 1/rate, where no rate at all means an endless cost.
double turned_over(double rate) {
  return rate > 0 ? 1 / rate : std::numeric_limits<double>::infinity();
}

bool is_count(std::optional<double> count) { return count && std::isfinite(*count) && *count >= 0; }

// The share of G(a) in G(a) + G(b) at which ROAS equals `bound`.
double share_at(const RoasPosterior& belief, double bound) {
  return bound <= 0 ? 0 : bound / (bound + belief.scale);
}

double roas_quantile(const RoasPosterior& belief, double p) {
  // The smaller side is the accurate one.
  const double share = beta_quantile(belief.a, belief.b, p);
  const double rest = share < 0.5 ? 1 - share : beta_quantile(belief.b, belief.a, 1 - p);
  return rest > 0 ? belief.scale * share / rest : std::numeric_limits<double>::infinity();
}

}  // namespace

BetaPosterior rate_posterior(RateCount count, BetaPrior prior, double phi) {
  RF_CHECK(count.successes >= 0 && count.successes <= count.trials);
  RF_CHECK(phi >= 1 && prior.a > 0 && prior.b > 0);
  return {.a = prior.a + count.successes / phi,
          .b = prior.b + (count.trials - count.successes) / phi,
          .n = count.trials / phi};
}

GammaPosterior spend_posterior(SpendCount count, GammaPrior prior, double phi) {
  RF_CHECK(count.conversions >= 0 && count.spend >= 0);
  RF_CHECK(phi >= 1 && prior.shape > 0 && prior.rate > 0);
  return {.shape = prior.shape + count.conversions / phi,
          .rate = prior.rate + count.spend / phi,
          .n = count.spend / phi};
}

RoasPosterior roas_posterior(const GammaPosterior& sales, SpendCount count, double value,
                             const OrderValuePrior& orders, double phi) {
  RF_CHECK(value >= 0 && count.conversions >= 0 && phi >= 1);
  RF_CHECK(orders.shape > 0 && orders.orders > 0 && orders.mean > 0);
  const double seen = count.conversions / phi;
  // Value without an order cannot be a mean of anything: it waits for its order.
  const double worth = seen > 0 ? value / phi : 0;
  return {.a = sales.shape,
          .b = 1 + orders.shape * (orders.orders + seen),
          .scale = orders.shape * (orders.orders * orders.mean + worth) / sales.rate,
          .n = sales.n};
}

std::optional<BetaPosterior> reported_rate_posterior(std::optional<double> successes,
                                                     std::optional<double> trials, BetaPrior prior,
                                                     double phi) {
  if (!is_count(successes) || !is_count(trials) || *successes > *trials) return std::nullopt;
  return rate_posterior({.successes = *successes, .trials = *trials}, prior, phi);
}

std::optional<GammaPosterior> reported_spend_posterior(std::optional<double> conversions,
                                                       std::optional<double> spend,
                                                       GammaPrior prior, double phi) {
  if (!is_count(conversions) || !is_count(spend)) return std::nullopt;
  return spend_posterior({.conversions = *conversions, .spend = *spend}, prior, phi);
}

double mean(const BetaPosterior& belief) { return belief.a / (belief.a + belief.b); }
double mean(const GammaPosterior& belief) { return belief.shape / belief.rate; }
double mean(const RoasPosterior& belief) {
  RF_CHECK(belief.b > 1);
  return belief.scale * belief.a / (belief.b - 1);
}

double deviation(const BetaPosterior& belief) {
  const double total = belief.a + belief.b;
  return std::sqrt(belief.a / total * (belief.b / total) / (total + 1));
}

double deviation(const GammaPosterior& belief) { return std::sqrt(belief.shape) / belief.rate; }

Interval central_interval(const BetaPosterior& belief, double mass) {
  RF_CHECK(mass > 0 && mass < 1);
  const double side = (1 - mass) / 2;
  return {.low = beta_quantile(belief.a, belief.b, side),
          .high = beta_quantile(belief.a, belief.b, 1 - side)};
}

Interval central_interval(const GammaPosterior& belief, double mass) {
  RF_CHECK(mass > 0 && mass < 1);
  const double side = (1 - mass) / 2;
  return {.low = gamma_quantile(belief.shape, side) / belief.rate,
          .high = gamma_quantile(belief.shape, 1 - side) / belief.rate};
}

Interval central_interval(const RoasPosterior& belief, double mass) {
  RF_CHECK(mass > 0 && mass < 1);
  const double side = (1 - mass) / 2;
  return {.low = roas_quantile(belief, side), .high = roas_quantile(belief, 1 - side)};
}

double chance_below(const BetaPosterior& belief, double bound) {
  return beta_lower(belief.a, belief.b, bound);
}

double chance_above(const BetaPosterior& belief, double bound) {
  return beta_upper(belief.a, belief.b, bound);
}

double chance_below(const GammaPosterior& belief, double bound) {
  return gamma_lower(belief.shape, bound * belief.rate);
}

double chance_above(const GammaPosterior& belief, double bound) {
  return gamma_upper(belief.shape, bound * belief.rate);
}

double chance_below(const RoasPosterior& belief, double bound) {
  return beta_lower(belief.a, belief.b, share_at(belief, bound));
}

double chance_above(const RoasPosterior& belief, double bound) {
  return beta_upper(belief.a, belief.b, share_at(belief, bound));
}

Interval cpa_interval(const GammaPosterior& belief, double mass) {
  const Interval rate = central_interval(belief, mass);
  return {.low = turned_over(rate.high), .high = turned_over(rate.low)};
}

double cpa_median(const GammaPosterior& belief) {
  return turned_over(gamma_quantile(belief.shape, 0.5) / belief.rate);
}

double chance_cpa_below(const GammaPosterior& belief, double cpa) {
  return cpa <= 0 ? 0 : chance_above(belief, 1 / cpa);
}

double chance_cpa_above(const GammaPosterior& belief, double cpa) {
  return cpa <= 0 ? 1 : chance_below(belief, 1 / cpa);
}

}  // namespace rf::learn
