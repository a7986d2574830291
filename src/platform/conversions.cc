#include "platform/conversions.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "platform/meta_errors.h"
#include "platform/meta_requests.h"
#include "platform/row_values.h"
#include "platform/tiktok_errors.h"
#include "platform/tiktok_requests.h"

namespace rf::platform {
namespace {

using std::chrono::seconds;

// Source: Conversions API and Events API 2.0: at most 1000 events in one call, none older than 7
// days, none of the future.
constexpr std::size_t kBatchMax = 1000;
constexpr Duration kOldest = std::chrono::hours(24 * 7);

std::int64_t unix_seconds(Instant at) {
  return std::chrono::floor<seconds>(at).time_since_epoch().count();
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text = "[";
  for (const std::string& part : parts) {
    if (&part != parts.data()) text += ',';
    text += part;
  }
  return text + "]";
}

void add_hash(Body& body, std::string_view name, const std::optional<std::string>& hash) {
  if (hash) body.json(name, JsonArray{Json(std::string_view(*hash))});
}

void add_text(Body& body, std::string_view name, const std::string& text) {
  if (!text.empty()) body.text(name, text);
}

bool can_be_matched(const Person& person) {
  return meta_email(person.email) || meta_phone(person.phone) || !person.external_id.empty() ||
         !person.fbc.empty() || !person.fbp.empty() || !person.ttclid.empty() ||
         !person.ttp.empty() || (!person.ip.empty() && !person.user_agent.empty());
}

Status check_event(const OutgoingConversion& event, Instant now) {
  const auto wrong = [&](std::string_view why) {
    return fail(ErrorCode::invalid,
                fmt::format("order '{}': {}", quoted_words(event.order_id), why));
  };
  if (event.order_id.empty()) return wrong("has no id");
  if (now - event.at > kOldest) return wrong("is older than 7 days");
  if (event.at > now) return wrong("lies in the future");
  if (event.event == "Purchase" && !event.value) return wrong("is a purchase without its value");
  if (!can_be_matched(event.person)) return wrong("names nobody whom a platform could match");
  return {};
}

// Sends batches, and halves one that was refused until the bad events stand alone.
class BatchSender : public ConversionSender {
 public:
  std::vector<SentConversion> send(std::span<const OutgoingConversion> events) final {
    std::vector<SentConversion> sent(events.size());
    std::vector<std::size_t> good;
    for (std::size_t i = 0; i < events.size(); ++i) {
      sent[i].order_id = events[i].order_id;
      Status fine = check_event(events[i], now());
      if (fine) {
        good.push_back(i);
      } else {
        sent[i].error = std::move(fine).error();
      }
    }
    deliver(events, good, sent);
    return sent;
  }

 protected:
  virtual Instant now() const = 0;
  virtual Status send_text(const std::string& events) = 0;
  virtual std::string text_of(const OutgoingConversion& event) const = 0;

 private:
  using Piece = std::span<const std::size_t>;  // Places of events.

  void deliver(std::span<const OutgoingConversion> events, Piece good,
               std::vector<SentConversion>& sent) {
    // What is still to be sent, the next piece last.
    std::vector<Piece> pieces;
    for (std::size_t from = 0; from < good.size(); from += kBatchMax)
      pieces.emplace_back(good.subspan(from, std::min(kBatchMax, good.size() - from)));
    std::ranges::reverse(pieces);
    while (!pieces.empty()) {
      const Piece piece = pieces.back();
      pieces.pop_back();
      const Status done = post(events, piece);
      if (done) continue;
      const bool refused = done.error().code == ErrorCode::invalid;
      if (refused && piece.size() > 1) {
        pieces.emplace_back(piece.subspan(piece.size() / 2));
        pieces.emplace_back(piece.first(piece.size() / 2));
        continue;
      }
      mark(piece, done.error(), sent);
      if (refused) continue;
      // What stopped this one stops the rest as well.
      for (const Piece& rest : pieces) mark(rest, done.error(), sent);
      return;
    }
  }

  static void mark(Piece piece, const Error& error, std::vector<SentConversion>& sent) {
    for (std::size_t i : piece) sent[i].error = error;
  }

  Status post(std::span<const OutgoingConversion> events, std::span<const std::size_t> piece) {
    std::vector<std::string> texts;
    texts.reserve(piece.size());
    for (std::size_t i : piece) texts.push_back(text_of(events[i]));
    return send_text(joined(texts));
  }
};

class MetaSender final : public BatchSender {
 public:
  MetaSender(const MetaConversionSettings& settings, const Line& line)
      : settings_(settings),
        requests_(meta_settings(settings)),
        caller_(line, {.name = "meta",
                       .usage = meta_usage,
                       .fault = meta_fault,
                       .secrets = {settings.access_token, settings.app_secret}}) {}

 private:
  static MetaSettings meta_settings(const MetaConversionSettings& settings) {
    MetaSettings other;
    other.graph_url = settings.graph_url;
    other.version = settings.version;
    other.access_token = settings.access_token;
    other.app_secret = settings.app_secret;
    return other;
  }
  Instant now() const override { return caller_.now(); }
  std::string text_of(const OutgoingConversion& event) const override { return meta_event(event); }

  // An event with its id may be sent again, so this is asked as a read is.
  Status send_text(const std::string& events) override {
    Body body;
    body.raw("data", events);
    add_text(body, "test_event_code", settings_.test_code);
    const net::Request request =
        requests_.post(settings_.pixel + "/events", std::move(body), settings_.pixel);
    RF_TRY(caller_.read(request, {"app", "events"}));
    return {};
  }

  MetaConversionSettings settings_;
  MetaRequests requests_;
  Caller caller_;
};

class TiktokSender final : public BatchSender {
 public:
  TiktokSender(const TiktokConversionSettings& settings, const Line& line)
      : settings_(settings),
        requests_({.base_url = settings.base_url,
                   .version = settings.version,
                   .accounts = {},
                   .access_token = settings.access_token}),
        caller_(line, {.name = "tiktok",
                       .usage = tiktok_usage,
                       .fault = tiktok_fault,
                       .secrets = {settings.access_token}}) {}

 private:
  Instant now() const override { return caller_.now(); }
  std::string text_of(const OutgoingConversion& event) const override {
    return tiktok_event(event);
  }

  Status send_text(const std::string& events) override {
    Body body;
    body.text("event_source", "web").text("event_source_id", settings_.pixel);
    add_text(body, "test_event_code", settings_.test_code);
    body.raw("data", events);
    RF_TRY(caller_.read(requests_.post("event/track", body), {"app"}));
    return {};
  }

  TiktokConversionSettings settings_;
  TiktokRequests requests_;
  Caller caller_;
};

std::string meta_user(const Person& person) {
  Body user;
  add_hash(user, "em", meta_email(person.email));
  add_hash(user, "ph", meta_phone(person.phone));
  add_hash(user, "ge", meta_gender(person.gender));
  add_hash(user, "db", meta_birth_date(person.birth_date));
  add_hash(user, "ln", meta_name(person.last_name));
  add_hash(user, "fn", meta_name(person.first_name));
  add_hash(user, "ct", meta_place(person.city));
  add_hash(user, "st", meta_place(person.state));
  add_hash(user, "zp", meta_zip(person.zip));
  add_hash(user, "country", meta_country(person.country));
  if (!person.external_id.empty())
    user.json("external_id", JsonArray{Json(std::string_view(person.external_id))});
  add_text(user, "client_ip_address", person.ip);
  add_text(user, "client_user_agent", person.user_agent);
  add_text(user, "fbc", person.fbc);
  add_text(user, "fbp", person.fbp);
  return user.done();
}

std::string meta_custom(const OutgoingConversion& event) {
  Body custom;
  if (event.value)
    custom.amount("value", event.value->micros).text("currency", event.value->currency.code());
  if (!event.items.empty()) {
    JsonArray ids;
    std::vector<std::string> contents;
    std::int64_t count = 0;
    for (const SoldItem& item : event.items) {
      ids.push_back(Json(std::string_view(item.id)));
      Body content;
      content.text("id", item.id).whole("quantity", item.quantity);
      contents.push_back(content.amount("item_price", item.price_micros).done());
      count += item.quantity;
    }
    custom.json("content_ids", ids).raw("contents", joined(contents));
    custom.text("content_type", "product").whole("num_items", count);
  }
  custom.text("order_id", event.order_id);
  return custom.done();
}

}  // namespace

std::string meta_event(const OutgoingConversion& event) {
  Body body;
  body.text("event_name", event.event).whole("event_time", unix_seconds(event.at));
  body.raw("user_data", meta_user(event.person)).raw("custom_data", meta_custom(event));
  body.text("action_source", "website").text("event_id", event.order_id);
  add_text(body, "event_source_url", event.page);
  return body.done();
}

std::string tiktok_event(const OutgoingConversion& event) {
  const Person& person = event.person;
  Body user;
  add_text(user, "ttclid", person.ttclid);
  add_text(user, "ttp", person.ttp);
  add_hash(user, "external_id", hashed_id(person.external_id));
  add_hash(user, "email", tiktok_email(person.email));
  add_hash(user, "phone", tiktok_phone(person.phone));
  add_text(user, "ip", person.ip);
  add_text(user, "user_agent", person.user_agent);
  Body properties;
  if (event.value)
    properties.text("currency", event.value->currency.code()).amount("value", event.value->micros);
  properties.text("order_id", event.order_id).text("content_type", "product");
  std::vector<std::string> contents;
  for (const SoldItem& item : event.items) {
    Body content;
    content.text("content_id", item.id).whole("quantity", item.quantity);
    contents.push_back(content.amount("price", item.price_micros).done());
  }
  if (!contents.empty()) properties.raw("contents", joined(contents));
  Body body;
  body.text("event", event.event).whole("event_time", unix_seconds(event.at));
  body.text("event_id", event.order_id);
  body.raw("user", user.done()).raw("properties", properties.done());
  if (!event.page.empty()) body.json("page", JsonObject{{"url", event.page}});
  return body.done();
}

Result<std::unique_ptr<ConversionSender>> open_meta_conversions(
    const MetaConversionSettings& settings, const Line& line) {
  if (settings.access_token.empty())
    return fail(ErrorCode::denied, "meta: there is no access token");
  if (!is_number(settings.pixel))
    return fail(ErrorCode::invalid, fmt::format("meta: '{}' is not a pixel's id", settings.pixel));
  return std::unique_ptr<ConversionSender>(std::make_unique<MetaSender>(settings, line));
}

Result<std::unique_ptr<ConversionSender>> open_tiktok_conversions(
    const TiktokConversionSettings& settings, const Line& line) {
  if (settings.access_token.empty())
    return fail(ErrorCode::denied, "tiktok: there is no access token");
  if (settings.pixel.empty()) return fail(ErrorCode::invalid, "tiktok: there is no pixel code");
  return std::unique_ptr<ConversionSender>(std::make_unique<TiktokSender>(settings, line));
}

}  // namespace rf::platform
