// Cut points and advice on films of told energy.

#include "video/cut_points.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "video/segments.h"

namespace rf::video {
namespace {

constexpr double kStepS = 0.1;

// Steps of a tenth of a second: lengths in seconds and energies.
std::vector<Step> film_of(const std::vector<std::pair<double, double>>& stretches) {
  std::vector<Step> steps;
  for (const auto& [length_s, energy] : stretches) {
    for (int i = 0; i < std::lround(length_s / kStepS); ++i) {
      Step step;
      step.from_s = static_cast<double>(steps.size()) * kStepS;
      step.frame.t_s = step.from_s + kStepS;
      step.frame.energy = energy;
      step.frame.type = type_of(energy);
      steps.push_back(step);
    }
  }
  return steps;
}

Motion motion_of(const std::vector<Step>& steps) {
  Motion motion;
  for (const auto& [type, name] : EnumNames<MotionType>::names) {
    const auto count = std::count_if(steps.begin(), steps.end(), [wanted = type](const Step& step) {
      return step.frame.type == wanted;
    });
    motion.distribution[std::string(name)] =
        static_cast<double>(count) / static_cast<double>(steps.size());
  }
  motion.segments = segments_of(steps);
  return motion;
}

bool advises(const std::vector<Advice>& all, const std::string& what, double t_s) {
  return std::any_of(all.begin(), all.end(), [&](const Advice& one) {
    return one.what == what && std::abs(one.t_s - t_s) < 1e-6;
  });
}

TEST(CutPoints, TheBestIsWhereAMovementComesToRest) {
  const std::vector<CutPoint> points = cut_points_of(film_of({{3, 20}, {3, 0}, {3, 20}}), {}, 9, 1);
  ASSERT_EQ(points.size(), 1U);
  EXPECT_NEAR(points[0].t_s, 3.1, 1e-6);
  // All calm, and fallen by everything the half second before had.
  EXPECT_NEAR(points[0].score, 1, 1e-6);
  EXPECT_EQ(points[0].reason, "a movement comes to rest");
}

TEST(CutPoints, AnEvenMovementScoresItsCalmAlone) {
  for (double energy : {0.0, 5.0, 20.0}) {
    const std::vector<CutPoint> points = cut_points_of(film_of({{4, energy}}), {}, 4, 3);
    ASSERT_FALSE(points.empty());
    for (const CutPoint& point : points) {
      EXPECT_NEAR(point.score, 0.6 / (1 + energy / 5), 1e-6);
      EXPECT_EQ(point.reason, "little moves");
    }
  }
}

TEST(CutPoints, KeepApartFromEachOtherTheEndsAndTheCutsThatAreThere) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Rng rng(seed);
    std::vector<std::pair<double, double>> stretches;
    stretches.reserve(12);
    for (int i = 0; i < 12; ++i) stretches.emplace_back(0.3 + rng.uniform(), 20 * rng.uniform());
    const std::vector<Step> steps = film_of(stretches);
    const double end_s = steps.back().frame.t_s;
    const std::vector<Shot> shots{{0, end_s / 2, Transition::start, 0},
                                  {end_s / 2, end_s, Transition::cut, 0}};
    const std::vector<CutPoint> points = cut_points_of(steps, shots, end_s, 4);
    EXPECT_LE(points.size(), 4U);
    for (std::size_t i = 0; i < points.size(); ++i) {
      EXPECT_GE(points[i].t_s, 0.5);
      EXPECT_LE(points[i].t_s, end_s - 0.5);
      EXPECT_GE(std::abs(points[i].t_s - end_s / 2), 0.5);
      EXPECT_GE(points[i].score, 0);
      EXPECT_LE(points[i].score, 1);
      for (std::size_t k = 0; k < i; ++k) {
        EXPECT_GE(std::abs(points[i].t_s - points[k].t_s), 1);
        EXPECT_LE(points[i].score, points[k].score);
      }
    }
  }
}

TEST(CutPoints, AFilmTooShortHasNone) {
  EXPECT_TRUE(cut_points_of({}, {}, 0, 5).empty());
  EXPECT_TRUE(cut_points_of(film_of({{0.8, 2}}), {}, 0.8, 5).empty());
}

TEST(Advise, ALongStillStretchIsNamedWhereItBegins) {
  const std::vector<Step> steps = film_of({{3, 3}, {4, 0}, {3, 3}});
  const std::vector<Advice> advice = advise(motion_of(steps), 10);
  EXPECT_TRUE(advises(advice, "cut, move or shorten", 3));
  EXPECT_EQ(advice.size(), 1U);
}

TEST(Advise, AStillOpeningIsToldOnceAndAsAnOpening) {
  const std::vector<Advice> advice = advise(motion_of(film_of({{4, 0}, {4, 8}})), 8);
  EXPECT_TRUE(advises(advice, "open on movement", 0));
  EXPECT_EQ(advice.size(), 1U);
}

TEST(Advise, AChaoticEndIsToBeHeldStill) {
  const std::vector<Advice> advice = advise(motion_of(film_of({{6, 3}, {3, 30}})), 9);
  EXPECT_TRUE(advises(advice, "hold the end still", 6));
  EXPECT_EQ(advice.size(), 1U);
}

TEST(Advise, OneKindThroughoutAsksForVariety) {
  EXPECT_TRUE(advises(advise(motion_of(film_of({{8, 3}})), 8), "vary the motion", 0));
  EXPECT_TRUE(advises(advise(motion_of(film_of({{8, 30}})), 8), "let some shots rest", 0));
  EXPECT_TRUE(advise(motion_of(film_of({{4, 3}})), 4).empty());
}

TEST(Advise, SaysNothingOfALivelyFilmOrOfNone) {
  EXPECT_TRUE(advise(Motion{}, 0).empty());
  EXPECT_TRUE(advise(motion_of(film_of({{2, 3}, {2, 8}, {2, 3}, {1, 0}})), 7).empty());
}

}  // namespace
}  // namespace rf::video
