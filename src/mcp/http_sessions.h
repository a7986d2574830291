// The sessions of clients of the 2025-11-25 revision, which come again with an id that we gave
// them.

#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/json.h"
#include "base/time.h"
#include "mcp/outlet.h"
#include "mcp/session.h"
#include "net/event_stream.h"

namespace rf::mcp {

// Thread: any.
class HttpSession {
 public:
  Session session;

  // A call that can be cancelled while it runs.
  void begin(const Json& id);
  void end(const Json& id);
  void cancel(const Json& id);
  bool is_cancelled(const Json& id) const;

  // A question to the client: its id, and then its answer.
  std::string open_question();
  void answer(const Json& id, const JsonObject& answer);
  // Waits; none, when the session ends, `wanted` turns false, or nobody answers for too long.
  std::optional<JsonObject> wait_for_answer(const std::string& question,
                                            const std::function<bool()>& wanted);

  // The stream on which the client hears of changes; a new one takes the old one's place.
  void listen_on(net::EventStream stream);
  void announce(const Change& change);

  void close();

 private:
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::map<std::string, bool> running_;  // By the call's id: whether it was cancelled.
  std::map<std::string, std::optional<JsonObject>> questions_;
  std::uint64_t asked_ = 0;
  std::optional<net::EventStream> stream_;
  bool closed_ = false;
};

// Thread: any.
class HttpSessions {
 public:
  // A session that stays where it is while this lives.
  class Lease {
   public:
    Lease(HttpSessions& table, std::string id, HttpSession& session)
        : table_(&table), id_(std::move(id)), session_(&session) {}
    ~Lease();
    Lease(Lease&& other) noexcept;
    Lease& operator=(Lease&&) = delete;
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    HttpSession& operator*() const { return *session_; }
    HttpSession* operator->() const { return session_; }
    const std::string& id() const { return id_; }

   private:
    HttpSessions* table_;
    std::string id_;
    HttpSession* session_;
  };

  // A new session. When there are too many, the one that was used the longest time ago ends.
  Lease open(Instant now);
  std::optional<Lease> find(const std::string& id, Instant now);
  // False: there is no such session.
  bool close(const std::string& id);
  void announce(const Change& change);

 private:
  struct Row {
    std::unique_ptr<HttpSession> session;
    Instant used;
    int leases = 0;
    bool closed = false;
  };

  void give_back(const std::string& id);
  void close_oldest();

  std::mutex mutex_;
  std::map<std::string, Row, std::less<>> rows_;
};

}  // namespace rf::mcp
