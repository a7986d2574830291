#include "api/about.h"

#include <filesystem>

#include <fmt/format.h>

#include "api/operations.h"
#include "learn/libraries.h"
#include "media/libraries.h"
#include "model/calendar.h"
#include "store/libraries.h"

namespace rf::api {
namespace {

constexpr std::string_view kDialect = "https://json-schema.org/draft/2020-12/schema";

JsonObject document(JsonObject schema) {
  JsonObject out{{"$schema", kDialect}};
  for (auto& member : schema) out[member.key()] = std::move(member.value());
  return out;
}

JsonObject described_operation(const Operation& operation) {
  return {{"help", operation.help},
          {"example", operation.example},
          {"effect", name_of(operation.effect)},
          {"input", document(operation.input_schema())},
          {"output", document(operation.output_schema())}};
}

CheckResult check_zones() {
  Result<TimeZone> zone = TimeZone::parse("Europe/Berlin");
  if (zone) return {.name = "time zones", .found = "the IANA database is readable"};
  return {.name = "time zones",
          .ok = false,
          .found = zone.error().message,
          .next_step = "install the package tzdata"};
}

CheckResult check_store(Services& services) {
  CheckResult check{.name = "store", .found = services.store_path()};
  Result<Store*> store = services.store();
  if (!store) {
    check.ok = false;
    check.found += ": " + store.error().message;
    check.next_step = "name another with --store, or restore a backup: reelforge restore BACKUP";
    return check;
  }
  Result<std::vector<std::string>> defects = (*store)->check();
  if (!defects) {
    check.ok = false;
    check.found += ": " + defects.error().message;
  } else if (!defects->empty()) {
    check.ok = false;
    check.found += fmt::format(": {} defects, the first: {}", defects->size(), defects->front());
  }
  if (!check.ok) check.next_step = "restore a backup: reelforge restore BACKUP";
  return check;
}

// Without it no film can be watched; everything else works.
CheckResult check_decoder(const Services& services) {
  const std::string& program = services.decoder();
  CheckResult check{.name = "film decoder", .found = program};
  std::error_code error;
  const auto status = std::filesystem::status(program, error);
  const auto run = std::filesystem::perms::owner_exec | std::filesystem::perms::others_exec;
  check.ok = !error && std::filesystem::is_regular_file(status) &&
             (status.permissions() & run) != std::filesystem::perms::none;
  if (check.ok) return check;
  check.found += ": is not there, or cannot be run";
  check.next_step = "put reelforge-decoder beside the program; the build makes both";
  return check;
}

}  // namespace

std::string_view program_version() { return RF_VERSION; }

Result<VersionOutput> version(const Nothing&, Services&) {
  VersionOutput output{
      .version = RF_VERSION, .compiler = __VERSION__, .libraries = base_libraries()};
  for (auto* room : {store_libraries, learn_libraries, media_libraries}) {
    for (LibraryVersion& library : room()) output.libraries.push_back(std::move(library));
  }
  return output;
}

Result<SchemaOutput> schema(const SchemaInput& input, Services&) {
  SchemaOutput output;
  if (!input.name.empty()) {
    const Operation* operation = find_operation(input.name);
    if (operation == nullptr) {
      return fail(ErrorCode::not_found,
                  fmt::format("there is no operation '{}'; 'reelforge schema' "
                              "lists them",
                              input.name));
    }
    output.operations[operation->name] = described_operation(*operation);
    return output;
  }
  for (const Operation& operation : operations()) {
    output.operations[operation.name] = described_operation(operation);
  }
  return output;
}

Result<DoctorOutput> doctor(const Nothing&, Services& services) {
  DoctorOutput output;
  output.checks = {check_zones(), check_store(services), check_decoder(services)};
  for (const CheckResult& check : output.checks) output.ok = output.ok && check.ok;
  return output;
}

}  // namespace rf::api
