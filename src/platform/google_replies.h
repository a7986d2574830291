// What the Google Ads API's answers say, in the words of the model.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "model/entity.h"
#include "model/metric_row.h"
#include "platform/ad_platform.h"
#include "platform/reply.h"

namespace rf::platform {

// Visits the results of a stream: an array of answers with some results each.
Status google_each_result(const Json& json, std::string_view name,
                          const std::function<Status(const Reply&)>& visit);

// None for a manager: it holds accounts and no ads.
Result<std::optional<Account>> google_account(const Reply& result);

// What stands, and what a change has to name.
struct GoogleEntity {
  EntityState state;
  std::string budget;  // "campaignBudgets/9"; empty where none was told.
  bool budget_is_shared = false;
  bool is_video_campaign = false;  // YouTube's own kind, which no API may change.
};
Result<GoogleEntity> google_entity(const Reply& result, Level level, Currency currency);

// `conversion_event` is "conversions": what the account counts as such.
Result<MetricRow> google_row(const Reply& result, Level level);

}  // namespace rf::platform
