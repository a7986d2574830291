// What TikTok's codes mean: which of ours, and what a person should do.

#pragma once

#include <optional>
#include <vector>

#include "platform/caller.h"

namespace rf::platform {

// TikTok answers with HTTP 200 and a code in the body; 0 is good, 20001 partly so.
// Source: Business API v1.3, return codes and rate limits.
std::optional<Fault> tiktok_fault(const Answer& answer);

// TikTok has no usage headers.
std::vector<Usage> tiktok_usage(const Answer& answer);

}  // namespace rf::platform
