// The protocol itself: one message and what is known of its sender in, one reply out. Both
// revisions of MCP, over whatever carries the messages.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "mcp/call.h"
#include "mcp/catalog.h"
#include "mcp/era.h"
#include "mcp/listeners.h"
#include "mcp/message.h"
#include "mcp/outlet.h"
#include "mcp/session.h"

namespace rf::mcp {

struct Reply {
  std::optional<Json> message;         // None: nothing is to be sent.
  int http_status = 200;               // How the streamable HTTP transport shows it.
  std::optional<ListenFilter> listen;  // Keep the stream open, and tell these changes on it.
};

// Thread: any.
class Protocol {
 public:
  // How many tools, resources or prompts one page of a list holds.
  // Chosen: all of ours at once, because common clients do not ask for a second page.
  static constexpr std::size_t kPage = 200;

  // `secret`: random bytes that sign what clients keep for us.
  // REQUIRES: names of tools, resources and prompts are unique.
  Protocol(Catalog catalog, std::string secret, const Clock& clock, std::size_t page = kPage);

  // REQUIRES: `message` is a request or a notification. `session` is null only where the era is
  // modern; `initialize` opens it.
  Reply answer(const Message& message, Era era, Session* session, Outlet& outlet) const;

  // Why the request is refused before anything runs; none, when it is not.
  std::optional<Refusal> refusal_of(const Message& message, Era era, Session* session) const;

  // True when answering calls code of the catalog that may take long; the rest is at once.
  static bool may_take_long(const Message& message);

  const Catalog& catalog() const { return catalog_; }

 private:
  struct Asked;  // One request with everything around it.
  struct Method;
  static const std::vector<Method>& methods();

  // The method of a request that may be answered, and its sender.
  Outcome<const Method*> admit(const Message& message, Era era, Session* session,
                               Sender& sender) const;
  Outcome<JsonObject> answer_request(const Message& message, Era era, Session* session,
                                     Outlet& outlet, std::optional<ListenFilter>& listen) const;

  Outcome<JsonObject> discover(Asked& asked) const;
  Outcome<JsonObject> initialize(Asked& asked) const;
  Outcome<JsonObject> ping(Asked& asked) const;
  Outcome<JsonObject> set_log_level(Asked& asked) const;
  Outcome<JsonObject> subscribe(Asked& asked) const;
  Outcome<JsonObject> unsubscribe(Asked& asked) const;
  Outcome<JsonObject> list_tools(Asked& asked) const;
  Outcome<JsonObject> call_tool(Asked& asked) const;
  Outcome<JsonObject> list_resources(Asked& asked) const;
  Outcome<JsonObject> list_templates(Asked& asked) const;
  Outcome<JsonObject> read_resource(Asked& asked) const;
  Outcome<JsonObject> list_prompts(Asked& asked) const;
  Outcome<JsonObject> get_prompt(Asked& asked) const;
  Outcome<JsonObject> complete(Asked& asked) const;
  Outcome<JsonObject> listen(Asked& asked) const;

  JsonObject capabilities() const;

  Catalog catalog_;
  StateSeal seal_;
  std::size_t page_;
};

}  // namespace rf::mcp
