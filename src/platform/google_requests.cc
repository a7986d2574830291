#include "platform/google_requests.h"

#include <fmt/format.h>

namespace rf::platform {
namespace {

std::string_view resource_of(Level level) {
  switch (level) {
    case Level::campaign: return "campaign";
    case Level::adset: return "ad_group";
    case Level::ad: return "ad_group_ad";
    case Level::account: break;
  }
  return "customer";
}

std::string within(const InsightsRequest& request) {
  return fmt::format(R"(segments.date >= "{}" AND segments.date <= "{}")", to_iso(request.from),
                     to_iso(request.to));
}

}  // namespace

std::string_view google_account_query() {
  return "SELECT customer.id, customer.descriptive_name, customer.currency_code, "
         "customer.time_zone, customer.manager FROM customer";
}

std::string google_entities_query(Level level, std::string_view id) {
  std::string fields =
      "campaign.id, campaign.name, campaign.status, campaign.advertising_channel_type";
  std::string id_field = "campaign.id";
  if (level == Level::campaign) {
    fields +=
        ", campaign.primary_status, campaign.primary_status_reasons, "
        "campaign.bidding_strategy_system_status, campaign.campaign_budget, "
        "campaign_budget.amount_micros, campaign_budget.period, "
        "campaign_budget.explicitly_shared";
  }
  if (level >= Level::adset) {
    fields += ", ad_group.id, ad_group.name, ad_group.status";
    id_field = "ad_group.id";
  }
  if (level >= Level::ad) {
    fields +=
        ", ad_group_ad.ad.id, ad_group_ad.ad.name, ad_group_ad.status, "
        "ad_group_ad.policy_summary.approval_status";
    id_field = "ad_group_ad.ad.id";
  }
  const std::string_view from = resource_of(level);
  std::string query =
      fmt::format(R"(SELECT {} FROM {} WHERE {}.status != "REMOVED")", fields, from, from);
  if (!id.empty()) query += fmt::format(" AND {} = {}", id_field, id);
  return query;
}

std::string google_insights_query(const InsightsRequest& request) {
  std::string fields = "segments.date, campaign.id, campaign.name";
  if (request.level >= Level::adset) fields += ", ad_group.id, ad_group.name";
  if (request.level >= Level::ad) fields += ", ad_group_ad.ad.id, ad_group_ad.ad.name";
  return fmt::format(
      "SELECT {}, metrics.impressions, metrics.clicks, metrics.cost_micros, metrics.conversions, "
      "metrics.conversions_value, metrics.engagements, metrics.video_trueview_views, "
      "metrics.video_quartile_p25_rate, metrics.video_quartile_p50_rate, "
      "metrics.video_quartile_p75_rate, metrics.video_quartile_p100_rate, "
      "metrics.video_watch_time_duration_millis FROM {} WHERE {}",
      fields, resource_of(request.level), within(request));
}

std::string google_total_query(const InsightsRequest& request) {
  return fmt::format("SELECT ad_group.id, metrics.impressions FROM ad_group WHERE {}",
                     within(request));
}

net::Request GoogleRequests::authorized(net::Request request, std::string_view token) const {
  request.headers.add("Authorization", fmt::format("Bearer {}", token));
  request.headers.add("developer-token", settings_.developer_token.reveal());
  if (!settings_.login_customer.empty())
    request.headers.add("login-customer-id", settings_.login_customer);
  return request;
}

// Source: RFC 6749, 6: what is secret travels in the body of the form.
net::Request GoogleRequests::access_token() const {
  const auto form = [](std::string_view name, const Secret& value) {
    return fmt::format("{}={}", name, percent_encoded(value.reveal()));
  };
  return {.method = "POST",
          .target = settings_.token_url,
          .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
          .body = fmt::format("grant_type=refresh_token&{}&{}&{}",
                              form("client_id", settings_.client_id),
                              form("client_secret", settings_.client_secret),
                              form("refresh_token", settings_.refresh_token))};
}

net::Request GoogleRequests::customers(std::string_view token) const {
  return authorized({.method = "GET",
                     .target = fmt::format("{}/{}/customers:listAccessibleCustomers",
                                           settings_.base_url, settings_.version),
                     .headers = {},
                     .body = ""},
                    token);
}

net::Request GoogleRequests::search(std::string_view token, std::string_view customer,
                                    std::string_view query) const {
  Body body;
  body.text("query", query);
  return authorized({.method = "POST",
                     .target = fmt::format("{}/{}/customers/{}/googleAds:searchStream",
                                           settings_.base_url, settings_.version, customer),
                     .headers = {{"Content-Type", "application/json"}},
                     .body = body.done()},
                    token);
}

net::Request GoogleRequests::set(std::string_view token, std::string_view customer,
                                 std::string_view resource, std::string_view field,
                                 std::string_view value) const {
  const std::string name = fmt::format("customers/{}/{}", customer, resource);
  const JsonObject update{{"resourceName", name}, {field, value}};
  const JsonObject operation{{"update", update}, {"updateMask", field}};
  Body body;
  body.json("operations", JsonArray{operation});
  const std::string_view kind = resource.substr(0, resource.find('/'));
  return authorized({.method = "POST",
                     .target = fmt::format("{}/{}/customers/{}/{}:mutate", settings_.base_url,
                                           settings_.version, customer, kind),
                     .headers = {{"Content-Type", "application/json"}},
                     .body = body.done()},
                    token);
}

}  // namespace rf::platform
