// Any packets as the decoder's word: a byte of length, then the packet, and so on.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/check.h"
#include "media/decode/inbox.h"

namespace rf::media {
namespace {

class Sceptic final : public Viewer {
 public:
  Status begin(const MediaFacts& facts) override {
    RF_CHECK(facts.width >= 0 && facts.width <= 4320);
    return {};
  }
  Status on_frame(std::size_t tap, const Frame& frame) override {
    RF_CHECK(tap < 2 && frame.t_s >= 0 && frame.t_s > last_s_[tap]);
    last_s_[tap] = frame.t_s;
    RF_CHECK(frame.data.size() == static_cast<std::size_t>(frame.width) *
                                      static_cast<std::size_t>(frame.height) *
                                      static_cast<std::size_t>(channels_of(frame.pixels)));
    return {};
  }
  Status on_samples(const Samples& samples) override {
    RF_CHECK(next_ < 0 || samples.first == next_);
    next_ = samples.first + std::ssize(samples.mono);
    return {};
  }
  Status on_channels(const ChannelSamples& samples) override {
    RF_CHECK(samples.channels >= 1 && samples.channels <= kChannelsMax);
    RF_CHECK(std::ssize(samples.interleaved) % samples.channels == 0);
    return {};
  }

 private:
  double last_s_[2] = {-1, -1};
  std::int64_t next_ = -1;
};

void take_all(std::span<const std::byte> bytes) {
  static const WatchOptions options{.taps = {{Pixels::grey, 180, 0}, {Pixels::bgr, 64, 5}},
                                    .audio_rate_hz = 8000,
                                    .channels = true,
                                    .vectors = true};
  static const std::vector<std::uint8_t> ring(1 << 16);
  Inbox inbox(options, 1000, ring);
  Sceptic viewer;
  while (!bytes.empty() && !inbox.lied()) {
    const std::size_t length = std::min(std::to_integer<std::size_t>(bytes[0]), bytes.size() - 1);
    static_cast<void>(inbox.take(bytes.subspan(1, length), viewer));
    bytes = bytes.subspan(1 + length);
  }
}

}  // namespace
}  // namespace rf::media

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  rf::media::take_all(std::as_bytes(std::span(data, size)));
  return 0;
}
