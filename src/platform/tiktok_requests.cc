#include "platform/tiktok_requests.h"

#include <fmt/format.h>

namespace rf::platform {
namespace {

// Source: report/integrated/get: page_size is at most 1000.
constexpr int kReportPage = 1000;
constexpr int kListPage = 100;

std::string_view name_of_level(Level level) {
  switch (level) {
    case Level::ad: return "ad";
    case Level::adset: return "adgroup";
    case Level::campaign: return "campaign";
    case Level::account: break;
  }
  return "advertiser";
}

std::string_view data_level(Level level) {
  switch (level) {
    case Level::ad: return "AUCTION_AD";
    case Level::adset: return "AUCTION_ADGROUP";
    case Level::campaign: return "AUCTION_CAMPAIGN";
    case Level::account: break;
  }
  return "AUCTION_ADVERTISER";
}

JsonArray list_fields(Level level) {
  switch (level) {
    case Level::campaign:
      return {"campaign_id", "campaign_name",    "operation_status",
              "budget",      "secondary_status", "budget_mode"};
    case Level::adset:
      return {"adgroup_id",
              "adgroup_name",
              "campaign_id",
              "operation_status",
              "secondary_status",
              "budget",
              "budget_mode",
              "click_attribution_window",
              "view_attribution_window"};
    case Level::ad:
      return {"ad_id",         "ad_name",      "adgroup_id",       "campaign_id",
              "campaign_name", "adgroup_name", "operation_status", "secondary_status",
              "video_id"};
    case Level::account: break;
  }
  return {};
}

JsonArray metrics(Level level) {
  JsonArray all{"spend",
                "impressions",
                "reach",
                "clicks",
                "conversion",
                "video_play_actions",
                "video_watched_2s",
                "video_watched_6s",
                "video_views_p25",
                "video_views_p50",
                "video_views_p75",
                "video_views_p100",
                "average_video_play",
                "likes",
                "comments",
                "shares",
                "follows",
                "profile_visits",
                "complete_payment",
                "total_complete_payment_rate"};
  if (level >= Level::campaign) all.push_back("campaign_name");
  if (level >= Level::adset) all.push_back("adgroup_name");
  if (level >= Level::ad) all.push_back("ad_name");
  return all;
}

}  // namespace

std::string_view tiktok_id_field(Level level) {
  switch (level) {
    case Level::ad: return "ad_id";
    case Level::adset: return "adgroup_id";
    case Level::campaign: return "campaign_id";
    case Level::account: break;
  }
  return "advertiser_id";
}

TiktokRequests::TiktokRequests(const TiktokSettings& settings)
    : base_(fmt::format("{}/open_api/{}", settings.base_url, settings.version)),
      token_(settings.access_token.reveal()) {}

// The slash at the end is a part of TikTok's paths.
Query TiktokRequests::at(std::string_view path) const {
  return Query(fmt::format("{}/{}/", base_, path));
}

net::Request TiktokRequests::get(const Query& query) const {
  return {.method = "GET",
          .target = query.target(),
          .headers = {{"Access-Token", token_}, {"Accept", "application/json"}},
          .body = ""};
}

net::Request TiktokRequests::post(std::string_view path, const Body& body) const {
  return {.method = "POST",
          .target = at(path).target(),
          .headers = {{"Access-Token", token_},
                      {"Accept", "application/json"},
                      {"Content-Type", "application/json"}},
          .body = body.done()};
}

net::Request TiktokRequests::advertisers(const std::vector<std::string>& ids) const {
  JsonArray list;
  for (const std::string& id : ids) list.push_back(Json(std::string_view(id)));
  Query query = at("advertiser/info");
  query.add_json("advertiser_ids", list);
  query.add_json("fields", JsonArray{"advertiser_id", "name", "currency", "timezone",
                                     "display_timezone", "status"});
  return get(query);
}

net::Request TiktokRequests::entities(std::string_view advertiser, Level level, std::string_view id,
                                      int page) const {
  Query query = at(fmt::format("{}/get", name_of_level(level)));
  query.add("advertiser_id", advertiser);
  if (!id.empty()) {
    const std::string ids = fmt::format("{}s", tiktok_id_field(level));
    query.add_json("filtering", JsonObject{{ids, JsonArray{Json(id)}}});
  }
  query.add("page", fmt::format("{}", page)).add("page_size", fmt::format("{}", kListPage));
  query.add_json("fields", list_fields(level));
  return get(query);
}

net::Request TiktokRequests::report(const TiktokReportCall& call, int page) const {
  JsonArray dimensions{Json(tiktok_id_field(call.level)), "stat_time_day"};
  for (const std::string& each : call.breakdowns)
    dimensions.push_back(Json(std::string_view(each)));
  Query query = at("report/integrated/get");
  query.add("page", fmt::format("{}", page)).add("page_size", fmt::format("{}", kReportPage));
  query.add("advertiser_id", call.advertiser);
  query.add("report_type", call.breakdowns.empty() ? "BASIC" : "AUDIENCE");
  query.add("data_level", data_level(call.level));
  query.add_json("dimensions", dimensions).add_json("metrics", metrics(call.level));
  query.add("start_date", to_iso(call.from)).add("end_date", to_iso(call.to));
  return get(query);
}

net::Request TiktokRequests::report_total(const TiktokReportCall& call) const {
  Query query = at("report/integrated/get");
  query.add("page", "1").add("page_size", "1");
  query.add("advertiser_id", call.advertiser);
  query.add("report_type", "BASIC").add("data_level", data_level(Level::account));
  query.add_json("dimensions", JsonArray{"advertiser_id"});
  query.add_json("metrics", JsonArray{"impressions"});
  query.add("start_date", to_iso(call.from)).add("end_date", to_iso(call.to));
  return get(query);
}

net::Request TiktokRequests::set_status(std::string_view advertiser, const Change& change) const {
  const std::string ids = fmt::format("{}s", tiktok_id_field(change.level));
  Body body;
  body.text("advertiser_id", advertiser);
  body.json(ids, JsonArray{Json(std::string_view(change.id))});
  body.text("operation_status", *change.status == RunStatus::active ? "ENABLE" : "DISABLE");
  return post(fmt::format("{}/status/update", name_of_level(change.level)), body);
}

net::Request TiktokRequests::set_budget(std::string_view advertiser, const Change& change) const {
  Body body;
  body.text("advertiser_id", advertiser);
  body.text(tiktok_id_field(change.level), change.id);
  body.amount("budget", change.daily_budget->micros);
  return post(fmt::format("{}/update", name_of_level(change.level)), body);
}

}  // namespace rf::platform
