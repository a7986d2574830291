// Help, from the table of commands: what there is, by what it is for, and how to begin.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/entry.h"

namespace rf::cli {

// The help of the command `name`, of the commands that begin with `name`, or of all for "".
std::string help_text(const std::vector<Entry>& all, std::string_view name);

// "reelforge import FILES... [OPTIONS]".
std::string usage_of(const Entry& entry);

// One group of commands that serve the same end.
struct Topic {
  std::string title;
  std::vector<const Entry*> entries;
};

// Every entry in exactly one topic, in the order in which somebody new would read them.
std::vector<Topic> topics_of(const std::vector<Entry>& all);

}  // namespace rf::cli
