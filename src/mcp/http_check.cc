#include "mcp/http_check.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

#include "net/secret.h"

namespace rf::mcp {
namespace {

constexpr auto kLoopbackNames =
    std::to_array<std::string_view>({"localhost", "127.0.0.1", "[::1]"});

// "localhost" of "localhost:8080", "[::1]" of "[::1]:8080".
std::string_view without_port(std::string_view host) {
  const std::size_t bracket = host.find(']');
  const std::size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  return host.substr(0, colon);
}

bool same_letters(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c + 0; };
  return std::ranges::equal(a, b, [&](char x, char y) { return lower(x) == lower(y); });
}

bool is_ours(std::string_view host, const std::vector<std::string>& names) {
  const std::string_view name = without_port(host);
  const auto is_name = [name](std::string_view each) { return same_letters(each, name); };
  return std::ranges::any_of(kLoopbackNames, is_name) || std::ranges::any_of(names, is_name);
}

// "localhost:3000" of "http://localhost:3000"; empty for anything else.
std::string_view host_of_origin(std::string_view origin) {
  for (std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme)) return origin.substr(scheme.size());
  }
  return "";
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

int digit_of(char c) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t at = kDigits.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

std::optional<std::string> base64_decoded(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  text.remove_suffix(padding);
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (char c : text) {
    const int digit = digit_of(c);
    if (digit < 0) return std::nullopt;
    bits = (bits << 6U | static_cast<std::uint32_t>(digit)) & 0xFFFFFFU;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>(bits >> static_cast<unsigned>(held) & 0xFFU);
  }
  const bool clean = (bits & ((1U << static_cast<unsigned>(held)) - 1U)) == 0;
  return clean ? std::optional(out) : std::nullopt;
}

Refusal mismatch(std::string message) {
  return {.code = kHeaderMismatch, .message = std::move(message), .http_status = 400};
}

// Compares one header with what the message says.
std::optional<Refusal> check_header(const net::Headers& headers, const std::string& name,
                                    const std::string& expected) {
  const std::optional<std::string_view> found = headers.find(name);
  if (!found) return mismatch(fmt::format("the header '{}' is missing", name));
  const std::optional<std::string> text = header_text(*found);
  if (!text) return mismatch(fmt::format("the header '{}' is not rightly encoded", name));
  if (*text == expected) return std::nullopt;
  return mismatch(fmt::format("the header '{}' is not what the message says", name));
}

// What a header would say of a value; none for what no header can say.
std::optional<std::string> plain_text(const Json& value) {
  if (const auto* text = value.if_string()) return std::string(*text);
  if (value.is_bool() || value.is_int64() || value.is_uint64()) return to_text(value);
  return std::nullopt;
}

// One argument that a tool's schema wants repeated in a header; `value` is null when it is not
// there.
std::optional<Refusal> check_argument(const net::Headers& headers, const std::string& header,
                                      const Json* value) {
  const std::string name = fmt::format("Mcp-Param-{}", header);
  const std::optional<std::string> text = value == nullptr ? std::nullopt : plain_text(*value);
  if (text) return check_header(headers, name, *text);
  if (!headers.find(name)) return std::nullopt;
  return mismatch(fmt::format("the header '{}' is of an argument that is not there", name));
}

// Every such argument, also inside of other arguments.
std::optional<Refusal> check_arguments(const net::Headers& headers, const JsonObject& schema,
                                       const JsonObject& arguments) {
  const JsonObject* properties = object_of(schema, "properties");
  if (properties == nullptr) return std::nullopt;
  for (const auto& property : *properties) {
    const JsonObject* inner = property.value().if_object();
    if (inner == nullptr) continue;
    const Json* value = arguments.if_contains(property.key());
    const JsonObject* object = value == nullptr ? nullptr : value->if_object();
    const std::string header = text_of(*inner, "x-mcp-header");
    std::optional<Refusal> refusal;
    if (object != nullptr) refusal = check_arguments(headers, *inner, *object);
    if (!refusal && !header.empty()) refusal = check_argument(headers, header, value);
    if (refusal) return refusal;
  }
  return std::nullopt;
}

std::optional<Refusal> check_tool(const net::Headers& headers, const Message& message,
                                  const Catalog& catalog) {
  auto tool = std::ranges::find(catalog.tools, text_of(message.params, "name"), &Tool::name);
  if (tool == catalog.tools.end()) return std::nullopt;
  const JsonObject* arguments = object_of(message.params, "arguments");
  return check_arguments(headers, tool->input_schema,
                         arguments == nullptr ? JsonObject{} : *arguments);
}

}  // namespace

bool is_for_us(const net::Headers& headers, const std::vector<std::string>& names) {
  const std::optional<std::string_view> host = headers.find("Host");
  if (!host || !is_ours(*host, names)) return false;
  const std::optional<std::string_view> origin = headers.find("Origin");
  return !origin || is_ours(host_of_origin(*origin), names);
}

bool is_let_in(const net::Headers& headers, std::string_view token) {
  if (token.empty()) return true;
  constexpr std::string_view kScheme = "Bearer ";
  const std::optional<std::string_view> given = headers.find("Authorization");
  if (!given || !same_letters(given->substr(0, kScheme.size()), kScheme)) return false;
  return net::same_secret(given->substr(kScheme.size()), token);
}

std::optional<std::string> header_text(std::string_view value) {
  constexpr std::string_view kBegin = "=?base64?";
  constexpr std::string_view kEnd = "?=";
  value = trimmed(value);
  const bool encoded = value.size() >= kBegin.size() + kEnd.size() && value.starts_with(kBegin) &&
                       value.ends_with(kEnd);
  if (!encoded) return std::string(value);
  return base64_decoded(value.substr(kBegin.size(), value.size() - kBegin.size() - kEnd.size()));
}

std::optional<Refusal> check_modern_headers(const net::Headers& headers, const Message& message,
                                            const Catalog& catalog) {
  const JsonObject* meta = object_of(message.params, "_meta");
  const std::string version =
      meta == nullptr ? "" : text_of(*meta, "io.modelcontextprotocol/protocolVersion");
  // A message that names no version is refused for that, and not for its headers.
  if (!version.empty()) {
    if (auto refusal = check_header(headers, "MCP-Protocol-Version", version)) return refusal;
  }
  if (auto refusal = check_header(headers, "Mcp-Method", message.method)) return refusal;
  if (message.method == "resources/read") {
    return check_header(headers, "Mcp-Name", text_of(message.params, "uri"));
  }
  if (message.method != "tools/call" && message.method != "prompts/get") return std::nullopt;
  const std::string name = text_of(message.params, "name");
  if (auto refusal = check_header(headers, "Mcp-Name", name)) return refusal;
  if (message.method == "tools/call") return check_tool(headers, message, catalog);
  return std::nullopt;
}

}  // namespace rf::mcp
