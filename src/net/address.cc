#include "net/address.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace rf::net {
namespace {

using Four = std::uint32_t;
using Sixteen = std::array<std::uint8_t, 16>;

struct FourRange {
  Four start;
  int bits;
};

// Source: RFC 6890, and the registry's later entries.
constexpr auto kNotPublicFour = std::to_array<FourRange>({
    {0x00000000, 8},   // This network.
    {0x0a000000, 8},   // Private.
    {0x64400000, 10},  // Shared by providers.
    {0x7f000000, 8},   // Loopback.
    {0xa9fe0000, 16},  // Link-local, where clouds keep their credentials.
    {0xac100000, 12},  // Private.
    {0xc0000000, 24},  // Protocol assignments.
    {0xc0000200, 24},  // Documentation.
    {0xc0586300, 24},  // 6to4 relays.
    {0xc0a80000, 16},  // Private.
    {0xc6120000, 15},  // Benchmarks.
    {0xc6336400, 24},  // Documentation.
    {0xcb007100, 24},  // Documentation.
    {0xe0000000, 3},   // Multicast, reserved, broadcast.
});

bool is_public_four(Four address) {
  return std::ranges::none_of(kNotPublicFour, [&](const FourRange& range) {
    return (address ^ range.start) >> (32 - range.bits) == 0;
  });
}

Four four_at(const Sixteen& bytes, std::size_t at) {
  Four value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = (value << 8) | bytes[at + i];
  return value;
}

// Global unicast is 2000::/3; in it, tunnels are as public as the address they lead to.
bool is_public_six(const Sixteen& bytes) {
  const bool mapped =
      std::all_of(bytes.begin(), bytes.begin() + 10, [](int b) { return b == 0; }) &&
      bytes[10] == 0xff && bytes[11] == 0xff;
  if (mapped) return is_public_four(four_at(bytes, 12));
  if ((bytes[0] & 0xe0) != 0x20) return false;
  const unsigned first = static_cast<unsigned>(bytes[0]) << 8 | bytes[1];
  const unsigned second = static_cast<unsigned>(bytes[2]) << 8 | bytes[3];
  if (first == 0x2002) return is_public_four(four_at(bytes, 2));
  if (first == 0x2001 && second < 0x0200) return false;  // Protocol assignments and Teredo.
  return !(first == 0x2001 && second == 0x0db8);         // Documentation.
}

}  // namespace

bool is_public(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, &address, sizeof four);
    return is_public_four(ntohl(four.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return false;
  sockaddr_in6 six{};
  std::memcpy(&six, &address, sizeof six);
  Sixteen bytes{};
  std::memcpy(bytes.data(), &six.sin6_addr, bytes.size());
  return is_public_six(bytes);
}

bool is_public(std::string_view text) {
  const std::string whole(text);
  in_addr four{};
  if (inet_pton(AF_INET, whole.c_str(), &four) == 1) return is_public_four(ntohl(four.s_addr));
  Sixteen bytes{};
  return inet_pton(AF_INET6, whole.c_str(), bytes.data()) == 1 && is_public_six(bytes);
}

int open_socket_of(int family, int type, int protocol) {
  return socket(family, type | SOCK_CLOEXEC, protocol);
}

}  // namespace rf::net
