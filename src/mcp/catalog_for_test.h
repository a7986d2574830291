// What tests of this room share: a small catalog, and an outlet that remembers.

#pragma once

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "mcp/protocol.h"

namespace rf::mcp {

inline Json json_of(std::string_view text) { return parse_json(text).value(); }

inline Message message_of(std::string_view text) {
  Json id;
  return std::get<Message>(parse_message(text, id));
}

// A modern request; `more` goes into its params, `meta` into their _meta.
inline Message modern(std::string_view method, JsonObject more = {}, JsonObject meta = {},
                      JsonObject capabilities = {}) {
  meta["io.modelcontextprotocol/protocolVersion"] = kModernVersion;
  meta["io.modelcontextprotocol/clientCapabilities"] = std::move(capabilities);
  more["_meta"] = std::move(meta);
  Message message;
  message.id = 7;
  message.method = method;
  message.params = std::move(more);
  return message;
}

inline Message legacy(std::string_view method, JsonObject params = {}) {
  Message message;
  message.id = 8;
  message.method = method;
  message.params = std::move(params);
  return message;
}

class KeepingOutlet final : public Outlet {
 public:
  void notify(const Json& message) override { notified.push_back(message); }
  Outcome<JsonObject> ask(std::string_view method, const JsonObject& params) override {
    asked.emplace_back(std::string(method), params);
    if (answers.empty()) return Refusal{.code = kNoAnswer, .message = "nobody"};
    JsonObject answer = std::move(answers.front());
    answers.pop_front();
    return answer;
  }
  void announce(const Change& change) override { changes.push_back(change.uri); }
  bool cancelled() const override { return is_cancelled; }

  std::vector<Json> notified;
  std::vector<std::pair<std::string, JsonObject>> asked;
  std::deque<JsonObject> answers;
  std::vector<std::string> changes;
  bool is_cancelled = false;
};

// Tools: echo, ask (a yes or no, with a state), work (progress and log), change (of the page).
inline Catalog small_catalog() {
  const auto tool = [](std::string name, auto run) {
    Tool made;
    made.name = made.title = std::move(name);
    made.input_schema = JsonObject{{"type", "object"}};
    made.run = std::move(run);
    return made;
  };
  Catalog catalog;
  catalog.name = catalog.title = "small";
  catalog.version = "1";
  catalog.tools.push_back(tool("echo", [](const JsonObject& given, Call&) -> Outcome<ToolAnswer> {
    ToolAnswer answer;
    answer.content.push_back(text_block(to_text(given)));
    answer.structured = given;
    return answer;
  }));
  catalog.tools.push_back(tool("ask", [](const JsonObject&, Call& call) -> Outcome<ToolAnswer> {
    Outcome<Json> state = call.state();
    if (auto* refusal = std::get_if<Refusal>(&state)) return std::move(*refusal);
    call.keep("asked");
    Outcome<std::optional<JsonObject>> said =
        call.ask("sure", "elicitation/create", {{"message", "Sure?"}});
    if (auto* refusal = std::get_if<Refusal>(&said)) return std::move(*refusal);
    const auto& given = std::get<std::optional<JsonObject>>(said);
    ToolAnswer answer;
    if (given) answer.content.push_back(text_block(text_of(*given, "action")));
    return answer;
  }));
  catalog.tools.push_back(tool("work", [](const JsonObject&, Call& call) -> Outcome<ToolAnswer> {
    for (double done : {1.0, 1.0, 0.5, 2.0}) call.progress(done, 2.0, "working");
    call.log(LogLevel::debug, "small", "chatter");
    call.log(LogLevel::error, "small", "trouble");
    return ToolAnswer{};
  }));
  catalog.tools.push_back(tool("change", [](const JsonObject&, Call& call) -> Outcome<ToolAnswer> {
    call.announce({.what = Change::What::resource, .uri = "small://page"});
    return ToolAnswer{};
  }));
  Resource page{"small://page", "page", "Page", "the only one", "text/plain"};
  catalog.resources.push_back(page);
  catalog.read = [](const std::string& uri, Call&) -> Outcome<std::optional<JsonArray>> {
    if (uri != "small://page") return std::optional<JsonArray>();
    JsonArray contents;
    contents.push_back(JsonObject{{"uri", uri}, {"text", "hello"}});
    return std::optional(std::move(contents));
  };
  Prompt prompt;
  prompt.name = prompt.title = "greet";
  prompt.arguments = {{"who", "whom to greet", true}};
  prompt.get = [](const JsonObject& given, Call&) -> Outcome<PromptAnswer> {
    PromptAnswer answer;
    answer.description = text_of(given, "who");
    return answer;
  };
  catalog.prompts.push_back(std::move(prompt));
  catalog.complete = [](const Typing& typing) {
    return std::vector<std::string>(150, typing.text);
  };
  return catalog;
}

}  // namespace rf::mcp
