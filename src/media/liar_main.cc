// A test's stand-in for the decoder: the first byte of the "film" says how it misbehaves.

#include <array>
#include <csignal>
#include <cstdint>
#include <cstring>

#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/rng.h"
#include "media/decode/wire.h"

namespace {

namespace wire = rf::media::wire;

template <typename Packet>
void tell(const Packet& packet) {
  static_cast<void>(send(wire::kTalkFd, &packet, sizeof(packet), MSG_NOSIGNAL));
}

void tell_facts() {
  wire::FactsPacket facts;
  facts.width = 180;
  facts.height = 320;
  tell(facts);
}

wire::PicturePacket picture(std::int64_t index) {
  wire::PicturePacket packet;
  packet.taps = 1;
  packet.index = index;
  packet.t_s = static_cast<double>(index) / 10;
  packet.width = 180;
  packet.height = 320;
  packet.channels = 1;
  return packet;
}

void tell_noise(std::uint64_t seed) {
  rf::Rng rng(seed);
  for (int i = 0; i < 50; ++i) {
    std::array<std::uint64_t, 40> noise{};
    for (std::uint64_t& each : noise) each = rng.next();
    const std::size_t bytes = rng.next() % sizeof(noise);
    static_cast<void>(send(wire::kTalkFd, noise.data(), bytes, MSG_NOSIGNAL));
  }
}

[[noreturn]] void stay() {
  while (true) pause();
}

void misbehave(char how, std::uint64_t seed) {
  tell_facts();
  tell(picture(0));
  switch (how) {
    case 'k': kill(getpid(), SIGKILL); break;
    case 's':
      signal(SIGSEGV, SIG_DFL);
      kill(getpid(), SIGSEGV);
      break;
    case 'h': stay();
    case 'c': close(wire::kTalkFd); stay();
    case 'n': tell_noise(seed); break;
    case 'o': {
      wire::PicturePacket outside = picture(1);
      outside.offset = std::int64_t{1} << 40;
      tell(outside);
      break;
    }
    case 'b': tell(picture(0)); break;
    case 'f': tell_facts(); break;
    case 't':
      static_cast<void>(ftruncate(wire::kRingFd, 0));
      tell(picture(1));
      break;
    default: break;
  }
}

}  // namespace

int main() {
  wire::Order order;
  static_cast<void>(recv(wire::kTalkFd, &order, sizeof(order), 0));
  std::array<char, 2> film{};
  static_cast<void>(pread(wire::kFilmFd, film.data(), film.size(), 0));
  misbehave(film[0], static_cast<std::uint64_t>(film[1]));
  return 0;
}
