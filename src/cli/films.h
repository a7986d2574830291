// How films and creatives look where several views show them.

#pragma once

#include <string>
#include <vector>

#include "api/evaluate/patterns.h"
#include "api/film_view.h"
#include "api/import_films.h"
#include "cli/text.h"

namespace rf::cli {

// "face 71/100, face at 0.4 s, cut at 1.2 s".
std::string film_words(const api::FilmView& film);

std::string show_films_report(const api::FilmsReport& report, const Style& style);

// A table of creatives with their numbers; nothing for none.
std::string show_creatives(const std::vector<api::CreativeLine>& creatives, const Style& style);

// The table of believed patterns; nothing for none.
std::string show_pattern_rows(const std::vector<api::PatternRow>& patterns, const Style& style);

}  // namespace rf::cli
