// The program: builds the concrete things, connects them, and hands over to the command line.

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <sys/ioctl.h>
#include <unistd.h>

#include "app/mcp_door.h"
#include "app/network.h"
#include "app/sandbox_door.h"
#include "app/serve_command.h"
#include "app/terminal_progress.h"
#include "base/time.h"
#include "cli/cli.h"
#include "store/sqlite.h"

namespace {

// Set by Ctrl-C; long work looks at it between rows and leaves nothing half-written.
volatile std::sig_atomic_t interrupted = 0;

void interrupt(int) { interrupted = 1; }

std::string environment(const char* name) {
  // One thread so far. NOLINTNEXTLINE(concurrency-mt-unsafe)
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Source: XDG Base Directory Specification 0.8.
std::string default_store_path() {
  std::string folder = environment("XDG_DATA_HOME");
  if (folder.empty()) folder = environment("HOME") + "/.local/share";
  return folder + "/reelforge/reelforge.db";
}

// Beside this program, wherever that is.
std::string decoder_path() {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? "reelforge-decoder" : (self.parent_path() / "reelforge-decoder").string();
}

rf::Result<std::unique_ptr<rf::Store>> open_store(const std::string& path) {
  std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::error_code ignored;  // Opening the file says what is wrong, with its name.
  if (!folder.empty()) std::filesystem::create_directories(folder, ignored);
  return rf::open_sqlite(path);
}

rf::cli::Style style_of_terminal() {
  rf::cli::Style style;
  style.color = isatty(STDOUT_FILENO) == 1 && environment("NO_COLOR").empty();
  winsize window{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0) {
    style.width = window.ws_col;
  } else {
    style.width = 160;  // A file or a pipe has no edge; this keeps tables readable.
  }
  return style;
}

}  // namespace

int main(int argc, char** argv) {
  static_cast<void>(std::signal(SIGINT, interrupt));
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  rf::SystemClock clock;
  rf::app::TerminalProgress progress(clock, isatty(STDERR_FILENO) == 1,
                                     [] { return interrupted != 0; });
  rf::app::Network network([] { return interrupted != 0; },
                           environment("REELFORGE_ALERT_HOSTS") == "any");
  const rf::api::Reach reach{
      .http = [&network] { return network.client(); },
      .typed_http = [&network] { return network.typed_client(); },
      .mail = [&network] { return network.mail(); },
      .wait = [&network](rf::Duration time) { return network.wait(time); },
      .secret = [](std::string_view name) { return environment(std::string(name).c_str()); }};
  return rf::cli::run({.arguments = std::vector<std::string>(argv + 1, argv + argc),
                       .store_path = default_store_path(),
                       .open_store = open_store,
                       .decoder = decoder_path(),
                       .clock = clock,
                       .progress = progress,
                       .style = style_of_terminal(),
                       .doors = {rf::app::mcp_door(open_store, decoder_path(), reach, clock),
                                 rf::app::sandbox_door(clock, progress),
                                 rf::app::serve_door({.store_path = "",
                                                      .open_store = open_store,
                                                      .decoder = decoder_path(),
                                                      .clock = clock,
                                                      .reach = reach})},
                       .token = environment("REELFORGE_TOKEN"),
                       .reach = reach});
}
