// Watching many files: several at once, nothing twice, what is finished kept.

#pragma once

#include <string>
#include <vector>

#include "api/operation.h"
#include "video/analyse.h"

namespace rf::api {

// The films that the paths name: files as they are, folders by everything in them that is called
// like a film (.mp4, .mov, …), by name. A path that stands twice counts once.
// Errors: not_found.
Result<std::vector<std::string>> films_in(const std::vector<std::string>& paths);

// Where models lie: the folder that was given; else "models" beside the store, where there is one;
// else empty.
std::string models_folder(const std::string& given, const Services& services);

// Features of each film as the JSON of rf::Features, in the order of the paths, or why there are
// none. Films whose bytes the store knows under the same method are not watched again, and each
// that is watched is kept at once, so that a run that is cancelled goes on where it stopped.
// Errors: of analysis_method() and of the store's opening. Once cancelled, what was not begun and
// what was interrupted is a conflict.
// Cost: as many films at once as there are cores, each with a decoder's process beside it.
Result<std::vector<Result<Json>>> features_of(const std::vector<std::string>& films,
                                              const video::AnalyseOptions& options,
                                              Services& services);

// The same of one film, as a struct.
Result<Features> features_of(const std::string& film, const video::AnalyseOptions& options,
                             Services& services);

}  // namespace rf::api
