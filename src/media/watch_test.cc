// Watching real films: what comes out of each is whole, in order, and says what it lacks.

#include "media/watch.h"

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/watching_for_test.h"

namespace rf::media {

std::string environment_for_test(const char* name) {
  // One thread so far. NOLINTNEXTLINE(concurrency-mt-unsafe)
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

namespace {

// Larger films only take longer; below this there are all containers and codecs of our films.
constexpr std::uintmax_t kFilmBytesMax = 2'000'000;

TEST(WatchRealFilms, GiveEveryPictureInOrderAndSoundWithoutGaps) {
  const std::vector<std::string> films = all_films();
  if (films.empty()) GTEST_SKIP() << "no shared films here";
  for (const std::string& film : films) {
    SCOPED_TRACE(film);
    if (film.find("long_1080p") != std::string::npos) continue;  // Six minutes of black.
    if (film.find("hostile") != std::string::npos) continue;     // Tested by name.
    if (std::filesystem::file_size(film) > kFilmBytesMax) continue;
    Tally tally;
    NoProgress progress;
    Result<Watched> watched = watch(test_decoder(), film, usual_options(), tally, progress);
    ASSERT_TRUE(watched) << watched.error().message;
    EXPECT_FALSE(watched->partial);
    EXPECT_THAT(watched->problems, testing::IsEmpty());
    EXPECT_EQ(std::ssize(tally.times[0]), watched->frames);
    EXPECT_NEAR(watched->duration_s, watched->facts.duration_s, 0.1);
  }
}

}  // namespace
}  // namespace rf::media
