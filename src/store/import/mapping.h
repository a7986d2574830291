// What a plain file's columns mean, said by its owner in TOML; see doc/formats/mapping.md.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "base/described.h"
#include "base/result.h"

namespace rf::imports {

struct Mapping {
  std::string platform = "plain";
  std::string level = "ad";
  std::string grain = "day";
  std::string account = "";
  std::string currency = "";
  std::string time_zone = "";
  std::string attribution = "";
  std::string conversion_event = "";
  std::string decimal = "";
  std::string date_order = "";
  std::optional<std::int64_t> header_line = std::nullopt;
  std::map<std::string, std::string> columns = {};
  std::map<std::string, std::string> breakdowns = {};
  std::map<std::string, std::string> constants = {};

  bool operator==(const Mapping&) const = default;
};

// Errors: invalid, with the line and column or the path of what is wrong.
Result<Mapping> parse_mapping(std::string_view toml);

// The public data set of 1,143 Facebook ads known as KAG: one row an ad, without days or currency.
// Source: kaggle.com/loveall/clicks-conversion-tracking, its columns' own description.
const Mapping& kag_mapping();
inline constexpr std::string_view kKagHeader =
    "ad_id,xyz_campaign_id,fb_campaign_id,age,gender,interest,Impressions,Clicks,Spent,"
    "Total_Conversion,Approved_Conversion";

}  // namespace rf::imports

namespace rf {

template <>
struct Described<imports::Mapping> {
  using M = imports::Mapping;
  static constexpr auto fields = std::tuple{
      field("platform", &M::platform, "meta, tiktok, google or plain"),
      field("level", &M::level, "what a row is: campaign, adset or ad"),
      field("grain", &M::grain, "day, or total for one row without a date"),
      field("account", &M::account, "the account's id"),
      field("currency", &M::currency, "ISO 4217 code, where no column has it"),
      field("time_zone", &M::time_zone, "IANA name, where no column has it"),
      field("attribution", &M::attribution, "attribution setting, where no column has it"),
      field("conversion_event", &M::conversion_event, "what the column `conversions` counts"),
      field("decimal", &M::decimal, "point or comma; empty to find out"),
      field("date_order", &M::date_order, "dmy or mdy; empty to find out"),
      field("header_line", &M::header_line, "the line of the headers; null for the first that fits",
            {.min = 1, .max = 1000}),
      field("columns", &M::columns, "name of a metric or dimension = header"),
      field("breakdowns", &M::breakdowns, "kind of breakdown = header"),
      field("constants", &M::constants, "name of a dimension = its value in every row")};
};

}  // namespace rf
