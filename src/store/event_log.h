// What came in from outside, each thing once: orders of a shop, what platforms tell of themselves;
// and what was told on of it.
//
// In a file of its own beside the store, because an import holds the store's one writer for as long
// as it takes, and whoever calls a webhook does not wait.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace rf {

struct IncomingEvent {
  std::string source;  // "orders", "meta", "tiktok".
  std::string key;     // Names it for ever within its source; the same again is not kept.
  Instant happened;
  std::string body;  // JSON.

  bool operator==(const IncomingEvent&) const = default;
};

struct LoggedEvent {
  std::int64_t number = 0;  // From 1, in the order in which they came.
  Instant came;
  IncomingEvent event;
};

enum class DeliveryState : std::uint8_t {
  sent,     // The receiver took it.
  refused,  // It will not take it, ever.
  unknown,  // It was asked, and may have taken it.
  waiting,  // It was asked, and has certainly not taken it yet.
};

// What became of telling one event on.
struct Delivery {
  std::int64_t event = 0;
  DeliveryState state = DeliveryState::sent;
  Instant first;  // First asked of those that it may have taken; later ones do not move it.
  Instant last;
  std::int64_t attempts = 1;
  std::string note;
};

// An event that is still to be told on.
struct DueEvent {
  LoggedEvent logged;
  std::int64_t attempts = 0;
  // When it was first asked what it may have taken; none where there is nothing like that.
  std::optional<Instant> first;
};

struct EventCount {
  std::string source;
  std::int64_t events = 0;
  Instant last;  // When the newest came.
};

struct DeliveryCount {
  std::string destination;
  std::int64_t sent = 0;
  std::int64_t refused = 0;
  std::int64_t unknown = 0;
  std::int64_t waiting = 0;
};

inline constexpr std::size_t kEventKeyMax = 255;
inline constexpr std::size_t kEventBodyMax = std::size_t{64} << 10;

// Thread: any. Other processes may hold the same log open.
// Errors of every call: unavailable, corrupt.
class EventLog {
 public:
  virtual ~EventLog() = default;

  // Keeps all that are new, or none; says of each whether it was. They are on the disk when this
  // returns: calls of several threads share one commit.
  // Errors: invalid, for a key or body beyond the limits.
  virtual Result<std::vector<bool>> add(std::span<const IncomingEvent> events, Instant came) = 0;

  // Visits events by number, from `from` on, of one source or of all (""). `visit` must not call
  // the log. An error that it returns ends the walk.
  virtual Status each(std::string_view source, std::int64_t from,
                      const std::function<Status(const LoggedEvent&)>& visit) = 0;

  // The last `limit`, oldest first.
  virtual Result<std::vector<LoggedEvent>> newest(std::string_view source, std::int64_t limit) = 0;

  // Events of `source` that came since, and whose delivery to `destination` has not ended; at most
  // `limit` of them, oldest first, from number `from` on.
  struct DueQuery {
    std::string source;
    std::string destination;
    Instant since;
    std::int64_t from = 1;
    std::int64_t limit = 1000;
  };
  virtual Result<std::vector<DueEvent>> due(const DueQuery& query) = 0;

  // Writes what became of them, all or none.
  virtual Status settle(std::string_view destination, std::span<const Delivery> deliveries) = 0;

  virtual Result<std::vector<EventCount>> counts() = 0;
  virtual Result<std::vector<DeliveryCount>> deliveries() = 0;
};

// Opens the file, creating it where there is none.
// Errors: unavailable; corrupt, also for a file of another kind.
Result<std::unique_ptr<EventLog>> open_event_log(const std::string& path);

// Where a store's log is.
inline std::string event_log_path(const std::string& store_path) { return store_path + ".events"; }

}  // namespace rf
