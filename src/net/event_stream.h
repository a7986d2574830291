// Answers that go on: server-sent events.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "net/http.h"

namespace rf::net {

// One event, as a browser's EventSource reads it.
// Source: WHATWG HTML, 9.2 "Server-sent events".
struct Event {
  std::string id;    // Empty for none.
  std::string name;  // Empty means "message".
  std::string data;  // Any text; line breaks are kept.
};

// The event's bytes on the wire. Line breaks in `id` and `name` are dropped: they would begin
// another field.
std::string to_wire(const Event& event);

// Where streams live while they are open; the server's.
class EventStreams {
 public:
  virtual ~EventStreams() = default;
  virtual bool send(std::uint64_t stream, std::string bytes) = 0;
  virtual void close(std::uint64_t stream) = 0;
  virtual bool is_open(std::uint64_t stream) const = 0;
};

// A way to one client that listens. A value that names the stream: it may be copied and kept after
// the stream has ended, but not beyond the server's life.
// Thread: any.
class EventStream {
 public:
  EventStream(EventStreams& streams, std::uint64_t id) : streams_(&streams), id_(id) {}

  // Queues the event; false when the client is gone, or so slow that it was given up.
  bool send(const Event& event) { return streams_->send(id_, to_wire(event)); }

  // Ends the answer after what is queued.
  void close() { streams_->close(id_); }

  bool is_open() const { return streams_->is_open(id_); }

 private:
  EventStreams* streams_;
  std::uint64_t id_;
};

// What a server answers: a response, or the head of one whose events follow.
struct Answer {
  Response response;
  // None for a plain response. Else it is called on a worker once the head is on its way; the
  // stream stays open after it returns, until somebody closes it.
  std::function<void(EventStream)> events;
};

// Thread: called from many at once.
using AnswerHandler = std::function<Answer(const Request&)>;

}  // namespace rf::net
