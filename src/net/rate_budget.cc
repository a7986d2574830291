#include "net/rate_budget.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "net/retry.h"

namespace rf::net {
namespace {

// A day: windows are shorter, and what is larger is a point in time.
constexpr double kSpanSecondsMax = 86'400;

// The pace never falls to nothing by arithmetic alone; only a stop stops.
constexpr double kPaceMin = 0.05;

std::optional<double> number(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
  if (error != std::errc() || at != end || !std::isfinite(value) || value < 0) return std::nullopt;
  return value;
}

Duration seconds(double value) {
  return Duration(static_cast<Duration::rep>(std::min(value, kSpanSecondsMax) * 1e6));
}

// The number before a list's comma or a parameter: "100, 100;w=60".
std::optional<double> first_number(std::string_view text) {
  return number(text.substr(0, text.find_first_of(",; ")));
}

std::optional<std::string_view> find_any(const Headers& headers, std::string_view ending) {
  for (std::string_view start : {"RateLimit-", "X-RateLimit-", "X-Rate-Limit-"}) {
    for (std::string_view last : {"", "-Requests"}) {
      const std::string name = std::string(start).append(ending).append(last);
      if (const auto value = headers.find(name)) return value;
    }
  }
  return std::nullopt;
}

std::optional<Duration> reset_of(std::string_view text, Instant now) {
  const std::optional<double> value = number(text);
  if (!value) return parse_span(text);
  if (*value <= kSpanSecondsMax) return seconds(*value);
  const double since_epoch = static_cast<double>(now.time_since_epoch().count()) / 1e6;
  return seconds(std::max(0.0, *value - since_epoch));
}

struct Unit {
  std::string_view name;
  double seconds;
};
constexpr auto kUnits =
    std::to_array<Unit>({{"ms", 0.001}, {"h", 3600}, {"m", 60}, {"s", 1}, {"d", 86'400}});

}  // namespace

std::optional<Duration> parse_span(std::string_view text) {
  double total = 0;
  if (text.empty() || text.size() > 32) return std::nullopt;
  while (!text.empty()) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
    const std::optional<double> value = number(text.substr(0, digits));
    text.remove_prefix(digits);
    const auto* unit =
        std::ranges::find_if(kUnits, [&](const Unit& each) { return text.starts_with(each.name); });
    if (!value || unit == kUnits.end()) return std::nullopt;
    text.remove_prefix(unit->name.size());
    total += *value * unit->seconds;
  }
  return seconds(total);
}

RateReading read_rate(const Response& response, Instant now) {
  RateReading reading;
  if (const auto text = find_any(response.headers, "Limit")) reading.limit = first_number(*text);
  if (const auto text = find_any(response.headers, "Remaining")) {
    reading.remaining = first_number(*text);
  }
  if (const auto text = find_any(response.headers, "Reset"))
    reading.reset_in = reset_of(*text, now);
  if (reading.limit && reading.remaining && *reading.limit > 0) {
    reading.used_share = std::clamp(1 - *reading.remaining / *reading.limit, 0.0, 1.0);
  }
  if (response.status == 429 || response.status == 503) {
    reading.blocked_for = retry_after(response.headers, now);
  }
  return reading;
}

void RateBudget::set_rules(const std::string& key, RateRules rules) {
  own_rules_[key] = rules;
  const auto found = buckets_.find(key);
  if (found != buckets_.end()) found->second.rules = rules;
}

RateBudget::Bucket& RateBudget::bucket(const std::string& key, Instant now) {
  const auto found = buckets_.find(key);
  if (found != buckets_.end()) return found->second;
  const auto own = own_rules_.find(key);
  const RateRules rules = own == own_rules_.end() ? rules_ : own->second;
  return buckets_.emplace(key, Bucket{.rules = rules, .tokens = rules.burst, .counted_at = now})
      .first->second;
}

namespace {

double elapsed_seconds(Instant from, Instant to) {
  return std::max(0.0, static_cast<double>((to - from).count()) / 1e6);
}

}  // namespace

Duration RateBudget::wait_for(const Bucket& bucket, Instant now) const {
  const double pace = now < bucket.pace_until ? bucket.pace : 1.0;
  const double rate = bucket.rules.per_second * pace;
  const double tokens =
      std::min(bucket.rules.burst, bucket.tokens + elapsed_seconds(bucket.counted_at, now) * rate);
  const Duration for_token =
      tokens >= 1 ? Duration{0}
                  : Duration(static_cast<Duration::rep>(std::ceil((1 - tokens) / rate * 1e6)));
  return std::max({Duration{0}, for_token, bucket.stopped_until - now});
}

Duration RateBudget::wait_for(const std::vector<std::string>& keys, Instant now) const {
  Duration longest{0};
  for (const std::string& key : keys) {
    const auto found = buckets_.find(key);
    if (found != buckets_.end()) longest = std::max(longest, wait_for(found->second, now));
  }
  return longest;
}

void RateBudget::spend(const std::vector<std::string>& keys, Instant now) {
  for (const std::string& key : keys) {
    Bucket& each = bucket(key, now);
    const double pace = now < each.pace_until ? each.pace : 1.0;
    const double gained = elapsed_seconds(each.counted_at, now) * each.rules.per_second * pace;
    each.tokens = std::min(each.rules.burst, each.tokens + gained) - 1;
    each.counted_at = std::max(each.counted_at, now);
  }
}

void RateBudget::learn(const std::string& key, const RateReading& reading, Instant now) {
  Bucket& each = bucket(key, now);
  const Duration window = reading.reset_in.value_or(each.rules.stop_for);
  if (reading.blocked_for) stop(key, now + *reading.blocked_for);
  if (reading.remaining) {
    each.tokens = std::min(each.tokens, *reading.remaining);
    if (*reading.remaining < 1) stop(key, now + window);
  }
  if (!reading.used_share) return;
  if (*reading.used_share >= 1) stop(key, now + window);
  const double room = (1 - *reading.used_share) / (1 - each.rules.slow_from);
  each.pace = std::clamp(room, kPaceMin, 1.0);
  each.pace_until = now + window;
}

void RateBudget::stop(const std::string& key, Instant until) {
  Bucket& each = bucket(key, until);  // A new one is full by then.
  each.stopped_until = std::max(each.stopped_until, until);
}

}  // namespace rf::net
