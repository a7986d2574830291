// `import --videos`: the films of a folder, brought to the ads of an export, watched and
// remembered.

#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "api/failure.h"
#include "api/film_matching.h"
#include "api/operation.h"

namespace rf::api {

struct AdShown {
  std::string account;
  std::string key;
  std::string name;
};

// A film whose ads are known, and which could be watched.
struct TakenFilm {
  std::string film;
  std::string sha256;
  std::string matched_by;
  std::vector<AdShown> ads;
  double duration_s = 0;
  std::string hook_type;
  double hook_score = 0;
};

struct FilmsReport {
  std::string folder;
  std::int64_t films = 0;  // In the folder.
  std::vector<TakenFilm> taken;
  std::int64_t creatives = 0;  // Different films among those: files of the same bytes are one.
  std::vector<OpenFilm> open;
  std::vector<Failure> failed;
  std::int64_t ads = 0;            // Of the import's accounts.
  std::int64_t ads_with_film = 0;  // Now, from whatever import.
  std::int64_t added = 0;
  std::int64_t changed = 0;
  std::int64_t unchanged = 0;
};

struct FilmsAsked {
  std::string folder;
  std::string models;
  std::set<std::string> accounts;  // Whose ads may be matched.
  Instant as_of;
};

// Films are watched several at a time and nothing twice; what was watched stays when it is
// cancelled, and the same command goes on. A film that cannot be watched is named in `failed`.
// Errors: not_found (the folder); those of the mapping and of the store.
Result<FilmsReport> import_films(const FilmsAsked& asked, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::OpenFilm> {
  using Self = rf::api::OpenFilm;
  static constexpr auto fields = std::tuple{
      field("film", &Self::film, "the file"), field("why", &Self::why, "why it shows no ad yet"),
      field("candidates", &Self::candidates, "ads that it may belong to, the first few"),
      field("what_to_do", &Self::what_to_do, "so that it does")};
};

template <>
struct rf::Described<rf::api::AdShown> {
  using Self = rf::api::AdShown;
  static constexpr auto fields =
      std::tuple{field("account", &Self::account, "whose it is"),
                 field("key", &Self::key, "under which it is remembered"),
                 field("name", &Self::name, "as people know it")};
};

template <>
struct rf::Described<rf::api::TakenFilm> {
  using Self = rf::api::TakenFilm;
  static constexpr auto fields =
      std::tuple{field("film", &Self::film, "the file"),
                 field("sha256", &Self::sha256, "of its bytes: the creative"),
                 field("matched_by", &Self::matched_by, "mapping, id, name or token"),
                 field("ads", &Self::ads, "that show it"),
                 field("duration_s", &Self::duration_s, "its length"),
                 field("hook_type", &Self::hook_type, "what its first seconds work with"),
                 field("hook_score", &Self::hook_score, "0 to 100, by rule")};
};

template <>
struct rf::Described<rf::api::FilmsReport> {
  using Self = rf::api::FilmsReport;
  static constexpr auto fields =
      std::tuple{field("folder", &Self::folder, "where the films are"),
                 field("films", &Self::films, "in the folder"),
                 field("taken", &Self::taken, "those whose ads are known"),
                 field("creatives", &Self::creatives, "different films among those"),
                 field("open", &Self::open, "those whose ads are not, and what to do"),
                 field("failed", &Self::failed, "those that could not be watched, and why"),
                 field("ads", &Self::ads, "of the import's accounts"),
                 field("ads_with_film", &Self::ads_with_film, "whose film is known now"),
                 field("added", &Self::added, "ads whose film was not known before"),
                 field("changed", &Self::changed, "ads that were known to show another film"),
                 field("unchanged", &Self::unchanged, "ads whose film was known already")};
};
