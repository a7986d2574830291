// Takes out of a text what might be a secret: whatever platforms say is kept for years.

#pragma once

#include <string>
#include <string_view>

namespace rf::act {

// Values after names such as access_token, secret or password, after "Bearer", and words too long
// and too mixed to be words, are replaced by "(removed)". At most 2,000 bytes are kept.
std::string without_secrets(std::string_view text);

}  // namespace rf::act
