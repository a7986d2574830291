// What TikTok's API calls things: the fields that each call takes. Internal to the face.

#pragma once

#include <span>
#include <string_view>

#include "model/entity.h"
#include "sim/faces/fields.h"

namespace rf::sim::tiktok {

// The fields that a call takes, by its path: "campaign/create/". Empty for a path that is none.
std::span<const FieldRule> rules_of(std::string_view path);

// "GET" or "POST".
std::string_view method_of(std::string_view path);

std::span<const FieldRule> filter_rules();
std::span<const FieldRule> creative_rules();
std::span<const FieldRule> event_rules();

std::string_view readable_fields(Level level);
inline constexpr std::string_view kAdvertiserFields =
    "advertiser_id name currency timezone display_timezone balance status company country language";

inline constexpr std::string_view kMetrics =
    "spend billed_cost cpc cpm impressions clicks ctr reach frequency cost_per_1000_reached "
    "conversion cost_per_conversion conversion_rate_v2 real_time_conversion result cost_per_result "
    "result_rate video_play_actions video_watched_2s video_watched_6s video_views_p25 "
    "video_views_p50 video_views_p75 video_views_p100 average_video_play "
    "average_video_play_per_user engaged_view engaged_view_15s likes comments shares follows "
    "profile_visits complete_payment complete_payment_rate value_per_complete_payment "
    "complete_payment_roas total_complete_payment_rate total_purchase_value campaign_name "
    "adgroup_name ad_name ad_text currency";

}  // namespace rf::sim::tiktok
