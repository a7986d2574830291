// A brief becomes a film, and the film is what was planned.

#include "api/render.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/sqlite.h"
#include "store/store_testing.h"

namespace rf::api {
namespace {

std::string decoder() {
  // One thread so far. NOLINTNEXTLINE(concurrency-mt-unsafe)
  const char* path = std::getenv("RF_DECODER");
  return path == nullptr ? "" : path;
}

class RenderDoor : public testing::Test {
 protected:
  void SetUp() override {
    std::ofstream(folder_.file("brief.toml"))
        << "product = \"ProGain\"\nkey_benefit = \"faster recovery\"\npain_point = \"sore legs\"\n"
           "social_proof = \"10,000 athletes\"\ncta_text = \"Get 20% off {\\\\b0} today\"\n";
  }

  RenderInput input(const std::string& hook, double duration_s) {
    RenderInput input;
    input.brief = folder_.file("brief.toml");
    input.hook = hook;
    input.duration_s = duration_s;
    input.out = folder_.file(hook + ".mp4");
    input.short_side = 180;
    return input;
  }

  TemporaryFolder folder_{"/tmp"};  // The decoder's process may not see every place.
  ManualClock clock_{test_instant(0)};
  NoProgress progress_;
  Services services_{folder_.file("s.db"), open_sqlite, clock_, progress_, decoder()};
};

TEST_F(RenderDoor, TheFilmIsWhatWasPlanned) {
  if (decoder().empty()) GTEST_SKIP() << "RF_DECODER is not set";
  for (const char* hook : {"question", "contrast", "mystery"}) {
    const RenderOutput film = render(input(hook, 7), services_).value();
    for (const FilmCheck& check : film.checks) {
      EXPECT_TRUE(check.good) << hook << ": " << check.name << ": " << check.said;
    }
    EXPECT_TRUE(film.ready);
    EXPECT_EQ(film.bytes, static_cast<std::int64_t>(std::filesystem::file_size(film.file)));
  }
}

TEST_F(RenderDoor, APlanAloneWritesNothing) {
  RenderInput asked = input("story", 10);
  asked.plan_only = true;
  const RenderOutput planned = render(asked, services_).value();
  EXPECT_TRUE(planned.file.empty());
  EXPECT_FALSE(planned.ready);
  EXPECT_FALSE(std::filesystem::exists(asked.out));
  EXPECT_EQ(planned.plan.scenes.back().end_s, 10);
}

TEST_F(RenderDoor, SaysWhatIsWrongWithWhatWasAsked) {
  RenderInput asked = input("story", 10);
  asked.out = folder_.file("film.avi");
  EXPECT_EQ(render(asked, services_).error().code, ErrorCode::invalid);
  asked = input("story", 10);
  asked.shape = "round";
  EXPECT_EQ(render(asked, services_).error().code, ErrorCode::invalid);
  asked = input("story", 10);
  asked.brief = folder_.file("none.toml");
  EXPECT_EQ(render(asked, services_).error().code, ErrorCode::not_found);
}

TEST(FilmChecks, NameWhatIsNotAsPlanned) {
  create::RenderPlan plan{.width = 180, .height = 320, .duration_s = 6, .music_bpm = 120};
  plan.scenes = {{.start_s = 0, .end_s = 3}, {.start_s = 3, .end_s = 6}};
  Features seen{.duration_s = 6, .width = 180, .height = 320};
  seen.shots = {{.start_s = 0, .end_s = 3}, {.start_s = 3, .end_s = 6}};
  seen.audio.loudness_lufs = -14.2;
  seen.audio.true_peak_dbtp = -1.2;
  for (const FilmCheck& check : check_film(plan, seen)) EXPECT_TRUE(check.good) << check.name;
  seen.shots = {{.start_s = 0, .end_s = 2}, {.start_s = 2, .end_s = 6}};
  seen.audio.loudness_lufs = -23;
  seen.partial = true;
  seen.problems = {"the sound ends early"};
  std::vector<std::string> bad;
  for (const FilmCheck& check : check_film(plan, seen)) {
    if (!check.good) bad.push_back(check.name);
  }
  EXPECT_THAT(bad, testing::ElementsAre("whole", "cuts", "loudness"));
}

}  // namespace
}  // namespace rf::api
