// Requests as nobody should send them, to every face of the sandbox. The first line is the method
// and the target, the second the content type, the rest the body.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "sim/faces/google_face.h"
#include "sim/faces/maker_face.h"
#include "sim/faces/meta_face.h"
#include "sim/faces/tiktok_face.h"

namespace rf::sim {
namespace {

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return line;
}

struct Faces {
  ManualClock clock{Instant(std::chrono::seconds(1'800'000'000))};
  std::unique_ptr<Sandbox> box = std::move(Sandbox::make({.days = 4}, clock)).value();
  MetaFace meta{*box, {}};
  TiktokFace tiktok{*box, {}};
  GoogleFace google{*box, {}};
  std::array<std::unique_ptr<MakerFace>, 4> makers{
      make_runway_face(*box, {}), make_luma_face(*box, {}), make_elevenlabs_face(*box, {}),
      make_chat_face(*box, {})};
};

}  // namespace
}  // namespace rf::sim

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // What one request makes, the next one finds; a world that grows for ever is begun anew.
  static std::unique_ptr<rf::sim::Faces> faces;
  if (faces == nullptr || faces->box->writes().size() > 2000) {
    faces = std::make_unique<rf::sim::Faces>();
    faces->box->run_days(3);
  }
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view first = rf::sim::take_line(text);
  const std::string_view type = rf::sim::take_line(text);
  const std::size_t space = first.find(' ');
  if (space == std::string_view::npos) return 0;
  const rf::net::Request request{.method = std::string(first.substr(0, space)),
                                 .target = std::string(first.substr(space + 1)),
                                 .headers = {{"content-type", std::string(type)},
                                             {"authorization", "Bearer sandbox-token"},
                                             {"access-token", "sandbox-token"},
                                             {"developer-token", "sandbox-developer"},
                                             {"xi-api-key", "sandbox-token"},
                                             {"x-runway-version", "2024-11-06"},
                                             {"file_size", "9"}},
                                 .body = std::string(text)};
  RF_CHECK(faces->meta.answer(request).status >= 200);
  RF_CHECK(faces->tiktok.answer(request).status >= 200);
  RF_CHECK(faces->google.answer(request).status >= 200);
  for (const auto& maker : faces->makers) RF_CHECK(maker->answer(request).status >= 200);
  return 0;
}
