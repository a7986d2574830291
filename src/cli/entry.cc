#include "cli/entry.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "base/described.h"
#include "cli/completion.h"
#include "cli/man_page.h"

namespace rf::cli {

struct CompletionInput {
  std::string shell;
};

struct ManInput {
  std::string command;
};

}  // namespace rf::cli

template <>
struct rf::Described<rf::cli::CompletionInput> {
  static constexpr auto fields =
      std::tuple{field("shell", &rf::cli::CompletionInput::shell, "bash, zsh or fish",
                       {.required = true, .positional = true})};
};

template <>
struct rf::Described<rf::cli::ManInput> {
  static constexpr auto fields =
      std::tuple{field("command", &rf::cli::ManInput::command,
                       "one command, such as 'plan show'; all if left out", {.positional = true})};
};

namespace rf::cli {
namespace {

Result<std::string> completion_of(const std::vector<Entry>& all, const Json& json) {
  const CompletionInput input = RF_TRY(from_json<CompletionInput>(json, "input"));
  if (is_shell(input.shell)) return completion(all, input.shell);
  return fail(ErrorCode::invalid,
              fmt::format("input.shell: found '{}', expected bash, zsh or fish", input.shell));
}

Result<std::string> man_of(const std::vector<Entry>& all, const Json& json) {
  const ManInput input = RF_TRY(from_json<ManInput>(json, "input"));
  const bool known =
      input.command.empty() || std::ranges::find(all, input.command, &Entry::name) != all.end();
  if (known) return man_page(all, input.command);
  return fail(ErrorCode::not_found,
              fmt::format("there is no command '{}'; see 'reelforge --help'", input.command));
}

}  // namespace

std::vector<Entry> entries_of(const std::vector<api::Operation>& operations,
                              const std::vector<Door>& doors) {
  std::vector<Entry> all;
  all.reserve(operations.size() + doors.size() + 2);
  for (const api::Operation& each : operations) {
    all.push_back({.name = each.name,
                   .help = each.help,
                   .example = each.example,
                   .inputs = each.inputs,
                   .operation = &each});
  }
  for (const Door& each : doors) {
    all.push_back({.name = each.name,
                   .help = each.help,
                   .example = each.example,
                   .inputs = each.inputs,
                   .door = &each});
  }
  all.push_back(
      {.name = "completion",
       .help = "a script that completes commands in your shell",
       .example = "completion bash > ~/.local/share/bash-completion/completions/reelforge",
       .inputs = api::detail::input_fields<CompletionInput>(),
       .write = completion_of});
  all.push_back({.name = "man",
                 .help = "the manual page, or that of one command",
                 .example = "man 'plan show'",
                 .inputs = api::detail::input_fields<ManInput>(),
                 .write = man_of});
  return all;
}

std::vector<const Entry*> entries_below(const std::vector<Entry>& all, std::string_view prefix) {
  std::vector<const Entry*> found;
  for (const Entry& each : all) {
    const bool below = prefix.empty() || each.name == prefix ||
                       (each.name.starts_with(prefix) && each.name[prefix.size()] == ' ');
    if (below) found.push_back(&each);
  }
  return found;
}

std::vector<std::string> words_after(const std::vector<Entry>& all, std::string_view prefix) {
  std::vector<std::string> words;
  for (const Entry* each : entries_below(all, prefix)) {
    if (each->name == prefix) continue;
    std::string_view rest = each->name;
    rest.remove_prefix(prefix.empty() ? 0 : prefix.size() + 1);
    std::string word(rest.substr(0, rest.find(' ')));
    if (std::ranges::find(words, word) == words.end()) words.push_back(std::move(word));
  }
  return words;
}

std::string_view value_name(const api::InputField& field) {
  switch (field.kind) {
    case api::InputField::Kind::boolean: return "";
    case api::InputField::Kind::integer:
    case api::InputField::Kind::number: return "NUMBER";
    case api::InputField::Kind::text: return "TEXT";
    case api::InputField::Kind::texts: return "TEXT...";
  }
  check_failed(__FILE__, __LINE__, "Kind in range");
}

}  // namespace rf::cli
