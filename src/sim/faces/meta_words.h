// What Meta's API calls things: the fields of each call and object, and how its errors and amounts
// are written.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "model/money.h"
#include "net/http.h"
#include "sim/faces/fields.h"
#include "sim/platform/sandbox.h"

namespace rf::sim::meta {

// Fields that an object of this kind has, separated by spaces.
std::string_view readable_fields(Level level);
inline constexpr std::string_view kCreativeFields =
    "id account_id name status object_story_spec asset_feed_spec url_tags degrees_of_freedom_spec "
    "video_id thumbnail_url object_type title body";
inline constexpr std::string_view kVideoFields =
    "id title name description status length created_time updated_time picture source";
inline constexpr std::string_view kRunFields =
    "id account_id async_status async_percent_completion date_start date_stop is_running time_ref "
    "time_completed error_code error_subcode error_message error_user_title error_user_msg";

// What a report may be asked for, in insights.
extern const std::string_view kInsightFields;

// The fields that calls take.
std::span<const FieldRule> creation_rules(Level level);
std::span<const FieldRule> update_rules(Level level);
std::span<const FieldRule> list_rules();
std::span<const FieldRule> read_rules();
std::span<const FieldRule> insight_rules();
std::span<const FieldRule> creative_rules();
std::span<const FieldRule> video_rules();
std::span<const FieldRule> video_ad_rules();
std::span<const FieldRule> image_rules();
std::span<const FieldRule> events_rules();
std::span<const FieldRule> event_rules();

struct Refusal {
  int code = 100;
  int subcode = 0;
  std::string message;
  bool transient = false;
  int http = 400;
  std::string field = {};  // Blamed.
};

// Meta's error envelope.
net::Response refuse(const Refusal& refusal);

// Hundredths of the currency's unit, or whole units of those that Meta counts so.
// Source: Marketing API, currencies.
std::int64_t offset_of(Currency currency);
std::string minor_text(Money amount);
Money from_minor(std::int64_t minor, Currency currency);

// The smallest daily budget: one unit, or a hundred of a currency without hundredths. Chosen.
Money smallest_budget(Currency currency);

// "ACTIVE"; and what an object is in effect, given what is above it.
std::string_view status_word(RunState state);
std::string_view effective_status(const Sandbox& sandbox, Sandbox::Place place);
RunState state_from(std::string_view status);

// "2026-03-02T12:00:00+0000".
std::string time_text(Instant instant);

}  // namespace rf::sim::meta
