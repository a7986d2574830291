// Does what is due while the server is open.

#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/time.h"
#include "server/services_pool.h"

namespace rf::server {

struct SchedulerRules {
  // Chosen: a turn at the hour begins within the same minute, and looking costs a few reads.
  Duration look_every = std::chrono::seconds{20};
  // Told of trouble, once for as long as it is the same. Thread: the scheduler's own.
  std::function<void(const std::string& message)> complain;
};

// Looks at once, and again and again, in a thread of its own, until it is destroyed: then the work
// at hand is asked to stop, and is taken up by whoever looks next. Several servers on one store
// leave each moment's work to one of them.
class Scheduler {
 public:
  virtual ~Scheduler() = default;
};

// `around` outlives it.
std::unique_ptr<Scheduler> start_scheduler(const Surroundings& around, SchedulerRules rules);

}  // namespace rf::server
