#include "media/film_writer.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/file.h"
#include "media/watch.h"

namespace rf::media {
namespace {

std::string place(const std::string& name) {
  return testing::TempDir() + "rf_film_writer_" + std::to_string(::getpid()) + "_" + name;
}

std::vector<std::uint8_t> picture(const FilmFormat& format, int index) {
  std::vector<std::uint8_t> bgr(static_cast<std::size_t>(format.width) *
                                static_cast<std::size_t>(format.height) * 3);
  for (std::size_t i = 0; i < bgr.size(); ++i) {
    bgr[i] = static_cast<std::uint8_t>(i / 7 + static_cast<std::size_t>(index) * 5);
  }
  return bgr;
}

void write(const std::string& path, const FilmFormat& format, int pictures) {
  FilmWriter writer = FilmWriter::open(path, format).value();
  for (int i = 0; i < pictures; ++i) ASSERT_TRUE(writer.add_picture(picture(format, i)));
  if (format.audio_rate_hz > 0) {
    std::vector<float> sound(
        static_cast<std::size_t>(format.audio_rate_hz * pictures / format.fps));
    for (std::size_t i = 0; i < sound.size(); ++i) {
      sound[i] = 0.3F * std::sin(static_cast<float>(i) * 0.06F);
    }
    ASSERT_TRUE(writer.add_samples(sound));
  }
  ASSERT_TRUE(writer.finish());
}

TEST(FilmWriter, TheSamePicturesAndSamplesGiveTheSameBytes) {
  const FilmFormat format{.width = 96, .height = 160, .fps = 10, .audio_rate_hz = 22050};
  write(place("a.mp4"), format, 25);
  write(place("b.mp4"), format, 25);
  EXPECT_EQ(file_sha256(place("a.mp4")).value(), file_sha256(place("b.mp4")).value());
  for (const char* each : {"a.mp4", "b.mp4"}) std::filesystem::remove(place(each));
}

TEST(FilmWriter, WhatItWritesIsReadWithItsSizeRateAndLength) {
  // One thread so far. NOLINTNEXTLINE(concurrency-mt-unsafe)
  const char* program = std::getenv("RF_DECODER");
  if (program == nullptr) GTEST_SKIP() << "RF_DECODER is not set";
  for (int rate_hz : {0, 22050}) {
    const FilmFormat format{.width = 96, .height = 160, .fps = 10, .audio_rate_hz = rate_hz};
    write(place("c.mp4"), format, 30);
    MediaFacts facts = probe({program}, place("c.mp4"), {}).value();
    EXPECT_EQ(facts.width, 96);
    EXPECT_EQ(facts.height, 160);
    EXPECT_EQ(facts.video_codec, "h264");
    EXPECT_NEAR(facts.fps, 10, 0.01);
    EXPECT_NEAR(facts.duration_s, 3, 0.1);
    EXPECT_EQ(facts.audio_codec, rate_hz > 0 ? "aac" : "");
    std::filesystem::remove(place("c.mp4"));
  }
}

TEST(FilmWriter, RefusesWhatItCannotWrite) {
  EXPECT_EQ(FilmWriter::open(place("d.mp4"), {.width = 95}).error().code, ErrorCode::invalid);
  EXPECT_EQ(FilmWriter::open("/no/such/folder/d.mp4", {}).error().code, ErrorCode::unavailable);
  FilmWriter silent = FilmWriter::open(place("d.mp4"), {.audio_rate_hz = 0}).value();
  EXPECT_EQ(silent.add_samples(std::vector<float>(10)).error().code, ErrorCode::invalid);
  EXPECT_EQ(silent.add_picture(std::vector<std::uint8_t>(10)).error().code, ErrorCode::invalid);
  std::filesystem::remove(place("d.mp4"));
}

}  // namespace
}  // namespace rf::media
