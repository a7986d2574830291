#include "base/file.h"

#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

namespace rf {

Result<std::string> read_file(const std::string& path, std::int64_t bytes_max) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    return fail(ErrorCode::not_found, fmt::format("{}: there is no such file", path));
  }
  std::ifstream in(path, std::ios::binary);
  std::string text(static_cast<std::size_t>(bytes_max) + 1, '\0');
  in.read(text.data(), std::ssize(text));
  if (in.bad() || (!in.eof() && in.gcount() == 0)) {
    return fail(ErrorCode::unavailable, fmt::format("{}: cannot be read", path));
  }
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (std::ssize(text) > bytes_max) {
    return fail(
        ErrorCode::over_limit,
        fmt::format("{}: is larger than {} bytes, which is not a settings file", path, bytes_max));
  }
  return text;
}

}  // namespace rf
