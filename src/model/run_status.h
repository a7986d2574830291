// Whether a person wants a campaign, ad set or ad to run, as the platform keeps it.

#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/described.h"

namespace rf {

enum class RunStatus : std::uint8_t { active, paused, archived };

template <>
struct EnumNames<RunStatus> {
  static constexpr auto names =
      std::to_array<std::pair<RunStatus, std::string_view>>({{RunStatus::active, "active"},
                                                             {RunStatus::paused, "paused"},
                                                             {RunStatus::archived, "archived"}});
};

}  // namespace rf
