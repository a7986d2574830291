// Words onto pictures: wrapped, shaped and outlined as every script wants it, right to left too.

#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace rf::media {

// Where on the picture a text stands, inside the part that platforms keep free of their own
// buttons.
enum class TextPlace : std::uint8_t {
  top,     // A hook's headline.
  bottom,  // Captions.
  middle,  // What is asked at the end.
};

struct TimedText {
  double start_s = 0;
  double end_s = 0;
  TextPlace place = TextPlace::bottom;
  std::string text;    // UTF-8; never read as markup.
  std::string colour;  // "#rrggbb" of the letters.
  std::string behind;  // Of a box behind them; empty: an outline only.
};

struct PictureSize {
  int width = 0;
  int height = 0;
};

// The same texts give the same pictures with the same fonts installed.
// Thread: one at a time.
class Lettering {
 public:
  // Errors: invalid (a colour, text with control characters, no size);
  // unavailable, when no font is installed.
  static Result<Lettering> open(PictureSize size, std::span<const TimedText> texts);

  Lettering(Lettering&&) noexcept;
  Lettering& operator=(Lettering&&) noexcept;
  ~Lettering();

  // Draws what is shown at that moment.
  // REQUIRES: the picture has the size, height x width x 3, blue green red.
  void draw(double t_s, std::span<std::uint8_t> bgr);

 private:
  struct Parts;
  explicit Lettering(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// The text as libass shows it letter by letter: braces and backslashes would be its markup.
// Errors: invalid, when it holds control characters.
Result<std::string> without_markup(std::string_view text);

}  // namespace rf::media
