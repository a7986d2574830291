#include "video/subtitles.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace rf::video {
namespace {

constexpr std::string_view kBlanks = " \t\r\v\f";
constexpr std::string_view kArrow = "-->";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// Lines of a text one after the other, ended by LF, CRLF or CR.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  // False at the end.
  bool next() {
    if (rest_.empty()) return false;
    const std::size_t end = rest_.find_first_of("\r\n");
    line_ = rest_.substr(0, end);
    ++number_;
    if (end == std::string_view::npos) {
      rest_ = {};
      return true;
    }
    const bool pair = rest_[end] == '\r' && end + 1 < rest_.size() && rest_[end + 1] == '\n';
    rest_.remove_prefix(end + (pair ? 2 : 1));
    return true;
  }

  std::string_view line() const { return line_; }
  std::size_t number() const { return number_; }

 private:
  std::string_view rest_;
  std::string_view line_;
  std::size_t number_ = 0;
};

Error broken(std::size_t line, std::string_view what) {
  return fail(ErrorCode::corrupt, fmt::format("subtitles, line {}: {}", line, what));
}

// How many bytes a character has that begins with this one; 0 where none does.
// Source: Unicode 15, table 3-7; so is the next.
std::size_t bytes_from_lead(unsigned char lead) {
  if (lead < 0x80) return lead == 0 ? 0 : 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

bool overlong_or_beyond(unsigned char lead, unsigned char second) {
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool beyond = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
  return overlong || beyond;
}

// How many bytes the character has that begins here; 0 where it is none.
std::size_t character_bytes(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t bytes = bytes_from_lead(byte(0));
  if (bytes == 1) return 1;
  if (bytes == 0 || text.size() < bytes) return 0;
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  return overlong_or_beyond(byte(0), byte(1)) ? 0 : bytes;
}

Status check_characters(std::string_view text) {
  Lines lines(text);
  while (lines.next()) {
    std::string_view rest = lines.line();
    while (!rest.empty()) {
      const std::size_t bytes = character_bytes(rest);
      if (bytes == 0) {
        const auto byte = static_cast<unsigned char>(rest.front());
        return broken(lines.number(), fmt::format("byte 0x{:02x} is not UTF-8 text; save the file "
                                                  "as UTF-8",
                                                  byte));
      }
      rest.remove_prefix(bytes);
    }
  }
  return {};
}

// Drops from `open` to the next `close`; what is never closed stays as it is.
std::string without(std::string_view text, char open, char close) {
  std::string kept;
  while (!text.empty()) {
    const std::size_t from = text.find(open);
    const std::size_t to = from == std::string_view::npos ? from : text.find(close, from);
    if (to == std::string_view::npos) break;
    kept += text.substr(0, from);
    text.remove_prefix(to + 1);
  }
  kept += text;
  return kept;
}

// Only what is said: no tags, no placement, no [door slams].
std::string spoken(std::string_view text) {
  return without(without(without(text, '<', '>'), '{', '}'), '[', ']');
}

void append_line(std::string& text, std::string_view line) {
  const std::string words = spoken(line);
  const std::string_view kept = trimmed(words);
  if (kept.empty()) return;
  if (!text.empty()) text += ' ';
  text += kept;
}

std::optional<double> number(std::string_view digits) {
  if (digits.empty() || digits.size() > 9) return std::nullopt;
  unsigned value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

// [hours:]minutes:seconds with a fraction after a point or comma, or without one.
std::optional<double> time_of(std::string_view text) {
  double total = 0;
  std::size_t parts = 0;
  std::size_t colon = 0;
  while ((colon = text.find(':')) != std::string_view::npos) {
    const std::optional<double> part = number(text.substr(0, colon));
    if (!part || ++parts > 2) return std::nullopt;
    total = (total + *part) * 60;
    text.remove_prefix(colon + 1);
  }
  if (parts == 0) return std::nullopt;
  const std::size_t point = text.find_first_of(".,");
  const std::optional<double> seconds = number(text.substr(0, point));
  if (!seconds || *seconds >= 60) return std::nullopt;
  total += *seconds;
  if (point != std::string_view::npos) {
    const std::string_view digits = text.substr(point + 1);
    std::optional<double> fraction = number(digits);
    if (!fraction) return std::nullopt;
    for (std::size_t i = 0; i < digits.size(); ++i) *fraction /= 10;
    total += *fraction;
  }
  return total;
}

Result<Caption> timed(std::string_view from, std::string_view to, std::size_t line) {
  const std::optional<double> start = time_of(from);
  const std::optional<double> end = time_of(to);
  if (!start || !end) {
    return broken(line, fmt::format("expected two times like 00:01:02.500, found '{}' and '{}'",
                                    from.substr(0, 40), to.substr(0, 40)));
  }
  if (*end < *start) return broken(line, "the caption ends before it starts");
  if (*end > kSubtitleTimeMaxS) return broken(line, "a time beyond 100 hours");
  return Caption{.start_s = *start, .end_s = *end, .text = {}};
}

// "00:01 --> 00:02 line:0": the times; what follows them is placement.
Result<Caption> timing_line(std::string_view text, std::size_t line) {
  const std::size_t arrow = text.find(kArrow);
  const std::string_view from = trimmed(text.substr(0, arrow));
  std::string_view to = trimmed(text.substr(arrow + kArrow.size()));
  to = to.substr(0, to.find_first_of(kBlanks));
  return timed(from, to, line);
}

Status keep(std::vector<Caption>& captions, Caption caption) {
  if (captions.size() >= kCaptionsMax) {
    return fail(ErrorCode::over_limit,
                fmt::format("more than {} captions; split the subtitles", kCaptionsMax));
  }
  captions.push_back(std::move(caption));
  return {};
}

// SubRip and WebVTT: a line with an arrow, then text up to an empty line. Numbers, notes and styles
// stand before an arrow and are nobody's words.
Result<std::vector<Caption>> arrow_blocks(std::string_view text) {
  std::vector<Caption> captions;
  bool inside = false;
  Lines lines(text);
  while (lines.next()) {
    const std::string_view line = trimmed(lines.line());
    if (line.find(kArrow) != std::string_view::npos) {
      Caption caption = RF_TRY(timing_line(line, lines.number()));
      RF_TRY(keep(captions, std::move(caption)));
      inside = true;
    } else if (line.empty()) {
      inside = false;
    } else if (inside) {
      append_line(captions.back().text, line);
    }
  }
  return captions;
}

// Where in a Dialogue line the columns stand that are needed.
struct AssColumns {
  std::size_t start = 1;
  std::size_t end = 2;
  std::size_t text = 9;  // The last one; only it may hold commas.
};

AssColumns ass_columns(std::string_view format) {
  AssColumns columns;
  for (std::size_t place = 0; !format.empty(); ++place) {
    const std::size_t comma = format.find(',');
    const std::string_view name = trimmed(format.substr(0, comma));
    if (name == "Start") columns.start = place;
    if (name == "End") columns.end = place;
    if (name == "Text") columns.text = place;
    if (comma == std::string_view::npos) break;
    format.remove_prefix(comma + 1);
  }
  return columns;
}

Result<Caption> ass_dialogue(std::string_view row, const AssColumns& columns, std::size_t line) {
  std::string_view start;
  std::string_view end;
  for (std::size_t place = 0; place < columns.text; ++place) {
    const std::size_t comma = row.find(',');
    if (comma == std::string_view::npos) return broken(line, "a Dialogue with too few columns");
    if (place == columns.start) start = trimmed(row.substr(0, comma));
    if (place == columns.end) end = trimmed(row.substr(0, comma));
    row.remove_prefix(comma + 1);
  }
  Caption caption = RF_TRY(timed(start, end, line));
  std::string words(row);
  // "\N" and "\n" are line breaks within the text, "\h" a hard blank.
  for (const std::string_view mark : {"\\N", "\\n", "\\h"}) {
    for (std::size_t at = 0; (at = words.find(mark, at)) != std::string::npos;) {
      words.replace(at, mark.size(), "  ");
    }
  }
  append_line(caption.text, words);
  return caption;
}

Result<std::vector<Caption>> ass_events(std::string_view text) {
  constexpr std::string_view kFormat = "Format:";
  constexpr std::string_view kDialogue = "Dialogue:";
  std::vector<Caption> captions;
  AssColumns columns;
  bool events = false;
  Lines lines(text);
  while (lines.next()) {
    const std::string_view line = trimmed(lines.line());
    if (line.starts_with('[')) events = line == "[Events]";
    if (!events) continue;
    if (line.starts_with(kFormat)) columns = ass_columns(line.substr(kFormat.size()));
    if (!line.starts_with(kDialogue)) continue;
    Caption caption = RF_TRY(ass_dialogue(line.substr(kDialogue.size()), columns, lines.number()));
    RF_TRY(keep(captions, std::move(caption)));
  }
  return captions;
}

std::string transcript_of(std::string_view text) {
  std::string words;
  Lines lines(text);
  while (lines.next()) append_line(words, lines.line());
  return words;
}

SubtitleFormat format_of(std::string_view text) {
  Lines lines(text);
  while (lines.next()) {
    const std::string_view line = trimmed(lines.line());
    if (lines.number() == 1 && line.starts_with("WEBVTT")) return SubtitleFormat::vtt;
    if (line == "[Script Info]" || line == "[Events]") return SubtitleFormat::ass;
    if (line.find(kArrow) != std::string_view::npos) return SubtitleFormat::srt;
  }
  return SubtitleFormat::transcript;
}

}  // namespace

Result<Subtitles> parse_subtitles(std::string_view bytes) {
  if (bytes.size() > kSubtitleBytesMax) {
    return fail(ErrorCode::over_limit, fmt::format("subtitles of {} bytes; at most {} are read",
                                                   bytes.size(), kSubtitleBytesMax));
  }
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    return fail(ErrorCode::unsupported, "subtitles in UTF-16; save the file as UTF-8");
  }
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  RF_TRY(check_characters(bytes));

  Subtitles subtitles{.format = format_of(bytes), .captions = {}, .transcript = {}};
  if (subtitles.format == SubtitleFormat::transcript) {
    subtitles.transcript = transcript_of(bytes);
    return subtitles;
  }
  subtitles.captions = subtitles.format == SubtitleFormat::ass ? RF_TRY(ass_events(bytes))
                                                               : RF_TRY(arrow_blocks(bytes));
  if (subtitles.captions.empty() && subtitles.format == SubtitleFormat::ass) {
    return fail(ErrorCode::corrupt, "subtitles with a [Script Info] and no Dialogue in [Events]");
  }
  std::stable_sort(subtitles.captions.begin(), subtitles.captions.end(),
                   [](const Caption& a, const Caption& b) { return a.start_s < b.start_s; });
  return subtitles;
}

}  // namespace rf::video
