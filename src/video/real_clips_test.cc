// Shots and motion of real clips, the truth known by looking at their pictures.
//
// fades.mp4 is plain light: black at pictures 84 and 167, white between. testvideo.mp4 begins black
// until 30, cuts to black at 180, is black from about 361 to 392 between a fade out and a fade in,
// and dissolves from 530 to 556.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "media/flow.h"
#include "media/frames_for_test.h"
#include "video/motion.h"

namespace rf::video {
namespace {

struct Film {
  int width = 0;
  int height = 0;
  std::string pictures;  // One after the other.

  std::size_t size() const { return width > 0 ? pictures.size() / one() : 0; }
  std::size_t one() const {
    return static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  }
  std::span<const std::uint8_t> at(std::size_t i) const {
    return {reinterpret_cast<const std::uint8_t*>(pictures.data()) + i * one(), one()};
  }
};

// Grey pictures [first, last) as small as told; none where the film is absent.
Film read(const std::string& name, int width, int height, int first, int last) {
  const std::string path = media::shared_video(name);
  if (!media::is_there(path)) return {};
  return {width, height,
          media::printed(fmt::format("ffmpeg -nostdin -v error -threads 1 -i {} -vf "
                                     "trim=start_frame={}:end_frame={},scale={}:{}:flags=area "
                                     "-vsync passthrough -f rawvideo -pix_fmt gray -",
                                     path, first, last, width, height))};
}

media::Frame frame_at(const Film& film, std::size_t i) {
  return {.t_s = static_cast<double>(i),
          .index = static_cast<std::int64_t>(i),
          .width = film.width,
          .height = film.height,
          .pixels = media::Pixels::grey,
          .data = film.at(i)};
}

// A second stands for a picture.
std::vector<Shot> shots_of(const Film& film, int first) {
  ShotDetector detector;
  for (std::size_t i = 0; i < film.size(); ++i) {
    media::Frame frame = frame_at(film, i);
    frame.t_s = (static_cast<double>(i) + first) / 25;
    detector.on_frame(frame);
  }
  return detector.finish((static_cast<double>(film.size()) + first) / 25);
}

struct Truth {
  Transition transition;
  double at;  // Number of the picture.
};

void expect_shots(const Film& film, int first, const std::vector<Truth>& truth) {
  const std::vector<Shot> shots = shots_of(film, first);
  ASSERT_EQ(shots.size(), truth.size() + 1);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    EXPECT_EQ(shots[i + 1].transition, truth[i].transition) << i;
    const double tolerance = truth[i].transition == Transition::cut ? 0.01 : 2;
    EXPECT_NEAR(shots[i + 1].start_s * 25, truth[i].at, tolerance) << i;
  }
}

TEST(RealClips, FadesOfPlainLightStandInTheMiddleOfTheBlack) {
  const Film film = read("scenedetect/fades.mp4", 90, 60, 0, 250);
  if (film.size() == 0) GTEST_SKIP() << "the shared films are not here";
  expect_shots(film, 0, {{Transition::fade, 84}, {Transition::fade, 167}});
}

TEST(RealClips, CutsFadesAndDissolvesStandWhereTheEyeSeesThem) {
  const Film film = read("scenedetect/testvideo.mp4", 320, 180, 0, 600);
  if (film.size() == 0) GTEST_SKIP() << "the shared films are not here";
  expect_shots(film, 0,
               {{Transition::cut, 30},
                {Transition::cut, 180},
                {Transition::fade, 377},
                {Transition::dissolve, 543.5}});
}

TEST(RealClips, ACameraThatFollowsAPlayerMakesNoShot) {
  const Film film = read("mmaction/test_video_structuralize.mp4", 320, 180, 190, 260);
  if (film.size() == 0) GTEST_SKIP() << "the shared films are not here";
  EXPECT_EQ(shots_of(film, 0).size(), 1U);
}

std::vector<double> ranks(const std::vector<double>& values) {
  std::vector<double> found;
  for (double value : values) {
    double below = 0;
    for (double other : values) below += other < value ? 1 : other == value ? 0.5 : 0;
    found.push_back(below);
  }
  return found;
}

double spearman(const std::vector<double>& a, const std::vector<double>& b) {
  const std::vector<double> x = ranks(a);
  const std::vector<double> y = ranks(b);
  const auto n = static_cast<double>(x.size());
  const double mx = std::accumulate(x.begin(), x.end(), 0.0) / n;
  const double my = std::accumulate(y.begin(), y.end(), 0.0) / n;
  double xy = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mx) * (y[i] - my);
    xx += (x[i] - mx) * (x[i] - mx);
    yy += (y[i] - my) * (y[i] - my);
  }
  return xy / std::sqrt(xx * yy);
}

struct Clip {
  std::string name;
  int width, height;              // As filmed.
  int small_width, small_height;  // With a short side of 180.
};

// Thirty pictures each of one that hardly moves and one that does; full lengths of 32 clips were
// measured once, see cells.h.
TEST(RealClips, EnergyGoesUpAndDownWithFarnebacksAtFullSize) {
  constexpr int kPictures = 30;
  for (const Clip& clip : {Clip{"intel_samples/bottle-detection.mp4", 640, 360, 320, 180},
                           Clip{"misc/chaplin.mp4", 640, 360, 320, 180}}) {
    SCOPED_TRACE(clip.name);
    const Film large = read(clip.name, clip.width, clip.height, 0, kPictures);
    const Film small = read(clip.name, clip.small_width, clip.small_height, 0, kPictures);
    if (large.size() == 0) GTEST_SKIP() << "the shared films are not here";
    media::DenseFlow reference(media::FlowMethod::farneback);
    MotionAnalyser analyser;
    std::vector<double> lengths;
    for (std::size_t i = 0; i < small.size(); ++i) {
      analyser.on_frame(frame_at(small, i));
      if (i == 0) continue;
      const media::FlowField& flow =
          reference.between(large.at(i - 1), large.at(i), clip.width, clip.height);
      double sum = 0;
      for (std::size_t k = 0; k < flow.xy.size(); k += 2) {
        sum += static_cast<double>(std::hypot(flow.xy[k], flow.xy[k + 1]));
      }
      lengths.push_back(sum);
    }
    std::vector<double> energies;
    for (const MotionFrame& frame : analyser.finish({}, kPictures).motion.timeline) {
      energies.push_back(frame.energy);
    }
    ASSERT_EQ(energies.size(), lengths.size());
    EXPECT_GT(spearman(energies, lengths), 0.85);
  }
}

}  // namespace
}  // namespace rf::video
