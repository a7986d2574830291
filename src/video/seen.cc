#include "video/seen.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

namespace rf::video {
namespace {

// The types of motion.h part at 1, 5 and 15. Somebody who talks moves 1 to 3; the borders are
// chosen so that this is still low, and so that high begins in the middle of fast.
constexpr double kLowBelow = 3;
constexpr double kHighFrom = 10;

// Chosen: sampling is never sparser than this.
constexpr double kNearestFaceS = 1;

double overlap(double a, double b, Stretch stretch) {
  return std::max(0.0, std::min(b, stretch.end_s) - std::max(a, stretch.start_s));
}

// Latin letters of two bytes as the plain ones they are written without accents.
struct Accent {
  std::string_view letters;
  char plain;
};
constexpr auto kAccents = std::to_array<Accent>({{"àáâãäåÀÁÂÃÄÅāăąĀĂĄ", 'a'},
                                                 {"çÇćčĆČ", 'c'},
                                                 {"ďđĎĐ", 'd'},
                                                 {"èéêëÈÉÊËēęěĒĘĚ", 'e'},
                                                 {"ğĞ", 'g'},
                                                 {"ìíîïÌÍÎÏīıİ", 'i'},
                                                 {"łŁ", 'l'},
                                                 {"ñÑńňŃŇ", 'n'},
                                                 {"òóôõöøÒÓÔÕÖØőŐ", 'o'},
                                                 {"řŘ", 'r'},
                                                 {"śšşŚŠŞ", 's'},
                                                 {"ťţŤŢ", 't'},
                                                 {"ùúûüÙÚÛÜůűŮŰ", 'u'},
                                                 {"ýÿÝ", 'y'},
                                                 {"źżžŹŻŽ", 'z'}});

char plain_of(std::string_view two_bytes) {
  for (const Accent& accent : kAccents) {
    for (std::size_t i = 0; i + 1 < accent.letters.size(); i += 2) {
      if (accent.letters.substr(i, 2) == two_bytes) return accent.plain;
    }
  }
  return 0;
}

// Bytes of the character that begins with `lead`.
std::size_t length_of(unsigned char lead) {
  if (lead < 0xC0) return 1;
  if (lead < 0xE0) return 2;
  return lead < 0xF0 ? 3 : 4;
}

// Cyrillic capitals А to Я as small letters.
std::string lower_cyrillic(std::string_view letter) {
  const auto first = static_cast<unsigned char>(letter[0]);
  const auto second = static_cast<unsigned char>(letter[1]);
  if (first != 0xD0 || second < 0x90 || second > 0xAF) return std::string(letter);
  const auto moved = static_cast<unsigned char>(second + 0x20);
  if (moved <= 0xBF) return {letter[0], static_cast<char>(moved)};
  return {static_cast<char>(0xD1), static_cast<char>(moved - 0x40)};
}

bool is_question_mark(std::string_view letter) {
  return letter == "?" || letter == "？" || letter == "؟" || letter == "¿";
}

std::string fold_ascii(char c) {
  if (c >= 'A' && c <= 'Z') return std::string(1, static_cast<char>(c - 'A' + 'a'));
  const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  return kept ? std::string(1, c) : " ";
}

std::string fold_letter(std::string_view letter) {
  if (is_question_mark(letter)) return "?";
  if (letter == "ß") return "ss";
  if (letter.size() == 1) return fold_ascii(letter[0]);
  if (letter.size() == 2) {
    const char plain = plain_of(letter);
    if (plain != 0) return std::string(1, plain);
    return static_cast<unsigned char>(letter[0]) == 0xC2 ? " " : lower_cyrillic(letter);
  }
  // General punctuation and symbols, U+2000 to U+2BFF, part words; other scripts are kept.
  return static_cast<unsigned char>(letter[0]) == 0xE2 ? " " : std::string(letter);
}

}  // namespace

bool was_measured(const Features& features, std::string_view analyser) {
  return std::ranges::find(features.measured, analyser) != features.measured.end();
}

std::optional<double> mean_energy(const Motion& motion, Stretch stretch) {
  double sum = 0;
  int steps = 0;
  auto from = std::ranges::lower_bound(motion.timeline, stretch.start_s, {}, &MotionFrame::t_s);
  for (; from != motion.timeline.end() && from->t_s < stretch.end_s; ++from) {
    sum += from->energy;
    ++steps;
  }
  if (steps == 0) return std::nullopt;
  return sum / steps;
}

std::optional<double> face_share(const Faces& faces, Stretch stretch) {
  int samples = 0;
  int with_face = 0;
  const FaceSample* nearest = nullptr;
  double nearest_s = kNearestFaceS;
  for (const FaceSample& sample : faces.samples) {
    if (stretch.has(sample.t_s)) {
      ++samples;
      with_face += sample.faces.empty() ? 0 : 1;
    }
    const double away = std::max({stretch.start_s - sample.t_s, sample.t_s - stretch.end_s, 0.0});
    if (away <= nearest_s) {
      nearest = &sample;
      nearest_s = away;
    }
  }
  if (samples > 0) return static_cast<double>(with_face) / samples;
  if (nearest != nullptr) return nearest->faces.empty() ? 0.0 : 1.0;
  return std::nullopt;
}

double text_share(const std::vector<TextSighting>& text, Stretch stretch) {
  if (stretch.length_s() <= 0) return 0;
  std::vector<std::pair<double, double>> parts;
  for (const TextSighting& each : text) {
    if (overlap(each.start_s, each.end_s, stretch) > 0) {
      parts.emplace_back(std::max(each.start_s, stretch.start_s),
                         std::min(each.end_s, stretch.end_s));
    }
  }
  std::ranges::sort(parts);
  double covered = 0;
  double until = stretch.start_s;
  for (const auto& [start, end] : parts) {
    covered += std::max(0.0, end - std::max(start, until));
    until = std::max(until, end);
  }
  return std::clamp(covered / stretch.length_s(), 0.0, 1.0);
}

std::optional<double> mean_attention(const Attention& attention, Stretch stretch) {
  double sum = 0;
  int values = 0;
  const std::size_t size = std::min(attention.t_s.size(), attention.value.size());
  for (std::size_t i = 0; i < size; ++i) {
    if (!stretch.has(attention.t_s[i])) continue;
    sum += attention.value[i];
    ++values;
  }
  if (values == 0) return std::nullopt;
  return sum / values;
}

std::optional<SoundKind> sound_during(const Sound& sound, Stretch stretch) {
  std::array<double, 4> seconds{};
  for (const SoundSegment& each : sound.segments) {
    seconds.at(static_cast<std::size_t>(each.kind)) += overlap(each.start_s, each.end_s, stretch);
  }
  const auto* longest = std::ranges::max_element(seconds);
  if (*longest <= 0) return std::nullopt;
  return static_cast<SoundKind>(longest - seconds.begin());
}

std::int64_t cuts_in(const std::vector<Shot>& shots, Stretch stretch) {
  return std::ranges::count_if(shots, [&](const Shot& shot) {
    return shot.transition != Transition::start && stretch.has(shot.start_s);
  });
}

std::string_view motion_level(double energy) {
  if (energy < kLowBelow) return "low";
  return energy < kHighFrom ? "medium" : "high";
}

std::string folded(std::string_view text) {
  std::string out = " ";
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length =
        std::min(length_of(static_cast<unsigned char>(text[i])), text.size() - i);
    for (char c : fold_letter(text.substr(i, length))) {
      if (c != ' ' || out.back() != ' ') out += c;
    }
    i += length;
  }
  if (out.back() != ' ') out += ' ';
  return out;
}

bool has_words(std::string_view folded_text, std::string_view words) {
  std::string wanted = " ";
  wanted += words;
  wanted += ' ';
  return folded_text.find(wanted) != std::string_view::npos;
}

}  // namespace rf::video
