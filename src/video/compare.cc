#include "video/compare.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string_view>

#include "video/dna.h"

namespace rf::video {
namespace {

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<double> hashes_apart(const Features& a, const Features& b) {
  double sum = 0;
  int kinds = 0;
  for (const auto& [kind, hash] : a.hashes) {
    auto other = b.hashes.find(kind);
    if (other == b.hashes.end()) continue;
    auto apart = bits_apart(hash, other->second);
    if (!apart) continue;
    sum += *apart;
    ++kinds;
  }
  if (kinds == 0) return std::nullopt;
  return sum / kinds;
}

}  // namespace

Comparison compare(const Dna& a, const Dna& b) {
  RF_CHECK(a.version == b.version);
  Comparison result;
  double sum = 0;
  for (const auto& [name, left] : a.features) {
    auto found = b.features.find(name);
    if (found == b.features.end()) continue;
    const DnaFeature& right = found->second;
    Difference each{.feature = name, .unit = left.unit, .a = left.value, .b = right.value};
    if (left.value && right.value) {
      each.apart = scaled(*right.value, left.low, left.high) -
                   scaled(*left.value, left.low, left.high);
      sum += std::abs(*each.apart);
      ++result.features;
    }
    if (left.value || right.value) result.differences.push_back(std::move(each));
  }
  std::ranges::stable_sort(result.differences, [](const Difference& x, const Difference& y) {
    return std::abs(x.apart.value_or(0)) > std::abs(y.apart.value_or(0));
  });
  if (result.features > 0) result.distance = sum / static_cast<double>(result.features);
  return result;
}

std::optional<double> bits_apart(std::string_view a, std::string_view b) {
  if (a.size() != b.size() || a.empty()) return std::nullopt;
  int different = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const int left = digit_of(a[i]);
    const int right = digit_of(b[i]);
    if (left < 0 || right < 0) return std::nullopt;
    different += std::popcount(static_cast<unsigned>(left ^ right));
  }
  return static_cast<double>(different) / static_cast<double>(4 * a.size());
}

std::vector<Twins> find_twins(const std::vector<Features>& films) {
  std::vector<Twins> twins;
  for (std::size_t i = 0; i < films.size(); ++i) {
    for (std::size_t j = i + 1; j < films.size(); ++j) {
      const bool same = !films[i].sha256.empty() && films[i].sha256 == films[j].sha256;
      auto apart = hashes_apart(films[i], films[j]);
      if (!same && (!apart || *apart > kTwinsApartMax)) continue;
      twins.push_back({films[i].file, films[j].file, same, same ? 0 : *apart});
    }
  }
  std::ranges::stable_sort(twins, {}, &Twins::apart);
  return twins;
}

}  // namespace rf::video
