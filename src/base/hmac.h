// HMAC-SHA-256, with which platforms sign what they send and prove who asks.

#pragma once

#include <string>
#include <string_view>

namespace rf {

// 64 lower-case hexadecimal digits.
// Source: RFC 2104.
std::string hmac_sha256_hex(std::string_view key, std::string_view message);

// Takes as long whatever differs, so that nobody finds a signature letter by letter.
bool same_signature(std::string_view given, std::string_view expected);

}  // namespace rf
