// Bytes as text that survives JSON and HTML.

#pragma once

#include <string>
#include <string_view>

namespace rf {

// Padded, without line breaks. Source: RFC 4648, 4.
std::string base64(std::string_view bytes);

}  // namespace rf
