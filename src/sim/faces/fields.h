// Which fields a call takes, of what type, and what was given: nothing unknown passes.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "sim/faces/arrived.h"

namespace rf::sim {

enum class FieldKind : std::uint8_t {
  text,
  id,       // Digits, as text; a whole number is taken too.
  whole,    // An integer, or its digits as text.
  number,   // Any number, or its text.
  boolean,  // true or false, or those words.
  list,     // A JSON array, or its text.
  object,   // A JSON object, or its text.
  names,    // "a,b" or a JSON array of texts; becomes an array.
  any,      // Taken and left alone.
};

struct FieldRule {
  std::string_view name;
  FieldKind kind = FieldKind::text;
  bool required = false;
  std::string_view one_of = {};  // Separated by spaces; empty for anything.
};

enum class Breach : std::uint8_t { unknown, wrong_type, wrong_value, missing };

// What is wrong with a request: the platform's face puts it into its own words.
struct FieldTrouble {
  Breach breach = Breach::unknown;
  std::string field;
  std::string message;  // What was found and what was expected.
};

// Either the fields by name, each of its rule's type, or the first trouble.
struct CheckedFields {
  JsonObject fields;
  bool fine = true;
  FieldTrouble trouble;

  std::string text(std::string_view name) const;  // Empty where there is none.
  std::int64_t whole(std::string_view name, std::int64_t otherwise) const;
  bool has(std::string_view name) const { return fields.contains(name); }
};

// Takes the fields of query, form and JSON body together; JSON nulls count as not given.
CheckedFields check_fields(const Arrived& arrived, std::span<const FieldRule> rules);

// The same for one object inside a request.
CheckedFields check_object(const JsonObject& object, std::span<const FieldRule> rules);

// Whether `word` is one of the words in `words`, which are separated by spaces.
bool is_among(std::string_view word, std::string_view words);

// Whether `text` is one to 20 digits.
bool is_digits(std::string_view text);

}  // namespace rf::sim
