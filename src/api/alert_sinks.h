// Where alerts are told: a webhook, a chat that takes Slack's messages, or people's mail.

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "act/alerts.h"
#include "api/operation.h"

namespace rf::api {

enum class SinkKind : std::uint8_t { webhook, slack, email };

struct AlertSink {
  std::string name;
  SinkKind kind = SinkKind::webhook;
  std::string url;      // Empty: a secret, "NAME_url".
  std::string secrets;  // A file of secrets; empty for the environment.
  act::Severity least = act::Severity::warning;
  std::vector<std::string> accounts;  // Only of these; empty: of all.
  std::string from;                   // Of mail.
  std::vector<std::string> to;
  std::string user;
  bool open_line = false;

  bool operator==(const AlertSink&) const = default;
};

struct AlertSettings {
  std::int64_t remind_hours = 24;
  std::vector<AlertSink> sinks;

  bool operator==(const AlertSettings&) const = default;
};

// Errors: invalid, with the sink's name.
Status check(const AlertSettings& settings);

// Those that were set; none at all where nobody set any.
// Errors: corrupt.
Result<AlertSettings> alert_settings(Store& store);
Status put_alert_settings(Store& store, const AlertSettings& settings);

// What one sink is told at once.
struct Telling {
  std::string account;
  Instant at;
  std::vector<act::KeptAlert> open;
  std::vector<act::KeptAlert> over;
};

// The same telling sent twice bears the same id, because it is sent until it is known to have
// arrived: an answer that is lost means once more.
// Errors: denied, when a secret is missing or the sink refuses us or is no public host; unavailable,
// when it may go well later; unsupported, when there is no network. None shows a secret.
Status tell(const AlertSink& sink, const Telling& telling, const Services& services);

// As it goes to a webhook, to a chat, and into a letter.
std::string webhook_body(const Telling& telling);
std::string chat_text(const Telling& telling);
std::string letter_text(const Telling& telling);

}  // namespace rf::api

template <>
struct rf::EnumNames<rf::api::SinkKind> {
  using K = rf::api::SinkKind;
  static constexpr auto names = std::to_array<std::pair<K, std::string_view>>(
      {{K::webhook, "webhook"}, {K::slack, "slack"}, {K::email, "email"}});
};

template <>
struct rf::Described<rf::api::AlertSink> {
  using S = rf::api::AlertSink;
  static constexpr auto fields = std::tuple{
      field("name", &S::name, "lower-case letters, digits and underscores", {.required = true}),
      field("kind", &S::kind, "webhook, slack or email", {.required = true}),
      field("url", &S::url, "https://…, or smtps://host:465 or smtp://host:587 for mail"),
      field("secrets", &S::secrets, "a file with NAME_url, NAME_key or NAME_password"),
      field("least", &S::least, "tells of nothing less than notice, warning or alarm"),
      field("accounts", &S::accounts, "only of these"),
      field("from", &S::from, "of mail: the sender's address"),
      field("to", &S::to, "of mail: who gets it"),
      field("user", &S::user, "of mail: the name at the server; empty: it asks for none"),
      field("open_line", &S::open_line, "of mail: without encryption, on this machine only")};
};

template <>
struct rf::Described<rf::api::AlertSettings> {
  using S = rf::api::AlertSettings;
  static constexpr auto fields =
      std::tuple{field("remind_hours", &S::remind_hours,
                       "an alarm that lasts is told again so often", {.min = 1, .max = 720}),
                 field("sinks", &S::sinks, "who is told")};
};
