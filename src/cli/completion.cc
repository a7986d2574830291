#include "cli/completion.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "api/command.h"

namespace rf::cli {
namespace {

using api::InputField;

constexpr std::string_view kGlobal = "--json --store --server --help";

// What may come at one place: after "" or "plan" words of commands, after "plan show" options.
struct Place {
  std::string path;
  std::vector<std::string> words;
  bool whole = false;  // A whole command, so that files may follow.
};

std::vector<std::string> options_of(const Entry& entry) {
  std::vector<std::string> options;
  for (const InputField& field : entry.inputs) {
    if (!field.positional) options.push_back(api::option_of(field));
  }
  return options;
}

// Longest paths first, so that the first that fits is the right one.
std::vector<Place> places_of(const std::vector<Entry>& all) {
  std::set<std::string> paths{""};
  for (const Entry& each : all) {
    for (std::size_t end = each.name.find(' '); end != std::string_view::npos;
         end = each.name.find(' ', end + 1)) {
      paths.emplace(each.name.substr(0, end));
    }
    paths.emplace(each.name);
  }
  std::vector<Place> places;
  places.reserve(paths.size());
  for (const std::string& path : paths) {
    Place place{.path = path, .words = words_after(all, path)};
    auto entry = std::ranges::find(all, path, &Entry::name);
    if (entry != all.end()) {
      place.whole = true;
      for (std::string& option : options_of(*entry)) place.words.push_back(std::move(option));
    }
    if (path == "completion") place.words = {"bash", "zsh", "fish"};
    places.push_back(std::move(place));
  }
  std::ranges::stable_sort(places, std::ranges::greater{},
                           [](const Place& place) { return place.path.size(); });
  return places;
}

// Options whose next word is their value and not a command.
std::set<std::string> options_with_values(const std::vector<Entry>& all) {
  std::set<std::string> names{"--store", "--server"};
  for (const Entry& each : all) {
    for (const InputField& field : each.inputs) {
      if (!field.positional && field.kind != InputField::Kind::boolean) {
        names.insert(api::option_of(field));
      }
    }
  }
  return names;
}

std::string case_lines(const std::vector<Place>& places, std::string_view format) {
  std::string text;
  for (const Place& place : places) {
    const std::string pattern = place.path.empty() ? "*" : fmt::format("'{0}'|'{0} '*", place.path);
    text += fmt::format(fmt::runtime(format), pattern, fmt::join(place.words, " "), kGlobal,
                        place.whole ? 1 : 0);
  }
  return text;
}

// The two shells walk the words in the same way: `path` is the command so far.
constexpr std::string_view kBash =
    R"(# Completes reelforge in bash. Written by 'reelforge completion bash'.
_reelforge() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} path='' words='' files=0 skip=0 i w
  for ((i = 1; i < COMP_CWORD; i++)); do
    w=${{COMP_WORDS[i]}}
    if ((skip)); then skip=0; continue; fi
    case $w in
      {0}) skip=1 ;;
      -*) ;;
      *) path="${{path:+$path }}$w" ;;
    esac
  done
  if ((skip)); then COMPREPLY=($(compgen -f -- "$cur")); return; fi
  case $path in
{1}  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  if ((files)) && [[ $cur != -* ]]; then COMPREPLY+=($(compgen -f -- "$cur")); fi
}}
complete -o filenames -F _reelforge reelforge
)";

constexpr std::string_view kZsh = R"(#compdef reelforge
# Completes reelforge in zsh. Written by 'reelforge completion zsh'.
_reelforge() {{
  local path_so_far='' list='' files=0 skip=0 i w
  for ((i = 2; i < CURRENT; i++)); do
    w=$words[i]
    if ((skip)); then skip=0; continue; fi
    case $w in
      {0}) skip=1 ;;
      -*) ;;
      *) path_so_far="${{path_so_far:+$path_so_far }}$w" ;;
    esac
  done
  if ((skip)); then _files; return; fi
  case $path_so_far in
{1}  esac
  compadd -- ${{=list}}
  if ((files)) && [[ $PREFIX != -* ]]; then _files; fi
}}
if [[ $funcstack[1] == _reelforge ]]; then _reelforge "$@"; else compdef _reelforge reelforge; fi
)";

std::string quoted_for_fish(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

// The words of a path, all of which were typed, and none of what may follow.
std::string fish_condition(const std::vector<Entry>& all, std::string_view path) {
  if (path.empty()) return "__fish_use_subcommand";
  std::string text;
  while (!path.empty()) {
    const std::size_t space = path.find(' ');
    text += fmt::format("{}__fish_seen_subcommand_from {}", text.empty() ? "" : "; and ",
                        path.substr(0, space));
    path.remove_prefix(space == std::string_view::npos ? path.size() : space + 1);
  }
  static_cast<void>(all);
  return text;
}

std::string fish_words(const std::vector<Entry>& all, const Place& place) {
  std::string text;
  const std::vector<std::string> next = words_after(all, place.path);
  for (const std::string& word : next) {
    std::string condition = fish_condition(all, place.path);
    if (!place.path.empty()) {
      condition += fmt::format("; and not __fish_seen_subcommand_from {}", fmt::join(next, " "));
    }
    const std::string name = place.path.empty() ? word : fmt::format("{} {}", place.path, word);
    auto entry = std::ranges::find(all, name, &Entry::name);
    text += fmt::format("complete -c reelforge -f -n '{}' -a {} -d '{}'\n", condition, word,
                        entry == all.end() ? "" : quoted_for_fish(entry->help));
  }
  return text;
}

std::string fish_options(const std::vector<Entry>& all, const Entry& entry) {
  std::string text;
  for (const InputField& field : entry.inputs) {
    if (field.positional) continue;
    std::string name = api::option_of(field);
    const bool one_letter = name.size() == 2;
    name.erase(0, one_letter ? 1 : 2);
    text += fmt::format("complete -c reelforge -n '{}' {} {}{} -d '{}'\n",
                        fish_condition(all, entry.name), one_letter ? "-s" : "-l", name,
                        field.kind == InputField::Kind::boolean ? "" : " -r",
                        quoted_for_fish(field.help));
  }
  return text;
}

std::string fish(const std::vector<Entry>& all) {
  std::string text =
      "# Completes reelforge in fish. Written by 'reelforge completion fish'.\n"
      "complete -c reelforge -l json -d 'print one JSON object, for scripts'\n"
      "complete -c reelforge -l store -r -d 'the store\\'s file'\n"
      "complete -c reelforge -l server -r -d 'ask another machine'\n"
      "complete -c reelforge -s h -l help -d 'the help of a command'\n"
      "complete -c reelforge -f -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'\n";
  for (const Place& place : places_of(all)) text += fish_words(all, place);
  for (const Entry& entry : all) text += fish_options(all, entry);
  return text;
}

}  // namespace

bool is_shell(std::string_view shell) {
  return shell == "bash" || shell == "zsh" || shell == "fish";
}

std::string completion(const std::vector<Entry>& all, std::string_view shell) {
  RF_CHECK(is_shell(shell));
  if (shell == "fish") return fish(all);
  const std::string with_values = fmt::format("{}", fmt::join(options_with_values(all), "|"));
  const std::string_view variable = shell == "bash" ? "words" : "list";
  const std::string line = fmt::format("    {{}}) {}=\"{{}} {{}}\"; files={{}} ;;\n", variable);
  return fmt::format(fmt::runtime(shell == "bash" ? kBash : kZsh), with_values,
                     case_lines(places_of(all), line));
}

}  // namespace rf::cli
