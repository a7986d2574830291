#include "server/dashboard.h"

#include <algorithm>

#include "net/query.h"

namespace rf::server {
namespace {

// Only files of this server run, and no text of a page is ever taken for a script or a style.
// 'blob:' is what a chart is exported through.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";

constexpr std::string_view kNotBuiltIn =
    "<!doctype html><html lang=en><meta charset=utf-8><title>ReelForge</title>"
    "<h1>The dashboard is not part of this build</h1>"
    "<p>It is built with npm, which was not there. Everything else works: "
    "the command line, and the operations below /api/v1/.</p>"
    "<p>To build it in: <code>apt-get install npm</code>, then <code>./x web</code> and "
    "<code>./x build</code>.</p></html>\n";

const WebFile* file_at(std::span<const WebFile> files, std::string_view path) {
  const auto found = std::ranges::find(files, path, &WebFile::path);
  return found == files.end() ? nullptr : &*found;
}

bool is_page(std::string_view path) {
  return path.substr(path.rfind('/') + 1).find('.') == std::string_view::npos;
}

void guard_page(net::Headers& headers) {
  headers.add("Content-Security-Policy", std::string(kPolicy));
  headers.add("Referrer-Policy", "no-referrer");
  headers.add("Cross-Origin-Opener-Policy", "same-origin");
  headers.add("Cross-Origin-Resource-Policy", "same-origin");
  headers.add("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()");
}

net::Response shown(const WebFile& file, const net::Request& request) {
  net::Response response;
  response.headers = {{"Content-Type", std::string(file.type)},
                      {"ETag", std::string(file.etag)},
                      {"Vary", "Accept-Encoding"}};
  // The names of these hold a hash of what is in them.
  const bool named_by_content = file.path.starts_with("/assets/");
  response.headers.add("Cache-Control",
                       named_by_content ? "public, max-age=31536000, immutable" : "no-cache");
  guard_page(response.headers);
  if (request.headers.find("If-None-Match").value_or("") == file.etag) {
    response.status = 304;
    return response;
  }
  const auto accepted = request.headers.find("Accept-Encoding").value_or("");
  const bool gzip = !file.gzipped.empty() && accepted.find("gzip") != std::string_view::npos;
  if (gzip) response.headers.add("Content-Encoding", "gzip");
  response.body = std::string(gzip ? file.gzipped : file.body);
  return response;
}

}  // namespace

std::optional<net::Response> dashboard_answer(std::span<const WebFile> files,
                                              const net::Request& request) {
  const std::string_view path = net::split_target(request.target).first;
  if (path.starts_with("/api/")) return std::nullopt;
  if (const WebFile* file = file_at(files, path)) return shown(*file, request);
  if (!is_page(path)) return std::nullopt;
  if (const WebFile* index = file_at(files, "/index.html")) return shown(*index, request);
  net::Response response{
      .status = 200,
      .headers = {{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "no-store"}},
      .body = std::string(kNotBuiltIn)};
  guard_page(response.headers);
  return response;
}

}  // namespace rf::server
