#include "platform/caller.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "platform/reply.h"

namespace rf::platform {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr net::RetryRules kRules;

// Chosen: who waits longer than this does better to go on later from where it stopped.
constexpr Duration kWaitMax = minutes(10);

// Where nothing waits, the pace within a second is the caller's own.
constexpr Duration kNoWait = seconds(1);

// Source: Meta's advice to slow down before a limit; the share at which to stop is chosen, with
// room for calls that are on their way.
constexpr double kFullPercent = 95;

constexpr std::size_t kWordsMax = 300;

bool is_passing(const Error& error) { return error.code == ErrorCode::unavailable; }

// Where a read got no whole answer, it is as if it had not been sent.
Error as_read(Error error) {
  if (error.code == ErrorCode::outcome_unknown) error.code = ErrorCode::unavailable;
  return error;
}

}  // namespace

std::string quoted_words(std::string_view text) {
  std::string out(text.substr(0, kWordsMax));
  std::ranges::replace_if(
      out, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, ' ');
  // A letter of several bytes is not cut in two.
  if (text.size() > kWordsMax) {
    while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0x80U) != 0) out.pop_back();
    out += "…";
  }
  return out;
}

std::string until_text(Instant until) {
  // Seconds are enough for a person to wait for.
  const auto whole = std::chrono::ceil<seconds>(until);
  return fmt::format("throttled until {}", to_rfc3339(whole));
}

Error Caller::told(Error error) const {
  for (const Secret& secret : dialect_.secrets) {
    if (secret.reveal().size() < 4) continue;  // Too short to be one, and it would hit anything.
    std::size_t at = error.message.find(secret.reveal());
    while (at != std::string::npos) {
      error.message.replace(at, secret.reveal().size(), "[secret]");
      at = error.message.find(secret.reveal());
    }
  }
  return error;
}

Status Caller::pass_limits(const std::vector<std::string>& scopes) {
  const Duration left = budget_.wait_for(scopes, now());
  if (left > (can_wait() ? kWaitMax : kNoWait))
    return fail(ErrorCode::throttled,
                fmt::format("{}: {}", dialect_.name, until_text(now() + left)));
  if (left.count() > 0 && can_wait() && !wait(left))
    return fail(ErrorCode::conflict, fmt::format("{}: stopped while waiting", dialect_.name));
  budget_.spend(scopes, now());
  return {};
}

Caller::Try Caller::once(const net::Request& request) {
  Try result;
  Result<net::Response> response = line_.http->send(request);
  if (!response) {
    result.fault.error = std::move(response).error();
    result.fault.passing = is_passing(as_read(result.fault.error));
    return result;
  }
  result.answered = true;
  Result<Json> json = parse_body(response->body, dialect_.name);
  const Answer answer{.status = response->status,
                      .headers = &response->headers,
                      .json = json ? &*json : nullptr,
                      .now = now()};
  for (const Usage& usage : dialect_.usage(answer)) {
    net::RateReading reading;
    reading.used_share = usage.percent / kFullPercent;
    reading.blocked_for = usage.regain;
    budget_.learn(usage.scope, reading, answer.now);
  }
  if (std::optional<Fault> fault = dialect_.fault(answer)) {
    result.fault = std::move(*fault);
    if (result.fault.until) {
      for (const std::string& scope : result.fault.scopes) budget_.stop(scope, *result.fault.until);
    }
  } else if (!json) {
    result.fault = {.error = std::move(json).error(), .passing = true};
  } else {
    result.json = std::move(*json);
  }
  return result;
}

Result<Json> Caller::read(const net::Request& request, const std::vector<std::string>& scopes) {
  for (int attempt = 1;; ++attempt) {
    RF_TRY(pass_limits(scopes));
    Try result = once(request);
    if (result.json) return std::move(*result.json);
    const Fault& fault = result.fault;
    const bool throttled = fault.error.code == ErrorCode::throttled && can_wait();
    if (attempt == kRules.tries_max || !(fault.passing || throttled))
      return told(as_read(std::move(result.fault.error)));
    // What is throttled waits in pass_limits().
    if (throttled && fault.until) continue;
    if (!wait(net::backoff(attempt, kRules, rng_)))
      return told(as_read(std::move(result.fault.error)));
  }
}

Result<Json> Caller::write(const net::Request& request, const std::vector<std::string>& scopes) {
  RF_TRY(pass_limits(scopes));
  Try result = once(request);
  if (result.json) return std::move(*result.json);
  if (result.answered && result.fault.passing) {
    result.fault.error.code = ErrorCode::outcome_unknown;
    result.fault.error.message += "; it may have happened all the same";
  }
  return told(std::move(result.fault.error));
}

}  // namespace rf::platform
