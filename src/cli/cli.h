// The command line: the operations table as commands, with text for people and JSON for scripts.

#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "api/operation.h"
#include "base/progress.h"
#include "base/time.h"
#include "cli/text.h"

namespace rf::cli {

// What surrounds a call.
struct Surroundings {
  std::vector<std::string> arguments;  // Without the program's name.
  std::string store_path;              // Where the store is unless --store says otherwise.
  api::Services::OpenStore open_store;
  std::string decoder;  // The program that decodes films.
  const Clock& clock;
  Progress& progress;
  Style style;  // Of the output stream.
  std::FILE* out = stdout;
  std::FILE* err = stderr;
  api::Services::OpenPlatform open_platform = nullptr;
};

// Runs one command and returns the exit status of the error table, 0 when it went well.
int run(const Surroundings& around);

}  // namespace rf::cli
