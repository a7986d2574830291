#include "video/text.h"

#include <cstdio>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/rng.h"
#include "media/frames_for_test.h"
#include "video/safe_zones.h"
#include "video/text_lines.h"

namespace rf::video {
namespace {

using media::OwnFrame;
using media::Pixels;
using testing::HasSubstr;

// Says what it is told, and counts how often it is asked.
class Parrot final : public media::TextReader {
 public:
  explicit Parrot(media::ReadLine says) : says_(std::move(says)) {}
  std::string_view name() const override { return "parrot"; }
  Result<media::ReadLine> read(const media::Frame&) override {
    ++asked;
    return says_;
  }
  int asked = 0;

 private:
  media::ReadLine says_;
};

// Upright strokes of a pen, as letters have, at (left, top).
void draw_strokes(OwnFrame& frame, int left, int top, int letters, int height) {
  for (int letter = 0; letter < letters; ++letter) {
    const int x0 = left + letter * height * 6 / 10;
    for (int y = top; y < top + height; ++y) {
      for (int x = x0; x < x0 + height * 4 / 10; ++x) {
        const int within = (x - x0) * 10 / height;
        const bool bar = within == 0 || within == 3 || (y - top) * 8 / height == letter % 8;
        if (bar && x < frame.width && y < frame.height)
          frame.data[static_cast<std::size_t>(y) * static_cast<std::size_t>(frame.width) +
                     static_cast<std::size_t>(x)] = 250;
      }
    }
  }
}

Grey as_grey(const OwnFrame& frame) { return {frame.width, frame.height, frame.data}; }

TEST(FindTextLines, FindsALineWhereItIs) {
  OwnFrame frame = media::blank(270, 480, Pixels::grey, 30);
  draw_strokes(frame, 60, 300, 14, 16);
  const std::vector<Patch> lines = find_text_lines(as_grey(frame));
  ASSERT_EQ(lines.size(), 1);
  EXPECT_NEAR(lines[0].left, 60, 8);
  EXPECT_NEAR(lines[0].top, 300, 8);
  EXPECT_NEAR(lines[0].bottom, 316, 8);
  EXPECT_NEAR(lines[0].right, 60 + 14 * 10, 12);
}

TEST(FindTextLines, FindsNoneInFlatPicturesEdgesAndGradients) {
  EXPECT_THAT(find_text_lines(as_grey(media::blank(270, 480, Pixels::grey, 128))),
              testing::IsEmpty());
  OwnFrame edge = media::blank(270, 480, Pixels::grey, 10);
  for (std::size_t i = 0; i < edge.data.size(); ++i) {
    if (i % 270 > 100) edge.data[i] = 240;
  }
  EXPECT_THAT(find_text_lines(as_grey(edge)), testing::IsEmpty());
  OwnFrame slope = media::blank(270, 480, Pixels::grey, 0);
  for (std::size_t i = 0; i < slope.data.size(); ++i)
    slope.data[i] = static_cast<std::uint8_t>(i % 270 * 255 / 270);
  EXPECT_THAT(find_text_lines(as_grey(slope)), testing::IsEmpty());
}

TEST(FindTextLines, StaysBoundedOnNoiseOfAnySize) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Rng rng(seed);
    OwnFrame noise = media::blank(1 + static_cast<int>(rng.below(300)),
                                  1 + static_cast<int>(rng.below(300)), Pixels::grey, 0);
    for (std::uint8_t& each : noise.data) each = static_cast<std::uint8_t>(rng.below(256));
    for (const Patch& line : find_text_lines(as_grey(noise))) {
      EXPECT_GE(line.left, 0);
      EXPECT_LE(line.right, noise.width);
      EXPECT_LT(line.top, line.bottom);
      EXPECT_LE(line.bottom, noise.height);
    }
  }
}

OwnFrame with_caption(double t_s, int top, int letters) {
  OwnFrame frame = media::blank(540, 960, Pixels::grey, 40);
  frame.t_s = t_s;
  draw_strokes(frame, 120, top, letters, 32);
  return frame;
}

TEST(TextAnalyser, ReadsAStandingLineOnceAndGivesItsTime) {
  Parrot parrot({"Shop now today", 0.9});
  TextAnalyser text(parrot);
  for (int second = 0; second < 10; ++second) {
    const OwnFrame frame = second >= 3 && second <= 6 ? with_caption(second, 480, 14)
                                                      : media::blank(540, 960, Pixels::grey, 40);
    OwnFrame timed = frame;
    timed.t_s = second;
    ASSERT_TRUE(text.on_frame(timed.frame()));
  }
  const TextSummary summary = text.finish();
  EXPECT_EQ(parrot.asked, 1);
  ASSERT_EQ(summary.sightings.size(), 1);
  EXPECT_EQ(summary.sightings[0].text, "Shop now today");
  EXPECT_EQ(summary.sightings[0].start_s, 3);
  EXPECT_NEAR(summary.sightings[0].end_s, 6.5, 0.01);
  EXPECT_TRUE(summary.sightings[0].in_safe_zone);
  EXPECT_NEAR(summary.share, 0.4, 1e-9);
  EXPECT_NEAR(summary.words_per_second, 0.3, 1e-9);
  EXPECT_GT(summary.coverage, 0.005);
  EXPECT_LT(summary.coverage, 0.05);
}

TEST(TextAnalyser, DoesNotAskTwiceAboutWhatIsNoText) {
  Parrot parrot({"", 0});
  TextAnalyser text(parrot);
  for (int second = 0; second < 10; ++second)
    ASSERT_TRUE(text.on_frame(with_caption(second, 480, 14).frame()));
  const TextSummary summary = text.finish();
  EXPECT_EQ(parrot.asked, 2);  // Once for bright letters, once for dark.
  EXPECT_THAT(summary.sightings, testing::IsEmpty());
  EXPECT_EQ(summary.share, 0);
}

TEST(TextAnalyser, KeepsToItsBudgetAndCountsWhatItLeft) {
  Parrot parrot({"", 0});
  TextAnalyser text(parrot);
  for (int second = 0; second < 30; ++second)  // A new line every second.
    ASSERT_TRUE(text.on_frame(with_caption(second, 60 + second * 29, 8 + second % 7).frame()));
  const TextSummary summary = text.finish();
  EXPECT_LE(parrot.asked, 14);
  EXPECT_EQ(parrot.asked, summary.readings);
  EXPECT_GT(summary.unread, 0);
}

TEST(TextAnalyser, AsksNothingOfAFilmWithoutLines) {
  Parrot parrot({"never", 1});
  TextAnalyser text(parrot);
  ASSERT_TRUE(text.on_frame(media::blank(540, 960, Pixels::grey, 40).frame()));
  EXPECT_EQ(parrot.asked, 0);
  const TextSummary summary = text.finish();
  EXPECT_EQ(summary.share, 0);
  Look look;
  add_text(summary, look);
  EXPECT_EQ(look.text_share, 0);
}

TEST(SafeZones, OfUprightFilmsAreTheInnerPart) {
  EXPECT_TRUE(in_safe_zone({0.2, 0.4, 0.5, 0.1}, true));
  EXPECT_FALSE(in_safe_zone({0.2, 0.02, 0.5, 0.05}, true));  // Under the account's name.
  EXPECT_FALSE(in_safe_zone({0.2, 0.80, 0.5, 0.05}, true));  // Under the caption.
  EXPECT_FALSE(in_safe_zone({0.75, 0.4, 0.2, 0.1}, true));   // Under the buttons.
  EXPECT_TRUE(in_safe_zone({0.2, 0.80, 0.5, 0.05}, false));
  EXPECT_FALSE(in_safe_zone({0.2, 0.97, 0.5, 0.03}, false));
}

// Three captions drawn over a film of a person, by another program.
TEST(TextAnalyser, ReadsCaptionsOverARealFilm) {
  const std::string film = media::shared_video("faces_talking/sun.mp4");
  if (!media::is_there(film)) GTEST_SKIP() << "no films beside the repository";
  const std::string path = testing::TempDir() + "captions.mp4";
  media::printed("ffmpeg -v quiet -y -i '" + film +
                 "' -t 9 -vf \"scale=540:960,"
                 "drawtext=text='Stop scrolling now':fontsize=42:fontcolor=white:borderw=2:"
                 "x=(w-tw)/2:y=200:enable='between(t,0,2)',"
                 "drawtext=text='Free shipping this week':fontsize=32:fontcolor=yellow:borderw=2:"
                 "x=(w-tw)/2:y=750:enable='between(t,3,5)',"
                 "drawtext=text='SHOP NOW':fontsize=55:fontcolor=white:box=1:boxcolor=red:"
                 "boxborderw=10:x=(w-tw)/2:y=450:enable='gte(t,6)'\" -c:v mpeg4 -q:v 3 '" +
                 path + "'");
  if (!media::is_there(path)) GTEST_SKIP() << "no drawtext in this ffmpeg";
  const std::unique_ptr<media::TextReader> reader = media::tesseract_reader();
  TextAnalyser text(*reader);
  for (const OwnFrame& frame : media::frames_of(path, Pixels::grey, 540, 1))
    ASSERT_TRUE(text.on_frame(frame.frame()));
  const TextSummary summary = text.finish();
  std::string all;
  for (const TextSighting& each : summary.sightings) all += each.text + "\n";
  std::printf("%s", all.c_str());
  EXPECT_THAT(all, HasSubstr("Stop scrolling now"));
  EXPECT_THAT(all, HasSubstr("Free shipping"));
  EXPECT_THAT(all, HasSubstr("SHOP NOW"));
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace rf::video
