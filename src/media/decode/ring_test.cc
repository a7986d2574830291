// Blocks of the ring never overlap, whatever is taken and given back.

#include "media/decode/ring.h"

#include <deque>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::media {
namespace {

TEST(RingLedger, NeverHandsOutWhatIsInUse) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    const std::size_t bytes = 1000 + rng.below(5000);
    RingLedger ledger(bytes);
    std::deque<std::pair<std::size_t, std::size_t>> used;
    for (int step = 0; step < 500; ++step) {
      const std::size_t wanted = 1 + rng.below(bytes / 2);
      const std::optional<std::size_t> place = ledger.place(wanted);
      if (!place || rng.uniform() < 0.3) {
        EXPECT_EQ(ledger.release(), !used.empty());
        if (!used.empty()) used.pop_front();
        continue;
      }
      ASSERT_LE(*place + wanted, bytes);
      for (const auto& [begin, end] : used) {
        ASSERT_TRUE(*place + wanted <= begin || *place >= end);
      }
      ledger.take(*place, wanted);
      used.emplace_back(*place, *place + wanted);
    }
  }
}

TEST(RingLedger, TakesAnythingThatFitsOnceItIsEmpty) {
  RingLedger ledger(100);
  ledger.take(*ledger.place(60), 60);
  EXPECT_FALSE(ledger.place(100));
  EXPECT_TRUE(ledger.release());
  EXPECT_EQ(ledger.place(100), 0U);
  EXPECT_FALSE(ledger.place(101));
  EXPECT_FALSE(ledger.release());
}

}  // namespace
}  // namespace rf::media
