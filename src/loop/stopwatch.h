// How long each step of a turn took.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "store/store.h"

namespace rf::loop {

class Stopwatch {
 public:
  // Adds laps to `steps`, which must outlive it.
  Stopwatch(const Clock& clock, std::vector<TurnStep>& steps)
      : clock_(clock), steps_(steps), since_(clock.now()) {}

  // The time since the last lap goes to the step of that name, which handled `rows` things. A step
  // that is done for several accounts adds up.
  void lap(std::string_view name, std::int64_t rows) {
    Instant now = clock_.now();
    double ms = static_cast<double>((now - since_).count()) / 1e3;
    since_ = now;
    for (TurnStep& step : steps_) {
      if (step.name != name) continue;
      step.ms += ms;
      step.rows += rows;
      return;
    }
    steps_.push_back({std::string(name), ms, rows});
  }

 private:
  const Clock& clock_;
  std::vector<TurnStep>& steps_;
  Instant since_;
};

}  // namespace rf::loop
