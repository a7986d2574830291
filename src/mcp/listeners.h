// Who wants to be told when something changes.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "base/json.h"
#include "mcp/outlet.h"

namespace rf::mcp {

// What a listener wants to hear of.
struct ListenFilter {
  bool tools = false;
  bool prompts = false;
  bool resources = false;
  std::set<std::string> uris;

  bool wants(const Change& change) const;
};

// As `subscriptions/listen` gives it.
// Refused: kInvalidParams.
Outcome<ListenFilter> listen_filter_of(const JsonObject& params);

JsonObject to_params(const ListenFilter& filter);

// The notification of a change; `subscription` is the id of the request that asked for it, null
// where the revision knows no such ids.
Json change_message(const Change& change, const Json& subscription);

// Thread: any.
class Listeners {
 public:
  // False: nobody is there any more.
  using Send = std::function<bool(const Json& message)>;

  // `send` gets the acknowledgement at once and then every change that the filter lets through,
  // until remove() or until it says that nobody is there. It may be called from any thread, not
  // from two at once, and must not call back. None: there are already as many as we serve, or
  // nobody is there.
  std::optional<std::uint64_t> add(ListenFilter filter, const Json& subscription, Send send);
  void remove(std::uint64_t ticket);
  void announce(const Change& change);
  std::size_t size() const;

 private:
  struct Listener {
    ListenFilter filter;
    Json subscription;
    Send send;
  };

  mutable std::mutex mutex_;
  std::uint64_t next_ = 1;
  std::map<std::uint64_t, Listener> listeners_;
};

}  // namespace rf::mcp
