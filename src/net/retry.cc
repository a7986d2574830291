#include "net/retry.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace rf::net {
namespace {

constexpr auto kMonths = std::to_array<std::string_view>(
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"});
constexpr auto kWeekdays =
    std::to_array<std::string_view>({"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"});

// A day is as far ahead as a Retry-After means anything; beyond it, only that it is long.
constexpr std::int64_t kSecondsMax = 86'400;

std::optional<std::int64_t> digits(std::string_view text) {
  std::int64_t value = 0;
  const bool all = !text.empty() && text.size() <= 18 &&
                   std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (!all) return std::nullopt;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::optional<int> digits_at(std::string_view text, std::size_t at, std::size_t count) {
  const std::optional<std::int64_t> value = digits(text.substr(at, count));
  if (!value) return std::nullopt;
  return static_cast<int>(*value);
}

// "Sun, 06 Nov 1994 08:49:37 GMT": every part has its place.
bool has_date_shape(std::string_view text) {
  constexpr std::string_view kMarks = "___, __ ___ ____ __:__:__ GMT";
  if (text.size() != kMarks.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (kMarks[i] != '_' && kMarks[i] != text[i]) return false;
  }
  return true;
}

bool asks_for_patience(int status) {
  constexpr auto kStatuses = std::to_array<int>({408, 425, 429, 500, 502, 503, 504});
  return std::ranges::find(kStatuses, status) != kStatuses.end();
}

}  // namespace

Duration backoff(int failures, const RetryRules& rules, Rng& rng) {
  RF_CHECK(failures >= 1);
  const double doubled = std::ldexp(static_cast<double>(rules.first_max.count()),
                                    std::min(failures - 1, 40));  // Beyond, the cap holds anyway.
  const double bound = std::min(doubled, static_cast<double>(rules.longest.count()));
  return Duration(static_cast<Duration::rep>(bound * rng.uniform()));
}

std::optional<Instant> parse_http_date(std::string_view text) {
  if (!has_date_shape(text)) return std::nullopt;
  const auto day = digits_at(text, 5, 2);
  const auto month = std::ranges::find(kMonths, text.substr(8, 3));
  const auto year = digits_at(text, 12, 4);
  const auto hour = digits_at(text, 17, 2);
  const auto minute = digits_at(text, 20, 2);
  const auto second = digits_at(text, 23, 2);
  const bool whole = day && year && hour && minute && second && month != kMonths.end();
  if (!whole || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  const std::chrono::year_month_day date(
      std::chrono::year{*year},
      std::chrono::month{static_cast<unsigned>(month - kMonths.begin() + 1)},
      std::chrono::day{static_cast<unsigned>(*day)});
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
         std::chrono::seconds{*second};
}

std::string to_http_date(Instant instant) {
  const auto days = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(days);
  const std::chrono::weekday weekday(days);
  const auto time = std::chrono::floor<std::chrono::seconds>(instant - days).count();
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kWeekdays[weekday.c_encoding()],
                     static_cast<unsigned>(date.day()),
                     kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), time / 3600, time / 60 % 60, time % 60);
}

std::optional<Duration> retry_after(const Headers& headers, Instant now) {
  const auto value = headers.find("Retry-After");
  if (!value) return std::nullopt;
  if (const auto seconds = digits(*value)) {
    return Duration(std::chrono::seconds{std::min(*seconds, kSecondsMax)});
  }
  const std::optional<Instant> until = parse_http_date(*value);
  if (!until) return std::nullopt;
  return std::clamp<Duration>(*until - now, Duration{0}, std::chrono::seconds{kSecondsMax});
}

bool is_read(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

Verdict judge(const Result<Response>& answer, bool read, const RetryRules& rules, Instant now) {
  if (!answer) {
    const ErrorCode code = answer.error().code;
    return {.again =
                code == ErrorCode::unavailable || (read && code == ErrorCode::outcome_unknown)};
  }
  const int status = answer->status;
  const std::optional<Duration> asked = retry_after(answer->headers, now);
  const bool refused = status == 429 || (status == 503 && asked);
  if (asked.value_or(Duration{0}) > rules.asked_max) return {};
  return {.again = read ? asks_for_patience(status) : refused,
          .at_least = asked.value_or(Duration{0})};
}

Result<Response> send_patiently(HttpClient& client, const Request& request,
                                const Patience& patience, const Judge& judged) {
  for (int tries = 1;; ++tries) {
    Result<Response> answer = client.send(request);
    if (tries >= patience.rules.tries_max) return answer;
    const Verdict verdict = judged(answer);
    if (!verdict.again) return answer;
    // The asked-for time is a floor that everybody shares; the jitter comes on top.
    const Duration wait = verdict.at_least + backoff(tries, patience.rules, patience.rng);
    if (!patience.wait(wait)) return answer;
  }
}

Result<Response> send_patiently(HttpClient& client, const Request& request,
                                const Patience& patience) {
  return send_patiently(client, request, patience, [&](const Result<Response>& answer) {
    return judge(answer, is_read(request.method), patience.rules, patience.clock.now());
  });
}

}  // namespace rf::net
