#include "cli/cli.h"

#include <fmt/format.h>

#include "api/failure.h"
#include "api/operations.h"
#include "cli/command_line.h"
#include "cli/remote.h"
#include "cli/render.h"

namespace rf::cli {
namespace {

// A reader that went away (`| head`) is no reason to complain.
void write(std::FILE* stream, const std::string& text) {
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), stream));
  static_cast<void>(std::fflush(stream));
}

int report_error(const Error& error, bool json, const Surroundings& around) {
  const ErrorCodeRow& row = row_of(error.code);
  if (json) {
    Json object = JsonObject{
        {"error",
         JsonObject{{"code", row.name}, {"message", error.message}, {"retry", row.retry}}}};
    write(around.out, to_pretty_text(object));
  } else {
    write(around.err, fmt::format("{} {}\n", paint("reelforge:", Tone::bad, around.style),
                                  printable(error.message)));
  }
  return row.exit_status;
}

// The status of the first thing that failed while the rest went well (see api/failure.h).
int status_of(const Json& output) {
  const JsonObject* object = output.if_object();
  const Json* failed = object == nullptr ? nullptr : object->if_contains("failed");
  if (failed == nullptr || !failed->is_array() || failed->get_array().empty()) return 0;
  auto first = from_json<api::Failure>(failed->get_array().front(), "failed").value();
  for (int i = 0; i <= static_cast<int>(ErrorCode::over_limit); ++i) {
    const ErrorCodeRow& row = row_of(static_cast<ErrorCode>(i));
    if (row.name == first.code) return row.exit_status;
  }
  check_failed(__FILE__, __LINE__, "a failure has a code of the error table");
}

bool asks_for_json(const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    if (argument == "--json") return true;
  }
  return false;
}

Result<Json> run_operation(const Request& request, const Surroundings& around) {
  const api::Operation& operation = *request.entry->operation;
  if (request.server) {
    if (!around.reach.http) return fail(ErrorCode::unsupported, "--server works not here");
    return run_remote({.server = *request.server, .token = around.token}, *around.reach.http(),
                      operation, request.input);
  }
  api::Services services(request.store_path.value_or(around.store_path), around.open_store,
                         around.clock, around.progress, around.decoder);
  services.set_reach(around.reach);
  return operation.run(request.input, services);
}

}  // namespace

int run(const Surroundings& around) {
  const std::vector<Entry> entries = entries_of(api::operations(), around.doors);
  Result<Request> request = parse_command_line(around.arguments, entries);
  if (!request) return report_error(request.error(), asks_for_json(around.arguments), around);
  if (request->entry == nullptr) {
    write(around.out, request->text);
    return 0;
  }
  const Entry& entry = *request->entry;
  if (entry.write != nullptr) {
    Result<std::string> text = entry.write(entries, request->input);
    if (!text) return report_error(text.error(), request->json, around);
    write(around.out, *text);
    return 0;
  }
  if (entry.door != nullptr) {
    return entry.door->open(request->input, request->store_path.value_or(around.store_path));
  }
  Result<Json> output = run_operation(*request, around);
  if (!output) return report_error(output.error(), request->json, around);
  write(around.out, request->json ? to_pretty_text(*output)
                                  : render(entry.operation->name, *output, around.style));
  return status_of(*output);
}

}  // namespace rf::cli
