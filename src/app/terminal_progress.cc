#include "app/terminal_progress.h"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

namespace rf::app {
namespace {

// Ten times a second is as often as anyone can read.
constexpr Duration kRedraw = std::chrono::milliseconds(100);
constexpr int kBar = 24;

double seconds_of(Duration duration) { return static_cast<double>(duration.count()) / 1e6; }

std::string bar(double share) {
  std::string out;
  int full = static_cast<int>(share * kBar);
  for (int i = 0; i < kBar; ++i) out += i < full ? "━" : "┄";
  return out;
}

}  // namespace

TerminalProgress::~TerminalProgress() { clear(); }

void TerminalProgress::clear() {
  if (!on_screen_) return;
  static_cast<void>(std::fputs("\r\x1b[K", stderr));
  static_cast<void>(std::fflush(stderr));
  on_screen_ = false;
}

void TerminalProgress::report(std::string_view what, std::int64_t done, std::int64_t total) {
  if (!visible_) return;
  Instant now = clock_.now();
  if (what != what_) {
    what_ = what;
    began_ = drawn_ = now;
    return;
  }
  if (total > 0 && done >= total) return clear();
  if (now - drawn_ < kRedraw) return;
  drawn_ = now;
  double elapsed = std::max(seconds_of(now - began_), 1e-3);
  double rate = static_cast<double>(done) / elapsed;
  std::string line = fmt::format("\r\x1b[K{}  ", what_);
  if (total > 0) {
    double share = static_cast<double>(done) / static_cast<double>(total);
    line +=
        fmt::format("{} {:3.0f} %  {:.{}f}/s  {:.0f} s left", bar(share), share * 100, rate,
                    rate < 10 ? 1 : 0, static_cast<double>(total - done) / std::max(rate, 1e-9));
  } else {
    line += fmt::format("{}  {:.0f}/s", done, rate);
  }
  static_cast<void>(std::fputs(line.c_str(), stderr));
  static_cast<void>(std::fflush(stderr));
  on_screen_ = true;
}

}  // namespace rf::app
