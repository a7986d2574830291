// Every refused row in a file of its own: line, column, value, reason.

#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "base/result.h"
#include "store/import/row_converter.h"

namespace rf::imports {

class Rejects {
 public:
  // Nothing appears at `path` before the first refusal; "" for no file at all.
  explicit Rejects(std::string path) : path_(std::move(path)) {}

  // Errors: unavailable, when the file cannot be written.
  Status add(const Refusal& refusal);
  Status close();

  // "" when nothing was refused.
  std::string path() const { return opened_ ? path_ : ""; }

 private:
  struct Close {
    void operator()(std::FILE* file) const {
      // NOLINTNEXTLINE(cppcoreguidelines-owning-memory)
      static_cast<void>(std::fclose(file));
    }
  };
  Error cannot_write() const;

  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
  bool opened_ = false;
};

}  // namespace rf::imports
