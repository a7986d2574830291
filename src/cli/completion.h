// Scripts that complete commands and options in a shell, from the table of commands.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/entry.h"

namespace rf::cli {

// REQUIRES: one of these names.
bool is_shell(std::string_view shell);

// The script for "bash", "zsh" or "fish".
// REQUIRES: is_shell(shell).
std::string completion(const std::vector<Entry>& all, std::string_view shell);

}  // namespace rf::cli
