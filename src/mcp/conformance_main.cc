// Serves what the official MCP conformance suite looks for. A test's program: nothing of this is in
// the product, only the protocol and the transport are the same.
//
// usage: reelforge-mcp-conformance    prints its port, serves until its input ends

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "base/time.h"
#include "mcp/http.h"
#include "mcp/protocol.h"
#include "net/secret.h"
#include "net/server.h"

namespace rf::mcp {
namespace {

// One black pixel, and one silent sample.
constexpr std::string_view kPng =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+"
    "M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
constexpr std::string_view kWav =
    "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQIAAAAAAA==";

JsonObject object(std::string_view text) { return parse_json(text).value().as_object(); }

JsonArray list_of(Json item) {
  JsonArray list;
  list.push_back(std::move(item));
  return list;
}

ToolAnswer said(std::string_view text) {
  return {.content = list_of(text_block(text)), .structured = std::nullopt, .meta = {}};
}

Tool tool(std::string name, std::function<Outcome<ToolAnswer>(const JsonObject&, Call&)> run) {
  return {.name = name,
          .title = name,
          .description = fmt::format("fixture {}", name),
          .input_schema = object(R"({"type":"object"})"),
          .run = std::move(run)};
}

// A tool that always gives the same content.
Tool always(std::string name, const std::string& content, bool is_error = false) {
  return tool(std::move(name), [content, is_error](const JsonObject&, Call&) {
    ToolAnswer answer;
    answer.content = parse_json(content).value().as_array();
    answer.is_error = is_error;
    return Outcome<ToolAnswer>(std::move(answer));
  });
}

void add_contents(Catalog& catalog) {
  const std::string image =
      fmt::format(R"({{"type":"image","data":"{}","mimeType":"image/png"}})", kPng);
  catalog.tools.push_back(
      always("test_simple_text",
             R"([{"type":"text","text":"This is a simple text response for testing."}])"));
  catalog.tools.push_back(always("test_image_content", fmt::format("[{}]", image)));
  catalog.tools.push_back(
      always("test_audio_content",
             fmt::format(R"([{{"type":"audio","data":"{}","mimeType":"audio/wav"}}])", kWav)));
  catalog.tools.push_back(always("test_embedded_resource", R"([{"type":"resource","resource":{
      "uri":"test://embedded-resource","mimeType":"text/plain",
      "text":"This is an embedded resource content."}}])"));
  catalog.tools.push_back(
      always("test_multiple_content_types",
             fmt::format(R"([{{"type":"text","text":"Multiple content types test:"}},{},
      {{"type":"resource","resource":{{"uri":"test://mixed-content-resource",
      "mimeType":"application/json","text":"{{\"test\":\"data\",\"value\":123}}"}}}}])",
                         image)));
  catalog.tools.push_back(always(
      "test_error_handling",
      R"([{"type":"text","text":"This tool intentionally returns an error for testing"}])", true));
}

Outcome<ToolAnswer> log_thrice(const JsonObject&, Call& call) {
  for (std::string_view text :
       {"Tool execution started", "Tool processing data", "Tool execution completed"}) {
    call.log(LogLevel::info, "fixture", Json(text));
  }
  return said("logged");
}

Outcome<ToolAnswer> report_progress(const JsonObject&, Call& call) {
  for (double done : {0.0, 50.0, 100.0}) call.progress(done, 100.0, "working");
  return said("done");
}

Outcome<ToolAnswer> change_tools(const JsonObject&, Call& call) {
  call.announce({.what = Change::What::tools, .uri = {}});
  return said("announced");
}

Outcome<ToolAnswer> change_prompts(const JsonObject&, Call& call) {
  call.announce({.what = Change::What::prompts, .uri = {}});
  return said("announced");
}

// One thing that a fixture asks of the client.
struct Question {
  std::string key;
  std::string_view method;
  JsonObject params;
};

Question elicit(std::string key, std::string_view message, std::string_view properties) {
  JsonObject schema{{"type", "object"}, {"properties", object(properties)}};
  JsonArray required;
  for (const auto& property : schema["properties"].get_object()) {
    if (!property.value().get_object().contains("default")) {
      required.push_back(Json(property.key()));
    }
  }
  schema["required"] = std::move(required);
  return {std::move(key),
          "elicitation/create",
          {{"message", message}, {"requestedSchema", std::move(schema)}}};
}

Question sample(std::string key, const std::string& prompt, int tokens) {
  return {std::move(key),
          "sampling/createMessage",
          {{"messages", list_of(JsonObject{{"role", "user"}, {"content", text_block(prompt)}})},
           {"maxTokens", tokens}}};
}

Question roots() { return {"client_roots", "roots/list", {}}; }

using Answers = std::vector<JsonObject>;

// The answers to all of the questions; none while one is missing.
Outcome<std::optional<Answers>> ask_all(const std::vector<Question>& questions, Call& call) {
  Answers answers;
  for (const Question& question : questions) {
    Outcome<std::optional<JsonObject>> answer =
        call.ask(question.key, question.method, question.params);
    if (auto* refusal = std::get_if<Refusal>(&answer)) return std::move(*refusal);
    auto& given = std::get<std::optional<JsonObject>>(answer);
    if (given) answers.push_back(std::move(*given));
  }
  if (answers.size() < questions.size()) return std::optional<Answers>();
  return std::optional(std::move(answers));
}

std::string action_text(std::string_view before, const JsonObject& answer) {
  const Json* content = answer.if_contains("content");
  return fmt::format("{}: action={}, content={}", before, text_of(answer, "action"),
                     content == nullptr ? "{}" : to_text(*content));
}

// A tool that asks one question and says what came.
Tool asking(std::string name, Question question, std::string_view before) {
  return tool(std::move(name),
              [question = std::move(question), before](const JsonObject&, Call& call) {
                Outcome<std::optional<Answers>> asked = ask_all({question}, call);
                if (auto* refusal = std::get_if<Refusal>(&asked)) {
                  return Outcome<ToolAnswer>(std::move(*refusal));
                }
                const auto& answers = std::get<std::optional<Answers>>(asked);
                if (!answers) return Outcome<ToolAnswer>(ToolAnswer{});
                return Outcome<ToolAnswer>(said(action_text(before, answers->front())));
              });
}

// A tool that asks several at once, keeps a state, and checks it when the answers come.
Tool keeping(std::string name, std::vector<Question> questions, std::string_view done) {
  return tool(std::move(name),
              [questions = std::move(questions), done](const JsonObject&, Call& call) {
                Outcome<Json> state = call.state();
                if (auto* refusal = std::get_if<Refusal>(&state)) {
                  return Outcome<ToolAnswer>(std::move(*refusal));
                }
                call.keep("asked");
                Outcome<std::optional<Answers>> asked = ask_all(questions, call);
                if (auto* refusal = std::get_if<Refusal>(&asked)) {
                  return Outcome<ToolAnswer>(std::move(*refusal));
                }
                if (!std::get<std::optional<Answers>>(asked)) {
                  return Outcome<ToolAnswer>(ToolAnswer{});
                }
                return Outcome<ToolAnswer>(said(done));
              });
}

Question what_name() {
  return elicit("user_name", "What is your name?", R"({"name":{"type":"string"}})");
}

Outcome<ToolAnswer> sample_prompt(const JsonObject& arguments, Call& call) {
  Outcome<std::optional<Answers>> asked =
      ask_all({sample("sample", text_of(arguments, "prompt"), 100)}, call);
  if (auto* refusal = std::get_if<Refusal>(&asked)) return std::move(*refusal);
  const auto& answers = std::get<std::optional<Answers>>(asked);
  if (!answers) return ToolAnswer{};
  const JsonObject* content = object_of(answers->front(), "content");
  return said(fmt::format("LLM response: {}", content == nullptr ? "" : text_of(*content, "text")));
}

Outcome<ToolAnswer> elicit_message(const JsonObject& arguments, Call& call) {
  Outcome<std::optional<Answers>> asked =
      ask_all({elicit("answer", text_of(arguments, "message"),
                      R"({"username":{"type":"string"},"email":{"type":"string"}})")},
              call);
  if (auto* refusal = std::get_if<Refusal>(&asked)) return std::move(*refusal);
  const auto& answers = std::get<std::optional<Answers>>(asked);
  return answers ? said(action_text("User response", answers->front())) : ToolAnswer{};
}

// First a name, then a colour; the state says which is next.
Outcome<ToolAnswer> ask_in_rounds(const JsonObject&, Call& call) {
  Outcome<Json> state = call.state();
  if (auto* refusal = std::get_if<Refusal>(&state)) return std::move(*refusal);
  const bool named = std::get<Json>(state) == Json("named");
  if (!named) {
    call.keep("unnamed");
    Outcome<std::optional<Answers>> asked = ask_all(
        {elicit("step1", "Step 1: What is your name?", R"({"name":{"type":"string"}})")}, call);
    if (auto* refusal = std::get_if<Refusal>(&asked)) return std::move(*refusal);
    if (!std::get<std::optional<Answers>>(asked)) return ToolAnswer{};
  }
  call.keep("named");
  Outcome<std::optional<Answers>> asked = ask_all(
      {elicit("step2", "Step 2: What is your favorite color?", R"({"color":{"type":"string"}})")},
      call);
  if (auto* refusal = std::get_if<Refusal>(&asked)) return std::move(*refusal);
  return std::get<std::optional<Answers>>(asked) ? said("all rounds done") : ToolAnswer{};
}

// Asks only what the client said it can answer.
Outcome<ToolAnswer> ask_what_can_be(const JsonObject&, Call& call) {
  std::vector<Question> questions;
  if (call.can("elicitation")) questions.push_back(what_name());
  if (call.can("sampling")) questions.push_back(sample("greeting", "Generate a greeting", 50));
  if (call.can("roots")) questions.push_back(roots());
  Outcome<std::optional<Answers>> asked = ask_all(questions, call);
  if (auto* refusal = std::get_if<Refusal>(&asked)) return std::move(*refusal);
  return std::get<std::optional<Answers>>(asked) ? said("asked what can be") : ToolAnswer{};
}

Outcome<ToolAnswer> greet(const JsonObject&, Call& call) {
  Outcome<std::optional<Answers>> asked = ask_all({what_name()}, call);
  if (auto* refusal = std::get_if<Refusal>(&asked)) return std::move(*refusal);
  const auto& answers = std::get<std::optional<Answers>>(asked);
  if (!answers) return ToolAnswer{};
  const JsonObject* content = object_of(answers->front(), "content");
  return said(fmt::format("Hello, {}!", content == nullptr ? "" : text_of(*content, "name")));
}

void add_questions(Catalog& catalog) {
  auto& tools = catalog.tools;
  tools.push_back(tool("test_sampling", sample_prompt));
  tools.push_back(tool("test_elicitation", elicit_message));
  tools.push_back(asking("test_elicitation_sep1034_defaults", elicit("answer", "Defaults", R"({
      "name":{"type":"string","default":"John Doe"},"age":{"type":"integer","default":30},
      "score":{"type":"number","default":95.5},
      "status":{"type":"string","enum":["active","inactive","pending"],"default":"active"},
      "verified":{"type":"boolean","default":true}})"),
                         "Elicitation completed"));
  tools.push_back(asking("test_elicitation_sep1330_enums", elicit("answer", "Choices", R"({
      "untitledSingle":{"type":"string","enum":["option1","option2","option3"]},
      "titledSingle":{"type":"string","oneOf":[{"const":"value1","title":"First Option"},
        {"const":"value2","title":"Second Option"},{"const":"value3","title":"Third Option"}]},
      "legacyEnum":{"type":"string","enum":["opt1","opt2","opt3"],
        "enumNames":["Option One","Option Two","Option Three"]},
      "untitledMulti":{"type":"array","items":{"type":"string",
        "enum":["option1","option2","option3"]}},
      "titledMulti":{"type":"array","items":{"anyOf":[{"const":"value1","title":"First Choice"},
        {"const":"value2","title":"Second Choice"},{"const":"value3","title":"Third Choice"}]}}})"),
                         "Elicitation completed"));
  tools.push_back(asking("test_streaming_elicitation", what_name(), "Answered"));
  tools.push_back(tool("test_missing_capability", sample_prompt));
  tools.back().needs = {"sampling"};
}

void add_rounds(Catalog& catalog) {
  auto& tools = catalog.tools;
  const Question confirm = elicit("confirm", "Please confirm", R"({"ok":{"type":"boolean"}})");
  tools.push_back(tool("test_input_required_result_elicitation", greet));
  tools.push_back(asking("test_input_required_result_sampling",
                         sample("capital_question", "What is the capital of France?", 100),
                         "Answered"));
  tools.push_back(asking("test_input_required_result_list_roots", roots(), "Answered"));
  tools.push_back(keeping("test_input_required_result_request_state", {confirm}, "state-ok"));
  tools.push_back(keeping("test_input_required_result_tampered_state", {confirm}, "state-ok"));
  tools.push_back(keeping("test_input_required_result_multiple_inputs",
                          {what_name(), sample("greeting", "Generate a greeting", 50), roots()},
                          "state-ok"));
  tools.push_back(tool("test_input_required_result_multi_round", ask_in_rounds));
  tools.push_back(tool("test_input_required_result_capabilities", ask_what_can_be));
}

void add_others(Catalog& catalog) {
  auto& tools = catalog.tools;
  tools.push_back(tool("test_tool_with_logging", log_thrice));
  tools.push_back(tool("test_logging_tool", log_thrice));
  tools.push_back(tool("test_tool_with_progress", report_progress));
  tools.push_back(tool("test_trigger_tool_change", change_tools));
  tools.push_back(tool("test_trigger_prompt_change", change_prompts));
  tools.push_back(always("json_schema_2020_12_tool", R"([{"type":"text","text":"valid"}])"));
  tools.back().input_schema = object(R"({
      "$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
      "$defs":{"address":{"$anchor":"addressDef","type":"object",
        "properties":{"street":{"type":"string"},"city":{"type":"string"}}}},
      "properties":{"name":{"type":"string"},"address":{"$ref":"#/$defs/address"},
        "contactMethod":{"type":"string","enum":["phone","email"]},
        "phone":{"type":"string"},"email":{"type":"string"}},
      "allOf":[{"anyOf":[{"required":["phone"]},{"required":["email"]}]}],
      "if":{"properties":{"contactMethod":{"const":"phone"}},"required":["contactMethod"]},
      "then":{"required":["phone"]},"else":{"required":["email"]},
      "additionalProperties":false})");
  tools.push_back(always("test_custom_header", R"([{"type":"text","text":"headers fit"}])"));
  tools.back().input_schema = object(R"({"type":"object","properties":{
      "region":{"type":"string","x-mcp-header":"Region"},
      "priority":{"type":"integer","x-mcp-header":"Priority"},
      "verbose":{"type":"boolean","x-mcp-header":"Verbose"}}})");
}

Json from_user(Json content) {
  return JsonObject{{"role", "user"}, {"content", std::move(content)}};
}

Outcome<PromptAnswer> context_prompt(const JsonObject&, Call& call) {
  Outcome<std::optional<Answers>> asked =
      ask_all({elicit("user_context", "What context should the prompt use?",
                      R"({"context":{"type":"string"}})")},
              call);
  if (auto* refusal = std::get_if<Refusal>(&asked)) return std::move(*refusal);
  PromptAnswer answer{.description = "with context", .messages = {}};
  if (std::get<std::optional<Answers>>(asked)) {
    answer.messages.push_back(from_user(text_block("Use the context that was given.")));
  }
  return answer;
}

Outcome<PromptAnswer> embedded_prompt(const JsonObject& arguments, Call&) {
  PromptAnswer answer{.description = "with a resource", .messages = {}};
  answer.messages.push_back(from_user(
      JsonObject{{"type", "resource"},
                 {"resource", JsonObject{{"uri", text_of(arguments, "resourceUri")},
                                         {"mimeType", "text/plain"},
                                         {"text", "Embedded resource content for testing."}}}}));
  answer.messages.push_back(from_user(text_block("Please process the embedded resource above.")));
  return answer;
}

void add_prompts(Catalog& catalog) {
  auto& prompts = catalog.prompts;
  const auto with_text = [](std::string_view text) {
    PromptAnswer answer{.description = "a fixture", .messages = {}};
    answer.messages.push_back(from_user(text_block(text)));
    return answer;
  };
  prompts.push_back({"test_simple_prompt",
                     "Simple",
                     "a fixture",
                     {},
                     [with_text](const JsonObject&, Call&) -> Outcome<PromptAnswer> {
                       return with_text("This is a simple prompt for testing.");
                     }});
  prompts.push_back({"test_prompt_with_arguments",
                     "Arguments",
                     "a fixture",
                     {{"arg1", "first", true}, {"arg2", "second", true}},
                     [with_text](const JsonObject& given, Call&) -> Outcome<PromptAnswer> {
                       return with_text(fmt::format("Prompt with arguments: arg1='{}', arg2='{}'",
                                                    text_of(given, "arg1"),
                                                    text_of(given, "arg2")));
                     }});
  prompts.push_back({"test_prompt_with_embedded_resource",
                     "Resource",
                     "a fixture",
                     {{"resourceUri", "which", true}},
                     embedded_prompt});
  prompts.push_back(
      {"test_prompt_with_image",
       "Image",
       "a fixture",
       {},
       [](const JsonObject&, Call&) -> Outcome<PromptAnswer> {
         PromptAnswer answer{.description = "an image", .messages = {}};
         answer.messages.push_back(
             from_user(JsonObject{{"type", "image"}, {"data", kPng}, {"mimeType", "image/png"}}));
         answer.messages.push_back(from_user(text_block("Please analyze the image above.")));
         return answer;
       }});
  prompts.push_back({"test_input_required_result_prompt", "Asks", "a fixture", {}, context_prompt});
}

Outcome<std::optional<JsonArray>> read_fixture(const std::string& uri, Call&) {
  using Contents = std::optional<JsonArray>;
  JsonObject content{{"uri", uri}, {"mimeType", "text/plain"}};
  constexpr std::string_view kTemplate = "test://template/";
  constexpr std::string_view kEnd = "/data";
  if (uri == "test://static-text" || uri == "test://watched-resource") {
    content["text"] = "This is the content of the static text resource.";
  } else if (uri == "test://static-binary") {
    content["mimeType"] = "image/png";
    content["blob"] = kPng;
  } else if (uri.starts_with(kTemplate) && uri.ends_with(kEnd)) {
    const std::string id =
        uri.substr(kTemplate.size(), uri.size() - kTemplate.size() - kEnd.size());
    content["mimeType"] = "application/json";
    content["text"] = to_text(JsonObject{
        {"id", id}, {"templateTest", true}, {"data", fmt::format("Data for ID: {}", id)}});
  } else {
    return Contents();
  }
  return Contents(list_of(std::move(content)));
}

void add_resources(Catalog& catalog) {
  catalog.resources = {
      {"test://static-text", "static-text", "Text", "a fixture", "text/plain"},
      {"test://static-binary", "static-binary", "Binary", "a fixture", "image/png"},
      {"test://watched-resource", "watched-resource", "Watched", "a fixture", "text/plain"}};
  catalog.templates = {
      {"test://template/{id}/data", "template", "Template", "a fixture", "application/json"}};
  catalog.read = read_fixture;
}

Catalog fixtures() {
  Catalog catalog;
  catalog.name = "reelforge-mcp-conformance";
  catalog.title = "Fixtures";
  catalog.version = "1";
  catalog.instructions = "Fixtures of a test.";
  catalog.lists_change = true;
  catalog.complete = [](const Typing&) { return std::vector<std::string>(); };
  add_contents(catalog);
  add_questions(catalog);
  add_rounds(catalog);
  add_others(catalog);
  add_prompts(catalog);
  add_resources(catalog);
  return catalog;
}

int serve() {
  const SystemClock clock;
  const Protocol protocol(fixtures(), net::new_secret(), clock);
  HttpDoor door(protocol, {}, clock);
  net::ServerRules rules;
  rules.workers = 2 * kQuestionsMax;
  auto server = net::start_server(
      rules, [&](const net::Request& request) { return door.answer(request); }, clock);
  if (!server) {
    static_cast<void>(std::fputs((server.error().message + "\n").c_str(), stderr));
    return 1;
  }
  static_cast<void>(std::fputs(fmt::format("{}\n", (*server)->port()).c_str(), stdout));
  static_cast<void>(std::fflush(stdout));
  char byte = 0;
  while (::read(STDIN_FILENO, &byte, 1) > 0) {
  }
  (*server)->stop();
  return 0;
}

}  // namespace
}  // namespace rf::mcp

int main() { return rf::mcp::serve(); }
