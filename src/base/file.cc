#include "base/file.h"

#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "base/sha256.h"

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

Result<std::string> file_sha256(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    return fail(ErrorCode::not_found, fmt::format("{}: there is no such file", path));
  }
  std::ifstream in(path, std::ios::binary);
  Sha256 hash;
  std::string piece(std::size_t{1} << 18, '\0');  // Large enough for few calls.
  do {
    in.read(piece.data(), std::ssize(piece));
    hash.add(std::string_view(piece).substr(0, static_cast<std::size_t>(in.gcount())));
  } while (in);
  if (!in.eof()) return fail(ErrorCode::unavailable, fmt::format("{}: cannot be read", path));
  return hash.finish();
}

}  // namespace rf
