#include "learn/gaps.h"

#include <algorithm>

#include "base/check.h"
#include "learn/special.h"

namespace rf::learn {

std::vector<NextTest> rank_gaps(std::span<const KnowledgeCell> cells) {
  std::vector<NextTest> tests;
  for (const KnowledgeCell& cell : cells) {
    RF_CHECK(cell.exposure >= 0);
    NextTest test{.name = cell.name, .gap = cell.tested < kTestedMin};
    test.variants = test.gap ? kVariantsInGap : kVariantsElsewhere;
    const auto m = static_cast<double>(test.variants);
    test.value = cell.exposure * deviation(cell.rate) * normal_quantile((m - 0.375) / (m + 0.25));
    tests.push_back(std::move(test));
  }
  std::ranges::sort(tests, [](const NextTest& a, const NextTest& b) {
    return a.value > b.value || (a.value == b.value && a.name < b.name);
  });
  return tests;
}

}  // namespace rf::learn
