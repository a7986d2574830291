#include "mcp/stdio.h"

#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "mcp/line_reader.h"

namespace rf::mcp {
namespace {

// Chosen: a client that has more calls open than this waits for answers it has forgotten.
constexpr std::size_t kQueueMax = 64;

class StdioServer {
 public:
  StdioServer(const Protocol& protocol, const Streams& streams)
      : protocol_(protocol), streams_(streams), worker_([this] { work(); }) {}

  ~StdioServer() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    wake_.notify_all();
    worker_.join();
  }
  StdioServer(const StdioServer&) = delete;
  StdioServer& operator=(const StdioServer&) = delete;

  void take(const LineReader::Line& line);

 private:
  // Where the messages of one request go.
  class LineOutlet final : public Outlet {
   public:
    LineOutlet(StdioServer& server, bool working) : server_(server), working_(working) {}
    void notify(const Json& message) override { server_.send(message); }
    Outcome<JsonObject> ask(std::string_view method, const JsonObject& params) override {
      return server_.ask(method, params);
    }
    void announce(const Change& change) override { server_.announce(change); }
    bool cancelled() const override { return working_ && server_.cancelled_; }

   private:
    StdioServer& server_;
    bool working_;  // False on the reader's own thread, where nothing can be cancelled.
  };

  void send(const Json& message);
  void take_answer(const Message& message);
  void take_notification(const Message& message);
  void take_request(Message message);
  void cancel(const Json& id);
  Outcome<JsonObject> ask(std::string_view method, const JsonObject& params);
  void announce(const Change& change);
  void reply_to(const Message& message, bool working);
  void keep_listening(const Json& id, ListenFilter filter);
  void work();
  std::optional<Message> next();

  const Protocol& protocol_;
  const Streams& streams_;
  Session session_;
  Listeners listeners_;
  std::map<std::string, std::uint64_t> tickets_;  // Of the reader's thread; by request id.
  std::mutex write_mutex_;

  std::mutex mutex_;  // Guards everything below.
  std::condition_variable wake_;
  std::deque<Message> queue_;
  Json working_on_ = nullptr;
  std::atomic<bool> cancelled_ = false;
  bool ended_ = false;
  std::uint64_t asked_ = 0;
  std::optional<JsonObject> answer_;  // To the question `asked_`, which is the only open one.

  std::thread worker_;  // The last, so that it finds everything above.
};

void StdioServer::send(const Json& message) {
  const std::string line = to_text(message) + '\n';
  const std::lock_guard lock(write_mutex_);
  streams_.write(line);
}

void StdioServer::take(const LineReader::Line& line) {
  Json id = nullptr;
  Outcome<Message> read =
      line ? parse_message(*line, id)
           : Outcome<Message>(
                 Refusal{.code = kParseError,
                         .message = fmt::format("a line is longer than {} bytes", kLineMax)});
  if (const auto* refusal = std::get_if<Refusal>(&read)) {
    return send(error_message(id, *refusal));
  }
  auto& message = std::get<Message>(read);
  switch (message.kind) {
    case Message::Kind::answer: return take_answer(message);
    case Message::Kind::notification: return take_notification(message);
    case Message::Kind::request: return take_request(std::move(message));
  }
}

std::string question_id(std::uint64_t number) { return fmt::format("question-{}", number); }

void StdioServer::take_answer(const Message& message) {
  const std::lock_guard lock(mutex_);
  const bool expected = message.id == Json(std::string_view(question_id(asked_)));
  if (!expected || answer_) return;  // Of a question that nobody waits for.
  answer_ = message.answer;
  wake_.notify_all();
}

void StdioServer::take_notification(const Message& message) {
  if (message.method != "notifications/cancelled") return;
  if (const Json* id = message.params.if_contains("requestId")) cancel(*id);
}

void StdioServer::cancel(const Json& id) {
  if (auto ticket = tickets_.find(to_text(id)); ticket != tickets_.end()) {
    listeners_.remove(ticket->second);
    tickets_.erase(ticket);
    return;
  }
  const std::lock_guard lock(mutex_);
  if (working_on_ == id && !id.is_null()) {
    cancelled_ = true;
    wake_.notify_all();
    return;
  }
  std::erase_if(queue_, [&](const Message& waiting) { return waiting.id == id; });
}

void StdioServer::take_request(Message message) {
  if (!Protocol::may_take_long(message)) return reply_to(message, false);
  const Json id = message.id;
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() < kQueueMax) {
      queue_.push_back(std::move(message));
      wake_.notify_all();
      return;
    }
  }
  send(error_message(id, {.code = kBusy, .message = "too many calls are waiting already"}));
}

void StdioServer::reply_to(const Message& message, bool working) {
  LineOutlet outlet(*this, working);
  const Era era =
      era_of(message, {.version_header = std::nullopt, .has_session = session_.is_open()});
  Reply reply = protocol_.answer(message, era, &session_, outlet);
  if (reply.listen) return keep_listening(message.id, std::move(*reply.listen));
  if (reply.message && !outlet.cancelled()) send(*reply.message);
}

void StdioServer::keep_listening(const Json& id, ListenFilter filter) {
  std::optional<std::uint64_t> ticket = listeners_.add(
      std::move(filter), id, [this](const Json& message) { return send(message), true; });
  if (ticket) {
    tickets_[to_text(id)] = *ticket;
    return;
  }
  send(error_message(id, {.code = kBusy, .message = "too many subscriptions are open"}));
}

Outcome<JsonObject> StdioServer::ask(std::string_view method, const JsonObject& params) {
  std::string id;
  {
    const std::lock_guard lock(mutex_);
    answer_.reset();
    id = question_id(++asked_);
  }
  send(request_message(Json(std::string_view(id)), method, params));
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [&] { return answer_ || ended_ || cancelled_; });
  if (answer_) return *answer_;
  return Refusal{.code = kNoAnswer, .message = "the client went away without an answer"};
}

void StdioServer::announce(const Change& change) {
  listeners_.announce(change);
  if (!session_.is_open()) return;
  if (change.what == Change::What::resource && !session_.watches(change.uri)) return;
  send(change_message(change, nullptr));
}

std::optional<Message> StdioServer::next() {
  std::unique_lock lock(mutex_);
  working_on_ = nullptr;
  wake_.wait(lock, [this] { return !queue_.empty() || ended_; });
  if (queue_.empty()) return std::nullopt;
  Message message = std::move(queue_.front());
  queue_.pop_front();
  working_on_ = message.id;
  cancelled_ = false;
  return message;
}

void StdioServer::work() {
  while (std::optional<Message> message = next()) reply_to(*message, true);
}

}  // namespace

void serve_stdio(const Protocol& protocol, const Streams& streams) {
  StdioServer server(protocol, streams);
  LineReader lines(kLineMax);
  std::array<char, 1 << 16> buffer{};
  while (std::size_t size = streams.read(buffer.data(), buffer.size())) {
    for (const LineReader::Line& line : lines.feed({buffer.data(), size})) server.take(line);
  }
  for (const LineReader::Line& line : lines.finish()) server.take(line);
}

}  // namespace rf::mcp
