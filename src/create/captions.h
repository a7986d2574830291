// Captions out of a narration: how many a recipe asks for, each while its words are said.

#pragma once

#include <vector>

#include "create/script.h"

namespace rf::create {

// As many as the density asks for, spread over the words.
// REQUIRES: scenes in order; a script of at least one word.
std::vector<Caption> captions_of(const std::vector<Scene>& scenes, CaptionDensity density);

}  // namespace rf::create
