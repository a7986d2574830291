#include "base/json.h"

#include <algorithm>
#include <cstddef>
#include <sstream>

#include <fmt/format.h>
#include <toml++/toml.h>

namespace rf {
namespace {

constexpr std::size_t kDepthMax = 64;

std::string place_of(std::string_view text, std::size_t offset) {
  std::string_view before = text.substr(0, std::min(offset, text.size()));
  auto line = std::ranges::count(before, '\n') + 1;
  std::size_t start = before.rfind('\n');
  std::size_t column = before.size() - (start == std::string_view::npos ? 0 : start + 1) + 1;
  return fmt::format("line {}, column {}", line, column);
}

void write_pretty(std::string& out, const Json& value, std::size_t indent);

template <typename Container, typename WriteItem>
void write_block(std::string& out, const Container& items, std::size_t indent, char open,
                 char close, WriteItem write_item) {
  if (items.empty()) {
    out += {open, close};
    return;
  }
  out += open;
  const char* separator = "\n";
  for (const auto& item : items) {
    out += separator;
    out.append(indent + 2, ' ');
    write_item(item);
    separator = ",\n";
  }
  out += '\n';
  out.append(indent, ' ');
  out += close;
}

void write_pretty(std::string& out, const Json& value, std::size_t indent) {
  if (const JsonObject* object = value.if_object()) {
    write_block(out, *object, indent, '{', '}', [&](const JsonObject::value_type& member) {
      out += boost::json::serialize(member.key()) + ": ";
      write_pretty(out, member.value(), indent + 2);
    });
  } else if (const JsonArray* array = value.if_array()) {
    write_block(out, *array, indent, '[', ']',
                [&](const Json& item) { write_pretty(out, item, indent + 2); });
  } else {
    out += boost::json::serialize(value);
  }
}

Json json_of(const toml::node& node) {
  if (const toml::table* table = node.as_table()) {
    JsonObject object;
    for (const auto& [key, item] : *table) object[std::string_view(key.str())] = json_of(item);
    return object;
  }
  if (const toml::array* array = node.as_array()) {
    JsonArray list;
    for (const toml::node& item : *array) list.push_back(json_of(item));
    return list;
  }
  if (const auto* text = node.as_string()) return Json(text->get());
  if (const auto* integer = node.as_integer()) return Json(integer->get());
  if (const auto* real = node.as_floating_point()) return Json(real->get());
  if (const auto* truth = node.as_boolean()) return Json(truth->get());
  std::ostringstream out;
  node.visit([&](const auto& leaf) {
    if constexpr (toml::is_chronological<decltype(leaf)>) out << leaf.get();
  });
  return Json(out.str());
}

// Where a comment or a string that opens at `at` ends; `at` itself when none opens there.
std::size_t end_of_text(std::string_view text, std::size_t at) {
  if (text[at] == '#') return std::min(text.find('\n', at), text.size());
  if (text[at] != '"' && text[at] != '\'') return at;
  const std::string_view three = text.substr(at, 3);
  const bool block = three == "\"\"\"" || three == "\'\'\'";
  const std::string_view quote = text.substr(at, block ? 3 : 1);
  for (std::size_t i = at + quote.size(); i < text.size(); ++i) {
    if (text[i] == '\\' && quote[0] == '"') {
      ++i;
    } else if (text.substr(i, quote.size()) == quote || (!block && text[i] == '\n')) {
      return i + quote.size();
    }
  }
  return text.size();
}

// TOML has letters beyond ASCII in strings and comments only. toml++ 3.3 takes some of them
// elsewhere for a case that cannot be, which is undefined behaviour, so they do not reach it.
std::size_t find_stray_letter(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  std::size_t at = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  while (at < text.size()) {
    const std::size_t end = end_of_text(text, at);
    if (end == at && static_cast<unsigned char>(text[at]) >= 0x80) return at;
    at = end == at ? at + 1 : end;
  }
  return std::string_view::npos;
}

}  // namespace

Result<Json> parse_json(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = kDepthMax;
  boost::json::stream_parser parser({}, options);
  boost::system::error_code error;
  std::size_t read = parser.write_some(text.data(), text.size(), error);
  if (!error && read < text.size()) {
    std::size_t rest = text.find_first_not_of(" \t\r\n", read);
    if (rest != std::string_view::npos) {
      return fail(ErrorCode::invalid,
                  place_of(text, rest) + ": there is more text after the end of the JSON value");
    }
  }
  if (!error) parser.finish(error);
  if (error) {
    return fail(ErrorCode::invalid,
                fmt::format("{}: not JSON: {}", place_of(text, read), error.message()));
  }
  return parser.release();
}

std::string to_text(const Json& value) { return boost::json::serialize(value); }

std::string to_pretty_text(const Json& value) {
  std::string out;
  write_pretty(out, value, 0);
  return out += '\n';
}

Result<Json> parse_toml(std::string_view text) {
  const std::size_t stray = find_stray_letter(text);
  if (stray != std::string_view::npos) {
    return fail(ErrorCode::invalid, place_of(text, stray) +
                                        ": a letter beyond ASCII outside quotes; put names with "
                                        "such letters in double quotes");
  }
  try {
    return json_of(toml::parse(text));
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::invalid, fmt::format("line {}, column {}: {}", error.source().begin.line,
                                                error.source().begin.column, error.description()));
  }
}

}  // namespace rf
