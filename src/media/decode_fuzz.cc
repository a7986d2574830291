// Any bytes as a film, through the whole of decoding but the fence.
//
// The first byte chooses what is asked for, the rest is the file.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/check.h"
#include "media/decode/byte_source.h"
#include "media/decode/decoding.h"

namespace rf::media {
namespace {

// Looks at all it gets, and has enough at some point: long films find nothing new.
class Sink final : public Outlet {
 public:
  Status begin(const MediaFacts& facts) override {
    RF_CHECK(facts.width <= 1024 && facts.height <= 1024);
    return {};
  }
  Result<std::span<std::uint8_t>> room(std::size_t bytes) override {
    room_.resize(bytes);
    return std::span(room_);
  }
  Status put_picture(const PictureNote& note) override {
    RF_CHECK(note.t_s >= 0 && note.t_s > last_t_s_ - 1e-9 && note.taps != 0);
    last_t_s_ = note.t_s;
    std::uint32_t sum = 0;
    for (const std::uint8_t each : room_) sum += each;
    RF_CHECK(sum <= 255 * room_.size());
    return enough();
  }
  Status put_samples(std::int64_t first, std::span<const float> mono) override {
    RF_CHECK(next_ < 0 || first == next_);
    next_ = first + std::ssize(mono);
    for (const float each : mono) RF_CHECK(each >= -1 && each <= 1);
    return enough();
  }
  Status put_channels(const ChannelSamples& samples) override {
    RF_CHECK(samples.channels >= 1 && samples.channels <= kChannelsMax);
    RF_CHECK(std::ssize(samples.interleaved) % samples.channels == 0);
    return enough();
  }
  Status put_vectors(const MotionVectors&) override { return enough(); }

 private:
  Status enough() {
    if (++count_ > 60) return fail(ErrorCode::conflict, "enough");
    return {};
  }

  std::vector<std::uint8_t> room_;
  double last_t_s_ = -1;
  std::int64_t next_ = -1;
  int count_ = 0;
};

void decode_bytes(std::uint8_t choice, std::span<const std::uint8_t> film) {
  MemoryBytes source(film);
  WatchOptions options{.taps = {{Pixels::grey, 48, 0}}, .audio_rate_hz = 8000};
  options.limits.side_px_max = 1024;  // Large ones only slow the search.
  if ((choice & 1) != 0) options.taps.push_back({Pixels::bgr, 32, 5});
  options.vectors = (choice & 2) != 0;
  options.channels = (choice & 16) != 0;
  if ((choice & 4) != 0) options.pace = Pace::triage;
  options.threads = (choice & 8) != 0 ? 2 : 1;
  Sink sink;
  static_cast<void>(decode_film(source, options, sink));
}

}  // namespace
}  // namespace rf::media

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 0) rf::media::decode_bytes(data[0], {data + 1, size - 1});
  return 0;
}
