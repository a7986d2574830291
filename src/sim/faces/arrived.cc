#include "sim/faces/arrived.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

namespace rf::sim {
namespace {

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

// The text between `open` and the next `close` after it.
std::optional<std::string_view> between_marks(std::string_view text, std::string_view open,
                                              std::string_view close) {
  const std::size_t start = text.find(open);
  if (start == std::string_view::npos) return std::nullopt;
  text.remove_prefix(start + open.size());
  return text.substr(0, text.find(close));
}

std::string_view boundary_of(std::string_view content_type) {
  std::string_view boundary = between_marks(content_type, "boundary=", ";").value_or("");
  if (boundary.size() >= 2 && boundary.front() == '"')
    boundary = boundary.substr(1, boundary.size() - 2);
  return boundary;
}

// One part of a multipart body: a named text, a named file, or, in multipart/related, JSON and then
// the bytes.
Status take_part(std::string_view part, Arrived& arrived) {
  const std::size_t gap = part.find("\r\n\r\n");
  if (gap == std::string_view::npos) {
    return fail(ErrorCode::invalid, "a part of the multipart body has no empty line");
  }
  const std::string_view head = part.substr(0, gap);
  const std::string_view value = part.substr(gap + 4);
  const std::optional<std::string_view> name = between_marks(head, " name=\"", "\"");
  if (name && head.find("filename=\"") == std::string_view::npos) {
    arrived.form.emplace_back(*name, value);
    return {};
  }
  if (!name && head.find("application/json") != std::string_view::npos) {
    Json json = RF_TRY(parse_json(value));
    if (!json.is_object()) return fail(ErrorCode::invalid, "the metadata part is no JSON object");
    arrived.body = std::move(json.as_object());
    return {};
  }
  arrived.file_field = name.value_or("media");
  arrived.bytes = value;
  return {};
}

Status take_multipart(std::string_view body, std::string_view boundary, Arrived& arrived) {
  const std::string mark = fmt::format("--{}", boundary);
  if (boundary.empty() || !body.starts_with(mark)) {
    return fail(ErrorCode::invalid, "the multipart body does not begin with its boundary");
  }
  body.remove_prefix(mark.size());
  while (body.starts_with("\r\n")) {
    body.remove_prefix(2);
    const std::size_t end = body.find("\r\n" + mark);
    if (end == std::string_view::npos) {
      return fail(ErrorCode::invalid, "the multipart body has no final boundary");
    }
    RF_TRY(take_part(body.substr(0, end), arrived));
    body.remove_prefix(end + 2 + mark.size());
  }
  return {};
}

Status take_json(const std::string& text, Arrived& arrived) {
  if (text.empty()) return {};
  Json json = RF_TRY(parse_json(text));
  if (!json.is_object()) return fail(ErrorCode::invalid, "the body is no JSON object");
  arrived.body = std::move(json.as_object());
  return {};
}

Status take_body(const net::Request& request, Arrived& arrived) {
  const std::string_view type = request.headers.find("content-type").value_or("");
  if (type.starts_with("multipart/")) {
    return take_multipart(request.body, boundary_of(type), arrived);
  }
  if (type.starts_with("application/x-www-form-urlencoded")) {
    arrived.form = form_fields(request.body);
    return {};
  }
  if (type.starts_with("application/json")) return take_json(request.body, arrived);
  arrived.bytes = request.body;
  return {};
}

}  // namespace

std::string_view Arrived::asked(std::string_view name) const {
  auto at = std::ranges::find(query, name, &TextFields::value_type::first);
  return at == query.end() ? std::string_view() : std::string_view(at->second);
}

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size();
    const std::optional<int> high = escape ? hex_digit(text[i + 1]) : std::nullopt;
    const std::optional<int> low = escape ? hex_digit(text[i + 2]) : std::nullopt;
    if (high && low) {
      decoded += static_cast<char>(*high * 16 + *low);
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

std::string percent_written(std::string_view text) {
  std::string written;
  written.reserve(text.size());
  for (char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    if (plain) {
      written += c;
    } else {
      written += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return written;
}

TextFields form_fields(std::string_view text) {
  TextFields fields;
  while (!text.empty()) {
    const std::size_t end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (!pair.empty()) {
      fields.emplace_back(
          percent_decoded(pair.substr(0, equals)),
          equals == std::string_view::npos ? "" : percent_decoded(pair.substr(equals + 1)));
    }
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return fields;
}

Result<Arrived> take_apart(const net::Request& request) {
  const std::string_view target = request.target;
  const std::size_t mark = target.find('?');
  Arrived arrived{.method = request.method,
                  .path = std::string(target.substr(0, mark)),
                  .host = std::string(request.headers.find("host").value_or("localhost"))};
  if (mark != std::string_view::npos) arrived.query = form_fields(target.substr(mark + 1));
  std::string_view path = arrived.path;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    if (slash != 0) arrived.parts.push_back(percent_decoded(path.substr(0, slash)));
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  RF_TRY(take_body(request, arrived));
  return arrived;
}

}  // namespace rf::sim
