// Which film belongs to which ad, by what they are called. What is not plain is asked, not guessed.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "api/evaluate/table.h"
#include "base/result.h"
#include "learn/naming.h"
#include "model/entity.h"

namespace rf::api {

struct AdToMatch {
  std::string account;
  EntityId id;
  Entity entity;
};

struct FilmToMatch {
  std::string path;
  std::string sha256;  // Two films of the same bytes do not contradict each other.
};

// A line of videos.csv.
struct FilmMapping {
  std::int64_t line = 0;
  std::string file;     // As it is called, without its folder.
  std::string ad;       // The platform's id, the store's key or the exact name.
  std::string account;  // Empty: any.
};

// The name of the mapping file within the folder of films.
inline constexpr std::string_view kMappingName = "videos.csv";

// The lines of a table with columns file, ad and, where there is one, account.
// Errors: those of read_data_table(); not_found, when a column is missing.
Result<std::vector<FilmMapping>> read_film_mapping(const std::string& path);

struct FilmMatch {
  std::string film;
  std::vector<std::size_t> ads;  // Indices of the ads; all of one account unless mapped.
  std::string by;                // mapping, id, name or token.
};

// A film that shows no ad yet, or a line of the mapping that leads nowhere.
struct OpenFilm {
  std::string film;
  std::string why;
  std::vector<std::string> candidates;  // Ads that it may belong to, the first few.
  std::string what_to_do;
};

struct FilmMatching {
  std::vector<FilmMatch> matched;  // By film, as given.
  std::vector<OpenFilm> open;
};

// The strongest of these that a film has, each by the file's name without its ending:
//   mapping: a line of the mapping names it;
//   id: it is the platform's id of an ad, or has one as a part;
//   name: it is an ad's name, case and what stands between words aside;
//   token: its words stand together in one ad's name, or that name's words in it.
// A name that several ads have is plain only where it follows the naming convention, which names
// creatives; what would belong to two accounts, two names or, for one ad, two films, stays open.
// Cost: films x ads.
FilmMatching match_films(const std::vector<FilmToMatch>& films, const std::vector<AdToMatch>& ads,
                         const std::vector<FilmMapping>& mapping, const learn::Taxonomy& taxonomy);

}  // namespace rf::api
