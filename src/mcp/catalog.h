// What a server offers: tools, resources and prompts as values, without a word of protocol.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "mcp/call.h"
#include "mcp/message.h"

namespace rf::mcp {

// What a tool gives.
struct ToolAnswer {
  JsonArray content;                     // For people and models that read text.
  std::optional<JsonObject> structured;  // Fits the tool's output schema.
  bool is_error = false;                 // It was called rightly and could not do it.
  JsonObject meta;
};

struct Tool {
  std::string name;  // Letters, digits, '_', '-' and '.', at most 64.
  std::string title;
  std::string description;
  JsonObject input_schema;  // Of an object.
  std::optional<JsonObject> output_schema;
  JsonObject annotations;
  std::vector<std::string> needs;  // Capabilities without which a client cannot call it.
  std::function<Outcome<ToolAnswer>(const JsonObject& arguments, Call& call)> run;
};

struct Resource {
  std::string uri;
  std::string name;
  std::string title;
  std::string description;
  std::string mime_type;
};

struct ResourceTemplate {
  std::string uri_template;  // RFC 6570.
  std::string name;
  std::string title;
  std::string description;
  std::string mime_type;
};

struct PromptArgument {
  std::string name;
  std::string description;
  bool required = false;
};

struct PromptAnswer {
  std::string description;
  JsonArray messages;
};

struct Prompt {
  std::string name;
  std::string title;
  std::string description;
  std::vector<PromptArgument> arguments;
  std::function<Outcome<PromptAnswer>(const JsonObject& arguments, Call& call)> get;
};

// What somebody is typing.
struct Typing {
  JsonObject subject;  // {"type": "ref/prompt", "name": …} or {"type": "ref/resource", "uri": …}.
  std::string argument;
  std::string text;
};

struct Catalog {
  std::string name;
  std::string title;
  std::string version;
  std::string instructions;  // How to use it; nothing that came from outside.
  std::vector<Tool> tools;
  std::vector<Resource> resources;
  std::vector<ResourceTemplate> templates;
  std::vector<Prompt> prompts;
  // The contents of a resource; none, when there is no such resource.
  std::function<Outcome<std::optional<JsonArray>>(const std::string& uri, Call& call)> read;
  // Every way in which what is being typed may go on.
  std::function<std::vector<std::string>(const Typing& typing)> complete;
  bool lists_change = false;  // Tools, resources and prompts may come and go while it runs.
};

JsonObject text_block(std::string_view text);

}  // namespace rf::mcp
