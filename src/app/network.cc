#include "app/network.h"

#include <algorithm>
#include <chrono>

#include <poll.h>

#include "net/client.h"

namespace rf::app {

net::HttpClient* Network::client() {
  std::call_once(made_, [this] {
    net::ClientRules rules;
    rules.cancelled = interrupted_;
    client_ = net::open_client(std::move(rules));
  });
  return client_.get();
}

// In slices, so that an interrupt between two looks at it is seen soon.
bool Network::wait(Duration time) const {
  constexpr Duration kSlice = std::chrono::milliseconds(200);
  while (time.count() > 0) {
    if (interrupted_()) return false;
    const Duration slice = std::min(time, kSlice);
    const auto whole = std::chrono::ceil<std::chrono::milliseconds>(slice);
    static_cast<void>(poll(nullptr, 0, static_cast<int>(whole.count())));
    time -= slice;
  }
  return !interrupted_();
}

}  // namespace rf::app
