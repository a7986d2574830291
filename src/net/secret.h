// Secrets: made, and compared without telling by the time it takes.

#pragma once

#include <string>
#include <string_view>

namespace rf::net {

// 256 random bits as 43 characters of base64url, from the operating system.
std::string new_secret();

// Takes the same time wherever they differ; only their lengths may be guessed from it.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace rf::net
