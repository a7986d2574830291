#include "platform/tiktok_errors.h"

#include <array>
#include <chrono>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "platform/reply.h"

namespace rf::platform {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

struct Row {
  std::int64_t from = 0;
  std::int64_t to = 0;  // Included.
  ErrorCode code = ErrorCode::invalid;
  std::string_view advice;
  bool passing = false;
};

constexpr std::string_view kRenew = "connect the account anew with a fresh access token";

// The first row that fits rules.
constexpr auto kRows = std::to_array<Row>({
    {40016, 40016, ErrorCode::throttled, ""},
    {40050, 40050, ErrorCode::outcome_unknown, "TikTok holds it for done already: read it back"},
    {40100, 40100, ErrorCode::throttled, ""},
    {40132, 40133, ErrorCode::throttled, ""},
    {40502, 40502, ErrorCode::throttled, ""},
    {40101, 40131, ErrorCode::denied, kRenew},
    {40200, 40202, ErrorCode::unavailable, "", true},
    {40300, 40301, ErrorCode::denied,
     "the token's owner may not do this: grant access in Business Center"},
    {40700, 40700, ErrorCode::unavailable, "", true},
    {40901, 40901, ErrorCode::unavailable, "the video is being converted", true},
    {40900, 40915, ErrorCode::invalid, "the file was not taken"},
    {41000, 41002, ErrorCode::denied, "refused in review: look at the ad in TikTok Ads Manager"},
    {40000, 40099, ErrorCode::invalid, ""},
    {50000, 50999, ErrorCode::unavailable, "", true},
    {51305, 51305, ErrorCode::unavailable, "", true},
    {60001, 60001, ErrorCode::throttled, "maintenance"},
});

// QPS limits pass with the second and QPM limits after five minutes; which one it was is told in
// words only, so the wait is for the longer.
// Source: Business API v1.3, rate limits; maintenance is a guess that a person can cut short.
constexpr Duration kWait = minutes(5);
constexpr Duration kMaintenance = minutes(30);

Row row_of(std::int64_t code) {
  for (const Row& row : kRows) {
    if (code >= row.from && code <= row.to) return row;
  }
  return {.code = ErrorCode::invalid};
}

Fault fault_of(std::int64_t code, std::string_view words, Instant now) {
  const Row row = row_of(code);
  std::string text = fmt::format("tiktok: {} (code {})", quoted_words(words), code);
  if (!row.advice.empty()) text += fmt::format("; {}", row.advice);
  Fault fault{.error = fail(row.code, std::move(text)),
              .passing = row.passing,
              .until = std::nullopt,
              .scopes = {}};
  if (row.code != ErrorCode::throttled) return fault;
  fault.until = now + (code == 60001 ? kMaintenance : kWait);
  fault.scopes = {"app"};
  fault.error.message += "; " + until_text(*fault.until);
  return fault;
}

}  // namespace

std::vector<Usage> tiktok_usage(const Answer& /*answer*/) { return {}; }

std::optional<Fault> tiktok_fault(const Answer& answer) {
  const Json nothing;
  const Reply reply(answer.json == nullptr ? nothing : *answer.json, "tiktok");
  const auto code = reply.find("code");
  const std::int64_t* value = code ? code->json().if_int64() : nullptr;
  if (value != nullptr && *value == 0) return std::nullopt;
  if (value != nullptr) {
    const Result<std::string> words = reply.text_or_empty("message");
    const bool partly = *value == 20001;
    Fault fault = fault_of(*value, words ? *words : "", answer.now);
    // Of one object, partly is not at all; which of many it was, is for the reader of items.
    if (partly) fault.error.code = ErrorCode::invalid;
    return fault;
  }
  const std::string words = fmt::format("HTTP status {}", answer.status);
  if (answer.status == 429) return fault_of(40100, words, answer.now);
  if (answer.status >= 500) return fault_of(50000, words, answer.now);
  if (answer.status == 401) return fault_of(40105, words, answer.now);
  if (answer.status >= 400) return fault_of(40000, words, answer.now);
  return Fault{.error = fail(ErrorCode::corrupt, "tiktok: the answer has no code"),
               .passing = true,
               .until = std::nullopt,
               .scopes = {}};
}

}  // namespace rf::platform
