#include "server/films.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/file.h"
#include "net/query.h"
#include "server/problem.h"

namespace rf::server {
namespace {

// Chosen: some seconds of a film; the browser asks for more as it plays.
constexpr std::int64_t kPartMax = 2 << 20;

// Chosen: more than an account's films; a folder of anything else is not read through.
constexpr std::size_t kFilesMax = 20'000;

constexpr auto kTypes =
    std::to_array<std::pair<std::string_view, std::string_view>>({{".mp4", "video/mp4"},
                                                                  {".m4v", "video/mp4"},
                                                                  {".mov", "video/quicktime"},
                                                                  {".webm", "video/webm"},
                                                                  {".mkv", "video/x-matroska"}});

std::string_view type_of(const std::filesystem::path& path) {
  const auto found =
      std::ranges::find(kTypes, path.extension().string(), &decltype(kTypes)::value_type::first);
  return found == kTypes.end() ? "" : found->second;
}

struct Part {
  std::int64_t from = 0;
  std::int64_t to = 0;  // The byte after the last.
};

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number = 0;
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && stopped == text.data() + text.size() && number >= 0;
  return whole ? std::optional(number) : std::nullopt;
}

// "bytes=0-99", "bytes=100-" and "bytes=-100"; none for anything else, which is then ignored.
// Source: RFC 9110, 14.2.
std::optional<Part> asked_part(std::string_view range, std::int64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  if (!range.starts_with(kUnit)) return std::nullopt;
  range.remove_prefix(kUnit.size());
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const std::optional<std::int64_t> first = number_in(range.substr(0, dash));
  const std::optional<std::int64_t> last = number_in(range.substr(dash + 1));
  if (!first && !last) return std::nullopt;
  if (!first) return Part{.from = std::max<std::int64_t>(0, size - *last), .to = size};
  return Part{.from = *first, .to = last ? std::min(*last, size - 1) + 1 : size};
}

std::string read_part(const std::string& path, Part part) {
  std::string bytes(static_cast<std::size_t>(part.to - part.from), '\0');
  std::ifstream in(path, std::ios::binary);
  in.seekg(part.from);
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, in.gcount())));
  return bytes;
}

}  // namespace

// The fingerprint of a plain film's bytes; empty for anything else.
std::string Films::fingerprint(const std::filesystem::directory_entry& entry) {
  std::error_code error;
  const bool plain = entry.is_regular_file(error) && !entry.is_symlink(error);
  if (!plain || type_of(entry.path()).empty()) return "";
  const auto size = static_cast<std::int64_t>(entry.file_size(error));
  const std::int64_t time = entry.last_write_time(error).time_since_epoch().count();
  Known& known = known_[entry.path().string()];
  if (known.sha256.empty() || known.size != size || known.time != time) {
    const Result<std::string> read = file_sha256(entry.path());
    known = {.size = size, .time = time, .sha256 = read ? *read : ""};
  }
  return known.sha256;
}

std::string Films::path_of(std::string_view sha256) {
  if (folder_.empty() || sha256.size() != 64) return "";
  const std::lock_guard lock(mutex_);
  std::error_code error;
  std::filesystem::directory_iterator at(folder_, error);
  for (std::size_t seen = 0; !error && at != std::filesystem::directory_iterator(); ++seen) {
    if (seen == kFilesMax) break;
    if (fingerprint(*at) == sha256) return at->path();
    at.increment(error);
  }
  return "";
}

net::Response Films::answer(const net::Request& request) {
  const std::string_view path = net::split_target(request.target).first;
  const std::string file = path_of(path.substr(kFilmsRoot.size()));
  if (file.empty()) {
    return problem(
        fail(ErrorCode::not_found, "the film is not in the folder that 'serve --videos' named"));
  }
  std::error_code error;
  const auto size = static_cast<std::int64_t>(std::filesystem::file_size(file, error));
  if (error || size == 0) return problem(fail(ErrorCode::not_found, "the film has gone"));
  const std::string_view range = request.headers.find("Range").value_or("bytes=0-");
  Part part = asked_part(range, size).value_or(Part{.from = 0, .to = size});
  if (part.from >= size || part.to <= part.from) {
    net::Response response = problem(fail(ErrorCode::invalid, "the film has no such bytes"), 416);
    response.headers.add("Content-Range", fmt::format("bytes */{}", size));
    return response;
  }
  part.to = std::min(part.to, part.from + kPartMax);
  net::Response response{
      .status = 206,
      .headers = {{"Content-Type", std::string(type_of(file))},
                  {"Accept-Ranges", "bytes"},
                  {"Cache-Control", "private, max-age=3600"},
                  {"Cross-Origin-Resource-Policy", "same-origin"},
                  {"Content-Range", fmt::format("bytes {}-{}/{}", part.from, part.to - 1, size)}},
      .body = read_part(file, part)};
  return response;
}

}  // namespace rf::server
