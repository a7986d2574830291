// How the model's own value types stand in JSON.

#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "base/described.h"
#include "base/time.h"
#include "model/calendar.h"
#include "model/entity.h"
#include "model/money.h"

namespace rf {

template <>
struct EnumNames<Platform> {
  static constexpr auto names =
      std::to_array<std::pair<Platform, std::string_view>>({{Platform::meta, "meta"},
                                                            {Platform::tiktok, "tiktok"},
                                                            {Platform::google, "google"},
                                                            {Platform::plain, "plain"}});
};

template <>
struct EnumNames<Level> {
  static constexpr auto names =
      std::to_array<std::pair<Level, std::string_view>>({{Level::account, "account"},
                                                         {Level::campaign, "campaign"},
                                                         {Level::adset, "adset"},
                                                         {Level::ad, "ad"}});
};

// {"amount": "12.50", "currency": "USD"}; amounts are decimal strings, because JSON numbers are
// floats to most readers.
template <>
struct JsonCodec<Money> {
  static Json write(const Money& value);
  static Result<Money> read(const Json& json, std::string_view path);
  static JsonObject schema();
};

// RFC 3339.
template <>
struct JsonCodec<Instant> {
  static Json write(Instant value) { return to_json(to_rfc3339(value)); }
  static Result<Instant> read(const Json& json, std::string_view path);
  static JsonObject schema() { return {{"type", "string"}, {"format", "date-time"}}; }
};

// "2026-03-01".
template <>
struct JsonCodec<Day> {
  static Json write(Day value) { return to_json(to_iso(value)); }
  static Result<Day> read(const Json& json, std::string_view path);
  static JsonObject schema() { return {{"type", "string"}, {"format", "date"}}; }
};

}  // namespace rf
