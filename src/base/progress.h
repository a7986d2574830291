// How long work reports on itself, and how it is asked to stop.

#pragma once

#include <cstdint>
#include <string_view>

namespace rf {

// Thread: called from the thread that does the work.
class Progress {
 public:
  virtual ~Progress() = default;

  // `done` of `total` units of the step named `what`; total is 0 when nobody knows it.
  virtual void report(std::string_view what, std::int64_t done, std::int64_t total) = 0;

  // True once somebody wants the work to stop; it then ends with ErrorCode::conflict and leaves
  // nothing half-written.
  virtual bool cancelled() const = 0;
};

// Says nothing and never stops.
class NoProgress final : public Progress {
 public:
  void report(std::string_view, std::int64_t, std::int64_t) override {}
  bool cancelled() const override { return false; }
};

}  // namespace rf
