#include "video/shots.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace rf::video {
namespace {

// Blocks along the short side. Chosen: a twenty-fourth of the picture forgives what moves in one
// step.
constexpr int kBlocksShort = 24;

// As many pictures as the longest window and what a fade needs before and after.
constexpr std::int64_t kKept = 160;

// A cut is judged when this many pictures after it are known. Chosen: longer than a flash.
constexpr std::int64_t kAround = 5;

// All measured on composed and real films, see shots_test.cc; half and double were tried.
constexpr float kCutChangeMin = 4.0F;     // Grey levels; below it nobody sees a cut.
constexpr float kCutOfDeviation = 0.22F;  // Of the two pictures' own contrast.
constexpr double kCutAgainstUsual = 3.0;
constexpr float kCutLikenessMax = 0.9F;
constexpr double kComesBack = 0.5;  // Of the change.
constexpr float kBlankDeviation = 6.0F;
constexpr float kBlankDark = 30.0F;
constexpr float kBlankLight = 225.0F;
constexpr float kMixtureChangeMin = 9.0F;  // Root mean square, grey levels.
constexpr double kMixtureRest = 0.10;      // Of the squared change between its ends.
constexpr double kMixtureLikenessMax = 0.8;
constexpr double kMixtureStepMax = 0.45;  // A single step with more of it is a cut.
constexpr double kMixtureFallMax = 0.1;
constexpr double kMixtureEnd = 0.15;
constexpr double kMixtureStay = 0.18;  // Of the window, at either end.
constexpr std::array<std::int64_t, 8> kWindows{10, 14, 20, 28, 40, 56, 80, 110};

// Two boundaries nearer than this are one.
constexpr double kApart = 0.1;

bool is_blank(const Thumbnail& small) {
  return small.deviation < kBlankDeviation && (small.mean < kBlankDark || small.mean > kBlankLight);
}

// How far a picture is from a black or a white one, root mean square.
double gap_to(const Thumbnail& small, bool light) {
  const float level = light ? 255 - small.mean : small.mean;
  return static_cast<double>(std::hypot(level, small.deviation));
}

// Whether it is more than a blank: a bare grey wall that sinks into black has gone, but a bare wall
// that only grows light may be all there is.
bool shows(const Thumbnail& small, bool light) {
  return small.deviation >= kBlankDeviation || (!light && small.mean > kBlankDark);
}

// The sum of what `each` gives for every block; in eight parts, which a processor adds side by
// side.
template <typename Each>
float sum_over(std::size_t count, Each each) {
  constexpr std::size_t kParts = 8;
  std::array<float, kParts> parts{};
  std::size_t i = 0;
  for (; i + kParts <= count; i += kParts) {
    for (std::size_t k = 0; k < kParts; ++k) parts[k] += each(i + k);
  }
  for (; i < count; ++i) parts[0] += each(i);
  float sum = 0;
  for (const float part : parts) sum += part;
  return sum;
}

double difference(const Thumbnail& a, const Thumbnail& b) {
  const float* x = a.block.data();
  const float* y = b.block.data();
  const float sum = sum_over(a.block.size(), [=](std::size_t i) { return std::abs(x[i] - y[i]); });
  return static_cast<double>(sum) / static_cast<double>(a.block.size());
}

double likeness(const Thumbnail& a, const Thumbnail& b) {
  // Flat pictures resemble nothing that has something in it, and each other.
  if (a.deviation < 1.0F || b.deviation < 1.0F) {
    return std::max(a.deviation, b.deviation) < kBlankDeviation ? 1 : 0;
  }
  const float* x = a.block.data();
  const float* y = b.block.data();
  const float sum = sum_over(
      a.block.size(), [=, &a, &b](std::size_t i) { return (x[i] - a.mean) * (y[i] - b.mean); });
  return static_cast<double>(sum /
                             (static_cast<float>(a.block.size()) * a.deviation * b.deviation));
}

int blocks_along(int side, int short_side) {
  return std::clamp(side * kBlocksShort / short_side, 1, std::min(side, 4 * kBlocksShort));
}

std::vector<float> blocks(const media::Frame& frame) {
  const int short_side = std::min(frame.width, frame.height);
  const int columns = blocks_along(frame.width, short_side);
  const int rows = blocks_along(frame.height, short_side);
  std::vector<float> means(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
  std::vector<std::uint32_t> sums(static_cast<std::size_t>(frame.width));
  for (int row = 0; row < rows; ++row) {
    const int top = row * frame.height / rows;
    const int bottom = (row + 1) * frame.height / rows;
    std::fill(sums.begin(), sums.end(), 0U);
    for (int y = top; y < bottom; ++y) {
      const std::span<const std::uint8_t> line = frame.data.subspan(
          static_cast<std::size_t>(y) * static_cast<std::size_t>(frame.width), sums.size());
      for (std::size_t x = 0; x < sums.size(); ++x) sums[x] += line[x];
    }
    for (int column = 0; column < columns; ++column) {
      const int left = column * frame.width / columns;
      const int right = (column + 1) * frame.width / columns;
      std::uint32_t sum = 0;
      for (int x = left; x < right; ++x) sum += sums[static_cast<std::size_t>(x)];
      means[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
            static_cast<std::size_t>(column)] =
          static_cast<float>(sum) / static_cast<float>((right - left) * (bottom - top));
    }
  }
  return means;
}

Thumbnail thumbnail(const media::Frame& frame) {
  Thumbnail small;
  small.t_s = frame.t_s;
  small.block = blocks(frame);
  const auto count = static_cast<float>(small.block.size());
  for (float value : small.block) small.mean += value / count;
  float squares = 0;
  for (float value : small.block) squares += (value - small.mean) * (value - small.mean);
  small.deviation = std::sqrt(squares / count);
  return small;
}

// The shape of a thumbnail, and its likeness to another one laid over it at an offset; 0 where the
// part in common is too flat to say.
struct Grid {
  int columns, rows;
};

double likeness_shifted(const Thumbnail& a, const Thumbnail& b, const Grid& grid, int dx, int dy) {
  double n = 0, sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
  for (int row = std::max(0, -dy); row < std::min(grid.rows, grid.rows - dy); ++row) {
    for (int column = std::max(0, -dx); column < std::min(grid.columns, grid.columns - dx);
         ++column) {
      const auto here = static_cast<std::size_t>(row) * static_cast<std::size_t>(grid.columns) +
                        static_cast<std::size_t>(column);
      const auto there =
          static_cast<std::size_t>(row + dy) * static_cast<std::size_t>(grid.columns) +
          static_cast<std::size_t>(column + dx);
      const auto from = static_cast<double>(a.block[here]);
      const auto to = static_cast<double>(b.block[there]);
      n += 1, sa += from, sb += to;
      saa += from * from, sbb += to * to, sab += from * to;
    }
  }
  const double va = saa - sa * sa / n, vb = sbb - sb * sb / n;
  if (std::min(va, vb) < n) return 0;
  return (sab - sa * sb / n) / std::sqrt(va * vb);
}

// Whether one picture is the other moved by up to a third of its sides: a camera's doing.
bool is_moved(const Thumbnail& a, const Thumbnail& b, const Grid& grid) {
  for (int dy = -grid.rows / 3; dy <= grid.rows / 3; ++dy) {
    for (int dx = -grid.columns / 3; dx <= grid.columns / 3; ++dx) {
      if (likeness_shifted(a, b, grid, dx, dy) > kMixtureLikenessMax) return true;
    }
  }
  return false;
}

float squared_gap(const Thumbnail& from, const Thumbnail& to) {
  const float* x = from.block.data();
  const float* y = to.block.data();
  return sum_over(from.block.size(), [=](std::size_t i) { return (y[i] - x[i]) * (y[i] - x[i]); });
}

// How much of the later picture is in one between, and what that leaves unexplained; the second in
// parts of the squared change from one end to the other.
struct Share {
  double share;
  double rest;
};

Share share_of(const Thumbnail& from, const Thumbnail& to, const Thumbnail& between,
               float squares) {
  const float* x = from.block.data();
  const float* y = to.block.data();
  const float* z = between.block.data();
  const float along =
      sum_over(from.block.size(), [=](std::size_t i) { return (y[i] - x[i]) * (z[i] - x[i]); });
  const float length = squared_gap(from, between);
  const float share = along / squares;
  return {static_cast<double>(share), static_cast<double>(length / squares - share * share)};
}

// The way of the shares through a window.
struct MixturePath {
  double half_s = 0, early_s = 0, late_s = 0;
  double before = 0, before_s = 0;
  double rests = 0;
  int inside = 0, early = 0, late = 0, all = 0;

  double rest() const { return inside > 0 ? rests / inside : 1; }

  // False: the share jumps or falls, so this is no dissolve.
  bool follow(double t_s, const Share& next) {
    if (all == 0) before_s = early_s = t_s;
    if (next.share - before > kMixtureStepMax || next.share < before - kMixtureFallMax) {
      return false;
    }
    const auto crossed = [&](double level, double& when) {
      if (before >= level || next.share < level) return;
      when = before_s + (t_s - before_s) * (level - before) / (next.share - before);
    };
    crossed(0.1, early_s);
    crossed(0.5, half_s);
    crossed(0.9, late_s);
    ++all;
    if (next.share < kMixtureEnd) {
      ++early;
    } else if (next.share > 1 - kMixtureEnd) {
      ++late;
    } else {
      ++inside;
      rests += next.rest;
    }
    before = next.share;
    before_s = t_s;
    return true;
  }

  // It stays at both ends for a while: a camera that goes on moving does not.
  bool is_dissolve() const {
    return inside >= 2 && early >= kMixtureStay * all && late >= kMixtureStay * all &&
           rest() < kMixtureRest && late_s > early_s;
  }
};

}  // namespace

const Thumbnail& ShotDetector::at(std::int64_t number) const {
  const std::int64_t oldest = count_ - static_cast<std::int64_t>(recent_.size());
  return recent_[static_cast<std::size_t>(number - oldest)];
}

bool ShotDetector::has(std::int64_t number) const {
  return number < count_ && number >= count_ - static_cast<std::int64_t>(recent_.size());
}

void ShotDetector::on_frame(const media::Frame& frame) {
  Thumbnail small = thumbnail(frame);
  if (!recent_.empty()) {
    // A film that changes its size midway keeps its shots; that step is judged as a cut would be.
    if (small.block.size() != recent_.back().block.size()) {
      small.block.resize(recent_.back().block.size(), small.mean);
    }
    small.change = static_cast<float>(difference(recent_.back(), small));
    small.likeness = static_cast<float>(likeness(recent_.back(), small));
    hues_.on_step(small.t_s, static_cast<double>(small.change));
  } else {
    first_s_ = frame.t_s;
    const int short_side = std::min(frame.width, frame.height);
    columns_ = blocks_along(frame.width, short_side);
    rows_ = blocks_along(frame.height, short_side);
  }
  recent_.push_back(std::move(small));
  ++count_;
  if (recent_.size() > static_cast<std::size_t>(kKept)) recent_.pop_front();
  for (; judged_ + kAround < count_; ++judged_) judge_cut(judged_);
  look_for_mixture();
  follow_blank();
}

// What a step changes here anyway: the third largest of the ten around it, so that a second cut
// or a flash nearby does not hide a cut.
double ShotDetector::usual_change(std::int64_t number) const {
  std::vector<float> around;
  for (std::int64_t i = number - kAround; i <= number + kAround; ++i) {
    if (i != number && i >= 1 && has(i)) around.push_back(at(i).change);
  }
  std::sort(around.begin(), around.end(), std::greater<>());
  if (around.empty()) return 0;
  return static_cast<double>(around[std::min<std::size_t>(2, around.size() - 1)]);
}

// Whether the picture before is seen again soon, or the one after was seen just before.
bool ShotDetector::comes_back(std::int64_t number) const {
  const double limit = kComesBack * static_cast<double>(at(number).change);
  for (std::int64_t k = 1; k <= kAround; ++k) {
    if (has(number + k) && difference(at(number - 1), at(number + k)) < limit) return true;
    if (has(number - 1 - k) && difference(at(number), at(number - 1 - k)) < limit) return true;
  }
  return false;
}

void ShotDetector::judge_cut(std::int64_t number) {
  if (!has(number) || !has(number - 1)) return;
  const Thumbnail& before = at(number - 1);
  const Thumbnail& after = at(number);
  if (after.change < kCutChangeMin || after.likeness > kCutLikenessMax) return;
  if (after.change < kCutOfDeviation * std::max(before.deviation, after.deviation)) return;
  for (std::int64_t k : {-2, -1, 1, 2}) {
    if (has(number + k) && number + k >= 1 && at(number + k).change > after.change) return;
  }
  if (static_cast<double>(after.change) < kCutAgainstUsual * usual_change(number) + 1) return;
  if (comes_back(number)) return;
  cuts_.push_back({after.t_s, 0, Transition::cut});
}

std::optional<ShotDetector::Mixture> ShotDetector::mixture(std::int64_t first,
                                                           std::int64_t last) const {
  const Thumbnail& from = at(first);
  const Thumbnail& to = at(last);
  if (from.deviation < kBlankDeviation || to.deviation < kBlankDeviation) return std::nullopt;
  const float squares = squared_gap(from, to);
  const auto count = static_cast<float>(from.block.size());
  if (squares < kMixtureChangeMin * kMixtureChangeMin * count) return std::nullopt;
  if (likeness(from, to) > kMixtureLikenessMax) return std::nullopt;

  MixturePath path;
  const std::int64_t stride = std::max<std::int64_t>(1, (last - first) / 20);
  for (std::int64_t n = first + stride; n < last; n += stride) {
    if (!path.follow(at(n).t_s, share_of(from, to, at(n), squares))) return std::nullopt;
  }
  if (!path.is_dissolve() || is_moved(from, to, {columns_, rows_})) return std::nullopt;
  return Mixture{.quality = static_cast<double>(squares) * (1 - path.rest() / kMixtureRest),
                 .first = first,
                 .last = last,
                 .half_s = path.half_s,
                 .length_s = (path.late_s - path.early_s) / 0.8};
}

void ShotDetector::look_for_mixture() {
  const std::int64_t now = count_ - 1;
  if (mixture_ && now > mixture_->last + 20) settle_mixture();
  for (std::int64_t window : kWindows) {
    if (!has(now - window)) break;
    // The place comes from the shares, so long windows need not be tried at every picture.
    if (now % std::max<std::int64_t>(1, window / 8) != 0) continue;
    std::optional<Mixture> found = mixture(now - window, now);
    if (!found) continue;
    if (mixture_ && found->first > mixture_->last) settle_mixture();
    if (!mixture_ || found->quality > mixture_->quality) mixture_ = found;
  }
}

void ShotDetector::settle_mixture() {
  if (!mixture_) return;
  mixtures_.push_back({mixture_->half_s, mixture_->length_s, Transition::dissolve});
  mixture_.reset();
}

// Since when the picture had been sinking towards the blank before it was there. Compared over two
// steps, so that a picture that a coder or a change of frame rate repeats does not end it.
std::int64_t ShotDetector::sunk_since(std::int64_t first) const {
  const bool light = at(first).mean > kBlankLight;
  std::int64_t n = first;
  while (has(n - 2) && gap_to(at(n - 2), light) > gap_to(at(n), light) * 1.005 + 0.02) --n;
  return n;
}

// The last picture of its rise after a blank stretch.
std::int64_t ShotDetector::risen_until(std::int64_t last, std::int64_t now) const {
  const bool light = at(last).mean > kBlankLight;
  std::int64_t n = last;
  while (n + 2 <= now && gap_to(at(n + 2), light) > gap_to(at(n), light) * 1.005 + 0.02) ++n;
  return n;
}

void ShotDetector::follow_blank() {
  const std::int64_t now = count_ - 1;
  if (is_blank(at(now))) {
    const bool light = at(now).mean > kBlankLight;
    if (blank_ && blank_->last == now - 1 && (at(now - 1).mean > kBlankLight) == light) {
      blank_->last = now;
      return;
    }
    if (blank_) settle_blank(now - 1);
    const std::int64_t from = sunk_since(now);
    blank_ = Blank{
        now, now, light, picture_seen_, now - from >= 2 && shows(at(from), light), at(from).t_s};
    return;
  }
  picture_seen_ = true;
  // Chosen: by eight pictures a rise has shown itself; a longer one only lengthens the transition.
  if (blank_ && now - blank_->last >= 8) settle_blank(now);
}

void ShotDetector::settle_blank(std::int64_t now) {
  const Blank blank = *blank_;
  blank_.reset();
  if (!blank.after_picture || !blank.sank || !has(blank.last)) return;
  const std::int64_t risen = risen_until(blank.last, now);
  if (risen - blank.last < 2 || !shows(at(risen), blank.light)) return;
  const double middle =
      has(blank.first) ? (at(blank.first).t_s + at(blank.last).t_s) / 2 : at(blank.last).t_s;
  fades_.push_back({middle, at(risen).t_s - blank.from_s, Transition::fade});
}

// Whether a boundary overlaps none of the others.
bool ShotDetector::apart(const std::vector<Boundary>& others, const Boundary& one) {
  return std::none_of(others.begin(), others.end(), [&](const Boundary& other) {
    return std::abs(other.t_s - one.t_s) <= (other.length_s + one.length_s) / 2 + kApart;
  });
}

// What grey has seen already is not counted again.
void ShotDetector::add_hue_cuts() {
  for (const double t_s : hues_.finish()) {
    const Boundary cut{t_s, 0, Transition::cut};
    if (apart(cuts_, cut) && apart(fades_, cut) && apart(mixtures_, cut)) cuts_.push_back(cut);
  }
}

std::vector<Shot> ShotDetector::finish(double end_s) {
  if (count_ == 0) return {};
  for (; judged_ < count_; ++judged_) judge_cut(judged_);
  settle_mixture();
  if (blank_ && blank_->last < count_ - 1) settle_blank(count_ - 1);

  add_hue_cuts();
  std::vector<Boundary> all = cuts_;
  for (const Boundary& fade : fades_) {
    if (apart(cuts_, {fade.t_s, 0, Transition::fade})) all.push_back(fade);
  }
  for (const Boundary& one : mixtures_) {
    if (apart(all, one)) all.push_back(one);
  }
  std::sort(all.begin(), all.end(),
            [](const Boundary& a, const Boundary& b) { return a.t_s < b.t_s; });
  std::vector<Shot> shots{{first_s_, end_s, Transition::start, 0}};
  for (const Boundary& boundary : all) {
    if (boundary.t_s - shots.back().start_s < kApart && shots.size() > 1) continue;
    shots.back().end_s = boundary.t_s;
    shots.push_back({boundary.t_s, end_s, boundary.transition, boundary.length_s});
  }
  return shots;
}

}  // namespace rf::video
