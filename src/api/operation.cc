#include "api/operation.h"

#include "api/connections.h"

namespace rf::api {

Result<Store*> Services::store() {
  if (!store_) store_ = RF_TRY(open_store_(store_path_));
  return store_.get();
}

Result<EventLog*> Services::events() {
  if (!events_) events_ = RF_TRY(open_event_log(event_log_path(store_path_)));
  return events_.get();
}

Result<std::unique_ptr<AdPlatform>> Services::platform(const Account& account) {
  if (open_platform_) return open_platform_(account);
  Result<std::unique_ptr<AdPlatform>> opened = platform_of(account.id, *this);
  if (!opened && opened.error().code == ErrorCode::not_found) {
    return std::unique_ptr<AdPlatform>();
  }
  return opened;
}

}  // namespace rf::api
