#include "app/sandbox_door.h"

#include <cstdio>

#include <fmt/format.h>

#include "api/sandbox_serve.h"

namespace rf::app {
namespace {

Result<std::unique_ptr<Store>> no_store(const std::string&) {
  return fail(ErrorCode::unsupported, "the sandbox keeps nothing");
}

int report(const Error& error) {
  fmt::print(stderr, "reelforge: {}\n", error.message);
  return row_of(error.code).exit_status;
}

int serve(const Json& json, api::Services& services) {
  Result<api::SandboxServeInput> input = from_json<api::SandboxServeInput>(json, "input");
  if (!input) return report(input.error());
  Result<api::SandboxServeOutput> served = api::sandbox_serve(*input, services);
  if (!served) return report(served.error());
  fmt::print("{}", to_pretty_text(to_json(*served)));
  return 0;
}

}  // namespace

cli::Door sandbox_door(const Clock& clock, Progress& progress) {
  return {.name = "sandbox serve",
          .help = "be Meta, TikTok and Google Ads over HTTP on this machine, until Ctrl-C",
          .example = "sandbox serve --port 8900",
          .inputs = api::detail::input_fields<api::SandboxServeInput>(),
          .open = [&clock, &progress](const Json& json, const std::string&) {
            api::Services services("", no_store, clock, progress);
            return serve(json, services);
          }};
}

}  // namespace rf::app
