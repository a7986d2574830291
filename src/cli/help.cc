#include "cli/help.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "api/command.h"
#include "cli/text.h"

namespace rf::cli {
namespace {

using api::InputField;

// First words of commands -> what they are for. A word that is not here goes under the last.
struct TopicRow {
  std::string_view title;
  std::string_view words;  // Between spaces.
};
constexpr auto kTopics = std::to_array<TopicRow>(
    {{"Begin here", " demo import turn report "},
     {"Look closer", " explain performance plan memory pattern patterns dna graph learn predict "},
     {"Decide and act",
      " propose approve reject execute undo decision proposal guard kill-all audit "
      "experiment rules rule backtest limits receipts drift verdicts "},
     {"Films, and the next ones", " video script render variations recipes plan-next "},
     {"Settings", " policy naming account accounts sync conversions events schedule tokens "},
     {"Check us on your own data", " evaluate sandbox world sim "},
     {"Doors for other programs", " mcp serve completion "},
     {"The program and its store", " backup restore schema doctor version man "}});

constexpr std::string_view kFirstSession =
    "A first session:\n"
    "  reelforge demo                 see the whole loop on made-up numbers\n"
    "  reelforge import EXPORT.csv    your own numbers, into a store on this machine\n"
    "  reelforge turn                 learn from them, and plan\n"
    "  reelforge report               the scoreboard: what wins, what loses, what is not known "
    "yet\n"
    "  reelforge explain 'Ad one'     every number behind one verdict\n"
    "  reelforge plan show            what should be done, and why\n"
    "Nothing is changed on a platform by any of these.\n";

constexpr std::string_view kEverywhere =
    "Everywhere:\n"
    "  --json          print one JSON object, for scripts\n"
    "  --store FILE    the store's file (default: the one 'doctor' names)\n"
    "  --server URL    ask another machine's 'reelforge serve'; REELFORGE_TOKEN holds the token\n"
    "  -h, --help      the help of a command: reelforge report --help\n";

// Rows of two columns, the second aligned.
std::string columns(const std::vector<std::pair<std::string, std::string>>& rows) {
  std::size_t width = 0;
  for (const auto& [left, right] : rows) width = std::max(width, width_of(left));
  std::string text;
  for (const auto& [left, right] : rows) {
    text += fmt::format("  {}{:{}}  {}\n", left, "", width - width_of(left), right);
  }
  return text;
}

std::string effect_line(const Entry& entry) {
  if (entry.operation == nullptr) return "";
  switch (entry.operation->effect) {
    case api::Effect::reads: return "Reads only.\n";
    case api::Effect::proposes:
      return "Writes to the local store; nothing changes on a platform.\n";
    case api::Effect::spends: return "Changes something on a platform.\n";
    case api::Effect::administers: return "Changes settings or the store.\n";
  }
  check_failed(__FILE__, __LINE__, "Effect in range");
}

std::string fields_text(const Entry& entry) {
  std::vector<std::pair<std::string, std::string>> arguments;
  std::vector<std::pair<std::string, std::string>> options;
  for (const InputField& field : entry.inputs) {
    std::string help(field.help);
    if (field.positional) {
      arguments.emplace_back(field.name, std::move(help));
      continue;
    }
    if (field.required) help += " (needed)";
    const std::string_view value = value_name(field);
    options.emplace_back(
        value.empty() ? api::option_of(field) : fmt::format("{} {}", api::option_of(field), value),
        std::move(help));
  }
  std::string text;
  if (!arguments.empty()) text += fmt::format("\nArguments:\n{}", columns(arguments));
  if (!options.empty()) text += fmt::format("\nOptions:\n{}", columns(options));
  return text;
}

std::string command_help(const Entry& entry) {
  return fmt::format("{}\n\nUsage: {}\n{}{}\nExample:\n  reelforge {}\n\n{}", entry.help,
                     usage_of(entry), effect_line(entry), fields_text(entry), entry.example,
                     kEverywhere);
}

std::string group_help(const std::vector<Entry>& all, std::string_view name) {
  std::vector<std::pair<std::string, std::string>> rows;
  for (const Entry* each : entries_below(all, name)) {
    rows.emplace_back(fmt::format("reelforge {}", each->name), each->help);
  }
  return fmt::format("Commands of '{0}':\n{1}\nMore on one of them: reelforge {0} COMMAND --help\n",
                     name, columns(rows));
}

std::string root_help(const std::vector<Entry>& all) {
  std::string text =
      "Watches video ads, learns which win and why, and plans what to do next.\n"
      "Usage: reelforge COMMAND [OPTIONS]\n\n";
  text += kFirstSession;
  for (const Topic& topic : topics_of(all)) {
    std::vector<std::pair<std::string, std::string>> rows;
    for (const Entry* each : topic.entries) rows.emplace_back(each->name, each->help);
    text += fmt::format("\n{}:\n{}", topic.title, columns(rows));
  }
  return fmt::format("{}\n{}", text, kEverywhere);
}

std::size_t topic_of(std::string_view name) {
  const std::string word = fmt::format(" {} ", name.substr(0, name.find(' ')));
  auto topic = std::ranges::find_if(
      kTopics, [&](const TopicRow& row) { return row.words.find(word) != std::string_view::npos; });
  const auto last = kTopics.end() - 1;
  return static_cast<std::size_t>((topic == kTopics.end() ? last : topic) - kTopics.begin());
}

}  // namespace

std::vector<Topic> topics_of(const std::vector<Entry>& all) {
  std::vector<Topic> topics;
  topics.reserve(kTopics.size());
  for (const TopicRow& row : kTopics) topics.push_back({std::string(row.title), {}});
  for (const Entry& each : all) topics[topic_of(each.name)].entries.push_back(&each);
  std::erase_if(topics, [](const Topic& topic) { return topic.entries.empty(); });
  return topics;
}

std::string usage_of(const Entry& entry) {
  std::string text = fmt::format("reelforge {}", entry.name);
  bool options = false;
  for (const InputField& field : entry.inputs) {
    if (!field.positional) {
      options = true;
      continue;
    }
    const bool many = field.kind == InputField::Kind::texts;
    const std::string name = fmt::format("{}{}", field.name, many ? "..." : "");
    text += fmt::format(field.required ? fmt::runtime(" {}") : fmt::runtime(" [{}]"), name);
  }
  return options ? text + " [OPTIONS]" : text;
}

std::string help_text(const std::vector<Entry>& all, std::string_view name) {
  if (name.empty()) return root_help(all);
  auto entry = std::ranges::find(all, name, &Entry::name);
  return entry == all.end() ? group_help(all, name) : command_help(*entry);
}

}  // namespace rf::cli
