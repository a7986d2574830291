// Webhooks: what shops and platforms tell by themselves. Each is signed with a secret that both
// sides know, needs no token, and is on the disk before it is answered.
//
//   POST /hooks/orders  X-ReelForge-Signature: sha256=HMAC(secret, body); one order, or an array
//   GET  /hooks/meta    the handshake; POST, X-Hub-Signature-256
//   POST /hooks/tiktok  TikTok-Signature: t=…,s=…
//
// Platforms tell everything at least once and in any order; here each is kept once.
// Source: Meta's and TikTok's documents of webhooks.

#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"
#include "server/services_pool.h"
#include "store/event_log.h"

namespace rf::server {

// The events in a webhook's body, by its path's last word. Nothing is checked but its form.
// Errors: invalid, with the place; not_found, for another word.
Result<std::vector<IncomingEvent>> events_in(std::string_view source, std::string_view body,
                                             Instant now);

// Thread: any.
class Hooks {
 public:
  explicit Hooks(const Surroundings& around) : around_(around) {}

  // None where the path is no webhook's. A webhook without a secret of its own is not there.
  std::optional<net::Response> answer(const net::Request& request);

 private:
  std::string secret(std::string_view name) const;
  net::Response handshake(std::string_view query) const;
  Status check(std::string_view source, const std::string& secret,
               const net::Request& request) const;
  net::Response keep(std::string_view source, const net::Request& request);
  Result<EventLog*> log();

  const Surroundings& around_;
  std::mutex mutex_;
  std::unique_ptr<EventLog> log_;
};

}  // namespace rf::server
