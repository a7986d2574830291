// The HTTP door: every operation of the table at its path, and what a service needs beside it.

#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/operation.h"
#include "base/time.h"
#include "net/event_stream.h"
#include "net/http.h"
#include "server/access.h"
#include "server/services_pool.h"

namespace rf::server {

struct DoorRules {
  AccessRules access;
  // Chosen: who looks at numbers that change hourly does not miss these seconds.
  Duration answers_kept_for = std::chrono::seconds{5};
  std::size_t answers_bytes_max = 128 << 20;
  std::string audit_file;  // Of changing calls.
};

// What a door answers to:
//   GET /healthz, /readyz, /api/v1/openapi.json     without a token
//   GET /metrics                                    with the scope read
//   GET /api/v1/WORDS?FIELD=VALUE                   operations that read; also HEAD
//   POST /api/v1/WORDS {"FIELD": VALUE}             every operation
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
};

// `operations` and `around` outlive the door.
std::unique_ptr<Door> open_door(const std::vector<api::Operation>& operations,
                                const Surroundings& around, DoorRules rules);

}  // namespace rf::server
