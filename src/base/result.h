// Result<T>: a value, or the reason why there is none.
//
// The part of std::expected that the project needs, under its names, so that it can become an alias
// once every compiler we use has <expected>. One thing is stricter: a Result that is not looked at
// does not compile.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/check.h"

namespace rf {

// A code tells the caller what to do next, not where things went wrong. A new one is added only
// when some caller would act differently because of it.
enum class ErrorCode {
  invalid,          // Change the request.
  not_found,        // The thing that was named does not exist.
  conflict,         // The state moved: read again, decide again.
  denied,           // A person must act: credentials, policy, review.
  throttled,        // Wait, then send the same request.
  unavailable,      // Passing trouble: retry, a little later each time.
  outcome_unknown,  // A write may have happened: read back before any retry.
  corrupt,          // Bytes break their own format.
  unsupported,      // Cannot work here, now or later.
  over_limit,       // A guardrail refused. Not an incident.
};

// How each door shows a code. The only place that maps codes to anything.
struct ErrorCodeRow {
  ErrorCode code;
  std::string_view name;  // As printed in JSON and logs.
  int http_status;
  int mcp_code;  // JSON-RPC 2.0; -32602 is "invalid params", the rest in the server's own range.
  int exit_status;
  bool retry;  // The same request may succeed later without anyone changing anything.
};

const ErrorCodeRow& row_of(ErrorCode code);
std::string_view to_string(ErrorCode code);

struct [[nodiscard]] Error {
  ErrorCode code = ErrorCode::invalid;
  std::string message;  // Lower case, no full stop; what was found, what was expected.

  // The same error with "context: " before its message.
  Error with(std::string_view context) &&;
};

Error fail(ErrorCode code, std::string message);

template <typename T>
class [[nodiscard]] Result {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor)
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  // REQUIRES: has_value().
  const T& value() const& { return checked(*this); }
  T& value() & { return checked(*this); }
  T&& value() && { return std::move(checked(*this)); }
  const T& operator*() const& { return checked(*this); }
  T& operator*() & { return checked(*this); }
  const T* operator->() const { return &checked(*this); }
  T* operator->() { return &checked(*this); }

  // REQUIRES: !has_value().
  const Error& error() const& {
    RF_CHECK(!has_value());
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    RF_CHECK(!has_value());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  template <typename Self>
  static auto& checked(Self& self) {
    RF_CHECK(self.has_value());
    return *std::get_if<0>(&self.state_);
  }

  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  // NOLINTNEXTLINE(google-explicit-constructor)
  Result(Error error) : error_(std::move(error)) {}

  bool has_value() const { return !error_; }
  explicit operator bool() const { return has_value(); }
  void value() const { RF_CHECK(has_value()); }

  // REQUIRES: !has_value().
  const Error& error() const& {
    RF_CHECK(error_.has_value());
    return *error_;
  }
  Error&& error() && {
    RF_CHECK(error_.has_value());
    return std::move(*error_);
  }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace rf

// The value of a Result; where there is none, returns its error from this function. One to a
// statement. A GNU statement expression, so GCC and Clang only.
//   Account account = RF_TRY(store.account(id));
#define RF_TRY(expression)                                       \
  __extension__({                                                \
    auto&& rf_try_result = (expression);                         \
    if (!rf_try_result) return std::move(rf_try_result).error(); \
    std::move(rf_try_result).value();                            \
  })
