// MCP over streamable HTTP: both revisions at one address.

#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "mcp/http_sessions.h"
#include "mcp/listeners.h"
#include "mcp/protocol.h"
#include "net/event_stream.h"
#include "net/http.h"

namespace rf::mcp {

struct HttpRules {
  std::string path = "/mcp";
  std::vector<std::string> names;  // Of this machine, besides the loopback's.
  std::string token;               // Who carries it is let in; empty lets everyone in.
};

// Handlers that may wait for a person at once; a server needs more workers than that.
constexpr int kQuestionsMax = 8;

// Thread: any. The server that calls it ends before it does.
class HttpDoor {
 public:
  // REQUIRES: both outlive the door.
  HttpDoor(const Protocol& protocol, HttpRules rules, const Clock& clock)
      : protocol_(protocol), rules_(std::move(rules)), clock_(clock) {}

  net::Answer answer(const net::Request& request);

 private:
  class StreamOutlet;

  net::Answer take_post(const net::Request& request);
  net::Answer take_modern(const net::Request& request, const Message& message);
  net::Answer take_legacy(const net::Request& request, const Message& message);
  net::Answer take_initialize(const net::Request& request, const Message& message);
  net::Answer take_get(const net::Request& request);
  net::Answer take_delete(const net::Request& request);

  net::Answer answer_request(const net::Request& request, const Message& message, Era era,
                             HttpSessions::Lease* session);
  net::Answer stream_of(const Message& message, Era era, std::string session_id);
  net::Answer listen_on_stream(const Json& id, const ListenFilter& filter);
  void run(const Message& message, Era era, const std::string& session_id, net::EventStream stream);
  void run_with(const Message& message, HttpSession* session, net::EventStream& stream);
  void announce(const Change& change);

  const Protocol& protocol_;
  HttpRules rules_;
  const Clock& clock_;
  HttpSessions sessions_;
  Listeners listeners_;
  std::atomic<int> questions_{0};
};

}  // namespace rf::mcp
