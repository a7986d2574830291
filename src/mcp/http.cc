#include "mcp/http.h"

#include <utility>
#include <variant>

#include <fmt/format.h>

#include "mcp/http_check.h"

namespace rf::mcp {
namespace {

constexpr std::string_view kSessionHeader = "Mcp-Session-Id";
constexpr std::string_view kVersionHeader = "MCP-Protocol-Version";

net::Answer plain(int status, net::Headers headers = {}) {
  return {.response = {.status = status, .headers = std::move(headers), .body = {}}, .events = {}};
}

net::Answer json(int status, const Json& message) {
  return {.response = {.status = status,
                       .headers = {{"Content-Type", "application/json"}},
                       .body = to_text(message)},
          .events = {}};
}

// An error that answers no message.
net::Answer refusal(int status, std::string_view why) {
  return json(status,
              JsonObject{{"jsonrpc", "2.0"},
                         {"id", nullptr},
                         {"error", JsonObject{{"code", kInvalidRequest}, {"message", why}}}});
}

net::Answer error(int status, const Json& id, const Refusal& why) {
  return json(status, error_message(id, why));
}

net::Response stream_head() {
  return {.status = 200,
          .headers = {{"Content-Type", "text/event-stream"},
                      {"Cache-Control", "no-cache"},
                      {"X-Accel-Buffering", "no"}},
          .body = {}};
}

bool accepts(const net::Request& request, std::string_view type) {
  const std::optional<std::string_view> accept = request.headers.find("Accept");
  return !accept || accept->find(type) != std::string_view::npos ||
         accept->find("*/*") != std::string_view::npos;
}

bool is_json(const net::Request& request) {
  const std::optional<std::string_view> type = request.headers.find("Content-Type");
  return type && type->starts_with("application/json");
}

bool is_at(const net::Request& request, std::string_view path) {
  const std::string_view target = request.target;
  return target.substr(0, target.find('?')) == path;
}

bool send(net::EventStream& stream, const Json& message) {
  return stream.send({.id = "", .name = "", .data = to_text(message)});
}

}  // namespace

// Where the messages of one streamed call go.
class HttpDoor::StreamOutlet final : public Outlet {
 public:
  StreamOutlet(HttpDoor& door, net::EventStream& stream, HttpSession* session, const Json& id)
      : door_(door), stream_(stream), session_(session), id_(id) {}

  void notify(const Json& message) override { static_cast<void>(send(stream_, message)); }

  Outcome<JsonObject> ask(std::string_view method, const JsonObject& params) override {
    RF_CHECK(session_ != nullptr);
    if (door_.questions_.fetch_add(1) >= kQuestionsMax) {
      door_.questions_.fetch_sub(1);
      return Refusal{.code = kBusy, .message = "too many questions are open; try again later"};
    }
    const std::string question = session_->open_question();
    static_cast<void>(
        send(stream_, request_message(Json(std::string_view(question)), method, params)));
    std::optional<JsonObject> answer =
        session_->wait_for_answer(question, [this] { return !cancelled(); });
    door_.questions_.fetch_sub(1);
    if (answer) return std::move(*answer);
    return Refusal{.code = kNoAnswer, .message = "the client did not answer"};
  }

  void announce(const Change& change) override { door_.announce(change); }

  // In the older revision a stream that breaks says nothing about what the client wants.
  bool cancelled() const override {
    return session_ == nullptr ? !stream_.is_open() : session_->is_cancelled(id_);
  }

 private:
  HttpDoor& door_;
  net::EventStream& stream_;
  HttpSession* session_;
  const Json& id_;
};

net::Answer HttpDoor::answer(const net::Request& request) {
  if (!is_for_us(request.headers, rules_.names)) {
    return refusal(403, "the Host or Origin header is of another machine");
  }
  if (!is_at(request, rules_.path)) return refusal(404, "there is nothing here");
  if (!is_let_in(request.headers, rules_.token)) {
    net::Answer answer = refusal(401, "a bearer token is needed");
    answer.response.headers.add("WWW-Authenticate", "Bearer");
    return answer;
  }
  if (request.method == "POST") return take_post(request);
  if (request.method == "GET") return take_get(request);
  if (request.method == "DELETE") return take_delete(request);
  return plain(405, {{"Allow", "POST, GET, DELETE"}});
}

net::Answer HttpDoor::take_post(const net::Request& request) {
  if (!is_json(request)) return refusal(415, "the Content-Type is to be application/json");
  if (!accepts(request, "application/json")) {
    return refusal(406, "the Accept header is to name application/json and text/event-stream");
  }
  Json id = nullptr;
  Outcome<Message> read = parse_message(request.body, id);
  if (const auto* why = std::get_if<Refusal>(&read)) return error(why->http_status, id, *why);
  const auto& message = std::get<Message>(read);
  const Carrier carrier{.version_header = request.headers.find(kVersionHeader),
                        .has_session = request.headers.find(kSessionHeader).has_value()};
  const bool modern =
      message.kind != Message::Kind::answer && era_of(message, carrier) == Era::modern;
  return modern ? take_modern(request, message) : take_legacy(request, message);
}

net::Answer HttpDoor::take_modern(const net::Request& request, const Message& message) {
  if (auto why = check_modern_headers(request.headers, message, protocol_.catalog())) {
    return error(why->http_status, message.id, *why);
  }
  return answer_request(request, message, Era::modern, nullptr);
}

net::Answer HttpDoor::take_legacy(const net::Request& request, const Message& message) {
  if (message.kind == Message::Kind::request && message.method == "initialize") {
    return take_initialize(request, message);
  }
  const std::optional<std::string_view> version = request.headers.find(kVersionHeader);
  if (version && !is_legacy_version(*version)) {
    return error(
        400, message.id,
        {.code = kInvalidRequest, .message = fmt::format("version '{}' is not served", *version)});
  }
  const std::optional<std::string_view> id = request.headers.find(kSessionHeader);
  if (!id) {
    return error(400, message.id,
                 {.code = kInvalidRequest, .message = "the header 'Mcp-Session-Id' is missing"});
  }
  std::optional<HttpSessions::Lease> session = sessions_.find(std::string(*id), clock_.now());
  if (!session) {
    return error(
        404, message.id,
        {.code = kInvalidRequest, .message = "there is no such session; initialize again"});
  }
  if (message.kind == Message::Kind::answer) {
    (*session)->answer(message.id, message.answer);
    return plain(202);
  }
  if (message.method == "notifications/cancelled") {
    if (const Json* call = message.params.if_contains("requestId")) (*session)->cancel(*call);
  }
  return answer_request(request, message, Era::legacy, &*session);
}

net::Answer HttpDoor::take_initialize(const net::Request& request, const Message& message) {
  HttpSessions::Lease session = sessions_.open(clock_.now());
  net::Answer answer = answer_request(request, message, Era::legacy, &session);
  if (session->session.is_open()) {
    answer.response.headers.add(std::string(kSessionHeader), session.id());
  } else {
    sessions_.close(session.id());
  }
  return answer;
}

net::Answer HttpDoor::answer_request(const net::Request& request, const Message& message, Era era,
                                     HttpSessions::Lease* session) {
  Session* known = session == nullptr ? nullptr : &(*session)->session;
  if (message.kind == Message::Kind::request && message.method == "tools/call" &&
      accepts(request, "text/event-stream")) {
    // What can be refused before the tool runs gets its own status.
    if (auto why = protocol_.refusal_of(message, era, known)) {
      return error(era == Era::modern ? why->http_status : 200, message.id, *why);
    }
    return stream_of(message, era, session == nullptr ? "" : session->id());
  }
  NoOutlet outlet;
  Reply reply = protocol_.answer(message, era, known, outlet);
  if (reply.listen) return listen_on_stream(message.id, *reply.listen);
  if (!reply.message) return plain(reply.http_status);
  return json(reply.http_status, *reply.message);
}

net::Answer HttpDoor::stream_of(const Message& message, Era era, std::string session_id) {
  return {.response = stream_head(),
          .events = [this, message, era, session = std::move(session_id)](net::EventStream stream) {
            run(message, era, session, stream);
          }};
}

void HttpDoor::run(const Message& message, Era era, const std::string& session_id,
                   net::EventStream stream) {
  if (era == Era::modern) return run_with(message, nullptr, stream);
  std::optional<HttpSessions::Lease> session = sessions_.find(session_id, clock_.now());
  if (!session) return stream.close();  // It ended meanwhile.
  (*session)->begin(message.id);
  run_with(message, &**session, stream);
  (*session)->end(message.id);
}

void HttpDoor::run_with(const Message& message, HttpSession* session, net::EventStream& stream) {
  StreamOutlet outlet(*this, stream, session, message.id);
  const Era era = session == nullptr ? Era::modern : Era::legacy;
  Reply reply =
      protocol_.answer(message, era, session == nullptr ? nullptr : &session->session, outlet);
  if (reply.message && !outlet.cancelled()) static_cast<void>(send(stream, *reply.message));
  stream.close();
}

net::Answer HttpDoor::listen_on_stream(const Json& id, const ListenFilter& filter) {
  return {
      .response = stream_head(), .events = [this, id, filter](net::EventStream stream) {
        const auto sends = [stream](const Json& message) mutable { return send(stream, message); };
        if (listeners_.add(filter, id, sends)) return;
        static_cast<void>(
            send(stream, error_message(id, {.code = kBusy, .message = "too many subscriptions"})));
        stream.close();
      }};
}

net::Answer HttpDoor::take_get(const net::Request& request) {
  const std::optional<std::string_view> id = request.headers.find(kSessionHeader);
  if (!id || !accepts(request, "text/event-stream")) {
    return plain(405, {{"Allow", "POST, DELETE"}});
  }
  if (!sessions_.find(std::string(*id), clock_.now())) return refusal(404, "no such session");
  return {.response = stream_head(),
          .events = [this, session_id = std::string(*id)](net::EventStream stream) {
            std::optional<HttpSessions::Lease> session = sessions_.find(session_id, clock_.now());
            if (!session) return stream.close();
            (*session)->listen_on(stream);
          }};
}

net::Answer HttpDoor::take_delete(const net::Request& request) {
  const std::optional<std::string_view> id = request.headers.find(kSessionHeader);
  if (!id) return plain(405, {{"Allow", "POST"}});
  if (!sessions_.close(std::string(*id))) return refusal(404, "there is no such session");
  return plain(200);
}

void HttpDoor::announce(const Change& change) {
  listeners_.announce(change);
  sessions_.announce(change);
}

}  // namespace rf::mcp
