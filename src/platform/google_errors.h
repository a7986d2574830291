// What the Google Ads API's errors mean: which of our codes, and what a person should do.

#pragma once

#include <optional>
#include <vector>

#include "platform/caller.h"

namespace rf::platform {

// Source: Google Ads API, GoogleAdsFailure and its error enumerations; the answers of its OAuth.
std::optional<Fault> google_fault(const Answer& answer);

// Google has no usage headers.
std::vector<Usage> google_usage(const Answer& answer);

// Whether a fresh access token may help.
bool google_token_expired(const Error& error);

}  // namespace rf::platform
