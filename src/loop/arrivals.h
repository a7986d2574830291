// How fast an account's conversions arrive, learned from what each version of its days said, and
// what the conversions of each ad will come to.

#pragma once

#include <optional>
#include <span>

#include "base/result.h"
#include "decide/evidence.h"
#include "learn/arrival.h"
#include "learn/beliefs.h"
#include "model/belief.h"
#include "model/entity.h"
#include "store/store.h"

namespace rf::loop {

// None where the days have no versions to learn from, as of an account whose exports came all at
// once, and the shop's orders do not say it either.
// Learned from the ads that spent most, which have most of the conversions.
// Errors: those of the store.
// Cost: the versions of six weeks of at most kArrivalAds ads.
Result<std::optional<learn::ArrivalCurve>> arrival_of(Store& store, const Account& account,
                                                      std::span<const Belief> beliefs, Day today);

inline constexpr std::size_t kArrivalAds = 20;

// For each ad that reports conversions, by the store's key.
decide::CompleteCounts complete_counts(const learn::ArrivalCurve& curve,
                                       const learn::History& history,
                                       std::span<const Belief> beliefs, Day today);

}  // namespace rf::loop
