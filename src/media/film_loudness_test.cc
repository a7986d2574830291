// Loudness of films in their own channels, against ffmpeg's ebur128 filter.

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "media/frames_for_test.h"
#include "media/loudness.h"
#include "media/watch.h"
#include "media/watching_for_test.h"

namespace rf::media {
namespace {

class Meter final : public Viewer {
 public:
  Status begin(const MediaFacts&) override { return {}; }
  Status on_frame(std::size_t, const Frame&) override { return {}; }
  Status on_samples(const Samples&) override { return {}; }
  Status on_channels(const ChannelSamples& samples) override {
    if (!loudness) loudness = RF_TRY(Loudness::open_as(samples));
    channels = samples.channels;
    loudness->on_samples(samples.interleaved);
    return {};
  }
  std::optional<Loudness> loudness;
  int channels = 0;
};

// The last line of its summary that says so, to a tenth.
std::optional<double> by_ffmpeg(const std::string& path) {
  const std::string told = printed("ffmpeg -nostdin -hide_banner -nostats -i '" + path +
                                   "' -map 0:a:0 -af ebur128=framelog=verbose -f null - 2>&1");
  const std::size_t at = told.rfind("    I:");
  if (at == std::string::npos) return std::nullopt;
  return std::strtod(told.c_str() + at + 6, nullptr);
}

void expect_alike(const std::string& path, int channels) {
  SCOPED_TRACE(path);
  Meter meter;
  NoProgress progress;
  const Result<Watched> watched =
      watch(test_decoder(), path, {.audio_rate_hz = 22050, .channels = true}, meter, progress);
  ASSERT_TRUE(watched) << watched.error().message;
  const std::optional<double> expected = by_ffmpeg(path);
  ASSERT_TRUE(meter.loudness && expected);
  if (channels > 0) {
    EXPECT_EQ(meter.channels, channels);
  }
  const std::optional<double> found = meter.loudness->finish().integrated_lufs;
  ASSERT_TRUE(found || *expected <= -70);
  if (!found) return;
  std::printf("[          ] %.2f LUFS, ffmpeg %.1f: %s\n", *found, *expected, path.c_str());
  // A tenth, and what rounding to a tenth hides.
  EXPECT_NEAR(*found, *expected, 0.1 + 0.05);
}

TEST(FilmLoudness, OfRealClipsIsFfmpegs) {
  if (!std::filesystem::exists(films_folder())) GTEST_SKIP() << "no shared films here";
  // Measured once besides, and as near: five more of these folders.
  for (const char* name : {"mdn/viper.mp3", "androidx/sample_edit_list.mp4",
                           "androidx/sowt-with-video.mov", "misc/moviepy_long_example.mp4"}) {
    const std::string path = films_folder() + "/" + name;
    if (by_ffmpeg(path)) expect_alike(path, 0);
  }
}

// Every channel has a tone of its own, so that each one's weight is heard.
std::string tones(const std::string& channels) {
  return "-f lavfi -i \"aevalsrc=" + channels + ":s=48000:d=6\" ";
}

TEST(FilmLoudness, OfComposedChannelsIsFfmpegs) {
  const TestFolder folder;
  const std::string front = ".2*sin(440*2*PI*t)|.1*sin(550*2*PI*t)";
  const auto made = [&](const std::string& name, const std::string& arguments) {
    return film_from(folder.path(), name, arguments);
  };
  expect_alike(made("mono.wav", tones(".2*sin(997*2*PI*t):c=mono")), 1);
  expect_alike(made("stereo.flac", tones(front + ":c=stereo")), 2);
  expect_alike(made("five.wav", tones(front + "|.05*sin(700*2*PI*t)|.8*sin(60*2*PI*t)|"
                                              ".3*sin(800*2*PI*t)|.3*sin(900*2*PI*t):c=5.1")),
               6);
  expect_alike(made("seven.flac", tones(front + "|.05*sin(700*2*PI*t)|.8*sin(60*2*PI*t)|"
                                                ".3*sin(800*2*PI*t)|.3*sin(900*2*PI*t)|"
                                                ".2*sin(333*2*PI*t)|.2*sin(444*2*PI*t):c=7.1")),
               8);
  expect_alike(made("five.mp4", tones(front + "|.05*sin(700*2*PI*t)|.8*sin(60*2*PI*t)|"
                                              ".3*sin(800*2*PI*t)|.3*sin(900*2*PI*t):c=5.1") +
                                    "-c:a aac -b:a 384k"),
               6);
}

}  // namespace
}  // namespace rf::media
