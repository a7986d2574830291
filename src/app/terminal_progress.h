// Progress on the terminal: one line that redraws itself, with rate and time left.

#pragma once

#include <functional>
#include <string>

#include "base/progress.h"
#include "base/time.h"

namespace rf::app {

class TerminalProgress final : public Progress {
 public:
  // Draws on standard error when `visible`; `cancelled` tells whether Ctrl-C was pressed.
  TerminalProgress(const Clock& clock, bool visible, std::function<bool()> cancelled)
      : clock_(clock), visible_(visible), cancelled_(std::move(cancelled)) {}
  ~TerminalProgress() override;

  void report(std::string_view what, std::int64_t done, std::int64_t total) override;
  bool cancelled() const override { return cancelled_(); }

 private:
  void clear();

  const Clock& clock_;
  bool visible_;
  std::function<bool()> cancelled_;
  std::string what_;
  Instant began_;
  Instant drawn_;
  bool on_screen_ = false;
};

}  // namespace rf::app
