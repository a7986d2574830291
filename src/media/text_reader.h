// Reading the words of one line of text in a picture.

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "media/frame.h"

namespace rf::media {

struct ReadLine {
  std::string text;       // UTF-8, words parted by single spaces; empty when nothing was read.
  double confidence = 0;  // Mean over words, [0, 1].
};

class TextReader {
 public:
  virtual ~TextReader() = default;

  // Program and language: "tesseract 5.3.0 eng".
  virtual std::string_view name() const = 0;

  // Reads `line`, a grey picture of one line, dark letters on light.
  // REQUIRES: line.pixels is grey.
  // Errors: unavailable, when the language's model cannot be loaded.
  // Cost: about 10 ms for a line; the first call also loads the model, about 70 ms.
  // Thread: one call at a time.
  virtual Result<ReadLine> read(const Frame& line) = 0;
};

// Tesseract's, with its model of English. Loads nothing before the first line, so that films
// without words pay nothing.
std::unique_ptr<TextReader> tesseract_reader();

}  // namespace rf::media
