#include "net/gzip.h"

#include <array>
#include <limits>

#include <zlib.h>

namespace rf::net {
namespace {

// 15 bits of window, and 16 for gzip's own header.
constexpr int kGzipWindow = 15 + 16;

// zlib reads only, though its type does not say so.
Bytef* readable(std::string_view bytes) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
  return const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
}

}  // namespace

std::string gzip(std::string_view bytes) {
  RF_CHECK(bytes.size() < std::numeric_limits<uInt>::max());
  z_stream stream{};
  const int begun =
      deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY);
  RF_CHECK(begun == Z_OK);
  std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  stream.next_in = readable(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int ended = deflate(&stream, Z_FINISH);
  RF_CHECK(ended == Z_STREAM_END);
  out.resize(stream.total_out);
  static_cast<void>(deflateEnd(&stream));
  return out;
}

Result<std::string> gunzip(std::string_view bytes, std::size_t bytes_max) {
  RF_CHECK(bytes.size() < std::numeric_limits<uInt>::max());
  z_stream stream{};
  const int begun = inflateInit2(&stream, kGzipWindow);
  RF_CHECK(begun == Z_OK);
  stream.next_in = readable(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  std::array<char, 65'536> piece{};
  int state = Z_OK;
  while (state == Z_OK && out.size() <= bytes_max) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    state = inflate(&stream, Z_NO_FLUSH);
    out.append(piece.data(), piece.size() - stream.avail_out);
  }
  static_cast<void>(inflateEnd(&stream));
  if (out.size() > bytes_max) return fail(ErrorCode::over_limit, "gzip holds more than is taken");
  if (state != Z_STREAM_END) return fail(ErrorCode::corrupt, "not whole gzip");
  return out;
}

}  // namespace rf::net
