// One file on its way in: its fingerprint, its layout and its survey.

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/progress.h"
#include "base/result.h"
#include "store/import/import.h"
#include "store/import/layout.h"
#include "store/import/mapping.h"
#include "store/import/survey.h"

namespace rf::imports {

// What a file was when it was first looked at.
struct Fingerprint {
  std::string sha256;
  std::uintmax_t size = 0;
  std::filesystem::file_time_type modified;
};

struct SourceFile {
  std::string path;
  Fingerprint print;
  Layout layout;
  Survey survey;
};

// Errors: as open_bytes(); conflict, when cancelled.
Result<Fingerprint> fingerprint(const std::string& path, Progress& progress);

// Errors: conflict, when the file is no longer what it was.
Status check_unchanged(const SourceFile& file);

// The mapping that the options name, if any.
// Errors: invalid; not_found; unavailable.
struct MappingText {
  std::optional<Mapping> mapping;
  std::string sha256;
};
Result<MappingText> read_mapping(const std::string& path);

// Finds the layout and surveys the rows.
Result<SourceFile> prepare(const std::string& path, Fingerprint print,
                           const std::optional<Mapping>& mapping, const ImportOptions& options,
                           Progress& progress);

// A fresh reader that stands before the first row.
Result<std::unique_ptr<TableReader>> reopen(const SourceFile& file);

}  // namespace rf::imports
