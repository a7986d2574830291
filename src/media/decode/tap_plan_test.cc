// Which pictures a tap gets, and how large.

#include "media/decode/tap_plan.h"

#include <vector>

#include <gtest/gtest.h>

namespace rf::media {
namespace {

TEST(TapPlan, ScalesByTheShortSideAndNeverUp) {
  const PictureSize tall = tapped_size({Pixels::grey, 180, 0}, {.width = 1080, .height = 1920});
  EXPECT_EQ(tall.width, 180);
  EXPECT_EQ(tall.height, 320);
  const PictureSize small = tapped_size({Pixels::bgr, 360, 0}, {.width = 50, .height = 40});
  EXPECT_EQ(small.width, 50);
  EXPECT_EQ(small.height, 40);
  EXPECT_EQ(small.channels, 3);
  EXPECT_EQ(tapped_size({Pixels::grey, 1, 0}, {.width = 1000, .height = 2}).height, 1);
}

TEST(TapPlan, SharesAPictureAmongEqualTaps) {
  TapPlan plan({{Pixels::grey, 180, 0}, {Pixels::bgr, 360, 5}, {Pixels::grey, 180, 1}},
               {.width = 1080, .height = 1920});
  ASSERT_EQ(plan.sizes().size(), 2U);
  EXPECT_EQ(plan.due(0, 0.0), 0b101U);
  EXPECT_EQ(plan.due(0, 0.5), 0b001U);
  EXPECT_EQ(plan.due(0, 1.0), 0b101U);
}

TEST(TapPlan, TapsThatMeetAtTheSourcesSizeShareToo) {
  const TapPlan plan({{Pixels::grey, 180, 0}, {Pixels::grey, 360, 0}}, {.width = 50, .height = 50});
  EXPECT_EQ(plan.sizes().size(), 1U);
}

TEST(TapPlan, SpreadsEvenlyWhateverTheFilmsRate) {
  for (const double fps : {7.0, 23.976, 25.0, 29.97, 30.0, 60.0}) {
    SCOPED_TRACE(fps);
    TapPlan plan({{Pixels::grey, 180, 5}}, {.width = 100, .height = 100});
    int got = 0;
    double last = -1;
    for (int i = 0; i < fps * 10; ++i) {
      const double t_s = i / fps;
      if (plan.due(0, t_s) == 0) continue;
      ++got;
      if (last >= 0) {
        EXPECT_NEAR(t_s - last, 0.2, 1 / fps + 0.001);
      }
      last = t_s;
    }
    EXPECT_EQ(got, 50);
  }
}

TEST(TapPlan, GivesNoMoreAfterAStall) {
  TapPlan plan({{Pixels::grey, 180, 5}}, {.width = 100, .height = 100});
  EXPECT_NE(plan.due(0, 0), 0U);
  EXPECT_NE(plan.due(0, 100), 0U);
  EXPECT_EQ(plan.due(0, 100.01), 0U);
}

}  // namespace
}  // namespace rf::media
