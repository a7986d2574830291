#include "net/mail.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <curl/curl.h>
#include <fmt/format.h>

#include "base/base64.h"
#include "net/address.h"
#include "net/curl.h"
#include "net/retry.h"

namespace rf::net {
namespace {

// Chosen: an alert is a few lines, and relays refuse letters of megabytes.
constexpr std::size_t kTextBytesMax = 256 << 10;

// In lines of 76, as RFC 2045 wants them.
std::string in_lines(std::string_view text) {
  std::string lines;
  for (std::size_t i = 0; i < text.size(); i += 76) {
    lines += text.substr(i, 76);
    lines += "\r\n";
  }
  return lines;
}

// A header's text as encoded words. An encoded word is 75 characters at most and holds whole
// characters only; 42 bytes make 56 digits.
std::string header_text(std::string_view text) {
  std::string words;
  while (!text.empty()) {
    std::size_t size = std::min<std::size_t>(42, text.size());
    while (size > 1 && size < text.size() &&
           (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) {
      --size;
    }
    words +=
        fmt::format("{}=?UTF-8?B?{}?=", words.empty() ? "" : "\r\n ", base64(text.substr(0, size)));
    text.remove_prefix(size);
  }
  return words;
}

bool is_plain(char c) { return c > ' ' && c < 0x7f && std::strchr("<>()[],;:\\\"", c) == nullptr; }

bool is_address(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() && text.size() <= 254 &&
         text.find('@', at + 1) == std::string_view::npos && std::ranges::all_of(text, is_plain);
}

// "Mon, 02 Mar 2026 11:00:00 +0000".
std::string letter_date(Instant at) {
  // The same but for the zone, which a letter writes as an offset.
  std::string date = to_http_date(at);
  date.replace(date.size() - 3, 3, "+0000");
  return date;
}

// One letter on its way.
struct Delivery {
  const MailRules& rules;
  std::string_view rest;  // Of the letter, as it travels.
  bool refused_host = false;
};

Delivery& delivery_of(void* user) { return *static_cast<Delivery*>(user); }

std::size_t on_read(char* buffer, std::size_t size, std::size_t count, void* user) {
  std::string_view& rest = delivery_of(user).rest;
  const std::size_t bytes = std::min(size * count, rest.size());
  std::memcpy(buffer, rest.data(), bytes);
  rest.remove_prefix(bytes);
  return bytes;
}

std::size_t ignore_answer(char*, std::size_t, std::size_t size, void*) { return size; }

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const Delivery& delivery = delivery_of(user);
  return delivery.rules.cancelled && delivery.rules.cancelled() ? 1 : 0;
}

curl_socket_t on_socket(void* user, curlsocktype, curl_sockaddr* address) {
  Delivery& delivery = delivery_of(user);
  if (delivery.rules.public_hosts_only && !is_public(address->addr)) {
    delivery.refused_host = true;
    return CURL_SOCKET_BAD;
  }
  return open_socket_of(address->family, address->socktype, address->protocol);
}

void set_server(CURL* easy, const MailServer& server, const MailRules& rules) {
  set(easy, CURLOPT_URL, server.url.c_str());
  set(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(easy, CURLOPT_PROXY, "");
  const long encryption = server.open_line ? CURLUSESSL_NONE : CURLUSESSL_ALL;
  set(easy, CURLOPT_USE_SSL, encryption);
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!rules.authorities.empty()) set(easy, CURLOPT_CAINFO, rules.authorities.c_str());
  if (!server.user.empty()) {
    set(easy, CURLOPT_USERNAME, server.user.c_str());
    set(easy, CURLOPT_PASSWORD, server.password.c_str());
  }
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(rules.connect_max));
  set(easy, CURLOPT_TIMEOUT_MS, milliseconds(rules.whole_max));
  set(easy, CURLOPT_NOSIGNAL, 1L);
}

void set_delivery(CURL* easy, Delivery& delivery) {
  void* user = &delivery;
  set(easy, CURLOPT_UPLOAD, 1L);
  set(easy, CURLOPT_READFUNCTION, on_read);
  set(easy, CURLOPT_READDATA, user);
  set(easy, CURLOPT_WRITEFUNCTION, ignore_answer);
  set(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
  set(easy, CURLOPT_XFERINFODATA, user);
  set(easy, CURLOPT_NOPROGRESS, 0L);
  set(easy, CURLOPT_OPENSOCKETFUNCTION, on_socket);
  set(easy, CURLOPT_OPENSOCKETDATA, user);
}

// Codes that stay as they are, however often it is tried.
bool lasts(CURLcode code) {
  constexpr std::array kLasting{
      CURLE_LOGIN_DENIED,       CURLE_USE_SSL_FAILED,   CURLE_PEER_FAILED_VERIFICATION,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS};
  return std::ranges::find(kLasting, code) != kLasting.end();
}

// `answer`: the server's last code, such as 550; 5xx is its last word.
Error failure(const MailServer& server, CURLcode code, long answer, bool refused_host,
              std::string_view detail) {
  const std::string words(detail.empty() ? std::string_view(curl_easy_strerror(code)) : detail);
  if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL) {
    return fail(ErrorCode::invalid, "not an smtp or smtps address: " + server.url);
  }
  if (refused_host) {
    return fail(ErrorCode::denied, server.url + ": the host is not on the public internet");
  }
  const bool final_word = lasts(code) || (answer >= 500 && answer < 600);
  return fail(final_word ? ErrorCode::denied : ErrorCode::unavailable, server.url + ": " + words);
}

class Sender final : public MailSender {
 public:
  explicit Sender(MailRules rules) : rules_(std::move(rules)) {}

  Status send(const MailServer& server, const Letter& letter) override {
    const std::string bytes = RF_TRY(written(letter));
    if (!server.url.starts_with("smtp://") && !server.url.starts_with("smtps://")) {
      return fail(ErrorCode::invalid, "not an smtp or smtps address: " + server.url);
    }
    const Easy easy(curl_easy_init());
    if (easy == nullptr) return fail(ErrorCode::unavailable, "no memory for another letter");
    Delivery delivery{.rules = rules_, .rest = bytes};
    std::array<char, CURL_ERROR_SIZE> detail{};
    List people;
    for (const std::string& each : letter.to) {
      curl_slist* longer = curl_slist_append(people.get(), each.c_str());
      RF_CHECK(longer != nullptr);
      static_cast<void>(people.release());
      people.reset(longer);
    }
    set_server(easy.get(), server, rules_);
    set_delivery(easy.get(), delivery);
    set(easy.get(), CURLOPT_MAIL_FROM, letter.from.c_str());
    set(easy.get(), CURLOPT_MAIL_RCPT, people.get());
    set(easy.get(), CURLOPT_ERRORBUFFER, detail.data());
    const CURLcode code = curl_easy_perform(easy.get());
    if (code == CURLE_OK) return {};
    long answer = 0;
    static_cast<void>(curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &answer));
    return failure(server, code, answer, delivery.refused_host, detail.data());
  }

 private:
  MailRules rules_;
};

}  // namespace

Result<std::string> written(const Letter& letter) {
  if (letter.to.empty()) return fail(ErrorCode::invalid, "a letter needs somebody to go to");
  std::string people;
  for (const std::string& each : letter.to) {
    if (!is_address(each)) return fail(ErrorCode::invalid, fmt::format("no address: '{}'", each));
    people += fmt::format("{}{}", people.empty() ? "" : ",\r\n ", each);
  }
  if (!is_address(letter.from)) {
    return fail(ErrorCode::invalid, fmt::format("no address: '{}'", letter.from));
  }
  if (letter.id.empty() || !std::ranges::all_of(letter.id, is_plain)) {
    return fail(ErrorCode::invalid, "a letter's id is letters, digits, dots and dashes");
  }
  return fmt::format(
      "From: {}\r\nTo: {}\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: <{}@reelforge.invalid>\r\n"
      "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
      letter.from, people, header_text(letter.subject), letter_date(letter.at), letter.id,
      in_lines(base64(std::string_view(letter.text).substr(0, kTextBytesMax))));
}

std::unique_ptr<MailSender> open_mail(MailRules rules) {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  RF_CHECK(started == CURLE_OK);
  return std::make_unique<Sender>(std::move(rules));
}

}  // namespace rf::net
