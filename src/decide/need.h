// How much more an ad must show before it can be judged.

#pragma once

#include <array>
#include <optional>

#include "decide/evidence.h"
#include "decide/verdict.h"
#include "model/plan.h"

namespace rf::decide {

// The claim whose plain threshold is crossed and that is nearest to being settled; null for none.
const KillClaim* nearest(const std::array<KillClaim, kKillRules>& claims, const Limits& limits,
                         const Case& ad);

// What would settle the claim if the ad went on as it did. None where it runs so near to the
// threshold that no wait would.
// REQUIRES: the claim's threshold is crossed.
std::optional<Need> need_for_claim(const Judged& judged, const KillClaim& claim);

// The first thing that an ad which is still learning lacks.
std::optional<Need> need_to_learn(const Judged& judged);

}  // namespace rf::decide
