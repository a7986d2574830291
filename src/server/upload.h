// An export that a browser sends instead of naming a file of the server's machine.

#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "api/operation.h"
#include "base/json.h"
#include "base/result.h"
#include "net/http.h"

namespace rf::server {

inline constexpr std::string_view kUploadPath = "/api/v1/import/upload";

// What was sent, as a file of its own beside the store, for as long as this lives.
class Upload {
 public:
  // Takes the name from the query's `name`: only its last part, and only letters, digits and "._- "
  // of that; the rest of the query is the import's own input, but for whatever names a file.
  // Errors: invalid; unavailable.
  static Result<Upload> receive(const net::Request& request, const api::Operation& import,
                                const std::string& store_path);

  Upload(Upload&& other) noexcept = default;
  Upload& operator=(Upload&&) = delete;
  ~Upload();

  const Json& input() const { return input_; }

  // The text with the file called as its sender called it.
  std::string renamed(std::string text) const;

 private:
  explicit Upload(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::filesystem::path folder_;  // Of this upload alone.
  Json input_;
};

}  // namespace rf::server
