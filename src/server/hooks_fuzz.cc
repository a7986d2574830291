// Whatever a webhook's body is, it ends as events within the limits, or as an error.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "server/hooks.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  for (const std::string_view source : {"orders", "meta", "tiktok"}) {
    const auto events = rf::server::events_in(source, body, rf::Instant());
    if (!events) continue;
    for (const rf::IncomingEvent& each : *events) {
      RF_CHECK(each.source == source);
      RF_CHECK(!each.key.empty() && each.key.size() <= rf::kEventKeyMax);
    }
  }
  return 0;
}
