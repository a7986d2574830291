#include "net/secret.h"

#include <array>
#include <cstdint>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "base/check.h"

namespace rf::net {

std::string new_secret() {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::array<std::uint8_t, 32> bytes{};
  const int made = RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  RF_CHECK(made == 1);
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const std::uint8_t byte : bytes) {
    bits = (bits << 8) | byte;
    for (held += 8; held >= 6; held -= 6) out += kDigits[(bits >> (held - 6)) & 63];
  }
  return out += kDigits[(bits << (6 - held)) & 63];
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace rf::net
