// Names as media buyers give them: most follow a taxonomy, some do not.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/rng.h"
#include "model/calendar.h"
#include "model/entity.h"

namespace rf::sim {

// The idea behind ad set number `index` of an account; different for each index.
std::string concept_name(std::size_t index);

struct AdNaming {
  Platform platform = Platform::meta;
  Day start;
  std::size_t concept_index = 0;
  std::size_t ad_index = 0;  // Within the concept.
  int length_s = 15;
};

// "20260302_MorningRoutine_Ease_BusyParents_Unaware_UGC_Question_Lena_15s_9x16_v1": date, concept,
// angle, persona, awareness, format, hook, creator, length, ratio, version. Unique within an
// account.
std::string taxonomy_name(const AdNaming& naming, Rng rng);

// A name that follows nothing: with commas, quotes, emoji, a leading "=". Unique for each index.
std::string unnamed_name(std::size_t index);

// With what real campaigns carry: commas, quotes, accents, an emoji; never the word "Total:".
std::string campaign_name(Platform platform);

}  // namespace rf::sim
