// What Meta's errors and usage headers mean: which of our codes, and what a person should do.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/caller.h"

namespace rf::platform {

// Meta tells errors by code and subcode; the HTTP status says little, and may be 200.
// Source: Marketing API, error codes and rate limiting.
std::optional<Fault> meta_fault(const Answer& answer);

// The four usage headers, which come with errors too.
std::vector<Usage> meta_usage(const Answer& answer);

// A subcode that says: too much for an answer at once, ask for a report.
bool meta_wants_report(const Error& error);

}  // namespace rf::platform
