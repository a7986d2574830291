// The parts that follow the whole film, picture by picture and sample by sample: motion with shots
// and attention, sound with the words that go with it, and how the two fall together.

#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"
#include "video/analyse_parts.h"

namespace rf::video {

// Fills motion, shots, attention and face_motion; finishes after the faces, if those are wanted.
std::unique_ptr<Part> motion_part();

// Fills audio, with the pace of the transcript where one is given ("": none).
// Errors: as of parse_subtitles().
Result<std::unique_ptr<Part>> sound_part(std::string_view transcript);

// Fills sync; finishes after motion and sound.
std::unique_ptr<Part> sync_part();

}  // namespace rf::video
