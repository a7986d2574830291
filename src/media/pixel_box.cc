#include "media/pixel_box.h"

namespace rf::media {

double overlap(const PixelBox& a, const PixelBox& b) {
  const double width = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
  const double height = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const double shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}

PixelBox within(const PixelBox& box, int width, int height) {
  const double left = std::clamp(box.x, 0.0, static_cast<double>(width));
  const double top = std::clamp(box.y, 0.0, static_cast<double>(height));
  const double right = std::clamp(box.x + box.width, left, static_cast<double>(width));
  const double bottom = std::clamp(box.y + box.height, top, static_cast<double>(height));
  return {left, top, right - left, bottom - top};
}

}  // namespace rf::media
