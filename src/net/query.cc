#include "net/query.h"

#include <algorithm>
#include <array>

namespace rf::net {
namespace {

// Nobody means more; a hash map of a million names is how servers were once brought down.
constexpr std::size_t kFieldsMax = 1000;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

}  // namespace

Result<std::string> percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      const int high = i + 1 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        return fail(ErrorCode::invalid, "an escape in the address is not '%' and two digits");
      }
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_unreserved(c)) {
      out += c;
    } else {
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return out;
}

Result<QueryFields> parse_query(std::string_view text) {
  QueryFields fields;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view field = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (field.empty()) continue;
    if (fields.size() == kFieldsMax) {
      return fail(ErrorCode::invalid, "the address has more than 1000 query fields");
    }
    const std::size_t equals = std::min(field.find('='), field.size());
    std::string name = RF_TRY(percent_decoded(field.substr(0, equals)));
    std::string value = RF_TRY(percent_decoded(field.substr(std::min(equals + 1, field.size()))));
    fields.emplace_back(std::move(name), std::move(value));
  }
  return fields;
}

std::pair<std::string_view, std::string_view> split_target(std::string_view target) {
  const std::size_t at = target.find('?');
  if (at == std::string_view::npos) return {target, ""};
  return {target.substr(0, at), target.substr(at + 1)};
}

}  // namespace rf::net
