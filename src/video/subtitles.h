// Captions from subtitle files as people have them: SubRip, WebVTT, SubStation Alpha, or a plain
// transcript without times. The bytes are anyone's, so everything about them is checked.
// Source: WebVTT, W3C Candidate Recommendation 2019; the others have no standard, only habits.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rf::video {

enum class SubtitleFormat : std::uint8_t { srt, vtt, ass, transcript };

struct Caption {
  double start_s = 0;
  double end_s = 0;  // At least start_s.
  std::string text;  // Words only: no markup, no [sounds]; may be empty. Lines joined by a blank.

  bool operator==(const Caption&) const = default;
};

struct Subtitles {
  SubtitleFormat format = SubtitleFormat::srt;
  std::vector<Caption> captions;  // By start; none in a transcript.
  std::string transcript;         // The words of a transcript, else empty.

  bool operator==(const Subtitles&) const = default;
};

inline constexpr std::size_t kSubtitleBytesMax = std::size_t{8} << 20;  // A feature film has .2 MB.
inline constexpr std::size_t kCaptionsMax = 100000;
inline constexpr double kSubtitleTimeMaxS = 100 * 3600;

// Reads any of the formats; which one is told by the content, not by a name.
// Errors: over_limit (too many bytes or captions), unsupported (UTF-16), corrupt (bad UTF-8, a NUL,
// times that cannot be read, run backwards or lie beyond 100 hours, a format's header without its
// captions); the message says in which line.
// Cost: linear in the bytes.
Result<Subtitles> parse_subtitles(std::string_view bytes);

}  // namespace rf::video
