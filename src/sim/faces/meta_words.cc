#include "sim/faces/meta_words.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/json.h"
#include "base/sha256.h"
#include "base/time.h"

namespace rf::sim::meta {
namespace {

using enum FieldKind;

constexpr std::string_view kStatuses = "ACTIVE PAUSED DELETED ARCHIVED";
constexpr std::string_view kBidStrategies =
    "LOWEST_COST_WITHOUT_CAP LOWEST_COST_WITH_BID_CAP COST_CAP LOWEST_COST_WITH_MIN_ROAS";
constexpr std::string_view kObjectives =
    "OUTCOME_APP_PROMOTION OUTCOME_AWARENESS OUTCOME_ENGAGEMENT OUTCOME_LEADS OUTCOME_SALES "
    "OUTCOME_TRAFFIC";
constexpr std::string_view kBillingEvents =
    "IMPRESSIONS LINK_CLICKS THRUPLAY CLICKS APP_INSTALLS PAGE_LIKES POST_ENGAGEMENT PURCHASE "
    "LISTING_INTERACTION OFFER_CLAIMS NONE";
constexpr std::string_view kGoals =
    "OFFSITE_CONVERSIONS VALUE LINK_CLICKS LANDING_PAGE_VIEWS IMPRESSIONS REACH THRUPLAY "
    "POST_ENGAGEMENT LEAD_GENERATION QUALITY_LEAD CONVERSATIONS APP_INSTALLS IN_APP_VALUE "
    "AD_RECALL_LIFT PROFILE_VISIT";

constexpr auto kCampaignCreation = std::to_array<FieldRule>({
    {"name", text, true},
    {"objective", text, true, kObjectives},
    {"status", text, false, kStatuses},
    {"special_ad_categories", names, true},
    {"daily_budget", whole},
    {"lifetime_budget", whole},
    {"bid_strategy", text, false, kBidStrategies},
    {"spend_cap", whole},
    {"buying_type", text, false, "AUCTION RESERVED"},
    {"is_adset_budget_sharing_enabled", boolean},
    {"start_time", text},
    {"stop_time", text},
    {"execution_options", names},
});

constexpr auto kCampaignUpdate = std::to_array<FieldRule>({
    {"name", text},
    {"status", text, false, kStatuses},
    {"special_ad_categories", names},
    {"daily_budget", whole},
    {"lifetime_budget", whole},
    {"bid_strategy", text, false, kBidStrategies},
    {"spend_cap", whole},
    {"execution_options", names},
});

constexpr auto kAdSetCreation = std::to_array<FieldRule>({
    {"name", text, true},
    {"campaign_id", id, true},
    {"daily_budget", whole},
    {"lifetime_budget", whole},
    {"billing_event", text, true, kBillingEvents},
    {"optimization_goal", text, true, kGoals},
    {"bid_strategy", text, false, kBidStrategies},
    {"bid_amount", whole},
    {"bid_constraints", object},
    {"promoted_object", object},
    {"targeting", object, true},
    {"attribution_spec", list},
    {"start_time", text},
    {"end_time", text},
    {"status", text, false, kStatuses},
    {"destination_type", text},
    {"frequency_control_specs", list},
    {"daily_min_spend_target", whole},
    {"daily_spend_cap", whole},
    {"dsa_beneficiary", text},
    {"dsa_payor", text},
    {"execution_options", names},
});

constexpr auto kAdSetUpdate = std::to_array<FieldRule>({
    {"name", text},
    {"daily_budget", whole},
    {"lifetime_budget", whole},
    {"billing_event", text, false, kBillingEvents},
    {"optimization_goal", text, false, kGoals},
    {"bid_strategy", text, false, kBidStrategies},
    {"bid_amount", whole},
    {"bid_constraints", object},
    {"promoted_object", object},
    {"targeting", object},
    {"attribution_spec", list},
    {"end_time", text},
    {"status", text, false, kStatuses},
    {"daily_min_spend_target", whole},
    {"daily_spend_cap", whole},
    {"execution_options", names},
});

constexpr auto kAdCreation = std::to_array<FieldRule>({
    {"name", text, true},
    {"adset_id", id, true},
    {"creative", object, true},
    {"status", text, false, kStatuses},
    {"tracking_specs", list},
    {"conversion_domain", text},
    {"execution_options", names},
});

constexpr auto kAdUpdate = std::to_array<FieldRule>({
    {"name", text},
    {"creative", object},
    {"status", text, false, kStatuses},
    {"tracking_specs", list},
    {"conversion_domain", text},
    {"execution_options", names},
});

constexpr auto kList = std::to_array<FieldRule>({
    {"fields", names},
    {"limit", whole},
    {"after", text},
    {"filtering", list},
    {"effective_status", names},
    {"summary", any},
});

constexpr auto kRead = std::to_array<FieldRule>({{"fields", names}});

constexpr auto kInsight = std::to_array<FieldRule>({
    {"fields", names},
    {"level", text, false, "account campaign adset ad"},
    {"time_range", object},
    {"date_preset", text, false,
     "today yesterday last_3d last_7d last_14d last_28d last_30d last_90d this_month last_month "
     "maximum data_maximum"},
    {"time_increment", any},
    {"breakdowns", names},
    {"action_breakdowns", names},
    {"action_attribution_windows", names},
    {"use_account_attribution_setting", boolean},
    {"use_unified_attribution_setting", boolean},
    {"action_report_time", text, false, "impression conversion mixed lifetime"},
    {"filtering", list},
    {"sort", names},
    {"limit", whole},
    {"after", text},
});

constexpr auto kCreative = std::to_array<FieldRule>({
    {"name", text},
    {"object_story_spec", object},
    {"asset_feed_spec", object},
    {"url_tags", text},
    {"degrees_of_freedom_spec", object},
    {"execution_options", names},
});

constexpr auto kVideo = std::to_array<FieldRule>({
    {"name", text},
    {"title", text},
    {"description", text},
    {"file_url", text},
    {"source", any},
    {"upload_phase", text, false, "start transfer finish cancel"},
    {"file_size", whole},
    {"upload_session_id", id},
    {"start_offset", whole},
    {"video_file_chunk", any},
});

constexpr auto kVideoAd = std::to_array<FieldRule>({
    {"upload_phase", text, true, "start finish"},
    {"video_id", id},
    {"name", text},
    {"title", text},
});

constexpr auto kImage = std::to_array<FieldRule>({
    {"bytes", text},
    {"name", text},
    {"filename", any},
    {"source", any},
});

constexpr auto kEvents = std::to_array<FieldRule>({
    {"data", list, true},
    {"test_event_code", text},
    {"partner_agent", text},
    {"namespace_id", id},
    {"upload_id", id},
    {"upload_tag", text},
    {"upload_source", text},
});

constexpr auto kEvent = std::to_array<FieldRule>({
    {"event_name", text, true},
    {"event_time", whole, true},
    {"event_id", text},
    {"action_source", text, true,
     "website app email phone_call chat physical_store system_generated business_messaging other"},
    {"event_source_url", text},
    {"user_data", object, true},
    {"custom_data", object},
    {"opt_out", boolean},
    {"data_processing_options", names},
    {"data_processing_options_country", whole},
    {"data_processing_options_state", whole},
    {"attribution_data", object},
    {"original_event_data", object},
    {"referrer_url", text},
    {"customer_segmentation", any},
});

// The same failure has the same trace, so that a run repeats byte for byte.
std::string trace_of(std::string_view message) {
  return fmt::format("A{}", sha256_hex(message).substr(0, 22));
}

std::string_view type_of(int code) {
  return code == 100 || code == 2500 ? "OAuthException"
         : code == 803               ? "GraphMethodException"
                                     : "OAuthException";
}

}  // namespace

const std::string_view kInsightFields =
    "account_id account_name account_currency campaign_id campaign_name adset_id adset_name ad_id "
    "ad_name date_start date_stop objective optimization_goal attribution_setting impressions "
    "reach "
    "frequency spend clicks unique_clicks inline_link_clicks inline_link_click_ctr outbound_clicks "
    "ctr cpc cpm cpp actions action_values conversions conversion_values cost_per_action_type "
    "purchase_roas website_purchase_roas results cost_per_result video_play_actions "
    "video_continuous_2_sec_watched_actions video_15_sec_watched_actions "
    "video_30_sec_watched_actions video_p25_watched_actions video_p50_watched_actions "
    "video_p75_watched_actions video_p95_watched_actions video_p100_watched_actions "
    "video_thruplay_watched_actions video_avg_time_watched_actions video_time_watched_actions "
    "video_play_curve_actions cost_per_thruplay quality_ranking engagement_rate_ranking "
    "conversion_rate_ranking age gender country publisher_platform";

std::string_view readable_fields(Level level) {
  switch (level) {
    case Level::account:
      return "id account_id name currency timezone_name timezone_id timezone_offset_hours_utc "
             "account_status disable_reason amount_spent balance spend_cap min_daily_budget "
             "attribution_spec";
    case Level::campaign:
      return "id account_id name status effective_status configured_status objective daily_budget "
             "lifetime_budget budget_remaining bid_strategy buying_type special_ad_categories "
             "spend_cap start_time stop_time created_time updated_time issues_info "
             "is_adset_budget_sharing_enabled";
    case Level::adset:
      return "id account_id campaign_id name status effective_status configured_status "
             "daily_budget lifetime_budget budget_remaining billing_event optimization_goal "
             "bid_strategy bid_amount bid_constraints promoted_object targeting attribution_spec "
             "start_time end_time destination_type created_time updated_time issues_info "
             "learning_stage_info frequency_control_specs daily_min_spend_target daily_spend_cap "
             "dsa_beneficiary dsa_payor";
    case Level::ad: break;
  }
  return "id account_id campaign_id adset_id name status effective_status configured_status "
         "creative tracking_specs conversion_domain created_time updated_time issues_info "
         "ad_review_feedback";
}

std::span<const FieldRule> creation_rules(Level level) {
  if (level == Level::campaign) return kCampaignCreation;
  if (level == Level::adset) return kAdSetCreation;
  return kAdCreation;
}

std::span<const FieldRule> update_rules(Level level) {
  if (level == Level::campaign) return kCampaignUpdate;
  if (level == Level::adset) return kAdSetUpdate;
  return kAdUpdate;
}

std::span<const FieldRule> list_rules() { return kList; }
std::span<const FieldRule> read_rules() { return kRead; }
std::span<const FieldRule> insight_rules() { return kInsight; }
std::span<const FieldRule> creative_rules() { return kCreative; }
std::span<const FieldRule> video_rules() { return kVideo; }
std::span<const FieldRule> video_ad_rules() { return kVideoAd; }
std::span<const FieldRule> image_rules() { return kImage; }
std::span<const FieldRule> events_rules() { return kEvents; }
std::span<const FieldRule> event_rules() { return kEvent; }

net::Response refuse(const Refusal& refusal) {
  JsonObject error{{"message", fmt::format("(#{}) {}", refusal.code, refusal.message)},
                   {"type", type_of(refusal.code)},
                   {"code", refusal.code}};
  if (refusal.subcode != 0) error["error_subcode"] = refusal.subcode;
  error["is_transient"] = refusal.transient;
  if (!refusal.field.empty()) {
    error["error_data"] = JsonObject{
        {"blame_field_specs", JsonArray{JsonArray{Json(std::string_view(refusal.field))}}}};
    error["error_user_title"] = "Invalid parameter";
    error["error_user_msg"] = std::string_view(refusal.message);
  }
  error["fbtrace_id"] = trace_of(refusal.message);
  net::Response response{.status = refusal.http,
                         .headers = {{"Content-Type", "application/json; charset=UTF-8"}},
                         .body = to_text(Json(JsonObject{{"error", std::move(error)}}))};
  return response;
}

std::int64_t offset_of(Currency currency) {
  constexpr std::string_view kWhole = "CLP COP CRC HUF ISK IDR JPY KRW PYG TWD VND";
  return is_among(currency.code(), kWhole) ? 1 : 100;
}

std::string minor_text(Money amount) {
  const std::int64_t step = kMicrosPerUnit / offset_of(amount.currency);
  return fmt::format("{}", amount.micros / step);
}

Money from_minor(std::int64_t minor, Currency currency) {
  return {.micros = minor * (kMicrosPerUnit / offset_of(currency)), .currency = currency};
}

Money smallest_budget(Currency currency) {
  return {.micros = kMicrosPerUnit * (offset_of(currency) == 1 ? 100 : 1), .currency = currency};
}

std::string_view status_word(RunState state) {
  switch (state) {
    case RunState::active: return "ACTIVE";
    case RunState::paused: return "PAUSED";
    case RunState::archived: return "ARCHIVED";
    case RunState::deleted: return "DELETED";
  }
  return "";
}

RunState state_from(std::string_view status) {
  if (status == "ACTIVE") return RunState::active;
  if (status == "ARCHIVED") return RunState::archived;
  return status == "DELETED" ? RunState::deleted : RunState::paused;
}

std::string_view effective_status(const Sandbox& sandbox, Sandbox::Place place) {
  const RunState own = sandbox.state_of(place);
  if (own != RunState::active || place.level == Level::campaign) return status_word(own);
  if (place.level == Level::adset) {
    const std::size_t campaign = sandbox.adsets()[place.index].campaign;
    return sandbox.campaigns()[campaign].state == RunState::active ? "ACTIVE" : "CAMPAIGN_PAUSED";
  }
  const AdBook& ad = sandbox.ads()[place.index];
  if (ad.review == Review::rejected) return "DISAPPROVED";
  if (ad.review == Review::pending) return "PENDING_REVIEW";
  if (sandbox.campaigns()[ad.campaign].state != RunState::active) return "CAMPAIGN_PAUSED";
  return sandbox.adsets()[ad.adset].state == RunState::active ? "ACTIVE" : "ADSET_PAUSED";
}

std::string time_text(Instant instant) {
  std::string text = to_rfc3339(std::chrono::floor<std::chrono::seconds>(instant));
  text.pop_back();  // The "Z".
  return text + "+0000";
}

}  // namespace rf::sim::meta
