#include "api/operation.h"

namespace rf::api {

Result<Store*> Services::store() {
  if (!store_) store_ = RF_TRY(open_store_(store_path_));
  return store_.get();
}

}  // namespace rf::api
