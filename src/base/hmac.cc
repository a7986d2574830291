#include "base/hmac.h"

#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/check.h"

namespace rf {

std::string hmac_sha256_hex(std::string_view key, std::string_view message) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
  RF_CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, message.size(),
                digest.data(), &size) != nullptr);
  std::string text;
  text.reserve(2 * static_cast<std::size_t>(size));
  for (unsigned int i = 0; i < size; ++i) text += fmt::format("{:02x}", digest.at(i));
  return text;
}

bool same_signature(std::string_view given, std::string_view expected) {
  if (given.size() != expected.size()) return false;
  unsigned char differs = 0;
  for (std::size_t i = 0; i < given.size(); ++i) {
    differs =
        static_cast<unsigned char>(differs | static_cast<unsigned char>(given[i] ^ expected[i]));
  }
  return differs == 0;
}

}  // namespace rf
