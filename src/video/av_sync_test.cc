#include "video/av_sync.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::video {
namespace {

using testing::HasSubstr;

std::vector<AudioPeak> beats(std::initializer_list<double> times) {
  std::vector<AudioPeak> peaks;
  for (const double t : times) peaks.push_back({.t_s = t, .type = AudioPeakType::beat});
  return peaks;
}

std::vector<VisualPeak> cuts(std::initializer_list<double> times) {
  std::vector<VisualPeak> peaks;
  for (const double t : times) peaks.push_back({.t_s = t, .type = VisualPeakType::cut});
  return peaks;
}

TEST(FindSync, CountsExactlyWhatLiesWithinTheTolerance) {
  const Sync sync = find_sync(beats({1, 2, 3, 4}), cuts({1.05, 1.9, 3.11, 4.5}));
  EXPECT_DOUBLE_EQ(sync.percent.value(), 50);
  ASSERT_EQ(sync.points.size(), 4U);
  EXPECT_TRUE(sync.points[0].synced);
  EXPECT_TRUE(sync.points[1].synced);  // .1 is within .1.
  EXPECT_FALSE(sync.points[2].synced);
  EXPECT_FALSE(sync.points[3].synced);
  EXPECT_NEAR(sync.points[0].score, 0.75, 1e-9);
  EXPECT_NEAR(sync.points[1].offset_s, -0.1, 1e-9);
  EXPECT_NEAR(sync.mean_offset_s.value(), (0.05 + 0.1 + 0.11 + 0.5) / 4, 1e-9);
}

TEST(FindSync, OneBeatServesOneCutOnly) {
  const Sync sync = find_sync(beats({1}), cuts({0.95, 1.02}));
  EXPECT_DOUBLE_EQ(sync.percent.value(), 50);
  EXPECT_FALSE(sync.points[0].synced);
  EXPECT_TRUE(sync.points[1].synced);  // The nearer one.
  const Sync both = find_sync(beats({1, 1.09}), cuts({1.01, 1.02}));
  EXPECT_DOUBLE_EQ(both.percent.value(), 100);  // More pairs before nearer ones.
}

TEST(FindSync, AMovementDoesNotTakeACutsBeat) {
  const std::vector<AudioPeak> audio{{.t_s = 1.07, .type = AudioPeakType::beat}};
  const std::vector<VisualPeak> visual{{.t_s = 1.0, .type = VisualPeakType::cut},
                                       {.t_s = 1.11, .type = VisualPeakType::motion}};
  const Sync sync = find_sync(audio, visual);
  EXPECT_TRUE(sync.points.at(0).synced);
  EXPECT_FALSE(sync.points.at(1).synced);
  EXPECT_EQ(sync.percent, 100);
}

TEST(FindSync, CutsThatAreOffGetFreeBeats) {
  const Sync sync = find_sync(beats({1, 2, 3}), cuts({1.3, 1.4, 3}));
  ASSERT_EQ(sync.adjustments.size(), 2U);
  EXPECT_NEAR(sync.adjustments[0].shift_s, -0.3, 1e-9);
  EXPECT_EQ(sync.adjustments[0].direction, "earlier");
  EXPECT_NEAR(sync.adjustments[1].target_s, 2, 1e-9);
  EXPECT_EQ(sync.adjustments[1].direction, "later");
}

TEST(FindSync, ABeatIsABetterTargetThanANearerOnset) {
  std::vector<AudioPeak> audio = beats({1, 2});
  audio.insert(audio.begin() + 1, {.t_s = 1.55, .type = AudioPeakType::onset});
  const Sync sync = find_sync(audio, cuts({1.7}));
  ASSERT_EQ(sync.adjustments.size(), 1U);
  EXPECT_NEAR(sync.adjustments[0].target_s, 2, 1e-9);
  EXPECT_EQ(sync.points[0].audio, AudioPeakType::onset);  // What is nearest is still said.
}

TEST(FindSync, ASoundTrackThatLiesWrongIsToldFromWrongCuts) {
  const Sync sync = find_sync(beats({1, 2, 3, 4}), cuts({1.2, 2.21, 3.19, 4.2}));
  EXPECT_DOUBLE_EQ(sync.percent.value(), 0);
  EXPECT_THAT(sync.recommendation, HasSubstr("0.20 s late"));
}

TEST(FindSync, NothingIsSaidOfNothing) {
  EXPECT_FALSE(find_sync({}, cuts({1})).percent);
  EXPECT_FALSE(find_sync(beats({1}), {}).percent);
  const Sync moved = find_sync(beats({1}), {{.t_s = 1, .type = VisualPeakType::motion}});
  EXPECT_FALSE(moved.percent);
  EXPECT_TRUE(moved.points.at(0).synced);
}

// The largest number of pairs, by trying everything.
int most_pairs(const std::vector<AudioPeak>& audio, const std::vector<VisualPeak>& visual,
               std::size_t i, unsigned taken) {
  if (i == visual.size()) return 0;
  int best = most_pairs(audio, visual, i + 1, taken);
  for (std::size_t j = 0; j < audio.size(); ++j) {
    if ((taken >> j & 1U) != 0 || std::abs(audio[j].t_s - visual[i].t_s) > kSyncToleranceS)
      continue;
    best = std::max(best, 1 + most_pairs(audio, visual, i + 1, taken | 1U << j));
  }
  return best;
}

TEST(FindSync, NoMatchingHasMorePairsAndNoPeakIsUsedTwice) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    std::vector<AudioPeak> audio;
    std::vector<VisualPeak> visual;
    double a = 0;
    double v = 0;
    for (std::size_t i = 0; i < 7; ++i) {
      audio.push_back({.t_s = a += 0.02 + 0.15 * rng.uniform(), .type = AudioPeakType::onset});
      visual.push_back({.t_s = v += 0.02 + 0.15 * rng.uniform(), .type = VisualPeakType::cut});
    }
    const Sync sync = find_sync(audio, visual);
    std::vector<double> used;
    for (const SyncPoint& point : sync.points) {
      if (!point.synced) continue;
      EXPECT_LE(std::abs(point.offset_s), kSyncToleranceS + 1e-5);
      used.push_back(point.audio_s);
    }
    EXPECT_EQ(static_cast<int>(used.size()), most_pairs(audio, visual, 0, 0));
    EXPECT_EQ(std::adjacent_find(used.begin(), used.end()), used.end());
    EXPECT_TRUE(std::is_sorted(used.begin(), used.end()));
  }
}

TEST(AudioPeaks, OfPeaksThatFallTogetherTheWeightiestStays) {
  Sound sound;
  sound.beats_s = {1, 2};
  sound.onsets_s = {1.01, 1.5, 1.99};
  sound.drops_s = {2.02};
  sound.vocals_s = {1.52};
  const std::vector<AudioPeak> peaks = audio_peaks(sound);
  ASSERT_EQ(peaks.size(), 3U);
  EXPECT_EQ(peaks[0].type, AudioPeakType::beat);
  EXPECT_EQ(peaks[1].type, AudioPeakType::vocal);
  EXPECT_EQ(peaks[2].type, AudioPeakType::drop);
}

TEST(VisualPeaks, MotionAndFacesOfACutAreTheCutsOwn) {
  const std::vector<Shot> shots = {
      {.start_s = 0, .end_s = 2, .transition = Transition::start},
      {.start_s = 2, .end_s = 4, .transition = Transition::cut},
      {.start_s = 4, .end_s = 6, .transition = Transition::dissolve, .transition_s = 1}};
  const std::vector<VisualPeak> peaks =
      visual_peaks(shots, {{.t_s = 1, .energy = 5}, {.t_s = 2.03}}, {0.5, 4.4});
  ASSERT_EQ(peaks.size(), 4U);
  EXPECT_EQ(peaks[0].type, VisualPeakType::face_appear);
  EXPECT_EQ(peaks[1].type, VisualPeakType::motion);
  EXPECT_EQ(peaks[2].type, VisualPeakType::cut);
  EXPECT_EQ(peaks[3].type, VisualPeakType::transition);
}

}  // namespace
}  // namespace rf::video
