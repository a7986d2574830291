#include "video/hashes.h"

#include <algorithm>
#include <cstdio>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/rng.h"
#include "media/frames_for_test.h"

namespace rf::video {
namespace {

using media::OwnFrame;
using media::Pixels;

// A soft landscape from a few waves; the same for the same seed at any size.
OwnFrame waves(std::uint64_t seed, int width, int height, double gain = 1, double offset = 0) {
  OwnFrame frame = media::blank(width, height, Pixels::bgr, 0);
  Rng rng(seed);
  std::vector<std::array<double, 4>> parts(12);
  for (auto& part : parts)
    part = {rng.uniform() * 20, rng.uniform() * 20, rng.uniform() * 6, 8 + rng.uniform() * 14};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      double value = 128;
      for (const auto& part : parts)
        value += part[3] * std::sin(part[0] * x / width + part[1] * y / height + part[2]);
      value = std::clamp(value * gain + offset, 0.0, 255.0);
      for (std::size_t channel = 0; channel < 3; ++channel)
        frame.data[(static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                    static_cast<std::size_t>(x)) *
                       3 +
                   channel] = static_cast<std::uint8_t>(value);
    }
  }
  return frame;
}

std::uint64_t hash_of(const OwnFrame& frame) {
  const media::Frame borrowed = frame.frame();
  const Grey grey = luma(borrowed, whole(borrowed));
  return picture_hash(grey, whole(borrowed));
}

TEST(PictureHash, IsNearForTheSamePictureAtAnotherSizeAndBrightness) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    const std::uint64_t hash = hash_of(waves(seed, 360, 640));
    EXPECT_LE(hash_distance(hash, hash_of(waves(seed, 180, 320))), 6);
    EXPECT_LE(hash_distance(hash, hash_of(waves(seed, 360, 640, 0.8, 20))), 6);
  }
}

TEST(PictureHash, IsFarForAnother) {
  double sum = 0;
  for (std::uint64_t seed = 1; seed <= 30; ++seed)
    sum += hash_distance(hash_of(waves(seed, 160, 160)), hash_of(waves(seed + 100, 160, 160)));
  EXPECT_NEAR(sum / 30, 32, 4);
}

TEST(PictureHash, OfAPictureWithoutContentIsZero) {
  EXPECT_EQ(hash_of(media::blank(100, 100, Pixels::bgr, 77)), 0);
}

TEST(Signature, ComesBackFromItsText) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Rng rng(seed);
    Signature signature{1 << rng.below(8), {}};
    for (std::uint64_t n = rng.below(65); n > 0; --n) signature.hashes.push_back(rng.next());
    const Result<Signature> back = parse_signature(to_text(signature));
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(*back, signature);
  }
}

TEST(Signature, ThatIsNoneIsRefused) {
  for (const char* text : {"", "s:", "1s", "0s:", "3s:", "-1s:", "1s:12", "1s:zzzzzzzzzzzzzzzz",
                           "99999999999s:", "1s:0123456789abcdef0"})
    EXPECT_FALSE(parse_signature(text)) << text;
  EXPECT_FALSE(parse_signature("1s:" + std::string(std::size_t{65} * 16, '0')));
}

Signature signature_of(HashAnalyser& analyser) {
  return *parse_signature(analyser.finish().at("film"));
}

TEST(Similarity, IsOneWithItselfAndTheSameBothWays) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    Rng rng(seed);
    Signature a{1, {}};
    Signature b{2, {}};
    for (int i = 0; i < 20; ++i) a.hashes.push_back(rng.next());
    for (int i = 0; i < 15; ++i) b.hashes.push_back(rng.next());
    EXPECT_EQ(similarity(a, a), 1);
    EXPECT_EQ(similarity(a, b), similarity(b, a));
    EXPECT_LT(similarity(a, b), 0.3);
  }
}

TEST(Similarity, OfBlackFilmsIsNothing) {
  const Signature black{1, std::vector<std::uint64_t>(10, 0)};
  EXPECT_EQ(similarity(black, black), 0);
  EXPECT_EQ(similarity({}, {}), 0);
}

TEST(HashAnalyser, KnowsAFilmThatWasFramedByBars) {
  HashAnalyser plain;
  HashAnalyser framed;
  for (int second = 0; second < 5; ++second) {
    OwnFrame picture = waves(static_cast<std::uint64_t>(second) + 1, 200, 120);
    picture.t_s = second;
    plain.on_frame(picture.frame());
    OwnFrame wide = media::blank(200, 200, Pixels::bgr, 0);
    wide.t_s = second;
    std::copy(picture.data.begin(), picture.data.end(),
              wide.data.begin() + std::ptrdiff_t{40} * 200 * 3);
    framed.on_frame(wide.frame());
  }
  EXPECT_GT(similarity(signature_of(plain), signature_of(framed)), 0.9);
}

TEST(HashAnalyser, HoldsALongFilmInABoundedSignature) {
  HashAnalyser analyser;
  for (int second = 0; second < 1000; ++second) {
    OwnFrame picture = waves(static_cast<std::uint64_t>(second % 7), 40, 40);
    picture.t_s = second;
    analyser.on_frame(picture.frame());
  }
  const Signature signature = signature_of(analyser);
  EXPECT_EQ(signature.spacing_s, 16);
  EXPECT_LE(signature.hashes.size(), 64);
}

Signature signature_of(const std::string& path) {
  HashAnalyser analyser;
  for (const OwnFrame& frame : media::frames_of(path, Pixels::bgr, 360, 1))
    analyser.on_frame(frame.frame());
  const std::map<std::string, std::string> hashes = analyser.finish();
  return hashes.empty() ? Signature{} : *parse_signature(hashes.at("film"));
}

const std::vector<std::string> kFilms = {"faces_talking/vretalk_1.mp4",
                                         "faces_talking/vretalk_3.mp4",
                                         "intel_samples/bottle-detection.mp4",
                                         "misc/big_buck_bunny_0_30.webm",
                                         "misc/chaplin.mp4",
                                         "misc/moviepy_long_example.mp4",
                                         "mdn/elf.mp4",
                                         "scenedetect/fades.mp4",
                                         "scenedetect/counter.mp4",
                                         "objects_sam2/01_dog.mp4",
                                         "objects_sam2/04_coffee.mp4",
                                         "mmaction/demo.mp4",
                                         "mmaction/test_video_structuralize.mp4"};

// How alike the two films are that are most alike.
double nearest_pair(const std::vector<Signature>& films) {
  double nearest = 0;
  for (std::size_t i = 0; i < films.size(); ++i) {
    for (std::size_t j = i + 1; j < films.size(); ++j) {
      nearest = std::max(nearest, similarity(films[i], films[j]));
    }
  }
  return nearest;
}

TEST(Similarity, PartsChangedCopiesFromOtherFilms) {
  if (!media::is_there(media::shared_video(kFilms[0])))
    GTEST_SKIP() << "no films beside the repository";
  std::vector<Signature> films;
  films.reserve(kFilms.size());
  for (const std::string& film : kFilms) films.push_back(signature_of(media::shared_video(film)));
  double farthest_twin = 1;
  const double nearest_other = nearest_pair(films);
  const std::string copy = testing::TempDir() + "copy.mp4";
  // A talking head, a drawn film and a filmed scene.
  for (const std::size_t i : {std::size_t{0}, std::size_t{3}, std::size_t{9}}) {
    for (const char* change :
         {"-vf scale=iw/2:-2 -b:v 200k", "-vf eq=brightness=0.05", "-r 15",
          "-vf crop=iw*0.94:ih*0.94",
          "-vf drawbox=x=iw*0.7:y=ih*0.04:w=iw*0.25:h=ih*0.1:t=fill:color=white", "-ss 1"}) {
      media::printed("ffmpeg -v quiet -y -i '" + media::shared_video(kFilms[i]) + "' -t 8 -an " +
                     change + " -c:v mpeg4 '" + copy + "'");
      // The copy has 8 s, so the original is cut to them as well.
      Signature original = films[i];
      if (original.hashes.size() > 8) original.hashes.resize(8);
      const double like = similarity(original, signature_of(copy));
      if (like < farthest_twin) std::printf("  twin %.2f %s %s\n", like, kFilms[i].c_str(), change);
      farthest_twin = std::min(farthest_twin, like);
    }
  }
  std::printf(
      "18 changed copies: similarity at least %.2f; 78 pairs of different films: at most "
      "%.2f; threshold %.2f\n",
      farthest_twin, nearest_other, kTwinSimilarity);
  EXPECT_GT(farthest_twin, kTwinSimilarity);
  EXPECT_LT(nearest_other, kTwinSimilarity);
  std::filesystem::remove(copy);
}

}  // namespace
}  // namespace rf::video
