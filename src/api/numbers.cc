#include "api/numbers.h"

#include <charconv>
#include <system_error>

#include <fmt/format.h>

namespace rf::api {

Result<std::vector<std::int64_t>> numbers_in(const std::vector<std::string>& texts,
                                             std::string_view place, std::string_view expected) {
  std::vector<std::int64_t> numbers;
  numbers.reserve(texts.size());
  for (const std::string& text : texts) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) {
      return fail(ErrorCode::invalid,
                  fmt::format("{}: found '{}', expected {}", place, text, expected));
    }
    numbers.push_back(number);
  }
  return numbers;
}

}  // namespace rf::api
