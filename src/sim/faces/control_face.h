// The sandbox's own door: moves its days, shows its books, and says what broke the contract. No
// platform has it; tests and scripts do.

#pragma once

#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "net/http.h"
#include "sim/faces/face.h"

namespace rf::sim {

// GET /sandbox: its day, accounts, calls, breaches. GET /sandbox/ads: each ad's true totals.
// GET /sandbox/writes: every change that took effect, in order.
// POST /sandbox/advance {"days":1}; POST /sandbox/renew-token; POST /sandbox/stop.
class ControlFace {
 public:
  using Book = std::pair<std::string, CallBook*>;

  // REQUIRES: `sandbox` and the books outlive this.
  ControlFace(Sandbox& sandbox, std::vector<Book> books)
      : sandbox_(sandbox), books_(std::move(books)) {}

  // Thread: any.
  net::Response answer(const net::Request& request);

  // Whether somebody asked for the end.
  bool stopped() const { return stopped_; }

 private:
  JsonObject overview() const;
  JsonArray ads() const;
  JsonArray writes() const;
  net::Response advance(const net::Request& request);

  Sandbox& sandbox_;
  std::vector<Book> books_;
  std::atomic<bool> stopped_ = false;
};

}  // namespace rf::sim
