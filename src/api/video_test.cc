// Watching films through the operations: nothing twice, nothing lost, the same bytes every time.

#include "api/video.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/operations.h"
#include "api/video_batch.h"
#include "api/video_page.h"
#include "store/sqlite.h"
#include "store/store_testing.h"

namespace rf::api {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

std::string environment(const char* name) {
  // One thread so far. NOLINTNEXTLINE(concurrency-mt-unsafe)
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string film(const std::string& name) {
  return environment("RF_SOURCE_DIR") + "/../shared/data/video/" + name;
}

class Stopped final : public Progress {
 public:
  void report(std::string_view, std::int64_t, std::int64_t) override {}
  bool cancelled() const override { return true; }
};

class VideoOperations : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(film("mdn/rabbit.mp4"))) GTEST_SKIP() << "no films here";
  }

  Result<Json> run(const std::string& name, const Json& input, const std::string& decoder,
                   Progress& progress) {
    Services services(folder_.file("store.db"), open_sqlite, clock_, progress, decoder);
    return find_operation(name)->run(input, services);
  }
  Result<Json> run(const std::string& name, const Json& input) {
    NoProgress progress;
    return run(name, input, environment("RF_DECODER"), progress);
  }
  static Json files(std::initializer_list<std::string> names) {
    JsonArray array;
    for (const std::string& name : names) array.push_back(Json(std::string_view(name)));
    return JsonObject{{"files", array}, {"only", "shots,sound"}};
  }

  TemporaryFolder folder_;
  ManualClock clock_{Instant(std::chrono::hours(480'000))};
};

TEST_F(VideoOperations, TheSameBytesAreWatchedOnceAndSayTheSame) {
  const std::string rabbit = film("mdn/rabbit.mp4");
  Json first = run("video analyze", files({rabbit})).value();
  NoProgress progress;
  // Without a decoder nothing can be watched any more; what is known needs none.
  Json second = run("video analyze", files({rabbit}), "/no/such/decoder", progress).value();
  EXPECT_EQ(to_text(first), to_text(second));
  EXPECT_EQ(first.at("file").as_string(), rabbit);
  EXPECT_FALSE(run("video analyze", files({film("mdn/elf.mp4")}), "/no/such/decoder", progress));
}

TEST_F(VideoOperations, SeveralAtOnceSayWhatEachSaysAlone) {
  const std::string rabbit = film("mdn/rabbit.mp4");
  const std::string elf = film("mdn/elf.mp4");
  Json both = run("video analyze", files({rabbit, elf})).value();
  TemporaryFolder other;
  NoProgress progress;
  Services services(other.file("store.db"), open_sqlite, clock_, progress,
                    environment("RF_DECODER"));
  Json alone = find_operation("video analyze")->run(files({elf}), services).value();
  ASSERT_THAT(both.at("videos").as_array(), SizeIs(2));
  EXPECT_EQ(to_text(both.at("videos").at(1)), to_text(alone));
}

TEST_F(VideoOperations, OneThatFailsDoesNotStopTheOthers) {
  std::ofstream(folder_.file("broken.mp4")) << "no film";
  Json output =
      run("video analyze", files({folder_.file("broken.mp4"), film("mdn/rabbit.mp4")})).value();
  EXPECT_THAT(output.at("videos").as_array(), SizeIs(1));
  ASSERT_THAT(output.at("failed").as_array(), SizeIs(1));
  EXPECT_THAT(std::string(output.at("failed").at(0).at("what").as_string()),
              HasSubstr("broken.mp4"));
}

TEST_F(VideoOperations, CancelledOnesAreConflicts) {
  Stopped stopped;
  EXPECT_EQ(
      run("video analyze", files({film("mdn/rabbit.mp4")}), environment("RF_DECODER"), stopped)
          .error()
          .code,
      ErrorCode::conflict);
}

TEST(VideoInput, AnUnknownAnalyserIsNamedWithThoseThatAre) {
  Error error = video::check_only({"motoin"}).error();
  EXPECT_THAT(error.message, HasSubstr("motoin"));
  EXPECT_THAT(error.message, HasSubstr("motion"));
}

TEST(VideoInput, FoldersGiveTheirFilmsInOrderAndOnce) {
  TemporaryFolder folder;
  for (const char* name : {"b.mp4", "a.MOV", "notes.txt"}) std::ofstream(folder.file(name)) << "x";
  auto films = films_in({folder.file("."), folder.file("./b.mp4")}).value();
  ASSERT_THAT(films, SizeIs(2));
  EXPECT_THAT(films[0], HasSubstr("a.MOV"));
  EXPECT_EQ(films_in({folder.file("gone")}).error().code, ErrorCode::not_found);
}

TEST(VideoPage, ShowsHostileNamesAndObeysNone) {
  Features film;
  film.file = "<script>alert('x')</script>&\".mp4";
  film.duration_s = 10;
  film.text.push_back({.start_s = 1, .end_s = 2, .text = "</title><img src=x onerror=y>\x01"});
  film.problems = {"<b>"};
  std::string page = video_page(film, {{1, "jpeg"}});
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("<img src=x")));
  EXPECT_THAT(page, Not(HasSubstr("\x01")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_THAT(page, Not(HasSubstr("http://")));
  EXPECT_THAT(page, Not(HasSubstr("https://")));
  EXPECT_THAT(page, HasSubstr("data:image/jpeg;base64,anBlZw=="));
}

}  // namespace
}  // namespace rf::api
