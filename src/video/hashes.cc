#include "video/hashes.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <numbers>

#include <fmt/format.h>

#include "base/check.h"
#include "video/look.h"

namespace rf::video {
namespace {

constexpr int kShortSide = 360;  // The pictures that are there anyway.
constexpr double kRateHz = 1;
constexpr int kSide = 32;  // The picture that is transformed.
constexpr int kFrequencies = 8;
constexpr std::size_t kBits = 64;
constexpr std::size_t kPicturesMax = 64;
// Deviation of luma below which a picture has no content: noise and compression stay below 2.
constexpr double kContentMin = 3;
constexpr double kShiftMax_s = 2;
// Unrelated hashes differ in half of their bits.
constexpr double kUnrelated = 32;
constexpr int kMeanSide = 32;

using Square = std::array<double, kSide * kSide>;

// The lowest frequencies of the cosine transform along one side, as weights.
const std::array<std::array<double, kSide>, kFrequencies + 1>& waves() {
  static const auto table = [] {
    std::array<std::array<double, kSide>, kFrequencies + 1> made{};
    for (std::size_t k = 0; k < made.size(); ++k) {
      for (std::size_t x = 0; x < kSide; ++x)
        made[k][x] = std::cos(std::numbers::pi * static_cast<double>(k) *
                              (2.0 * static_cast<double>(x) + 1) / (2.0 * kSide));
    }
    return made;
  }();
  return table;
}

std::size_t level(double value) {
  return static_cast<std::size_t>(std::lround(std::clamp(value, 0.0, 255.0)));
}

// Each pixel's place among all, equal ones at their middle: brightness, contrast and gamma no
// longer matter, and a white logo on a dark film weighs no more than its area.
Square ranks_of(const Square& square) {
  std::array<double, 256> below{};
  std::array<double, 256> equal{};
  for (const double each : square) ++equal[level(each)];
  for (std::size_t i = 1; i < below.size(); ++i) below[i] = below[i - 1] + equal[i - 1];
  Square ranks{};
  for (std::size_t i = 0; i < square.size(); ++i) {
    const std::size_t at = level(square[i]);
    ranks[i] = below[at] + equal[at] / 2;
  }
  return ranks;
}

std::uint64_t hash_of(const Square& square) {
  double mean = 0;
  for (const double each : square) mean += each;
  mean /= static_cast<double>(square.size());
  double variance = 0;
  for (const double each : square) variance += (each - mean) * (each - mean);
  if (variance / static_cast<double>(square.size()) < kContentMin * kContentMin) return 0;

  const Square ranks = ranks_of(square);
  // Rows, then columns; frequency 0, the brightness, is left out.
  std::array<double, std::size_t{kSide} * kFrequencies> rows{};
  for (std::size_t y = 0; y < kSide; ++y) {
    for (std::size_t u = 0; u < kFrequencies; ++u) {
      for (std::size_t x = 0; x < kSide; ++x)
        rows[y * kFrequencies + u] += ranks[y * kSide + x] * waves()[u + 1][x];
    }
  }
  std::array<double, kBits> low{};
  for (std::size_t v = 0; v < kFrequencies; ++v) {
    for (std::size_t u = 0; u < kFrequencies; ++u) {
      for (std::size_t y = 0; y < kSide; ++y)
        low[v * kFrequencies + u] += rows[y * kFrequencies + u] * waves()[v + 1][y];
    }
  }
  std::array<double, kBits> sorted = low;
  std::nth_element(sorted.begin(), sorted.begin() + kBits / 2, sorted.end());
  const double median = sorted[kBits / 2];
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < kBits; ++i) hash |= std::uint64_t{low[i] >= median ? 1U : 0U} << i;
  return hash;
}

Square as_square(const Grey& picture, const Patch& patch) {
  const Grey small = shrunk(picture, patch, kSide, kSide);
  Square square{};
  std::copy(small.data.begin(), small.data.end(), square.begin());
  return square;
}

// One hash a second: that of the sample nearest to it.
Signature signature_of(const std::vector<std::pair<double, std::uint64_t>>& samples) {
  Signature signature;
  if (samples.empty()) return signature;
  const auto seconds = static_cast<std::size_t>(samples.back().first) + 1;
  while (seconds > kPicturesMax * static_cast<std::size_t>(signature.spacing_s))
    signature.spacing_s *= 2;
  std::size_t at = 0;
  for (std::size_t second = 0; second < seconds;
       second += static_cast<std::size_t>(signature.spacing_s)) {
    const auto wanted = static_cast<double>(second);
    while (at + 1 < samples.size() &&
           std::abs(samples[at + 1].first - wanted) <= std::abs(samples[at].first - wanted))
      ++at;
    signature.hashes.push_back(samples[at].second);
  }
  return signature;
}

// Mean distance over the overlap of `a` with `b` shifted by `shift` pictures; negative where too
// little is left or nothing has content.
double mean_distance(const Signature& a, const Signature& b, std::ptrdiff_t shift) {
  double sum = 0;
  double with_content = 0;
  std::size_t shared = 0;
  for (std::size_t i = 0; i < a.hashes.size(); ++i) {
    const std::ptrdiff_t j = static_cast<std::ptrdiff_t>(i) + shift;
    if (j < 0 || j >= std::ssize(b.hashes)) continue;
    ++shared;
    const std::uint64_t other = b.hashes[static_cast<std::size_t>(j)];
    if (a.hashes[i] == 0 && other == 0) continue;
    ++with_content;
    const bool one_empty = a.hashes[i] == 0 || other == 0;
    sum += one_empty ? kUnrelated : hash_distance(a.hashes[i], other);
  }
  if (with_content == 0 || 2 * shared < std::min(a.hashes.size(), b.hashes.size())) return -1;
  return sum / with_content;
}

Signature spaced(const Signature& signature, int spacing_s) {
  Signature wider{spacing_s, {}};
  const auto step = static_cast<std::size_t>(spacing_s / signature.spacing_s);
  for (std::size_t i = 0; i < signature.hashes.size(); i += step)
    wider.hashes.push_back(signature.hashes[i]);
  return wider;
}

}  // namespace

std::uint64_t picture_hash(const Grey& picture, const Patch& patch) {
  return hash_of(as_square(picture, patch));
}

int hash_distance(std::uint64_t a, std::uint64_t b) { return std::popcount(a ^ b); }

std::string to_text(const Signature& signature) {
  std::string text = fmt::format("{}s:", signature.spacing_s);
  for (const std::uint64_t hash : signature.hashes) text += fmt::format("{:016x}", hash);
  return text;
}

Result<Signature> parse_signature(std::string_view text) {
  Signature signature;
  const std::size_t colon = text.find("s:");
  const auto broken = [&] {
    return fail(ErrorCode::invalid,
                "found '" + std::string(text.substr(0, 24)) +
                    "', expected a film's signature such as '1s:' and 16 digits a picture");
  };
  if (colon == std::string_view::npos || colon == 0 || colon > 6) return broken();
  const auto spacing = std::from_chars(text.data(), text.data() + colon, signature.spacing_s);
  const bool power =
      signature.spacing_s > 0 && std::has_single_bit(static_cast<unsigned>(signature.spacing_s));
  if (spacing.ec != std::errc() || spacing.ptr != text.data() + colon || !power) return broken();
  const std::string_view digits = text.substr(colon + 2);
  if (digits.size() % 16 != 0 || digits.size() > kPicturesMax * 16) return broken();
  for (std::size_t i = 0; i < digits.size(); i += 16) {
    std::uint64_t hash = 0;
    const char* first = digits.data() + i;
    const auto read = std::from_chars(first, first + 16, hash, 16);
    if (read.ec != std::errc() || read.ptr != first + 16) return broken();
    signature.hashes.push_back(hash);
  }
  return signature;
}

double similarity(const Signature& a, const Signature& b) {
  const int spacing = std::max(a.spacing_s, b.spacing_s);
  const Signature left = spaced(a, spacing);
  const Signature right = spaced(b, spacing);
  const auto reach = static_cast<std::ptrdiff_t>(kShiftMax_s / spacing);
  double best = 0;
  for (std::ptrdiff_t shift = -reach; shift <= reach; ++shift) {
    const double distance = mean_distance(left, right, shift);
    if (distance >= 0) best = std::max(best, 1 - distance / kUnrelated);
  }
  return best;
}

media::Tap HashAnalyser::tap() const { return {media::Pixels::bgr, kShortSide, kRateHz}; }

void HashAnalyser::on_frame(const media::Frame& frame) {
  RF_CHECK(frame.width > 0 && frame.height > 0);
  const Grey grey = luma(frame, whole(frame));
  const Bars bars = bars_of(grey);
  const Patch inside{bars.left, bars.top, frame.width - bars.right, frame.height - bars.bottom};
  const Square square = as_square(grey, inside);
  samples_.push_back({frame.t_s, hash_of(square)});
  mean_.resize(square.size(), 0);
  for (std::size_t i = 0; i < square.size(); ++i) mean_[i] += square[i];
  ++count_;
}

std::map<std::string, std::string> HashAnalyser::finish() {
  if (samples_.empty()) return {};
  std::vector<std::pair<double, std::uint64_t>> samples;
  samples.reserve(samples_.size());
  for (const Sample& sample : samples_) samples.emplace_back(sample.t_s, sample.hash);
  Square mean{};
  for (std::size_t i = 0; i < mean.size(); ++i) mean[i] = mean_[i] / count_;
  return {{"film", to_text(signature_of(samples))},
          {"picture", fmt::format("{:016x}", hash_of(mean))}};
}

}  // namespace rf::video
