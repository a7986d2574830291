#include "api/operation.h"

namespace rf::api {

Result<Store*> Services::store() {
  if (!store_) store_ = RF_TRY(open_store_(store_path_));
  return store_.get();
}

Result<std::unique_ptr<AdPlatform>> Services::platform(const Account& account) {
  if (!open_platform_) return std::unique_ptr<AdPlatform>();
  Result<std::unique_ptr<AdPlatform>> opened = open_platform_(account);
  if (!opened && opened.error().code == ErrorCode::unsupported) {
    return std::unique_ptr<AdPlatform>();
  }
  return opened;
}

}  // namespace rf::api
