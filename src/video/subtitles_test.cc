#include "video/subtitles.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/rng.h"
#include "video/speech_pace.h"

namespace rf::video {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kSrt =
    "\xEF\xBB\xBF"
    "1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>Buy</i> now,\r\nwhile it lasts\r\n\r\n"
    "2\r\n00:00:03,000 --> 00:00:04,000\r\n[door slams]\r\n";
constexpr std::string_view kVtt =
    "WEBVTT - made by hand\n\nSTYLE\n::cue { color: red }\n\nNOTE not said\n\n"
    "later\n01:00:00.000 --> 01:00:01.000\nSecond\n\n"
    "00:01.000 --> 00:02.5 line:0 position:20%\n<v Ann>First\n";
constexpr std::string_view kAss =
    "[Script Info]\nTitle: x\n\n[V4+ Styles]\nFormat: Name\nStyle: Default\n\n[Events]\n"
    "Format: Layer, Start, End, Style, Text\nComment: 0,0:00:00.00,0:00:09.00,D,not said\n"
    "Dialogue: 0,0:00:01.50,0:00:02.25,Default,{\\an8}One\\Ntwo, three\n";

TEST(Subtitles, EveryFormatGivesItsCaptions) {
  const auto srt = parse_subtitles(kSrt);
  ASSERT_TRUE(srt) << srt.error().message;
  EXPECT_EQ(srt->format, SubtitleFormat::srt);
  EXPECT_THAT(srt->captions,
              ElementsAre(Caption{1, 2.5, "Buy now, while it lasts"}, Caption{3, 4, ""}));

  const auto vtt = parse_subtitles(kVtt);
  ASSERT_TRUE(vtt) << vtt.error().message;
  EXPECT_EQ(vtt->format, SubtitleFormat::vtt);
  EXPECT_THAT(vtt->captions, ElementsAre(Caption{1, 2.5, "First"}, Caption{3600, 3601, "Second"}));

  const auto ass = parse_subtitles(kAss);
  ASSERT_TRUE(ass) << ass.error().message;
  EXPECT_EQ(ass->format, SubtitleFormat::ass);
  EXPECT_THAT(ass->captions, ElementsAre(Caption{1.5, 2.25, "One  two, three"}));

  const auto plain = parse_subtitles("Hello there.\n\nBuy one (1) now!\n");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->format, SubtitleFormat::transcript);
  EXPECT_EQ(plain->transcript, "Hello there. Buy one (1) now!");
}

std::string complaint(std::string_view bytes) {
  const auto read = parse_subtitles(bytes);
  return read ? "" : read.error().message;
}

TEST(Subtitles, WhatIsBrokenIsNamedWithItsLine) {
  EXPECT_THAT(complaint("1\n00:00:02,000 --> 00:00:01,000\nx\n"),
              HasSubstr("line 2: the caption ends before it starts"));
  EXPECT_THAT(complaint("1\n00:00:61,000 --> 00:00:62,000\n"), HasSubstr("'00:00:61,000'"));
  EXPECT_THAT(complaint("1\nnever --> 00:00:62,000\n"), HasSubstr("line 2"));
  EXPECT_THAT(complaint("1\n999:00:00,000 --> 999:00:01,000\n"), HasSubstr("100 hours"));
  EXPECT_THAT(complaint("fine\ncaf\xE9\n"), HasSubstr("line 2: byte 0xe9 is not UTF-8"));
  EXPECT_THAT(complaint(std::string_view("a\0b", 3)), HasSubstr("byte 0x00"));
  EXPECT_THAT(complaint("\xFF\xFE\x31"), HasSubstr("UTF-16"));
  EXPECT_THAT(complaint("\xED\xA0\x80"), HasSubstr("0xed"));  // A surrogate.
  EXPECT_THAT(complaint("\xC0\xAF"), HasSubstr("0xc0"));      // Overlong.
  EXPECT_THAT(complaint("[Script Info]\n"), HasSubstr("no Dialogue"));
  EXPECT_THAT(complaint("[Events]\nDialogue: 0,0:00:01.00\n"), HasSubstr("line 2"));
}

TEST(Subtitles, HugeOnesAreRefused) {
  EXPECT_THAT(complaint(std::string(kSubtitleBytesMax + 1, 'a')), HasSubstr("at most"));
  std::string many;
  for (std::size_t i = 0; i <= kCaptionsMax; ++i) many += "0:01 --> 0:02\n";
  EXPECT_THAT(complaint(many), HasSubstr("100000 captions"));
}

TEST(Subtitles, NoTruncationOrFlippedByteIsFatal) {
  Rng rng(7);
  for (const std::string_view whole : {kSrt, kVtt, kAss}) {
    for (std::size_t end = 0; end <= whole.size(); ++end) {
      std::string bytes(whole.substr(0, end));
      static_cast<void>(parse_subtitles(bytes));
      if (bytes.empty()) continue;
      bytes[rng.below(bytes.size())] = static_cast<char>(rng.below(256));
      static_cast<void>(parse_subtitles(bytes));
    }
  }
}

TEST(SpeechPace, WordsOfAnyScriptAreCounted) {
  EXPECT_EQ(count_words(""), 0);
  EXPECT_EQ(count_words("Don't wait - buy 2 now!!"), 5);
  EXPECT_EQ(count_words("\xD0\x9A\xD1\x83\xD0\xBF\xD0\xB8 \xD1\x8D\xD1\x82\xD0\xBE"), 2);
  EXPECT_EQ(count_words("\xE4\xB8\xAD\xE6\x96\x87\xE5\xAD\x97\xE5\xB9\x95"), 2);
  EXPECT_EQ(count_words("\xE2\x99\xAA \xE2\x80\x94 ..."), 0);
}

TEST(SpeechPace, SilenceBetweenCaptionsIsNotSlowSpeech) {
  const auto srt = parse_subtitles(kSrt);
  ASSERT_TRUE(srt);
  const SpeechPace pace = speech_pace(*srt, 10, std::nullopt);
  EXPECT_DOUBLE_EQ(pace.words_per_minute.value(), 60 * 5 / 1.5);  // 5 words in 1.5 s.
  EXPECT_DOUBLE_EQ(pace.captions_per_second.value(), 0.2);
}

TEST(SpeechPace, TranscriptIsSetAgainstSpeechOrElseTheFilm) {
  const auto plain = parse_subtitles("one two three four");
  ASSERT_TRUE(plain);
  EXPECT_DOUBLE_EQ(speech_pace(*plain, 10, 2).words_per_minute.value(), 120);
  EXPECT_DOUBLE_EQ(speech_pace(*plain, 10, std::nullopt).words_per_minute.value(), 24);
  EXPECT_FALSE(speech_pace(*plain, 10, 2).captions_per_second);
  EXPECT_FALSE(speech_pace(*plain, 0, std::nullopt).words_per_minute);
}

TEST(SpeechPace, BoundsOfTheBucketsBelongToTheMiddle) {
  EXPECT_EQ(narration_bucket(119.9), "slow");
  EXPECT_EQ(narration_bucket(120), "medium");
  EXPECT_EQ(narration_bucket(160), "medium");
  EXPECT_EQ(narration_bucket(160.1), "fast");
  EXPECT_EQ(captions_bucket(0.29), "low");
  EXPECT_EQ(captions_bucket(0.3), "medium");
  EXPECT_EQ(captions_bucket(0.6), "medium");
  EXPECT_EQ(captions_bucket(0.61), "high");
}

}  // namespace
}  // namespace rf::video
