#include "api/connections.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "api/secrets_file.h"
#include "platform/google.h"
#include "platform/meta.h"
#include "platform/tiktok.h"

namespace rf::api {
namespace {

constexpr std::string_view kDocument = "connections";

constexpr auto kSecrets = std::to_array<std::string_view>(
    {"REELFORGE_META_ACCESS_TOKEN", "REELFORGE_META_APP_SECRET", "REELFORGE_TIKTOK_ACCESS_TOKEN",
     "REELFORGE_GOOGLE_DEVELOPER_TOKEN", "REELFORGE_GOOGLE_ACCESS_TOKEN",
     "REELFORGE_GOOGLE_CLIENT_ID", "REELFORGE_GOOGLE_CLIENT_SECRET",
     "REELFORGE_GOOGLE_REFRESH_TOKEN"});

using LookUp = std::function<platform::Secret(std::string_view name)>;

// "meta_access_token" of "REELFORGE_META_ACCESS_TOKEN".
std::string name_in_file(std::string_view name) {
  std::string text(name.substr(std::string_view("REELFORGE_").size()));
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

Result<JsonObject> secrets_in(const std::string& path) {
  JsonObject found = RF_TRY(read_secrets(path));
  for (const auto& member : found) {
    const bool known = std::ranges::any_of(
        kSecrets, [&](std::string_view name) { return name_in_file(name) == member.key(); });
    if (!known)
      return fail(
          ErrorCode::invalid,
          fmt::format("{}: holds a name that no platform has, or a value that is no text", path));
  }
  return found;
}

Result<LookUp> look_up(const Connection& connection, const Services& services) {
  if (connection.secrets.empty()) {
    const auto& secret = services.reach().secret;
    if (!secret) return LookUp([](std::string_view) { return platform::Secret(); });
    return LookUp([&secret](std::string_view name) { return platform::Secret(secret(name)); });
  }
  JsonObject found = RF_TRY(secrets_in(connection.secrets));
  return LookUp([found = std::move(found)](std::string_view name) {
    const Json* value = found.if_contains(name_in_file(name));
    return value == nullptr ? platform::Secret()
                            : platform::Secret(std::string(value->get_string()));
  });
}

// A token goes over an open line to this machine only.
Status check_address(std::string_view url) {
  if (url.empty() || url.starts_with("https://")) return {};
  for (std::string_view own : {"http://127.0.0.1", "http://localhost", "http://[::1]"}) {
    if (!url.starts_with(own)) continue;
    const std::string_view rest = url.substr(own.size());
    if (rest.empty() || rest.front() == ':' || rest.front() == '/') return {};
  }
  return fail(ErrorCode::invalid, "base_url: must be https, or this machine");
}

std::vector<std::string> account_list(const Connection& connection) {
  const std::size_t colon = connection.account.find(':');
  if (connection.account.empty()) return {};
  return {colon == std::string::npos ? connection.account : connection.account.substr(colon + 1)};
}

const std::string& or_default(const std::string& given, const std::string& usual) {
  return given.empty() ? usual : given;
}

Result<std::unique_ptr<AdPlatform>> open_with(const Connection& connection, const LookUp& secret,
                                              const platform::Line& line) {
  if (connection.platform == "meta") {
    platform::MetaSettings settings;
    settings.graph_url = or_default(connection.base_url, settings.graph_url);
    settings.version = or_default(connection.version, settings.version);
    settings.accounts = account_list(connection);
    settings.access_token = secret("REELFORGE_META_ACCESS_TOKEN");
    settings.app_secret = secret("REELFORGE_META_APP_SECRET");
    return platform::open_meta(settings, line);
  }
  if (connection.platform == "tiktok") {
    platform::TiktokSettings settings;
    settings.base_url = or_default(connection.base_url, settings.base_url);
    settings.version = or_default(connection.version, settings.version);
    settings.accounts = account_list(connection);
    settings.access_token = secret("REELFORGE_TIKTOK_ACCESS_TOKEN");
    return platform::open_tiktok(settings, line);
  }
  if (connection.platform == "google") {
    platform::GoogleSettings settings;
    settings.base_url = or_default(connection.base_url, settings.base_url);
    settings.version = or_default(connection.version, settings.version);
    settings.accounts = account_list(connection);
    settings.login_customer = connection.login;
    settings.developer_token = secret("REELFORGE_GOOGLE_DEVELOPER_TOKEN");
    settings.access_token = secret("REELFORGE_GOOGLE_ACCESS_TOKEN");
    settings.client_id = secret("REELFORGE_GOOGLE_CLIENT_ID");
    settings.client_secret = secret("REELFORGE_GOOGLE_CLIENT_SECRET");
    settings.refresh_token = secret("REELFORGE_GOOGLE_REFRESH_TOKEN");
    return platform::open_google(settings, line);
  }
  return fail(
      ErrorCode::invalid,
      fmt::format("platform: found '{}', expected meta, tiktok or google", connection.platform));
}

Result<std::unique_ptr<platform::ConversionSender>> open_pixel_with(const Connection& connection,
                                                                    const Pixel& pixel,
                                                                    const LookUp& secret,
                                                                    const platform::Line& line) {
  if (connection.platform == "meta") {
    platform::MetaConversionSettings settings;
    settings.graph_url = or_default(connection.base_url, settings.graph_url);
    settings.version = or_default(connection.version, settings.version);
    settings.pixel = pixel.id;
    settings.test_code = pixel.test_code;
    settings.access_token = secret("REELFORGE_META_ACCESS_TOKEN");
    settings.app_secret = secret("REELFORGE_META_APP_SECRET");
    return platform::open_meta_conversions(settings, line);
  }
  if (connection.platform == "tiktok") {
    platform::TiktokConversionSettings settings;
    settings.base_url = or_default(connection.base_url, settings.base_url);
    settings.version = or_default(connection.version, settings.version);
    settings.pixel = pixel.id;
    settings.test_code = pixel.test_code;
    settings.access_token = secret("REELFORGE_TIKTOK_ACCESS_TOKEN");
    return platform::open_tiktok_conversions(settings, line);
  }
  return fail(ErrorCode::unsupported,
              fmt::format("sales cannot be told to '{}' yet, only to meta and tiktok",
                          connection.platform));
}

// What reaching a platform takes.
struct Way {
  platform::Line line;
  LookUp secret;
};

Result<Way> way_of(const Connection& connection, const Services& services) {
  RF_TRY(check_address(connection.base_url));
  const Reach& reach = services.reach();
  net::HttpClient* http = reach.http ? reach.http() : nullptr;
  if (http == nullptr) return fail(ErrorCode::unsupported, "there is no network here");
  LookUp secret = RF_TRY(look_up(connection, services));
  return Way{.line = {.http = http, .clock = &services.clock(), .wait = reach.wait},
             .secret = std::move(secret)};
}

Error with_names(Error error, const Connection& connection) {
  if (error.code != ErrorCode::denied) return error;
  error.message += "; it looks for";
  for (std::string_view name : secret_names(connection.platform)) {
    error.message += ' ';
    error.message += connection.secrets.empty() ? std::string(name) : name_in_file(name);
  }
  return error;
}

}  // namespace

Result<std::vector<Connection>> connections(Store& store) {
  const std::optional<Json> document = RF_TRY(store.document(AccountId{}, kDocument));
  if (!document) return std::vector<Connection>();
  return from_json<std::vector<Connection>>(*document, "connections");
}

Status put_connections(Store& store, const std::vector<Connection>& all) {
  return store.put_document(AccountId{}, kDocument, to_json(all));
}

std::vector<std::string_view> secret_names(std::string_view platform) {
  std::vector<std::string_view> names;
  for (std::string_view name : kSecrets) {
    if (name_in_file(name).starts_with(platform)) names.push_back(name);
  }
  return names;
}

Result<std::unique_ptr<AdPlatform>> open_connection(const Connection& connection,
                                                    const Services& services) {
  const Way way = RF_TRY(way_of(connection, services));
  Result<std::unique_ptr<AdPlatform>> opened = open_with(connection, way.secret, way.line);
  if (opened) return opened;
  return with_names(std::move(opened).error(), connection);
}

Result<std::unique_ptr<platform::ConversionSender>> open_pixel(const Connection& connection,
                                                               const Pixel& pixel,
                                                               const Services& services) {
  const Way way = RF_TRY(way_of(connection, services));
  auto opened = open_pixel_with(connection, pixel, way.secret, way.line);
  if (opened) return opened;
  return with_names(std::move(opened).error(), connection);
}

Result<std::unique_ptr<AdPlatform>> platform_of(const AccountId& account, Services& services) {
  Store* store = RF_TRY(services.store());
  const std::vector<Connection> all = RF_TRY(connections(*store));
  const auto found = std::ranges::find(all, account.text, &Connection::account);
  if (found != all.end()) return open_connection(*found, services);
  return fail(
      ErrorCode::not_found,
      fmt::format("'{}' is not connected; see 'reelforge accounts connect --help'", account.text));
}

}  // namespace rf::api
