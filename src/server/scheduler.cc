#include "server/scheduler.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "api/schedule.h"

namespace rf::server {
namespace {

class StoppedBy final : public Progress {
 public:
  explicit StoppedBy(std::stop_token stop) : stop_(std::move(stop)) {}
  void report(std::string_view, std::int64_t, std::int64_t) override {}
  bool cancelled() const override { return stop_.stop_requested(); }

 private:
  std::stop_token stop_;
};

class ThreadScheduler final : public Scheduler {
 public:
  ThreadScheduler(const Surroundings& around, SchedulerRules rules)
      : pool_(around),
        rules_(std::move(rules)),
        thread_([this](const std::stop_token& stop) { look_until(stop); }) {}

 private:
  void look_until(const std::stop_token& stop) {
    StoppedBy progress(stop);
    while (!stop.stop_requested()) {
      look(progress);
      std::unique_lock lock(mutex_);
      static_cast<void>(due_.wait_for(lock, stop, rules_.look_every, [] { return false; }));
    }
  }

  void look(Progress& progress) {
    // Held open no longer than needed: a backup may be put in the store's place.
    api::Services services = pool_.make(progress);
    const Result<api::ScheduleRuns> done = api::schedule_catch_up({}, services);
    tell(done || progress.cancelled() ? "" : done.error().message);
  }

  void tell(const std::string& trouble) {
    if (trouble != told_ && !trouble.empty() && rules_.complain) rules_.complain(trouble);
    told_ = trouble;
  }

  ServicesPool pool_;
  SchedulerRules rules_;
  std::string told_;
  std::mutex mutex_;
  std::condition_variable_any due_;
  std::jthread thread_;  // Last: it ends before what it uses.
};

}  // namespace

std::unique_ptr<Scheduler> start_scheduler(const Surroundings& around, SchedulerRules rules) {
  return std::make_unique<ThreadScheduler>(around, std::move(rules));
}

}  // namespace rf::server
