#include "create/render.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/file.h"
#include "create/music.h"
#include "media/lettering.h"

namespace rf::create {
namespace {

Concept protein() {
  return checked({.name = "Launch",
                  .industry = "fitness",
                  .product = "ProGain",
                  .key_benefit = "faster recovery",
                  .pain_point = "sore legs",
                  .social_proof = "10,000 athletes",
                  .cta_text = "Get 20% off today"})
      .value();
}

RenderPlan small_plan(double duration_s) {
  const Script script = write_script(protein(), {.duration_s = duration_s}).value();
  return plan_render(script, protein(), {.width = 90, .height = 160});
}

// A folder that is gone afterwards.
class Render : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  std::string place(const char* name) const { return (folder_ / name).string(); }
  std::ptrdiff_t files() const {
    return std::distance(std::filesystem::directory_iterator(folder_), {});
  }

  std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) /
      (std::string("render_") + testing::UnitTest::GetInstance()->current_test_info()->name());
};

class StopsAfter final : public Progress {
 public:
  explicit StopsAfter(std::int64_t pictures) : pictures_(pictures) {}
  void report(std::string_view, std::int64_t done, std::int64_t) override { done_ = done; }
  bool cancelled() const override { return done_ >= pictures_; }

 private:
  std::int64_t pictures_;
  std::int64_t done_ = 0;
};

void expect_sound(const RenderPlan& plan, const Script& script) {
  const Status sound = check(plan);
  EXPECT_TRUE(sound.has_value()) << sound.error().message;
  ASSERT_EQ(plan.scenes.size(), script.scenes.size());
  for (std::size_t i = 0; i < plan.scenes.size(); ++i) {
    EXPECT_GE(plan.scenes[i].end_s - plan.scenes[i].start_s, kSceneSecondsMin - 0.001);
    EXPECT_NEAR(plan.scenes[i].end_s, script.scenes[i].end_s, 0.26);
  }
}

TEST(RenderPlan, IsSoundForEveryRecipeAndLength) {
  int planned = 0;
  for (const auto pace : {NarrationPace::slow, NarrationPace::medium, NarrationPace::fast}) {
    for (std::int64_t scenes = kScenesMin; scenes <= kScenesMax; ++scenes) {
      for (double duration_s = 5; duration_s <= 60; duration_s += 2.5) {
        const auto script = write_script(
            protein(), {.recipe = {.scene_count = scenes, .narration_wpm_bucket = pace},
                        .duration_s = duration_s});
        if (!script) continue;
        expect_sound(plan_render(*script, protein(), size_called("9x16", 360).value()), *script);
        ++planned;
      }
    }
  }
  EXPECT_GT(planned, 100);
}

TEST(RenderPlan, RefusesWhatCannotBeAFilm) {
  RenderPlan plan = small_plan(6);
  plan.scenes[1].start_s += 0.5;
  EXPECT_EQ(check(plan).error().code, ErrorCode::invalid);
  plan = small_plan(6);
  plan.width = 91;
  EXPECT_EQ(check(plan).error().code, ErrorCode::invalid);
  plan = small_plan(6);
  plan.texts[0].text = std::string(1000, 'x');
  EXPECT_EQ(check(plan).error().code, ErrorCode::over_limit);
  EXPECT_EQ(size_called("round", 360).error().code, ErrorCode::invalid);
}

TEST_F(Render, TheSamePlanGivesTheSameBytes) {
  const RenderPlan plan = small_plan(5);
  NoProgress progress;
  const Rendered first = render(plan, place("a.mp4"), progress).value();
  EXPECT_EQ(first.pictures, 150);
  ASSERT_TRUE(render(plan, place("b.mp4"), progress).has_value());
  EXPECT_EQ(file_sha256(place("a.mp4")).value(), file_sha256(place("b.mp4")).value());
  EXPECT_EQ(files(), 2);
}

TEST_F(Render, WhatIsStoppedOrCannotBeWrittenLeavesNothing) {
  const RenderPlan plan = small_plan(5);
  StopsAfter stops(20);
  EXPECT_EQ(render(plan, place("a.mp4"), stops).error().code, ErrorCode::conflict);
  EXPECT_EQ(files(), 0);
  NoProgress progress;
  EXPECT_FALSE(render(plan, place("no/such/folder/a.mp4"), progress).has_value());
  std::filesystem::create_directories(place("taken.mp4/inside"));
  EXPECT_EQ(render(plan, place("taken.mp4"), progress).error().code, ErrorCode::unavailable);
  EXPECT_EQ(files(), 1);
}

TEST(Music, IsAsLoudAsPlatformsPlayItAndNeverClips) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    std::vector<float> sound = compose(15, 120, seed);
    ASSERT_EQ(sound.size(), 15U * kMusicRateHz);
    const Mastered mastered = master(sound).value();
    ASSERT_TRUE(mastered.loudness_lufs.has_value());
    EXPECT_NEAR(*mastered.loudness_lufs, -14, 0.3) << seed;
    EXPECT_LE(*mastered.true_peak_dbtp, -1) << seed;
  }
}

TEST(Music, IsLoudestOnItsBeats) {
  const std::vector<float> sound = compose(8, 120, 1);
  const auto energy = [&](double t_s) {
    double sum = 0;
    const auto first = static_cast<std::size_t>(t_s * kMusicRateHz);
    for (std::size_t i = 0; i < kMusicRateHz / 20; ++i) {
      sum += std::pow(static_cast<double>(sound[first + i]), 2);
    }
    return sum;
  };
  for (double beat = 1; beat < 7; beat += 0.5) EXPECT_GT(energy(beat), 2 * energy(beat + 0.3));
}

std::int64_t lit(const std::string& text) {
  std::vector<std::uint8_t> picture(std::size_t{180} * 320 * 3, 0);
  const std::array<media::TimedText, 1> texts{media::TimedText{.start_s = 0,
                                                               .end_s = 1,
                                                               .place = media::TextPlace::bottom,
                                                               .text = text,
                                                               .colour = "#ffffff",
                                                               .behind = ""}};
  media::Lettering::open({.width = 180, .height = 320}, texts).value().draw(0.5, picture);
  return std::ranges::count_if(picture, [](std::uint8_t value) { return value > 200; });
}

TEST(Lettering, ShowsMarkupAsTheLettersItIs) {
  EXPECT_GT(lit("Buy now"), 100);
  // Were these commands, nothing or less would be seen.
  EXPECT_GT(lit("{\\alpha&HFF&}Buy now"), lit("Buy now"));
  EXPECT_GT(lit("\\N\\N\\h{}Buy now"), lit("Buy now"));
  EXPECT_GT(lit("קנו עכשיו"), 50);
}

TEST(Lettering, RefusesControlCharactersAndColoursThatAreNone) {
  EXPECT_EQ(media::without_markup("a\nDialogue: 0").error().code, ErrorCode::invalid);
  const std::array<media::TimedText, 1> texts{media::TimedText{.start_s = 0,
                                                               .end_s = 1,
                                                               .place = media::TextPlace::top,
                                                               .text = "a",
                                                               .colour = "red,{\\b1}",
                                                               .behind = ""}};
  EXPECT_EQ(media::Lettering::open({.width = 180, .height = 320}, texts).error().code,
            ErrorCode::invalid);
}

}  // namespace
}  // namespace rf::create
