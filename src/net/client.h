// The HTTP client that speaks to the network.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "net/http.h"

namespace rf::net {

// Defaults are chosen: platforms' slowest reports take some tens of seconds to begin.
struct ClientRules {
  Duration connect_max = std::chrono::seconds{10};  // Name, connection and TLS together.
  Duration stall_max = std::chrono::seconds{60};    // Without a single byte. Whole seconds.
  Duration whole_max = std::chrono::minutes{5};
  std::int64_t body_bytes_max = 64 << 20;  // Of an answer, decompressed.
  std::int64_t header_bytes_max = 256 << 10;
  int redirects_max = 0;           // Followed for GET and HEAD only.
  bool public_hosts_only = false;  // For addresses that a stranger may have chosen.
  std::string proxy;        // "http://host:3128"; empty is none, whatever the surroundings say.
  std::string authorities;  // A PEM file of trusted certificates instead of the system's.
  std::string agent = "reelforge";  // The User-Agent, where a request has none of its own.

  // Asked about once a second while waiting; true ends the request.
  std::function<bool()> cancelled;
  // Gets one line for each request and one for each answer, without secrets; none is silence.
  std::function<void(std::string_view)> trace;
};

// A client that keeps connections open between requests. A write is never sent twice, also where a
// kept connection turns out to be dead.
// Bodies come decompressed, while Content-Encoding and Content-Length stay as they were sent.
// Thread: any; `cancelled` and `trace` are called from the sending thread.
// Errors of send(): as the seam says, and invalid for an address or header that cannot be sent;
// denied, when the server's certificate does not hold or a host is not public; conflict, when
// cancelled before the request was sent (after that, outcome_unknown).
std::unique_ptr<HttpClient> open_client(ClientRules rules);

}  // namespace rf::net
