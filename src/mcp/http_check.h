// What a request over HTTP has to be before its message is looked at, and how its headers have to
// fit the message.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/catalog.h"
#include "mcp/message.h"
#include "net/http.h"

namespace rf::mcp {

// True, when the request was meant for this machine: neither the name it was sent to nor the page
// that sent it is another's, so that no web page reaches us through a name that it controls.
// `names` are allowed besides those of the loopback interface.
bool is_for_us(const net::Headers& headers, const std::vector<std::string>& names);

// True, when the request carries `token` as a bearer token. An empty token lets everyone in.
bool is_let_in(const net::Headers& headers, std::string_view token);

// The headers of the 2026-07-28 revision, which repeat parts of the message for those in between.
// Refused: kHeaderMismatch.
std::optional<Refusal> check_modern_headers(const net::Headers& headers, const Message& message,
                                            const Catalog& catalog);

// The text that a header stands for: itself, or what "=?base64?…?=" encodes.
// None: that encoding is broken.
// Source: MCP 2026-07-28, transports; RFC 4648, section 4.
std::optional<std::string> header_text(std::string_view value);

}  // namespace rf::mcp
