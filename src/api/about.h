// Operations about the program itself: its version, its schemas, its health.

#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "api/operation.h"
#include "base/libraries.h"

namespace rf::api {

struct VersionOutput {
  std::string version;
  std::string compiler;
  std::vector<LibraryVersion> libraries;
};

struct SchemaInput {
  std::string name;
};

struct SchemaOutput {
  JsonObject operations;
};

struct CheckResult {
  std::string name;
  bool ok = true;
  std::string found;
  std::string next_step;  // Empty when all is well.
};

struct DoctorOutput {
  bool ok = true;
  std::vector<CheckResult> checks;
};

// "0.1.0".
std::string_view program_version();

Result<VersionOutput> version(const Nothing& input, Services& services);

// The schemas of every operation, or of one.
// Errors: not_found.
Result<SchemaOutput> schema(const SchemaInput& input, Services& services);

// A store that cannot be opened is a finding, not an error.
Result<DoctorOutput> doctor(const Nothing& input, Services& services);

}  // namespace rf::api

template <>
struct rf::JsonCodec<rf::JsonObject> {
  static Json write(const JsonObject& value) { return value; }
  static Result<JsonObject> read(const Json& json, std::string_view path) {
    if (const JsonObject* object = json.if_object()) return *object;
    return described::wrong_kind(json, path, "an object");
  }
  static JsonObject schema() { return {{"type", "object"}}; }
};

template <>
struct rf::Described<rf::api::VersionOutput> {
  using Self = rf::api::VersionOutput;
  static constexpr auto fields =
      std::tuple{field("version", &Self::version, "of this program"),
                 field("compiler", &Self::compiler, "it was built with"),
                 field("libraries", &Self::libraries, "everything linked in")};
};

template <>
struct rf::Described<rf::api::SchemaInput> {
  static constexpr auto fields = std::tuple{
      field("name", &rf::api::SchemaInput::name,
            "one operation, such as 'plan show'; all if left out", {.positional = true})};
};

template <>
struct rf::Described<rf::api::SchemaOutput> {
  static constexpr auto fields =
      std::tuple{field("operations", &rf::api::SchemaOutput::operations,
                       "by name: help, effect, and the JSON Schemas of input and output")};
};

template <>
struct rf::Described<rf::api::CheckResult> {
  using Self = rf::api::CheckResult;
  static constexpr auto fields =
      std::tuple{field("name", &Self::name, "what was looked at"),
                 field("ok", &Self::ok, "whether it is in order"),
                 field("found", &Self::found, "what was found"),
                 field("next_step", &Self::next_step, "what to do, empty when in order")};
};

template <>
struct rf::Described<rf::api::DoctorOutput> {
  using Self = rf::api::DoctorOutput;
  static constexpr auto fields =
      std::tuple{field("ok", &Self::ok, "whether everything is in order"),
                 field("checks", &Self::checks, "each thing looked at")};
};
