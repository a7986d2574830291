// The HTTP door: every operation of the table at its path, and what a service needs beside it.

#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/operation.h"
#include "base/time.h"
#include "net/event_stream.h"
#include "net/http.h"
#include "server/access.h"
#include "server/dashboard.h"
#include "server/services_pool.h"

namespace rf::server {

struct DoorRules {
  AccessRules access;
  // Chosen: who looks at numbers that change hourly does not miss these seconds.
  Duration answers_kept_for = std::chrono::seconds{5};
  std::size_t answers_bytes_max = 128 << 20;
  std::string audit_file;  // Of changing calls.
  std::span<const WebFile> dashboard;
  std::string films;  // A folder whose films the dashboard may play; empty for none.
  bool tls = false;   // Cookies are then sent over TLS only.
};

// What a door answers to:
//   GET /healthz, /readyz, /api/v1/openapi.json     without a token
//   GET /metrics, /films/SHA256                     with the scope read
//   POST, GET, DELETE /session                      a browser's session: open, look, end
//   POST /api/v1/import/upload?name=FILE            an export as the body, with the scope propose
//   GET /api/v1/WORDS?FIELD=VALUE                   operations that read; also HEAD
//   POST /api/v1/WORDS {"FIELD": VALUE}             every operation
//   GET of anything else                            the dashboard, without a token
// With "Accept: text/event-stream" an operation tells its progress as events of that name, and its
// output as the event "result" or "error"; it is cancelled when the listener goes.
// Thread: any.
class Door {
 public:
  virtual ~Door() = default;
  virtual net::Answer answer(const net::Request& request) = 0;

  // The answer of a read that is kept in memory, without waiting for anything; nothing for all
  // else.
  virtual std::optional<net::Answer> answer_at_once(const net::Request& request) = 0;

  // A code that opens one session for the holder of this token, once and soon.
  virtual std::string offer_session(const std::string& token_id) = 0;
};

// `operations` and `around` outlive the door.
std::unique_ptr<Door> open_door(const std::vector<api::Operation>& operations,
                                const Surroundings& around, DoorRules rules);

}  // namespace rf::server
