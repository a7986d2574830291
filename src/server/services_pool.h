// Services for many workers at once, each of them used by one at a time.

#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "api/operation.h"
#include "base/progress.h"
#include "base/time.h"

namespace rf::server {

// What every request's services are made of.
struct Surroundings {
  std::string store_path;
  api::Services::OpenStore open_store;
  std::string decoder;
  const Clock& clock;
  api::Reach reach;
};

class ServicesPool {
 public:
  explicit ServicesPool(const Surroundings& around) : around_(around) {}

  // Services for as long as it lives.
  class Lease {
   public:
    Lease(ServicesPool& pool, std::unique_ptr<api::Services> services, std::int64_t age)
        : pool_(pool), services_(std::move(services)), age_(age) {}
    ~Lease() { pool_.give_back(std::move(services_), age_); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    api::Services& operator*() { return *services_; }
    api::Services* operator->() { return services_.get(); }

   private:
    ServicesPool& pool_;
    std::unique_ptr<api::Services> services_;
    std::int64_t age_;
  };

  // Idle ones if there are any, else new ones. They hold their store open from use to use.
  // Thread: any.
  Lease take();

  // New ones that report to `progress`; not kept.
  api::Services make(Progress& progress) const {
    api::Services made(around_.store_path, around_.open_store, around_.clock, progress,
                       around_.decoder);
    made.set_reach(around_.reach);
    return made;
  }

  // Forgets all that are idle or in use now: the store's file itself may have been replaced.
  void renew();

 private:
  void give_back(std::unique_ptr<api::Services> services, std::int64_t age);

  const Surroundings& around_;
  NoProgress no_progress_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<api::Services>> idle_;
  std::int64_t age_ = 0;
};

}  // namespace rf::server
