// What crosses the border between us and the decoder's process: one order in, packets out, all of
// them plain memory. Pictures and sound lie in a shared ring; a packet says where.
//
// The decoder reads hostile files, so nothing of what it sends is believed: inbox.h checks it.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "media/watch.h"

namespace rf::media::wire {

// Descriptors as the decoder's process finds them.
constexpr int kFilmFd = 3;
constexpr int kRingFd = 4;
constexpr int kTalkFd = 5;

// Distinct taps: a picture's packet names its taps by the bits of one word, and no plan needs more.
constexpr std::size_t kTapsMax = 16;

// Samples in one packet at most: a tenth of a second at 48 kHz, rounded up to a power of two.
constexpr std::uint32_t kSamplesMax = 8192;

// Vectors of one picture at most: a 4K picture in blocks of 8 x 8 has 129600.
constexpr std::uint32_t kVectorsMax = 131072;

template <std::size_t Size>
struct Text {
  std::array<char, Size> bytes{};  // Ends with a zero, always.

  void set(std::string_view text) {
    const std::size_t length = text.size() < Size - 1 ? text.size() : Size - 1;
    bytes = {};
    for (std::size_t i = 0; i < length; ++i) bytes[i] = text[i];
  }
};

struct TapOrder {
  std::int32_t channels = 1;
  std::int32_t short_side_px = 0;
  double rate_hz = 0;
};

// The first thing the decoder reads, from us.
struct Order {
  std::uint32_t tap_count = 0;
  std::uint32_t probe_only = 0;
  std::array<TapOrder, kTapsMax> taps{};
  std::int32_t audio_rate_hz = 0;
  std::uint32_t triage = 0;
  std::uint32_t vectors = 0;
  std::int32_t threads = 0;
  std::int32_t parent = 0;  // Its process; when that is gone, so is the reason to decode.
  std::int32_t side_px_max = 0;
  std::int32_t streams_max = 0;
  std::uint32_t channels = 0;
  double duration_s_max = 0;
  double cpu_s = 0;
  std::int64_t memory_bytes = 0;
  std::int64_t ring_bytes = 0;
  std::int64_t film_bytes = 0;
};

// The answer, each time we are done with blocks of the ring, oldest first.
struct Release {
  std::uint32_t blocks = 0;
};

enum class Kind : std::uint32_t {
  facts = 1,
  picture,
  samples,
  vectors,
  problem,
  end,
  failure,
  channels,
};

struct FactsPacket {
  Kind kind = Kind::facts;
  std::int32_t width = 0;
  std::int32_t height = 0;
  std::int32_t rotation_degrees = 0;
  std::uint32_t hdr = 0;
  std::uint32_t variable_rate = 0;
  std::int32_t audio_rate_hz = 0;
  std::int32_t audio_channels = 0;
  double fps = 0;
  double duration_s = 0;
  Text<64> container;
  Text<32> video_codec;
  Text<32> audio_codec;
  Text<32> pixel_format;
};

struct PicturePacket {
  Kind kind = Kind::picture;
  std::uint32_t taps = 0;  // A bit for each tap that gets it.
  std::int64_t index = 0;
  double t_s = 0;
  std::int32_t width = 0;
  std::int32_t height = 0;
  std::int32_t channels = 0;
  std::int32_t reserved = 0;
  std::int64_t offset = 0;  // In the ring; width * height * channels bytes.
};

struct SamplesPacket {
  Kind kind = Kind::samples;
  std::uint32_t count = 0;
  std::int64_t first = 0;
  std::int64_t offset = 0;  // In the ring; floats.
};

struct ChannelsPacket {
  Kind kind = Kind::channels;
  std::uint32_t count = 0;  // Of floats, of all channels.
  std::int64_t offset = 0;  // In the ring; floats.
  std::int32_t rate_hz = 0;
  std::int32_t channels = 0;
  std::uint32_t surround = 0;
  std::uint32_t unheard = 0;
};

struct VectorsPacket {
  Kind kind = Kind::vectors;
  std::uint32_t count = 0;
  std::int64_t index = 0;
  double t_s = 0;
  std::int64_t offset = 0;  // In the ring; MotionVector each.
  std::int32_t width = 0;
  std::int32_t height = 0;
};

struct ProblemPacket {
  Kind kind = Kind::problem;
  Text<236> text;
};

struct EndPacket {
  Kind kind = Kind::end;
  std::uint32_t partial = 0;
  std::uint32_t variable_rate = 0;
  std::uint32_t reserved = 0;
  double duration_s = 0;
  double fps = 0;
  std::int64_t frames = 0;
};

struct FailurePacket {
  Kind kind = Kind::failure;
  std::uint32_t code = 0;
  Text<232> text;
};

// The largest packet, and then some: a longer one is cut by the socket and refused.
constexpr std::size_t kPacketBytesMax = 512;
static_assert(sizeof(FactsPacket) < kPacketBytesMax && sizeof(ProblemPacket) < kPacketBytesMax);

}  // namespace rf::media::wire
