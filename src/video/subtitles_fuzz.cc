// Any bytes as subtitles, and the pace of what was read.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "video/speech_pace.h"
#include "video/subtitles.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto read = rf::video::parse_subtitles(bytes);
  if (!read) {
    RF_CHECK(!read.error().message.empty());
    return 0;
  }
  double before = 0;
  for (const rf::video::Caption& caption : read->captions) {
    RF_CHECK(caption.start_s >= before && caption.end_s >= caption.start_s);
    RF_CHECK(caption.end_s <= rf::video::kSubtitleTimeMaxS && caption.text.size() <= size);
    before = caption.start_s;
  }
  const auto pace = rf::video::speech_pace(*read, 30, 10);
  RF_CHECK(!pace.words_per_minute || *pace.words_per_minute > 0);
  return 0;
}
