#include "mcp/listing.h"

#include <utility>

namespace rf::mcp {

JsonObject implementation_of(const Catalog& catalog) {
  return {{"name", catalog.name}, {"title", catalog.title}, {"version", catalog.version}};
}

JsonObject describe_tool(const Tool& tool) {
  JsonObject described{{"name", tool.name},
                       {"title", tool.title},
                       {"description", tool.description},
                       {"inputSchema", tool.input_schema}};
  if (tool.output_schema) described["outputSchema"] = *tool.output_schema;
  if (!tool.annotations.empty()) described["annotations"] = tool.annotations;
  return described;
}

JsonObject describe_resource(const Resource& resource) {
  return {{"uri", resource.uri},
          {"name", resource.name},
          {"title", resource.title},
          {"description", resource.description},
          {"mimeType", resource.mime_type}};
}

JsonObject describe_template(const ResourceTemplate& resource) {
  return {{"uriTemplate", resource.uri_template},
          {"name", resource.name},
          {"title", resource.title},
          {"description", resource.description},
          {"mimeType", resource.mime_type}};
}

JsonObject describe_prompt(const Prompt& prompt) {
  JsonArray arguments;
  arguments.reserve(prompt.arguments.size());
  for (const PromptArgument& argument : prompt.arguments) {
    arguments.push_back(JsonObject{{"name", argument.name},
                                   {"description", argument.description},
                                   {"required", argument.required}});
  }
  return {{"name", prompt.name},
          {"title", prompt.title},
          {"description", prompt.description},
          {"arguments", std::move(arguments)}};
}

JsonObject to_result(ToolAnswer answer) {
  JsonObject result{{"content", std::move(answer.content)}, {"isError", answer.is_error}};
  if (answer.structured) result["structuredContent"] = std::move(*answer.structured);
  if (!answer.meta.empty()) result["_meta"] = std::move(answer.meta);
  return result;
}

JsonObject text_block(std::string_view text) { return {{"type", "text"}, {"text", text}}; }

}  // namespace rf::mcp
