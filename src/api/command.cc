#include "api/command.h"

#include <algorithm>

#include <fmt/format.h>

namespace rf::api {
namespace {

std::string word_of(const Json& value) {
  const auto* text = value.if_string();
  return text == nullptr ? to_text(value) : std::string(*text);
}

void add_option(std::vector<std::string>& words, const InputField& field, const Json& value) {
  const std::string option = option_of(field);
  if (field.kind == InputField::Kind::boolean) {
    if (value.is_bool() && value.get_bool()) words.push_back(option);
    return;
  }
  words.push_back(option);
  if (const JsonArray* values = value.if_array()) {
    for (const Json& each : *values) words.push_back(word_of(each));
    return;
  }
  words.push_back(word_of(value));
}

void add_positional(std::vector<std::string>& words, const Json& value) {
  if (const JsonArray* values = value.if_array()) {
    for (const Json& each : *values) words.push_back(word_of(each));
    return;
  }
  words.push_back(word_of(value));
}

// Source: POSIX.1-2017, shell command language, 2.2.2 single quotes.
std::string quoted(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,@%+";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string text = "'";
  for (char c : word) {
    if (c == '\'') {
      text += "'\\''";
    } else {
      text += c;
    }
  }
  return text += '\'';
}

}  // namespace

std::string option_of(const InputField& field) {
  std::string name(field.name);
  std::ranges::replace(name, '_', '-');
  return fmt::format("{}{}", name.size() == 1 ? "-" : "--", name);
}

std::vector<std::string> command_words(const Operation& operation, const JsonObject& input) {
  std::vector<std::string> words;
  std::string_view name = operation.name;
  for (std::size_t space = name.find(' '); space != std::string_view::npos;
       space = name.find(' ')) {
    words.emplace_back(name.substr(0, space));
    name.remove_prefix(space + 1);
  }
  words.emplace_back(name);
  // First what stands by its place: an option that takes several values would swallow it.
  for (const InputField& field : operation.inputs) {
    const Json* value = input.if_contains(field.name);
    if (value != nullptr && !value->is_null() && field.positional) add_positional(words, *value);
  }
  for (const InputField& field : operation.inputs) {
    const Json* value = input.if_contains(field.name);
    if (value != nullptr && !value->is_null() && !field.positional) {
      add_option(words, field, *value);
    }
  }
  return words;
}

std::string command_text(const Operation& operation, const JsonObject& input) {
  std::string text = "reelforge";
  for (const std::string& word : command_words(operation, input))
    text += fmt::format(" {}", quoted(word));
  return text;
}

}  // namespace rf::api
