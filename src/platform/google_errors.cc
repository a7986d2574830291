#include "platform/google_errors.h"

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "platform/reply.h"

namespace rf::platform {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view kExpired = "OAUTH_TOKEN_EXPIRED";
constexpr std::string_view kRenew = "connect the account anew: its access was ended";
constexpr std::string_view kPermit = "give the login access to this customer, or name its manager";

struct Row {
  std::string_view kind;
  std::string_view name;  // Empty: any of the kind.
  ErrorCode code = ErrorCode::invalid;
  std::string_view advice;
  bool passing = false;
};

// The first row that fits rules.
constexpr auto kRows = std::to_array<Row>({
    {"authenticationError", "", ErrorCode::denied, kRenew},
    {"authorizationError", "DEVELOPER_TOKEN_NOT_APPROVED", ErrorCode::denied,
     "the developer token is for test accounts only: apply for basic access"},
    {"authorizationError", "", ErrorCode::denied, kPermit},
    {"quotaError", "ACCESS_PROHIBITED", ErrorCode::denied, kPermit},
    {"quotaError", "", ErrorCode::throttled, ""},
    {"internalError", "", ErrorCode::unavailable, "", true},
    {"databaseError", "CONCURRENT_MODIFICATION", ErrorCode::conflict, "it was changed meanwhile"},
    {"databaseError", "", ErrorCode::unavailable, "", true},
    {"policyFindingError", "", ErrorCode::denied,
     "refused for policy: look at the ad in Google Ads"},
    {"policyViolationError", "", ErrorCode::denied,
     "refused for policy: look at the ad in Google Ads"},
    {"mutateError", "RESOURCE_NOT_FOUND", ErrorCode::not_found, ""},
    {"mutateError", "MUTATE_NOT_ALLOWED", ErrorCode::unsupported, "not to be changed by the API"},
    {"campaignError", "CANNOT_MODIFY_FOR_TRIAL_CAMPAIGN", ErrorCode::unsupported, ""},
});

struct Found {
  std::string kind;
  std::string name;
  std::string words;
  std::string field;
  Duration delay{0};
};

std::string text_or_none(const Reply& reply, std::string_view name) {
  Result<std::string> text = reply.text_or_empty(name);
  return text ? *text : "";
}

// "900s", "1.5s".
Duration delay_of(std::string_view text) {
  if (!text.ends_with('s')) return Duration(0);
  text.remove_suffix(1);
  const std::optional<std::int64_t> micros = micros_of_decimal(text);
  if (!micros || *micros < 0 || *micros > 7LL * 86'400 * 1'000'000) return Duration(0);
  return Duration(*micros);
}

void read_code(const Reply& error, Found& found) {
  const auto code = error.find("errorCode");
  const JsonObject* object = code ? code->json().if_object() : nullptr;
  if (object == nullptr || object->empty()) return;
  found.kind = std::string(object->begin()->key());
  found.name = text_or_none(*code, object->begin()->key());
}

void read_details(const Reply& error, Found& found) {
  if (const auto details = error.find("details")) {
    if (const auto quota = details->find("quotaErrorDetails"))
      found.delay = delay_of(text_or_none(*quota, "retryDelay"));
  }
  const auto location = error.find("location");
  if (!location) return;
  const auto add = [&](const Reply& element) -> Status {
    const std::string name = text_or_none(element, "fieldName");
    found.field += found.field.empty() ? name : "." + name;
    return {};
  };
  static_cast<void>(location->each("fieldPathElements", add));
}

// The first of the failure's errors: the others usually say the same of other places.
Found first_error(const Reply& error) {
  Found found;
  found.words = text_or_none(error, "message");
  const auto take_error = [&](const Reply& each) -> Status {
    if (!found.kind.empty()) return {};
    read_code(each, found);
    read_details(each, found);
    if (const std::string words = text_or_none(each, "message"); !words.empty())
      found.words = words;
    return {};
  };
  const auto take_detail = [&](const Reply& detail) -> Status {
    return detail.each("errors", take_error);
  };
  static_cast<void>(error.each("details", take_detail));
  return found;
}

Row row_by_status(int status) {
  switch (status) {
    case 401: return {"", "", ErrorCode::denied, kRenew};
    case 403: return {"", "", ErrorCode::denied, kPermit};
    case 404: return {"", "", ErrorCode::not_found, ""};
    case 409: return {"", "", ErrorCode::conflict, ""};
    case 429: return {"", "", ErrorCode::throttled, ""};
    default: break;
  }
  if (status >= 500) return {"", "", ErrorCode::unavailable, "", true};
  return {};
}

Row row_of(const Found& found, int status) {
  for (const Row& row : kRows) {
    if (row.kind == found.kind && (row.name.empty() || row.name == found.name)) return row;
  }
  return row_by_status(status);
}

// OAuth: {"error":"invalid_grant","error_description":"…"}.
Fault oauth_fault(const Reply& reply, std::string_view error) {
  const bool passing = error == "temporarily_unavailable" || error == "server_error";
  return {
      .error = fail(passing ? ErrorCode::unavailable : ErrorCode::denied,
                    fmt::format("google: {} ({}); {}", quoted_words(error),
                                quoted_words(text_or_none(reply, "error_description")), kRenew)),
      .passing = passing,
      .until = std::nullopt,
      .scopes = {}};
}

// A stream's error is an array of one answer.
const Json& first_of(const Json& json) {
  const JsonArray* array = json.if_array();
  return array != nullptr && !array->empty() ? array->front() : json;
}

}  // namespace

std::vector<Usage> google_usage(const Answer& /*answer*/) { return {}; }

bool google_token_expired(const Error& error) {
  return error.code == ErrorCode::denied && error.message.find(kExpired) != std::string::npos;
}

std::optional<Fault> google_fault(const Answer& answer) {
  const Json nothing;
  const Reply reply(answer.json == nullptr ? nothing : first_of(*answer.json), "google");
  const auto error = reply.find("error");
  if (!error && answer.status < 400) return std::nullopt;
  Found found{
      .kind = "", .name = "", .words = fmt::format("HTTP status {}", answer.status), .field = ""};
  if (error) {
    if (const Result<std::string> word = error->as_text()) return oauth_fault(reply, *word);
    found = first_error(*error);
  }
  const Row row = row_of(found, answer.status);
  std::string text = fmt::format("google: {}", quoted_words(found.words));
  if (!found.name.empty())
    text += fmt::format(" ({} {})", quoted_words(found.kind), quoted_words(found.name));
  if (!found.field.empty()) text += fmt::format(" at {}", quoted_words(found.field));
  if (!row.advice.empty()) text += fmt::format("; {}", row.advice);
  Fault fault{.error = fail(row.code, std::move(text)),
              .passing = row.passing,
              .until = std::nullopt,
              .scopes = {}};
  if (row.code != ErrorCode::throttled) return fault;
  // Where no delay is told, the bucket of a minute is full again after it.
  fault.until = answer.now + (found.delay.count() > 0 ? found.delay : Duration(minutes(1)));
  fault.scopes = {"customer"};
  fault.error.message += "; " + until_text(*fault.until);
  return fault;
}

}  // namespace rf::platform
