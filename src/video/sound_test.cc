#include "video/sound.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/rng.h"
#include "video/av_sync.h"
#include "video/beats.h"
#include "video/music_for_test.h"

namespace rf::video {
namespace {

Sound hear(const std::vector<float>& samples, std::size_t stretch = 4096) {
  SoundWatcher watcher;
  for (std::size_t from = 0; from < samples.size(); from += stretch) {
    const std::size_t count = std::min(stretch, samples.size() - from);
    watcher.on_samples({.first = static_cast<std::int64_t>(from),
                        .rate_hz = kSoundRateHz,
                        .mono = std::span(samples).subspan(from, count)});
  }
  return watcher.finish();
}

// A real clip's sound by the ffmpeg program, or nothing where one of them is absent.
std::vector<float> real_clip(const std::string& name) {
  // Tests do not change their environment. NOLINTNEXTLINE(concurrency-mt-unsafe)
  const char* source = std::getenv("RF_SOURCE_DIR");
  const std::string path =
      std::string(source != nullptr ? source : ".") + "/../shared/data/video/" + name;
  if (!std::filesystem::exists(path)) return {};
  const std::string command =
      "ffmpeg -v error -i '" + path + "' -map a:0 -ac 1 -ar 22050 -f f32le -";
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return {};
  std::vector<float> samples;
  std::array<float, 4096> block{};
  for (std::size_t n = 0; (n = std::fread(block.data(), sizeof(float), block.size(), pipe)) > 0;) {
    samples.insert(samples.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(n));
  }
  pclose(pipe);
  return samples;
}

// F-measure at +-70 ms, as beat trackers are compared.
double f_measure(const std::vector<double>& truth, const std::vector<double>& found) {
  std::size_t i = 0;
  std::size_t j = 0;
  double hits = 0;
  while (i < truth.size() && j < found.size()) {
    const double off = found[j] - truth[i];
    if (std::abs(off) <= 0.07) {
      ++hits;
      ++i;
      ++j;
    } else {
      ++(off < 0 ? j : i);
    }
  }
  const auto all = static_cast<double>(truth.size() + found.size());
  return all > 0 ? 2 * hits / all : 0;
}

TEST(Beats, AreFoundInMusicOfEveryKind) {
  const std::map<Piece, double> at_least = {{Piece::four_on_the_floor, 0.75},
                                            {Piece::loud_off_beats, 0.6},
                                            {Piece::swing, 0.7},
                                            {Piece::waltz, 0.7},
                                            {Piece::soft_strings, 0.7},
                                            {Piece::drifting, 0.7},
                                            {Piece::broken_drums, 0.6},
                                            {Piece::noisy_room, 0.7}};
  double all = 0;
  for (const auto& [kind, least] : at_least) {
    double sum = 0;
    double count = 0;
    for (const double bpm : {90.0, 120.0, 150.0}) {
      const PieceOfMusic piece = make_music(kind, bpm, 20, static_cast<std::uint64_t>(bpm));
      sum += f_measure(piece.beats_s, hear(piece.samples).beats_s);
      ++count;
    }
    std::printf("  %-18s F %.3f\n",
                std::string(kPieceNames[static_cast<std::size_t>(kind)]).c_str(), sum / count);
    EXPECT_GE(sum / count, least) << kPieceNames[static_cast<std::size_t>(kind)];
    all += sum / count;
  }
  EXPECT_GE(all / static_cast<double>(at_least.size()), 0.8);
}

TEST(Beats, OfADrumMachineAreExactToTenMilliseconds) {
  const std::vector<float> samples = real_clip("beats/808kick120bpm.mp3");
  if (samples.empty()) GTEST_SKIP() << "the clip or ffmpeg is not here";
  const Sound sound = hear(samples);
  EXPECT_NEAR(sound.tempo_bpm.value(), 120, 0.2);
  ASSERT_EQ(sound.beats_s.size(), 21U);
  double worst = 0;
  for (std::size_t i = 0; i < sound.beats_s.size(); ++i) {
    worst = std::max(worst, std::abs(sound.beats_s[i] - 0.5 * static_cast<double>(i)));
  }
  EXPECT_LE(worst, 0.01);
  RecordProperty("worst_ms", static_cast<int>(1000 * worst));
}

TEST(Beats, AreNotHeardInSpeechNoiseOrSilence) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    std::vector<float> noise(std::size_t{15} * kSoundRateHz);
    float last = 0;
    for (float& v : noise) {
      last = 0.1F * static_cast<float>(seed) * last + 0.1F * static_cast<float>(rng.normal());
      v = last;
    }
    const Sound sound = hear(noise);
    EXPECT_TRUE(sound.beats_s.empty());
    EXPECT_FALSE(sound.tempo_bpm);
    EXPECT_EQ(sound.speech_share, 0);
  }
  const Sound silent = hear(std::vector<float>(std::size_t{5} * kSoundRateHz, 0.0F));
  EXPECT_TRUE(silent.beats_s.empty() && silent.onsets_s.empty());
  EXPECT_DOUBLE_EQ(silent.silence_share, 1);
  for (const char* clip : {"faces_talking/WDA_KatieHill_000.mp4", "faces_talking/vretalk_1.mp4"}) {
    const std::vector<float> samples = real_clip(clip);
    if (samples.empty()) GTEST_SKIP() << "the clips or ffmpeg are not here";
    const Sound sound = hear(samples);
    EXPECT_FALSE(sound.tempo_bpm) << clip;
    EXPECT_GE(sound.speech_share, 0.7) << clip;
    EXPECT_FALSE(sound.vocals_s.empty()) << clip;
  }
}

TEST(Onsets, OfClicksAreExact) {
  std::vector<float> samples(std::size_t{6} * kSoundRateHz, 0.0F);
  std::vector<double> truth;
  for (double t = 0.5; t < 5.5; t += 0.37) {
    truth.push_back(t);
    const auto at = static_cast<std::size_t>(t * kSoundRateHz);
    for (std::size_t i = 0; i < 200; ++i) {
      samples[at + i] =
          0.5F * std::sin(0.6F * static_cast<float>(i)) * std::exp(-0.02F * static_cast<float>(i));
    }
  }
  const Sound sound = hear(samples);
  ASSERT_EQ(sound.onsets_s.size(), truth.size());
  for (std::size_t i = 0; i < truth.size(); ++i) EXPECT_NEAR(sound.onsets_s[i], truth[i], 0.01);
}

TEST(Drops, AreWhereTheBassComesIn) {
  PieceOfMusic piece = make_music(Piece::four_on_the_floor, 120, 16, 3);
  const double drop = piece.beats_s[16];
  const auto at = static_cast<std::size_t>(drop * kSoundRateHz);
  float last = 0;
  for (std::size_t i = 0; i < at; ++i) {  // Before it: thin and soft.
    const float thin = piece.samples[i] - last;
    last = piece.samples[i];
    piece.samples[i] = 0.2F * thin;
  }
  const Sound sound = hear(piece.samples);
  ASSERT_EQ(sound.drops_s.size(), 1U);
  EXPECT_NEAR(sound.drops_s[0], drop, 0.07);
  EXPECT_TRUE(hear(make_music(Piece::four_on_the_floor, 120, 16, 3).samples).drops_s.empty());
}

TEST(SoundSegments, TellMusicSilenceAndNoiseApart) {
  std::vector<float> samples = make_music(Piece::four_on_the_floor, 110, 10, 5).samples;
  samples.resize(samples.size() + std::size_t{4} * kSoundRateHz, 0.0F);
  Rng rng(4);
  for (int i = 0; i < 10 * kSoundRateHz; ++i) {
    samples.push_back(0.05F * static_cast<float>(rng.normal()));
  }
  const Sound sound = hear(samples);
  double wrong = 0;
  for (const SoundSegment& segment : sound.segments) {
    for (double t = segment.start_s; t < segment.end_s; t += 0.1) {
      const SoundKind truth = t < 10   ? SoundKind::music
                              : t < 14 ? SoundKind::silence
                                       : SoundKind::noise;
      wrong += segment.kind != truth ? 0.1 : 0;
    }
  }
  EXPECT_LE(wrong, 1.5);
  EXPECT_DOUBLE_EQ(sound.segments.back().end_s, 24);
}

TEST(SoundWatcher, HowTheSoundIsCutUpDoesNotMatter) {
  const PieceOfMusic piece = make_music(Piece::swing, 100, 12, 9);
  const Sound whole = hear(piece.samples, piece.samples.size());
  EXPECT_EQ(whole, hear(piece.samples, 1000));
  EXPECT_EQ(whole, hear(piece.samples, 77777));
  EXPECT_EQ(whole.loudness_of, "mono mix");
}

TEST(SoundWatcher, NonsenseAndScrapsDoNoHarm) {
  EXPECT_FALSE(hear({}).present);
  for (const std::size_t count : {1U, 100U, 219U, 221U, 3000U, 60000U}) {
    std::vector<float> samples(count, std::numeric_limits<float>::quiet_NaN());
    for (std::size_t i = 0; i < count; i += 3) samples[i] = 1e30F;
    const Sound sound = hear(samples);
    EXPECT_TRUE(sound.present);
    for (const double value : sound.energy) EXPECT_TRUE(std::isfinite(value));
  }
  SoundWatcher watcher;
  const std::vector<float> stereo(960, 0.1F);
  EXPECT_TRUE(watcher.on_channels({.rate_hz = 48000, .channels = 2, .interleaved = stereo}));
  EXPECT_FALSE(watcher.on_channels({.rate_hz = 48000, .channels = 1, .interleaved = stereo}));
  EXPECT_FALSE(SoundWatcher().on_channels({.rate_hz = 7, .channels = 2, .interleaved = stereo}));
}

// Cuts put at known distances from the beats of a click track come back to a frame.
TEST(FindSync, RecoversTheOffsetsOfCutsFromSound) {
  const PieceOfMusic piece = make_music(Piece::four_on_the_floor, 120, 24, 11);
  Sound sound = hear(piece.samples);
  ASSERT_GT(sound.beats_s.size(), 30U);
  sound.onsets_s.clear();
  sound.vocals_s.clear();
  const std::vector<double> offsets = {0, 0.07, -0.06, 0.2, -0.2, 0.03, 0.15, -0.07};
  std::vector<Shot> shots = {{.start_s = 0, .end_s = 1, .transition = Transition::start}};
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    const double t = piece.beats_s[3 + 4 * i] + offsets[i];
    shots.push_back({.start_s = std::round(t * 30) / 30, .end_s = t + 1});
  }
  const Sync sync = find_sync(audio_peaks(sound), visual_peaks(shots, {}, {}));
  ASSERT_EQ(sync.points.size(), offsets.size());
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    EXPECT_NEAR(sync.points[i].offset_s, offsets[i], 1.0 / 30) << i;
  }
  EXPECT_DOUBLE_EQ(sync.percent.value(), 100.0 * 5 / 8);
  EXPECT_EQ(sync.adjustments.size(), 3U);
}

}  // namespace
}  // namespace rf::video
