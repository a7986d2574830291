#include "platform/meta_errors.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

#include <fmt/format.h>

#include "platform/reply.h"

namespace rf::platform {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// What the message of a request says that was too much for one answer.
constexpr std::string_view kTooMuch = "too much for one answer";

struct MetaError {
  std::int64_t code = 0;
  std::int64_t subcode = 0;
  bool transient = false;
  std::string words;
  int status = 0;
};

struct Ruling {
  ErrorCode code = ErrorCode::invalid;
  std::string_view advice;
  bool passing = false;
  std::string_view scope;  // Of throttled.
  Duration wait{0};
};

struct Row {
  std::int64_t from = 0;
  std::int64_t to = 0;       // Included.
  std::int64_t subcode = 0;  // 0: any.
  Ruling ruling;
};

constexpr std::string_view kRenew = "connect the account anew with a fresh access token";
constexpr std::string_view kPermit = "grant the token ads_read, and ads_management to change ads";

// Scores of Meta's older limits fade within 300 seconds; hourly windows within the hour.
constexpr Duration kFade = minutes(5);
constexpr Duration kHour = minutes(60);

// The first row that fits rules.
// Source: Marketing API documentation, "Error codes" and "Rate limiting"; subcodes as they are
// reported by its users.
constexpr auto kRows = std::to_array<Row>({
    {100, 100, 1504018, {ErrorCode::over_limit, kTooMuch}},
    {2, 2, 1504038, {ErrorCode::over_limit, kTooMuch}},
    {4, 4, 1504022, {ErrorCode::throttled, "", false, "ads_insights", kFade}},
    {4, 4, 1504039, {ErrorCode::throttled, "", false, "ads_insights", kFade}},
    {2, 2, 1504041, {ErrorCode::invalid, "Meta does not split by these together"}},
    {2, 2, 1504042, {ErrorCode::invalid, ""}},
    {1, 2, 0, {ErrorCode::unavailable, "", true}},
    {-2, -2, 0, {ErrorCode::unavailable, "", true}},
    {4, 4, 0, {ErrorCode::throttled, "", false, "app", kFade}},
    {17, 17, 0, {ErrorCode::throttled, "", false, "account", kFade}},
    {32, 32, 0, {ErrorCode::throttled, "", false, "account", kFade}},
    {341, 341, 0, {ErrorCode::throttled, "", false, "account", kHour}},
    {613,
     613,
     1487632,
     {ErrorCode::throttled, "an ad set takes four budget changes an hour", false, "", kHour}},
    {613, 613, 1487225, {ErrorCode::throttled, "too many ads were made", false, "", kHour}},
    {613, 613, 5044001, {ErrorCode::throttled, "", false, "account", seconds(2)}},
    {613, 613, 0, {ErrorCode::throttled, "", false, "account", kFade}},
    {80000, 80000, 0, {ErrorCode::throttled, "", false, "ads_insights", kFade}},
    {80004, 80004, 0, {ErrorCode::throttled, "", false, "ads_management", kFade}},
    {80001, 80014, 0, {ErrorCode::throttled, "", false, "", kFade}},
    {102, 102, 0, {ErrorCode::denied, kRenew}},
    {190, 190, 459, {ErrorCode::denied, "log in to Facebook once and confirm who you are"}},
    {190, 190, 464, {ErrorCode::denied, "log in to Facebook once and confirm who you are"}},
    {190, 190, 0, {ErrorCode::denied, kRenew}},
    {3, 3, 0, {ErrorCode::denied, kPermit}},
    {10, 10, 0, {ErrorCode::denied, kPermit}},
    {200, 299, 0, {ErrorCode::denied, kPermit}},
    {368,
     368,
     0,
     {ErrorCode::denied, "blocked for policy: look at Account Quality in Ads Manager"}},
    {506, 506, 0, {ErrorCode::outcome_unknown, "Meta holds it for done already: read it back"}},
    {2635, 2635, 0, {ErrorCode::unsupported, "the API version has ended: set a newer one"}},
    {803, 803, 0, {ErrorCode::not_found, "no such object"}},
    {100, 100, 33, {ErrorCode::not_found, "no such object, or no access to it"}},
    {100, 100, 0, {ErrorCode::invalid, ""}},
    {1487000, 1487999, 0, {ErrorCode::invalid, ""}},
});

Ruling ruling_of(const MetaError& error) {
  for (const Row& row : kRows) {
    const bool fits = error.code >= row.from && error.code <= row.to;
    if (fits && (row.subcode == 0 || row.subcode == error.subcode)) return row.ruling;
  }
  if (error.transient || error.status >= 500) return {ErrorCode::unavailable, "", true};
  return {ErrorCode::invalid, ""};
}

std::int64_t whole_or_zero(const Reply& reply, std::string_view name) {
  auto member = reply.find(name);
  if (!member) return 0;
  const std::int64_t* value = member->json().if_int64();
  return value == nullptr ? 0 : *value;
}

std::string text_or_none(const Reply& reply, std::string_view name) {
  Result<std::string> text = reply.text_or_empty(name);
  return text ? *text : "";
}

MetaError read_error(const Reply& reply, int status) {
  MetaError error{.code = whole_or_zero(reply, "code"),
                  .subcode = whole_or_zero(reply, "error_subcode"),
                  .status = status};
  if (auto transient = reply.find("is_transient")) {
    const bool* flag = transient->json().if_bool();
    error.transient = flag != nullptr && *flag;
  }
  error.words = text_or_none(reply, "error_user_msg");
  if (error.words.empty()) error.words = text_or_none(reply, "message");
  return error;
}

std::string message_of(const MetaError& error, const Ruling& ruling) {
  std::string text = fmt::format("meta: {} (code {}", quoted_words(error.words), error.code);
  if (error.subcode != 0) text += fmt::format(", subcode {}", error.subcode);
  text += ')';
  if (!ruling.advice.empty()) text += fmt::format("; {}", ruling.advice);
  return text;
}

std::optional<Json> header_json(const Answer& answer, std::string_view name) {
  std::optional<std::string_view> value = answer.headers->find(name);
  if (!value || value->size() > 20'000) return std::nullopt;
  Result<Json> json = parse_json(*value);
  if (!json || !json->is_object()) return std::nullopt;
  return std::move(*json);
}

double percent_of(const Reply& reply, std::initializer_list<std::string_view> names) {
  double most = 0;
  for (std::string_view name : names) {
    Result<std::optional<std::int64_t>> value = reply.micros(name);
    if (value && *value) most = std::max(most, static_cast<double>(**value) / 1e6);
  }
  return most;
}

std::optional<Duration> time_of(const Reply& reply, std::string_view name, Duration unit) {
  Result<std::optional<std::int64_t>> value = reply.count(name);
  if (!value || !*value || **value <= 0) return std::nullopt;
  return unit * std::min<std::int64_t>(**value, 100'000);
}

void add_business_usage(const Json& json, std::vector<Usage>& all) {
  const Reply reply(json, "x-business-use-case-usage");
  for (const auto& member : json.get_object()) {
    // A counter that is not as it should be tells nothing; the answer is still good.
    static_cast<void>(reply.each(member.key(), [&](const Reply& each) -> Status {
      const std::string type = text_or_none(each, "type");
      all.push_back({.scope = type.empty() ? "account" : type,
                     .percent = percent_of(each, {"call_count", "total_cputime", "total_time"}),
                     .regain = time_of(each, "estimated_time_to_regain_access", minutes(1))});
      return {};
    }));
  }
}

}  // namespace

bool meta_wants_report(const Error& error) {
  return error.code == ErrorCode::over_limit && error.message.find(kTooMuch) != std::string::npos;
}

std::vector<Usage> meta_usage(const Answer& answer) {
  std::vector<Usage> all;
  if (auto json = header_json(answer, "x-app-usage")) {
    const Reply reply(*json, "x-app-usage");
    all.push_back({.scope = "app",
                   .percent = percent_of(reply, {"call_count", "total_cputime", "total_time"}),
                   .regain = {}});
  }
  if (auto json = header_json(answer, "x-business-use-case-usage")) add_business_usage(*json, all);
  if (auto json = header_json(answer, "x-ad-account-usage")) {
    const Reply reply(*json, "x-ad-account-usage");
    const double percent = percent_of(reply, {"acc_id_util_pct"});
    // The time to the next reset counts only where nothing is left.
    all.push_back({.scope = "account",
                   .percent = percent,
                   .regain = percent >= 100 ? time_of(reply, "reset_time_duration", seconds(1))
                                            : std::nullopt});
  }
  if (auto json = header_json(answer, "x-fb-ads-insights-throttle")) {
    const Reply reply(*json, "x-fb-ads-insights-throttle");
    all.push_back({.scope = "ads_insights",
                   .percent = percent_of(reply, {"app_id_util_pct", "acc_id_util_pct"}),
                   .regain = {}});
  }
  return all;
}

std::optional<Fault> meta_fault(const Answer& answer) {
  const Json nothing;
  const Reply reply(answer.json == nullptr ? nothing : *answer.json, "meta");
  const auto found = reply.find("error");
  if (!found && answer.status < 400) return std::nullopt;
  MetaError error{.words = fmt::format("HTTP status {}", answer.status), .status = answer.status};
  if (found) error = read_error(*found, answer.status);
  if (!found && answer.status == 429) error.code = 4;
  const Ruling ruling = ruling_of(error);
  Fault fault{.error = fail(ruling.code, message_of(error, ruling)),
              .passing = ruling.passing,
              .until = std::nullopt,
              .scopes = {}};
  if (ruling.code != ErrorCode::throttled) return fault;
  Duration wait = ruling.wait;
  for (const Usage& usage : meta_usage(answer)) {
    if (usage.regain) wait = std::max(wait, *usage.regain);
  }
  fault.until = answer.now + wait;
  if (!ruling.scope.empty()) fault.scopes.emplace_back(ruling.scope);
  fault.error.message += "; " + until_text(*fault.until);
  return fault;
}

}  // namespace rf::platform
