// What the importer says when it cannot decide: what is wrong, and the exact steps that mend it.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/entity.h"

namespace rf::imports {

// No row looks like the headers of an export.
Error refuse_unknown(const std::vector<std::string>& found);

// The headers are an export's, but what cannot be done without is not among them.
Error refuse_columns(Platform platform, const std::vector<std::string>& found);

// One number for a range of days. `what` is what was found instead of days.
Error refuse_period(Platform platform, std::string_view what);

Error refuse_no_currency(Platform platform);
Error refuse_numbers(Platform platform, const Error& why);
Error refuse_dates(Platform platform, const Error& why);
Error refuse_headers_only(std::string_view line);
Error refuse_broken_ids(std::string_view column, std::string_view value, std::string_view line);

}  // namespace rf::imports
