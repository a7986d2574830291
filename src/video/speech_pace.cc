#include "video/speech_pace.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/check.h"

namespace rf::video {
namespace {

constexpr double kWordsOfIdeograph = 0.5;

// The character at the front, which is taken away.
// REQUIRES: valid UTF-8, not empty.
std::uint32_t take_character(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  text.remove_prefix(1);
  if (lead < 0x80) return lead;
  std::uint32_t value = lead & (lead >= 0xF0 ? 0x07U : lead >= 0xE0 ? 0x0FU : 0x1FU);
  while (!text.empty() && (static_cast<unsigned char>(text.front()) & 0xC0U) == 0x80U) {
    value = value << 6U | (static_cast<unsigned char>(text.front()) & 0x3FU);
    text.remove_prefix(1);
  }
  return value;
}

bool is_blank(std::uint32_t c) {
  return c <= ' ' || c == 0xA0 || (c >= 0x2000 && c <= 0x200B) || c == 0x3000;
}

bool is_ideograph(std::uint32_t c) {
  return (c >= 0x3040 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x9FFF) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

// Letters and digits of all scripts, near enough: above ASCII whatever is not a known mark.
bool is_of_word(std::uint32_t c) {
  if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  const bool mark = c < 0xC0 || (c >= 0x2000 && c <= 0x2BFF) || (c >= 0x3000 && c <= 0x303F) ||
                    (c >= 0xFE00 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF0F) ||
                    (c >= 0x1F000 && c <= 0x1FAFF);
  return !mark;
}

// Seconds during which at least one caption stands. Captions come by their start.
double covered_s(const std::vector<Caption>& captions) {
  double covered = 0;
  double until = 0;
  for (const Caption& caption : captions) {
    if (caption.text.empty()) continue;
    covered += std::max(0.0, caption.end_s - std::max(caption.start_s, until));
    until = std::max(until, caption.end_s);
  }
  return covered;
}

}  // namespace

double count_words(std::string_view text) {
  double words = 0;
  bool inside = false;  // Of a word that was counted already.
  while (!text.empty()) {
    const std::uint32_t c = take_character(text);
    if (is_ideograph(c)) {
      words += kWordsOfIdeograph;
      inside = false;
    } else if (is_blank(c)) {
      inside = false;
    } else if (!inside && is_of_word(c)) {
      words += 1;
      inside = true;
    }
  }
  return words;
}

SpeechPace speech_pace(const Subtitles& subtitles, double film_s, std::optional<double> spoken_s) {
  RF_CHECK(film_s >= 0);
  SpeechPace pace;
  double words = count_words(subtitles.transcript);
  for (const Caption& caption : subtitles.captions) words += count_words(caption.text);
  const bool timed = subtitles.format != SubtitleFormat::transcript;
  const double talk_s = timed ? covered_s(subtitles.captions) : spoken_s.value_or(film_s);
  if (words > 0 && talk_s > 0) pace.words_per_minute = 60 * words / talk_s;
  if (timed && film_s > 0) {
    pace.captions_per_second = static_cast<double>(subtitles.captions.size()) / film_s;
  }
  return pace;
}

std::string_view narration_bucket(double words_per_minute) {
  if (words_per_minute < 120) return "slow";
  return words_per_minute > 160 ? "fast" : "medium";
}

std::string_view captions_bucket(double captions_per_second) {
  if (captions_per_second < 0.3) return "low";
  return captions_per_second > 0.6 ? "high" : "medium";
}

}  // namespace rf::video
