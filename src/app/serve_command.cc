#include "app/serve_command.h"

#include <csignal>
#include <cstdio>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/operations.h"
#include "server/config.h"
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

// One that is not there yet, so that nobody else's can be in its place. Errors: unavailable.
Status write_secret(const std::string& path, const std::string& secret) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  const std::string line = secret + "\n";
  const bool written = file >= 0 && ::write(file, line.data(), line.size()) == std::ssize(line);
  if (file >= 0) ::close(file);
  if (written) return {};
  return fail(
      ErrorCode::unavailable,
      fmt::format("cannot write the owner's token to the new file {}; make one by hand: reelforge "
                  "tokens create",
                  path));
}

Status show_token(const server::ServeInput& input, const std::string& token) {
  if (token.empty()) return {};
  if (!input.first_token_file.empty()) return write_secret(input.first_token_file, token);
  write(stdout, fmt::format("the owner's token, shown only now: {}\n", token));
  return {};
}

// The recurring work of a server, which may be switched on and off.
class Recurring {
 public:
  explicit Recurring(const server::Surroundings& around) : around_(around) {}

  void set(bool on) {
    if (!on) scheduler_.reset();
    if (!on || scheduler_ != nullptr) return;
    scheduler_ = server::start_scheduler(around_, {.complain = [](const std::string& message) {
                                           write(stderr, fmt::format("schedule: {}\n", message));
                                         }});
  }

 private:
  const server::Surroundings& around_;
  std::unique_ptr<server::Scheduler> scheduler_;
};

// What can be taken over from a changed file without a new start is.
void reload(const Json& given, server::ServeInput& running, Recurring& recurring) {
  const Result<server::ServeInput> wanted = server::with_config(given);
  if (!wanted) {
    write(stderr, fmt::format("configuration not reloaded: {}\n", wanted.error().message));
    return;
  }
  for (const std::string& name : server::needs_restart(running, *wanted)) {
    write(stderr, fmt::format("'{}' has changed and needs a new start\n", name));
  }
  running.no_schedule = wanted->no_schedule;
  recurring.set(!running.no_schedule);
  write(stderr, "configuration reloaded\n");
}

// Until SIGINT or SIGTERM; SIGHUP reloads.
void work(const sigset_t& signals, const Json& given, server::ServeInput& running,
          const server::Surroundings& around) {
  Recurring recurring(around);
  recurring.set(!running.no_schedule);
  while (true) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) continue;
    if (signal != SIGHUP) return;
    reload(given, running, recurring);
  }
}

int serve(const Json& given, const server::Surroundings& around) {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
  static_cast<void>(pthread_sigmask(SIG_BLOCK, &signals, nullptr));
  Result<server::ServeInput> input = server::with_config(given);
  if (!input) return report(input.error());
  Result<server::Served> served = server::serve(*input, api::operations(), around);
  if (!served) return report(served.error());
  write(stdout, fmt::format("listening on {}\n", served->address));
  const Status shown = show_token(*input, served->first_token);
  if (!shown) return report(shown.error());
  if (!served->link.empty()) {
    write(stdout, fmt::format("the dashboard, opened once by this link: {}\n", served->link));
  }
  work(signals, given, *input, around);
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
