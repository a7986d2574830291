#include "server/services_pool.h"

namespace rf::server {

ServicesPool::Lease ServicesPool::take() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return {*this, std::make_unique<api::Services>(make(no_progress_)), age_};
  std::unique_ptr<api::Services> services = std::move(idle_.back());
  idle_.pop_back();
  return {*this, std::move(services), age_};
}

void ServicesPool::renew() {
  const std::lock_guard lock(mutex_);
  ++age_;
  idle_.clear();
}

void ServicesPool::give_back(std::unique_ptr<api::Services> services, std::int64_t age) {
  const std::lock_guard lock(mutex_);
  if (age == age_) idle_.push_back(std::move(services));
}

}  // namespace rf::server
