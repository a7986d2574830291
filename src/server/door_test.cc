#include "server/door.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "api/operations.h"
#include "net/client.h"
#include "net/gzip.h"
#include "net/query.h"
#include "net/server.h"
#include "server/routes.h"
#include "store/sqlite.h"

namespace rf::server {
namespace {

using testing::HasSubstr;

// Ahead of the files' own times, so that what is read of them counts as settled.
Instant a_second_ahead() { return SystemClock().now() + std::chrono::seconds{1}; }

// A store of its own, and a door to a table of operations.
class DoorTest : public testing::Test {
 public:
  ~DoorTest() override { std::filesystem::remove_all(folder_); }

 protected:
  DoorTest()
      : folder_(std::filesystem::temp_directory_path() /
                fmt::format("rf_door_{}_{}", getpid(), ++doors_made)),
        clock_(a_second_ahead()) {
    std::filesystem::create_directories(folder_);
    around_ = std::make_unique<Surroundings>(
        Surroundings{.store_path = (folder_ / "s.db").string(),
                     .open_store = [](const std::string& path) { return open_sqlite(path); },
                     .decoder = "",
                     .clock = clock_});
    rules_.audit_file = (folder_ / "audit.jsonl").string();
  }

  void open(std::vector<api::Operation> operations) {
    table_ = std::move(operations);
    door_ = open_door(table_, *around_, rules_);
  }

  std::string token(std::vector<std::string> scopes, std::int64_t days = 1,
                    std::vector<std::string> accounts = {}) {
    NoProgress progress;
    api::Services services(around_->store_path, around_->open_store, clock_, progress);
    return api::token_create({.name = "test",
                              .scopes = std::move(scopes),
                              .accounts = std::move(accounts),
                              .days = days},
                             services)
        .value()
        .token;
  }

  std::string owner() { return token({"read", "propose", "approve", "spend", "administer"}); }

  static net::Request request(std::string method, std::string target, const std::string& token,
                              std::string body = "") {
    net::Request made{.method = std::move(method),
                      .target = std::move(target),
                      .headers = {{"Host", "localhost:8077"}},
                      .body = std::move(body)};
    if (!token.empty()) made.headers.add("Authorization", "Bearer " + token);
    if (!made.body.empty()) made.headers.add("Content-Type", "application/json");
    return made;
  }

  net::Response ask(const net::Request& request) { return door_->answer(request).response; }
  net::Response get(const std::string& target, const std::string& token) {
    return ask(request("GET", target, token));
  }
  net::Response post(const std::string& target, const std::string& token, std::string body) {
    return ask(request("POST", target, token, std::move(body)));
  }

  std::string audit() const {
    std::ifstream in(folder_ / "audit.jsonl");
    return {std::istreambuf_iterator<char>(in), {}};
  }

  std::filesystem::path folder_;
  ManualClock clock_;
  std::unique_ptr<Surroundings> around_;
  DoorRules rules_;
  std::vector<api::Operation> table_;
  std::unique_ptr<Door> door_;

  static inline std::atomic<int> doors_made = 0;
};

Json json_of(const net::Response& response) { return parse_json(response.body).value(); }

std::string code_of(const net::Response& response) {
  return std::string(json_of(response).at("code").get_string());
}

// The real table, whose operations only say that they ran.
std::vector<api::Operation> stubs(std::atomic<int>& runs) {
  std::vector<api::Operation> table = api::operations();
  for (api::Operation& operation : table) {
    operation.run = [&runs](const Json&, api::Services&) -> Result<Json> {
      ++runs;
      return Json(JsonObject{{"ran", true}});
    };
  }
  return table;
}

api::Operation stub(std::string_view name, api::Effect effect,
                    std::function<Result<Json>(const Json&, api::Services&)> run) {
  return {.name = name,
          .help = "a test's",
          .example = name,
          .effect = effect,
          .inputs = {},
          .input_schema = [] { return schema_of<api::Nothing>(); },
          .output_schema = [] { return schema_of<api::Nothing>(); },
          .run = std::move(run)};
}

constexpr std::string_view kExport =
    "Day,Campaign name,Ad set name,Ad name,Ad ID,Amount spent (EUR),Impressions,Link "
    "clicks,Purchases,"
    "Purchases conversion value,Attribution setting\n"
    "2026-03-01,Spring,Broad,Ad one,11,10.10,1000,20,2,80.00,7-day click\n"
    "2026-03-02,Spring,Broad,Ad one,11,10.15,1100,21,1,40.00,7-day click\n"
    "2026-03-01,Spring,Broad,Ad two,12,5.05,900,4,,,7-day click\n";

// Times taken, how often something was looked for, and what is made by chance differ from call to
// call.
void forget_what_varies(Json& value) {
  if (JsonObject* object = value.if_object()) {
    for (auto& member : *object) {
      const std::set<std::string_view> varying{"ms",      "token",         "id",
                                               "seconds", "queries_per_s", "times"};
      if (varying.contains(std::string_view(member.key()))) member.value() = nullptr;
      forget_what_varies(member.value());
    }
  } else if (JsonArray* array = value.if_array()) {
    for (Json& item : *array) forget_what_varies(item);
  }
}

// Small inputs under which operations have something to say; {} for the others, which then answer
// with their own errors, the same through both doors.
Json input_for(const api::Operation& operation) {
  if (operation.name == "demo") return JsonObject{{"days", 3}};
  if (operation.name == "sandbox prove") return JsonObject{{"days", 3}};
  if (operation.name == "explain") return JsonObject{{"ad", "Ad one"}};
  if (operation.name == "tokens create") return JsonObject{{"name", "n"}};
  JsonObject input;
  for (const api::InputField& field : operation.inputs) {
    if (!field.required) continue;
    if (field.kind == api::InputField::Kind::texts) input[field.name] = JsonArray{"/nowhere"};
    if (field.kind == api::InputField::Kind::text) input[field.name] = "/nowhere/at/all";
  }
  return input;
}

TEST_F(DoorTest, EveryOperationSaysTheSameAsItDoesDirectly) {
  open(api::operations());
  const std::string file = (folder_ / "export.csv").string();
  std::ofstream(file) << kExport;
  const std::string owners = owner();
  const Json import = JsonObject{{"files", JsonArray{Json(file)}}};
  ASSERT_EQ(post("/api/v1/import", owners, to_text(import)).status, 200);
  ASSERT_EQ(post("/api/v1/turn", owners, "").status, 200);  // A second one finds nothing new.
  NoProgress progress;
  api::Services services(around_->store_path, around_->open_store, clock_, progress);
  for (const api::Operation& operation : table_) {
    SCOPED_TRACE(operation.name);
    const Json input = input_for(operation);
    Result<Json> direct = operation.run(input, services);
    const net::Response answer = post(path_of(operation), owners, to_text(input));
    if (!direct) {
      EXPECT_EQ(answer.status, row_of(direct.error().code).http_status) << answer.body;
      EXPECT_EQ(code_of(answer), to_string(direct.error().code));
      EXPECT_EQ(json_of(answer).at("detail").get_string(), direct.error().message);
      continue;
    }
    ASSERT_EQ(answer.status, 200) << answer.body;
    Json output = json_of(answer);
    forget_what_varies(output);
    Json expected = parse_json(to_text(*direct)).value();
    // Done directly, it is no longer due.
    if (operation.name == "schedule catch-up") expected = JsonObject{{"runs", JsonArray()}};
    forget_what_varies(expected);
    EXPECT_EQ(to_text(output), to_text(expected));
  }
}

TEST_F(DoorTest, MetricsTellHowRecurringWorkStands) {
  open(api::operations());
  const std::string file = (folder_ / "export.csv").string();
  std::ofstream(file) << kExport;
  const std::string owners = owner();
  const Json import = JsonObject{{"files", JsonArray{Json(file)}}};
  ASSERT_EQ(post("/api/v1/import", owners, to_text(import)).status, 200);
  const std::string job = "{account=\"meta:default\",job=\"turn\"} ";
  EXPECT_THAT(get("/metrics", owners).body,
              testing::AllOf(HasSubstr("reelforge_schedule_late_seconds" + job),
                             HasSubstr("reelforge_schedule_paused{account=\"meta:default\"} 0")));
  ASSERT_EQ(post("/api/ml/self-learning-cycle", owners, "").status, 200);
  EXPECT_THAT(get("/metrics", owners).body,
              testing::AllOf(HasSubstr("reelforge_schedule_late_seconds" + job + "0\n"),
                             HasSubstr("reelforge_schedule_last_failed" + job + "0\n")));
}

TEST_F(DoorTest, AReadByQuerySaysTheSameAsByBody) {
  open(api::operations());
  const std::string file = (folder_ / "export.csv").string();
  std::ofstream(file) << kExport;
  const std::string owners = owner();
  ASSERT_EQ(
      post("/api/v1/import", owners, to_text(JsonObject{{"files", JsonArray{Json(file)}}})).status,
      200);
  const net::Response by_get = get("/api/v1/report?by=campaign&limit=1", owners);
  ASSERT_EQ(by_get.status, 200) << by_get.body;
  EXPECT_THAT(by_get.body, HasSubstr("Spring"));
  EXPECT_EQ(by_get.body, post("/api/v1/report", owners, R"({"by":"campaign","limit":1})").body);
}

// Every operation, every scope alone: it runs exactly where the scope is all that it needs.
TEST_F(DoorTest, LetsEachScopeDoWhatItSaysAndNothingElse) {
  std::atomic<int> runs = 0;
  open(stubs(runs));
  std::vector<std::pair<api::Scope, std::string>> tokens;
  tokens.reserve(EnumNames<api::Scope>::names.size());
  for (const auto& [scope, name] : EnumNames<api::Scope>::names) {
    tokens.emplace_back(scope, token({std::string(name)}));
  }
  for (const api::Operation& operation : table_) {
    for (const auto& [scope, held] : tokens) {
      SCOPED_TRACE(fmt::format("{} with {}", operation.name, name_of(scope)));
      const int before = runs;
      const net::Response answer = post(path_of(operation), held, "");
      const bool enough = scopes_needed(operation) == std::vector<api::Scope>{scope};
      EXPECT_EQ(answer.status, enough ? 200 : 403);
      EXPECT_EQ(runs - before, enough ? 1 : 0);
      if (!enough) {
        EXPECT_EQ(code_of(answer), "denied");
      }
    }
  }
}

TEST_F(DoorTest, LetsNobodyInWithoutATokenThatHolds) {
  std::atomic<int> runs = 0;
  rules_.access.failures = {.per_second = 1000, .burst = 100'000};
  open(stubs(runs));
  const std::string good = owner();
  const std::string expired = token({"read"}, 1);
  std::string other_secret = good;
  other_secret.back() = other_secret.back() == 'A' ? 'B' : 'A';
  clock_.advance(std::chrono::days{1});
  const std::string revoked = token({"read"});
  {
    NoProgress progress;
    api::Services services(around_->store_path, around_->open_store, clock_, progress);
    ASSERT_TRUE(api::token_revoke({.id = std::string(api::token_parts(revoked)->first)}, services));
  }
  for (const api::Operation& operation : table_) {
    for (const std::string& bad : {std::string(), std::string("x"), std::string("rf_"), expired,
                                   other_secret, revoked, good.substr(0, good.size() - 1)}) {
      const net::Response answer = post(path_of(operation), bad, "");
      EXPECT_EQ(answer.status, 401) << operation.name << " " << bad;
      EXPECT_EQ(answer.headers.find("WWW-Authenticate").value_or(""), "Bearer");
    }
  }
  EXPECT_EQ(runs, 0);
  EXPECT_EQ(get("/metrics", "").status, 401);
}

TEST_F(DoorTest, HoldsATokenToItsAccounts) {
  std::atomic<int> runs = 0;
  open(stubs(runs));
  const std::string held = token({"read"}, 1, {"meta:1"});
  EXPECT_EQ(get("/api/v1/report?account=meta:1", held).status, 200);
  EXPECT_EQ(get("/api/v1/report?account=meta:2", held).status, 403);
  EXPECT_EQ(get("/api/v1/report", held).status, 403);
  EXPECT_EQ(get("/api/v1/accounts", held).status, 403);
  EXPECT_EQ(post("/api/v1/report", held, R"({"account":["meta:1"]})").status, 403);
  EXPECT_EQ(runs, 1);
}

TEST_F(DoorTest, WritesWhenATokenWasUsedAndNeverTheTokenItself) {
  open(api::operations());
  const std::string owners = owner();
  const net::Response list = get("/api/v1/tokens/list", owners);
  ASSERT_EQ(list.status, 200) << list.body;
  EXPECT_THAT(list.body,
              HasSubstr(to_rfc3339(std::chrono::floor<std::chrono::seconds>(clock_.now()))));
  const std::string secret(api::token_parts(owners)->second);
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(in), {});
    EXPECT_EQ(bytes.find(secret), std::string::npos) << entry.path();
  }
}

TEST_F(DoorTest, SaysWhatIsWrongWhereAndWhatToDo) {
  open(api::operations());
  const std::string owners = owner();
  const net::Response unknown = get("/api/v1/report?bye=ad", owners);
  EXPECT_EQ(unknown.status, 400);
  EXPECT_EQ(unknown.headers.find("Content-Type").value_or(""), "application/problem+json");
  EXPECT_THAT(unknown.body, HasSubstr("bye"));
  EXPECT_TRUE(json_of(unknown).as_object().contains("next"));
  const net::Response kind = get("/api/v1/report?limit=many", owners);
  EXPECT_EQ(kind.status, 400);
  EXPECT_EQ(json_of(kind).at("path").get_string(), "input.limit");
  EXPECT_EQ(get("/api/v1/report?limit=1&limit=2", owners).status, 400);
  EXPECT_EQ(get("/api/v1/report?by=%zz", owners).status, 400);
  EXPECT_EQ(get("/api/v1/nothing", owners).status, 404);
  EXPECT_EQ(get("/api/v1/plan%20show", owners).status, 404);
  EXPECT_EQ(get("/api/v1/turn", owners).status, 405);
  EXPECT_EQ(ask(request("DELETE", "/api/v1/report", owners)).status, 405);
  EXPECT_EQ(post("/api/v1/report", owners, "{").status, 400);
  EXPECT_EQ(post("/api/v1/report", owners, "[]").status, 400);
  EXPECT_EQ(post("/api/v1/report", owners, std::string(5000, '[')).status, 400);
  EXPECT_EQ(post("/api/v1/report", owners, "{\"by\":\"\xff\xfe\"}").status, 400);
  EXPECT_EQ(post("/api/v1/report?by=ad", owners, "{}").status, 400);
  net::Request form = request("POST", "/api/v1/report", owners);
  form.body = "{}";
  form.headers.add("Content-Type", "text/plain");
  EXPECT_EQ(ask(form).status, 415);
}

TEST_F(DoorTest, IsNotCalledThroughAnotherSitesPage) {
  std::atomic<int> runs = 0;
  open(stubs(runs));
  const std::string owners = owner();
  const auto status = [&](const std::string& host, const std::string& origin) {
    net::Request asked{.method = "GET",
                       .target = "/api/v1/report",
                       .headers = {{"Host", host}, {"Authorization", "Bearer " + owners}},
                       .body = {}};
    if (!origin.empty()) asked.headers.add("Origin", origin);
    return ask(asked).status;
  };
  EXPECT_EQ(status("localhost", ""), 200);
  EXPECT_EQ(status("[::1]:80", ""), 200);
  EXPECT_EQ(status("127.0.0.1:8077", "http://127.0.0.1:8077"), 200);
  EXPECT_EQ(status("evil.example", ""), 421);
  EXPECT_EQ(status("localhost.evil.example", ""), 421);
  EXPECT_EQ(status("localhost:8077", "http://evil.example"), 403);
  EXPECT_EQ(status("localhost:8077", "null"), 403);
  EXPECT_EQ(status("localhost:8077", "http://localhost:9999"), 403);
}

TEST_F(DoorTest, DoesACallWithAKeyOnce) {
  int runs = 0;
  open({stub("work", api::Effect::proposes, [&](const Json& input, api::Services&) -> Result<Json> {
    return Json(JsonObject{{"run", ++runs}, {"input", input}});
  })});
  const std::string owners = owner();
  const auto call = [&](const std::string& key, const std::string& body, const std::string& who) {
    net::Request made = request("POST", "/api/v1/work", who, body);
    made.headers.add("Idempotency-Key", key);
    return ask(made);
  };
  const net::Response first = call("k", R"({"a":1})", owners);
  const net::Response again = call("k", R"({"a":1})", owners);
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.headers.find("Idempotent-Replayed").value_or(""), "true");
  EXPECT_EQ(call("k", R"({"a":2})", owners).status, 409);
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(call("other", R"({"a":1})", owners).status, 200);
  EXPECT_EQ(call("k", R"({"a":1})", owner()).status, 200);  // Keys belong to their token.
  EXPECT_EQ(runs, 3);
  open(table_);  // As after a restart.
  EXPECT_EQ(call("k", R"({"a":1})", owners).body, first.body);
  EXPECT_EQ(runs, 3);
  clock_.advance(std::chrono::hours{23});
  EXPECT_EQ(call(std::string(300, 'k'), "{}", owners).status, 400);
}

TEST_F(DoorTest, LetsAFailedCallBeMadeAgainAndALostOneNot) {
  ErrorCode next = ErrorCode::unavailable;
  int runs = 0;
  open({stub("work", api::Effect::spends, [&](const Json&, api::Services&) -> Result<Json> {
    ++runs;
    return fail(next, "no");
  })});
  const std::string owners = owner();
  const auto call = [&](const std::string& key) {
    net::Request made = request("POST", "/api/v1/work", owners, "{}");
    made.headers.add("Idempotency-Key", key);
    return ask(made).status;
  };
  EXPECT_EQ(call("a"), 503);
  EXPECT_EQ(call("a"), 503);
  EXPECT_EQ(runs, 2);
  next = ErrorCode::outcome_unknown;
  EXPECT_EQ(call("b"), 504);
  EXPECT_EQ(call("b"), 504);
  EXPECT_EQ(runs, 3);
}

TEST_F(DoorTest, AuditsEveryChangeAndNoRead) {
  std::atomic<int> runs = 0;
  open(stubs(runs));
  const std::string owners = owner();
  ASSERT_EQ(post("/api/v1/report", owners, "").status, 200);
  EXPECT_EQ(audit(), "");
  ASSERT_EQ(post("/api/v1/turn", owners, R"({"api_key":"s3cr3t"})").status, 200);
  const std::string lines = audit();
  EXPECT_EQ(std::ranges::count(lines, '\n'), 2);
  EXPECT_THAT(lines, HasSubstr(R"("operation":"turn")"));
  EXPECT_THAT(lines, HasSubstr(R"("state":"begun")"));
  EXPECT_THAT(lines, HasSubstr(R"("state":"done")"));
  EXPECT_THAT(lines, testing::Not(HasSubstr("s3cr3t")));
  EXPECT_EQ(std::filesystem::status(folder_ / "audit.jsonl").permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(DoorTest, DoesNothingThatItCannotAudit) {
  std::atomic<int> runs = 0;
  rules_.audit_file = "/nowhere/at/all";
  open(stubs(runs));
  EXPECT_EQ(post("/api/v1/turn", owner(), "{}").status, 503);
  EXPECT_EQ(runs, 0);
}

TEST_F(DoorTest, KeepsAReadsAnswerUntilTheStoreOrTheTimeMovesOn) {
  int runs = 0;
  open({stub("look", api::Effect::reads, [&](const Json&, api::Services&) -> Result<Json> {
    return Json(JsonObject{{"run", ++runs}});
  })});
  const std::string owners = owner();
  ASSERT_EQ(get("/api/v1/look", owners).status, 200);  // Also notes the token's use in the store.
  clock_.advance(std::chrono::seconds{1});
  const net::Response first = get("/api/v1/look", owners);
  const int before = runs;
  EXPECT_EQ(get("/api/v1/look", owners).body, first.body);
  EXPECT_EQ(runs, before);
  EXPECT_NE(get("/api/v1/look?x=1", owners).body, first.body);
  EXPECT_EQ(door_->answer_at_once(request("GET", "/api/v1/look", owners))->response.body,
            first.body);
  EXPECT_FALSE(door_->answer_at_once(request("GET", "/api/v1/look", "")));
  EXPECT_FALSE(door_->answer_at_once(request("GET", "/api/v1/look", token({"spend"}))));
  ASSERT_EQ(get("/api/v1/look", owners).status, 200);
  EXPECT_FALSE(door_->answer_at_once(request("POST", "/api/v1/look", owners)));
  EXPECT_FALSE(door_->answer_at_once(request("GET", "/api/v1/look?never=1", owners)));
  net::Request same = request("GET", "/api/v1/look", owners);
  same.headers.add("If-None-Match", std::string(first.headers.find("ETag").value_or("")));
  EXPECT_EQ(ask(same).status, 200);  // The new token is a change to the store.
  same = request("GET", "/api/v1/look", owners);
  same.headers.add("If-None-Match",
                   std::string(get("/api/v1/look", owners).headers.find("ETag").value_or("")));
  EXPECT_EQ(ask(same).status, 304);
  EXPECT_EQ(ask(same).body, "");
  static_cast<void>(token({"read"}));  // A change to the store.
  EXPECT_NE(get("/api/v1/look", owners).body, first.body);
  const std::string now = get("/api/v1/look", owners).body;
  clock_.advance(std::chrono::seconds{10});
  EXPECT_NE(get("/api/v1/look", owners).body, now);
}

TEST_F(DoorTest, SendsGzipToThoseWhoTakeIt) {
  open({stub("look", api::Effect::reads, [](const Json&, api::Services&) -> Result<Json> {
    return Json(JsonObject{{"x", std::string(10'000, 'x')}});
  })});
  const std::string owners = owner();
  net::Request asked = request("GET", "/api/v1/look", owners);
  asked.headers.add("Accept-Encoding", "br, gzip");
  for (int i = 0; i < 3; ++i) {
    const net::Response packed = ask(asked);
    EXPECT_EQ(packed.headers.find("Content-Encoding").value_or(""), "gzip");
    EXPECT_EQ(net::gunzip(packed.body, 1 << 20).value(), get("/api/v1/look", owners).body);
  }
}

TEST_F(DoorTest, SlowsATokenThatAsksTooMuchAndThoseWhoGuess) {
  std::atomic<int> runs = 0;
  rules_.access.per_token = {.per_second = 1, .burst = 3};
  rules_.access.failures = {.per_second = 1, .burst = 2};
  open(stubs(runs));
  const std::string owners = owner();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(get("/api/v1/report", owners).status, 200);
  const net::Response refused = get("/api/v1/report", owners);
  EXPECT_EQ(refused.status, 429);
  EXPECT_TRUE(refused.headers.find("Retry-After").has_value());
  EXPECT_EQ(get("/api/v1/report", owner()).status, 200);
  EXPECT_EQ(get("/api/v1/report", "x").status, 401);
  EXPECT_EQ(get("/api/v1/report", "x").status, 401);
  EXPECT_EQ(get("/api/v1/report", "x").status, 429);
}

TEST_F(DoorTest, TellsWhetherItLivesAndCounts) {
  std::atomic<int> runs = 0;
  open(stubs(runs));
  EXPECT_EQ(get("/healthz", "").status, 200);
  EXPECT_EQ(get("/readyz", "").status, 200);
  const std::string owners = owner();
  ASSERT_EQ(get("/api/v1/report", owners).status, 200);
  ASSERT_EQ(get("/api/v1/../../etc/passwd", owners).status, 404);
  const net::Response metrics = get("/metrics", owners);
  EXPECT_THAT(metrics.body,
              HasSubstr("reelforge_http_requests_total{operation=\"report\",status=\"200\"} 1\n"));
  EXPECT_THAT(metrics.body, testing::Not(HasSubstr("passwd")));
}

// Every reference in the document, and what it names.
void check_references(const Json& value, const Json& root) {
  if (const JsonObject* object = value.if_object()) {
    for (const auto& member : *object) {
      if (member.key() == "$ref") {
        boost::system::error_code error;
        const std::string pointer(std::string_view(member.value().get_string()).substr(1));
        EXPECT_NE(root.find_pointer(pointer, error), nullptr) << pointer;
      }
      check_references(member.value(), root);
    }
  } else if (const JsonArray* array = value.if_array()) {
    for (const Json& item : *array) check_references(item, root);
  }
}

TEST_F(DoorTest, DescribesEveryOperation) {
  open(api::operations());
  const Json document = json_of(get("/api/v1/openapi.json", ""));
  EXPECT_EQ(document.at("openapi").get_string(), "3.1.0");
  check_references(document, document);
  std::set<std::string> ids;
  const JsonObject& paths = document.at("paths").as_object();
  EXPECT_EQ(paths.size(), table_.size());
  for (const api::Operation& operation : table_) {
    SCOPED_TRACE(operation.name);
    const JsonObject& path = paths.at(path_of(operation)).as_object();
    EXPECT_EQ(path.contains("get"), operation.effect == api::Effect::reads);
    for (const auto& member : path) {
      const JsonObject& method = member.value().as_object();
      EXPECT_TRUE(ids.insert(std::string(method.at("operationId").get_string())).second);
      EXPECT_TRUE(method.at("responses").as_object().contains("200"));
      EXPECT_TRUE(method.at("responses").as_object().contains("default"));
    }
    if (path.contains("get")) {
      EXPECT_EQ(path.at("get").at("parameters").as_array().size(), operation.inputs.size());
    }
  }
}

TEST_F(DoorTest, TellsProgressAsEvents) {
  open({stub("work", api::Effect::proposes,
             [](const Json&, api::Services& services) -> Result<Json> {
               for (int i = 0; i < 1000; ++i) services.progress().report("step", i, 1000);
               return Json(JsonObject{{"done", true}});
             }),
        stub("bad", api::Effect::reads, [](const Json&, api::Services&) -> Result<Json> {
          return fail(ErrorCode::corrupt, "broken");
        })});
  const auto server = net::start_server({}, net::AnswerHandler([this](const net::Request& asked) {
                                          return door_->answer(asked);
                                        }),
                                        clock_)
                          .value();
  const auto client = net::open_client({});
  const std::string owners = owner();
  const auto said = [&](const std::string& path) {
    return client->send(
        {.method = "POST",
         .target = fmt::format("http://localhost:{}{}", server->port(), path),
         .headers = {{"Authorization", "Bearer " + owners}, {"Accept", "text/event-stream"}},
         .body = {}});
  };
  const Result<net::Response> good = said("/api/v1/work");
  ASSERT_TRUE(good) << good.error().message;
  EXPECT_EQ(good->headers.find("Content-Type").value_or(""), "text/event-stream");
  EXPECT_THAT(
      good->body,
      HasSubstr("event: progress\ndata: {\"what\":\"step\",\"done\":10,\"total\":1000}\n\n"));
  EXPECT_TRUE(good->body.ends_with("event: result\ndata: {\"done\":true}\n\n")) << good->body;
  EXPECT_THAT(said("/api/v1/bad")->body, HasSubstr("event: error\ndata: {"));
}

}  // namespace
}  // namespace rf::server
