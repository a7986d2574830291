#include "net/client.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>
#include <utility>
#include <vector>

#include <curl/curl.h>
#include <fmt/format.h>

#include "net/address.h"
#include "net/curl.h"
#include "net/redact.h"
#include "net/retry.h"

namespace rf::net {
namespace {

// Idle connections older than this are not used again: servers and the boxes between close them
// without a word after a minute or so, and a write that meets a dead one has no known outcome.
constexpr long kIdleSecondsMax = 30;

// One request on its way.
struct Exchange {
  const ClientRules& rules;
  const Request& request;
  Response response{};
  std::int64_t header_bytes = 0;
  int times_sent = 0;
  bool head_ended = false;  // The empty line after the headers came.
  bool too_big = false;
  bool cancelled = false;
  bool refused_host = false;
  bool refused_repeat = false;
};

Exchange& exchange_of(void* user) { return *static_cast<Exchange*>(user); }

std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* user) {
  Exchange& exchange = exchange_of(user);
  const auto room = static_cast<std::uint64_t>(exchange.rules.body_bytes_max);
  exchange.too_big = exchange.too_big || exchange.response.body.size() + size > room;
  if (exchange.too_big) return 0;
  exchange.response.body.append(bytes, size);
  return size;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// Status lines and header lines, one call each; interim answers and redirects begin anew.
std::size_t on_header(char* bytes, std::size_t, std::size_t size, void* user) {
  Exchange& exchange = exchange_of(user);
  exchange.header_bytes += static_cast<std::int64_t>(size);
  exchange.too_big = exchange.too_big || exchange.header_bytes > exchange.rules.header_bytes_max;
  if (exchange.too_big) return 0;
  const std::string_view line(bytes, size);
  const std::size_t colon = line.find(':');
  if (line.starts_with("HTTP/")) {
    exchange.response = {};
    exchange.head_ended = false;
  } else if (trimmed(line).empty()) {
    exchange.head_ended = true;
  } else if (colon != std::string_view::npos) {
    exchange.response.headers.add(std::string(trimmed(line.substr(0, colon))),
                                  std::string(trimmed(line.substr(colon + 1))));
  }
  return size;
}

// Called when a connection stands and the request is about to go out on it.
int before_sending(void* user, char*, char*, int, int) {
  Exchange& exchange = exchange_of(user);
  const bool again = exchange.times_sent > 0;
  if (again && !is_read(exchange.request.method)) {
    exchange.refused_repeat = true;
    return CURL_PREREQFUNC_ABORT;
  }
  ++exchange.times_sent;
  return CURL_PREREQFUNC_OK;
}

int while_waiting(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  Exchange& exchange = exchange_of(user);
  exchange.cancelled = exchange.rules.cancelled && exchange.rules.cancelled();
  return exchange.cancelled ? 1 : 0;
}

curl_socket_t open_socket(void* user, curlsocktype, curl_sockaddr* address) {
  Exchange& exchange = exchange_of(user);
  if (exchange.rules.public_hosts_only && !is_public(address->addr)) {
    exchange.refused_host = true;
    return CURL_SOCKET_BAD;
  }
  return open_socket_of(address->family, address->socktype, address->protocol);
}

void set_limits(CURL* easy, const ClientRules& rules) {
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(rules.connect_max));
  set(easy, CURLOPT_TIMEOUT_MS, milliseconds(rules.whole_max));
  set(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(easy, CURLOPT_LOW_SPEED_TIME,
      static_cast<long>(std::chrono::ceil<std::chrono::seconds>(rules.stall_max).count()));
  set(easy, CURLOPT_MAXAGE_CONN, kIdleSecondsMax);
  set(easy, CURLOPT_NOSIGNAL, 1L);
}

void set_ways(CURL* easy, const ClientRules& rules, const Request& request) {
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_REDIR_PROTOCOLS_STR, "https");
  const bool follows = rules.redirects_max > 0 && is_read(request.method);
  set(easy, CURLOPT_FOLLOWLOCATION, follows ? 1L : 0L);
  set(easy, CURLOPT_MAXREDIRS, static_cast<long>(rules.redirects_max));
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set(easy, CURLOPT_PROXY, rules.proxy.c_str());
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!rules.authorities.empty()) set(easy, CURLOPT_CAINFO, rules.authorities.c_str());
  set(easy, CURLOPT_ACCEPT_ENCODING, "");
  set(easy, CURLOPT_USERAGENT, rules.agent.c_str());
}

void set_callbacks(CURL* easy, Exchange& exchange) {
  void* user = &exchange;
  set(easy, CURLOPT_WRITEFUNCTION, on_body);
  set(easy, CURLOPT_WRITEDATA, user);
  set(easy, CURLOPT_HEADERFUNCTION, on_header);
  set(easy, CURLOPT_HEADERDATA, user);
  set(easy, CURLOPT_PREREQFUNCTION, before_sending);
  set(easy, CURLOPT_PREREQDATA, user);
  set(easy, CURLOPT_XFERINFOFUNCTION, while_waiting);
  set(easy, CURLOPT_XFERINFODATA, user);
  set(easy, CURLOPT_NOPROGRESS, exchange.rules.cancelled ? 0L : 1L);
  set(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  set(easy, CURLOPT_OPENSOCKETDATA, user);
}

// A GET with a body is sent as it is asked for: one platform's own client does so.
void set_request(CURL* easy, const Request& request) {
  set(easy, CURLOPT_URL, request.target.c_str());
  const bool body = !request.body.empty() || request.method == "POST" || request.method == "PUT" ||
                    request.method == "PATCH";
  if (request.method == "HEAD") {
    set(easy, CURLOPT_NOBODY, 1L);
  } else if (body) {
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(easy, CURLOPT_POSTFIELDS, request.body.c_str());
  }
  if (request.method != "GET" || body) set(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return c > ' ' && c < 0x7f && std::strchr("()<>@,;:\\\"/[]?={}", c) == nullptr;
  });
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

Status check(const Request& request) {
  if (!is_token(request.method)) {
    return fail(ErrorCode::invalid, "a request's method is letters, such as GET");
  }
  if (has_control(request.target) || request.target.find(' ') != std::string::npos) {
    return fail(ErrorCode::invalid, "an address holds a space or a control character: " +
                                        without_secrets(request.target));
  }
  for (const auto& [name, value] : request.headers.fields()) {
    if (!is_token(name) || has_control(value)) {
      return fail(ErrorCode::invalid,
                  "header '" + name + "' cannot be sent: it holds a control character");
    }
  }
  return {};
}

List header_list(const Request& request) {
  List list;
  const auto add = [&](const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    RF_CHECK(longer != nullptr);
    static_cast<void>(list.release());
    list.reset(longer);
  };
  for (const auto& [name, value] : request.headers.fields()) {
    // An empty value takes a semicolon here; a colon would take the header away.
    add(value.empty() ? name + ";" : fmt::format("{}: {}", name, value));
  }
  add("Expect:");  // Waiting for a go-ahead costs a second where the server knows none.
  const bool typed = request.headers.find("Content-Type").has_value();
  if (!typed) add("Content-Type:");  // Never a form by surprise.
  return list;
}

bool bad_certificate(CURLcode code) {
  return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
         code == CURLE_SSL_ISSUER_ERROR || code == CURLE_SSL_INVALIDCERTSTATUS;
}

bool bad_address(CURLcode code) {
  return code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL;
}

// What a person reads of it: curl's own words are about the connection, and hold no address but
// the host's name.
std::string reason(CURLcode code, std::string_view detail) {
  return std::string(detail.empty() ? std::string_view(curl_easy_strerror(code)) : detail);
}

Error failure(const Exchange& exchange, CURLcode code, std::string_view detail) {
  const std::string where =
      fmt::format("{} {}", exchange.request.method, without_secrets(exchange.request.target));
  if (exchange.too_big) {
    return fail(ErrorCode::over_limit,
                fmt::format("{}: the answer is larger than {} bytes, or its headers than {}", where,
                            exchange.rules.body_bytes_max, exchange.rules.header_bytes_max));
  }
  if (bad_address(code)) return fail(ErrorCode::invalid, where + ": not an http or https address");
  if (exchange.refused_host) {
    return fail(ErrorCode::denied, where + ": the host is not on the public internet");
  }
  if (bad_certificate(code)) {
    return fail(ErrorCode::denied,
                where + ": the server's certificate does not hold: " + reason(code, detail));
  }
  if (exchange.times_sent == 0) {
    const auto kind = exchange.cancelled ? ErrorCode::conflict : ErrorCode::unavailable;
    return fail(kind, where + ": not sent: " +
                          (exchange.cancelled ? "it was cancelled" : reason(code, detail)));
  }
  const std::string what = exchange.cancelled        ? "it was cancelled"
                           : exchange.refused_repeat ? "the connection was lost"
                                                     : reason(code, detail);
  return fail(ErrorCode::outcome_unknown, where + ": sent, but no whole answer came: " + what);
}

class Client final : public HttpClient {
 public:
  explicit Client(ClientRules rules) : rules_(std::move(rules)) {}

  Result<Response> send(const Request& request) override {
    RF_TRY(check(request));
    trace(request);
    Easy easy = take();
    if (easy == nullptr) return fail(ErrorCode::unavailable, "no memory for another request");
    Exchange exchange{.rules = rules_, .request = request};
    std::array<char, CURL_ERROR_SIZE> detail{};
    const List headers = header_list(request);
    curl_easy_reset(easy.get());  // Keeps the connections.
    set_limits(easy.get(), rules_);
    set_ways(easy.get(), rules_, request);
    set_callbacks(easy.get(), exchange);
    set_request(easy.get(), request);
    set(easy.get(), CURLOPT_HTTPHEADER, headers.get());
    set(easy.get(), CURLOPT_ERRORBUFFER, detail.data());
    const CURLcode code = curl_easy_perform(easy.get());
    long status = 0;
    static_cast<void>(curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status));
    set<char*>(easy.get(), CURLOPT_ERRORBUFFER, nullptr);
    give_back(std::move(easy));
    if (code != CURLE_OK) return traced(failure(exchange, code, detail.data()));
    // A connection that closes between two headers is fine with curl; the rest may have mattered.
    if (!exchange.head_ended) return traced(failure(exchange, CURLE_PARTIAL_FILE, ""));
    exchange.response.status = static_cast<int>(status);
    trace(exchange.response);
    return std::move(exchange.response);
  }

 private:
  template <typename Message>
  void trace(const Message& message) const {
    if (rules_.trace) rules_.trace(shown(message));
  }

  Error traced(Error error) const {
    if (rules_.trace) rules_.trace(error.message);
    return error;
  }

  Easy take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return Easy(curl_easy_init());
    Easy easy = std::move(idle_.back());
    idle_.pop_back();
    return easy;
  }

  void give_back(Easy easy) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(easy));
  }

  ClientRules rules_;
  std::mutex mutex_;
  std::vector<Easy> idle_;  // One for each request that was ever under way at once.
};

}  // namespace

std::unique_ptr<HttpClient> open_client(ClientRules rules) {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  RF_CHECK(started == CURLE_OK);
  return std::make_unique<Client>(std::move(rules));
}

}  // namespace rf::net
