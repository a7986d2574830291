// What is asked of TikTok: each call as the vendor's own client sends it.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/calendar.h"
#include "net/http.h"
#include "platform/ad_platform.h"
#include "platform/tiktok.h"
#include "platform/wire_text.h"

namespace rf::platform {

struct TiktokReportCall {
  std::string advertiser;
  Level level = Level::ad;
  Day from = kNoDay;
  Day to = kNoDay;
  std::vector<std::string> breakdowns;  // In TikTok's words.
};

class TiktokRequests {
 public:
  explicit TiktokRequests(const TiktokSettings& settings);

  net::Request advertisers(const std::vector<std::string>& ids) const;

  // `id` is empty for all of the level.
  net::Request entities(std::string_view advertiser, Level level, std::string_view id,
                        int page) const;
  net::Request report(const TiktokReportCall& call, int page) const;

  // The whole range as one row, for the impressions alone.
  net::Request report_total(const TiktokReportCall& call) const;

  // REQUIRES: the level is not the account; the budget's level is not the ad.
  net::Request set_status(std::string_view advertiser, const Change& change) const;
  net::Request set_budget(std::string_view advertiser, const Change& change) const;

  net::Request post(std::string_view path, const Body& body) const;

 private:
  net::Request get(const Query& query) const;
  Query at(std::string_view path) const;

  std::string base_;
  std::string token_;
};

// "ad_id", "adgroup_id", "campaign_id".
std::string_view tiktok_id_field(Level level);

}  // namespace rf::platform
