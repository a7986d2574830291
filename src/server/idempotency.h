// A changing call with a key is done once, however often it is sent.

#pragma once

#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

namespace rf::server {

// What was answered to the first call.
struct KeptAnswer {
  int status = 200;
  std::string body;
};

// Thread: any; the store is used by one at a time.
class Idempotency {
 public:
  // Begins the call of this key, which belongs to one caller, or gives what was answered before.
  // `call` is the fingerprint of everything that was asked.
  // Errors: conflict, when the key was used for another call, or its call is under way; and
  // outcome_unknown, when it was begun by a server that ended before it could tell.
  Result<std::optional<KeptAnswer>> begin(Store& store, std::string_view key, std::string_view call,
                                          Instant now);

  // Keeps the answer, for a day.
  Status finish(Store& store, std::string_view key, const KeptAnswer& answer);

  // The call ended, and nobody knows how: from now on the key says so.
  void lose(std::string_view key);

  // Forgets the key: the call came to nothing, and may be made again.
  Status forget(Store& store, std::string_view key);

 private:
  std::mutex mutex_;
  std::set<std::string, std::less<>> under_way_;
};

}  // namespace rf::server
