#include "app/serve_command.h"

#include <csignal>
#include <cstdio>

#include <fmt/format.h>

#include "api/operations.h"
#include "server/scheduler.h"
#include "server/serve.h"

namespace rf::app {
namespace {

void write(std::FILE* stream, const std::string& text) {
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), stream));
  static_cast<void>(std::fflush(stream));
}

int report(const Error& error) {
  write(stderr, fmt::format("reelforge: {}\n", error.message));
  return row_of(error.code).exit_status;
}

void wait_for_end(const sigset_t& ends) {
  int signal = 0;
  while (sigwait(&ends, &signal) != 0) {
  }
}

int serve(const Json& given, const server::Surroundings& around) {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  static_cast<void>(pthread_sigmask(SIG_BLOCK, &ends, nullptr));
  Result<server::ServeInput> input = from_json<server::ServeInput>(given, "input");
  if (!input) return report(input.error());
  Result<server::Served> served = server::serve(*input, api::operations(), around);
  if (!served) return report(served.error());
  write(stdout, fmt::format("listening on {}\n", served->address));
  if (!served->first_token.empty()) {
    write(stdout, fmt::format("the owner's token, shown only now: {}\n", served->first_token));
  }
  std::unique_ptr<server::Scheduler> scheduler;
  if (!input->no_schedule) {
    scheduler = server::start_scheduler(around, {.complain = [](const std::string& message) {
                                          write(stderr, fmt::format("schedule: {}\n", message));
                                        }});
  }
  wait_for_end(ends);
  scheduler.reset();
  served->server->stop();
  return 0;
}

}  // namespace

cli::Door serve_door(const server::Surroundings& around) {
  return {.name = "serve",
          .help = "open the HTTP door, for programs and the dashboard",
          .example = "serve --port 8077",
          .inputs = api::detail::input_fields<server::ServeInput>(),
          .open = [around](const Json& input, const std::string& store_path) {
            const server::Surroundings here{.store_path = store_path,
                                            .open_store = around.open_store,
                                            .decoder = around.decoder,
                                            .clock = around.clock,
                                            .reach = around.reach};
            return serve(input, here);
          }};
}

}  // namespace rf::app
