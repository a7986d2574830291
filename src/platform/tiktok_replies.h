// What TikTok's answers say, in the words of the model.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/entity.h"
#include "model/metric_row.h"
#include "platform/ad_platform.h"
#include "platform/reply.h"

namespace rf::platform {

// `data` is what stands under "data" in an answer.
Result<std::vector<Account>> tiktok_accounts(const Reply& data);

Result<EntityState> tiktok_entity(const Reply& item, Level level, Currency currency);

struct TiktokPage {
  std::int64_t page = 1;
  std::int64_t pages = 1;
  std::int64_t total = 0;  // Items on all pages.
};
Result<TiktokPage> tiktok_page(const Reply& data);

// Our name of what rows are split by, and TikTok's: "country" is "country_code".
// Errors: invalid.
Result<std::string> tiktok_breakdown(std::string_view kind);

// What to make of the rows of a report.
struct TiktokForm {
  Level level = Level::ad;
  std::vector<std::string> kinds;  // Of the breakdowns, ours, sorted.
  std::string conversion;          // "conversions" or "purchases".
  // Of ads and ad groups by their own id: a report names no parents.
  std::map<std::string, Entity> entities;
};

Result<MetricRow> tiktok_row(const Reply& item, const TiktokForm& form);

}  // namespace rf::platform
