#include "media/watch.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/check.h"
#include "media/decode/inbox.h"
#include "media/decode/process.h"
#include "media/decode/wire.h"

namespace rf::media {
namespace {

// How long a wish to stop may go unheard while nothing comes.
constexpr int kHeedEveryMs = 50;

// Packets between two looks at the clock and at the wish to stop.
constexpr int kHeedPackets = 32;

// Blocks are given back in handfuls: each time wakes the decoder.
constexpr std::uint32_t kReleaseAt = 6;

Error broken(std::string_view what) {
  return fail(ErrorCode::unavailable,
              fmt::format("the decoder's fence cannot be built: {}: error {}", what, errno));
}

struct FilmFile {
  Descriptor descriptor;
  std::int64_t bytes = 0;
};

Result<FilmFile> open_file(const std::string& path) {
  // Not waiting: a pipe without a writer would keep us for ever.
  Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.open()) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return fail(ErrorCode::not_found, "there is no such file");
    }
    if (errno == EACCES) return fail(ErrorCode::denied, "may not be read");
    return fail(ErrorCode::unavailable, fmt::format("cannot be opened: error {}", errno));
  }
  struct stat about {};
  if (fstat(file.number(), &about) != 0) {
    return fail(ErrorCode::unavailable, fmt::format("cannot be looked at: error {}", errno));
  }
  if (!S_ISREG(about.st_mode)) return fail(ErrorCode::unsupported, "is not a file of bytes");
  if (about.st_size == 0) return fail(ErrorCode::corrupt, "is empty");
  return FilmFile{.descriptor = std::move(file), .bytes = about.st_size};
}

// Memory that both processes see. Its size is sealed: were it cut off, our reading would fault.
class SharedRing {
 public:
  static Result<SharedRing> make(std::size_t bytes) {
    SharedRing ring;
    ring.descriptor_ = Descriptor(memfd_create("reelforge-ring", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!ring.descriptor_.open()) return broken("shared memory");
    if (ftruncate(ring.descriptor_.number(), static_cast<off_t>(bytes)) != 0) {
      return broken("shared memory");
    }
    constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
    if (fcntl(ring.descriptor_.number(), F_ADD_SEALS, kSeals) != 0) return broken("seals");
    void* memory = mmap(nullptr, bytes, PROT_READ, MAP_SHARED, ring.descriptor_.number(), 0);
    if (memory == MAP_FAILED) return broken("shared memory");
    ring.bytes_ = {static_cast<std::uint8_t*>(memory), bytes};
    return ring;
  }

  SharedRing(SharedRing&& other) noexcept
      : descriptor_(std::move(other.descriptor_)), bytes_(std::exchange(other.bytes_, {})) {}
  SharedRing& operator=(SharedRing&&) = delete;
  ~SharedRing() {
    if (!bytes_.empty()) munmap(bytes_.data(), bytes_.size());
  }

  std::span<const std::uint8_t> bytes() const { return bytes_; }
  const Descriptor& descriptor() const { return descriptor_; }

 private:
  SharedRing() = default;
  Descriptor descriptor_;
  std::span<std::uint8_t> bytes_;
};

// Enough for a few rounds of the largest pictures that the taps can bring. Only what the decoder
// really uses becomes memory.
std::size_t ring_bytes_for(const WatchOptions& options) {
  std::size_t round = 0;
  for (const Tap& tap : options.taps) {
    round += static_cast<std::size_t>(std::min(tap.short_side_px, options.limits.side_px_max)) *
             static_cast<std::size_t>(options.limits.side_px_max) *
             static_cast<std::size_t>(channels_of(tap.pixels));
  }
  constexpr std::size_t kLeast = std::size_t{8} << 20;
  constexpr std::size_t kPage = 4096;
  return (kLeast + 3 * round + kPage - 1) / kPage * kPage;
}

wire::Order order_for(const WatchOptions& options, bool probe_only, const FilmFile& film,
                      std::size_t ring_bytes) {
  wire::Order order;
  order.tap_count = static_cast<std::uint32_t>(options.taps.size());
  for (std::size_t i = 0; i < options.taps.size(); ++i) {
    const Tap& tap = options.taps[i];
    order.taps[i] = {.channels = channels_of(tap.pixels),
                     .short_side_px = tap.short_side_px,
                     .rate_hz = tap.rate_hz};
  }
  order.probe_only = probe_only ? 1 : 0;
  order.audio_rate_hz = options.audio_rate_hz;
  order.triage = options.pace == Pace::triage ? 1 : 0;
  order.vectors = options.vectors ? 1 : 0;
  order.channels = options.channels ? 1 : 0;
  order.threads = options.threads;
  order.parent = getpid();
  order.side_px_max = options.limits.side_px_max;
  order.streams_max = options.limits.streams_max;
  order.duration_s_max = options.limits.duration_s_max;
  order.cpu_s = options.limits.cpu_s;
  order.memory_bytes = options.limits.memory_bytes;
  order.ring_bytes = static_cast<std::int64_t>(ring_bytes);
  order.film_bytes = film.bytes;
  return order;
}

// An event of the machine at which the patience ends.
Result<Descriptor> wall_timer(double wall_s) {
  Descriptor timer(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  if (!timer.open()) return broken("the timer");
  const double bounded = std::clamp(wall_s, 0.001, 1e8);
  itimerspec when{};
  when.it_value.tv_sec = static_cast<time_t>(bounded);
  when.it_value.tv_nsec = std::clamp(static_cast<long>((bounded - std::floor(bounded)) * 1e9),
                                     when.it_value.tv_sec == 0 ? 1L : 0L, 999999999L);
  if (timerfd_settime(timer.number(), 0, &when, nullptr) != 0) return broken("the timer");
  return timer;
}

enum class Outcome { closed, late };

class Watching {
 public:
  Watching(Descriptor talk, Descriptor timer, Inbox& inbox, Progress& progress)
      : talk_(std::move(talk)), timer_(std::move(timer)), inbox_(inbox), progress_(progress) {}

  // Until the decoder closes its end or time is up.
  // Errors: conflict (cancelled), the inbox's, the viewer's.
  Result<Outcome> run(Viewer& viewer) {
    while (true) {
      if (countdown_-- <= 0) {
        const bool late = RF_TRY(heed());
        if (late) return Outcome::late;
      }
      const ssize_t got =
          recv(talk_.number(), packet_.data(), packet_.size(), MSG_DONTWAIT | MSG_TRUNC);
      if (got == 0) return Outcome::closed;
      if (got < 0) {
        // The other end went without reading all of our releases; its last words come after this.
        if (errno != ECONNRESET) wait();
        continue;
      }
      const auto bytes = std::min(static_cast<std::size_t>(got), packet_.size());
      RF_TRY(inbox_.take(std::span(packet_).first(bytes), viewer));
      pending_ += inbox_.released();
      if (pending_ >= kReleaseAt) release();
    }
  }

 private:
  // Whether time is up.
  // Errors: conflict (cancelled).
  Result<bool> heed() {
    countdown_ = kHeedPackets;
    if (progress_.cancelled()) return fail(ErrorCode::conflict, "cancelled");
    if (timer_rang()) return true;
    report();
    return false;
  }

  void wait() {
    release();
    countdown_ = 0;
    std::array<pollfd, 2> events{pollfd{.fd = talk_.number(), .events = POLLIN, .revents = 0},
                                 pollfd{.fd = timer_.number(), .events = POLLIN, .revents = 0}};
    poll(events.data(), events.size(), kHeedEveryMs);
  }

  // Not delivered is no harm: then the decoder has unread ones, and the rest comes later.
  void release() {
    if (pending_ == 0) return;
    const wire::Release release{.blocks = pending_};
    const ssize_t sent =
        send(talk_.number(), &release, sizeof(release), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent == static_cast<ssize_t>(sizeof(release))) pending_ = 0;
  }

  bool timer_rang() const {
    std::uint64_t times = 0;
    return read(timer_.number(), &times, sizeof(times)) == static_cast<ssize_t>(sizeof(times));
  }

  void report() {
    const auto done = static_cast<std::int64_t>(inbox_.now_s() * 1000);
    if (!inbox_.knows_facts() || done == reported_) return;
    reported_ = done;
    const auto total = static_cast<std::int64_t>(inbox_.watched().facts.duration_s * 1000);
    progress_.report("watch", done, total > 0 ? std::max(total, done) : 0);
  }

  Descriptor talk_;
  Descriptor timer_;
  Inbox& inbox_;
  Progress& progress_;
  std::array<std::byte, wire::kPacketBytesMax> packet_{};
  std::uint32_t pending_ = 0;
  int countdown_ = 0;
  std::int64_t reported_ = -1;
};

// Why the decoder's process ended without a last word.
Error reason_of(std::optional<int> status, const Limits& limits) {
  if (!status) return fail(ErrorCode::unavailable, "the decoder's process is lost");
  if (WIFSIGNALED(*status)) {
    const int signal = WTERMSIG(*status);
    if (signal == SIGXCPU) {
      return fail(ErrorCode::over_limit,
                  fmt::format("took more than {:.0f} s of processor time", limits.cpu_s));
    }
    if (signal == SIGSYS) {
      return fail(ErrorCode::corrupt, "the decoder reached for what its fence forbids");
    }
    if (signal == SIGKILL) {
      return fail(ErrorCode::unavailable, "the decoder's process was killed");
    }
    return fail(ErrorCode::corrupt, fmt::format("the decoder broke down: signal {}", signal));
  }
  return fail(ErrorCode::unavailable,
              fmt::format("the decoder's process ended without a word: {}", WEXITSTATUS(*status)));
}

// What was got, with the reason why it is not all; or, when there is nothing, only the reason.
Result<Watched> cut_short(const Inbox& inbox, Error reason) {
  if (!inbox.fruitful()) return reason;
  Watched watched = inbox.watched();
  watched.partial = true;
  watched.duration_s = inbox.now_s();
  watched.problems.push_back(fmt::format("{}: at {:.3f} s", reason.message, inbox.now_s()));
  return watched;
}

struct Talk {
  Descriptor ours;
  Descriptor theirs;
};

Result<Talk> open_talk() {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return broken("the socket");
  }
  return Talk{.ours = Descriptor(ends[0]), .theirs = Descriptor(ends[1])};
}

Result<Watched> watch_file(const Decoder& decoder, const std::string& path,
                           const WatchOptions& options, Viewer& viewer, Progress& progress,
                           bool probe_only) {
  const FilmFile film = RF_TRY(open_file(path));
  const SharedRing ring = RF_TRY(SharedRing::make(ring_bytes_for(options)));
  Descriptor timer = RF_TRY(wall_timer(options.limits.wall_s));
  Talk talk = RF_TRY(open_talk());
  Process process =
      RF_TRY(Process::start(decoder.program, film.descriptor, ring.descriptor(), talk.theirs));
  talk.theirs.close();
  const wire::Order order = order_for(options, probe_only, film, ring.bytes().size());
  // A decoder that is gone already is noticed when it is listened to.
  static_cast<void>(send(talk.ours.number(), &order, sizeof(order), MSG_NOSIGNAL));
  Inbox inbox(options, film.bytes, ring.bytes());
  Watching watching(std::move(talk.ours), std::move(timer), inbox, progress);
  const Outcome outcome = RF_TRY(watching.run(viewer));
  if (inbox.ended()) return inbox.watched();
  if (inbox.failure()) return cut_short(inbox, *inbox.failure());
  if (outcome == Outcome::late) {
    return cut_short(inbox, fail(ErrorCode::over_limit,
                                 fmt::format("took more than {:.0f} s", options.limits.wall_s)));
  }
  return cut_short(inbox, reason_of(process.end(), options.limits));
}

Status check_options(const WatchOptions& options) {
  if (options.taps.size() > wire::kTapsMax) {
    return fail(ErrorCode::invalid, fmt::format("{} taps; at most {} can be watched at once",
                                                options.taps.size(), wire::kTapsMax));
  }
  for (const Tap& tap : options.taps) {
    if (tap.short_side_px < 1 || !(tap.rate_hz >= 0)) {
      return fail(ErrorCode::invalid, "a tap needs a side of at least a pixel and a rate");
    }
  }
  if (options.audio_rate_hz < 0 || options.audio_rate_hz > 384000) {
    return fail(ErrorCode::invalid, fmt::format("sound at {} Hz cannot be given; at most 384000",
                                                options.audio_rate_hz));
  }
  return {};
}

class NoViewer final : public Viewer {
 public:
  Status begin(const MediaFacts&) override { return {}; }
  Status on_frame(std::size_t, const Frame&) override { return {}; }
  Status on_samples(const Samples&) override { return {}; }
};

}  // namespace

Result<Watched> watch(const Decoder& decoder, const std::string& path, const WatchOptions& options,
                      Viewer& viewer, Progress& progress) {
  RF_TRY(check_options(options));
  Result<Watched> watched = watch_file(decoder, path, options, viewer, progress, false);
  if (!watched) return std::move(watched).error().with(path);
  return watched;
}

Result<MediaFacts> probe(const Decoder& decoder, const std::string& path, const Limits& limits) {
  NoViewer viewer;
  NoProgress progress;
  const WatchOptions options{.limits = limits};
  Result<Watched> watched = watch_file(decoder, path, options, viewer, progress, true);
  if (!watched) return std::move(watched).error().with(path);
  return watched->facts;
}

}  // namespace rf::media
