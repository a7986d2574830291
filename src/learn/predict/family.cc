#include "learn/predict/family.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

// exp of more than this is of no use to anyone; keeps a wild margin finite.
constexpr double kMarginMax = 60;

double exp_of(double margin) { return std::exp(std::clamp(margin, -kMarginMax, kMarginMax)); }

double logistic(double margin) {
  if (margin >= 0) return 1 / (1 + std::exp(-margin));
  const double e = std::exp(margin);
  return e / (1 + e);
}

// ln(1 + e^x) without overflow.
double soft_plus(double x) {
  return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
}

}  // namespace

std::string_view to_string(Family family) {
  switch (family) {
    case Family::binary: return "binary";
    case Family::count: return "count";
    case Family::real: return "real";
  }
  check_failed(__FILE__, __LINE__, "family has a name");
}

Family family_of(std::span<const double> outcomes, bool has_exposure) {
  bool binary = !has_exposure;
  for (double outcome : outcomes) {
    if (outcome < 0 || outcome != std::floor(outcome)) return Family::real;
    binary = binary && outcome <= 1;
  }
  return binary ? Family::binary : Family::count;
}

double mean_of(Family family, double margin) {
  switch (family) {
    case Family::binary: return logistic(margin);
    case Family::count: return exp_of(margin);
    case Family::real: return margin;
  }
  return margin;
}

double margin_of(Family family, double mean) {
  switch (family) {
    case Family::binary: RF_CHECK(mean > 0 && mean < 1); return std::log(mean / (1 - mean));
    case Family::count: RF_CHECK(mean > 0); return std::log(mean);
    case Family::real: return mean;
  }
  return mean;
}

double loss_of(Family family, double outcome, double margin) {
  switch (family) {
    case Family::binary: return soft_plus(margin) - outcome * margin;
    case Family::count: return exp_of(margin) - outcome * margin + log_gamma(outcome + 1);
    case Family::real: return 0.5 * (outcome - margin) * (outcome - margin);
  }
  return 0;
}

Slope slope_of(Family family, double outcome, double margin) {
  switch (family) {
    case Family::binary: {
      const double p = logistic(margin);
      return {.first = p - outcome, .second = p * (1 - p)};
    }
    case Family::count: {
      const double mean = exp_of(margin);
      return {.first = mean - outcome, .second = mean};
    }
    case Family::real: return {.first = margin - outcome, .second = 1};
  }
  return {};
}

double mean_loss(Family family, std::span<const double> outcomes, std::span<const double> margins) {
  RF_CHECK(outcomes.size() == margins.size() && !outcomes.empty());
  double sum = 0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) sum += loss_of(family, outcomes[i], margins[i]);
  return sum / static_cast<double>(outcomes.size());
}

double base_margin(Family family, std::span<const double> outcomes,
                   std::span<const double> exposure) {
  double sum = 0;
  double weight = 0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    sum += outcomes[i];
    weight += exposure.empty() ? 1 : exposure[i];
  }
  switch (family) {
    case Family::binary: return std::log((sum + 0.5) / (weight - sum + 0.5));
    case Family::count: return std::log((sum + 0.5) / std::max(weight, 1e-9));
    case Family::real: return weight > 0 ? sum / weight : 0;
  }
  return 0;
}

}  // namespace rf::learn
