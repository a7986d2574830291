#include "net/server.h"

#include <atomic>
#include <condition_variable>
#include <limits>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <fmt/format.h>

#include "base/json.h"
#include "net/wire.h"

namespace rf::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

using Executor = asio::io_context::executor_type;
template <typename T>
using Task = asio::awaitable<T, Executor>;
constexpr asio::use_awaitable_t<Executor> kAwait{};
constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> kTuple(kAwait);

using Plain = beast::basic_stream<tcp, Executor>;
using Secure = beast::ssl_stream<Plain>;

// What is read and thrown away after a refusal, so that the client gets to see it: closing with
// unread bytes would reset the connection and take the answer away.
constexpr std::size_t kLingerBytesMax = 1 << 20;
constexpr std::chrono::seconds kLingerMax{2};

// When no connection can be taken, for want of room or of file descriptors, the next look is then.
constexpr std::chrono::milliseconds kAcceptAgain{50};

// An open event stream, owned by the connection that writes it. All but the wake-up is guarded by
// the table's mutex.
struct OpenStream {
  explicit OpenStream(const Executor& executor) : wake(executor), on(executor) {}

  asio::steady_timer wake;  // Only touched on `on`'s thread.
  Executor on;
  std::string queued;
  bool closing = false;
  bool woken = false;
};

class StreamTable final : public EventStreams {
 public:
  explicit StreamTable(std::int64_t bytes_max) : bytes_max_(static_cast<std::size_t>(bytes_max)) {}

  std::uint64_t add(OpenStream& stream) {
    const std::lock_guard lock(mutex_);
    if (stopped_) stream.closing = true;
    streams_.emplace(++last_, &stream);
    return last_;
  }

  void remove(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    streams_.erase(id);
  }

  bool send(std::uint64_t id, std::string bytes) override {
    const std::lock_guard lock(mutex_);
    const auto found = streams_.find(id);
    if (found == streams_.end() || found->second->closing) return false;
    OpenStream& stream = *found->second;
    if (stream.queued.size() + bytes.size() > bytes_max_) {
      end(id, stream);
      return false;
    }
    stream.queued += bytes;
    wake(id, stream);
    return true;
  }

  void close(std::uint64_t id) override {
    const std::lock_guard lock(mutex_);
    const auto found = streams_.find(id);
    if (found != streams_.end()) end(id, *found->second);
  }

  bool is_open(std::uint64_t id) const override {
    const std::lock_guard lock(mutex_);
    const auto found = streams_.find(id);
    return found != streams_.end() && !found->second->closing;
  }

  void close_all() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    for (const auto& [id, stream] : streams_) end(id, *stream);
  }

  struct Piece {
    std::string bytes;
    bool last = false;
  };
  Piece take(OpenStream& stream) {
    const std::lock_guard lock(mutex_);
    stream.woken = false;
    return {std::exchange(stream.queued, {}), stream.closing};
  }

 private:
  void end(std::uint64_t id, OpenStream& stream) {
    stream.closing = true;
    wake(id, stream);
  }

  // The timer belongs to its thread, so it is cancelled there, if the stream still is.
  void wake(std::uint64_t id, OpenStream& stream) {
    if (stream.woken) return;
    stream.woken = true;
    asio::post(stream.on, [this, id] {
      const std::lock_guard lock(mutex_);
      const auto found = streams_.find(id);
      if (found != streams_.end()) found->second->wake.cancel();
    });
  }

  std::size_t bytes_max_;
  mutable std::mutex mutex_;
  std::map<std::uint64_t, OpenStream*> streams_;
  std::uint64_t last_ = 0;
  bool stopped_ = false;
};

// What a connection needs of the server.
struct Shared {
  Shared(const ServerRules& the_rules, Handlers the_handlers, const Clock& the_clock)
      : rules(the_rules),
        handlers(std::move(the_handlers)),
        clock(the_clock),
        streams(rules.stream_bytes_max),
        workers(static_cast<std::size_t>(std::max(rules.workers, 1))) {}

  const ServerRules rules;
  const Handlers handlers;
  const Clock& clock;
  StreamTable streams;
  asio::thread_pool workers;
  std::atomic<int> waiting{0};
  std::atomic<bool> stopping{false};
};

// A connection as its loop sees it, to be closed from outside. On the loop's thread only.
class Closable {
 public:
  virtual ~Closable() = default;
  virtual void close() = 0;
  bool idle = true;  // Between requests: nothing is lost by closing.
};

// One thread that moves bytes, and the connections that are its own: nothing of them is shared, so
// nothing is locked.
struct Loop {
  asio::io_context context{1};
  std::set<Closable*> connections;
  asio::executor_work_guard<Executor> work{context.get_executor()};
};

int http_status_of(const error_code& error) {
  if (error == http::error::body_limit) return 413;
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
  if (error == http::error::bad_version) return 505;
  const bool malformed = error.category() == make_error_code(http::error::bad_method).category() &&
                         error != http::error::end_of_stream &&
                         error != http::error::partial_message;
  return malformed ? 400 : 0;
}

Response refusal(int status, std::string_view why) {
  Response response{
      .status = status, .headers = {{"Content-Type", "application/problem+json"}}, .body = {}};
  const JsonObject problem{
      {"type", "about:blank"}, {"title", reason_of(status)}, {"status", status}, {"detail", why}};
  response.body = to_text(problem);
  return response;
}

std::string chunk_of(const std::string& bytes, Framing framing) {
  if (framing != Framing::chunked) return bytes;
  return fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes);
}

using Parser = http::request_parser<http::string_body>;

Request request_of(const Parser& parser) {
  const auto& message = parser.get();
  Request request{.method = std::string(message.method_string()),
                  .target = std::string(message.target()),
                  .headers = {},
                  .body = {}};
  for (const auto& field : message) {
    request.headers.add(std::string(field.name_string()), std::string(field.value()));
  }
  return request;
}

template <typename Stream>
class Connection final : public Closable {
 public:
  Connection(Stream stream, Shared& shared) : stream_(std::move(stream)), shared_(shared) {}

  void close() override {
    error_code ignored;
    socket().socket().shutdown(tcp::socket::shutdown_both, ignored);
    socket().cancel();
  }

  Task<void> run() {
    error_code ignored;
    socket().socket().set_option(tcp::no_delay(true), ignored);
    const bool ready = co_await shake_hands();
    bool more = ready;
    while (more && !shared_.stopping) more = co_await serve_one();
    socket().socket().shutdown(tcp::socket::shutdown_both, ignored);
  }

 private:
  Plain& socket() { return beast::get_lowest_layer(stream_); }

  Task<bool> shake_hands() {
    if constexpr (std::is_same_v<Stream, Secure>) {
      socket().expires_after(shared_.rules.header_max);
      const auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::server, kTuple);
      co_return !error;
    }
    co_return true;
  }

  // False when the connection is to end.
  Task<bool> serve_one() {
    idle = true;
    const bool began = co_await wait_for_bytes();
    if (!began) co_return false;
    idle = false;
    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(shared_.rules.header_bytes_max));
    parser.body_limit(static_cast<std::uint64_t>(shared_.rules.body_bytes_max));
    Request request;
    const bool whole = co_await read_request(parser, request);
    if (!whole) co_return false;
    const bool keep = parser.get().keep_alive();
    Answer answer = co_await ask(request);
    if (answer.response.status == kNoAnswer) co_return false;
    if (answer.events) {
      co_await stream_events(answer, parser.get().version() == 10);
      co_return false;
    }
    const HeadStyle style{.framing = Framing::length,
                          .keep_alive = keep && !shared_.stopping,
                          .to_head_request = request.method == "HEAD"};
    const bool sent = co_await write(answer.response, style);
    co_return sent&& style.keep_alive;
  }

  Task<bool> wait_for_bytes() {
    if (buffer_.size() > 0) co_return true;
    socket().expires_after(shared_.rules.idle_max);
    const auto [error, size] =
        co_await stream_.async_read_some(buffer_.prepare(kReadBytes), kTuple);
    if (error) co_return false;
    buffer_.commit(size);
    co_return true;
  }

  Task<bool> read_request(Parser& parser, Request& request) {
    socket().expires_after(shared_.rules.header_max);
    const auto [error, size] = co_await http::async_read_header(stream_, buffer_, parser, kTuple);
    if (error) {
      co_await refuse(http_status_of(error), error.message());
      co_return false;
    }
    request = request_of(parser);
    const Status checked = check_head(request, parser.get().version() == 10);
    if (!checked) {
      co_await refuse(row_of(checked.error().code).http_status, checked.error().message);
      co_return false;
    }
    const bool read = co_await read_body(parser, request);
    co_return read;
  }

  Task<bool> read_body(Parser& parser, Request& request) {
    if (parser.is_done()) co_return true;
    socket().expires_after(shared_.rules.body_max);
    const auto expect = request.headers.find("Expect");
    if (expect && beast::iequals(*expect, "100-continue") && buffer_.size() == 0) {
      const auto [error, size] = co_await asio::async_write(
          stream_, asio::buffer(std::string_view("HTTP/1.1 100 Continue\r\n\r\n")), kTuple);
      if (error) co_return false;
    }
    const auto [error, size] = co_await http::async_read(stream_, buffer_, parser, kTuple);
    if (error) {
      co_await refuse(http_status_of(error), error.message());
      co_return false;
    }
    request.body = std::move(parser.get().body());
    co_return true;
  }

  // On a worker, so that a slow handler does not hold up the bytes of others.
  Task<Answer> ask(const Request& request) {
    if (shared_.handlers.at_once) {
      std::optional<Answer> at_hand = shared_.handlers.at_once(request);
      if (at_hand) co_return std::move(*at_hand);
    }
    if (shared_.rules.workers == 0) co_return shared_.handlers.answer(request);
    if (shared_.waiting.fetch_add(1) >= shared_.rules.waiting_max) {
      shared_.waiting.fetch_sub(1);
      Answer busy{.response = refusal(503, "too many requests are waiting; send it again"),
                  .events = {}};
      busy.response.headers.add("Retry-After", "1");
      co_return busy;
    }
    Answer answer =
        co_await on_worker([this, &request] { return shared_.handlers.answer(request); });
    co_return answer;
  }

  template <typename Work>
  Task<Answer> on_worker(Work work) {
    return asio::async_initiate<const asio::use_awaitable_t<Executor>&, void(Answer)>(
        [this](auto done, Work job) {
          asio::post(shared_.workers, [this, done = std::move(done), job]() mutable {
            shared_.waiting.fetch_sub(1);
            Answer answer = job();
            auto executor = asio::get_associated_executor(done);
            asio::post(executor, [done = std::move(done), answer = std::move(answer)]() mutable {
              std::move(done)(std::move(answer));
            });
          });
        },
        kAwait, std::move(work));
  }

  Task<bool> write(const Response& response, HeadStyle style) {
    socket().expires_after(shared_.rules.write_max);
    const std::string head = head_of(response, style, shared_.clock.now());
    const bool body = !style.to_head_request && !is_bodiless(response.status);
    const std::array<asio::const_buffer, 2> buffers{
        asio::buffer(head), asio::buffer(body ? std::string_view(response.body) : "")};
    const auto [error, size] = co_await asio::async_write(stream_, buffers, kTuple);
    co_return !error;
  }

  // Says why, if the other side can still hear it, and ends.
  Task<void> refuse(int status, std::string why) {
    if (status == 0) co_return;
    const Response response = refusal(status, why);
    const HeadStyle style{
        .framing = Framing::length, .keep_alive = false, .to_head_request = false};
    const bool sent = co_await write(response, style);
    if (sent) co_await linger();
  }

  Task<void> linger() {
    error_code ignored;
    socket().socket().shutdown(tcp::socket::shutdown_send, ignored);
    socket().expires_after(kLingerMax);
    buffer_.clear();
    std::size_t left = kLingerBytesMax;
    while (left > 0) {
      const auto [error, size] =
          co_await socket().async_read_some(buffer_.prepare(kReadBytes), kTuple);
      if (error) co_return;
      left -= std::min(left, size);
    }
  }

  Task<void> stream_events(Answer& answer, bool is_http_1_0) {
    const HeadStyle style{.framing = is_http_1_0 ? Framing::closing : Framing::chunked,
                          .keep_alive = false,
                          .to_head_request = false};
    answer.response.body.clear();
    const bool sent = co_await write(answer.response, style);
    if (!sent) co_return;
    OpenStream stream(stream_.get_executor());
    const std::uint64_t id = shared_.streams.add(stream);
    asio::post(shared_.workers, [events = std::move(answer.events),
                                 handle = EventStream(shared_.streams, id)] { events(handle); });
    using asio::experimental::awaitable_operators::operator||;
    co_await (write_events(stream, style.framing) || until_gone());
    shared_.streams.remove(id);
  }

  Task<void> write_events(OpenStream& stream, Framing framing) {
    while (true) {
      StreamTable::Piece piece = shared_.streams.take(stream);
      if (!piece.bytes.empty()) {
        std::string bytes = chunk_of(piece.bytes, framing);
        const bool sent = co_await write_piece(std::move(bytes));
        if (!sent) co_return;
        continue;
      }
      if (piece.last) {
        std::string end = framing == Framing::chunked ? "0\r\n\r\n" : "";
        co_await write_piece(std::move(end));
        co_return;
      }
      stream.wake.expires_after(shared_.rules.beat);
      const auto [error] = co_await stream.wake.async_wait(kTuple);
      if (error) continue;  // Woken.
      std::string beat = chunk_of(":\n\n", framing);
      const bool sent = co_await write_piece(std::move(beat));
      if (!sent) co_return;
    }
  }

  Task<bool> write_piece(std::string bytes) {
    socket().expires_after(shared_.rules.write_max);
    const auto [error, size] = co_await asio::async_write(stream_, asio::buffer(bytes), kTuple);
    socket().expires_never();
    co_return !error;
  }

  // A listener has nothing to say; it only ever goes.
  Task<void> until_gone() {
    socket().expires_never();  // Of reading; a write under way keeps its own limit.
    buffer_.clear();
    std::size_t left = kLingerBytesMax;
    while (left > 0) {
      const auto [error, size] =
          co_await stream_.async_read_some(buffer_.prepare(kReadBytes), kTuple);
      if (error) co_return;
      left -= std::min(left, size);
    }
  }

  static constexpr std::size_t kReadBytes = 4096;

  Stream stream_;
  Shared& shared_;
  beast::flat_buffer buffer_;
};

using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;

std::vector<std::unique_ptr<Loop>> some_loops(int count) {
  std::vector<std::unique_ptr<Loop>> loops;
  loops.reserve(static_cast<std::size_t>(std::max(count, 1)));
  for (int i = 0; i < std::max(count, 1); ++i) loops.push_back(std::make_unique<Loop>());
  return loops;
}

class Server final : public HttpServer {
 public:
  Server(const ServerRules& rules, Handlers handlers, const Clock& clock)
      : shared_(rules, std::move(handlers), clock), loops_(some_loops(rules.threads)) {}

  // What could throw in it is a lock or a join that breaks its own contract.
  // NOLINTNEXTLINE(bugprone-exception-escape)
  ~Server() override { stop(); }

  Status open() {
    RF_TRY(load_certificate());
    RF_TRY(listen());
    asio::co_spawn(loops_.front()->context, accept_all(), asio::detached);
    for (const auto& loop : loops_) {
      threads_.emplace_back([&context = loop->context] { context.run(); });
    }
    return {};
  }

  int port() const override { return port_; }

  void stop() override {
    if (shared_.stopping.exchange(true)) return;
    asio::post(loops_.front()->context, [this] {
      error_code ignored;
      acceptor_.close(ignored);
      accept_again_.cancel();
    });
    shared_.streams.close_all();
    close_connections(Which::idle);
    const auto quiet = [this] { return open_ == 0; };
    std::unique_lock lock(mutex_);
    if (!ended_.wait_for(lock, shared_.rules.drain_max, quiet)) {
      lock.unlock();
      close_connections(Which::all);
    } else {
      lock.unlock();
    }
    shared_.workers.join();
    for (const auto& loop : loops_) loop->work.reset();
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  enum class Which : std::uint8_t { idle, all };

  Status load_certificate() {
    const ServerRules& rules = shared_.rules;
    if (rules.certificate.empty() && rules.private_key.empty()) return {};
    error_code error;
    tls_.emplace(asio::ssl::context::tls_server);
    tls_->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 |
                          asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 |
                          asio::ssl::context::no_tlsv1_1,
                      error);
    tls_->use_certificate_chain_file(rules.certificate, error);
    if (error) {
      return fail(ErrorCode::invalid, fmt::format("cannot use the certificate '{}': {}",
                                                  rules.certificate, error.message()));
    }
    tls_->use_private_key_file(rules.private_key, asio::ssl::context::pem, error);
    if (error) {
      return fail(ErrorCode::invalid, fmt::format("cannot use the private key '{}': {}",
                                                  rules.private_key, error.message()));
    }
    return {};
  }

  Status listen() {
    const ServerRules& rules = shared_.rules;
    error_code error;
    const auto address = asio::ip::make_address(rules.address, error);
    if (error || rules.port < 0 || rules.port > 65535) {
      return fail(ErrorCode::invalid, fmt::format("'{}' port {} is no address to listen on",
                                                  rules.address, rules.port));
    }
    const tcp::endpoint endpoint(address, static_cast<std::uint16_t>(rules.port));
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
    if (error) {
      return fail(ErrorCode::unavailable, fmt::format("cannot listen on {} port {}: {}",
                                                      rules.address, rules.port, error.message()));
    }
    port_ = acceptor_.local_endpoint(error).port();
    return {};
  }

  Task<void> accept_all() {
    std::size_t next = 0;
    while (!shared_.stopping) {
      if (open_ >= shared_.rules.connections_max) {
        co_await pause();
        continue;
      }
      Loop& loop = *loops_[next++ % loops_.size()];
      auto [error, socket] = co_await acceptor_.async_accept(loop.context, kTuple);
      if (error) {
        co_await pause();
        continue;
      }
      open_.fetch_add(1);
      if (tls_) {
        Secure stream(Plain(std::move(socket)), *tls_);
        asio::co_spawn(loop.context, live(loop, std::move(stream)), asio::detached);
      } else {
        Plain stream(std::move(socket));
        asio::co_spawn(loop.context, live(loop, std::move(stream)), asio::detached);
      }
    }
  }

  Task<void> pause() {
    accept_again_.expires_after(kAcceptAgain);
    co_await accept_again_.async_wait(kTuple);
  }

  template <typename Stream>
  Task<void> live(Loop& loop, Stream stream) {
    {
      Connection<Stream> connection(std::move(stream), shared_);
      loop.connections.insert(&connection);
      co_await connection.run();
      loop.connections.erase(&connection);
    }
    const std::lock_guard lock(mutex_);
    open_.fetch_sub(1);
    ended_.notify_all();
  }

  void close_connections(Which which) {
    for (const auto& loop : loops_) {
      asio::post(loop->context, [&connections = loop->connections, which] {
        for (Closable* each : connections) {
          if (which == Which::all || each->idle) each->close();
        }
      });
    }
  }

  // Outlives the loops, whose connections look into it.
  Shared shared_;
  std::optional<asio::ssl::context> tls_;
  std::vector<std::unique_ptr<Loop>> loops_;
  Acceptor acceptor_{loops_.front()->context};
  asio::steady_timer accept_again_{loops_.front()->context};
  std::vector<std::thread> threads_;
  int port_ = 0;
  std::atomic<int> open_{0};
  std::mutex mutex_;
  std::condition_variable ended_;
};

}  // namespace

Result<std::unique_ptr<HttpServer>> start_server(const ServerRules& rules, Handlers handlers,
                                                 const Clock& clock) {
  auto server = std::make_unique<Server>(rules, std::move(handlers), clock);
  RF_TRY(server->open());
  return std::unique_ptr<HttpServer>(std::move(server));
}

Result<std::unique_ptr<HttpServer>> start_server(const ServerRules& rules, AnswerHandler handler,
                                                 const Clock& clock) {
  return start_server(rules, Handlers{.answer = std::move(handler), .at_once = {}}, clock);
}

Result<std::unique_ptr<HttpServer>> start_server(const ServerRules& rules, Handler handler,
                                                 const Clock& clock) {
  AnswerHandler plain = [handler = std::move(handler)](const Request& request) {
    return Answer{.response = handler(request), .events = {}};
  };
  return start_server(rules, std::move(plain), clock);
}

}  // namespace rf::net
