// The network as the program reaches it: a client made when first asked for, and waiting that
// Ctrl-C ends.

#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "base/time.h"
#include "net/http.h"

namespace rf::app {

// Thread: any.
class Network {
 public:
  explicit Network(std::function<bool()> interrupted) : interrupted_(std::move(interrupted)) {}

  net::HttpClient* client();

  // False when it was interrupted before the time was over.
  bool wait(Duration time) const;

 private:
  std::function<bool()> interrupted_;
  std::once_flag made_;
  std::unique_ptr<net::HttpClient> client_;
};

}  // namespace rf::app
