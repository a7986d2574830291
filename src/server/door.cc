#include "server/door.h"

#include <atomic>
#include <utility>

#include <fmt/format.h>

#include "base/sha256.h"
#include "net/gzip.h"
#include "net/query.h"
#include "server/aliases.h"
#include "server/answer_cache.h"
#include "server/audit_file.h"
#include "server/films.h"
#include "server/hooks.h"
#include "server/idempotency.h"
#include "server/metrics.h"
#include "server/openapi.h"
#include "server/problem.h"
#include "server/routes.h"
#include "server/schedule_metrics.h"
#include "server/upload.h"

namespace rf::server {
namespace {

// A shorter answer fits one packet anyway.
constexpr std::size_t kGzipFrom = 1400;

constexpr std::size_t kKeyMax = 255;

net::Response json_answer(std::string body) {
  return {.status = 200,
          .headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
          .body = std::move(body)};
}

bool accepts(const net::Request& request, std::string_view name, std::string_view value) {
  const auto given = request.headers.find(name);
  return given && given->find(value) != std::string_view::npos;
}

// A browser does nothing with what it gets from here but show it; pages have a policy of their own.
void guard_browser(net::Response& response) {
  response.headers.add("X-Content-Type-Options", "nosniff");
  if (response.headers.find("Content-Security-Policy")) return;
  response.headers.add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
}

net::Response session_answer(const Caller& caller) {
  JsonArray scopes;
  for (const api::Scope scope : caller.scopes) scopes.emplace_back(name_of(scope));
  JsonArray accounts;
  for (const std::string& account : caller.accounts) accounts.emplace_back(account);
  return json_answer(to_text(JsonObject{{"name", caller.name},
                                        {"token", caller.token_id},
                                        {"scopes", std::move(scopes)},
                                        {"accounts", std::move(accounts)}}));
}

bool holds(const Caller& caller, api::Scope scope) {
  return std::ranges::find(caller.scopes, scope) != caller.scopes.end();
}

// The text of one field of a JSON body; empty where there is none.
std::string text_in(const net::Request& request, std::string_view field) {
  const Result<Json> body = parse_json(request.body);
  const JsonObject* object = body ? body->if_object() : nullptr;
  const Json* found = object == nullptr ? nullptr : object->if_contains(field);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
}

// Tells a listener how far the work is, a step of a hundredth or so at a time.
class StreamProgress final : public Progress {
 public:
  explicit StreamProgress(net::EventStream stream) : stream_(stream) {}

  void report(std::string_view what, std::int64_t done, std::int64_t total) override {
    const std::int64_t part = total > 0 ? done * 100 / total : done;
    if (what == what_ && part == part_) return;
    what_ = what;
    part_ = part;
    const JsonObject data{{"what", what}, {"done", done}, {"total", total}};
    static_cast<void>(stream_.send({.id = "", .name = "progress", .data = to_text(data)}));
  }

  bool cancelled() const override { return !stream_.is_open(); }

 private:
  net::EventStream stream_;
  std::string what_;
  std::int64_t part_ = -1;
};

// One call of one operation, checked and allowed.
struct OperationCall {
  const api::Operation& operation;
  Json input;
  Caller caller;
  std::string request_id;
  std::string key;  // The caller's Idempotency-Key; empty for none.
};

// What happens to a request, and the word it is counted under.
struct Counted {
  net::Answer answer;
  std::string_view what;
};

class OpenDoor final : public Door {
 public:
  OpenDoor(const std::vector<api::Operation>& operations, const Surroundings& around,
           DoorRules rules)
      : operations_(operations),
        around_(around),
        pool_(around),
        hooks_(around),
        access_(std::move(rules.access), pool_, around),
        cache_(around.store_path, rules.answers_kept_for, rules.answers_bytes_max),
        audit_(std::move(rules.audit_file)),
        dashboard_(rules.dashboard),
        films_(std::move(rules.films)),
        tls_(rules.tls),
        openapi_(to_text(openapi_of(operations, "1"))) {}

  net::Answer answer(const net::Request& request) override {
    const Instant began = around_.clock.now();
    const std::string id = fmt::format("{}", ++requests_);
    const std::optional<net::Request> meant = request_meant(request);
    return finished(answer_by_path(meant ? *meant : request, id), id, began);
  }

  std::optional<net::Answer> answer_at_once(const net::Request& request) override {
    const Instant began = around_.clock.now();
    if (request.method != "GET" || accepts(request, "Accept", "text/event-stream")) {
      return std::nullopt;
    }
    const auto [path, query] = net::split_target(request.target);
    const api::Operation* operation = operation_at(path, operations_);
    if (operation == nullptr || operation->effect != api::Effect::reads) return std::nullopt;
    const Result<Json> input = input_of_query(*operation, query);
    if (!input || touches_files(*operation) || !access_.check_origin(request)) return std::nullopt;
    std::optional<CachedAnswer> found =
        cache_.find(key_of(*operation, *input), accepts(request, "Accept-Encoding", "gzip"), began);
    if (!found) return std::nullopt;
    const std::optional<Caller> caller = access_.admit_at_once(request);
    if (!caller || !allow(*caller, *operation, *input)) return std::nullopt;
    return finished(plain(shown(std::move(*found), request), operation->name),
                    fmt::format("{}", ++requests_), began);
  }

  std::string offer_session(const std::string& token_id) override {
    return access_.offer_session(token_id);
  }

 private:
  static Counted plain(net::Response response, std::string_view what) {
    return {.answer = {.response = std::move(response), .events = {}}, .what = what};
  }

  net::Answer finished(Counted counted, const std::string& id, Instant began) {
    guard_browser(counted.answer.response);
    counted.answer.response.headers.add("X-Request-Id", id);
    metrics_.count(counted.what, counted.answer.response.status, around_.clock.now() - began);
    return std::move(counted.answer);
  }

  static std::string key_of(const api::Operation& operation, const Json& input) {
    return fmt::format("{}?{}", operation.name, to_text(input));
  }

  Counted answer_by_path(const net::Request& request, const std::string& id) {
    const Status origin = access_.check_origin(request);
    if (!origin) {
      const bool host = !request.headers.find("Origin").has_value();
      return plain(problem(origin.error(), host ? 421 : 403), "refused");
    }
    const std::string_view path = net::split_target(request.target).first;
    if (path == "/session") return plain(session(request), "session");
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (std::optional<net::Response> hook = hooks_.answer(request))
      return plain(*std::move(hook), "hooks");
    const bool guarded = path == "/metrics" || path.starts_with(kFilmsRoot);
    if (reads && !guarded) {
      if (std::optional<Counted> open = open_to_all(path, request)) return std::move(*open);
    }
    Result<Caller> caller = access_.admit(request);
    if (!caller) return plain(refusal(caller.error()), "refused");
    if (!reads || !guarded) return called(path, std::move(*caller), request, id);
    if (path == "/metrics") return plain(metrics_answer(*caller), "metrics");
    return plain(film(*caller, request), "films");
  }

  Counted called(std::string_view path, Caller caller, const net::Request& request,
                 const std::string& id) {
    if (path == kUploadPath) return plain(upload(caller, request, id), "upload");
    const api::Operation* operation = operation_at(path, operations_);
    if (operation == nullptr) {
      return plain(problem(fail(ErrorCode::not_found, "there is nothing at this path")), "nothing");
    }
    return {.answer = call(*operation, request, std::move(caller), id), .what = operation->name};
  }

  // What is read without a token.
  std::optional<Counted> open_to_all(std::string_view path, const net::Request& request) {
    if (path == "/healthz") return plain(json_answer(R"({"ok":true})"), "healthz");
    if (path == "/readyz") return plain(ready(), "readyz");
    if (path == "/api/v1/openapi.json") return plain(json_answer(openapi_), "openapi");
    std::optional<net::Response> page = dashboard_answer(dashboard_, request);
    if (!page) return std::nullopt;
    return plain(std::move(*page), "dashboard");
  }

  static net::Response refusal(const Error& error) {
    const bool unknown = error.code == ErrorCode::denied;
    net::Response response = problem(error, unknown ? 401 : row_of(error.code).http_status);
    if (unknown) response.headers.add("WWW-Authenticate", "Bearer");
    if (error.code == ErrorCode::throttled) response.headers.add("Retry-After", "1");
    return response;
  }

  net::Response session(const net::Request& request) {
    if (request.method == "GET") {
      // Having none is no failure: the dashboard asks before it knows.
      const Result<Caller> caller = access_.admit(request);
      if (!caller && caller.error().code == ErrorCode::denied) return json_answer("null");
      return caller ? session_answer(*caller) : refusal(caller.error());
    }
    // Only a page of ours logs a browser in or out: another's could log it in as somebody else.
    const bool ours = request.headers.find("Origin").has_value();
    if (!ours || (request.method != "POST" && request.method != "DELETE")) {
      return problem(fail(ErrorCode::denied, "sessions are opened and ended by the dashboard"),
                     403);
    }
    if (request.method == "DELETE") {
      access_.close_session(request);
      net::Response response = json_answer("{}");
      response.headers.add("Set-Cookie", set_session_cookie("", tls_));
      return response;
    }
    const std::string code = text_in(request, "code");
    const Result<Access::Opened> opened = code.empty()
                                              ? access_.open_session(text_in(request, "token"))
                                              : access_.redeem_session(code);
    if (!opened) return refusal(opened.error());
    net::Response response = session_answer(opened->caller);
    response.headers.add("Set-Cookie", set_session_cookie(opened->secret, tls_));
    return response;
  }

  net::Response film(const Caller& caller, const net::Request& request) {
    if (!holds(caller, api::Scope::read) || !caller.accounts.empty()) {
      return problem(fail(ErrorCode::denied, "films need the scope 'read' for all accounts"));
    }
    return films_.answer(request);
  }

  // The import of what was sent. It may hold numbers of any account.
  net::Response upload(const Caller& caller, const net::Request& request, const std::string& id) {
    const auto import = std::ranges::find(operations_, "import", &api::Operation::name);
    if (request.method != "POST" || import == operations_.end()) {
      return problem(fail(ErrorCode::invalid, "an upload is a POST"), 405);
    }
    if (!holds(caller, api::Scope::propose) || !caller.accounts.empty()) {
      return problem(
          fail(ErrorCode::denied, "an upload needs the scope 'propose' for all accounts"));
    }
    const Result<Upload> received = Upload::receive(request, *import, around_.store_path);
    if (!received) return problem(received.error());
    ServicesPool::Lease services = pool_.take();
    net::Response response = change(
        {.operation = *import, .input = received->input(), .caller = caller, .request_id = id},
        *services);
    response.body = received->renamed(std::move(response.body));
    return response;
  }

  net::Response ready() {
    ServicesPool::Lease services = pool_.take();
    const Result<Store*> store = services->store();
    if (!store) return problem(store.error(), 503);
    return json_answer(R"({"ok":true})");
  }

  net::Response metrics_answer(const Caller& caller) {
    if (!holds(caller, api::Scope::read)) {
      return problem(fail(ErrorCode::denied, "metrics need the scope 'read'"));
    }
    ServicesPool::Lease services = pool_.take();
    // Where the store cannot say, the server's own counts still can.
    const Result<std::string> schedule = schedule_metrics(*services);
    return {.status = 200,
            .headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}},
            .body = metrics_.text() + (schedule ? *schedule : std::string())};
  }

  net::Answer call(const api::Operation& operation, const net::Request& request, Caller caller,
                   const std::string& id) {
    const bool reads = operation.effect == api::Effect::reads;
    const bool by_get = request.method == "GET" || request.method == "HEAD";
    if (request.method != "POST" && !(reads && by_get)) {
      net::Response response =
          problem(fail(ErrorCode::invalid,
                       fmt::format("'{}' is not called by this method", operation.name)),
                  405);
      response.headers.add("Allow", reads ? "GET, HEAD, POST" : "POST");
      return {.response = std::move(response), .events = {}};
    }
    Result<Json> input = input_of(operation, request);
    if (!input) {
      const bool kind = input.error().code == ErrorCode::unsupported;
      return {.response = kind ? problem(input.error(), 415) : problem(input.error()),
              .events = {}};
    }
    const Status allowed = allow(caller, operation, *input);
    if (!allowed) return {.response = problem(allowed.error()), .events = {}};
    const std::string key(request.headers.find("Idempotency-Key").value_or(""));
    if (key.size() > kKeyMax) {
      return {
          .response = problem(fail(ErrorCode::invalid, "an Idempotency-Key has at most 255 bytes")),
          .events = {}};
    }
    OperationCall made{.operation = operation,
                       .input = std::move(*input),
                       .caller = std::move(caller),
                       .request_id = id,
                       .key = reads ? "" : key};
    if (accepts(request, "Accept", "text/event-stream")) return streamed(std::move(made));
    if (reads && by_get) return {.response = read(made, request), .events = {}};
    if (operation.effect == api::Effect::administers) {
      // May put another file in the store's place, for which nobody may hold it open.
      NoProgress progress;
      api::Services own = pool_.make(progress);
      return {.response = run(made, own), .events = {}};
    }
    ServicesPool::Lease services = pool_.take();
    return {.response = run(made, *services), .events = {}};
  }

  // A read by GET: from what is kept if it still holds.
  net::Response read(const OperationCall& made, const net::Request& request) {
    const std::string key = key_of(made.operation, made.input);
    const bool gzipped = accepts(request, "Accept-Encoding", "gzip");
    const Instant now = around_.clock.now();
    // What depends on other files than the store is worked out anew each time.
    const bool kept = !touches_files(made.operation);
    if (kept) {
      if (std::optional<CachedAnswer> found = cache_.find(key, gzipped, now)) {
        return shown(std::move(*found), request);
      }
    }
    const StoreVersion version = cache_.version();
    ServicesPool::Lease services = pool_.take();
    Result<Json> output = made.operation.run(made.input, *services);
    if (!output) return problem(output.error());
    CachedAnswer answer{.etag = {}, .body = to_text(*output), .gzipped = {}};
    answer.etag = fmt::format("W/\"{}\"", sha256_hex(answer.body).substr(0, 32));
    if (answer.body.size() >= kGzipFrom) answer.gzipped = net::gzip(answer.body);
    if (kept) cache_.put(key, answer, version, now);
    if (!gzipped) answer.gzipped.clear();
    return shown(std::move(answer), request);
  }

  static net::Response shown(CachedAnswer answer, const net::Request& request) {
    net::Response response{.status = 200,
                           .headers = {{"Content-Type", "application/json"},
                                       {"Cache-Control", "private, no-cache"},
                                       {"Vary", "Accept-Encoding, Authorization, Cookie"},
                                       {"ETag", answer.etag}},
                           .body = {}};
    if (request.headers.find("If-None-Match").value_or("") == answer.etag) {
      response.status = 304;
    } else if (!answer.gzipped.empty()) {
      response.headers.add("Content-Encoding", "gzip");
      response.body = std::move(answer.gzipped);
    } else {
      response.body = std::move(answer.body);
    }
    return response;
  }

  // Runs the operation; one that changes something with its key looked up and its audit written.
  net::Response run(const OperationCall& made, api::Services& services) {
    if (made.operation.effect == api::Effect::reads) {
      Result<Json> output = made.operation.run(made.input, services);
      return output ? json_answer(to_text(*output)) : problem(output.error());
    }
    if (made.key.empty()) return change(made, services);
    const std::string key = made.caller.token_id + "/" + made.key;
    Result<std::optional<KeptAnswer>> kept = begin_once(made, key);
    if (!kept) return problem(kept.error());
    if (*kept) {
      net::Response response = json_answer(std::move((*kept)->body));
      response.headers.add("Idempotent-Replayed", "true");
      return response;
    }
    net::Response response = change(made, services);
    const bool done = response.status == 200;
    // Where the outcome is not known, neither is it kept: the key then says so.
    const bool lost = response.status == row_of(ErrorCode::outcome_unknown).http_status;
    if (lost) idempotency_.lose(key);
    if (!lost) note(key, done, response.body);
    return response;
  }

  Result<std::optional<KeptAnswer>> begin_once(const OperationCall& made, const std::string& key) {
    ServicesPool::Lease services = pool_.take();
    Store* store = RF_TRY(services->store());
    const std::string asked =
        sha256_hex(fmt::format("{} {}", made.operation.name, to_text(made.input)));
    return idempotency_.begin(*store, key, asked, around_.clock.now());
  }

  // The work is done, and the answer says so whether or not this can be written.
  void note(const std::string& key, bool done, const std::string& body) {
    // The store may be another now: an operation may have put a backup in its place.
    ServicesPool::Lease services = pool_.take();
    Result<Store*> store = services->store();
    Status noted;
    if (store && done) noted = idempotency_.finish(**store, key, {.status = 200, .body = body});
    if (store && !done) noted = idempotency_.forget(**store, key);
    if (!store || !noted) idempotency_.lose(key);
  }

  net::Response change(const OperationCall& made, api::Services& services) {
    JsonObject line{{"at", to_rfc3339(around_.clock.now())},
                    {"request", made.request_id},
                    {"token", made.caller.token_id},
                    {"name", made.caller.name},
                    {"operation", made.operation.name},
                    {"effect", name_of(made.operation.effect)},
                    {"state", "begun"},
                    {"input", made.input}};
    const Status begun = audit_.add(line);
    if (!begun) return problem(begun.error());  // What cannot be audited is not done.
    const bool administers = made.operation.effect == api::Effect::administers;
    if (administers) pool_.renew();
    Result<Json> output = made.operation.run(made.input, services);
    if (administers) pool_.renew();
    line["at"] = to_rfc3339(around_.clock.now());
    line["state"] = output ? "done" : to_string(output.error().code);
    line.erase("input");
    const Status ended = audit_.add(line);
    if (!ended) metrics_.count("audit lost", 500, Duration{0});
    return output ? json_answer(to_text(*output)) : problem(output.error());
  }

  // Has a worker, and services of its own, for as long as the operation takes.
  net::Answer streamed(OperationCall made) {
    net::Response head{
        .status = 200,
        .headers = {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}},
        .body = {}};
    auto events = [this, made = std::move(made)](net::EventStream stream) {
      StreamProgress progress(stream);
      api::Services services = pool_.make(progress);
      const net::Response response = run(made, services);
      const bool good = response.status == 200;
      static_cast<void>(
          stream.send({.id = "", .name = good ? "result" : "error", .data = response.body}));
      stream.close();
    };
    return {.response = std::move(head), .events = std::move(events)};
  }

  const std::vector<api::Operation>& operations_;
  const Surroundings& around_;
  ServicesPool pool_;
  Hooks hooks_;
  Access access_;
  AnswerCache cache_;
  AuditFile audit_;
  const std::span<const WebFile> dashboard_;
  Films films_;
  const bool tls_;
  Idempotency idempotency_;
  Metrics metrics_;
  const std::string openapi_;
  std::atomic<std::int64_t> requests_{0};
};

}  // namespace

std::unique_ptr<Door> open_door(const std::vector<api::Operation>& operations,
                                const Surroundings& around, DoorRules rules) {
  return std::make_unique<OpenDoor>(operations, around, std::move(rules));
}

}  // namespace rf::server
