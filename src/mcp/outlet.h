// Where messages go that belong to one request while it is being answered.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "mcp/message.h"

namespace rf::mcp {

// Something that clients may have asked to be told of.
struct Change {
  enum class What : std::uint8_t { tools, prompts, resources, resource };
  What what = What::tools;
  std::string uri;  // Of the resource whose content changed.
};

// Thread: called from the thread that answers the request.
class Outlet {
 public:
  virtual ~Outlet() = default;

  // Sends a notification on this request's own stream.
  virtual void notify(const Json& message) = 0;

  // Sends a request to the client and waits for what it answers, {"result": …} or {"error": …}.
  // Only clients of the 2025-11-25 revision and before can be asked this way.
  // Refused: kNoAnswer, when no answer comes.
  // Cost: blocks.
  virtual Outcome<JsonObject> ask(std::string_view method, const JsonObject& params) = 0;

  // Tells everyone who asked to be told.
  virtual void announce(const Change& change) = 0;

  // True once the client wants no answer any more.
  virtual bool cancelled() const = 0;
};

// Drops everything; for answers that need nobody on the other side.
class NoOutlet final : public Outlet {
 public:
  void notify(const Json&) override {}
  Outcome<JsonObject> ask(std::string_view, const JsonObject&) override {
    return Refusal{.code = kNoAnswer, .message = "nobody can be asked here"};
  }
  void announce(const Change&) override {}
  bool cancelled() const override { return false; }
};

}  // namespace rf::mcp
