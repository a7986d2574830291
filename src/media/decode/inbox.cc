#include "media/decode/inbox.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

namespace rf::media {
namespace {

// No clock of a film shows more, in pictures or in samples.
constexpr std::int64_t kCountMax = std::int64_t{1} << 52;
constexpr double kSecondsMax = 1e9;
constexpr std::size_t kProblemsMax = 64;

template <typename Packet>
std::optional<Packet> packet_as(std::span<const std::byte> bytes) {
  static_assert(std::is_trivially_copyable_v<Packet>);
  Packet packet;
  if (bytes.size() != sizeof(packet)) return std::nullopt;
  std::memcpy(&packet, bytes.data(), sizeof(packet));
  return packet;
}

// Printable characters only: the words end on somebody's terminal.
template <std::size_t Size>
std::string words_of(const wire::Text<Size>& text) {
  std::string words;
  for (const char each : text.bytes) {
    if (each == '\0') break;
    words.push_back(each >= ' ' && each <= '~' ? each : '?');
  }
  return words;
}

bool between(double value, double least, double most) {
  return std::isfinite(value) && value >= least && value <= most;
}

float tame(float value, float most) {
  return std::isfinite(value) ? std::clamp(value, -most, most) : 0.0F;
}

}  // namespace

Status Inbox::lie(std::string_view what) {
  lied_ = true;
  return fail(ErrorCode::corrupt,
              fmt::format("the decoder's process sent {}; it is no longer trusted", what));
}

Status Inbox::take(std::span<const std::byte> packet, Viewer& viewer) {
  std::uint32_t kind = 0;
  if (packet.size() < sizeof(kind)) return lie("less than a packet");
  if (ended_ || failure_) return lie("something after its last word");
  std::memcpy(&kind, packet.data(), sizeof(kind));
  const auto take_as = [&]<typename Packet>(auto&& take_it, const Packet*) -> Status {
    const std::optional<Packet> read = packet_as<Packet>(packet);
    if (!read) return lie("a packet of the wrong length");
    return take_it(*read);
  };
  const auto needs_facts = [&](auto&& take_it, const auto* type) -> Status {
    if (!knows_facts_) return lie("pictures or sound before the facts");
    return take_as(take_it, type);
  };
  switch (static_cast<wire::Kind>(kind)) {
    case wire::Kind::facts:
      return take_as([&](const auto& each) { return take_facts(each, viewer); },
                     static_cast<const wire::FactsPacket*>(nullptr));
    case wire::Kind::picture:
      return needs_facts([&](const auto& each) { return take_picture(each, viewer); },
                         static_cast<const wire::PicturePacket*>(nullptr));
    case wire::Kind::samples:
      return needs_facts([&](const auto& each) { return take_samples(each, viewer); },
                         static_cast<const wire::SamplesPacket*>(nullptr));
    case wire::Kind::channels:
      return needs_facts([&](const auto& each) { return take_channels(each, viewer); },
                         static_cast<const wire::ChannelsPacket*>(nullptr));
    case wire::Kind::vectors:
      return needs_facts([&](const auto& each) { return take_vectors(each, viewer); },
                         static_cast<const wire::VectorsPacket*>(nullptr));
    case wire::Kind::problem:
      return take_as([&](const auto& each) { return take_problem(each); },
                     static_cast<const wire::ProblemPacket*>(nullptr));
    case wire::Kind::end:
      return needs_facts([&](const auto& each) { return take_end(each); },
                         static_cast<const wire::EndPacket*>(nullptr));
    case wire::Kind::failure:
      return take_as([&](const auto& each) { return take_failure(each); },
                     static_cast<const wire::FailurePacket*>(nullptr));
  }
  return lie("a packet of no known kind");
}

Status Inbox::take_facts(const wire::FactsPacket& packet, Viewer& viewer) {
  if (knows_facts_) return lie("the facts twice");
  const int side_max = options_.limits.side_px_max;
  const auto side_ok = [&](int side) { return side >= 0 && side <= side_max; };
  const bool turns = packet.rotation_degrees == 0 || packet.rotation_degrees == 90 ||
                     packet.rotation_degrees == 180 || packet.rotation_degrees == 270;
  if (!side_ok(packet.width) || !side_ok(packet.height) || !turns) {
    return lie("facts of an impossible picture");
  }
  if (packet.audio_rate_hz < 0 || packet.audio_channels < 0 ||
      !between(packet.fps, 0, kSecondsMax) || !between(packet.duration_s, 0, kSecondsMax)) {
    return lie("facts of an impossible film");
  }
  knows_facts_ = true;
  watched_.facts = {.container = words_of(packet.container),
                    .video_codec = words_of(packet.video_codec),
                    .audio_codec = words_of(packet.audio_codec),
                    .pixel_format = words_of(packet.pixel_format),
                    .width = packet.width,
                    .height = packet.height,
                    .rotation_degrees = packet.rotation_degrees,
                    .hdr = packet.hdr != 0,
                    .variable_rate = packet.variable_rate != 0,
                    .fps = packet.fps,
                    .duration_s = packet.duration_s,
                    .audio_rate_hz = packet.audio_rate_hz,
                    .audio_channels = packet.audio_channels,
                    .bytes = film_bytes_};
  return viewer.begin(watched_.facts);
}

Status Inbox::check_time(double t_s, std::int64_t index) {
  if (!between(t_s, 0, options_.limits.duration_s_max)) return lie("an impossible time");
  if (index < 0 || index > kCountMax) return lie("an impossible number of a picture");
  return {};
}

Status Inbox::check_taps(const wire::PicturePacket& packet) {
  const std::size_t taps = options_.taps.size();
  if (packet.taps == 0 || (taps < 32 && (packet.taps >> taps) != 0)) {
    return lie("a picture for a tap that nobody asked for");
  }
  for (std::size_t tap = 0; tap < taps; ++tap) {
    if ((packet.taps >> tap & 1U) == 0) continue;
    const Tap& asked = options_.taps[tap];
    if (packet.channels != channels_of(asked.pixels) ||
        std::min(packet.width, packet.height) > asked.short_side_px) {
      return lie("a picture that is not as it was asked for");
    }
    if (packet.t_s <= last_[tap].t_s || packet.index <= last_[tap].index) {
      return lie("pictures that go back in time");
    }
    last_[tap] = {.index = packet.index, .t_s = packet.t_s};
  }
  return {};
}

bool Inbox::copy_block(std::int64_t offset, std::size_t bytes) {
  if (offset < 0 || std::cmp_greater(offset, ring_.size())) return false;
  const std::span<const std::uint8_t> rest = ring_.subspan(static_cast<std::size_t>(offset));
  if (bytes > rest.size()) return false;
  block_.resize(bytes);
  std::memcpy(block_.data(), rest.data(), bytes);
  ++released_;
  return true;
}

Status Inbox::take_picture(const wire::PicturePacket& packet, Viewer& viewer) {
  const int side_max = options_.limits.side_px_max;
  if (packet.width < 1 || packet.height < 1 || packet.width > side_max ||
      packet.height > side_max) {
    return lie("a picture of an impossible size");
  }
  RF_TRY(check_time(packet.t_s, packet.index));
  RF_TRY(check_taps(packet));
  const auto bytes = static_cast<std::size_t>(packet.width) *
                     static_cast<std::size_t>(packet.height) *
                     static_cast<std::size_t>(packet.channels);
  if (!copy_block(packet.offset, bytes)) return lie("a picture outside of the ring");
  fruitful_ = true;
  now_s_ = std::max(now_s_, packet.t_s);
  for (std::size_t tap = 0; tap < options_.taps.size(); ++tap) {
    if ((packet.taps >> tap & 1U) == 0) continue;
    RF_TRY(viewer.on_frame(tap, {.t_s = packet.t_s,
                                 .index = packet.index,
                                 .width = packet.width,
                                 .height = packet.height,
                                 .pixels = options_.taps[tap].pixels,
                                 .data = block_}));
  }
  return {};
}

Status Inbox::take_samples(const wire::SamplesPacket& packet, Viewer& viewer) {
  if (options_.audio_rate_hz <= 0) return lie("sound that nobody asked for");
  if (packet.count == 0 || packet.count > wire::kSamplesMax || packet.first < 0 ||
      packet.first > kCountMax) {
    return lie("an impossible stretch of sound");
  }
  if (next_sample_ && packet.first != *next_sample_) return lie("sound with a gap");
  if (!copy_block(packet.offset, packet.count * sizeof(float))) {
    return lie("sound outside of the ring");
  }
  samples_.resize(packet.count);
  std::memcpy(samples_.data(), block_.data(), block_.size());
  for (float& sample : samples_) sample = tame(sample, 1.0F);
  next_sample_ = packet.first + packet.count;
  fruitful_ = true;
  now_s_ = std::max(now_s_, static_cast<double>(*next_sample_) / options_.audio_rate_hz);
  return viewer.on_samples(
      {.first = packet.first, .rate_hz = options_.audio_rate_hz, .mono = samples_});
}

Status Inbox::take_channels(const wire::ChannelsPacket& packet, Viewer& viewer) {
  if (!options_.channels) return lie("channels that nobody asked for");
  if (packet.channels < 1 || packet.channels > kChannelsMax || packet.rate_hz < kChannelRateMin ||
      packet.rate_hz > kChannelRateMax) {
    return lie("impossible channels");
  }
  if (packet.count == 0 || packet.count > wire::kSamplesMax ||
      packet.count % static_cast<std::uint32_t>(packet.channels) != 0) {
    return lie("an impossible stretch of channels");
  }
  if (channels_ > 0 && (packet.channels != channels_ || packet.rate_hz != channel_rate_hz_)) {
    return lie("channels that change");
  }
  if (!copy_block(packet.offset, packet.count * sizeof(float))) {
    return lie("channels outside of the ring");
  }
  channels_ = packet.channels;
  channel_rate_hz_ = packet.rate_hz;
  samples_.resize(packet.count);
  std::memcpy(samples_.data(), block_.data(), block_.size());
  // Films of floats go beyond full scale; none by more than this.
  for (float& sample : samples_) sample = tame(sample, 8.0F);
  return viewer.on_channels({.rate_hz = packet.rate_hz,
                             .channels = packet.channels,
                             .surround = packet.surround,
                             .unheard = packet.unheard,
                             .interleaved = samples_});
}

Status Inbox::take_vectors(const wire::VectorsPacket& packet, Viewer& viewer) {
  if (!options_.vectors) return lie("motion that nobody asked for");
  RF_TRY(check_time(packet.t_s, packet.index));
  if (packet.count == 0 || packet.count > wire::kVectorsMax || packet.index <= last_vectors_ ||
      packet.width != watched_.facts.width || packet.height != watched_.facts.height) {
    return lie("impossible motion");
  }
  if (!copy_block(packet.offset, packet.count * sizeof(MotionVector))) {
    return lie("motion outside of the ring");
  }
  last_vectors_ = packet.index;
  vectors_.resize(packet.count);
  std::memcpy(vectors_.data(), block_.data(), block_.size());
  // Codecs reach far outside of the picture, but not further than this.
  constexpr float kReach = 65536;
  for (MotionVector& each : vectors_) {
    each = {.x = tame(each.x, kReach),
            .y = tame(each.y, kReach),
            .dx = tame(each.dx, kReach),
            .dy = tame(each.dy, kReach),
            .area = std::abs(tame(each.area, kReach))};
  }
  return viewer.on_vectors({.t_s = packet.t_s,
                            .index = packet.index,
                            .width = packet.width,
                            .height = packet.height,
                            .vectors = vectors_});
}

Status Inbox::take_problem(const wire::ProblemPacket& packet) {
  if (watched_.problems.size() >= kProblemsMax) return lie("problems without end");
  watched_.problems.push_back(words_of(packet.text));
  return {};
}

Status Inbox::take_end(const wire::EndPacket& packet) {
  if (!between(packet.duration_s, 0, kSecondsMax) || !between(packet.fps, 0, kSecondsMax) ||
      packet.frames < 0 || packet.frames > kCountMax) {
    return lie("an impossible end");
  }
  watched_.duration_s = packet.duration_s;
  watched_.frames = packet.frames;
  watched_.partial = packet.partial != 0;
  watched_.facts.variable_rate = packet.variable_rate != 0;
  watched_.facts.fps = packet.fps;
  ended_ = true;
  return {};
}

Status Inbox::take_failure(const wire::FailurePacket& packet) {
  switch (static_cast<ErrorCode>(packet.code)) {
    case ErrorCode::corrupt:
    case ErrorCode::unsupported:
    case ErrorCode::over_limit:
    case ErrorCode::unavailable:
      failure_ = fail(static_cast<ErrorCode>(packet.code), words_of(packet.text));
      return {};
    default: return lie("an error it cannot have");
  }
}

}  // namespace rf::media
