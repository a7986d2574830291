#include "learn/trajectory.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

// The grid, in units of a day's noise. Chosen: from a level that stands still to one that moves
// as much from day to day as a day's noise; slopes from none to one noise in 33 days; slopes that
// fade to half in 3, 7, 14 and 34 days.
struct Wander {
  double variance = 0;
  double prior = 0;
};
// A level that moves much is thought rarer before it is seen: four weeks of pure noise cannot rule
// it out, and would else leave a tenfold year some percent. Measured: learn/trajectory_test.cc.
constexpr std::array<Wander, 6> kWander{
    {{0, 0.4}, {1e-4, 0.25}, {1e-3, 0.2}, {1e-2, 0.12}, {1e-1, 0.025}, {1, 0.005}}};
constexpr std::array<double, 3> kSlope{0.003, 0.01, 0.03};  // Standard deviations in the long run.
constexpr std::array<double, 4> kFade{0.8, 0.9, 0.95, 0.98};

// How often a series is thought to have a slope at all, before it is seen. Chosen: three in ten.
constexpr double kSlopeChance = 0.3;

// Grid points that hold less than this of the best one's weight are dropped. Derived: all 78
// together then move a probability by less than 1e-3.
constexpr double kWeightMin = 1e-5;

// P(T > t) for Student's t.
// Source: NIST DLMF 8.17; Abramowitz & Stegun 26.7.1.
double student_above(double t, double freedom) {
  const double tail = beta_lower(freedom / 2, 0.5, freedom / (freedom + t * t)) / 2;
  return t >= 0 ? tail : 1 - tail;
}

struct Settings {
  double prior = 0;
  double wander = 0;
  double slope = 0;
  double fade = 0;
};

std::vector<Settings> grid() {
  std::vector<Settings> all;
  const double slopes = static_cast<double>(kSlope.size() * kFade.size());
  for (const Wander& wander : kWander) {
    all.push_back({.prior = wander.prior * (1 - kSlopeChance), .wander = wander.variance});
    for (const double slope : kSlope) {
      for (const double fade : kFade) {
        all.push_back({.prior = wander.prior * kSlopeChance / slopes,
                       .wander = wander.variance,
                       .slope = slope,
                       .fade = fade});
      }
    }
  }
  return all;
}

}  // namespace

// Runs one point of the grid over the days.
class TrajectoryFilter {
 public:
  // The first day sets the level, whose prior is flat; the slope begins as it is in the long run.
  TrajectoryFilter(const Settings& settings, DailyLog first) : day_(first.day) {
    model_.fade = settings.fade;
    model_.wander = settings.wander;
    const double stationary = settings.slope * settings.slope;
    model_.slope_step = stationary * (1 - settings.fade * settings.fade);
    model_.level = first.value;
    model_.var_level = 1;
    model_.var_slope = stationary;
  }

  void add(DailyLog next) {
    for (; day_ < next.day; ++day_) step();
    const double surprise = next.value - model_.level;
    const double spread = model_.var_level + 1;
    const double cov_gain_level = cov_gain_level_;
    model_.level += surprise * model_.var_level / spread;
    model_.slope += surprise * model_.cov_level_slope / spread;
    model_.gain += surprise * cov_gain_level / spread;
    model_.var_slope -= model_.cov_level_slope * model_.cov_level_slope / spread;
    model_.var_gain -= cov_gain_level * cov_gain_level / spread;
    model_.cov_gain_slope -= cov_gain_level * model_.cov_level_slope / spread;
    cov_gain_level_ -= cov_gain_level * model_.var_level / spread;
    model_.cov_level_slope -= model_.cov_level_slope * model_.var_level / spread;
    model_.var_level -= model_.var_level * model_.var_level / spread;
    log_spread_ += std::log(spread);
    squares_ += surprise * surprise / spread;
    ++surprises_;
  }

  // The model with its noise; its weight is the logarithm of the marginal likelihood.
  Trajectory::Model finish() const {
    Trajectory::Model model = model_;
    // A series without any noise would divide by zero; this is far below what a double resolves.
    const double squares = std::max(squares_, 1e-24);
    model.noise = squares / surprises_;
    model.weight = -0.5 * (log_spread_ + surprises_ * std::log(squares));
    return model;
  }

  static void advance(Trajectory::Model& model, double& cov_gain_level) {
    const double fade = model.fade;
    model.slope *= fade;
    model.level += model.slope;
    model.gain += model.slope;
    model.var_slope = fade * fade * model.var_slope + model.slope_step;
    model.cov_level_slope = fade * model.cov_level_slope + model.var_slope;
    model.cov_gain_slope = fade * model.cov_gain_slope + model.var_slope;
    // Both took the new slope and the same step: each covariance below is of the sums.
    model.var_level += 2 * model.cov_level_slope - model.var_slope + model.wander;
    model.var_gain += 2 * model.cov_gain_slope - model.var_slope + model.wander;
    cov_gain_level += model.cov_level_slope + model.cov_gain_slope - model.var_slope + model.wander;
  }

 private:
  void step() { advance(model_, cov_gain_level_); }

  Trajectory::Model model_;
  double cov_gain_level_ = 0;
  std::int64_t day_ = 0;
  double log_spread_ = 0;
  double squares_ = 0;
  double surprises_ = 0;
};

std::optional<Trajectory> Trajectory::fit(std::span<const DailyLog> days) {
  if (days.size() < kTrajectoryDaysMin) return std::nullopt;
  RF_CHECK(days.back().day - days.front().day <= kTrajectorySpanMax);
  Trajectory fitted;
  fitted.days_ = days.size();
  double best = -std::numeric_limits<double>::infinity();
  for (const Settings& settings : grid()) {
    TrajectoryFilter filter(settings, days.front());
    for (std::size_t i = 1; i < days.size(); ++i) {
      RF_CHECK(days[i - 1].day < days[i].day);
      filter.add(days[i]);
    }
    Model model = filter.finish();
    model.weight += std::log(settings.prior);
    best = std::max(best, model.weight);
    fitted.models_.push_back(model);
  }
  double sum = 0;
  for (Model& model : fitted.models_) model.weight = std::exp(model.weight - best);
  std::erase_if(fitted.models_, [](const Model& model) { return model.weight < kWeightMin; });
  for (const Model& model : fitted.models_) sum += model.weight;
  for (Model& model : fitted.models_) model.weight /= sum;
  return fitted;
}

std::vector<Trajectory::Part> Trajectory::parts_at(std::int64_t ahead, Of what) const {
  RF_CHECK(ahead >= 1 && ahead <= kTrajectorySpanMax);
  std::vector<Part> parts;
  for (Model model : models_) {
    double cov_gain_level = 0;  // Not asked for after the last day.
    for (std::int64_t day = 0; day < ahead; ++day) {
      TrajectoryFilter::advance(model, cov_gain_level);
    }
    const double variance = what == Of::day ? model.var_level + 1 : model.var_gain;
    parts.push_back({.weight = model.weight,
                     .centre = what == Of::day ? model.level : model.gain,
                     .scale = std::sqrt(model.noise * variance)});
  }
  return parts;
}

double Trajectory::chance_above(std::span<const Part> parts, double bound) const {
  const double freedom = static_cast<double>(days_) - 1;
  double chance = 0;
  for (const Part& part : parts) {
    chance += part.weight * student_above((bound - part.centre) / part.scale, freedom);
  }
  return chance;
}

double Trajectory::quantile(std::span<const Part> parts, double p) const {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  // Student's t with 27 degrees of freedom is beyond 12 scales less than once in 1e11.
  for (const Part& part : parts) {
    low = std::min(low, part.centre - 12 * part.scale);
    high = std::max(high, part.centre + 12 * part.scale);
  }
  for (int halving = 0; halving < 50 && high - low > 1e-9; ++halving) {
    const double middle = low + (high - low) / 2;
    (chance_above(parts, middle) > 1 - p ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

TrajectoryForecast Trajectory::at(std::int64_t ahead) const {
  const std::vector<Part> parts = parts_at(ahead, Of::day);
  return {.median = quantile(parts, 0.5),
          .likely80 = {.low = quantile(parts, 0.1), .high = quantile(parts, 0.9)},
          .likely95 = {.low = quantile(parts, 0.025), .high = quantile(parts, 0.975)}};
}

double Trajectory::chance_of_growth(double factor, std::int64_t ahead) const {
  RF_CHECK(factor > 0);
  return chance_above(parts_at(ahead, Of::gain), std::log(factor));
}

double NaiveGrowth::after(double days) const { return first * std::exp(days * std::log1p(d)); }

NaiveGrowth naive_growth(double first, double last, double days) {
  RF_CHECK(first > 0 && last > 0 && days > 0);
  return {.first = first, .d = std::expm1(std::log(last / first) / days)};
}

}  // namespace rf::learn
