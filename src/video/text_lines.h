// Where lines of text may stand in a picture, cheaply: so that the reader, which costs a hundred
// times as much, is asked about little else.
//
// Print has many strong edges side by side, one stroke up and one down, in a band that is a few
// strokes high and much wider, and two tones. A band that has all of it is called a line. Foliage
// and crowds have the edges too; the tones and the even fill keep most of them out.

#pragma once

#include <vector>

#include "video/pixels.h"

namespace rf::video {

// The bands, from the top, then the left; in pixels of `picture`. At most 12, the widest ones.
// Cost: linear in the pixels, about 1 ms for 270 x 480.
std::vector<Patch> find_text_lines(const Grey& picture);

// How much of the deviation of luma in a patch two tones explain, [0, 1].
// Source: Otsu 1979, doi:10.1109/TSMC.1979.4310076; between-class over total variance.
double two_tone(const Grey& picture, const Patch& patch);

}  // namespace rf::video
