#include "app/serve_command.h"

#include <algorithm>
#include <csignal>
#include <cstdio>

#include <fmt/format.h>

#include "api/operations.h"
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

std::string help() {
  std::string text =
      "Opens the HTTP door: every operation under /api/v1, for programs and the dashboard.\n"
      "usage: reelforge [--store PATH] serve [OPTIONS]\n";
  JsonCodec<server::ServeInput>::for_each_field([&](const auto& each) {
    std::string name(each.name);
    std::ranges::replace(name, '_', '-');
    text += fmt::format("  --{:<36} {}\n", name, each.help);
  });
  return text + "Example:\n  reelforge serve --port 8077\n";
}

// "--port 80" as {"port": 80}, by the kinds of the input's fields.
class Reader {
 public:
  explicit Reader(const std::vector<std::string>& arguments) : arguments_(arguments) {}

  Result<JsonObject> read() {
    JsonObject input;
    for (at_ = 0; at_ < arguments_.size(); ++at_) {
      const std::string& argument = arguments_[at_];
      if (argument == "serve" || argument == "--json") continue;
      if (!argument.starts_with("--")) {
        return fail(ErrorCode::invalid, "serve takes no '" + argument + "'; see 'serve --help'");
      }
      std::string name = argument.substr(2);
      std::ranges::replace(name, '-', '_');
      RF_TRY(add(input, name));
    }
    return input;
  }

 private:
  Status add(JsonObject& input, const std::string& name) {
    if (name == "plain_text_beyond_this_machine") {
      input[name] = true;
      return {};
    }
    if (++at_ == arguments_.size()) return fail(ErrorCode::invalid, "--" + name + " needs a value");
    const std::string& text = arguments_[at_];
    if (name == "port") {
      Result<Json> number = parse_json(text);
      if (!number)
        return fail(ErrorCode::invalid, "--port: found '" + text + "', expected a number");
      input[name] = std::move(*number);
    } else if (name == "hosts") {
      if (!input.contains(name)) input[name] = JsonArray();
      input[name].as_array().push_back(Json(std::string_view(text)));
    } else {
      input[name] = text;
    }
    return {};
  }

  const std::vector<std::string>& arguments_;
  std::size_t at_ = 0;
};

void wait_for_end(const sigset_t& ends) {
  int signal = 0;
  while (sigwait(&ends, &signal) != 0) {
  }
}

int serve(const JsonObject& given, const server::Surroundings& around) {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  static_cast<void>(pthread_sigmask(SIG_BLOCK, &ends, nullptr));
  Result<server::ServeInput> input = from_json<server::ServeInput>(Json(given), "serve");
  if (!input) return report(input.error());
  Result<server::Served> served = server::serve(*input, api::operations(), around);
  if (!served) return report(served.error());
  write(stdout, fmt::format("listening on {}\n", served->address));
  if (!served->first_token.empty()) {
    write(stdout, fmt::format("the owner's token, shown only now: {}\n", served->first_token));
  }
  wait_for_end(ends);
  served->server->stop();
  return 0;
}

}  // namespace

std::optional<int> serve_command(const std::vector<std::string>& arguments,
                                 server::Surroundings around) {
  std::vector<std::string> rest = arguments;
  const auto store = std::ranges::find(rest, "--store");
  if (store != rest.end() && store + 1 != rest.end()) {
    around.store_path = *(store + 1);
    rest.erase(store, store + 2);
  }
  const auto named = [](const std::string& each) { return !each.starts_with("--"); };
  const auto command = std::ranges::find_if(rest, named);
  if (command == rest.end() || *command != "serve") return std::nullopt;
  if (std::ranges::find(rest, "--help") != rest.end()) {
    write(stdout, help());
    return 0;
  }
  const Result<JsonObject> input = Reader(rest).read();
  if (!input) return report(input.error());
  return serve(*input, around);
}

}  // namespace rf::app
