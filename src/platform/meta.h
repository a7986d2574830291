// Meta's Marketing API as an ad platform: Facebook and Instagram.
//
// What is asked and how follows the vendor's own client, field by field, with two exceptions: the
// token travels in a header and not in the address, and a further page is asked for by its cursor
// and not by the address in the answer, so that no answer can send the token elsewhere.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "platform/ad_platform.h"
#include "platform/caller.h"
#include "platform/wire_text.h"

namespace rf::platform {

struct MetaSettings {
  std::string graph_url = "https://graph.facebook.com";
  std::string version = "v25.0";
  // "act_12" or "12"; empty for all that the token reaches.
  std::vector<std::string> accounts;
  Secret access_token;
  Secret app_secret;  // Empty where the app does not ask for a proof.
  // "7d_click": counts conversions in this one window; empty for each ad set's own setting.
  std::string window;
  // From this many days on, rows of ads are asked for as a report that Meta prepares.
  // Chosen: a week of an account of some thousand ads still answers within Meta's time limit.
  int report_from_days = 8;
};

// Errors: invalid, when a setting is not what it should be.
Result<std::unique_ptr<AdPlatform>> open_meta(const MetaSettings& settings, const Line& line);

}  // namespace rf::platform
