#include "net/event_stream.h"

#include <algorithm>

namespace rf::net {
namespace {

// Without what would end the line; a NUL in an id would make the browser drop it.
std::string one_line(std::string_view text) {
  std::string out;
  std::ranges::copy_if(text, std::back_inserter(out),
                       [](char c) { return c != '\n' && c != '\r' && c != '\0'; });
  return out;
}

}  // namespace

std::string to_wire(const Event& event) {
  std::string out;
  if (!event.id.empty()) out += "id: " + one_line(event.id) + "\n";
  if (!event.name.empty()) out += "event: " + one_line(event.name) + "\n";
  std::string_view rest = event.data;
  while (true) {
    const std::size_t end = std::min(rest.find_first_of("\r\n"), rest.size());
    out.append("data: ").append(rest.substr(0, end)).append("\n");
    if (end == rest.size()) break;
    const bool pair = rest.substr(end).starts_with("\r\n");
    rest.remove_prefix(end + (pair ? 2 : 1));
  }
  return out += "\n";
}

}  // namespace rf::net
