// The list of every call that changed something: one JSON line before it, one after.

#pragma once

#include <mutex>
#include <string>

#include "base/json.h"
#include "base/result.h"

namespace rf::server {

// Thread: any.
class AuditFile {
 public:
  explicit AuditFile(std::string path) : path_(std::move(path)) {}

  // Adds one line, for the owner's eyes only. Values of fields whose names are a secret's are
  // hidden.
  // Errors: unavailable.
  Status add(const JsonObject& line);

 private:
  std::string path_;
  std::mutex mutex_;
};

// The same value with "[hidden]" for what its field names call a secret.
Json without_secrets(const Json& value);

}  // namespace rf::server
