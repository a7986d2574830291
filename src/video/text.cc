#include "video/text.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "video/face_tracks.h"
#include "video/hashes.h"
#include "video/safe_zones.h"
#include "video/text_lines.h"

namespace rf::video {
namespace {

// Letters of 2.5 % of an upright picture's height are 24 pixels high at this side, which the reader
// is at ease with; lines are found at half of it.
constexpr int kShortSide = 540;
constexpr double kRateHz = 1;
constexpr double kSampleSeconds = 1 / kRateHz;

// The budget: so many readings at once, and so many more for each second seen. Measured: a reading
// takes 6 to 12 ms and the reader's start 70, so that 30 s cost .24 CPU-seconds at most.
constexpr double kReadingsFirst = 5;
constexpr double kReadingsPerSecond = 0.3;

// The same line again: its box where it was, its pixels alike.
constexpr double kSameOverlap = 0.5;
constexpr int kSameLook = 14;  // Of 64 bits; what moves behind a caption changes up to ten.
constexpr double kAwayMax_s = 2.5;
// Readings of the same words differ in up to a quarter of their signs.
constexpr double kSameText = 0.25;

// Below this the reader guesses, and textures become words. Measured on our clips without text.
constexpr double kConfidenceMin = 0.6;
constexpr int kLettersMin = 3;
constexpr double kSureOfShort = 0.9;  // Fewer letters are believed from here: "UP", "5 €".

constexpr int kLineHeightForReader = 36;  // Smaller lines are enlarged to it.

// Letters are those within this part of the range from the brightest, or the darkest, pixels: what
// lies behind a caption is in between. Without it the reader, which splits tones by itself, read
// none of three captions over a film; with it all three.
constexpr double kToneReach = 0.25;
constexpr double kToneTail = 0.02;  // Of the pixels, left out at each end of the range.

enum class Letters : std::uint8_t { bright, dark };

// Black letters on white.
Grey letters_alone(const Grey& crop, Letters letters) {
  std::vector<std::uint8_t> sorted = crop.data;
  std::sort(sorted.begin(), sorted.end());
  const auto tail = static_cast<std::size_t>(kToneTail * static_cast<double>(sorted.size()));
  const double low = sorted[tail];
  const double high = sorted[sorted.size() - 1 - tail];
  const double reach = kToneReach * (high - low);
  Grey alone = crop;
  for (std::uint8_t& each : alone.data) {
    const bool letter = letters == Letters::bright ? each >= high - reach : each <= low + reach;
    each = letter ? 0 : 255;
  }
  return alone;
}

// Captions are bright, on or around dark, unless most of the line is bright.
Letters likelier(const Grey& crop) {
  double sum = 0;
  for (const std::uint8_t each : crop.data) sum += each;
  return sum / static_cast<double>(crop.data.size()) > 150 ? Letters::dark : Letters::bright;
}

bool is_letter(char each) {
  const auto byte = static_cast<unsigned char>(each);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z');
}

// Words, by our measure: at least half of the signs are letters or digits, and there are enough.
bool looks_like_words(const media::ReadLine& line) {
  const auto letters = std::count_if(line.text.begin(), line.text.end(), is_letter);
  const auto blanks = std::count(line.text.begin(), line.text.end(), ' ');
  if (letters < 1 || (letters < kLettersMin && line.confidence < kSureOfShort)) return false;
  return line.confidence >= kConfidenceMin && 2 * letters >= std::ssize(line.text) - blanks;
}

std::int64_t words_in(const std::string& text) {
  return text.empty() ? 0 : 1 + std::count(text.begin(), text.end(), ' ');
}

// Changed signs by signs, [0, 1]; 0 for equal texts. Only the first of long texts.
// Source: Levenshtein 1966.
double text_distance(std::string_view a, std::string_view b) {
  constexpr std::size_t kSignsMax = 200;
  a = a.substr(0, kSignsMax);
  b = b.substr(0, kSignsMax);
  if (a.empty() && b.empty()) return 0;
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
    }
  }
  return static_cast<double>(row.back()) / static_cast<double>(std::max(a.size(), b.size()));
}

// The same words read twice, because what moves behind them made them look new: one sighting, with
// the surer reading.
bool join(TextSighting& before, TextSighting& after) {
  const bool follows = after.start_s - before.end_s <= kAwayMax_s &&
                       overlap(before.box, after.box) >= kSameOverlap &&
                       text_distance(before.text, after.text) <= kSameText;
  if (!follows) return false;
  before.end_s = std::max(before.end_s, after.end_s);
  if (after.confidence > before.confidence) {
    before.text = std::move(after.text);
    before.confidence = after.confidence;
  }
  return true;
}

Grey cropped(const Grey& picture, const Patch& patch) {
  Grey crop{patch.width(), patch.height(), {}};
  crop.data.reserve(static_cast<std::size_t>(crop.width) * static_cast<std::size_t>(crop.height));
  for (int y = patch.top; y < patch.bottom; ++y) {
    for (int x = patch.left; x < patch.right; ++x) crop.data.push_back(picture.at(x, y));
  }
  return crop;
}

// Twice as large each way, between the pixels by their mean.
Grey doubled(const Grey& picture) {
  Grey large{picture.width * 2, picture.height * 2, {}};
  large.data.reserve(picture.data.size() * 4);
  for (int y = 0; y < large.height; ++y) {
    const int above = y / 2;
    const int below = std::min(picture.height - 1, above + y % 2);
    for (int x = 0; x < large.width; ++x) {
      const int left = x / 2;
      const int right = std::min(picture.width - 1, left + x % 2);
      const int sum = picture.at(left, above) + picture.at(right, above) + picture.at(left, below) +
                      picture.at(right, below);
      large.data.push_back(static_cast<std::uint8_t>((sum + 2) / 4));
    }
  }
  return large;
}

}  // namespace

TextAnalyser::TextAnalyser(media::TextReader& reader) : reader_(reader) {
  summary_.reader = reader.name();
}

media::Tap TextAnalyser::tap() const { return {media::Pixels::grey, kShortSide, kRateHz}; }

TextAnalyser::Line* TextAnalyser::find_again(const Box& box, std::uint64_t look, double t_s) {
  for (auto line = lines_.rbegin(); line != lines_.rend(); ++line) {
    if (t_s - line->sighting.end_s > kAwayMax_s) continue;
    if (overlap(line->sighting.box, box) >= kSameOverlap &&
        hash_distance(line->look, look) <= kSameLook)
      return &*line;
  }
  return nullptr;
}

Status TextAnalyser::read(const Grey& picture, const Patch& patch, Line& line) {
  Grey crop = cropped(picture, patch);
  if (crop.data.empty()) return {};
  const Letters first = likelier(crop);
  const double budget = kReadingsFirst + kReadingsPerSecond * line.sighting.start_s;
  for (const Letters letters : {first, first == Letters::dark ? Letters::bright : Letters::dark}) {
    if (static_cast<double>(summary_.readings) >= budget) return {};
    ++summary_.readings;
    Grey alone = letters_alone(crop, letters);
    if (alone.height < kLineHeightForReader) alone = doubled(alone);
    const media::ReadLine found = RF_TRY(reader_.read(alone.frame(line.sighting.start_s)));
    line.is_read = true;
    line.is_text = looks_like_words(found);
    line.sighting.text = found.text;
    line.sighting.confidence = found.confidence;
    if (line.is_text) return {};
  }
  return {};
}

Status TextAnalyser::on_frame(const media::Frame& frame) {
  RF_CHECK(frame.pixels == media::Pixels::grey && frame.width > 0 && frame.height > 0);
  upright_ = static_cast<double>(frame.width) / frame.height < kUprightAspectMax;
  ++samples_;
  last_s_ = frame.t_s;
  const Grey picture = luma(frame, whole(frame));
  const Grey half =
      shrunk(picture, whole(frame), std::max(1, frame.width / 2), std::max(1, frame.height / 2));
  double covered = 0;
  for (const Patch& found : find_text_lines(half)) {
    const Box box{static_cast<double>(found.left) / half.width,
                  static_cast<double>(found.top) / half.height,
                  static_cast<double>(found.width()) / half.width,
                  static_cast<double>(found.height()) / half.height};
    const std::uint64_t look = picture_hash(half, found);
    Line* line = find_again(box, look, frame.t_s);
    if (line == nullptr) {
      lines_.push_back({{frame.t_s, frame.t_s, "", 0, box, in_safe_zone(box, upright_)}, look});
      line = &lines_.back();
    }
    line->sighting.end_s = frame.t_s;
    line->look = look;
    ++line->samples;
    if (!line->is_read) RF_TRY(read(picture, pixels_of(box, frame), *line));
    if (line->is_text) covered += box.area();
  }
  samples_with_text_ += covered > 0 ? 1 : 0;
  coverage_ += std::min(1.0, covered);
  return {};
}

TextSummary TextAnalyser::finish() {
  for (Line& line : lines_) {
    summary_.unread += line.is_read ? 0 : 1;
    if (!line.is_text) continue;
    // Seen at a sample, it stood until about the next one.
    line.sighting.end_s =
        std::min(line.sighting.end_s + kSampleSeconds / 2, last_s_ + kSampleSeconds);
    const bool joined =
        std::any_of(summary_.sightings.rbegin(), summary_.sightings.rend(),
                    [&](TextSighting& before) { return join(before, line.sighting); });
    if (!joined) summary_.sightings.push_back(std::move(line.sighting));
  }
  std::stable_sort(summary_.sightings.begin(), summary_.sightings.end(),
                   [](const TextSighting& a, const TextSighting& b) {
                     return a.start_s != b.start_s ? a.start_s < b.start_s : a.box.y < b.box.y;
                   });
  double words = 0;
  for (const TextSighting& each : summary_.sightings)
    words += static_cast<double>(words_in(each.text));
  if (samples_ > 0) {
    const auto samples = static_cast<double>(samples_);
    summary_.share = static_cast<double>(samples_with_text_) / samples;
    summary_.coverage = coverage_ / samples;
    summary_.words_per_second = words / (last_s_ + kSampleSeconds);
  }
  return std::move(summary_);
}

void add_text(const TextSummary& text, Look& look) {
  look.text_share = text.share;
  look.text_coverage = text.coverage;
  look.words_per_second = text.words_per_second;
}

}  // namespace rf::video
