#include "platform/meta_requests.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/hmac.h"

namespace rf::platform {
namespace {

// Chosen: the largest page that Meta is known to answer in time for rows of ads.
constexpr int kInsightsPage = 500;
constexpr int kListPage = 200;

std::string time_range(const MetaInsightsCall& call) {
  return to_text(JsonObject{{"since", to_iso(call.from)}, {"until", to_iso(call.to)}});
}

JsonArray texts(const std::vector<std::string>& items) {
  JsonArray array;
  for (const std::string& item : items) array.push_back(Json(std::string_view(item)));
  return array;
}

std::string edge_path(std::string_view node, std::string_view edge) {
  return fmt::format("{}/{}", node, edge);
}

}  // namespace

std::int64_t meta_offset(Currency currency) {
  constexpr auto kWhole = std::to_array<std::string_view>(
      {"CLP", "COP", "CRC", "HUF", "ISK", "IDR", "JPY", "KRW", "PYG", "TWD", "VND"});
  return std::ranges::find(kWhole, currency.code()) == kWhole.end() ? 100 : 1;
}

std::string_view meta_entity_fields(Level level) {
  switch (level) {
    case Level::campaign:
      return "id,name,status,effective_status,daily_budget,lifetime_budget,issues_info";
    case Level::adset:
      return "id,name,campaign_id,status,effective_status,daily_budget,lifetime_budget,"
             "attribution_spec,learning_stage_info,issues_info";
    case Level::ad:
      return "id,name,campaign_id,adset_id,status,effective_status,creative,issues_info";
    case Level::account: break;
  }
  return "account_id,name,currency,timezone_name,account_status,disable_reason";
}

std::string meta_insights_fields(Level level) {
  std::string fields = "account_currency";
  if (level >= Level::campaign) fields += ",campaign_id,campaign_name";
  if (level >= Level::adset) fields += ",adset_id,adset_name,attribution_setting";
  if (level >= Level::ad) fields += ",ad_id,ad_name";
  fields +=
      ",impressions,reach,spend,clicks,inline_link_clicks,outbound_clicks,actions,action_values,"
      "video_play_actions,video_continuous_2_sec_watched_actions,video_thruplay_watched_actions,"
      "video_p25_watched_actions,video_p50_watched_actions,video_p75_watched_actions,"
      "video_p95_watched_actions,video_p100_watched_actions,video_avg_time_watched_actions";
  return fields;
}

MetaRequests::MetaRequests(const MetaSettings& settings)
    : base_(settings.graph_url + "/" + settings.version),
      authorization_("Bearer " + settings.access_token.reveal()) {
  if (!settings.app_secret.empty())
    proof_ = hmac_sha256_hex(settings.app_secret.reveal(), settings.access_token.reveal());
}

Query MetaRequests::at(std::string_view path) const {
  return Query(fmt::format("{}/{}", base_, path));
}

net::Request MetaRequests::get(std::string target) const {
  return {.method = "GET",
          .target = std::move(target),
          .headers = {{"Authorization", authorization_}, {"Accept", "application/json"}},
          .body = ""};
}

net::Request MetaRequests::node(std::string_view id, std::string_view fields) const {
  Query query = at(id);
  query.add("fields", fields);
  if (!proof_.empty()) query.add("appsecret_proof", proof_);
  return get(query.target());
}

net::Request MetaRequests::list(std::string_view node, std::string_view edge,
                                std::string_view fields, std::string_view after) const {
  Query query = at(edge_path(node, edge));
  query.add("limit", fmt::format("{}", kListPage)).add("fields", fields);
  if (!after.empty()) query.add("after", after);
  if (!proof_.empty()) query.add("appsecret_proof", proof_);
  return get(query.target());
}

net::Request MetaRequests::insights(const MetaInsightsCall& call, std::string_view after) const {
  Query query = at(edge_path(call.node, "insights"));
  query.add("level", to_string(call.level)).add("time_range", time_range(call));
  query.add("time_increment", call.by_day ? "1" : "all_days");
  if (!call.breakdowns.empty()) query.add_json("breakdowns", texts(call.breakdowns));
  if (!call.window.empty()) query.add_json("action_attribution_windows", texts({call.window}));
  query.add("use_unified_attribution_setting", call.window.empty() ? "true" : "false");
  query.add("limit", fmt::format("{}", kInsightsPage)).add("fields", call.fields);
  if (!after.empty()) query.add("after", after);
  if (!proof_.empty()) query.add("appsecret_proof", proof_);
  return get(query.target());
}

net::Request MetaRequests::start_report(const MetaInsightsCall& call) const {
  Body body;
  body.text("level", to_string(call.level)).raw("time_range", time_range(call));
  if (call.by_day) {
    body.whole("time_increment", 1);
  } else {
    body.text("time_increment", "all_days");
  }
  if (!call.breakdowns.empty()) body.json("breakdowns", texts(call.breakdowns));
  if (!call.window.empty()) body.json("action_attribution_windows", texts({call.window}));
  body.json("use_unified_attribution_setting", call.window.empty());
  body.text("fields", call.fields);
  return post(edge_path(call.node, "insights"), std::move(body), call.node);
}

net::Request MetaRequests::report_state(std::string_view run_id) const {
  return node(run_id, "async_status,async_percent_completion");
}

net::Request MetaRequests::report_page(std::string_view run_id, std::string_view after) const {
  Query query = at(edge_path(run_id, "insights"));
  query.add("limit", fmt::format("{}", kInsightsPage));
  if (!after.empty()) query.add("after", after);
  if (!proof_.empty()) query.add("appsecret_proof", proof_);
  return get(query.target());
}

net::Request MetaRequests::change(std::string_view id, std::string_view status,
                                  std::int64_t minor_units) const {
  Body body;
  if (!status.empty()) {
    body.text("status", status);
  } else {
    body.whole("daily_budget", minor_units);
  }
  return post(id, std::move(body), id);
}

net::Request MetaRequests::post(std::string_view path, Body body, std::string_view id) const {
  body.text("id", id);
  if (!proof_.empty()) body.text("appsecret_proof", proof_);
  return {.method = "POST",
          .target = at(path).target(),
          .headers = {{"Authorization", authorization_},
                      {"Accept", "application/json"},
                      {"Content-Type", "application/json"}},
          .body = body.done()};
}

}  // namespace rf::platform
