// Hostile films, decoders that die or lie, and watchers that want to stop.

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/rng.h"
#include "media/watch.h"
#include "media/watching_for_test.h"

namespace rf::media {
namespace {

using testing::HasSubstr;

std::ptrdiff_t open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return std::distance(begin(all), end(all));
}

bool ring_is_mapped() {
  std::ifstream maps("/proc/self/maps");
  const std::string all((std::istreambuf_iterator<char>(maps)), {});
  return all.find("reelforge-ring") != std::string::npos;
}

// Whatever happens in a test of this suite: no process, descriptor or memory is left behind.
class WatchTrouble : public testing::Test {
 protected:
  void TearDown() override {
    EXPECT_EQ(open_descriptors(), descriptors_);
    EXPECT_FALSE(ring_is_mapped());
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a child is left";
  }

  std::string write(const std::string& name, const std::string& bytes) {
    std::string path = (folder_.path() / name).string();
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  Result<Watched> watch_it(const std::string& path, const WatchOptions& options = usual_options()) {
    tally_ = {};
    NoProgress progress;
    return watch(decoder_, path, options, tally_, progress);
  }

  Result<Watched> watch_liar(const std::string& how, Limits limits = {}) {
    decoder_ = {.program = environment_for_test("RF_DECODER") + "-liar"};
    WatchOptions options = usual_options();
    options.limits = limits;
    return watch_it(write("liar", how), options);
  }

  // What came of a film cut off at that many points, in words.
  std::string cut_everywhere(const std::string& film, int points) {
    std::ifstream in(film, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    Rng rng(bytes.size());
    int refused = 0;
    int partial = 0;
    for (int i = 0; i < points; ++i) {
      const std::size_t at = rng.below(bytes.size());
      SCOPED_TRACE(film + " cut at " + std::to_string(at));
      const Result<Watched> watched = watch_it(write("cut", bytes.substr(0, at)));
      refused += watched ? 0 : 1;
      partial += watched && watched->partial ? 1 : 0;
      if (watched) continue;
      EXPECT_THAT(watched.error().code, testing::AnyOf(ErrorCode::corrupt, ErrorCode::unsupported,
                                                       ErrorCode::over_limit));
      EXPECT_FALSE(watched.error().message.empty());
    }
    return std::to_string(refused) + " refused, " + std::to_string(partial) + " partial";
  }

  TestFolder folder_;
  Decoder decoder_ = test_decoder();
  Tally tally_;
  std::ptrdiff_t descriptors_ = open_descriptors();
};

TEST_F(WatchTrouble, AMissingDecoderIsNamed) {
  decoder_.program = "/nowhere/reelforge-decoder";
  const Result<Watched> watched = watch_it(write("film", "x"));
  ASSERT_FALSE(watched);
  EXPECT_EQ(watched.error().code, ErrorCode::unavailable);
  EXPECT_THAT(watched.error().message, HasSubstr("/nowhere/reelforge-decoder"));
}

TEST_F(WatchTrouble, WhatIsNoFilmIsRefusedInWords) {
  EXPECT_EQ(watch_it("/nowhere/film.mp4").error().code, ErrorCode::not_found);
  EXPECT_EQ(watch_it("/tmp").error().code, ErrorCode::unsupported);
  EXPECT_EQ(watch_it("/dev/null").error().code, ErrorCode::unsupported);
  EXPECT_EQ(watch_it(write("empty.mp4", "")).error().code, ErrorCode::corrupt);
  EXPECT_EQ(watch_it(write("text.txt", "Buy now!\n")).error().code, ErrorCode::corrupt);
  const std::string pipe = (folder_.path() / "pipe").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(watch_it(pipe).error().code, ErrorCode::unsupported);
}

TEST_F(WatchTrouble, SoundOfNoLengthIsNothing) {
  const std::string whole = film_from(folder_.path(), "whole.wav", "-f lavfi -i sine=d=0.1");
  std::ifstream in(whole, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)), {});
  bytes.resize(bytes.find("data") + 8);
  const Result<Watched> watched = watch_it(write("header.wav", bytes));
  ASSERT_FALSE(watched);
  EXPECT_EQ(watched.error().code, ErrorCode::corrupt);
}

TEST_F(WatchTrouble, PlaylistsReachNoOtherFile) {
  const std::string secret = write("secret.ts", "secret");
  for (const std::string& text :
       {"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n" + secret + "\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '" + secret + "'\n"}) {
    EXPECT_FALSE(watch_it(write("list", text)));
  }
}

TEST_F(WatchTrouble, ADecoderThatDiesLeavesWhatItGave) {
  const Result<Watched> killed = watch_liar("k");
  ASSERT_TRUE(killed) << killed.error().message;
  EXPECT_TRUE(killed->partial);
  EXPECT_THAT(killed->problems, testing::ElementsAre(HasSubstr("killed")));
  EXPECT_EQ(tally_.frames(0), 1U);
  const Result<Watched> crashed = watch_liar("s");
  ASSERT_TRUE(crashed) << crashed.error().message;
  EXPECT_THAT(crashed->problems, testing::ElementsAre(HasSubstr("signal 11")));
}

TEST_F(WatchTrouble, ADecoderThatHangsIsEnded) {
  for (const char* how : {"h", "c"}) {
    const Result<Watched> watched = watch_liar(how, {.wall_s = 0.2});
    ASSERT_TRUE(watched) << watched.error().message;
    EXPECT_TRUE(watched->partial);
  }
}

TEST_F(WatchTrouble, ADecoderThatLiesIsNotBelieved) {
  for (const char* how : {"o", "b", "f"}) {
    SCOPED_TRACE(how);
    const Result<Watched> watched = watch_liar(how);
    ASSERT_FALSE(watched);
    EXPECT_EQ(watched.error().code, ErrorCode::corrupt);
    EXPECT_THAT(watched.error().message, HasSubstr("no longer trusted"));
  }
  for (char seed = 0; seed < 20; ++seed) EXPECT_FALSE(watch_liar(std::string("n") + seed));
}

TEST_F(WatchTrouble, ADecoderCannotTakeTheMemoryAwayUnderUs) {
  const Result<Watched> watched = watch_liar("t");
  ASSERT_TRUE(watched) << watched.error().message;
  EXPECT_EQ(tally_.frames(0), 2U);
}

class Stopper final : public Progress {
 public:
  void report(std::string_view what, std::int64_t done, std::int64_t total) override {
    EXPECT_EQ(what, "watch");
    EXPECT_LE(done, total);
    ++reports;
  }
  bool cancelled() const override { return reports >= 3; }
  int reports = 0;
};

TEST_F(WatchTrouble, StopsWhenAsked) {
  Stopper progress;
  const Result<Watched> watched =
      watch(decoder_, composed_film(folder_.path(), "long.mp4", "-t 20"), usual_options(), tally_,
            progress);
  ASSERT_FALSE(watched);
  EXPECT_EQ(watched.error().code, ErrorCode::conflict);
  EXPECT_LT(tally_.frames(0), 600U);
}

class Refuser final : public Viewer {
 public:
  Status begin(const MediaFacts&) override { return {}; }
  Status on_frame(std::size_t, const Frame&) override {
    return fail(ErrorCode::denied, "seen enough");
  }
  Status on_samples(const Samples&) override { return {}; }
};

TEST_F(WatchTrouble, GivesBackTheViewersOwnError) {
  Refuser viewer;
  NoProgress progress;
  const Result<Watched> watched =
      watch(decoder_, composed_film(folder_.path(), "short.mp4", "-t 1"), usual_options(), viewer,
            progress);
  ASSERT_FALSE(watched);
  EXPECT_EQ(watched.error().code, ErrorCode::denied);
  EXPECT_THAT(watched.error().message, HasSubstr("seen enough"));
}

TEST_F(WatchTrouble, RefusesWhatIsLargerThanItsLimits) {
  const std::string film = composed_film(folder_.path(), "short.mp4", "-t 1");
  WatchOptions options = usual_options();
  options.limits.side_px_max = 100;
  EXPECT_EQ(watch_it(film, options).error().code, ErrorCode::over_limit);
  options = usual_options();
  options.limits.streams_max = 1;
  EXPECT_EQ(watch_it(film, options).error().code, ErrorCode::over_limit);
  options = usual_options();
  options.limits.duration_s_max = 0.5;
  EXPECT_EQ(watch_it(film, options).error().code, ErrorCode::over_limit);
  options = usual_options();
  options.limits.memory_bytes = std::int64_t{300} << 20;
  const Result<Watched> tight = watch_it(film, options);
  EXPECT_TRUE(tight || tight.error().code == ErrorCode::over_limit ||
              tight.error().code == ErrorCode::unavailable ||
              tight.error().code == ErrorCode::corrupt);
}

TEST_F(WatchTrouble, TruncatedFilmsGiveWhatIsThereOrSayWhatIsMissing) {
  std::vector<std::string> films{
      composed_film(folder_.path(), "a.mp4", "-t 1 -movflags +faststart"),
      composed_film(folder_.path(), "b.mkv", "-t 1"),
      composed_film(folder_.path(), "c.ts", "-t 1")};
  for (const char* name : {"androidx/sample_portrait.mp4", "hostile/video_90.mov"}) {
    const std::string real = films_folder() + "/" + name;
    if (std::filesystem::exists(real)) films.push_back(real);
  }
  Rng rng(20);
  for (const std::string& film : films) {
    std::ifstream in(film, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    for (int i = 0; i < 6; ++i) {
      const std::size_t at = rng.below(bytes.size());
      SCOPED_TRACE(film + " cut at " + std::to_string(at));
      const Result<Watched> watched = watch_it(write("cut", bytes.substr(0, at)));
      if (!watched) {
        EXPECT_THAT(watched.error().code,
                    testing::AnyOf(ErrorCode::corrupt, ErrorCode::unsupported));
      }
    }
  }
}

// Every film beside the repository, the smallest first, cut at RF_TRUNCATIONS points each: 200 take
// an hour or two. Without that word, the small ones at one point.
TEST_F(WatchTrouble, RealFilmsCutAnywhereEndInWords) {
  const std::string wish = environment_for_test("RF_TRUNCATIONS");
  const int points = wish.empty() ? 1 : std::stoi(wish);
  std::vector<std::string> films = all_films();
  if (films.empty()) GTEST_SKIP() << "no shared films here";
  const auto size_of = [](const std::string& film) { return std::filesystem::file_size(film); };
  std::stable_sort(films.begin(), films.end(), [&](const std::string& a, const std::string& b) {
    return size_of(a) < size_of(b);
  });
  constexpr std::uintmax_t kSmall = 120'000;
  for (const std::string& film : films) {
    if (wish.empty() && size_of(film) > kSmall) break;
    const std::string found = cut_everywhere(film, points);
    if (wish.empty()) continue;
    std::printf("%d cuts: %s: %s\n", points, found.c_str(), film.c_str());
    std::fflush(stdout);
  }
}

TEST_F(WatchTrouble, DamagedFilmsGiveTheSameWhateverTheNumberOfThreads) {
  const std::string whole = composed_film(folder_.path(), "a.mp4", "-t 2 -movflags +faststart");
  std::ifstream in(whole, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    std::string damaged = bytes;
    for (int i = 0; i < 40; ++i) {
      damaged[bytes.size() / 4 + rng.below(bytes.size() * 3 / 4)] = static_cast<char>(rng.next());
    }
    const std::string film = write("damaged.mp4", damaged);
    std::vector<std::pair<std::uint64_t, std::uint64_t>> hashes;
    for (const int threads : {1, 2, 5}) {
      WatchOptions options = usual_options();
      options.threads = threads;
      static_cast<void>(watch_it(film, options));
      hashes.emplace_back(tally_.hash, tally_.sound_hash);
    }
    EXPECT_EQ(hashes[0], hashes[1]);
    EXPECT_EQ(hashes[0], hashes[2]);
  }
}

TEST_F(WatchTrouble, HostileFilmsEndInWords) {
  const std::string folder = films_folder() + "/hostile/";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no shared films here";
  EXPECT_EQ(watch_it(folder + "8k24fps_300ms.mp4").error().code, ErrorCode::over_limit);
  for (const char* name :
       {"corrupted.mp4", "sample_missing_stsd.mp4", "sample_with_invalid_nalu.mp4"}) {
    SCOPED_TRACE(name);
    const Result<Watched> watched = watch_it(folder + name);
    ASSERT_TRUE(watched) << watched.error().message;
    EXPECT_TRUE(watched->partial);
    EXPECT_FALSE(watched->problems.empty());
  }
  for (const char* name : {"sample_empty_track.mp4", "sample_fragmented.mp4",
                           "sample_mdat_too_long.mp4", "unordered.mov", "video_90.mov"}) {
    SCOPED_TRACE(name);
    const Result<Watched> watched = watch_it(folder + name);
    ASSERT_TRUE(watched) << watched.error().message;
    EXPECT_GT(watched->frames, 2);
  }
}

}  // namespace
}  // namespace rf::media
