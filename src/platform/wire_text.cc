#include "platform/wire_text.h"

#include <fmt/format.h>

#include "platform/reply.h"

namespace rf::platform {

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4U];
    out += kHex[byte & 15U];
  }
  return out;
}

Query& Query::add(std::string_view name, std::string_view value) {
  target_ += first_ ? '?' : '&';
  first_ = false;
  target_ += percent_encoded(name);
  target_ += '=';
  target_ += percent_encoded(value);
  return *this;
}

Body& Body::text(std::string_view name, std::string_view value) { return json(name, Json(value)); }

Body& Body::amount(std::string_view name, std::int64_t micros) {
  return raw(name, exact_decimal(micros));
}

Body& Body::whole(std::string_view name, std::int64_t value) {
  return raw(name, fmt::format("{}", value));
}

Body& Body::json(std::string_view name, const Json& value) { return raw(name, to_text(value)); }

Body& Body::raw(std::string_view name, std::string_view written) {
  if (!text_.empty()) text_ += ',';
  text_ += to_text(Json(name));
  text_ += ':';
  text_ += written;
  return *this;
}

}  // namespace rf::platform
