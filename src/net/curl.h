// What both users of libcurl share: who ends its handles, and how its options are set.

#pragma once

#include <chrono>
#include <memory>

#include <curl/curl.h>

#include "base/check.h"
#include "base/time.h"

namespace rf::net {

struct EndEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using Easy = std::unique_ptr<CURL, EndEasy>;

struct EndList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, EndList>;

// REQUIRES: the option is one that this libcurl knows.
template <typename Value>
void set(CURL* easy, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(easy, option, value);
  RF_CHECK(code == CURLE_OK);
}

// Rounded up, so that no limit becomes none.
inline long milliseconds(Duration duration) {
  return static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(duration).count());
}

}  // namespace rf::net
