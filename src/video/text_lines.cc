#include "video/text_lines.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace rf::video {
namespace {

// All in pixels of a picture with a short side of about 270, where a caption's letters are 8 to 40
// high; chosen on drawn captions of 2.5 to 8 % of the height, and on our clips without text.
constexpr int kEdge = 48;    // Luma across two pixels; captions have 100 and more.
constexpr int kGapMax = 12;  // Between strokes: letters of up to twice that.
constexpr int kRunWidthMin = 20;
constexpr int kRunStrokesMin = 4;  // Changes of direction from up to down or back.
constexpr int kRowsMissed = 2;     // Rows without strokes inside letters.
constexpr int kHeightMin = 5;
constexpr int kHeightMaxShare = 5;  // A fifth of the height.
constexpr double kAspectMin = 1.6;
// Captions of 2.5 to 8 % of the height, drawn over a film of a person, have fills of .76 to
// .92, 3.4 to 5.1 strokes to a square and two tones at .72 and more; eyes, jewellery, leaves and
// fingers 0.4 to 1.8 strokes at the same fills and tones.
constexpr double kFillMin = 0.5;
constexpr double kStrokesMin = 1.8;
constexpr double kTwoToneMin = 0.65;
constexpr std::size_t kLinesMax = 12;
constexpr std::size_t kBandsMax = 400;  // A picture of noise has no more to say after that.

struct Run {
  int left = 0;
  int right = 0;
  int strokes = 0;  // Changes of direction, from up to down or back.
};

struct Band {
  Patch patch;
  int last_row = 0;
  std::int64_t filled = 0;
  std::int64_t strokes = 0;
};

// Stretches of a row with strokes side by side.
void runs_of_row(const Grey& picture, int y, std::vector<Run>& runs) {
  runs.clear();
  const std::uint8_t* row =
      &picture.data[static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width)];
  Run run{-1, -1, 0};
  int sign = 0;
  const auto close = [&] {
    if (run.left >= 0 && run.right - run.left >= kRunWidthMin && run.strokes >= kRunStrokesMin)
      runs.push_back(run);
    run = {-1, -1, 0};
    sign = 0;
  };
  for (int x = 1; x + 1 < picture.width; ++x) {
    const int step = row[x + 1] - row[x - 1];
    if (std::abs(step) < kEdge) {
      if (run.left >= 0 && x - run.right > kGapMax) close();
      continue;
    }
    if (run.left < 0) run.left = x;
    run.right = x + 1;
    const int now = step > 0 ? 1 : -1;
    run.strokes += now != sign ? 1 : 0;
    sign = now;
  }
  close();
}

// Goes on with a band that lies right above, where it shares half of the narrower one's width.
void add_run(std::vector<Band>& bands, int y, const Run& run) {
  for (auto band = bands.rbegin(); band != bands.rend(); ++band) {
    if (y - band->last_row > kRowsMissed + 1) continue;
    const int shared =
        std::min(run.right, band->patch.right) - std::max(run.left, band->patch.left);
    const int narrower = std::min(run.right - run.left, band->patch.width());
    if (2 * shared < narrower) continue;
    band->patch.left = std::min(band->patch.left, run.left);
    band->patch.right = std::max(band->patch.right, run.right);
    band->patch.bottom = y + 1;
    band->last_row = y;
    band->filled += run.right - run.left;
    band->strokes += run.strokes;
    return;
  }
  if (bands.size() < kBandsMax)
    bands.push_back({{run.left, y, run.right, y + 1}, y, run.right - run.left, run.strokes});
}

bool is_line(const Grey& picture, const Band& band) {
  const int width = band.patch.width();
  const int height = band.patch.height();
  if (height < kHeightMin || height > picture.height / kHeightMaxShare) return false;
  if (width < kAspectMin * height) return false;
  const double fill = static_cast<double>(band.filled) / (static_cast<double>(width) * height);
  // Strokes across a square of the band's height, in the mean over its rows.
  const double strokes = static_cast<double>(band.strokes) / width;
  return fill >= kFillMin && strokes >= kStrokesMin && two_tone(picture, band.patch) >= kTwoToneMin;
}

// Letters reach a little beyond the rows that have enough strokes.
Patch with_margin(const Grey& picture, const Patch& patch) {
  const int margin = std::max(2, patch.height() / 4);
  return {std::max(0, patch.left - margin), std::max(0, patch.top - margin),
          std::min(picture.width, patch.right + margin),
          std::min(picture.height, patch.bottom + margin)};
}

}  // namespace

double two_tone(const Grey& picture, const Patch& patch) {
  std::array<std::int64_t, 256> histogram{};
  for (int y = patch.top; y < patch.bottom; ++y) {
    for (int x = patch.left; x < patch.right; ++x) ++histogram[picture.at(x, y)];
  }
  double count = 0;
  double sum = 0;
  double squares = 0;
  for (std::size_t i = 0; i < histogram.size(); ++i) {
    const auto n = static_cast<double>(histogram[i]);
    const auto value = static_cast<double>(i);
    count += n;
    sum += n * value;
    squares += n * value * value;
  }
  if (count == 0) return 0;
  const double mean = sum / count;
  const double variance = squares / count - mean * mean;
  if (variance <= 0) return 0;
  double below = 0;
  double below_sum = 0;
  double best = 0;
  for (std::size_t i = 0; i < histogram.size(); ++i) {
    below += static_cast<double>(histogram[i]);
    below_sum += static_cast<double>(histogram[i]) * static_cast<double>(i);
    if (below == 0 || below == count) continue;
    const double apart = below_sum / below - (sum - below_sum) / (count - below);
    best = std::max(best, below * (count - below) * apart * apart / (count * count));
  }
  return best / variance;
}

std::vector<Patch> find_text_lines(const Grey& picture) {
  std::vector<Band> open;
  std::vector<Patch> lines;
  std::vector<Run> runs;
  const auto settle = [&](const Band& band) {
    if (is_line(picture, band)) lines.push_back(with_margin(picture, band.patch));
  };
  for (int y = 0; y < picture.height; ++y) {
    runs_of_row(picture, y, runs);
    for (const Run& run : runs) add_run(open, y, run);
    std::erase_if(open, [&](const Band& band) {
      const bool over = y - band.last_row > kRowsMissed;
      if (over) settle(band);
      return over;
    });
  }
  for (const Band& band : open) settle(band);
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Patch& a, const Patch& b) { return a.width() > b.width(); });
  if (lines.size() > kLinesMax) lines.resize(kLinesMax);
  std::stable_sort(lines.begin(), lines.end(), [](const Patch& a, const Patch& b) {
    return a.top != b.top ? a.top < b.top : a.left < b.left;
  });
  return lines;
}

}  // namespace rf::video
