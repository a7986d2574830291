#include "sim/faces/tiktok_words.h"

#include <algorithm>
#include <array>

namespace rf::sim::tiktok {
namespace {

using enum FieldKind;

constexpr std::string_view kOperations = "ENABLE DISABLE DELETE";
constexpr std::string_view kBudgetModes =
    "BUDGET_MODE_DAY BUDGET_MODE_TOTAL BUDGET_MODE_INFINITE BUDGET_MODE_DYNAMIC_DAILY_BUDGET";
constexpr std::string_view kObjectives =
    "REACH TRAFFIC VIDEO_VIEWS ENGAGEMENT APP_PROMOTION LEAD_GENERATION WEB_CONVERSIONS "
    "PRODUCT_SALES RF_REACH";

constexpr auto kAdvertiserInfo =
    std::to_array<FieldRule>({{"advertiser_ids", list, true}, {"fields", list}});

constexpr auto kToken = std::to_array<FieldRule>({{"app_id", text, true},
                                                  {"secret", text, true},
                                                  {"auth_code", text, true},
                                                  {"grant_type", text}});

constexpr auto kTokenAdvertisers =
    std::to_array<FieldRule>({{"app_id", text, true}, {"secret", text, true}});

constexpr auto kGet = std::to_array<FieldRule>({{"advertiser_id", id, true},
                                                {"fields", list},
                                                {"exclude_field_types_in_response", list},
                                                {"filtering", object},
                                                {"page", whole},
                                                {"page_size", whole}});

constexpr auto kFilter = std::to_array<FieldRule>({{"campaign_ids", list},
                                                   {"adgroup_ids", list},
                                                   {"ad_ids", list},
                                                   {"campaign_name", text},
                                                   {"adgroup_name", text},
                                                   {"ad_name", text},
                                                   {"primary_status", text},
                                                   {"secondary_status", text}});

constexpr auto kCampaignCreate =
    std::to_array<FieldRule>({{"advertiser_id", id, true},
                              {"campaign_name", text, true},
                              {"objective_type", text, true, kObjectives},
                              {"budget_mode", text, false, kBudgetModes},
                              {"budget", number},
                              {"request_id", id},
                              {"operation_status", text, false, kOperations},
                              {"budget_optimize_on", boolean},
                              {"campaign_type", text},
                              {"special_industries", list},
                              {"app_promotion_type", text},
                              {"rta_id", text}});

constexpr auto kCampaignUpdate = std::to_array<FieldRule>({{"advertiser_id", id, true},
                                                           {"campaign_id", id, true},
                                                           {"campaign_name", text},
                                                           {"budget", number},
                                                           {"special_industries", list},
                                                           {"po_number", text}});

constexpr auto kCampaignStatus =
    std::to_array<FieldRule>({{"advertiser_id", id, true},
                              {"campaign_ids", list, true},
                              {"operation_status", text, true, kOperations}});

constexpr auto kGroupCreate =
    std::to_array<FieldRule>({{"advertiser_id", id, true},
                              {"campaign_id", id, true},
                              {"adgroup_name", text, true},
                              {"placement_type", text},
                              {"placements", list},
                              {"location_ids", list},
                              {"age_groups", list},
                              {"gender", text},
                              {"languages", list},
                              {"audience_ids", list},
                              {"interest_category_ids", list},
                              {"budget_mode", text, true, kBudgetModes},
                              {"budget", number},
                              {"schedule_type", text},
                              {"schedule_start_time", text},
                              {"schedule_end_time", text},
                              {"dayparting", text},
                              {"optimization_goal", text},
                              {"optimization_event", text},
                              {"billing_event", text},
                              {"bid_type", text},
                              {"bid_price", number},
                              {"conversion_bid_price", number},
                              {"deep_bid_type", text},
                              {"roas_bid", number},
                              {"pacing", text},
                              {"pixel_id", id},
                              {"promotion_type", text},
                              {"click_attribution_window", text},
                              {"view_attribution_window", text},
                              {"engaged_view_attribution_window", text},
                              {"attribution_event_count", text},
                              {"skip_learning_phase", boolean},
                              {"creative_material_mode", text},
                              {"request_id", id},
                              {"operation_status", text, false, kOperations},
                              {"video_download_disabled", boolean},
                              {"comment_disabled", boolean},
                              {"share_disabled", boolean}});

constexpr auto kGroupUpdate = std::to_array<FieldRule>({{"advertiser_id", id, true},
                                                        {"adgroup_id", id, true},
                                                        {"adgroup_name", text},
                                                        {"budget", number},
                                                        {"placements", list},
                                                        {"location_ids", list},
                                                        {"age_groups", list},
                                                        {"gender", text},
                                                        {"languages", list},
                                                        {"audience_ids", list},
                                                        {"schedule_end_time", text},
                                                        {"optimization_event", text},
                                                        {"bid_price", number},
                                                        {"conversion_bid_price", number},
                                                        {"roas_bid", number},
                                                        {"pacing", text}});

constexpr auto kGroupStatus =
    std::to_array<FieldRule>({{"advertiser_id", id, true},
                              {"adgroup_ids", list, true},
                              {"operation_status", text, true, kOperations}});

constexpr auto kGroupBudget =
    std::to_array<FieldRule>({{"advertiser_id", id, true}, {"budget", list, true}});

constexpr auto kAdCreate = std::to_array<FieldRule>(
    {{"advertiser_id", id, true}, {"adgroup_id", id, true}, {"creatives", list, true}});

constexpr auto kAdUpdate = std::to_array<FieldRule>({{"advertiser_id", id, true},
                                                     {"adgroup_id", id, true},
                                                     {"creatives", list, true},
                                                     {"patch_update", boolean}});

constexpr auto kAdStatus =
    std::to_array<FieldRule>({{"advertiser_id", id, true},
                              {"ad_ids", list, true},
                              {"operation_status", text, true, kOperations}});

constexpr auto kCreative =
    std::to_array<FieldRule>({{"ad_id", id},
                              {"ad_name", text},
                              {"ad_format", text},
                              {"identity_type", text},
                              {"identity_id", text},
                              {"identity_authorized_bc_id", text},
                              {"video_id", text},
                              {"image_ids", list},
                              {"ad_text", text},
                              {"call_to_action", text},
                              {"call_to_action_id", text},
                              {"landing_page_url", text},
                              {"deeplink", text},
                              {"display_name", text},
                              {"tiktok_item_id", text},
                              {"tracking_pixel_id", id},
                              {"aigc_disclosure_type", text, false, "NOT_DECLARED SELF_DISCLOSURE"},
                              {"utm_params", list},
                              {"operation_status", text, false, kOperations}});

constexpr auto kReport = std::to_array<FieldRule>(
    {{"advertiser_id", id, true},
     {"report_type", text, true, "BASIC AUDIENCE PLAYABLE_MATERIAL CATALOG BC TT_SHOP"},
     {"service_type", text, false, "AUCTION RESERVATION"},
     {"data_level", text, true, "AUCTION_AD AUCTION_ADGROUP AUCTION_CAMPAIGN AUCTION_ADVERTISER"},
     {"dimensions", list, true},
     {"metrics", list},
     {"start_date", text},
     {"end_date", text},
     {"query_lifetime", boolean},
     {"filtering", list},
     {"order_field", text},
     {"order_type", text, false, "ASC DESC"},
     {"output_format", text, false, "CSV_STRING CSV_DOWNLOAD XLSX_DOWNLOAD"},
     {"file_name", text},
     {"page", whole},
     {"page_size", whole}});

constexpr auto kTask =
    std::to_array<FieldRule>({{"advertiser_id", id, true}, {"task_id", text, true}});

constexpr auto kVideoUpload =
    std::to_array<FieldRule>({{"advertiser_id", id, true},
                              {"file_name", text},
                              {"upload_type", text, false,
                               "UPLOAD_BY_FILE UPLOAD_BY_URL UPLOAD_BY_FILE_ID UPLOAD_BY_VIDEO_ID"},
                              {"video_file", any},
                              {"video_signature", text},
                              {"video_url", text},
                              {"file_id", text},
                              {"video_id", text},
                              {"flaw_detect", boolean},
                              {"auto_fix_enabled", boolean},
                              {"auto_bind_enabled", boolean}});

constexpr auto kImageUpload =
    std::to_array<FieldRule>({{"advertiser_id", id, true},
                              {"file_name", text},
                              {"upload_type", text, false, "UPLOAD_BY_FILE UPLOAD_BY_URL"},
                              {"image_file", any},
                              {"image_signature", text},
                              {"image_url", text}});

constexpr auto kVideoInfo =
    std::to_array<FieldRule>({{"advertiser_id", id, true}, {"video_ids", list, true}});

constexpr auto kVideoSearch = std::to_array<FieldRule>(
    {{"advertiser_id", id, true}, {"filtering", object}, {"page", whole}, {"page_size", whole}});

constexpr auto kIdentity = std::to_array<FieldRule>(
    {{"advertiser_id", id, true},
     {"identity_type", text, false, "CUSTOMIZED_USER AUTH_CODE TT_USER BC_AUTH_TT"},
     {"page", whole},
     {"page_size", whole}});

constexpr auto kPixel = std::to_array<FieldRule>({{"pixel_code", text, true},
                                                  {"event", text, true},
                                                  {"event_id", text},
                                                  {"timestamp", text},
                                                  {"context", object, true},
                                                  {"properties", object},
                                                  {"test_event_code", text}});

constexpr auto kEventTrack =
    std::to_array<FieldRule>({{"event_source", text, true, "web app offline crm"},
                              {"event_source_id", text, true},
                              {"test_event_code", text},
                              {"data", list, true}});

constexpr auto kEvent = std::to_array<FieldRule>({{"event", text, true},
                                                  {"event_time", whole, true},
                                                  {"event_id", text},
                                                  {"user", object},
                                                  {"properties", object},
                                                  {"page", object},
                                                  {"app", object},
                                                  {"ad", object},
                                                  {"lead", object},
                                                  {"limited_data_use", boolean}});

struct Path {
  std::string_view path;
  std::string_view method;
  std::span<const FieldRule> rules;
};

constexpr auto kPaths = std::to_array<Path>({{"advertiser/info/", "GET", kAdvertiserInfo},
                                             {"oauth2/access_token/", "POST", kToken},
                                             {"oauth2/advertiser/get/", "GET", kTokenAdvertisers},
                                             {"campaign/get/", "GET", kGet},
                                             {"adgroup/get/", "GET", kGet},
                                             {"ad/get/", "GET", kGet},
                                             {"campaign/create/", "POST", kCampaignCreate},
                                             {"campaign/update/", "POST", kCampaignUpdate},
                                             {"campaign/status/update/", "POST", kCampaignStatus},
                                             {"adgroup/create/", "POST", kGroupCreate},
                                             {"adgroup/update/", "POST", kGroupUpdate},
                                             {"adgroup/status/update/", "POST", kGroupStatus},
                                             {"adgroup/budget/update/", "POST", kGroupBudget},
                                             {"ad/create/", "POST", kAdCreate},
                                             {"ad/update/", "POST", kAdUpdate},
                                             {"ad/status/update/", "POST", kAdStatus},
                                             {"report/integrated/get/", "GET", kReport},
                                             {"report/task/create/", "POST", kReport},
                                             {"report/task/check/", "GET", kTask},
                                             {"report/task/download/", "GET", kTask},
                                             {"report/task/cancel/", "POST", kTask},
                                             {"file/video/ad/upload/", "POST", kVideoUpload},
                                             {"file/video/ad/info/", "GET", kVideoInfo},
                                             {"file/video/ad/search/", "GET", kVideoSearch},
                                             {"file/image/ad/upload/", "POST", kImageUpload},
                                             {"identity/get/", "GET", kIdentity},
                                             {"pixel/track/", "POST", kPixel},
                                             {"event/track/", "POST", kEventTrack}});

}  // namespace

std::span<const FieldRule> rules_of(std::string_view path) {
  const auto at = std::ranges::find(kPaths, path, &Path::path);
  return at == kPaths.end() ? std::span<const FieldRule>() : at->rules;
}

std::string_view method_of(std::string_view path) {
  const auto at = std::ranges::find(kPaths, path, &Path::path);
  return at == kPaths.end() ? std::string_view() : at->method;
}

std::span<const FieldRule> filter_rules() { return kFilter; }
std::span<const FieldRule> creative_rules() { return kCreative; }
std::span<const FieldRule> event_rules() { return kEvent; }

std::string_view readable_fields(Level level) {
  switch (level) {
    case Level::campaign:
      return "advertiser_id campaign_id campaign_name objective_type budget budget_mode "
             "operation_status secondary_status create_time modify_time special_industries "
             "campaign_type";
    case Level::adset:
      return "advertiser_id campaign_id campaign_name adgroup_id adgroup_name budget budget_mode "
             "operation_status secondary_status create_time modify_time optimization_goal "
             "optimization_event billing_event bid_type bid_price conversion_bid_price placements "
             "location_ids age_groups gender pixel_id click_attribution_window "
             "view_attribution_window engaged_view_attribution_window attribution_event_count "
             "schedule_start_time schedule_end_time schedule_type pacing";
    case Level::ad:
    case Level::account: break;
  }
  return "advertiser_id campaign_id campaign_name adgroup_id adgroup_name ad_id ad_name "
         "operation_status secondary_status create_time modify_time video_id ad_format ad_text "
         "call_to_action landing_page_url identity_type identity_id display_name image_ids "
         "aigc_disclosure_type";
}

}  // namespace rf::sim::tiktok
