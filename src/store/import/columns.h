// What the columns of export files mean: header → canonical name → what the importer does with it.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "model/entity.h"
#include "model/metric.h"

namespace rf::imports {

struct ColumnAlias {
  Platform platform;
  std::string_view canonical;
  std::string_view header;  // "(<CUR>)" stands for any currency code.
  std::string_view locale;
};

std::span<const ColumnAlias> aliases_seen_in_files();
std::span<const ColumnAlias> aliases_from_screens();

enum class Role : std::uint8_t {
  other,  // Known, but a rate, a setting or a text that is not kept.
  metric,
  quartile_rate,  // `metric` as a percentage of impressions.
  average_time,   // Seconds per play; `metric` is watch_time_ms.
  event,          // A count that is only kept when it is chosen as the conversion.
  breakdown,
  day,
  period,  // A week or month: too coarse.
  reporting_start,
  reporting_end,
  currency,
  time_zone,
  account_id,
  account_name,
  campaign_id,
  campaign_name,
  adset_id,
  adset_name,
  ad_id,
  ad_name,
  ad_stand_in,  // What names an ad that has no name: its headline, its video.
  attribution,
  indicator,        // What "results" counts in this row.
  value_indicator,  // What "results value" is the value of.
};

struct ColumnMeaning {
  std::string_view canonical;
  Role role = Role::other;
  Metric metric = Metric::spend;
  std::int8_t rank = 0;  // Of two columns with one meaning the lower rank is taken.
};

// What a platform's canonical column means; a rate or a setting means Role::other.
ColumnMeaning meaning_of(Platform platform, std::string_view canonical);

struct FoundColumn {
  const ColumnAlias* alias = nullptr;
  std::string currency;  // "USD" of "Amount spent (USD)".
};

// The column a platform exports under this header, whatever its case, spaces and quotes.
std::optional<FoundColumn> find_column(Platform platform, std::string_view header);

// "all_conversions", "leads": under which name a column is offered as the conversion; "" if never.
std::string_view event_name(Platform platform, std::string_view canonical);

// Whether a result indicator ("actions:lead", "Website Purchase") counts something a customer did
// that is worth money, and not a click, a view or a visit.
bool is_conversion(std::string_view indicator);

}  // namespace rf::imports
