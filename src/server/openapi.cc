#include "server/openapi.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "server/routes.h"

namespace rf::server {
namespace {

JsonObject content(std::string_view kind, Json schema) {
  return {{std::string(kind), JsonObject{{"schema", std::move(schema)}}}};
}

JsonObject reference(std::string_view name) {
  return {{"$ref", fmt::format("#/components/schemas/{}", name)}};
}

// "plan show" as "plan_show".
std::string identifier(const api::Operation& operation) {
  std::string name(operation.name);
  std::ranges::replace_if(
      name, [](char c) { return c == ' ' || c == '-'; }, '_');
  return name;
}

JsonArray query_parameters(const api::Operation& operation) {
  JsonArray parameters;
  const JsonObject schema = operation.input_schema();
  const JsonObject* properties = schema.at("properties").if_object();
  if (properties == nullptr) return parameters;
  for (const api::InputField& field : operation.inputs) {
    const Json* property = properties->if_contains(field.name);
    if (property == nullptr) continue;
    parameters.push_back(JsonObject{{"name", field.name},
                                    {"in", "query"},
                                    {"description", field.help},
                                    {"required", field.required},
                                    {"schema", *property}});
  }
  return parameters;
}

JsonObject responses(const api::Operation& operation) {
  const JsonObject failure{{"description", "what went wrong, and what to do next"},
                           {"content", content("application/problem+json", reference("Problem"))}};
  return {{"200", JsonObject{{"description", operation.help},
                             {"content", content("application/json",
                                                 reference(identifier(operation) + "_output"))}}},
          {"default", failure}};
}

JsonObject described(const api::Operation& operation, bool as_get) {
  std::string needs;
  for (const api::Scope scope : scopes_needed(operation)) {
    needs += fmt::format("{}{}", needs.empty() ? "" : ", ", name_of(scope));
  }
  const std::size_t word = operation.name.find(' ');
  JsonObject out{{"operationId", identifier(operation) + (as_get ? "" : "_post")},
                 {"summary", operation.help},
                 {"description",
                  fmt::format("Effect: {}. Scopes needed: {}.", name_of(operation.effect), needs)},
                 {"tags", JsonArray{Json(operation.name.substr(0, word))}}};
  if (as_get) {
    out["parameters"] = query_parameters(operation);
  } else {
    const bool required =
        std::ranges::any_of(operation.inputs, [](const auto& field) { return field.required; });
    out["requestBody"] = JsonObject{
        {"required", required},
        {"content", content("application/json", reference(identifier(operation) + "_input"))}};
    if (operation.effect != api::Effect::reads) {
      out["parameters"] = JsonArray{JsonObject{{"$ref", "#/components/parameters/IdempotencyKey"}}};
    }
  }
  out["responses"] = responses(operation);
  return out;
}

JsonObject problem_schema() {
  const JsonObject text{{"type", "string"}};
  return {{"type", "object"},
          {"properties", JsonObject{{"type", text},
                                    {"title", text},
                                    {"status", JsonObject{{"type", "integer"}}},
                                    {"detail", text},
                                    {"code", text},
                                    {"path", text},
                                    {"retry", JsonObject{{"type", "boolean"}}},
                                    {"next", text}}},
          {"required", JsonArray{"type", "title", "status", "detail"}}};
}

JsonObject components(const std::vector<api::Operation>& operations) {
  JsonObject schemas{{"Problem", problem_schema()}};
  for (const api::Operation& operation : operations) {
    schemas[identifier(operation) + "_input"] = operation.input_schema();
    schemas[identifier(operation) + "_output"] = operation.output_schema();
  }
  const JsonObject key{
      {"name", "Idempotency-Key"},
      {"in", "header"},
      {"description", "the same key with the same input is done once, and answered the same"},
      {"required", false},
      {"schema", JsonObject{{"type", "string"}, {"minLength", 1}, {"maxLength", 255}}}};
  return {{"schemas", std::move(schemas)},
          {"parameters", JsonObject{{"IdempotencyKey", key}}},
          {"securitySchemes",
           JsonObject{{"token", JsonObject{{"type", "http"}, {"scheme", "bearer"}}}}}};
}

}  // namespace

Json openapi_of(const std::vector<api::Operation>& operations, std::string_view version) {
  JsonObject paths;
  for (const api::Operation& operation : operations) {
    JsonObject path{{"post", described(operation, false)}};
    if (operation.effect == api::Effect::reads) path["get"] = described(operation, true);
    paths[path_of(operation)] = std::move(path);
  }
  return JsonObject{
      {"openapi", "3.1.0"},
      {"info",
       JsonObject{{"title", "ReelForge"},
                  {"version", version},
                  {"summary", "Makes video ads better by itself, within limits."},
                  {"license", JsonObject{{"name", "Apache 2.0"}, {"identifier", "Apache-2.0"}}}}},
      {"servers", JsonArray{JsonObject{{"url", "/"}}}},
      {"security", JsonArray{JsonObject{{"token", JsonArray()}}}},
      {"paths", std::move(paths)},
      {"components", components(operations)}};
}

}  // namespace rf::server
