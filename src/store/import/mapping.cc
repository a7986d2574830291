#include "store/import/mapping.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "model/calendar.h"
#include "model/metric.h"
#include "model/money.h"

namespace rf::imports {
namespace {

constexpr auto kDimensions = std::to_array<std::string_view>(
    {"day", "account_id", "account_name", "currency", "time_zone", "campaign_id", "campaign_name",
     "adset_id", "adset_name", "ad_id", "ad_name", "attribution"});

constexpr auto kConstants = std::to_array<std::string_view>(
    {"campaign_id", "campaign_name", "adset_id", "adset_name", "ad_id", "ad_name"});

bool is_dimension(std::string_view name) {
  return std::ranges::find(kDimensions, name) != kDimensions.end();
}

Status one_of(std::string_view field, const std::string& value,
              std::initializer_list<std::string_view> allowed) {
  if (std::ranges::find(allowed, value) != allowed.end()) return {};
  return fail(ErrorCode::invalid, fmt::format("mapping.{}: '{}' is not one of '{}'", field, value,
                                              fmt::join(allowed, "', '")));
}

Status check_columns(const Mapping& mapping) {
  for (const auto& [name, header] : mapping.columns) {
    if (is_dimension(name) || find_metric(name)) continue;
    return fail(ErrorCode::invalid,
                fmt::format("mapping.columns.{}: is neither a metric nor one of '{}'", name,
                            fmt::join(kDimensions, "', '")));
  }
  for (const auto& [name, value] : mapping.constants) {
    if (std::ranges::find(kConstants, name) != kConstants.end()) continue;
    return fail(ErrorCode::invalid, fmt::format("mapping.constants.{}: is not one of '{}'", name,
                                                fmt::join(kConstants, "', '")));
  }
  return {};
}

bool names_own_level(const Mapping& mapping) {
  const std::string id = mapping.level + "_id";
  const std::string name = mapping.level + "_name";
  return mapping.columns.contains(id) || mapping.columns.contains(name) ||
         mapping.constants.contains(id) || mapping.constants.contains(name);
}

Status check_whole(const Mapping& mapping) {
  if (mapping.grain == "day" && !mapping.columns.contains("day")) {
    return fail(ErrorCode::invalid,
                "mapping.columns.day: is missing; name the column of the day, or say grain = "
                "\"total\" for a file without days");
  }
  if (!names_own_level(mapping)) {
    return fail(ErrorCode::invalid,
                fmt::format("mapping.columns: needs {0}_id or {0}_name, because level is \"{0}\"",
                            mapping.level));
  }
  const bool counts = std::ranges::any_of(
      mapping.columns, [](const auto& each) { return find_metric(each.first).has_value(); });
  if (!counts) return fail(ErrorCode::invalid, "mapping.columns: names no metric, such as spend");
  return {};
}

}  // namespace

Result<Mapping> parse_mapping(std::string_view toml) {
  Json json = RF_TRY(parse_toml(toml));
  Mapping mapping = RF_TRY(from_json<Mapping>(json, "mapping"));
  RF_TRY(one_of("platform", mapping.platform, {"meta", "tiktok", "google", "plain"}));
  RF_TRY(one_of("level", mapping.level, {"campaign", "adset", "ad"}));
  RF_TRY(one_of("grain", mapping.grain, {"day", "total"}));
  RF_TRY(one_of("decimal", mapping.decimal, {"", "point", "comma"}));
  RF_TRY(one_of("date_order", mapping.date_order, {"", "dmy", "mdy"}));
  if (!mapping.currency.empty()) RF_TRY(Currency::parse(mapping.currency));
  if (!mapping.time_zone.empty()) RF_TRY(TimeZone::parse(mapping.time_zone));
  RF_TRY(check_columns(mapping));
  RF_TRY(check_whole(mapping));
  return mapping;
}

const Mapping& kag_mapping() {
  static const Mapping mapping{.platform = "meta",
                               .grain = "total",
                               .account = "kag",
                               .conversion_event = "total_conversion",
                               .decimal = "point",
                               .columns = {{"ad_id", "ad_id"},
                                           {"adset_id", "fb_campaign_id"},
                                           {"campaign_id", "xyz_campaign_id"},
                                           {"spend", "Spent"},
                                           {"impressions", "Impressions"},
                                           {"link_clicks", "Clicks"},
                                           {"conversions", "Total_Conversion"},
                                           {"purchases", "Approved_Conversion"}}};
  return mapping;
}

}  // namespace rf::imports
