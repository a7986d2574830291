// The sandbox's films on disk, with the list of which ad shows which.

#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"

namespace rf::api {

struct FilmLine {
  std::size_t film = 0;  // Of sim::kFilms.
  std::string ad;        // As videos.csv names it.
  std::string account;
};

// Writes the films that the lines name and a videos.csv of the lines. The same lines give the same
// bytes.
// Errors: unavailable; conflict, when cancelled.
// Cost: about half a second of one core a film.
Status write_films(const std::string& folder, const std::vector<FilmLine>& lines,
                   Progress& progress);

}  // namespace rf::api
