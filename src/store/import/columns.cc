#include "store/import/columns.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

#include "store/import/text.h"

namespace rf::imports {
namespace {

using enum Role;

constexpr auto kMeanings = std::to_array<ColumnMeaning>({
    {"account_id", account_id},
    {"account_name", account_name},
    {"account_timezone", time_zone},
    {"currency", currency},
    {"day", day},
    {"period", period},
    {"reporting_start", reporting_start},
    {"reporting_end", reporting_end},
    {"campaign_id", campaign_id},
    {"campaign_name", campaign_name},
    {"adset_id", adset_id},
    {"adset_name", adset_name},
    {"ad_id", ad_id},
    {"ad_name", ad_name},
    {"headline", ad_stand_in, {}, 1},
    {"video_title", ad_stand_in, {}, 0},
    {"headline_long", ad_stand_in, {}, 2},
    {"youtube_video_id", ad_stand_in, {}, 3},
    {"attribution_setting", attribution},
    {"attribution_source", attribution, {}, 1},
    {"result_indicator", indicator},
    {"result_value_indicator", value_indicator},
    {"age", breakdown},
    {"gender", breakdown},
    {"region", breakdown},
    {"country", breakdown},
    {"network", breakdown},
    {"publisher_platform", breakdown},
    {"device_platform", breakdown},
    {"impression_device", breakdown},
    {"conversion_device", breakdown},
    {"spend", metric, Metric::spend},
    {"impressions", metric, Metric::impressions},
    {"reach", metric, Metric::reach},
    {"clicks_all", metric, Metric::clicks_all},
    {"link_clicks", metric, Metric::link_clicks},
    {"clicks", metric, Metric::link_clicks},
    {"outbound_clicks", metric, Metric::outbound_clicks},
    {"landing_page_views", metric, Metric::landing_page_views},
    {"video_plays", metric, Metric::video_plays},
    {"video_2s", metric, Metric::video_2s},
    {"video_2s_continuous", metric, Metric::video_2s},
    {"video_3s", metric, Metric::video_3s},
    {"video_6s", metric, Metric::video_6s},
    {"thruplays", metric, Metric::thruplays},
    {"views_all", metric, Metric::views},
    {"trueview_views", metric, Metric::views},
    {"video_p25_count", metric, Metric::video_p25},
    {"video_p50_count", metric, Metric::video_p50},
    {"video_p75_count", metric, Metric::video_p75},
    {"video_p95_count", metric, Metric::video_p95},
    {"video_p100_count", metric, Metric::video_p100},
    {"video_p25_rate_pct", quartile_rate, Metric::video_p25},
    {"video_p50_rate_pct", quartile_rate, Metric::video_p50},
    {"video_p75_rate_pct", quartile_rate, Metric::video_p75},
    {"video_p100_rate_pct", quartile_rate, Metric::video_p100},
    {"video_avg_play_time", average_time, Metric::watch_time_ms},
    {"video_avg_play_time_per_view", average_time, Metric::watch_time_ms},
    {"engagements", metric, Metric::engagements},
    {"post_engagements", metric, Metric::engagements},
    {"page_engagement", metric, Metric::engagements, 1},
    {"post_reactions", metric, Metric::reactions},
    {"post_comments", metric, Metric::comments},
    {"post_shares", metric, Metric::shares},
    {"post_saves", metric, Metric::saves},
    {"follows", metric, Metric::follows},
    {"ig_follows", metric, Metric::follows, 1},
    {"profile_visits", metric, Metric::profile_visits},
    {"ig_profile_visits", metric, Metric::profile_visits, 1},
    {"results", metric, Metric::results},
    {"result_value", event},
    {"conversions", metric, Metric::conversions},
    {"conversion_value", metric, Metric::conversion_value},
    {"purchases", metric, Metric::purchases},
    {"purchases_website", metric, Metric::purchases, 1},
    {"purchase_value", metric, Metric::purchase_value},
    {"purchase_value_website", metric, Metric::purchase_value, 1},
    {"leads", metric, Metric::leads},
    {"leads_website", metric, Metric::leads, 1},
    {"leads_onplatform", metric, Metric::leads, 2},
    {"add_to_cart", metric, Metric::adds_to_cart},
    {"add_to_cart_website", metric, Metric::adds_to_cart, 1},
    {"initiate_checkout", metric, Metric::checkouts},
    {"initiate_checkout_website", metric, Metric::checkouts, 1},
    {"content_views", metric, Metric::content_views},
    {"view_content_website", metric, Metric::content_views, 1},
    {"all_conversions", event},
    {"conversions_platform_comparable", event},
    {"results_by_event_time", event},
});

// A header's currency: three capitals in brackets at its end, either kind of bracket.
std::optional<std::pair<std::string_view, std::string_view>> split_currency(
    std::string_view header) {
  constexpr std::string_view kWide = "\xEF\xBC\x89";  // The full-width closing bracket.
  std::string_view body = header;
  if (body.ends_with(')')) {
    body.remove_suffix(1);
  } else if (body.ends_with(kWide)) {
    body.remove_suffix(kWide.size());
  } else {
    return std::nullopt;
  }
  if (body.size() < 4) return std::nullopt;
  std::string_view code = body.substr(body.size() - 3);
  if (!std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; })) return std::nullopt;
  body.remove_suffix(3);
  if (body.ends_with('(')) return std::pair(trim(body.substr(0, body.size() - 1)), code);
  constexpr std::string_view kWideOpen = "\xEF\xBC\x88";
  if (!body.ends_with(kWideOpen)) return std::nullopt;
  body.remove_suffix(kWideOpen.size());
  return std::pair(trim(body), code);
}

using AliasMap = std::unordered_map<std::string, const ColumnAlias*>;

AliasMap build_map(Platform platform) {
  AliasMap map;
  for (std::span<const ColumnAlias> table : {aliases_seen_in_files(), aliases_from_screens()}) {
    for (const ColumnAlias& alias : table) {
      if (alias.platform == platform) map.emplace(fold_header(alias.header), &alias);
    }
  }
  return map;
}

const AliasMap& map_of(Platform platform) {
  static const AliasMap meta = build_map(Platform::meta);
  static const AliasMap tiktok = build_map(Platform::tiktok);
  static const AliasMap google = build_map(Platform::google);
  static const AliasMap none;
  switch (platform) {
    case Platform::meta: return meta;
    case Platform::tiktok: return tiktok;
    case Platform::google: return google;
    case Platform::plain: break;
  }
  return none;
}

constexpr std::string_view kAnyCurrency = " (<cur>)";

}  // namespace

ColumnMeaning meaning_of(Platform platform, std::string_view canonical) {
  // TikTok's bare "Clicks" of older files are those to the destination, Meta's are of every kind.
  if (canonical == "clicks_unspecified") {
    const bool tiktok = platform == Platform::tiktok;
    return {canonical, metric, tiktok ? Metric::link_clicks : Metric::clicks_all, 1};
  }
  // TikTok's "Placements Types" is a setting of the ad group, not a part of its numbers.
  if (canonical == "placement")
    return {canonical, platform == Platform::tiktok ? other : breakdown, {}, 0};
  const auto* found = std::ranges::find(kMeanings, canonical, &ColumnMeaning::canonical);
  return found == kMeanings.end() ? ColumnMeaning{canonical} : *found;
}

std::optional<FoundColumn> find_column(Platform platform, std::string_view header) {
  const AliasMap& map = map_of(platform);
  const std::string folded = fold_header(header);
  if (auto exact = map.find(folded); exact != map.end()) return FoundColumn{exact->second, ""};
  if (auto coded = split_currency(trim(header))) {
    const std::string base = fold_header(coded->first);
    auto found = map.find(base + std::string(kAnyCurrency));
    if (found == map.end()) found = map.find(base);
    if (found != map.end()) return FoundColumn{found->second, std::string(coded->second)};
    return std::nullopt;
  }
  auto bare = map.find(folded + std::string(kAnyCurrency));
  if (bare != map.end()) return FoundColumn{bare->second, ""};
  return std::nullopt;
}

std::string_view event_name(Platform platform, std::string_view canonical) {
  if (platform == Platform::tiktok && canonical == "results") return "conversions";
  constexpr auto kEvents = std::to_array<std::pair<std::string_view, std::string_view>>({
      {"purchases", "purchases"},
      {"purchases_website", "website_purchases"},
      {"leads", "leads"},
      {"leads_website", "website_leads"},
      {"leads_onplatform", "meta_leads"},
      {"conversions", "conversions"},
      {"all_conversions", "all_conversions"},
      {"conversions_platform_comparable", "conversions_platform_comparable"},
      {"results_by_event_time", "real_time_conversions"},
      {"results", "results"},
      {"add_to_cart", "adds_to_cart"},
      {"add_to_cart_website", "website_adds_to_cart"},
      {"initiate_checkout", "checkouts"},
      {"initiate_checkout_website", "website_checkouts"},
      {"content_views", "content_views"},
      {"view_content_website", "website_content_views"},
      {"landing_page_views", "landing_page_views"},
  });
  for (const auto& [column, event] : kEvents) {
    if (column == canonical) return event;
  }
  return {};
}

bool is_conversion(std::string_view indicator) {
  const std::string folded = fold_header(indicator);
  constexpr auto kNever = std::to_array<std::string_view>(
      {"link_click", "link click", "view_content", "content view", "landing_page", "landing page",
       "profile", "reach", "video", "thruplay", "impression", "engagement", "post_", "page_like",
       "recall", "follow"});
  constexpr auto kAlways = std::to_array<std::string_view>(
      {"purchase", "lead",  "conversion", "registration", "subscri", "trial",  "install",
       "checkout", "cart",  "contact",    "schedule",     "donat",   "applic", "messaging",
       "payment",  "achat", "compra",     "kauf",         "käufe",   "vásárl", "購入",
       "购买",     "購買",  "구매",       "order",        "signup",  "sign-up"});
  const auto has = [&](std::string_view word) { return folded.find(word) != std::string::npos; };
  return std::ranges::none_of(kNever, has) && std::ranges::any_of(kAlways, has);
}

}  // namespace rf::imports
