#include "act/redact.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace rf::act {
namespace {

constexpr std::size_t kBytesMax = 2000;  // Chosen: longer answers repeat themselves.
// Chosen: longer than any id a platform gives (17 digits) and shorter than any of their tokens.
constexpr std::size_t kWordMax = 32;
constexpr std::string_view kRemoved = "(removed)";

constexpr auto kNames = std::to_array<std::string_view>(
    {"access_token", "access-token", "accesstoken", "refresh_token", "appsecret_proof",
     "app_secret", "client_secret", "developer-token", "developer_token", "api_key", "apikey",
     "x-api-key", "authorization", "password", "secret", "token", "bearer", "signature"});

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.' ||
         c == '~' || c == '+' || c == '|';
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return result;
}

bool names_a_secret(std::string_view word) {
  const std::string name = lower(word);
  return std::ranges::find(kNames, name) != kNames.end();
}

bool looks_like_a_token(std::string_view word) {
  if (word.size() < kWordMax) return false;
  const bool digit = std::ranges::any_of(word, [](char c) { return c >= '0' && c <= '9'; });
  return digit;
}

}  // namespace

std::string without_secrets(std::string_view text) {
  text = text.substr(0, kBytesMax);
  std::string kept;
  kept.reserve(text.size());
  bool secret_follows = false;
  std::size_t at = 0;
  while (at < text.size()) {
    if (!is_word(text[at])) {
      // What stands between a name and its value: quotes, colons, blanks, "%3D" comes as a word.
      const bool joins = std::string_view("=:\"' \t").find(text[at]) != std::string_view::npos;
      secret_follows = secret_follows && joins;
      kept += text[at++];
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_word(text[end])) ++end;
    const std::string_view word = text.substr(at, end - at);
    if (names_a_secret(word)) {
      kept += word;
      secret_follows = true;
    } else {
      kept += secret_follows || looks_like_a_token(word) ? kRemoved : word;
      secret_follows = false;
    }
    at = end;
  }
  return kept;
}

}  // namespace rf::act
