// Motion of made-up films whose speed, direction and camera are known.

#include "video/motion.h"

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "video/face_motion.h"
#include "video/scenes_for_test.h"

namespace rf::video {
namespace {

constexpr double kToReference = 6;  // 1080 : 180.

Moving watch(const std::vector<Picture>& film, MotionMethod method = MotionMethod::hybrid,
             const Faces& faces = {}) {
  MotionAnalyser analyser(method);
  for (std::size_t i = 0; i < film.size(); ++i) {
    analyser.on_frame(frame_of(film[i], static_cast<std::int64_t>(i)));
  }
  return analyser.finish(faces, static_cast<double>(film.size()) / 30);
}

std::vector<Picture> pan(std::uint64_t seed, double dx, double dy, int pictures = 8) {
  const Texture texture(seed);
  std::vector<Picture> film;
  film.reserve(static_cast<std::size_t>(pictures));
  for (int i = 0; i < pictures; ++i) film.push_back(shifted(texture, i * dx, i * dy));
  return film;
}

TEST(MotionAnalyser, ReadsTheSpeedOfAPan) {
  for (double speed : {0.5, 1.0, 2.0, 4.0, 8.0}) {
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
      SCOPED_TRACE("seed " + std::to_string(seed) + " speed " + std::to_string(speed));
      const Moving moving = watch(pan(seed, speed * 0.8, speed * 0.6));
      // Beyond it the strip that enters at the edges, and is nowhere in the picture before, tells.
      // Cells between light and dark change too little for the search, and slopes count by .6 only.
      const double tolerance = speed < 1 ? 0.3 : 0.2;
      EXPECT_NEAR(moving.motion.mean, speed * kToReference, tolerance * speed * kToReference);
      for (const MotionFrame& frame : moving.motion.timeline) {
        // A ninth of a pixel of the small picture is the finest that the search tells.
        EXPECT_NEAR(frame.camera, speed * kToReference, 0.1 * speed * kToReference + 0.7);
        EXPECT_LT(frame.object, 0.3 * speed * kToReference + 0.7);
        EXPECT_EQ(frame.direction, Direction::right);
      }
    }
  }
}

TEST(MotionAnalyser, TurnsWithThePicture) {
  EXPECT_EQ(watch(pan(1, -3, 0)).motion.timeline[3].direction, Direction::left);
  EXPECT_EQ(watch(pan(1, 0, 3)).motion.timeline[3].direction, Direction::down);
  EXPECT_EQ(watch(pan(1, 0, -3)).motion.timeline[3].direction, Direction::up);
}

TEST(MotionAnalyser, AMirroredFilmMovesTheOtherWay) {
  std::vector<Picture> film = pan(4, 2, 1);
  const Moving plain = watch(film);
  for (Picture& picture : film) {
    for (int y = 0; y < kHigh; ++y) {
      const auto row = picture.begin() + static_cast<std::ptrdiff_t>(y) * kWide;
      std::reverse(row, row + kWide);
    }
  }
  const Moving mirrored = watch(film);
  for (std::size_t i = 0; i < plain.motion.timeline.size(); ++i) {
    EXPECT_NEAR(plain.motion.timeline[i].horizontal, -mirrored.motion.timeline[i].horizontal, 0.8);
    EXPECT_NEAR(plain.motion.timeline[i].vertical, mirrored.motion.timeline[i].vertical, 0.8);
  }
}

TEST(MotionAnalyser, AZoomAndATurnAreTheCameras) {
  const Texture texture(7);
  for (const bool turn : {false, true}) {
    std::vector<Picture> film;
    for (int i = 0; i < 8; ++i) {
      const double scale = turn ? 1 : std::pow(1.01, -i);
      const double angle = turn ? 0.01 * i : 0;
      const double c = scale * std::cos(angle), s = scale * std::sin(angle);
      film.push_back(draw(texture, [=](double x, double y) {
        const double dx = x - kWide / 2.0, dy = y - kHigh / 2.0;
        return std::pair{c * dx + s * dy, c * dy - s * dx};
      }));
    }
    const Moving moving = watch(film);
    for (const MotionFrame& frame : moving.motion.timeline) {
      EXPECT_LT(frame.object, 0.25 * frame.energy) << turn;
      EXPECT_EQ(frame.direction, Direction::mixed);
    }
  }
}

TEST(MotionAnalyser, AnObjectBeforeAStillBackgroundLeavesTheCameraAtRest) {
  const Texture background(1), object(2);
  std::vector<Picture> film;
  for (int i = 0; i < 12; ++i) {
    Picture picture = shifted(background, 0, 0);
    const Picture moving = shifted(object, 3.0 * i, 0);
    for (int y = 60; y < 120; ++y) {
      for (int x = 100 + 3 * i; x < 180 + 3 * i; ++x) {
        const auto at = static_cast<std::size_t>(y) * kWide + static_cast<std::size_t>(x);
        picture[at] = moving[at];
      }
    }
    film.push_back(picture);
  }
  const Moving moving = watch(film);
  for (const MotionFrame& frame : moving.motion.timeline) {
    EXPECT_LT(frame.camera, 0.3);
    EXPECT_GT(frame.object, 0.8 * frame.energy);
    EXPECT_GT(frame.center, frame.edge);
  }
  EXPECT_TRUE(moving.shots.size() == 1);
}

TEST(MotionAnalyser, NoiseStandsStillByEveryMethod) {
  const Picture clean = shifted(Texture(3), 0, 0);
  for (MotionMethod method :
       {MotionMethod::hybrid, MotionMethod::flow, MotionMethod::difference, MotionMethod::blocks}) {
    Rng rng(5);
    std::vector<Picture> film;
    for (int i = 0; i < 10; ++i) {
      Picture picture = clean;
      for (std::uint8_t& pixel : picture) pixel = grey(pixel + 2 * (rng.uniform() - 0.5) * 1.5);
      film.push_back(picture);
    }
    const Moving moving = watch(film, method);
    EXPECT_DOUBLE_EQ(moving.motion.distribution.at("static"), 1) << static_cast<int>(method);
  }
}

TEST(MotionAnalyser, BlocksFindWholePixels) {
  const Moving moving = watch(pan(2, 3, -2), MotionMethod::blocks);
  EXPECT_NEAR(moving.motion.mean, std::hypot(3, 2) * kToReference, 3);
}

TEST(MotionAnalyser, ASkippedPictureIsNotSpeed) {
  const std::vector<Picture> film = pan(1, 2, 0, 20);
  MotionAnalyser analyser;
  for (std::int64_t i = 0; i < 20; i += 2) {
    analyser.on_frame(frame_of(film[static_cast<std::size_t>(i)], i));
  }
  EXPECT_NEAR(analyser.finish({}, 20.0 / 30).motion.mean, 12, 1.8);
}

TEST(MotionAnalyser, AFadeOfLightIsNotMotion) {
  const Picture bright = shifted(Texture(6), 0, 0);
  std::vector<Picture> film;
  film.reserve(20);
  for (int i = 0; i < 20; ++i)
    film.push_back(mixed(Picture(bright.size(), 0), bright, 0.5 + i * 0.02));
  EXPECT_LT(watch(film).motion.mean, kStaticBelow);
}

TEST(MotionAnalyser, ACutHasItsNeighboursMotion) {
  std::vector<Picture> film = pan(1, 1, 0, 30);
  for (Picture& picture : pan(9, 2, 0, 30)) film.push_back(std::move(picture));
  const Moving moving = watch(film);
  ASSERT_EQ(moving.shots.size(), 2U);
  EXPECT_DOUBLE_EQ(moving.shots[1].start_s, 1.0);
  EXPECT_TRUE(moving.motion.timeline[29].cut);
  EXPECT_NEAR(moving.motion.timeline[29].energy, 12, 1.2);
}

TEST(MotionAnalyser, NothingOrOnePictureIsNoTrouble) {
  EXPECT_TRUE(watch({}).motion.timeline.empty());
  EXPECT_TRUE(watch({}).shots.empty());
  const Moving one = watch({shifted(Texture(1), 0, 0)});
  EXPECT_TRUE(one.motion.timeline.empty());
  EXPECT_EQ(one.shots.size(), 1U);
}

TEST(MotionAnalyser, FacesShareTheMotionBetweenThemAndTheRest) {
  Faces faces;
  for (double t_s : {0.0, 0.2, 0.4}) {
    faces.samples.push_back({t_s, {{.box = {0.25, 0.25, 0.5, 0.5}, .confidence = 1, .track = 1}}});
  }
  const Moving moving = watch(pan(3, 2, 0), MotionMethod::hybrid, faces);
  EXPECT_NEAR(moving.face_motion.mean_coverage, 0.25, 1e-9);
  EXPECT_NEAR(moving.face_motion.face_to_background, kFaceWeight / 3, 0.15);
  for (const MotionFrame& frame : moving.motion.timeline) {
    EXPECT_NEAR(
        frame.face_share * frame.face / kFaceWeight + (1 - frame.face_share) * frame.background,
        frame.energy, 0.05 * frame.energy);
  }
}

TEST(MotionAnalyser, AttentionStaysWithinItsBounds) {
  const Moving moving = watch(pan(3, 5, 0, 60));
  ASSERT_FALSE(moving.attention.value.empty());
  for (double value : moving.attention.value) {
    EXPECT_GE(value, 0);
    EXPECT_LE(value, 1);
  }
}

TEST(StepLog, KeepsTheMeanOfAFilmOfAnyLength) {
  StepLog log;
  double sum = 0;
  constexpr int kSteps = 30000;
  for (int i = 0; i < kSteps; ++i) {
    Step step;
    step.frame.energy = i % 7;
    step.frame.t_s = i + 1;
    step.from_s = i;
    sum += step.frame.energy;
    log.add(step);
    ASSERT_LT(log.steps().size(), StepLog::kStepsMax);
  }
  double kept = 0;
  double until_s = 0;
  for (const Step& step : log.take()) {
    kept += step.frame.energy * static_cast<double>(step.pictures);
    EXPECT_DOUBLE_EQ(step.from_s, until_s);
    until_s = step.frame.t_s;
  }
  EXPECT_NEAR(kept, sum, 1e-6 * sum);
  EXPECT_DOUBLE_EQ(until_s, kSteps);
}

}  // namespace
}  // namespace rf::video
