#include "base/json.h"

// What toml++ asserts of table headers is not so for hostile text; the code behind the assertion
// then refuses it with a proper error, in every build.
#define TOML_ASSERT(condition) static_assert(true)

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <sstream>

#include <boost/json/basic_parser_impl.hpp>
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

// Builds a value from what the parser meets. Boost.JSON 1.81 reads floats to within an ulp only;
// here the text itself is converted, so that a number reads back as the one that was written, and
// the hash of a stored plan stays its hash.
class ValueBuilder {
 public:
  static constexpr std::size_t max_object_size = boost::json::object::max_size();
  static constexpr std::size_t max_array_size = boost::json::array::max_size();
  static constexpr std::size_t max_key_size = boost::json::string::max_size();
  static constexpr std::size_t max_string_size = boost::json::string::max_size();

  ValueBuilder() { stack_.reset(); }
  Json release() { return stack_.release(); }

  using Code = boost::system::error_code;
  using Text = boost::json::string_view;
  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) { return true; }
  bool on_object_end(std::size_t size, Code&) { return stack_.push_object(size), true; }
  bool on_array_begin(Code&) { return true; }
  bool on_array_end(std::size_t size, Code&) { return stack_.push_array(size), true; }
  bool on_key_part(Text text, std::size_t, Code&) { return stack_.push_chars(text), true; }
  bool on_key(Text text, std::size_t, Code&) { return stack_.push_key(text), true; }
  bool on_string_part(Text text, std::size_t, Code&) { return stack_.push_chars(text), true; }
  bool on_string(Text text, std::size_t, Code&) { return stack_.push_string(text), true; }
  bool on_number_part(Text text, Code&) { return number_.append(text.data(), text.size()), true; }
  bool on_int64(std::int64_t value, Text, Code&) { return take(value); }
  bool on_uint64(std::uint64_t value, Text, Code&) { return take(value); }
  bool on_double(double value, Text text, Code&) {
    number_.append(text.data(), text.size());
    std::from_chars(number_.data(), number_.data() + number_.size(), value);
    return take(value);
  }
  bool on_bool(bool value, Code&) { return stack_.push_bool(value), true; }
  bool on_null(Code&) { return stack_.push_null(), true; }
  bool on_comment_part(Text, Code&) { return true; }
  bool on_comment(Text, Code&) { return true; }

 private:
  bool take(std::int64_t value) { return stack_.push_int64(value), number_.clear(), true; }
  bool take(std::uint64_t value) { return stack_.push_uint64(value), number_.clear(), true; }
  bool take(double value) { return stack_.push_double(value), number_.clear(), true; }

  boost::json::value_stack stack_;
  std::string number_;  // The text of the number that is being read.
};

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

std::string unmarked(std::string_view text);

Json json_of(const toml::node& node) {
  if (const toml::table* table = node.as_table()) {
    JsonObject object;
    for (const auto& [key, item] : *table) object[unmarked(key.str())] = json_of(item);
    return object;
  }
  if (const toml::array* array = node.as_array()) {
    JsonArray list;
    for (const toml::node& item : *array) list.push_back(json_of(item));
    return list;
  }
  if (const auto* text = node.as_string()) return Json(std::string_view(unmarked(text->get())));
  if (const auto* integer = node.as_integer()) return Json(integer->get());
  if (const auto* real = node.as_floating_point()) return Json(real->get());
  if (const auto* truth = node.as_boolean()) return Json(truth->get());
  std::ostringstream out;
  node.visit([&](const auto& leaf) {
    if constexpr (toml::is_chronological<decltype(leaf)>) out << leaf.get();
  });
  return Json(out.str());
}

// toml++ 3.3 takes some letters beyond ASCII for a case that cannot be, which is undefined
// behaviour, so it never sees one: each such byte goes in as this mark and two hexadecimal digits,
// and comes back out of every key and string.
constexpr std::string_view kByteMark = "_rfx";

std::string marked(std::string_view text) {
  std::string out;
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += fmt::format("{}{:02x}", kByteMark, byte);
    }
  }
  return out;
}

std::string unmarked(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    if (text.size() < kByteMark.size() + 2 || !text.starts_with(kByteMark)) {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    unsigned byte = '?';
    const char* digits = text.data() + kByteMark.size();
    std::from_chars(digits, digits + 2, byte, 16);
    out += static_cast<char>(byte);
    text.remove_prefix(kByteMark.size() + 2);
  }
  return out;
}

}  // namespace

Result<Json> parse_json(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = kDepthMax;
  boost::json::basic_parser<ValueBuilder> parser(options);
  boost::system::error_code error;
  std::size_t read = parser.write_some(false, text.data(), text.size(), error);
  if (error) {
    return fail(ErrorCode::invalid,
                fmt::format("{}: not JSON: {}", place_of(text, read), error.message()));
  }
  std::size_t rest = text.find_first_not_of(" \t\r\n", read);
  if (rest != std::string_view::npos) {
    return fail(ErrorCode::invalid,
                place_of(text, rest) + ": there is more text after the end of the JSON value");
  }
  return parser.handler().release();
}

std::string to_text(const Json& value) { return boost::json::serialize(value); }

std::string to_pretty_text(const Json& value) {
  std::string out;
  write_pretty(out, value, 0);
  return out += '\n';
}

Result<Json> parse_toml(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::size_t mark = text.find(kByteMark);
  if (mark != std::string_view::npos) {
    return fail(ErrorCode::invalid,
                fmt::format("{}: '{}' cannot stand in TOML here", place_of(text, mark), kByteMark));
  }
  try {
    return json_of(toml::parse(marked(text)));
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::invalid,
                fmt::format("line {}, column {}: {}", error.source().begin.line,
                            error.source().begin.column, unmarked(error.description())));
  }
}

}  // namespace rf
