// What a tool, a resource or a prompt may do while it is being asked: report progress, log, ask the
// person on the other side, see that nobody waits any more.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/time.h"
#include "mcp/era.h"
#include "mcp/message.h"
#include "mcp/outlet.h"

namespace rf::mcp {

// Signs what a client keeps for us between two rounds of one call.
// Thread: any.
class StateSeal {
 public:
  // `secret`: random bytes that nobody else has.
  StateSeal(std::string secret, const Clock& clock) : secret_(std::move(secret)), clock_(clock) {}

  // `state` for the call that `subject` names, as text that only this server can have made.
  std::string seal(std::string_view subject, const Json& state) const;
  // Refused: kInvalidParams, when it was changed, belongs to another call, or is too old.
  Outcome<Json> open(std::string_view subject, std::string_view sealed) const;

 private:
  std::string signature(std::string_view subject, std::string_view text) const;

  std::string secret_;
  const Clock& clock_;
};

// Thread: that of the request.
class Call {
 public:
  // `params` and `subject` are of the request; see StateSeal for the subject.
  Call(const Sender& sender, const JsonObject& params, std::string subject, const StateSeal& seal,
       Outlet& outlet);

  bool can(std::string_view capability) const { return sender_.capabilities.contains(capability); }

  // The refusal that says which capability is missing.
  static Refusal needs(std::string_view capability);

  // `done` must rise from call to call; what does not is not sent. `total` may be unknown.
  void progress(double done, std::optional<double> total, std::string_view message);
  void log(LogLevel level, std::string_view logger, Json data);
  void announce(const Change& change) { outlet_.announce(change); }
  bool cancelled() const { return outlet_.cancelled(); }

  // The client's answer to `method`, sent under the name `key`. None: it was not answered yet;
  // return at once, with anything; the client will call again with the answer. Refused:
  // kMissingCapability, when the client cannot be asked; kNoAnswer.
  Outcome<std::optional<JsonObject>> ask(const std::string& key, std::string_view method,
                                         const JsonObject& params);

  // What keep() was given in the round before; null in the first.
  // Refused: see StateSeal::open().
  Outcome<Json> state() const;
  // Is given back in the next round, whatever happens to this process in between.
  void keep(Json state) { kept_ = std::move(state); }

  // The result that asks for what ask() could not get; none when nothing is missing.
  std::optional<JsonObject> input_required() const;

 private:
  const Sender& sender_;
  const JsonObject& params_;
  std::string subject_;
  const StateSeal& seal_;
  Outlet& outlet_;
  double progress_ = -1;
  JsonObject requests_;
  std::optional<Json> kept_;
};

}  // namespace rf::mcp
