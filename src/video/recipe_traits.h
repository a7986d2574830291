// The recipe that a film seems to have been made by, read back from its features.

#pragma once

#include "model/features.h"

namespace rf::video {

// REQUIRES: features.hook and features.cta are filled. Of the first and the last picture,
// `ends_as_it_began` says whether they look alike.
RecipeTraits recipe_traits(const Features& features, bool ends_as_it_began);

}  // namespace rf::video
