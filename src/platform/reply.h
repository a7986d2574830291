// A place in a platform's answer: the value there, and the path that leads to it for errors.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace rf::platform {

// Millionths of "12", "12.5", "-0.25", rounded half away from zero beyond six decimals; none for
// any other text and for amounts beyond 10^17 millionths, which is what the store can hold.
std::optional<std::int64_t> micros_of_decimal(std::string_view text);

// "25.5" of 25'500'000: the shortest decimal that is exactly the amount.
std::string exact_decimal(std::int64_t micros);

// A view: the JSON and, for places inside it, the place above must outlive it. Absent members and
// null are the same thing. Errors of every call: corrupt, "insights: data[3].spend: found …".
class Reply {
 public:
  // `name` is what errors call the whole answer; it must outlive this, so a literal.
  Reply(const Json& json, std::string_view name) : json_(&json), name_(name) {}

  const Json& json() const { return *json_; }
  std::string path() const;

  // An error at this place: what was found, what was expected.
  Error wrong(std::string_view why) const;

  Status must_be_object() const;

  // The member, unless it is absent or null, or this is no object.
  std::optional<Reply> find(std::string_view name) const;

  // Text of at most 20,000 bytes, control characters as spaces, trimmed.
  Result<std::string> text(std::string_view name) const;
  Result<std::string> text_or_empty(std::string_view name) const;

  // A whole number, as JSON or as text, not negative; none where it is absent.
  Result<std::optional<std::int64_t>> count(std::string_view name) const;

  // A decimal number in millionths, as JSON or as text; none where it is absent.
  Result<std::optional<std::int64_t>> micros(std::string_view name) const;

  // Visits the items of an array; an absent one has none.
  Status each(std::string_view name, const std::function<Status(const Reply&)>& visit) const;

  // The number at this very place.
  Result<std::int64_t> as_count() const;
  Result<std::int64_t> as_micros() const;
  Result<std::string> as_text() const;

 private:
  Reply(const Json& json, const Reply& above, std::string_view name, std::size_t index)
      : json_(&json), above_(&above), name_(name), index_(index) {}

  static constexpr std::size_t kMember = static_cast<std::size_t>(-1);

  const Json* json_;
  const Reply* above_ = nullptr;
  std::string_view name_;
  std::size_t index_ = kMember;
};

// An answer's body as JSON.
// Errors: corrupt, with line and column; over_limit, when it is larger than any page we ask for.
Result<Json> parse_body(std::string_view body, std::string_view name);

}  // namespace rf::platform
