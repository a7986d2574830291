#include "server/scheduler.h"

#include <condition_variable>
#include <mutex>

#include <gtest/gtest.h>

namespace rf::server {
namespace {

// Stands still, and may be read by any thread.
class StillClock final : public Clock {
 public:
  Instant now() const override { return now_; }

 private:
  Instant now_ = parse_instant("2026-03-10T12:30:00Z").value();
};

TEST(Scheduler, TellsOfTroubleOnceAndEndsWhenAsked) {
  const StillClock clock;
  const Surroundings around{.store_path = "/nowhere/at/all.db",
                            .open_store = [](const std::string&) -> Result<std::unique_ptr<Store>> {
                              return fail(ErrorCode::unavailable, "no disk");
                            },
                            .decoder = "",
                            .clock = clock,
                            .reach = {}};
  std::mutex mutex;
  std::condition_variable heard;
  std::vector<std::string> said;
  auto scheduler = start_scheduler(around, {.look_every = std::chrono::milliseconds{1},
                                            .complain = [&](const std::string& message) {
                                              const std::lock_guard lock(mutex);
                                              said.push_back(message);
                                              heard.notify_one();
                                            }});
  {
    std::unique_lock lock(mutex);
    heard.wait(lock, [&] { return !said.empty(); });
  }
  scheduler.reset();
  ASSERT_EQ(said.size(), 1U);
  EXPECT_NE(said.front().find("no disk"), std::string::npos);
}

}  // namespace
}  // namespace rf::server
