// What is asked of Google Ads: queries in its own language, and the few changes.

#pragma once

#include <string>
#include <string_view>

#include "model/calendar.h"
#include "net/http.h"
#include "platform/ad_platform.h"
#include "platform/google.h"
#include "platform/wire_text.h"

namespace rf::platform {

// `id` is empty for all of the level.
std::string google_entities_query(Level level, std::string_view id);
std::string google_insights_query(const InsightsRequest& request);

// The impressions of every ad group, which are those of every ad counted by another way.
std::string google_total_query(const InsightsRequest& request);

std::string_view google_account_query();

class GoogleRequests {
 public:
  explicit GoogleRequests(const GoogleSettings& settings) : settings_(settings) {}

  net::Request access_token() const;
  net::Request customers(std::string_view token) const;
  net::Request search(std::string_view token, std::string_view customer,
                      std::string_view query) const;

  // Changes one field of one resource: "campaigns/2", "status", "PAUSED".
  net::Request set(std::string_view token, std::string_view customer, std::string_view resource,
                   std::string_view field, std::string_view value) const;

 private:
  net::Request authorized(net::Request request, std::string_view token) const;

  GoogleSettings settings_;
};

}  // namespace rf::platform
