// Films with a known content: times, turns, shades and sound come out as they were put in.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/watch.h"
#include "media/watching_for_test.h"

namespace rf::media {
namespace {

// Keeps all that comes.
class Keeper final : public Viewer {
 public:
  struct Kept {
    double t_s;
    std::int64_t index;
    int width;
    int height;
    std::vector<std::uint8_t> data;
  };

  Status begin(const MediaFacts&) override { return {}; }
  Status on_frame(std::size_t tap, const Frame& frame) override {
    frames[tap].push_back({frame.t_s,
                           frame.index,
                           frame.width,
                           frame.height,
                           {frame.data.begin(), frame.data.end()}});
    return {};
  }
  Status on_samples(const Samples& samples) override {
    if (!first) first = samples.first;
    sound.insert(sound.end(), samples.mono.begin(), samples.mono.end());
    return {};
  }
  Status on_vectors(const MotionVectors& vectors) override {
    for (const MotionVector& each : vectors.vectors) motion.push_back(each);
    return {};
  }

  std::map<std::size_t, std::vector<Kept>> frames;
  std::optional<std::int64_t> first;
  std::vector<float> sound;
  std::vector<MotionVector> motion;
};

class WatchExact : public testing::Test {
 protected:
  Watched watch_film(const std::string& path, const WatchOptions& options) {
    seen_ = {};
    NoProgress progress;
    Result<Watched> watched = watch(test_decoder(), path, options, seen_, progress);
    EXPECT_TRUE(watched) << watched.error().message;
    return watched ? *watched : Watched{};
  }

  std::string film(const std::string& name, const std::string& arguments) {
    std::string path = film_from(folder_.path(), name, arguments);
    EXPECT_FALSE(path.empty()) << arguments;
    return path;
  }

  TestFolder folder_;
  Keeper seen_;
};

// What ffprobe says of each shown picture, counted from the first.
std::vector<double> probed_times(const std::string& path) {
  const std::string command =
      "ffprobe -v error -select_streams v:0 -show_entries frame=best_effort_timestamp_time -of "
      "csv=p=0 " +
      path;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::vector<double> times;
  std::array<char, 256> line{};
  while (std::fgets(line.data(), line.size(), pipe.get()) != nullptr) {
    // A line of its own, empty, stands for what else a picture carries.
    if (line[0] != '\n') times.push_back(std::strtod(line.data(), nullptr));
  }
  for (std::size_t i = times.size(); i-- > 0;) times[i] -= times[0];
  return times;
}

TEST_F(WatchExact, PicturesComeAtTheContainersTimes) {
  std::vector<std::string> films{
      film("variable.mp4",
           "-f lavfi -i testsrc2=s=160x120:r=30:d=2 -vf select='mod(n\\,7)*mod(n\\,3)' -vsync vfr "
           "-c:v libx264 -preset ultrafast -bf 2 -pix_fmt yuv420p"),
      film("late.mkv",
           "-itsoffset 0.75 -f lavfi -i testsrc2=s=160x120:r=24:d=1 -f lavfi -i sine=d=2 -c:v "
           "libx264 -preset ultrafast")};
  for (const char* name :
       {"androidx/sample_edit_list.mp4", "faces_talking/vretalk_1.mp4", "hostile/unordered.mov",
        "androidx/hdr10-video-with-sdr-container.mp4"}) {
    const std::string real = films_folder() + "/" + name;
    if (std::filesystem::exists(real)) films.push_back(real);
  }
  for (const std::string& path : films) {
    SCOPED_TRACE(path);
    const Watched watched = watch_film(path, {.taps = {{Pixels::grey, 32, 0}}});
    const std::vector<double> expected = probed_times(path);
    ASSERT_EQ(seen_.frames[0].size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_NEAR(seen_.frames[0][i].t_s, expected[i], 2e-6);
      EXPECT_EQ(seen_.frames[0][i].index, static_cast<std::int64_t>(i));
    }
  }
}

TEST_F(WatchExact, KnowsASteadyRateFromAVariableOne) {
  const std::string source = "-f lavfi -i testsrc2=s=160x120:r=30:d=3 ";
  const std::string codec = " -c:v libx264 -preset ultrafast -pix_fmt yuv420p";
  const WatchOptions options{.taps = {{Pixels::grey, 32, 0}}};
  EXPECT_FALSE(watch_film(film("a.mp4", source + codec), options).facts.variable_rate);
  EXPECT_FALSE(
      watch_film(film("a.webm", source + "-c:v libvpx -deadline realtime -cpu-used 8"), options)
          .facts.variable_rate);
  EXPECT_TRUE(
      watch_film(film("b.mp4", source + "-vf select='mod(n\\,7)*mod(n\\,3)' -vsync vfr" + codec),
                 options)
          .facts.variable_rate);
}

// The mean of a channel over a square of a sixth of the picture, at a corner.
double shade(const Keeper::Kept& frame, int channels, int channel, bool right, bool bottom) {
  const int w = frame.width / 6;
  const int h = frame.height / 6;
  const int x0 = right ? frame.width - w : 0;
  const int y0 = bottom ? frame.height - h : 0;
  double total = 0;
  for (int y = y0; y < y0 + h; ++y) {
    for (int x = x0; x < x0 + w; ++x) {
      const int at = (y * frame.width + x) * channels + channel;
      total += frame.data[static_cast<std::size_t>(at)];
    }
  }
  return total / (w * h);
}

// Red, green, blue, white from the upper left, row by row; 320 x 180.
const char* const kQuarters =
    "-f lavfi -i color=red:s=160x90:d=0.2 -f lavfi -i color=lime:s=160x90:d=0.2 "
    "-f lavfi -i color=blue:s=160x90:d=0.2 -f lavfi -i color=white:s=160x90:d=0.2 "
    "-filter_complex '[0][1]hstack[a];[2][3]hstack[b];[a][b]vstack' ";

void expect_red_at(const Keeper::Kept& frame, bool right, bool bottom) {
  EXPECT_NEAR(shade(frame, 3, 2, right, bottom), 255, 12);
  EXPECT_NEAR(shade(frame, 3, 1, right, bottom), 0, 12);
  EXPECT_NEAR(shade(frame, 3, 0, right, bottom), 0, 12);
}

TEST_F(WatchExact, PicturesAreUpright) {
  const std::string stored =
      film("q.mp4", std::string(kQuarters) + "-c:v libx264 -crf 10 -pix_fmt yuv420p");
  struct Case {
    int said;  // To the muxer, which counts against the clock.
    int degrees;
    bool right;  // Where red is then, as ffmpeg itself shows it.
    bool bottom;
  };
  for (const Case& each : {Case{0, 0, false, false}, Case{270, 90, true, false},
                           Case{180, 180, true, true}, Case{90, 270, false, true}}) {
    SCOPED_TRACE(each.degrees);
    const std::string path =
        film(fmt::format("t{}.mp4", each.degrees),
             fmt::format("-i {} -c copy -metadata:s:v:0 rotate={}", stored, each.said));
    const Watched watched = watch_film(path, {.taps = {{Pixels::bgr, 60, 0}}});
    EXPECT_EQ(watched.facts.rotation_degrees, each.degrees);
    EXPECT_EQ(watched.facts.width, each.degrees % 180 == 0 ? 320 : 180);
    ASSERT_FALSE(seen_.frames[0].empty());
    expect_red_at(seen_.frames[0][0], each.right, each.bottom);
  }
}

TEST_F(WatchExact, ATurnedAndMirroredFilmShowsWhatTheUprightOneShows) {
  const std::string folder = films_folder() + "/androidx/";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no shared films here";
  const WatchOptions options{.taps = {{Pixels::grey, 90, 0}}};
  watch_film(folder + "sample_portrait.mp4", options);
  const Keeper upright = seen_;
  watch_film(folder + "sample_rotate_and_reflect.mp4", options);
  ASSERT_EQ(seen_.frames[0].size(), upright.frames.at(0).size());
  for (std::size_t i = 0; i < seen_.frames[0].size(); ++i) {
    const auto& a = upright.frames.at(0)[i].data;
    const auto& b = seen_.frames[0][i].data;
    ASSERT_EQ(a.size(), b.size());
    double off = 0;
    for (std::size_t p = 0; p < a.size(); ++p) off += std::abs(a[p] - b[p]);
    EXPECT_LT(off / static_cast<double>(a.size()), 3) << i;
  }
}

TEST_F(WatchExact, ShadesAreFullRangeWhateverTheFormat) {
  struct Case {
    const char* name;
    const char* codec;
  };
  const std::vector<Case> cases{{"a.mp4", "-c:v libx264 -pix_fmt yuv420p"},
                                {"b.mp4", "-c:v libx264 -pix_fmt yuvj420p"},
                                {"c.mkv", "-c:v ffv1 -pix_fmt yuv422p10le"},
                                {"d.mkv", "-c:v ffv1 -pix_fmt gray"},
                                {"e.mkv", "-c:v ffv1 -pix_fmt bgra"},
                                {"f.avi", "-c:v rawvideo -pix_fmt bgr24"},
                                {"g.mkv", "-c:v ffv1 -pix_fmt yuv411p"},
                                {"h.mkv", "-c:v ffv1 -pix_fmt yuva420p"},
                                {"i.gif", ""},
                                {"j.mkv", "-c:v ffv1 -pix_fmt yuv444p16le"},
                                {"k.mkv", "-c:v rawvideo -pix_fmt yuyv422"},
                                {"l.mkv", "-c:v png -pix_fmt rgb48be"},
                                {"m.avi", "-c:v rawvideo -pix_fmt nv12"},
                                {"n.mov", "-c:v mjpeg -pix_fmt yuvj422p"}};
  for (const Case& each : cases) {
    SCOPED_TRACE(std::string(each.name) + " " + each.codec);
    const std::string path = film(each.name,
                                  "-f lavfi -i color=white:s=250x130:r=10:d=0.5 -f lavfi -i "
                                  "color=black:s=250x130:r=10:d=0.5 -filter_complex hstack " +
                                      std::string(each.codec));
    watch_film(path,
               {.taps = {{Pixels::grey, 50, 0}, {Pixels::bgr, 40, 0}, {Pixels::grey, 130, 1}}});
    ASSERT_FALSE(seen_.frames[0].empty());
    const double slack = std::string(each.name) == "i.gif" ? 4 : 2;  // Its palette has no white.
    for (const std::size_t tap : {std::size_t{0}, std::size_t{2}}) {
      EXPECT_NEAR(shade(seen_.frames[tap][0], 1, 0, false, false), 255, slack);
      EXPECT_NEAR(shade(seen_.frames[tap][0], 1, 0, true, true), 0, slack);
    }
    for (int channel = 0; channel < 3; ++channel) {
      EXPECT_NEAR(shade(seen_.frames[1][0], 3, channel, false, true), 255, slack);
      EXPECT_NEAR(shade(seen_.frames[1][0], 3, channel, true, false), 0, slack);
    }
  }
}

TEST_F(WatchExact, WidePixelsMakeAWidePicture) {
  const std::string path = film("wide.mp4",
                                "-f lavfi -i testsrc2=s=200x200:d=0.2 -vf setsar=2/1 -c:v libx264 "
                                "-pix_fmt yuv420p");
  const Watched watched = watch_film(path, {.taps = {{Pixels::grey, 100, 0}}});
  EXPECT_EQ(watched.facts.width, 400);
  EXPECT_EQ(seen_.frames[0][0].width, 200);
  EXPECT_EQ(seen_.frames[0][0].height, 100);
}

TEST_F(WatchExact, TapsGetNoMoreThanTheyAskFor) {
  const std::string path =
      film("rates.mp4", "-f lavfi -i testsrc2=s=160x120:r=30:d=4 -c:v libx264 -preset ultrafast");
  const Watched watched = watch_film(
      path, {.taps = {{Pixels::grey, 60, 0}, {Pixels::bgr, 60, 5}, {Pixels::grey, 60, 1}}});
  EXPECT_EQ(watched.frames, 120);
  EXPECT_EQ(seen_.frames[0].size(), 120U);
  ASSERT_EQ(seen_.frames[1].size(), 20U);
  ASSERT_EQ(seen_.frames[2].size(), 4U);
  EXPECT_EQ(seen_.frames[1][3].index, 18);
  // The third tap's pictures are those of the first.
  EXPECT_EQ(seen_.frames[2][1].data, seen_.frames[0][30].data);
}

// Loudest moment of the sound. Units: seconds from the film's time zero.
double loudest_s(const Keeper& seen, int rate) {
  std::size_t best = 0;
  for (std::size_t i = 0; i < seen.sound.size(); ++i) {
    if (std::abs(seen.sound[i]) > std::abs(seen.sound[best])) best = i;
  }
  return static_cast<double>(seen.first.value_or(0) + static_cast<std::int64_t>(best)) / rate;
}

// Half a second of picture and a click at that time.
std::string click_at(double t_s, double length_s) {
  return fmt::format(
      "-f lavfi -i testsrc2=s=64x64:r=25:d={1} -f lavfi -i "
      "aevalsrc='exp(-((t-{0})*2000)^2)':s=48000:d={1} -c:v libx264 -pix_fmt yuv420p ",
      t_s, length_s);
}

TEST_F(WatchExact, ClicksAreHeardWhereTheyWerePut) {
  struct Case {
    const char* name = "";
    const char* codec = "";
    double early_s = 0;
  };
  // The WebM muxer starts its clock with the samples that Opus throws away, 7 ms before the first
  // picture.
  for (const Case& each :
       {Case{"a.mp4", "-c:a aac"}, Case{"b.mov", "-c:a pcm_s16le"}, Case{"c.mkv", "-c:a libvorbis"},
        Case{"d.mp4", "-c:a libmp3lame"}, Case{"e.mkv", "-c:a flac"},
        Case{"f.webm", "-c:v libvpx -c:a libopus", 0.007}, Case{"g.ts", "-c:a aac"}}) {
    SCOPED_TRACE(each.name);
    const std::string path = film(each.name, click_at(1.25, 2) + each.codec);
    for (const int rate : {22050, 16000}) {
      watch_film(path, {.taps = {}, .audio_rate_hz = rate});
      EXPECT_NEAR(loudest_s(seen_, rate), 1.25 - each.early_s, 0.0015);
    }
  }
}

TEST_F(WatchExact, AnOffsetOfTheSoundIsKept) {
  const std::string path =
      film("offset.mkv",
           "-f lavfi -i testsrc2=s=64x64:r=25:d=2 -itsoffset 0.5 -f lavfi -i "
           "aevalsrc='exp(-((t-0.25)*2000)^2)':s=48000:d=1 -c:v libx264 -c:a pcm_s16le");
  watch_film(path, {.taps = {}, .audio_rate_hz = 22050});
  EXPECT_EQ(seen_.first, 11025);
  EXPECT_NEAR(loudest_s(seen_, 22050), 0.75, 0.001);
}

TEST_F(WatchExact, AGapInTheSoundIsSilence) {
  const std::string path =
      film("gap.mkv",
           "-f lavfi -i testsrc2=s=64x64:r=25:d=3 -f lavfi -i sine=440:d=3:sample_rate=48000 "
           "-af aselect='not(between(t\\,1\\,2))' -c:v libx264 -c:a pcm_s16le");
  watch_film(path, {.taps = {}, .audio_rate_hz = 16000});
  ASSERT_NEAR(static_cast<double>(seen_.sound.size()), 48000, 800);
  double inside = 0;
  for (std::size_t i = 17600; i < 30400; ++i)
    inside = std::max(inside, std::abs(static_cast<double>(seen_.sound[i])));
  EXPECT_LT(inside, 1e-3);
  EXPECT_GT(std::abs(*std::max_element(seen_.sound.begin() + 36000, seen_.sound.end())), 0.05);
}

TEST_F(WatchExact, StereoIsAveraged) {
  const std::string path =
      film("stereo.mov", "-f lavfi -i aevalsrc='0.8|0.2':s=44100:d=0.5 -c:a pcm_s16le");
  watch_film(path, {.taps = {}, .audio_rate_hz = 44100});
  ASSERT_GT(seen_.sound.size(), 20000U);
  EXPECT_NEAR(seen_.sound[10000], 0.5F, 1e-3F);
}

TEST_F(WatchExact, SoundAloneAndPicturesAloneAreFilmsToo) {
  const std::string heard = film("sound.mp3", "-f lavfi -i sine=440:d=1 -c:a libmp3lame");
  const Watched sound =
      watch_film(heard, {.taps = {{Pixels::grey, 32, 0}}, .audio_rate_hz = 22050});
  EXPECT_EQ(sound.facts.video_codec, "");
  EXPECT_EQ(seen_.first, 0);
  EXPECT_NEAR(sound.duration_s, 1, 0.03);
  const std::string seen = film("silent.mp4", "-f lavfi -i testsrc2=s=64x64:d=1 -c:v libx264");
  const Watched silent =
      watch_film(seen, {.taps = {{Pixels::grey, 32, 0}}, .audio_rate_hz = 22050});
  EXPECT_EQ(silent.facts.audio_codec, "");
  EXPECT_TRUE(seen_.sound.empty());
  EXPECT_FALSE(silent.partial);
}

TEST_F(WatchExact, ACoverIsNotTheFilm) {
  const std::string path =
      film("cover.mp3",
           "-f lavfi -i sine=440:d=1 -f lavfi -i testsrc2=s=64x64:d=0.04 -map 0 -map 1 -c:a "
           "libmp3lame -c:v mjpeg -disposition:v attached_pic");
  const Watched watched =
      watch_film(path, {.taps = {{Pixels::grey, 32, 0}}, .audio_rate_hz = 22050});
  EXPECT_EQ(watched.facts.video_codec, "");
  EXPECT_FALSE(watched.partial);
}

TEST_F(WatchExact, VectorsFollowAPan) {
  const std::string still =
      film("still.png", "-f lavfi -i testsrc2=s=640x240 -vf noise=alls=40 -frames:v 1");
  // The window moves to the right, and so the picture to the left, by 4 pixels each time.
  const std::string path = film(
      "pan.mp4", fmt::format("-loop 1 -framerate 25 -i {} -vf crop=320:240:'4*n':0 -frames:v 25 "
                             "-c:v libx264 -bf 0 -pix_fmt yuv420p",
                             still));
  watch_film(path, {.taps = {}, .vectors = true});
  ASSERT_GT(seen_.motion.size(), 1000U);
  double area = 0;
  double weighted = 0;
  for (const MotionVector& each : seen_.motion) {
    area += static_cast<double>(each.area);
    if (std::abs(each.dx + 4) < 0.6F && std::abs(each.dy) < 0.6F)
      weighted += static_cast<double>(each.area);
  }
  EXPECT_GT(weighted / area, 0.8);
}

TEST_F(WatchExact, ProbeSaysWhatWatchFinds) {
  const std::string path = composed_film(folder_.path(), "probe.mp4", "-t 1");
  const Result<MediaFacts> facts = probe(test_decoder(), path, {});
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(facts->video_codec, "h264");
  EXPECT_EQ(facts->audio_codec, "aac");
  EXPECT_EQ(facts->width, 320);
  EXPECT_EQ(facts->fps, 30);
  EXPECT_EQ(facts->audio_rate_hz, 44100);
  EXPECT_NEAR(facts->duration_s, 1, 0.03);
  EXPECT_EQ(facts->bytes, static_cast<std::int64_t>(std::filesystem::file_size(path)));
}

TEST_F(WatchExact, TriageSkipsPicturesThatNoOtherNeeds) {
  const std::string path = composed_film(folder_.path(), "triage.mp4", "-t 2 -b_strategy 0");
  const Watched watched = watch_film(path, {.taps = {{Pixels::grey, 32, 0}}, .pace = Pace::triage});
  EXPECT_LT(watched.frames, 45);  // Of 60, a third of them referred to by none.
  EXPECT_GT(watched.frames, 10);
  EXPECT_FALSE(watched.partial);
}

}  // namespace
}  // namespace rf::media
