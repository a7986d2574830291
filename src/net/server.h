// The HTTP/1.1 server: hands each whole, checked request to a handler, and keeps the rest out.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "net/event_stream.h"
#include "net/http.h"

namespace rf::net {

// Chosen, unless said otherwise.
struct ServerRules {
  std::string address = "127.0.0.1";  // A number, not a name.
  int port = 0;                       // 0 is any free one.
  int threads = 2;                    // That move bytes.
  int workers = 4;                    // Handlers at once; 0 runs them where the bytes are moved.
  int waiting_max = 1000;             // Requests waiting for a worker; one more is told 503.
  int connections_max = 16'000;       // More stay in the system's queue.
  std::int64_t header_bytes_max = 32 << 10;
  std::int64_t body_bytes_max = 16 << 20;
  Duration header_max = std::chrono::seconds{10};  // For the whole of a request's head.
  Duration body_max = std::chrono::seconds{60};
  Duration write_max = std::chrono::seconds{60};  // For the client to take an answer.
  Duration idle_max = std::chrono::seconds{75};   // Between requests. Above proxies' usual 60 s.
  Duration beat = std::chrono::seconds{15};       // A comment on event streams that say nothing.
  Duration drain_max = std::chrono::seconds{10};  // For requests under way when stopping.
  std::int64_t stream_bytes_max = 1 << 20;        // Queued for a slow listener; more gives it up.
  std::string certificate;                        // PEM files; both or none. With them only TLS
  std::string private_key;                        // 1.2 and above is spoken.
};

// How requests are answered.
struct Handlers {
  AnswerHandler answer;
  // Asked first, where the bytes are moved: an answer that is at hand, or nothing, and the request
  // goes to a worker. Saves two changes of thread. It must not wait for anything. May be none.
  std::function<std::optional<Answer>(const Request&)> at_once;
};

class HttpServer {
 public:
  virtual ~HttpServer() = default;

  // The one it listens on.
  virtual int port() const = 0;

  // Takes no new connections, lets requests under way end, ends event streams, and returns when all
  // is quiet. The destructor does the same.
  virtual void stop() = 0;
};

// Requests that could be read in two ways are refused here and never seen by the handler: two
// lengths, an unknown transfer coding, no or several hosts. A handler's headers are sent as they
// are, but for those that frame the message.
// Thread: a handler is called from many threads at once, and must not call stop().
// Errors: invalid, for an address or certificate; unavailable, when it cannot listen there.
Result<std::unique_ptr<HttpServer>> start_server(const ServerRules& rules, Handlers handlers,
                                                 const Clock& clock);
Result<std::unique_ptr<HttpServer>> start_server(const ServerRules& rules, AnswerHandler handler,
                                                 const Clock& clock);
Result<std::unique_ptr<HttpServer>> start_server(const ServerRules& rules, Handler handler,
                                                 const Clock& clock);

}  // namespace rf::net
