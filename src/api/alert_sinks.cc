#include "api/alert_sinks.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "api/secrets_file.h"
#include "base/hmac.h"
#include "base/sha256.h"
#include "store/documents.h"

namespace rf::api {
namespace {

using act::KeptAlert;

constexpr std::string_view kDocument = "alert_sinks";
constexpr std::size_t kSinksMax = 20;

// Chosen: what a person reads in a chat or a letter; a program may read more.
constexpr std::size_t kShownToPeople = 10;
constexpr std::size_t kShownToPrograms = 100;
constexpr std::size_t kTextMax = 600;

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 40 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

bool on_this_machine(std::string_view url) {
  const std::size_t slashes = url.find("://");
  if (slashes == std::string_view::npos) return false;
  std::string_view host = url.substr(slashes + 3);
  host = host.substr(0, host.find('/'));
  host = host.substr(0, host.rfind(':'));
  return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

Error wrong(const AlertSink& sink, std::string_view what) {
  return fail(ErrorCode::invalid, fmt::format("sink '{}': {}", sink.name, what));
}

// What is said to it goes encrypted, or does not leave this machine.
Status check_url(const AlertSink& sink, const std::string& url) {
  if (url.find('@') != std::string::npos) return wrong(sink, "no name or password in 'url'");
  if (sink.kind == SinkKind::email) {
    if (!url.starts_with("smtp://") && !url.starts_with("smtps://")) {
      return wrong(sink, "'url' is smtps://host:465 or smtp://host:587");
    }
    if (sink.open_line && !on_this_machine(url)) {
      return wrong(sink, "'open_line' is for a server on this machine");
    }
    return {};
  }
  if (url.starts_with("https://")) return {};
  if (url.starts_with("http://") && on_this_machine(url)) return {};
  return wrong(sink, "'url' must be https, or this machine");
}

Status check_sink(const AlertSink& sink) {
  if (!is_name(sink.name)) {
    return wrong(sink, "a name is lower-case letters, digits and underscores");
  }
  const bool mail = sink.kind == SinkKind::email;
  if (mail && (sink.from.empty() || sink.to.empty() || sink.url.empty())) {
    return wrong(sink, "mail needs 'url', 'from' and 'to'");
  }
  if (!mail && !(sink.from.empty() && sink.to.empty() && sink.user.empty())) {
    return wrong(sink, "'from', 'to' and 'user' are for mail");
  }
  if (!sink.url.empty()) return check_url(sink, sink.url);
  return {};
}

// "ops_url" in a file, REELFORGE_ALERT_OPS_URL in the environment.
Result<std::string> secret_of(const AlertSink& sink, std::string_view what,
                              const Services& services) {
  const std::string name = fmt::format("{}_{}", sink.name, what);
  if (!sink.secrets.empty()) {
    const JsonObject found = RF_TRY(read_secrets(sink.secrets));
    const Json* value = found.if_contains(name);
    return value == nullptr ? std::string() : std::string(value->get_string());
  }
  std::string upper = "REELFORGE_ALERT_" + name;
  std::ranges::transform(upper, upper.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  const auto& secret = services.reach().secret;
  return secret ? secret(upper) : std::string();
}

std::string id_of(const Telling& telling) {
  std::string all = telling.account;
  for (const auto* part : {&telling.open, &telling.over}) {
    all += '/';
    for (const KeptAlert& kept : *part) {
      all += fmt::format(" {}:{}", kept.number, kept.told.size());
      for (const auto& [sink, at] : kept.told) all += to_rfc3339(at);
    }
  }
  return sha256_hex(all).substr(0, 32);
}

std::string shortened(std::string_view text) {
  if (text.size() <= kTextMax) return std::string(text);
  std::size_t size = kTextMax;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  return std::string(text.substr(0, size)) + "…";
}

// Source: Slack, "Formatting text for app surfaces": only these three are escaped.
std::string escaped(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  for (char c : text) {
    if (c == '&') {
      safe += "&amp;";
    } else if (c == '<') {
      safe += "&lt;";
    } else if (c == '>') {
      safe += "&gt;";
    } else {
      safe += c;
    }
  }
  return safe;
}

std::string headline(const Telling& telling) {
  std::string text = fmt::format("ReelForge, {}: ", telling.account);
  if (telling.open.empty()) return text + fmt::format("{} over", telling.over.size());
  const auto worst = std::ranges::max_element(
      telling.open, {}, [](const KeptAlert& kept) { return kept.alert.severity; });
  text += fmt::format("{}", name_of(worst->alert.severity));
  if (telling.open.size() > 1) text += fmt::format(" and {} more", telling.open.size() - 1);
  return text;
}

// The most severe first, then what is newest.
std::vector<KeptAlert> by_weight(std::vector<KeptAlert> alerts, std::size_t most) {
  std::ranges::stable_sort(alerts, std::ranges::greater{}, [](const KeptAlert& kept) {
    return std::tuple(kept.alert.severity, kept.number);
  });
  if (alerts.size() > most) alerts.resize(most);
  return alerts;
}

std::string more_than(std::size_t all, std::size_t most) {
  if (all <= most) return "";
  return fmt::format("and {} more: reelforge alerts list\n", all - most);
}

Status understood(const AlertSink& sink, const net::Response& answer) {
  if (answer.status >= 200 && answer.status < 300) return {};
  const bool later = answer.status == 429 || answer.status >= 500;
  return fail(later ? ErrorCode::unavailable : ErrorCode::denied,
              fmt::format("sink '{}' answered {}", sink.name, answer.status));
}

Status post(const AlertSink& sink, const Telling& telling, const Services& services) {
  const auto& http = services.reach().typed_http;
  net::HttpClient* client = http ? http() : nullptr;
  if (client == nullptr) return fail(ErrorCode::unsupported, "there is no network here");
  std::string url = sink.url;
  if (url.empty()) url = RF_TRY(secret_of(sink, "url", services));
  if (url.empty()) {
    return fail(
        ErrorCode::denied,
        fmt::format("sink '{0}' has no address: set 'url', or the secret {0}_url", sink.name));
  }
  RF_TRY(check_url(sink, url));
  net::Request request{.method = "POST", .target = url, .headers = {}, .body = {}};
  request.body = sink.kind == SinkKind::slack ? to_text(JsonObject{{"text", chat_text(telling)}})
                                              : webhook_body(telling);
  request.headers.add("Content-Type", "application/json");
  request.headers.add("Idempotency-Key", id_of(telling));
  const std::string key = RF_TRY(secret_of(sink, "key", services));
  if (!key.empty()) {
    const std::string at = to_rfc3339(telling.at);
    request.headers.add("X-ReelForge-Time", at);
    request.headers.add("X-ReelForge-Signature",
                        "sha256=" + hmac_sha256_hex(key, at + "." + request.body));
  }
  const Result<net::Response> answer = client->send(request);
  if (answer) return understood(sink, *answer);
  // A chat's address is its secret, and errors of the network hold addresses.
  const ErrorCode code =
      answer.error().code == ErrorCode::denied ? ErrorCode::denied : ErrorCode::unavailable;
  return fail(code, fmt::format("sink '{}' was not reached: {}", sink.name,
                                code == ErrorCode::denied
                                    ? "its certificate does not hold or it is no public host"
                                    : "no whole answer came"));
}

Status write_to(const AlertSink& sink, const Telling& telling, const Services& services) {
  const auto& mail = services.reach().mail;
  net::MailSender* sender = mail ? mail() : nullptr;
  if (sender == nullptr) return fail(ErrorCode::unsupported, "there is no network here");
  RF_TRY(check_url(sink, sink.url));
  net::MailServer server{.url = sink.url, .user = sink.user, .open_line = sink.open_line};
  if (!sink.user.empty()) {
    server.password = RF_TRY(secret_of(sink, "password", services));
    if (server.password.empty()) {
      return fail(ErrorCode::denied,
                  fmt::format("sink '{0}' has no password: the secret {0}_password", sink.name));
    }
  }
  const Status sent = sender->send(server, {.from = sink.from,
                                            .to = sink.to,
                                            .subject = headline(telling),
                                            .text = letter_text(telling),
                                            .id = id_of(telling),
                                            .at = telling.at});
  if (sent) return {};
  return fail(sent.error().code, fmt::format("sink '{}': {}", sink.name, sent.error().message));
}

}  // namespace

Status check(const AlertSettings& settings) {
  if (settings.sinks.size() > kSinksMax) {
    return fail(ErrorCode::over_limit, fmt::format("more than {} sinks", kSinksMax));
  }
  std::set<std::string> names;
  for (const AlertSink& sink : settings.sinks) {
    RF_TRY(check_sink(sink));
    if (!names.insert(sink.name).second) return wrong(sink, "there are two of that name");
  }
  return {};
}

Result<AlertSettings> alert_settings(Store& store) {
  return document_of<AlertSettings>(store, AccountId{}, kDocument);
}

Status put_alert_settings(Store& store, const AlertSettings& settings) {
  return store.put_document(AccountId{}, kDocument, to_json(settings));
}

std::string webhook_body(const Telling& telling) {
  JsonArray alerts;
  const auto add = [&](const std::vector<KeptAlert>& part, std::string_view state) {
    for (const KeptAlert& kept : by_weight(part, kShownToPrograms)) {
      alerts.push_back(JsonObject{{"number", kept.number},
                                  {"state", state},
                                  {"kind", name_of(kept.alert.kind)},
                                  {"severity", name_of(kept.alert.severity)},
                                  {"thing", kept.alert.thing},
                                  {"text", shortened(kept.alert.text)},
                                  {"command", kept.alert.command},
                                  {"first", to_rfc3339(kept.first)},
                                  {"times", kept.times}});
    }
  };
  add(telling.open, "open");
  add(telling.over, "over");
  return to_text(JsonObject{{"id", id_of(telling)},
                            {"account", telling.account},
                            {"at", to_rfc3339(telling.at)},
                            {"open", std::ssize(telling.open)},
                            {"over", std::ssize(telling.over)},
                            {"alerts", std::move(alerts)}});
}

std::string chat_text(const Telling& telling) {
  std::string text = fmt::format("*{}*\n", escaped(headline(telling)));
  for (const KeptAlert& kept : by_weight(telling.open, kShownToPeople)) {
    text += fmt::format("• *{}* {}\n   `{}`\n", name_of(kept.alert.severity),
                        escaped(shortened(kept.alert.text)), escaped(kept.alert.command));
  }
  text += more_than(telling.open.size(), kShownToPeople);
  for (const KeptAlert& kept : by_weight(telling.over, kShownToPeople)) {
    text += fmt::format("• over: {}\n", escaped(shortened(kept.alert.text)));
  }
  return text;
}

std::string letter_text(const Telling& telling) {
  std::string text;
  for (const KeptAlert& kept : by_weight(telling.open, kShownToPeople)) {
    text += fmt::format(
        "{}, since {}:\n  {}\n  what to do: {}\n  known? reelforge alerts "
        "acknowledge {} --account {}\n\n",
        name_of(kept.alert.severity), to_rfc3339(kept.first), shortened(kept.alert.text),
        kept.alert.command, kept.number, telling.account);
  }
  text += more_than(telling.open.size(), kShownToPeople);
  for (const KeptAlert& kept : by_weight(telling.over, kShownToPeople)) {
    text += fmt::format("over: {}\n", shortened(kept.alert.text));
  }
  return text;
}

Status tell(const AlertSink& sink, const Telling& telling, const Services& services) {
  return sink.kind == SinkKind::email ? write_to(sink, telling, services)
                                      : post(sink, telling, services);
}

}  // namespace rf::api
