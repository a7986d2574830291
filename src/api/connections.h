// Which accounts are connected to their platforms, and how each is reached.
//
// A connection holds no secret, only where secrets are found: the environment, or a file that
// nobody else can read. They are looked up each time, so that the store can be copied and shown.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "api/operation.h"
#include "base/described.h"
#include "platform/ad_platform.h"
#include "platform/conversions.h"

namespace rf::api {

struct Connection {
  std::string account;   // "meta:12".
  std::string platform;  // "meta", "tiktok", "google".
  std::string base_url;  // Empty for the platform's own.
  std::string version;   // Of the API; empty for the one the client knows.
  std::string login;     // Google's manager customer, or empty.
  std::string secrets;   // A file; empty for the environment.

  bool operator==(const Connection&) const = default;
};

Result<std::vector<Connection>> connections(Store& store);
Status put_connections(Store& store, const std::vector<Connection>& all);

// The names of a platform's secrets, as in the environment: "REELFORGE_META_ACCESS_TOKEN". In a
// file they stand in lower case and without the first word: meta_access_token = "…".
std::vector<std::string_view> secret_names(std::string_view platform);

// The platform behind a connection; for all of its token's accounts where `account` is empty.
// Errors: denied, when a secret is missing or its file can be read by others; invalid, when the
// address is neither https nor this machine; unsupported, when there is no network.
Result<std::unique_ptr<AdPlatform>> open_connection(const Connection& connection,
                                                    const Services& services);

// What sales are told to: a pixel of the connection's platform.
struct Pixel {
  std::string id;
  std::string test_code;  // Empty but for trying.
};

// Errors: as open_connection(); unsupported, where the platform takes no sales through this client.
Result<std::unique_ptr<platform::ConversionSender>> open_pixel(const Connection& connection,
                                                               const Pixel& pixel,
                                                               const Services& services);

// The platform of a connected account.
// Errors: not_found, when it is not connected; those of open_connection().
Result<std::unique_ptr<AdPlatform>> platform_of(const AccountId& account, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::Connection> {
  using Self = rf::api::Connection;
  static constexpr auto fields =
      std::tuple{field("account", &Self::account, "the account's id"),
                 field("platform", &Self::platform, "meta, tiktok or google"),
                 field("base_url", &Self::base_url, "another address of the API"),
                 field("version", &Self::version, "of the API"),
                 field("login", &Self::login, "Google's manager customer"),
                 field("secrets", &Self::secrets, "the file that holds them, or the environment")};
};
