#include "server/upload.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>

#include <fmt/format.h>

#include "base/sha256.h"
#include "net/query.h"
#include "net/secret.h"
#include "server/routes.h"

namespace rf::server {
namespace {

// What a browser may say of its file: nothing that names another one.
constexpr auto kMayBeSaid =
    std::to_array<std::string_view>({"account", "as_of", "conversion", "currency", "date_order",
                                     "decimal", "dry_run", "time_zone"});

constexpr std::size_t kNameMax = 120;

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-' || c == ' ';
}

Result<std::string> file_name(std::string_view given) {
  std::string name(given.substr(given.find_last_of("/\\") + 1));
  std::ranges::replace_if(
      name, [](char c) { return !is_plain(c); }, '_');
  const bool hidden = name.empty() || name.front() == '.';
  if (hidden || name.size() > kNameMax) {
    return fail(ErrorCode::invalid,
                fmt::format("input.name: expected a file's name of at most {} letters", kNameMax));
  }
  return name;
}

Status write_whole(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (out) return {};
  return fail(ErrorCode::unavailable, "the file could not be kept beside the store");
}

}  // namespace

Upload::~Upload() {
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

Result<Upload> Upload::receive(const net::Request& request, const api::Operation& import,
                               const std::string& store_path) {
  Json given = RF_TRY(input_of_query(import, net::split_target(request.target).second));
  JsonObject input = given.as_object();
  const Json* said = input.if_contains("name");
  const bool named = said != nullptr && said->is_string();
  const std::string name = RF_TRY(file_name(named ? std::string_view(said->get_string()) : ""));
  input.erase("name");
  for (const auto& field : input) {
    if (std::ranges::find(kMayBeSaid, std::string_view(field.key())) == kMayBeSaid.end()) {
      return fail(ErrorCode::invalid,
                  fmt::format("input.{}: is not said of a file that is sent", field.key()));
    }
  }
  Upload made(store_path + ".uploads/" + sha256_hex(net::new_secret()).substr(0, 16));
  std::error_code error;
  std::filesystem::create_directories(made.folder_, error);
  if (error) return fail(ErrorCode::unavailable, "there is no place for the file beside the store");
  std::filesystem::permissions(made.folder_, std::filesystem::perms::owner_all, error);
  RF_TRY(write_whole(made.folder_ / name, request.body));
  input["files"] = JsonArray{Json((made.folder_ / name).string())};
  made.input_ = std::move(input);
  return made;
}

std::string Upload::renamed(std::string text) const {
  const std::string before = folder_.string() + "/";
  for (std::size_t at = text.find(before); at != std::string::npos; at = text.find(before, at)) {
    text.erase(at, before.size());
  }
  return text;
}

}  // namespace rf::server
