// Everything that can stand after the program's name: operations, and the commands that are none.

#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "api/operation.h"
#include "base/json.h"
#include "base/result.h"

namespace rf::cli {

// A command that gives no output of its own: it stays open and serves others.
struct Door {
  std::string_view name;
  std::string_view help;
  std::string_view example;
  std::vector<api::InputField> inputs;
  // Runs until it is told to end, and returns the exit status of the error table.
  std::function<int(const Json& input, const std::string& store_path)> open;
};

// One command, whatever is behind it.
struct Entry {
  std::string_view name;  // Words with one space between: "plan show".
  std::string_view help;
  std::string_view example;
  std::vector<api::InputField> inputs;
  const api::Operation* operation = nullptr;
  const Door* door = nullptr;
  // Of commands that write about the commands: what they write.
  Result<std::string> (*write)(const std::vector<Entry>& all, const Json& input) = nullptr;
};

// The operations, the doors, and what the command line itself adds, in this order.
// REQUIRES: both outlive what is returned.
std::vector<Entry> entries_of(const std::vector<api::Operation>& operations,
                              const std::vector<Door>& doors);

// The entries whose names begin with the words of `prefix`: "plan" finds "plan show".
std::vector<const Entry*> entries_below(const std::vector<Entry>& all, std::string_view prefix);

// The words that may follow `prefix`, each once, in the order of the table.
std::vector<std::string> words_after(const std::vector<Entry>& all, std::string_view prefix);

// "NUMBER" or "TEXT"; "" of a switch.
std::string_view value_name(const api::InputField& field);

}  // namespace rf::cli
