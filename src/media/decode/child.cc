#include "media/decode/child.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <span>
#include <utility>

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "media/decode/decoding.h"
#include "media/decode/fence.h"
#include "media/decode/ring.h"
#include "media/decode/tap_plan.h"
#include "media/decode/wire.h"

namespace rf::media {
namespace {

template <typename Packet>
Status send_packet(const Packet& packet) {
  while (true) {
    const ssize_t sent = send(wire::kTalkFd, &packet, sizeof(packet), MSG_NOSIGNAL);
    if (sent == static_cast<ssize_t>(sizeof(packet))) return {};
    if (sent < 0 && errno == EINTR) continue;
    return fail(ErrorCode::unavailable, "whoever ordered the decoding is gone");
  }
}

// Puts everything into the shared ring and tells of it over the socket.
class RingOutlet final : public Outlet {
 public:
  RingOutlet(std::span<std::uint8_t> ring, const std::vector<Tap>& taps)
      : ring_(ring), taps_(taps), ledger_(ring.size()) {}

  Status begin(const MediaFacts& facts) override {
    narrow(facts);
    wire::FactsPacket packet;
    packet.width = facts.width;
    packet.height = facts.height;
    packet.rotation_degrees = facts.rotation_degrees;
    packet.hdr = facts.hdr ? 1 : 0;
    packet.variable_rate = facts.variable_rate ? 1 : 0;
    packet.audio_rate_hz = facts.audio_rate_hz;
    packet.audio_channels = facts.audio_channels;
    packet.fps = facts.fps;
    packet.duration_s = facts.duration_s;
    packet.container.set(facts.container);
    packet.video_codec.set(facts.video_codec);
    packet.audio_codec.set(facts.audio_codec);
    packet.pixel_format.set(facts.pixel_format);
    return send_packet(packet);
  }

  Result<std::span<std::uint8_t>> room(std::size_t bytes) override {
    RF_TRY(take_releases(MSG_DONTWAIT));
    std::optional<std::size_t> place = ledger_.place(bytes);
    while (!place) {
      if (ledger_.blocks() == 0) {
        return fail(ErrorCode::over_limit, "a picture is larger than the memory for pictures");
      }
      RF_TRY(take_releases(0));
      place = ledger_.place(bytes);
    }
    offset_ = *place;
    bytes_ = bytes;
    return ring_.subspan(offset_, bytes);
  }

  Status put_picture(const PictureNote& note) override {
    ledger_.take(offset_, bytes_);
    wire::PicturePacket packet;
    packet.taps = note.taps;
    packet.index = note.index;
    packet.t_s = note.t_s;
    packet.width = note.width;
    packet.height = note.height;
    packet.channels = note.channels;
    packet.offset = static_cast<std::int64_t>(offset_);
    return send_packet(packet);
  }

  Status put_samples(std::int64_t first, std::span<const float> mono) override {
    RF_TRY(copy_in(std::as_bytes(mono)));
    wire::SamplesPacket packet;
    packet.count = static_cast<std::uint32_t>(mono.size());
    packet.first = first;
    packet.offset = static_cast<std::int64_t>(offset_);
    return send_packet(packet);
  }

  Status put_channels(const ChannelSamples& samples) override {
    RF_TRY(copy_in(std::as_bytes(samples.interleaved)));
    wire::ChannelsPacket packet;
    packet.count = static_cast<std::uint32_t>(samples.interleaved.size());
    packet.offset = static_cast<std::int64_t>(offset_);
    packet.rate_hz = samples.rate_hz;
    packet.channels = samples.channels;
    packet.surround = samples.surround;
    packet.unheard = samples.unheard;
    return send_packet(packet);
  }

  Status put_vectors(const MotionVectors& vectors) override {
    RF_TRY(copy_in(std::as_bytes(vectors.vectors)));
    wire::VectorsPacket packet;
    packet.count = static_cast<std::uint32_t>(vectors.vectors.size());
    packet.index = vectors.index;
    packet.t_s = vectors.t_s;
    packet.width = vectors.width;
    packet.height = vectors.height;
    packet.offset = static_cast<std::int64_t>(offset_);
    return send_packet(packet);
  }

 private:
  // No more of the ring is touched, and so paid for, than keeps both sides busy: a few rounds of
  // pictures for each tap, and sound.
  void narrow(const MediaFacts& facts) {
    std::size_t round = 0;
    for (const Tap& tap : taps_) {
      const PictureSize size = tapped_size(
          tap, {.width = std::max(facts.width, 1), .height = std::max(facts.height, 1)});
      round += static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height) *
               static_cast<std::size_t>(size.channels);
    }
    constexpr std::size_t kLeast = std::size_t{4} << 20;
    ledger_ = RingLedger(std::min(ring_.size(), std::max(kLeast, 3 * round)));
  }

  Status copy_in(std::span<const std::byte> bytes) {
    const std::span<std::uint8_t> to = RF_TRY(room(bytes.size()));
    std::memcpy(to.data(), bytes.data(), bytes.size());
    ledger_.take(offset_, bytes_);
    return {};
  }

  // With MSG_DONTWAIT whatever has come; else waits for one.
  Status take_releases(int flags) {
    while (true) {
      wire::Release release;
      const ssize_t got = recv(wire::kTalkFd, &release, sizeof(release), flags);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return {};
      if (got != static_cast<ssize_t>(sizeof(release))) {
        return fail(ErrorCode::unavailable, "whoever ordered the decoding is gone");
      }
      for (std::uint32_t i = 0; i < release.blocks; ++i) ledger_.release();
      flags = MSG_DONTWAIT;
    }
  }

  std::span<std::uint8_t> ring_;
  const std::vector<Tap>& taps_;
  RingLedger ledger_;
  std::size_t offset_ = 0;
  std::size_t bytes_ = 0;
};

WatchOptions options_of(const wire::Order& order) {
  WatchOptions options;
  for (std::uint32_t i = 0; i < std::min<std::uint32_t>(order.tap_count, wire::kTapsMax); ++i) {
    const wire::TapOrder& tap = order.taps[i];
    options.taps.push_back({.pixels = tap.channels == 1 ? Pixels::grey : Pixels::bgr,
                            .short_side_px = tap.short_side_px,
                            .rate_hz = tap.rate_hz});
  }
  options.audio_rate_hz = order.audio_rate_hz;
  options.pace = order.triage != 0 ? Pace::triage : Pace::every_frame;
  options.vectors = order.vectors != 0;
  options.channels = order.channels != 0;
  options.threads = order.threads;
  options.limits.side_px_max = order.side_px_max;
  options.limits.streams_max = order.streams_max;
  options.limits.duration_s_max = order.duration_s_max;
  return options;
}

Status tell_end(const Ending& ending) {
  for (const std::string& words : ending.problems) {
    wire::ProblemPacket packet;
    packet.text.set(words);
    RF_TRY(send_packet(packet));
  }
  wire::EndPacket packet;
  packet.partial = ending.partial ? 1 : 0;
  packet.variable_rate = ending.variable_rate ? 1 : 0;
  packet.duration_s = ending.duration_s;
  packet.fps = ending.fps;
  packet.frames = ending.frames;
  return send_packet(packet);
}

Status work(const wire::Order& order, std::span<std::uint8_t> ring) {
  const WatchOptions options = options_of(order);
  FileBytes film(wire::kFilmFd, order.film_bytes);
  RingOutlet outlet(ring, options.taps);
  if (order.probe_only != 0) {
    const MediaFacts facts = RF_TRY(describe_film(film, options.limits));
    RF_TRY(outlet.begin(facts));
    return tell_end({.variable_rate = facts.variable_rate, .fps = facts.fps});
  }
  const Ending ending = RF_TRY(decode_film(film, options, outlet));
  return tell_end(ending);
}

Status fenced_work(const wire::Order& order) {
  void* memory = mmap(nullptr, static_cast<std::size_t>(order.ring_bytes), PROT_READ | PROT_WRITE,
                      MAP_SHARED, wire::kRingFd, 0);
  if (memory == MAP_FAILED) return fail(ErrorCode::unavailable, "the ring cannot be mapped");
  // The ring is not the film's doing, so it comes on top of what the film may use.
  RF_TRY(build_fence(wire::kTalkFd, {.cpu_s = order.cpu_s,
                                     .memory_bytes = order.memory_bytes + order.ring_bytes}));
  return work(order,
              {static_cast<std::uint8_t*>(memory), static_cast<std::size_t>(order.ring_bytes)});
}

}  // namespace

int decode_behind_fence() {
  wire::Order order;
  if (recv(wire::kTalkFd, &order, sizeof(order), 0) != static_cast<ssize_t>(sizeof(order))) {
    return 2;
  }
  // When we were born after our parent had died, nobody would tell us.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != order.parent) return 2;
  Status done = fenced_work(order);
  if (done) return 0;
  wire::FailurePacket packet;
  packet.code = static_cast<std::uint32_t>(done.error().code);
  packet.text.set(done.error().message);
  return send_packet(packet) ? 0 : 2;
}

}  // namespace rf::media
