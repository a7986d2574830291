// What the decoder's process sends, checked and handed to the viewer.
//
// The process reads hostile files and may have been taken over. So each packet is checked against
// the order and against what came before, and pictures and sound are copied out of the shared ring
// before anybody looks: what lies there can change under one's eyes.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "media/decode/wire.h"
#include "media/watch.h"

namespace rf::media {

// Thread: one at a time.
class Inbox {
 public:
  // `ring` is shared memory; `film_bytes` is the size of the file as we see it.
  Inbox(const WatchOptions& options, std::int64_t film_bytes, std::span<const std::uint8_t> ring)
      : options_(options), film_bytes_(film_bytes), ring_(ring), last_(options.taps.size()) {}

  // Checks one packet and hands on what it brings.
  // Errors: corrupt with lied() when it breaks the rules, else the viewer's.
  Status take(std::span<const std::byte> packet, Viewer& viewer);

  bool lied() const { return lied_; }
  bool ended() const { return ended_; }
  // Anything came that a viewer could use.
  bool fruitful() const { return fruitful_; }
  // The decoder's own reason for giving up.
  const std::optional<Error>& failure() const { return failure_; }
  // Of the newest picture or sample.
  double now_s() const { return now_s_; }
  bool knows_facts() const { return knows_facts_; }
  // Blocks of the ring that are free again; counted since the last call.
  std::uint32_t released() { return std::exchange(released_, 0U); }
  const Watched& watched() const { return watched_; }

 private:
  struct Last {
    std::int64_t index = -1;
    double t_s = -1;
  };

  Status take_facts(const wire::FactsPacket& packet, Viewer& viewer);
  Status take_picture(const wire::PicturePacket& packet, Viewer& viewer);
  Status take_samples(const wire::SamplesPacket& packet, Viewer& viewer);
  Status take_channels(const wire::ChannelsPacket& packet, Viewer& viewer);
  Status take_vectors(const wire::VectorsPacket& packet, Viewer& viewer);
  Status take_problem(const wire::ProblemPacket& packet);
  Status take_end(const wire::EndPacket& packet);
  Status take_failure(const wire::FailurePacket& packet);
  Status check_taps(const wire::PicturePacket& packet);
  Status check_time(double t_s, std::int64_t index);
  Status lie(std::string_view what);
  // Copies a block out of the ring; false when it is not inside.
  bool copy_block(std::int64_t offset, std::size_t bytes);

  const WatchOptions& options_;
  std::int64_t film_bytes_;
  std::span<const std::uint8_t> ring_;
  std::vector<Last> last_;  // By tap.
  std::int64_t last_vectors_ = -1;
  std::optional<std::int64_t> next_sample_;
  int channels_ = 0;  // Of the first piece of them; 0 before.
  int channel_rate_hz_ = 0;
  std::vector<std::uint8_t> block_;
  std::vector<float> samples_;
  std::vector<MotionVector> vectors_;
  Watched watched_;
  std::optional<Error> failure_;
  double now_s_ = 0;
  std::uint32_t released_ = 0;
  bool knows_facts_ = false;
  bool fruitful_ = false;
  bool ended_ = false;
  bool lied_ = false;
};

}  // namespace rf::media
