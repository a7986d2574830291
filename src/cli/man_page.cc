#include "cli/man_page.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include <fmt/format.h>

#include "api/command.h"
#include "base/result.h"
#include "cli/help.h"

namespace rf::cli {
namespace {

using api::InputField;

// One character of UTF-8 text beyond ASCII as roff names it, "\\[u2026]", and how many bytes it
// has.
// REQUIRES: whole characters; help texts are our own.
std::pair<std::string, std::size_t> named_character(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  RF_CHECK(text.size() >= size);
  unsigned code = first & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    code = code << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  return {fmt::format("\\[u{:04X}]", code), size};
}

// Text in which nothing is taken for a request or an escape.
std::string roff(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const char c = text.front();
    std::size_t taken = 1;
    if (static_cast<unsigned char>(c) >= 0x80) {
      auto [name, size] = named_character(text);
      out += name;
      taken = size;
    } else if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '\'') {
      out += "\\(aq";
    } else if (c == '.' && (out.empty() || out.back() == '\n')) {
      out += "\\&.";
    } else {
      out += c;
    }
    text.remove_prefix(taken);
  }
  return out;
}

std::string item(std::string_view term, std::string_view text) {
  return fmt::format(".TP\n\\fB{}\\fR\n{}\n", roff(term), roff(text));
}

std::string fields_of(const Entry& entry) {
  std::string text;
  for (const InputField& field : entry.inputs) {
    const std::string_view value = value_name(field);
    const std::string term = field.positional ? std::string(field.name)
                             : value.empty()  ? api::option_of(field)
                                              : fmt::format("{} {}", api::option_of(field), value);
    text += item(term, field.help);
  }
  return text;
}

std::string head(std::string_view title) {
  std::string upper(title);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return fmt::format(".TH {} 1 \"\" \"ReelForge\" \"User Commands\"\n.SH NAME\n", roff(upper));
}

std::string exit_statuses() {
  std::string text = ".SH EXIT STATUS\n.TP\n\\fB0\\fR\nall went well\n";
  for (int i = 0; i <= static_cast<int>(ErrorCode::over_limit); ++i) {
    const ErrorCodeRow& row = row_of(static_cast<ErrorCode>(i));
    text += item(std::to_string(row.exit_status), row.name);
  }
  return text;
}

std::string one_page(const Entry& entry) {
  std::string dashed = fmt::format("reelforge-{}", entry.name);
  std::ranges::replace(dashed, ' ', '-');
  std::string text = head(dashed);
  text += fmt::format("{} \\- {}\n.SH SYNOPSIS\n\\fB{}\\fR\n", roff(dashed), roff(entry.help),
                      roff(usage_of(entry)));
  const std::string fields = fields_of(entry);
  if (!fields.empty()) text += fmt::format(".SH OPTIONS\n{}", fields);
  text += fmt::format(".SH EXAMPLES\n.nf\nreelforge {}\n.fi\n", roff(entry.example));
  return text + exit_statuses() + ".SH SEE ALSO\n.BR reelforge (1)\n";
}

std::string whole_page(const std::vector<Entry>& all) {
  std::string text = head("reelforge");
  text +=
      "reelforge \\- watches video ads, learns which win and why, and plans what to do next\n"
      ".SH SYNOPSIS\n\\fBreelforge\\fR \\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n"
      ".SH DESCRIPTION\nReads what advertising platforms exported, remembers every version of "
      "every number, and says which ads win, with intervals; what cannot be known yet it says too. "
      "Nothing is changed on a platform without a person.\n"
      ".SH GLOBAL OPTIONS\n";
  text += item("--json", "print one JSON object, for scripts");
  text += item("--store FILE", "the store's file; 'reelforge doctor' names the one in use");
  text += item("--server URL",
               "ask another machine's 'reelforge serve'; REELFORGE_TOKEN holds the token");
  text += item("-h, --help", "the help of a command");
  for (const Topic& topic : topics_of(all)) {
    std::string title = topic.title;
    for (char& c : title) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    text += fmt::format(".SH {}\n", roff(title));
    for (const Entry* entry : topic.entries) {
      text += fmt::format(".SS {}\n{}.\n", roff(usage_of(*entry)), roff(entry->help));
      text += fields_of(*entry);
      text += fmt::format(".PP\nExample: \\fBreelforge {}\\fR\n", roff(entry->example));
    }
  }
  return text + exit_statuses();
}

}  // namespace

std::string man_page(const std::vector<Entry>& all, std::string_view name) {
  if (name.empty()) return whole_page(all);
  auto entry = std::ranges::find(all, name, &Entry::name);
  RF_CHECK(entry != all.end());
  return one_page(*entry);
}

}  // namespace rf::cli
