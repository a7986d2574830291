#include "media/decode/vectors.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>

extern "C" {
#include <libavutil/motion_vector.h>
}

#include "media/decode/wire.h"

namespace rf::media {

std::vector<MotionVector> vectors_of(const AVFrame& frame, Orientation orientation,
                                     PictureSize shown) {
  std::vector<MotionVector> vectors;
  const AVFrameSideData* data = av_frame_get_side_data(&frame, AV_FRAME_DATA_MOTION_VECTORS);
  if (data == nullptr || frame.width <= 0 || frame.height <= 0) return vectors;
  const std::size_t count =
      std::min<std::size_t>(data->size / sizeof(AVMotionVector), wire::kVectorsMax);
  vectors.reserve(count);
  const float width = static_cast<float>(orientation.transposed ? frame.height : frame.width);
  const float height = static_cast<float>(orientation.transposed ? frame.width : frame.height);
  const float across = static_cast<float>(shown.width) / width;
  const float down = static_cast<float>(shown.height) / height;
  for (std::size_t i = 0; i < count; ++i) {
    AVMotionVector from{};
    std::memcpy(&from, data->data + i * sizeof(from), sizeof(from));
    if (from.motion_scale == 0) continue;
    // The codec's vector leads to where the block is copied from; into the past, it moved the
    // other way.
    const float sign = from.source < 0 ? -1.0F : 1.0F;
    const float scale = sign / static_cast<float>(from.motion_scale);
    MotionVector to{.x = static_cast<float>(from.dst_x),
                    .y = static_cast<float>(from.dst_y),
                    .dx = static_cast<float>(from.motion_x) * scale,
                    .dy = static_cast<float>(from.motion_y) * scale,
                    .area = static_cast<float>(from.w) * static_cast<float>(from.h)};
    if (orientation.transposed) {
      std::swap(to.x, to.y);
      std::swap(to.dx, to.dy);
    }
    if (orientation.mirrored) {
      to.x = width - to.x;
      to.dx = -to.dx;
    }
    if (orientation.upended) {
      to.y = height - to.y;
      to.dy = -to.dy;
    }
    vectors.push_back({.x = to.x * across,
                       .y = to.y * down,
                       .dx = to.dx * across,
                       .dy = to.dy * down,
                       .area = to.area * across * down});
  }
  return vectors;
}

}  // namespace rf::media
