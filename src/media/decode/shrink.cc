#include "media/decode/shrink.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.h"

namespace rf::media {
namespace {

// Adds `count` rows into sums. Two at a time, as each pass over the sums costs as much as a row.
template <typename Sample, typename Sum>
void add_rows(const Sample* __restrict row, std::ptrdiff_t stride, int count,
              std::vector<Sum>& sums) {
  const std::size_t width = sums.size();
  Sum* __restrict sum = sums.data();
  int y = 0;
  if (count % 2 == 1) {
    for (std::size_t x = 0; x < width; ++x) sum[x] = row[x];
    y = 1;
  } else {
    const Sample* __restrict next = row + stride;
    for (std::size_t x = 0; x < width; ++x) sum[x] = static_cast<Sum>(row[x] + next[x]);
    y = 2;
  }
  for (; y < count; y += 2) {
    const Sample* __restrict first = row + y * stride;
    const Sample* __restrict second = first + stride;
    for (std::size_t x = 0; x < width; ++x) {
      sum[x] = static_cast<Sum>(sum[x] + first[x] + second[x]);
    }
  }
}

// REQUIRES: mean is not negative. Not lround(), which keeps the loops below from being vectorised.
template <typename Sample>
Sample rounded(float mean) {
  // NOLINTNEXTLINE(bugprone-incorrect-roundings): right for all that is not negative.
  return static_cast<Sample>(static_cast<int>(mean + 0.5F));
}

template <int Factor, typename Sample, typename Sum>
void add_columns(const Sum* __restrict sums, std::size_t count, float share,
                 Sample* __restrict out) {
  for (std::size_t x = 0; x < count; ++x) {
    std::uint32_t total = 0;
    for (int i = 0; i < Factor; ++i) total += sums[x * Factor + static_cast<std::size_t>(i)];
    out[x] = rounded<Sample>(static_cast<float>(total) * share);
  }
}

template <typename Sample, typename Sum>
void add_columns(const Sum* sums, std::size_t factor, std::size_t count, float share, Sample* out) {
  for (std::size_t x = 0; x < count; ++x) {
    std::uint32_t total = 0;
    for (std::size_t i = 0; i < factor; ++i) total += sums[x * factor + i];
    out[x] = rounded<Sample>(static_cast<float>(total) * share);
  }
}

// The factors that films of usual sizes meet get loops of their own.
template <typename Sample, typename Sum>
void add_whole_columns(const std::vector<Sum>& sums, int factor, std::size_t count, float share,
                       Sample* out) {
  const Sum* from = sums.data();
  switch (factor) {
    case 2: return add_columns<2>(from, count, share, out);
    case 3: return add_columns<3>(from, count, share, out);
    case 4: return add_columns<4>(from, count, share, out);
    case 5: return add_columns<5>(from, count, share, out);
    case 6: return add_columns<6>(from, count, share, out);
    case 8: return add_columns<8>(from, count, share, out);
    default: return add_columns(from, static_cast<std::size_t>(factor), count, share, out);
  }
}

// Sums of Factor rows, two columns to a sum: the pairs come cheap, as one word holds both. A sum is
// at most 2 x Factor x 255.
template <int Factor>
[[gnu::always_inline]] inline void add_pairs(const std::uint8_t* __restrict row,
                                             std::ptrdiff_t stride, std::size_t pairs,
                                             std::uint16_t* __restrict sums) {
  for (std::size_t x = 0; x < pairs; ++x) {
    unsigned sum = 0;
    for (int y = 0; y < Factor; ++y) {
      std::uint16_t word = 0;
      std::memcpy(&word, row + y * stride + 2 * x, sizeof(word));
      sum += (word & 0xFFU) + (word >> 8U);
    }
    sums[x] = static_cast<std::uint16_t>(sum);
  }
}

// Whole squares only; the edges are left to shrink_plane().
template <int Factor>
[[gnu::always_inline]] inline void shrink_by_pairs(Plane<const std::uint8_t> from,
                                                   Plane<std::uint8_t> to,
                                                   std::vector<std::uint16_t>& sums) {
  static_assert(Factor % 2 == 0 && Factor <= kFactorMax);
  constexpr float kShare = 1.0F / (Factor * Factor);
  const auto across = static_cast<std::size_t>(to.width);
  sums.resize(across * Factor / 2);
  for (int y = 0; y < to.height; ++y) {
    add_pairs<Factor>(from.samples + std::ptrdiff_t{y} * Factor * from.stride, from.stride,
                      sums.size(), sums.data());
    add_columns<Factor / 2>(sums.data(), across, kShare, to.samples + y * to.stride);
  }
}

#ifdef __x86_64__
// The same with twice as many sums at once, where the processor can; the numbers are equal.
template <int Factor>
[[gnu::target("avx2")]] void shrink_by_wide_pairs(Plane<const std::uint8_t> from,
                                                  Plane<std::uint8_t> to,
                                                  std::vector<std::uint16_t>& sums) {
  shrink_by_pairs<Factor>(from, to, sums);
}

template <int Factor>
void shrink_by(Plane<const std::uint8_t> from, Plane<std::uint8_t> to,
               std::vector<std::uint16_t>& sums) {
  static const bool wide = __builtin_cpu_supports("avx2") != 0;
  wide ? shrink_by_wide_pairs<Factor>(from, to, sums) : shrink_by_pairs<Factor>(from, to, sums);
}
#else
template <int Factor>
void shrink_by(Plane<const std::uint8_t> from, Plane<std::uint8_t> to,
               std::vector<std::uint16_t>& sums) {
  shrink_by_pairs<Factor>(from, to, sums);
}
#endif

// False: not a factor with a loop of its own, or squares are cut.
bool shrink_fast(Plane<const std::uint8_t> from, int factor, Plane<std::uint8_t> to,
                 std::vector<std::uint16_t>& sums) {
  if (to.width > from.width / factor || to.height > from.height / factor) return false;
  switch (factor) {
    case 2: shrink_by<2>(from, to, sums); return true;
    case 4: shrink_by<4>(from, to, sums); return true;
    case 6: shrink_by<6>(from, to, sums); return true;
    case 8: shrink_by<8>(from, to, sums); return true;
    case 12: shrink_by<12>(from, to, sums); return true;
    case 20: shrink_by<20>(from, to, sums); return true;
    case 30: shrink_by<30>(from, to, sums); return true;
    default: return false;
  }
}

template <typename Sample, typename Sum>
void shrink_plane(Plane<const Sample> from, int factor, Plane<Sample> to, std::vector<Sum>& sums) {
  RF_CHECK(factor >= 1 && factor <= kFactorMax);
  RF_CHECK(to.width <= (from.width + factor - 1) / factor);
  RF_CHECK(to.height <= (from.height + factor - 1) / factor);
  const int used = std::min(from.width, to.width * factor);
  const auto whole = static_cast<std::size_t>(used / factor);
  sums.resize(static_cast<std::size_t>(used));
  for (int y = 0; y < to.height; ++y) {
    const int rows = std::min(factor, from.height - y * factor);
    add_rows(from.samples + std::ptrdiff_t{y} * factor * from.stride, from.stride, rows, sums);
    Sample* out = to.samples + y * to.stride;
    add_whole_columns(sums, factor, whole, 1.0F / static_cast<float>(rows * factor), out);
    if (std::cmp_less(whole, to.width)) {
      const std::size_t rest =
          static_cast<std::size_t>(used) - whole * static_cast<std::size_t>(factor);
      const float share = 1.0F / (static_cast<float>(rest) * static_cast<float>(rows));
      add_columns(sums.data() + whole * static_cast<std::size_t>(factor), rest, 1, share,
                  out + whole);
    }
  }
}

}  // namespace

void Shrinker::shrink(Plane<const std::uint8_t> from, int factor, Plane<std::uint8_t> to) {
  if (!shrink_fast(from, factor, to, sums_)) shrink_plane(from, factor, to, sums_);
}

void Shrinker::shrink(Plane<const std::uint16_t> from, int factor, Plane<std::uint16_t> to) {
  shrink_plane(from, factor, to, wide_sums_);
}

}  // namespace rf::media
