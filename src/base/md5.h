// MD5, where a platform asks for it to tell whether a file arrived whole. Proves nothing else.

#pragma once

#include <string>
#include <string_view>

namespace rf {

// 32 lower-case hexadecimal digits.
std::string md5_hex(std::string_view bytes);

}  // namespace rf
