// TikTok's Business API as an ad platform.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "platform/ad_platform.h"
#include "platform/caller.h"
#include "platform/wire_text.h"

namespace rf::platform {

struct TiktokSettings {
  std::string base_url = "https://business-api.tiktok.com";
  std::string version = "v1.3";
  std::vector<std::string> accounts;  // Advertiser ids; TikTok lists none by the token alone.
  Secret access_token;
};

// Errors: invalid, when a setting is not what it should be; denied, when there is no token.
Result<std::unique_ptr<AdPlatform>> open_tiktok(const TiktokSettings& settings, const Line& line);

}  // namespace rf::platform
