// A codec's motion vectors in the terms of the picture as shown.

#pragma once

#include <vector>

#include "media/decode/av.h"
#include "media/decode/orientation.h"
#include "media/frame.h"

namespace rf::media {

// Those of one decoded picture; at most wire::kVectorsMax, the rest is left out.
std::vector<MotionVector> vectors_of(const AVFrame& frame, Orientation orientation,
                                     PictureSize shown);

}  // namespace rf::media
