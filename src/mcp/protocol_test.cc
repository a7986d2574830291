#include "mcp/protocol.h"

#include <cstdlib>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mcp/catalog_for_test.h"

namespace rf::mcp {
namespace {

using testing::ElementsAre;

class ProtocolTest : public testing::Test {
 protected:
  Reply ask_modern(const Message& message) {
    return protocol_.answer(message, Era::modern, nullptr, outlet_);
  }
  Reply ask_legacy(const Message& message) {
    return protocol_.answer(message, Era::legacy, &session_, outlet_);
  }
  static const JsonObject& result(const Reply& reply) {
    return reply.message->at("result").get_object();
  }
  static int error(const Reply& reply) {
    return static_cast<int>(reply.message->at("error").at("code").get_int64());
  }
  void open(JsonObject capabilities = {}) {
    static_cast<void>(ask_legacy(
        legacy("initialize", {{"protocolVersion", "2025-11-25"}, {"capabilities", capabilities}})));
  }

  ManualClock clock_{Instant{}};
  Protocol protocol_{small_catalog(), "secret", clock_, 2};
  Session session_;
  KeepingOutlet outlet_;
};

TEST_F(ProtocolTest, AModernRequestSaysByItselfWhoSendsIt) {
  const Reply reply = ask_modern(modern("server/discover"));
  EXPECT_EQ(result(reply).at("supportedVersions"), json_of(R"(["2026-07-28"])"));
  EXPECT_EQ(result(reply).at("resultType"), Json("complete"));
  EXPECT_EQ(result(reply).at("_meta").at("io.modelcontextprotocol/serverInfo").at("name"),
            Json("small"));
  for (std::string_view missing :
       {"io.modelcontextprotocol/protocolVersion", "io.modelcontextprotocol/clientCapabilities"}) {
    Message message = modern("server/discover");
    message.params["_meta"].get_object().erase(missing);
    const Reply refused = ask_modern(message);
    EXPECT_EQ(error(refused), kInvalidParams);
    EXPECT_EQ(refused.http_status, 400);
  }
}

TEST_F(ProtocolTest, AVersionThatIsNotServedIsNamedWithThoseThatAre) {
  Message message = modern("server/discover");
  message.params["_meta"].get_object()["io.modelcontextprotocol/protocolVersion"] = "v9";
  const Reply reply = ask_modern(message);
  EXPECT_EQ(error(reply), kUnsupportedVersion);
  EXPECT_EQ(reply.message->at("error").at("data"),
            json_of(R"({"supported":["2026-07-28"],"requested":"v9"})"));
}

TEST_F(ProtocolTest, EachEraKnowsOnlyItsOwnMethods) {
  for (std::string_view gone : {"initialize", "ping", "logging/setLevel", "resources/subscribe",
                                "resources/unsubscribe", "no/such"}) {
    const Reply reply = ask_modern(modern(gone));
    EXPECT_EQ(error(reply), kMethodNotFound) << gone;
    EXPECT_EQ(reply.http_status, 404) << gone;
  }
  open();
  EXPECT_EQ(error(ask_legacy(legacy("server/discover"))), kMethodNotFound);
  EXPECT_EQ(error(ask_legacy(legacy("subscriptions/listen"))), kMethodNotFound);
}

TEST_F(ProtocolTest, ALegacySessionBeginsWithInitialize) {
  EXPECT_EQ(error(ask_legacy(legacy("tools/list"))), kInvalidRequest);
  EXPECT_TRUE(result(ask_legacy(legacy("ping"))).empty());
  const Reply reply = ask_legacy(legacy("initialize", {{"protocolVersion", "2025-06-18"}}));
  EXPECT_EQ(result(reply).at("protocolVersion"), Json("2025-06-18"));
  EXPECT_FALSE(result(reply).contains("resultType"));
  EXPECT_EQ(error(ask_legacy(legacy("initialize", {{"protocolVersion", "2025-06-18"}}))),
            kInvalidRequest);
  EXPECT_EQ(result(ask_legacy(legacy("tools/list"))).at("tools").as_array().size(), 2u);
}

TEST_F(ProtocolTest, AnUnknownLegacyVersionIsAnsweredWithOurNewest) {
  const Reply reply = ask_legacy(legacy("initialize", {{"protocolVersion", "1999-01-01"}}));
  EXPECT_EQ(result(reply).at("protocolVersion"), Json("2025-11-25"));
}

TEST_F(ProtocolTest, PagesOfAListAreTheList) {
  std::vector<std::string> names;
  JsonObject params;
  for (int pages = 0; pages < 5; ++pages) {
    const Reply reply = ask_modern(modern("tools/list", params));
    for (const Json& tool : result(reply).at("tools").as_array()) {
      names.emplace_back(tool.at("name").as_string());
    }
    const Json* next = result(reply).if_contains("nextCursor");
    if (next == nullptr) break;
    params["cursor"] = *next;
  }
  EXPECT_THAT(names, ElementsAre("echo", "ask", "work", "change"));
  for (std::string_view bad : {"x", "4", "-1", "99999999999999999999", ""}) {
    EXPECT_EQ(error(ask_modern(modern("tools/list", {{"cursor", bad}}))), kInvalidParams) << bad;
  }
}

TEST_F(ProtocolTest, ProgressOnlyRisesAndOnlyWhereItIsWanted) {
  static_cast<void>(ask_modern(modern("tools/call", {{"name", "work"}})));
  EXPECT_TRUE(outlet_.notified.empty());
  static_cast<void>(ask_modern(modern("tools/call", {{"name", "work"}}, {{"progressToken", "t"}})));
  ASSERT_EQ(outlet_.notified.size(), 2u);
  EXPECT_EQ(outlet_.notified[0].at("params").at("progress"), Json(1.0));
  EXPECT_EQ(outlet_.notified[1].at("params").at("progress"), Json(2.0));
  EXPECT_EQ(outlet_.notified[1].at("params").at("progressToken"), Json("t"));
}

TEST_F(ProtocolTest, LogsOnlyFromTheLevelThatIsWanted) {
  const JsonObject work{{"name", "work"}};
  static_cast<void>(
      ask_modern(modern("tools/call", work, {{"io.modelcontextprotocol/logLevel", "warning"}})));
  ASSERT_EQ(outlet_.notified.size(), 1u);
  EXPECT_EQ(outlet_.notified[0].at("params").at("level"), Json("error"));
  EXPECT_EQ(
      error(ask_modern(modern("tools/call", work, {{"io.modelcontextprotocol/logLevel", "loud"}}))),
      kInvalidParams);
  outlet_.notified.clear();
  open();
  EXPECT_EQ(error(ask_legacy(legacy("logging/setLevel", {{"level", "loud"}}))), kInvalidParams);
  EXPECT_TRUE(result(ask_legacy(legacy("logging/setLevel", {{"level", "debug"}}))).empty());
  static_cast<void>(ask_legacy(legacy("tools/call", work)));
  EXPECT_EQ(outlet_.notified.size(), 2u);
}

TEST_F(ProtocolTest, AQuestionIsAskedAgainUntilItIsAnswered) {
  const JsonObject can{{"elicitation", JsonObject{}}};
  JsonObject params{{"name", "ask"}};
  EXPECT_EQ(error(ask_modern(modern("tools/call", params))), kMissingCapability);
  const Reply first = ask_modern(modern("tools/call", params, {}, can));
  EXPECT_EQ(result(first).at("resultType"), Json("input_required"));
  EXPECT_EQ(result(first).at("inputRequests").at("sure").at("method"), Json("elicitation/create"));
  params["requestState"] = result(first).at("requestState");
  for (std::string_view wrong : {R"({})", R"({"other":{"action":"accept"}})", R"({"sure":7})",
                                 R"({"sure":{"action":"x"}})"}) {
    params["inputResponses"] = json_of(wrong);
    EXPECT_EQ(result(ask_modern(modern("tools/call", params, {}, can))).at("resultType"),
              Json("input_required"))
        << wrong;
  }
  params["inputResponses"] = json_of(R"({"sure":{"action":"accept"},"extra":{}})");
  const Reply last = ask_modern(modern("tools/call", params, {}, can));
  EXPECT_EQ(result(last).at("content").as_array().at(0).at("text"), Json("accept"));
}

TEST_F(ProtocolTest, AStateIsTakenBackOnlyAsItWasGiven) {
  const JsonObject can{{"elicitation", JsonObject{}}};
  const Reply first = ask_modern(modern("tools/call", {{"name", "ask"}}, {}, can));
  const std::string state(result(first).at("requestState").as_string());
  const auto code_with = [&](const std::string& changed, JsonObject arguments) {
    const Reply reply = ask_modern(
        modern("tools/call",
               {{"name", "ask"}, {"arguments", std::move(arguments)}, {"requestState", changed}},
               {}, can));
    return reply.message->as_object().contains("error") ? error(reply) : 0;
  };
  EXPECT_EQ(code_with(state, {}), 0);
  EXPECT_EQ(code_with(state, {{"another", "call"}}), kInvalidParams);
  for (std::size_t i = 0; i < state.size(); ++i) {
    std::string changed = state;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_EQ(code_with(changed, {}), kInvalidParams) << i;
    EXPECT_EQ(code_with(state.substr(0, i), {}), kInvalidParams) << i;
  }
  clock_.advance(std::chrono::hours(1));
  EXPECT_EQ(code_with(state, {}), kInvalidParams);
}

TEST_F(ProtocolTest, ALegacyClientIsAskedWhileTheToolRuns) {
  open({{"elicitation", JsonObject{}}});
  outlet_.answers.push_back({{"result", json_of(R"({"action":"decline"})")}});
  const Reply reply = ask_legacy(legacy("tools/call", {{"name", "ask"}}));
  EXPECT_EQ(result(reply).at("content").as_array().at(0).at("text"), Json("decline"));
  ASSERT_EQ(outlet_.asked.size(), 1u);
  EXPECT_EQ(error(ask_legacy(legacy("tools/call", {{"name", "ask"}}))), kNoAnswer);
}

TEST_F(ProtocolTest, WhatDoesNotExistIsNotAnEmptyAnswer) {
  EXPECT_EQ(error(ask_modern(modern("tools/call", {{"name", "none"}}))), kInvalidParams);
  EXPECT_EQ(error(ask_modern(modern("prompts/get", {{"name", "none"}}))), kInvalidParams);
  EXPECT_EQ(error(ask_modern(modern("prompts/get", {{"name", "greet"}}))), kInvalidParams);
  const Reply reply = ask_modern(modern("resources/read", {{"uri", "small://none"}}));
  EXPECT_EQ(error(reply), kInvalidParams);
  EXPECT_EQ(reply.message->at("error").at("data").at("uri"), Json("small://none"));
}

TEST_F(ProtocolTest, WhatMayBeKeptSaysForHowLongAndForWhom) {
  for (std::string_view method : {"server/discover", "tools/list", "prompts/list", "resources/list",
                                  "resources/templates/list"}) {
    const Reply reply = ask_modern(modern(method));
    EXPECT_EQ(result(reply).at("cacheScope"), Json("public")) << method;
    EXPECT_GE(result(reply).at("ttlMs").as_int64(), 0) << method;
  }
  const Reply read = ask_modern(modern("resources/read", {{"uri", "small://page"}}));
  EXPECT_EQ(result(read).at("cacheScope"), Json("private"));
}

TEST_F(ProtocolTest, CompletionsAreAtMostAHundredAndSayHowManyThereAre) {
  const Reply reply = ask_modern(
      modern("completion/complete", {{"ref", json_of(R"({"type":"ref/prompt","name":"greet"})")},
                                     {"argument", json_of(R"({"name":"who","value":"A"})")}}));
  const Json& completion = result(reply).at("completion");
  EXPECT_EQ(completion.at("values").as_array().size(), 100u);
  EXPECT_EQ(completion.at("total").to_number<int>(), 150);
  EXPECT_EQ(completion.at("hasMore"), Json(true));
}

TEST_F(ProtocolTest, ListensOnlyToWhatCanChange) {
  const Reply reply = ask_modern(
      modern("subscriptions/listen",
             {{"notifications",
               json_of(R"({"toolsListChanged":true,"resourceSubscriptions":["small://page"]})")}}));
  ASSERT_TRUE(reply.listen.has_value());
  EXPECT_FALSE(reply.listen->tools);
  EXPECT_THAT(reply.listen->uris, ElementsAre("small://page"));
}

TEST(Listeners, HearOnlyWhatTheyAskedForUnderTheirOwnName) {
  Listeners listeners;
  std::vector<Json> heard;
  const auto ticket =
      listeners.add({.prompts = true, .uris = {"a"}}, "id",
                    [&](const Json& message) { return heard.push_back(message), true; });
  ASSERT_TRUE(ticket.has_value());
  listeners.announce({.what = Change::What::tools, .uri = ""});
  listeners.announce({.what = Change::What::resource, .uri = "b"});
  listeners.announce({.what = Change::What::prompts, .uri = ""});
  listeners.announce({.what = Change::What::resource, .uri = "a"});
  ASSERT_EQ(heard.size(), 3u);
  EXPECT_EQ(heard[0].at("method"), Json("notifications/subscriptions/acknowledged"));
  EXPECT_EQ(heard[1].at("method"), Json("notifications/prompts/list_changed"));
  EXPECT_EQ(heard[2].at("params").at("uri"), Json("a"));
  for (const Json& message : heard) {
    EXPECT_EQ(message.at("params").at("_meta").at("io.modelcontextprotocol/subscriptionId"),
              Json("id"));
  }
  listeners.remove(*ticket);
  listeners.announce({.what = Change::What::prompts, .uri = ""});
  EXPECT_EQ(heard.size(), 3u);
}

TEST(Listeners, WhoIsGoneIsForgotten) {
  Listeners listeners;
  int left = 2;
  static_cast<void>(
      listeners.add({.tools = true, .uris = {}}, 1, [&](const Json&) { return left-- > 1; }));
  EXPECT_EQ(listeners.size(), 1u);
  listeners.announce({.what = Change::What::tools, .uri = ""});
  EXPECT_EQ(listeners.size(), 0u);
}

TEST(Era, IsToldByTheMessageThenTheHeaderThenTheSession) {
  const Message bare = legacy("tools/list");
  EXPECT_EQ(era_of(modern("tools/list"), {.version_header = "2025-11-25", .has_session = true}),
            Era::modern);
  EXPECT_EQ(era_of(bare, {.version_header = "2026-07-28", .has_session = false}), Era::modern);
  EXPECT_EQ(era_of(bare, {.version_header = "2025-11-25", .has_session = false}), Era::legacy);
  EXPECT_EQ(era_of(bare, {.version_header = std::nullopt, .has_session = true}), Era::legacy);
  EXPECT_EQ(era_of(bare, {.version_header = std::nullopt, .has_session = false}), Era::modern);
  EXPECT_EQ(era_of(legacy("initialize"), {.version_header = std::nullopt, .has_session = false}),
            Era::legacy);
  EXPECT_EQ(era_of(modern("initialize"), {.version_header = std::nullopt, .has_session = false}),
            Era::modern);
}

// What real clients were seen to send; see contracts beside the repository.
TEST_F(ProtocolTest, AnswersWhateverRealClientsSend) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): tests run in one thread.
  const char* source = std::getenv("RF_SOURCE_DIR");
  int answered = 0;
  for (std::string_view name :
       {"mcp_client.jsonl", "mcp_client_v1.jsonl", "mcp_insp.jsonl", "mcp_conf.jsonl"}) {
    std::ifstream recorded(std::string(source == nullptr ? "." : source) +
                           "/../shared/contracts/rig/" + std::string(name));
    for (std::string line; std::getline(recorded, line);) {
      const Json request = json_of(line);
      Json id;
      Outcome<Message> outcome =
          parse_message(std::string_view(request.at("body").as_string()), id);
      const auto* message = std::get_if<Message>(&outcome);
      if (message == nullptr || message->kind == Message::Kind::answer) continue;
      Session session;
      const Reply reply = protocol_.answer(*message, era_of(*message, {}), &session, outlet_);
      EXPECT_EQ(reply.message.has_value() || reply.listen.has_value(),
                message->kind == Message::Kind::request);
      answered += 1;
    }
  }
  if (answered == 0) GTEST_SKIP() << "the recordings are not here";
  EXPECT_GT(answered, 100);
}

}  // namespace
}  // namespace rf::mcp
