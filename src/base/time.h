// Time as the project speaks it: UTC, microseconds, never read from the machine below app/.

#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace rf {

using Instant = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;

// The only way to learn the present. A computation that needs "now" takes an Instant; code that
// stamps or measures takes a Clock.
// Thread: implementations may be called from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};

// The machine's clock. Built in app/ and in benchmarks only.
class SystemClock final : public Clock {
 public:
  Instant now() const override;
};

// A clock that stands still until it is moved, for tests and the sandbox.
// Thread: one at a time.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start) : now_(start) {}
  Instant now() const override { return now_; }
  void advance(Duration by) { now_ += by; }

 private:
  Instant now_;
};

// RFC 3339 in UTC, "2026-03-01T14:05:09Z"; the fraction is left out when it is zero.
std::string to_rfc3339(Instant instant);

// Reads RFC 3339 with "Z" or a numeric offset, or a bare date, which means its first moment in UTC.
// Errors: invalid.
Result<Instant> parse_instant(std::string_view text);

}  // namespace rf
