// The texts that go over the wire: addresses with their queries, and JSON bodies whose amounts are
// written digit by digit.

#pragma once

#include <string>
#include <string_view>

#include "base/json.h"

namespace rf::platform {

// Everything but letters, digits and "-._~" as %XX.
// Source: RFC 3986, 2.1 and 2.3.
std::string percent_encoded(std::string_view text);

// A credential. Only reveal() gives its text, so that none gets into a message by formatting.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  const std::string& reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  std::string text_;
};

class Query {
 public:
  explicit Query(std::string address) : target_(std::move(address)) {}
  Query& add(std::string_view name, std::string_view value);
  // A JSON text as the value.
  Query& add_json(std::string_view name, const Json& value) { return add(name, to_text(value)); }
  const std::string& target() const { return target_; }

 private:
  std::string target_;
  bool first_ = true;
};

// A flat JSON object, members in the order in which they are added.
class Body {
 public:
  Body& text(std::string_view name, std::string_view value);
  // A JSON number that is exactly these millionths.
  Body& amount(std::string_view name, std::int64_t micros);
  Body& whole(std::string_view name, std::int64_t value);
  Body& json(std::string_view name, const Json& value);
  // REQUIRES: `written` is JSON.
  Body& raw(std::string_view name, std::string_view written);
  std::string done() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

}  // namespace rf::platform
