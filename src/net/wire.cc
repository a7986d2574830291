#include "net/wire.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "net/retry.h"

namespace rf::net {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

std::int64_t count_of(const Headers& headers, std::string_view name) {
  return std::ranges::count_if(
      headers.fields(), [&](const Headers::Field& field) { return lower(field.first) == name; });
}

constexpr auto kOnce = std::to_array<std::string_view>(
    {"host", "content-length", "transfer-encoding", "content-type", "authorization"});

// Set by the server alone.
constexpr auto kFraming =
    std::to_array<std::string_view>({"content-length", "transfer-encoding", "connection",
                                     "keep-alive", "upgrade", "trailer", "date"});

struct Reason {
  int status;
  std::string_view text;
};
constexpr auto kReasons = std::to_array<Reason>({
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
});

bool can_be_sent(const Headers::Field& field) {
  const auto breaks = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
  return std::ranges::none_of(field.first, breaks) && std::ranges::none_of(field.second, breaks) &&
         !field.first.empty() && field.first.find_first_of(": ") == std::string::npos;
}

Status check_fields(const Headers& headers) {
  for (std::string_view name : kOnce) {
    if (count_of(headers, name) > 1) {
      return fail(ErrorCode::invalid, fmt::format("header '{}' is given more than once", name));
    }
  }
  return {};
}

Status check_target(const Request& request) {
  const bool path =
      request.target.starts_with("/") || (request.method == "OPTIONS" && request.target == "*");
  if (!path) return fail(ErrorCode::invalid, "the request's target does not begin with '/'");
  const bool hidden = std::ranges::any_of(
      request.target, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; });
  if (hidden) return fail(ErrorCode::invalid, "the request's target holds a control character");
  return {};
}

}  // namespace

Status check_head(const Request& request, bool is_http_1_0) {
  RF_TRY(check_fields(request.headers));
  const auto coding = request.headers.find("Transfer-Encoding");
  const auto length = request.headers.find("Content-Length");
  if (length && length->find_first_not_of("0123456789") != std::string_view::npos) {
    return fail(ErrorCode::invalid, "Content-Length is not one number");
  }
  if (coding && length) {
    return fail(ErrorCode::invalid, "both Content-Length and Transfer-Encoding are given");
  }
  if (coding && (is_http_1_0 || lower(*coding) != "chunked")) {
    return fail(ErrorCode::unsupported, "the only transfer coding understood is chunked");
  }
  if (!request.headers.find("Host") && !is_http_1_0) {
    return fail(ErrorCode::invalid, "no Host header is given");
  }
  return check_target(request);
}

bool is_bodiless(int status) { return status < 200 || status == 204 || status == 304; }

std::string_view reason_of(int status) {
  const auto* found = std::ranges::find(kReasons, status, &Reason::status);
  return found == kReasons.end() ? "" : found->text;
}

std::string head_of(const Response& response, const HeadStyle& style, Instant now) {
  std::string out;
  out.reserve(256);
  fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status,
                 reason_of(response.status), to_http_date(now));
  for (const Headers::Field& field : response.headers.fields()) {
    const bool ours = std::ranges::find(kFraming, lower(field.first)) != kFraming.end();
    if (!ours && can_be_sent(field))
      out.append(field.first).append(": ").append(field.second).append("\r\n");
  }
  if (style.framing == Framing::chunked) out += "Transfer-Encoding: chunked\r\n";
  if (style.framing == Framing::length && !is_bodiless(response.status)) {
    fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", response.body.size());
  }
  if (!style.keep_alive) out += "Connection: close\r\n";
  return out += "\r\n";
}

}  // namespace rf::net
