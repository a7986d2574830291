// HTTP/1.1 messages between bytes and values: what the server accepts, and how it answers.

#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "net/http.h"

namespace rf::net {

// What a request's head, once read, says of the message: whether it can be taken at all.
// Errors: invalid, when two readers could take it for two different messages; unsupported, for a
// transfer coding other than chunked.
Status check_head(const Request& request, bool is_http_1_0);

// How an answer ends for its reader.
enum class Framing {
  length,   // By Content-Length.
  chunked,  // By an empty chunk.
  closing,  // With the connection.
};

struct HeadStyle {
  Framing framing = Framing::length;
  bool keep_alive = true;
  bool to_head_request = false;  // The length is told, the body not sent.
};

// The status line and headers, with the empty line. Fields of `response` that frame the message, or
// hold a line break, are left out.
std::string head_of(const Response& response, const HeadStyle& style, Instant now);

// True where a response of this status never has a body.
bool is_bodiless(int status);

// The standard's words for a status; empty for one it does not know.
std::string_view reason_of(int status);

}  // namespace rf::net
