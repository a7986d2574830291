#include "api/evaluate/vectors.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>

#include <fmt/format.h>

namespace rf::api {
namespace {

constexpr std::uintmax_t kBytesMax = std::uintmax_t{16} << 30;
constexpr std::size_t kDimsMax = 65'536;

template <typename Number>
Number read_little_endian(std::string_view bytes, std::size_t at) {
  Number number{};
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

Status check_finite(const std::string& name, const VectorFile& file) {
  auto bad = std::ranges::find_if(file.values, [](float value) { return !std::isfinite(value); });
  if (bad == file.values.end()) return {};
  const auto at = static_cast<std::size_t>(bad - file.values.begin());
  return fail(ErrorCode::corrupt, fmt::format("{}: vector {}: found a number that is not finite",
                                              name, at / file.dims + 1));
}

Result<VectorFile> parse_fvecs(const std::string& name, std::string_view bytes) {
  VectorFile file;
  file.values.reserve(bytes.size() / sizeof(float));
  for (std::size_t at = 0; at < bytes.size();) {
    if (bytes.size() - at < 4) return fail(ErrorCode::corrupt, name + ": ends inside a vector");
    const auto dims = read_little_endian<std::uint32_t>(bytes, at);
    if (dims == 0 || dims > kDimsMax || (file.dims != 0 && dims != file.dims)) {
      return fail(
          ErrorCode::corrupt,
          fmt::format("{}: byte {}: found {} dimensions, expected {}", name, at, dims,
                      file.dims == 0 ? std::string("1 to 65536") : std::to_string(file.dims)));
    }
    file.dims = dims;
    at += 4;
    const std::size_t size = file.dims * sizeof(float);
    if (bytes.size() - at < size) return fail(ErrorCode::corrupt, name + ": ends inside a vector");
    const std::size_t filled = file.values.size();
    file.values.resize(filled + file.dims);
    std::memcpy(file.values.data() + filled, bytes.data() + at, size);
    at += size;
  }
  return file;
}

Result<VectorFile> parse_npy(const std::string& name, std::string_view bytes) {
  auto broken = [&name](std::string_view what) {
    return fail(ErrorCode::corrupt, fmt::format("{}: {}", name, what));
  };
  if (bytes.size() < 12) return broken("ends inside the header");
  const bool first_version = bytes[6] == 1;
  const std::size_t start = first_version ? 10 : 12;
  const std::size_t length = first_version ? read_little_endian<std::uint16_t>(bytes, 8)
                                           : read_little_endian<std::uint32_t>(bytes, 8);
  if (bytes.size() - start < length) return broken("ends inside the header");
  const std::string_view header = bytes.substr(start, length);
  if (header.find("'<f4'") == std::string_view::npos ||
      header.find("'fortran_order': False") == std::string_view::npos) {
    return broken("expected 32-bit little-endian floats, row by row");
  }
  const std::size_t shape = header.find("'shape': (");
  if (shape == std::string_view::npos) return broken("the header has no shape");
  std::uint64_t rows = 0;
  std::uint64_t dims = 0;
  const char* end = header.data() + header.size();
  auto first = std::from_chars(header.data() + shape + 10, end, rows);
  if (first.ec != std::errc() || end - first.ptr < 2) return broken("the shape has no rows");
  auto second = std::from_chars(first.ptr + 2, end, dims);
  if (second.ec != std::errc() || dims == 0 || dims > kDimsMax) {
    return broken("expected two dimensions, the second from 1 to 65536");
  }
  if (rows == 0) return broken("holds no vector");
  const std::string_view body = bytes.substr(start + length);
  if (rows > body.size() || body.size() != rows * dims * sizeof(float)) {
    return broken(fmt::format("holds {} bytes, expected {} x {} floats", body.size(), rows, dims));
  }
  VectorFile file{.dims = static_cast<std::size_t>(dims)};
  file.values.resize(body.size() / sizeof(float));
  std::memcpy(file.values.data(), body.data(), body.size());
  return file;
}

bool is_gap(char c) { return c == ',' || c == '\t' || c == ' ' || c == ';' || c == '\r'; }

// Appends the line's numbers; false where something else stands.
bool read_line(std::string_view line, std::vector<float>& values) {
  const char* at = line.data();
  const char* end = at + line.size();
  while (true) {
    while (at != end && is_gap(*at)) ++at;
    if (at == end) return true;
    float value = 0;
    auto [stop, error] = std::from_chars(at, end, value);
    if (error != std::errc() || (stop != end && !is_gap(*stop))) return false;
    values.push_back(value);
    at = stop;
  }
}

Result<VectorFile> parse_text(const std::string& name, std::string_view text) {
  VectorFile file;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t before = file.values.size();
    const bool numbers = read_line(line, file.values);
    const std::size_t found = file.values.size() - before;
    if (numbers && found == 0) continue;
    if (!numbers && file.dims == 0 && found == 0 && number == 1) continue;
    if (!numbers) {
      return fail(ErrorCode::corrupt,
                  fmt::format("{}:{}: value {}: expected a number", name, number, found + 1));
    }
    if (file.dims == 0) file.dims = found;
    if (found != file.dims || found > kDimsMax) {
      return fail(ErrorCode::corrupt, fmt::format("{}:{}: found {} numbers, expected {}", name,
                                                  number, found, std::min(file.dims, kDimsMax)));
    }
  }
  return file;
}

}  // namespace

Result<VectorFile> parse_vectors(const std::string& name, std::string_view bytes) {
  if (bytes.empty()) return fail(ErrorCode::corrupt, name + ": holds no vector");
  const std::string_view start = bytes.substr(0, 512);
  const bool text = std::ranges::none_of(start, [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t';
  });
  Result<VectorFile> file = bytes.starts_with("\x93NUMPY") ? parse_npy(name, bytes)
                            : text                         ? parse_text(name, bytes)
                                                           : parse_fvecs(name, bytes);
  if (!file) return file;
  if (file->dims == 0) return fail(ErrorCode::corrupt, name + ": holds no vector");
  RF_TRY(check_finite(name, *file));
  return file;
}

Result<VectorFile> read_vectors(const std::string& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) return fail(ErrorCode::not_found, path + ": there is no such file");
  if (size > kBytesMax) return fail(ErrorCode::over_limit, path + ": is larger than 16 GB");
  std::string bytes(static_cast<std::size_t>(size), '\0');
  std::ifstream in(path, std::ios::binary);
  if (!in.read(bytes.data(), std::ssize(bytes))) {
    return fail(ErrorCode::unavailable, path + ": cannot be read");
  }
  return parse_vectors(path, bytes);
}

}  // namespace rf::api
