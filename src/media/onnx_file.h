// A neural network's file (ONNX): read under limits, named by its fingerprint, and with the size of
// its input settled before a runtime sees it.
//
// The runtime that Debian 12 has (OpenCV 4.6) refuses graphs whose input size is left open,
// although it runs the same graph once the size is written into it. So the size is written here,
// into the bytes. The walk over the file also catches cut-off and foreign files early, by their
// place.

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace rf::media {

struct OnnxFile {
  std::string name;  // The file's name and fingerprint: "yolox_nano.onnx sha256:0123456789ab".
  std::string bytes;
};

// The first input of the graph that is a picture: batch, channels, height, width.
struct OnnxInput {
  std::string name;
  std::array<std::int64_t, 4> shape{};  // 0 where the graph leaves it open.
};

// Errors: not_found; over_limit above 512 MB; corrupt, as check in picture_input().
Result<OnnxFile> read_onnx(const std::string& path);

// Errors: corrupt, when the bytes are not a whole ONNX file; unsupported, when no input has four
// dimensions of 32-bit floats.
Result<OnnxInput> picture_input(std::string_view bytes);

// The same network with the size of its picture input settled to 1 x 3 x height x width.
// Errors: as picture_input().
Result<std::string> with_input_size(std::string_view bytes, int height, int width);

}  // namespace rf::media
