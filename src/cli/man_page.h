// Manual pages, from the table of commands.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/entry.h"

namespace rf::cli {

// The page reelforge(1), or that of the one command `name`, in the man macros of roff.
// REQUIRES: `name` is empty or the name of an entry.
// Source: man(7), groff 1.22.
std::string man_page(const std::vector<Entry>& all, std::string_view name);

}  // namespace rf::cli
