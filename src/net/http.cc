#include "net/http.h"

#include <algorithm>

namespace rf::net {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

void Headers::add(std::string name, std::string value) {
  fields_.emplace_back(std::move(name), std::move(value));
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  auto at = std::ranges::find_if(fields_,
                                 [&](const Field& field) { return same_name(field.first, name); });
  if (at == fields_.end()) return std::nullopt;
  return at->second;
}

}  // namespace rf::net
