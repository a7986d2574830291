// The Google Ads API, by REST, as an ad platform: campaigns of every kind are read, YouTube's video
// campaigns cannot be changed by anyone's API.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "platform/ad_platform.h"
#include "platform/caller.h"
#include "platform/wire_text.h"

namespace rf::platform {

struct GoogleSettings {
  std::string base_url = "https://googleads.googleapis.com";
  std::string token_url = "https://oauth2.googleapis.com/token";
  std::string version = "v24";
  std::vector<std::string> accounts;  // Customer ids; empty for all that the token reaches.
  std::string login_customer;         // The manager through which they are reached, or empty.
  Secret developer_token;
  // Either a token that somebody else keeps fresh, or what is needed to get one.
  Secret access_token;
  Secret client_id;
  Secret client_secret;
  Secret refresh_token;
};

// Errors: invalid, when a setting is not what it should be; denied, when there is no token.
Result<std::unique_ptr<AdPlatform>> open_google(const GoogleSettings& settings, const Line& line);

}  // namespace rf::platform
