#include "cli/command_line.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <deque>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

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
  const api::Operation* operation = nullptr;
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

// "dry_run" as "--dry-run"; a positional keeps its bare name.
std::string option_name(const api::InputField& field) {
  std::string name(field.name);
  std::ranges::replace(name, '_', '-');
  if (field.positional) return name;
  return name.size() == 1 ? fmt::format("-{0},--{0}", name) : "--" + name;
}

void add_option(CLI::App& app, Given& given) {
  const api::InputField& field = *given.field;
  std::string help(field.help);
  if (field.kind == Kind::boolean) {
    given.option = app.add_flag(option_name(field), given.flag, help);
    return;
  }
  given.option = app.add_option(option_name(field), given.texts, help);
  given.option->type_name(field.kind == Kind::integer || field.kind == Kind::number ? "NUMBER"
                                                                                    : "TEXT");
  if (field.kind != Kind::texts) given.option->expected(1);
  given.option->required(field.required);
}

// The command `name` below `root`: its words are nested commands.
CLI::App* add_command(CLI::App& root, std::string_view name, const std::string& help) {
  std::size_t space = name.find(' ');
  std::string word(name.substr(0, space));
  auto same_name = [&](const CLI::App* each) { return each->get_name() == word; };
  std::vector<CLI::App*> found = root.get_subcommands(same_name);
  CLI::App* app = found.empty() ? root.add_subcommand(word) : found.front();
  if (space == std::string_view::npos) {
    app->description(help);
    return app;
  }
  if (app->get_description().empty()) app->description("see 'reelforge " + word + " --help'");
  app->require_subcommand(0, 1);
  return add_command(*app, name.substr(space + 1), help);
}

// The line under the help of a command.
std::string footer_of(const api::Operation& operation) {
  return fmt::format("Example:\n  reelforge {}", operation.example);
}

JsonObject input_of(const Command& command) {
  JsonObject input;
  for (const Given& given : command.given) {
    if (given.option->count() > 0) input[given.field->name] = json_of(given);
  }
  return input;
}

// Everything that CLI11 may throw out of ends here.
Result<Request> parse(CLI::App& root, std::vector<std::string> arguments) {
  std::ranges::reverse(arguments);
  try {
    root.parse(arguments);
  } catch (const CLI::CallForHelp&) {
    // The innermost command that was named has the help that was asked for.
    const CLI::App* app = &root;
    while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
    Request request;
    request.text = app->help();
    return request;
  } catch (const CLI::ParseError& error) {
    std::string message = error.what();
    std::ranges::replace(message, '\n', ' ');
    return fail(ErrorCode::invalid, message + "; see 'reelforge --help'");
  }
  return Request{};
}

}  // namespace

Result<Request> parse_command_line(const std::vector<std::string>& arguments,
                                   const std::vector<api::Operation>& operations) {
  CLI::App root("Watches video ads, learns which win and why, and plans what to do next.",
                "reelforge");
  root.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  bool json = false;
  std::string store_path;
  root.add_flag("--json", json, "print one JSON object, for scripts");
  root.add_option("--store", store_path, "the store's file (default: the one 'doctor' names)");
  root.fallthrough();
  root.require_subcommand(0, 1);
  root.footer("Start with:\n  reelforge demo\n  reelforge import EXPORT.csv");
  std::deque<Command> commands;
  for (const api::Operation& operation : operations) {
    Command& command = commands.emplace_back();
    command.operation = &operation;
    command.app = add_command(root, operation.name, std::string(operation.help));
    command.app->fallthrough();
    command.app->footer(footer_of(operation));
    for (const api::InputField& field : operation.inputs) {
      Given& given = command.given.emplace_back();
      given.field = &field;
      add_option(*command.app, given);
    }
  }
  Request request = RF_TRY(parse(root, arguments));
  if (!request.text.empty()) return request;
  request.json = json;
  if (!store_path.empty()) request.store_path = store_path;
  for (const Command& command : commands) {
    if (!command.app->parsed() || !command.app->get_subcommands().empty()) continue;
    request.operation = command.operation;
    request.input = input_of(command);
    return request;
  }
  const CLI::App* app = &root;
  while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
  request.text = app->help();
  return request;
}

}  // namespace rf::cli
