#include "net/redact.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace rf::net {
namespace {

constexpr std::string_view kHidden = "[hidden]";

// Letters and digits only, in lower case: "Access-Token" and "access_token" are one name.
std::string plain(std::string_view name) {
  std::string out;
  for (char c : name) {
    if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
  }
  return out;
}

// A name that holds one of these is a secret's: a trace that hides too much still helps, and one
// that hides too little is a leak.
constexpr auto kSecretParts = std::to_array<std::string_view>(
    {"token", "secret", "password", "passwd", "authoriz", "apikey", "appkey", "proof", "signature",
     "credential", "cookie", "session", "private", "assertion", "refresh", "jwt"});

// Names that are a secret's only as a whole; as parts they stand in too many others.
constexpr auto kSecretNames =
    std::to_array<std::string_view>({"key", "auth", "sig", "code", "pwd"});

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// "acc%65ss_token" names a secret too.
std::string decoded_name(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                        hex_digit(text[i + 2]) >= 0;
    if (escape) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string without_user(std::string_view address) {
  const std::size_t scheme = address.find("://");
  if (scheme == std::string_view::npos) return std::string(address);
  const std::size_t start = scheme + 3;
  const std::size_t end = std::min(address.find('/', start), address.size());
  const std::size_t at = address.substr(start, end - start).rfind('@');
  if (at == std::string_view::npos) return std::string(address);
  return fmt::format("{}{}{}", address.substr(0, start), kHidden, address.substr(start + at));
}

std::string shown_fields(const Headers& headers) {
  std::string out;
  for (const auto& [name, value] : headers.fields()) {
    const bool address = plain(name) == "location" || plain(name) == "referer";
    const std::string text = address ? without_secrets(value) : value;
    out += fmt::format("; {}: {}", name, names_a_secret(name) ? kHidden : std::string_view(text));
  }
  return out;
}

}  // namespace

bool names_a_secret(std::string_view name) {
  const std::string text = plain(name);
  if (std::ranges::find(kSecretNames, text) != kSecretNames.end()) return true;
  return std::ranges::any_of(
      kSecretParts, [&](std::string_view part) { return text.find(part) != std::string::npos; });
}

std::string without_secrets(std::string_view target) {
  const std::size_t query = std::min(target.find_first_of("?#"), target.size());
  std::string out = without_user(target.substr(0, query));
  std::size_t at = query;
  while (at < target.size()) {
    out += target[at++];
    const std::size_t end = std::min(target.find_first_of("&?#;", at), target.size());
    const std::string_view field = target.substr(at, end - at);
    const std::size_t equals = field.find('=');
    if (equals != std::string_view::npos && names_a_secret(decoded_name(field.substr(0, equals)))) {
      out += fmt::format("{}={}", field.substr(0, equals), kHidden);
    } else {
      out += field;
    }
    at = end;
  }
  return out;
}

std::string shown(const Request& request) {
  return fmt::format("{} {}{}; {} bytes", request.method, without_secrets(request.target),
                     shown_fields(request.headers), request.body.size());
}

std::string shown(const Response& response) {
  return fmt::format("{}{}; {} bytes", response.status, shown_fields(response.headers),
                     response.body.size());
}

}  // namespace rf::net
