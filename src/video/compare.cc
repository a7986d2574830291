#include "video/compare.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "video/dna.h"
#include "video/hashes.h"

namespace rf::video {
namespace {

// None for a film without pictures, or one whose hash another version wrote.
std::optional<Signature> signature_of(const Features& film) {
  auto found = film.hashes.find("film");
  if (found == film.hashes.end()) return std::nullopt;
  Result<Signature> signature = parse_signature(found->second);
  if (!signature) return std::nullopt;
  return std::move(*signature);
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
      each.apart =
          scaled(*right.value, left.low, left.high) - scaled(*left.value, left.low, left.high);
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

std::vector<Twins> find_twins(const std::vector<Features>& films) {
  std::vector<std::optional<Signature>> signatures;
  signatures.reserve(films.size());
  for (const Features& film : films) signatures.push_back(signature_of(film));
  std::vector<Twins> twins;
  for (std::size_t i = 0; i < films.size(); ++i) {
    for (std::size_t j = i + 1; j < films.size(); ++j) {
      const bool same = !films[i].sha256.empty() && films[i].sha256 == films[j].sha256;
      double alike = same ? 1 : 0;
      if (!same && signatures[i] && signatures[j])
        alike = similarity(*signatures[i], *signatures[j]);
      if (alike >= kTwinSimilarity) twins.push_back({films[i].file, films[j].file, same, alike});
    }
  }
  std::ranges::stable_sort(
      twins, [](const Twins& x, const Twins& y) { return x.similarity > y.similarity; });
  return twins;
}

}  // namespace rf::video
