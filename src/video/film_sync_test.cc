// Films composed with cuts at known distances from clicks, all the way through decoder and
// analysis.

#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/progress.h"
#include "media/watching_for_test.h"
#include "video/analyse.h"
#include "video/av_sync.h"

namespace rf::media {

std::string environment_for_test(const char* name) {
  // Tests do not change their environment. NOLINTNEXTLINE(concurrency-mt-unsafe)
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace rf::media

namespace rf::video {
namespace {

constexpr double kShotS = 1.2;
constexpr int kShots = 8;

// Shots of 1.2 s, each a still of another pattern; a click of a hundredth of a second `click_s`
// after every cut. At 30 pictures a second a cut is at a whole number of pictures: 36.
std::string film_with_clicks(const std::filesystem::path& folder, const std::string& name,
                             double click_s, const std::string& codecs) {
  const std::string picture = fmt::format(
      "nullsrc=s=128x72:r=30,geq=lum='128+100*sin((X*(1+mod(floor(N/36)*5\\,7))+Y*(1+mod(floor(N/"
      "36)*3\\,5)))/23)':cb=128:cr=128");
  const std::string clicks = fmt::format(
      "aevalsrc='if(gte(t\\,{0}/2)*lt(mod(t-{1}+{0}*10\\,{0})\\,.01)\\,.8*sin(2000*2*PI*t)\\,0)':s="
      "44100",
      kShotS, click_s);
  return media::film_from(folder, name,
                          fmt::format("-f lavfi -i \"{}\" -f lavfi -i \"{}\" -t {} {}", picture,
                                      clicks, kShotS * kShots, codecs));
}

Features analysed(const std::string& film) {
  NoProgress progress;
  Result<Features> features =
      analyse(media::test_decoder(), film, {.only = {"shots", "sound", "sync"}}, progress);
  EXPECT_TRUE(features);
  return features ? std::move(*features) : Features{};
}

void expect_offset(const std::string& film, double click_s) {
  SCOPED_TRACE(fmt::format("{}: clicks {} s after cuts", film, click_s));
  ASSERT_FALSE(film.empty());
  const Features features = analysed(film);
  ASSERT_EQ(std::ssize(features.shots), kShots);
  int cuts = 0;
  int synced = 0;
  for (const SyncPoint& point : features.sync.points) {
    if (point.visual != VisualPeakType::cut) continue;
    ++cuts;
    synced += point.synced ? 1 : 0;
    EXPECT_NEAR(point.offset_s, -click_s, 1.0 / 30) << "of the cut at " << point.visual_s;
  }
  EXPECT_EQ(cuts, kShots - 1);
  const double expected = std::abs(click_s) <= kSyncToleranceS ? 100 : 0;
  ASSERT_TRUE(features.sync.percent);
  EXPECT_NEAR(*features.sync.percent, expected, 1e-9) << synced << " of " << cuts;
}

TEST(FilmSync, OffsetsOfComposedFilmsAreRightToAPicture) {
  if (media::test_decoder().program.empty()) GTEST_SKIP() << "no decoder";
  const media::TestFolder folder;
  const std::string aac = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac";
  const std::string opus = "-c:v libvpx -deadline realtime -c:a libopus";
  for (const double click_s : {2.0 / 30, -2.0 / 30, 0.2}) {
    expect_offset(film_with_clicks(folder.path(), "a.mp4", click_s, aac), click_s);
  }
  expect_offset(film_with_clicks(folder.path(), "b.webm", 1.0 / 15, opus), 1.0 / 15);
  expect_offset(film_with_clicks(folder.path(), "c.mov", 0.05, aac + " -bf 3 -c:a pcm_s16le"),
                0.05);
}

}  // namespace
}  // namespace rf::video
