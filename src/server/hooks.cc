#include "server/hooks.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "api/orders.h"
#include "base/hmac.h"
#include "base/sha256.h"
#include "net/query.h"
#include "server/problem.h"

namespace rf::server {
namespace {

constexpr std::string_view kRoot = "/hooks/";

// Chosen: a platform's largest call has a thousand changes of some hundred bytes.
constexpr std::size_t kBodyMax = std::size_t{1} << 20;
constexpr std::size_t kEventsMax = 2000;

// Source: TikTok's documents: reject what is older.
constexpr Duration kSignatureAge = std::chrono::minutes(5);

// Chosen: nobody's clock is further ahead, and an event of the year 9999 would stay the newest.
constexpr std::int64_t kSecondsMax = 4'102'444'800;  // 2100.

std::string_view secret_name(std::string_view source) {
  if (source == api::kOrders) return "REELFORGE_ORDERS_SECRET";
  if (source == "meta") return "REELFORGE_META_APP_SECRET";
  if (source == "tiktok") return "REELFORGE_TIKTOK_CLIENT_SECRET";
  return "";
}

Error wrong(std::string_view why) { return fail(ErrorCode::invalid, std::string(why)); }

// Unix seconds in a member; `now` where there are none that can be meant.
Instant moment_in(const JsonObject& object, std::string_view name, Instant now) {
  const Json* value = object.if_contains(name);
  if (value == nullptr || !value->is_int64()) return now;
  const std::int64_t seconds = value->get_int64();
  if (seconds < 0 || seconds > kSecondsMax) return now;
  return Instant(std::chrono::seconds(seconds));
}

Result<std::vector<IncomingEvent>> orders_in(const Json& json) {
  const bool several = json.is_array();
  const JsonArray one{several ? Json() : json};
  const JsonArray& all = several ? json.get_array() : one;
  if (all.empty() || all.size() > kEventsMax)
    return wrong(fmt::format("found {} orders, expected 1 to {}", all.size(), kEventsMax));
  std::vector<IncomingEvent> events;
  events.reserve(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string path = several ? fmt::format("orders[{}]", i) : std::string("order");
    const api::Order order = RF_TRY(from_json<api::Order>(all[i], path));
    events.push_back(RF_TRY(api::incoming(order)));
  }
  return events;
}

IncomingEvent meta_event(const JsonObject& entry, const Json& object, const Json& change,
                         Instant now) {
  const Json* id = entry.if_contains("id");
  const Json* time = entry.if_contains("time");
  JsonObject body{{"object", object},
                  {"entry", id == nullptr ? Json() : *id},
                  {"time", time == nullptr ? Json() : *time},
                  {"change", change}};
  std::string text = to_text(Json(std::move(body)));
  // Meta names no event, and sends the same again for a day and a half.
  std::string key = sha256_hex(text);
  return {.source = "meta",
          .key = std::move(key),
          .happened = moment_in(entry, "time", now),
          .body = std::move(text)};
}

Result<std::vector<IncomingEvent>> meta_events(const Json& json, Instant now) {
  const JsonObject* call = json.if_object();
  const Json* entries = call == nullptr ? nullptr : call->if_contains("entry");
  const Json* object = call == nullptr ? nullptr : call->if_contains("object");
  if (entries == nullptr || !entries->is_array() || object == nullptr || !object->is_string())
    return wrong("expected an object and its entries");
  std::vector<IncomingEvent> events;
  for (const Json& each : entries->get_array()) {
    const JsonObject* entry = each.if_object();
    if (entry == nullptr) return wrong("an entry is no object");
    const Json* changes = entry->if_contains("changes");
    if (changes == nullptr || !changes->is_array()) {
      // Of kinds without changes the entry itself is what happened.
      events.push_back(meta_event(*entry, *object, each, now));
      continue;
    }
    for (const Json& change : changes->get_array())
      events.push_back(meta_event(*entry, *object, change, now));
    if (events.size() > kEventsMax) return wrong("too many changes in one call");
  }
  return events;
}

Result<std::vector<IncomingEvent>> tiktok_events(const Json& json, std::string_view body,
                                                 Instant now) {
  const JsonObject* event = json.if_object();
  if (event == nullptr || !event->contains("event")) return wrong("expected an event");
  return std::vector<IncomingEvent>{{.source = "tiktok",
                                     .key = sha256_hex(body),
                                     .happened = moment_in(*event, "create_time", now),
                                     .body = to_text(json)}};
}

// "t=1633174587,s=5185…": signed is the time, a point, and the body.
bool tiktok_signed(std::string_view header, const std::string& secret, const std::string& body,
                   Instant now) {
  const std::size_t comma = header.find(",s=");
  if (!header.starts_with("t=") || comma == std::string_view::npos) return false;
  const std::string_view time = header.substr(2, comma - 2);
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(time.data(), time.data() + time.size(), seconds);
  const bool whole = error == std::errc() && end == time.data() + time.size();
  if (!whole || seconds < 0 || seconds > kSecondsMax) return false;
  const Duration age = now - Instant(std::chrono::seconds(seconds));
  if (age > kSignatureAge || age < -kSignatureAge) return false;
  std::string text(time);
  text.append(".").append(body);
  return same_signature(header.substr(comma + 3), hmac_sha256_hex(secret, text));
}

bool plainly_signed(std::string_view header, const std::string& secret, const std::string& body) {
  constexpr std::string_view kScheme = "sha256=";
  return header.starts_with(kScheme) &&
         same_signature(header.substr(kScheme.size()), hmac_sha256_hex(secret, body));
}

std::string query_value(std::string_view query, std::string_view name) {
  const Result<net::QueryFields> fields = net::parse_query(query);
  if (!fields) return "";
  const auto found = std::ranges::find(*fields, name, [](const auto& each) { return each.first; });
  return found == fields->end() ? std::string() : found->second;
}

}  // namespace

Result<std::vector<IncomingEvent>> events_in(std::string_view source, std::string_view body,
                                             Instant now) {
  const Json json = RF_TRY(parse_json(body));
  if (source == api::kOrders) return orders_in(json);
  if (source == "meta") return meta_events(json, now);
  if (source == "tiktok") return tiktok_events(json, body, now);
  return fail(ErrorCode::not_found, "there is no such webhook");
}

std::string Hooks::secret(std::string_view name) const {
  return around_.reach.secret ? around_.reach.secret(name) : std::string();
}

Result<EventLog*> Hooks::log() {
  const std::lock_guard lock(mutex_);
  if (!log_) log_ = RF_TRY(open_event_log(event_log_path(around_.store_path)));
  return log_.get();
}

net::Response Hooks::handshake(std::string_view query) const {
  const std::string expected = secret("REELFORGE_META_VERIFY_TOKEN");
  const bool known = !expected.empty() && query_value(query, "hub.mode") == "subscribe" &&
                     same_signature(query_value(query, "hub.verify_token"), expected);
  if (!known) return problem(fail(ErrorCode::denied, "the verify token is another"), 403);
  return {.status = 200,
          .headers = {{"Content-Type", "text/plain"}},
          .body = query_value(query, "hub.challenge")};
}

Status Hooks::check(std::string_view source, const std::string& secret,
                    const net::Request& request) const {
  const auto header = [&](std::string_view name) {
    return request.headers.find(name).value_or("");
  };
  bool is_signed = false;
  if (source == "tiktok") {
    is_signed =
        tiktok_signed(header("TikTok-Signature"), secret, request.body, around_.clock.now());
  } else {
    const std::string_view name =
        source == "meta" ? "X-Hub-Signature-256" : "X-ReelForge-Signature";
    is_signed = plainly_signed(header(name), secret, request.body);
  }
  if (is_signed) return {};
  return fail(ErrorCode::denied, "the signature does not fit the body");
}

net::Response Hooks::keep(std::string_view source, const net::Request& request) {
  const Instant now = around_.clock.now();
  const Result<std::vector<IncomingEvent>> events = events_in(source, request.body, now);
  if (!events) return problem(events.error());
  const Result<EventLog*> events_log = log();
  if (!events_log) return problem(events_log.error());
  const Result<std::vector<bool>> kept = (*events_log)->add(*events, now);
  if (!kept) return problem(kept.error());
  const auto added = std::ranges::count(*kept, true);
  return {.status = 200,
          .headers = {{"Content-Type", "application/json"}},
          .body = fmt::format(R"({{"kept":{},"known":{}}})", added, std::ssize(*kept) - added)};
}

std::optional<net::Response> Hooks::answer(const net::Request& request) {
  const auto [path, query] = net::split_target(request.target);
  if (!path.starts_with(kRoot)) return std::nullopt;
  const std::string_view source = path.substr(kRoot.size());
  const std::string key = secret_name(source).empty() ? "" : secret(secret_name(source));
  if (key.empty())
    return problem(fail(ErrorCode::not_found, "there is no such webhook, or no secret for it"));
  if (source == "meta" && request.method == "GET") return handshake(query);
  if (request.method != "POST") {
    net::Response response = problem(fail(ErrorCode::invalid, "a webhook is posted to"), 405);
    response.headers.add("Allow", "POST");
    return response;
  }
  if (request.body.size() > kBodyMax)
    return problem(fail(ErrorCode::over_limit, "more than a megabyte"), 413);
  const Status fine = check(source, key, request);
  if (!fine) return problem(fine.error(), 401);
  return keep(source, request);
}

}  // namespace rf::server
