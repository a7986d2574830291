#include "cli/cli.h"

#include <fmt/format.h>

#include "api/failure.h"
#include "api/operations.h"
#include "cli/command_line.h"
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

}  // namespace

int run(const Surroundings& around) {
  Result<Request> request = parse_command_line(around.arguments, api::operations());
  if (!request) return report_error(request.error(), asks_for_json(around.arguments), around);
  if (request->operation == nullptr) {
    write(around.out, request->text);
    return 0;
  }
  api::Services services(request->store_path.value_or(around.store_path), around.open_store,
                         around.clock, around.progress, around.decoder, around.open_platform);
  Result<Json> output = request->operation->run(request->input, services);
  if (!output) return report_error(output.error(), request->json, around);
  write(around.out, request->json ? to_pretty_text(*output)
                                  : render(request->operation->name, *output, around.style));
  return status_of(*output);
}

}  // namespace rf::cli
