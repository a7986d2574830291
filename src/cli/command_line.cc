#include "cli/command_line.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <deque>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "api/command.h"
#include "cli/help.h"

namespace rf::cli {
namespace {

using Kind = api::InputField::Kind;

// What was given for one input field of one command.
struct Given {
  const api::InputField* field = nullptr;
  CLI::Option* option = nullptr;
  std::vector<std::string> texts;
  bool flag = false;
};

struct Command {
  const Entry* entry = nullptr;
  CLI::App* app = nullptr;
  std::deque<Given> given;  // Addresses are bound to options, so they must not move.
};

template <typename Number>
Json number_or_text(const std::string& text) {
  Number number{};
  const char* end = text.data() + text.size();
  auto [stopped, error] = std::from_chars(text.data(), end, number);
  // What is no number goes on as text, for the operation to refuse with the name of the field.
  if (error != std::errc() || stopped != end) return Json(std::string_view(text));
  return Json(number);
}

Json json_of(const Given& given) {
  switch (given.field->kind) {
    case Kind::boolean: return Json(given.flag);
    case Kind::integer: return number_or_text<std::int64_t>(given.texts.front());
    case Kind::number: return number_or_text<double>(given.texts.front());
    case Kind::text: return Json(std::string_view(given.texts.front()));
    case Kind::texts: return to_json(given.texts);
  }
  check_failed(__FILE__, __LINE__, "Kind in range");
}

// A positional keeps its bare name.
std::string option_name(const api::InputField& field) {
  if (field.positional) {
    std::string name(field.name);
    std::ranges::replace(name, '_', '-');
    return name;
  }
  const std::string option = api::option_of(field);
  return option.size() == 2 ? fmt::format("{},-{}", option, option) : option;
}

void add_option(CLI::App& app, Given& given) {
  const api::InputField& field = *given.field;
  if (field.kind == Kind::boolean) {
    given.option = app.add_flag(option_name(field), given.flag);
    return;
  }
  given.option = app.add_option(option_name(field), given.texts);
  // One value each, or a second positional's would go to the first.
  if (field.kind != Kind::texts) given.option->expected(1)->allow_extra_args(false);
  given.option->required(field.required);
}

// The command `name` below `root`: its words are nested commands.
CLI::App* add_command(CLI::App& root, std::string_view name) {
  const std::size_t space = name.find(' ');
  const std::string word(name.substr(0, space));
  auto same_name = [&](const CLI::App* each) { return each->get_name() == word; };
  const std::vector<CLI::App*> found = root.get_subcommands(same_name);
  CLI::App* app = found.empty() ? root.add_subcommand(word) : found.front();
  if (space == std::string_view::npos) return app;
  app->require_subcommand(0, 1);
  return add_command(*app, name.substr(space + 1));
}

// The command that was named as far as it was: "plan" or "plan show".
std::string named(const CLI::App& root) {
  std::string name;
  for (const CLI::App* app = &root; !app->get_subcommands().empty();) {
    app = app->get_subcommands().front();
    if (!name.empty()) name += ' ';
    name += app->get_name();
  }
  return name;
}

JsonObject input_of(const Command& command) {
  JsonObject input;
  for (const Given& given : command.given) {
    if (given.option->count() > 0) input[given.field->name] = json_of(given);
  }
  return input;
}

// Everything that CLI11 may throw out of ends here. True: help is asked for.
Result<bool> parse(CLI::App& root, std::vector<std::string> arguments) {
  std::ranges::reverse(arguments);
  try {
    root.parse(arguments);
  } catch (const CLI::CallForHelp&) {
    return true;
  } catch (const CLI::ParseError& error) {
    std::string message = error.what();
    std::ranges::replace(message, '\n', ' ');
    return fail(ErrorCode::invalid, message + "; see 'reelforge --help'");
  }
  return false;
}

}  // namespace

Result<Request> parse_command_line(const std::vector<std::string>& arguments,
                                   const std::vector<Entry>& entries) {
  CLI::App root("", "reelforge");
  root.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  bool json = false;
  std::string store_path;
  root.add_flag("--json", json);
  root.add_option("--store", store_path);
  std::string server;
  root.add_option("--server", server);
  root.fallthrough();
  root.require_subcommand(0, 1);
  std::deque<Command> commands;
  for (const Entry& entry : entries) {
    Command& command = commands.emplace_back();
    command.entry = &entry;
    command.app = add_command(root, entry.name);
    command.app->fallthrough();
    for (const api::InputField& field : entry.inputs) {
      Given& given = command.given.emplace_back();
      given.field = &field;
      add_option(*command.app, given);
    }
  }
  const bool wants_help = RF_TRY(parse(root, arguments));
  Request request;
  request.json = json;
  if (!store_path.empty()) request.store_path = store_path;
  if (!server.empty()) request.server = server;
  const std::string name = named(root);
  auto command =
      std::ranges::find_if(commands, [&](const Command& each) { return each.entry->name == name; });
  if (wants_help || command == commands.end()) {
    request.text = help_text(entries, name);
    return request;
  }
  request.entry = command->entry;
  request.input = input_of(*command);
  return request;
}

}  // namespace rf::cli
