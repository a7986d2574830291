#include "api/film_matching.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace rf::api {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kCandidatesShown = 5;

// Shorter ids than this may be a date, a size or a number of takes. Chosen: platforms' ids have ten
// digits and more.
constexpr std::size_t kIdDigitsMin = 8;

// Words that together have fewer letters say too little ("v2", "9x16"). Chosen.
constexpr std::size_t kTokenLettersMin = 6;

using Words = std::vector<std::string>;

bool is_of_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

Words words_of(std::string_view text) {
  Words words;
  bool within = false;
  for (char c : text) {
    if (!is_of_word(c)) {
      within = false;
      continue;
    }
    if (!within) words.emplace_back();
    within = true;
    words.back() += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return words;
}

std::size_t letters_of(const Words& words) {
  std::size_t letters = 0;
  for (const std::string& word : words) letters += word.size();
  return letters;
}

bool is_number(const std::string& word) {
  return std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

bool holds(const Words& whole, const Words& part) {
  if (letters_of(part) < kTokenLettersMin || std::ranges::all_of(part, is_number)) return false;
  return std::search(whole.begin(), whole.end(), part.begin(), part.end()) != whole.end();
}

// What a film's name says, by one of the ways.
struct Claim {
  std::vector<std::size_t> ads;
  std::string unclear;  // Why it cannot be told which of `ads`; empty: all of them.
};

constexpr std::array<std::string_view, 4> kWays{"mapping", "id", "name", "token"};

class Matcher {
 public:
  Matcher(const std::vector<AdToMatch>& ads, const std::vector<FilmMapping>& mapping,
          const learn::Taxonomy& taxonomy)
      : ads_(ads), mapping_(mapping), taxonomy_(taxonomy) {
    for (const AdToMatch& ad : ads) names_.push_back(words_of(ad.entity.name()));
  }

  Claim claim(std::size_t way, const fs::path& film) const {
    const Words stem = words_of(film.stem().string());
    switch (way) {
      case 0: return by_mapping(film.filename().string());
      case 1: return by_id(film.stem().string(), stem);
      case 2: return by_name(stem, words_of(film.filename().string()));
      default: return by_token(stem);
    }
  }

  std::string called(std::size_t ad) const {
    return fmt::format("{} ({}, {})", ads_[ad].entity.name(), ads_[ad].id.text, ads_[ad].account);
  }

  // Ads that a line of the mapping means.
  Claim meant_by(const FilmMapping& line) const {
    Claim claim;
    std::set<std::string> accounts;
    for (std::size_t i = 0; i < ads_.size(); ++i) {
      const AdToMatch& ad = ads_[i];
      if (!line.account.empty() && line.account != ad.account) continue;
      const bool is_meant = line.ad == ad.id.text || line.ad == ad.entity.name() ||
                            (!ad.entity.ad_id.empty() && line.ad == ad.entity.ad_id);
      if (!is_meant) continue;
      claim.ads.push_back(i);
      accounts.insert(ad.account);
    }
    if (accounts.size() > 1) claim.unclear = "ads of several accounts are called so";
    return claim;
  }

 private:
  Claim by_mapping(const std::string& file) const {
    Claim claim;
    for (const FilmMapping& line : mapping_) {
      if (line.file != file) continue;
      Claim meant = meant_by(line);
      if (!meant.unclear.empty()) claim.unclear = meant.unclear;
      claim.ads.insert(claim.ads.end(), meant.ads.begin(), meant.ads.end());
    }
    std::ranges::sort(claim.ads);
    claim.ads.erase(std::unique(claim.ads.begin(), claim.ads.end()), claim.ads.end());
    return claim;
  }

  Claim by_id(const std::string& stem, const Words& words) const {
    Claim claim;
    for (std::size_t i = 0; i < ads_.size(); ++i) {
      const std::string& id = ads_[i].entity.ad_id;
      if (id.empty()) continue;
      const bool part =
          id.size() >= kIdDigitsMin && is_number(id) && std::ranges::find(words, id) != words.end();
      if (part || stem == id) claim.ads.push_back(i);
    }
    if (claim.ads.size() > 1) claim.unclear = "its name has the ids of several ads";
    return claim;
  }

  Claim by_name(const Words& stem, const Words& whole) const {
    Claim claim;
    if (stem.empty()) return claim;
    for (std::size_t i = 0; i < ads_.size(); ++i) {
      if (names_[i] == stem || names_[i] == whole) claim.ads.push_back(i);
    }
    settle(claim);
    return claim;
  }

  Claim by_token(const Words& stem) const {
    Claim claim;
    for (std::size_t i = 0; i < ads_.size(); ++i) {
      if (holds(names_[i], stem) || holds(stem, names_[i])) claim.ads.push_back(i);
    }
    settle(claim);
    return claim;
  }

  void settle(Claim& claim) const {
    std::set<std::string> accounts;
    std::set<std::string_view> names;
    for (std::size_t i : claim.ads) {
      accounts.insert(ads_[i].account);
      names.insert(ads_[i].entity.name());
    }
    if (claim.ads.size() < 2) return;
    if (names.size() > 1) {
      claim.unclear = "several ads have names that fit";
    } else if (accounts.size() > 1) {
      claim.unclear = "ads of several accounts are called so";
    } else if (!learn::dimensions_of(taxonomy_, *names.begin())) {
      claim.unclear = "several ads are called so, by a name that follows no naming convention";
    }
  }

  const std::vector<AdToMatch>& ads_;
  const std::vector<FilmMapping>& mapping_;
  const learn::Taxonomy& taxonomy_;
  std::vector<Words> names_;
};

std::string say_in_mapping(const std::string& film, std::string_view ad) {
  return fmt::format("add a line to {} beside it: {},{}", kMappingName,
                     fs::path(film).filename().string(), ad);
}

std::vector<std::string> shown(const Matcher& matcher, const std::vector<std::size_t>& ads) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(ads.size(), kCandidatesShown); ++i) {
    names.push_back(matcher.called(ads[i]));
  }
  return names;
}

// What one film claims by its strongest way.
struct Claimed {
  std::size_t way = kWays.size();
  Claim claim;
};

Claimed strongest(const Matcher& matcher, const std::string& film) {
  for (std::size_t way = 0; way < kWays.size(); ++way) {
    Claim claim = matcher.claim(way, film);
    if (!claim.ads.empty()) return {way, std::move(claim)};
  }
  return {};
}

// For each ad, the films that claim it by the strongest way that any does.
struct Claimants {
  std::size_t way = kWays.size();
  std::vector<std::size_t> films;
};

std::vector<Claimants> claimants_of(const std::vector<Claimed>& claimed, std::size_t ads) {
  std::vector<Claimants> claimants(ads);
  for (std::size_t f = 0; f < claimed.size(); ++f) {
    if (!claimed[f].claim.unclear.empty()) continue;
    for (std::size_t ad : claimed[f].claim.ads) {
      Claimants& each = claimants[ad];
      if (claimed[f].way > each.way) continue;
      if (claimed[f].way < each.way) each = {claimed[f].way, {}};
      each.films.push_back(f);
    }
  }
  return claimants;
}

bool agree(const std::vector<FilmToMatch>& films, const Claimants& claimants) {
  return std::ranges::all_of(claimants.films, [&](std::size_t f) {
    return films[f].sha256 == films[claimants.films.front()].sha256;
  });
}

OpenFilm unclear_film(const Matcher& matcher, const std::string& film, const Claim& claim) {
  return {.film = film,
          .why = claim.unclear,
          .candidates = shown(matcher, claim.ads),
          .what_to_do = say_in_mapping(film, "the ad's key in brackets")};
}

OpenFilm contested_film(const Matcher& matcher, const std::string& film,
                        const std::vector<std::size_t>& ads) {
  return {.film = film,
          .why = "another film belongs to the same ad by its name",
          .candidates = shown(matcher, ads),
          .what_to_do = say_in_mapping(film, "the ad that shows this one")};
}

void add_stray_lines(const Matcher& matcher, const std::vector<FilmToMatch>& films,
                     const std::vector<FilmMapping>& mapping, std::vector<OpenFilm>& open) {
  std::set<std::string> names;
  for (const FilmToMatch& film : films) names.insert(fs::path(film.path).filename().string());
  for (const FilmMapping& line : mapping) {
    const bool no_film = !names.contains(line.file);
    if (!no_film && !matcher.meant_by(line).ads.empty()) continue;
    open.push_back(
        {.film = line.file,
         .why = fmt::format("{}:{}: {}", kMappingName, line.line,
                            no_film ? "there is no such film in the folder"
                                    : fmt::format("no ad of this import answers to '{}'", line.ad)),
         .candidates = {},
         .what_to_do = no_film ? "put the film there, or take the line out"
                               : "'reelforge report' lists the ads; use an id, a key or a name"});
  }
}

}  // namespace

Result<std::vector<FilmMapping>> read_film_mapping(const std::string& path) {
  DataTable table = RF_TRY(read_data_table(path, Header::first_row));
  const std::size_t file = RF_TRY(table.column("file"));
  const std::size_t ad = RF_TRY(table.column("ad"));
  const auto account = std::ranges::find(table.names(), "account") - table.names().begin();
  std::vector<FilmMapping> lines;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    FilmMapping& line = lines.emplace_back();
    line = {.line = table.line(row),
            .file = std::string(table.at(row, file)),
            .ad = std::string(table.at(row, ad)),
            .account = {}};
    if (account < std::ssize(table.names())) {
      line.account = table.at(row, static_cast<std::size_t>(account));
    }
  }
  return lines;
}

FilmMatching match_films(const std::vector<FilmToMatch>& films, const std::vector<AdToMatch>& ads,
                         const std::vector<FilmMapping>& mapping, const learn::Taxonomy& taxonomy) {
  const Matcher matcher(ads, mapping, taxonomy);
  std::vector<Claimed> claimed;
  claimed.reserve(films.size());
  for (const FilmToMatch& film : films) claimed.push_back(strongest(matcher, film.path));
  const std::vector<Claimants> claimants = claimants_of(claimed, ads.size());

  FilmMatching matching;
  for (std::size_t f = 0; f < films.size(); ++f) {
    const std::string& film = films[f].path;
    const auto& [way, claim] = claimed[f];
    if (claim.ads.empty()) {
      matching.open.push_back({.film = film,
                               .why = "no ad of this import has its name, or an id in it",
                               .candidates = {},
                               .what_to_do = say_in_mapping(film, "the id or name of its ad")});
      continue;
    }
    if (!claim.unclear.empty()) {
      matching.open.push_back(unclear_film(matcher, film, claim));
      continue;
    }
    FilmMatch match{.film = film, .ads = {}, .by = std::string(kWays.at(way))};
    for (std::size_t ad : claim.ads) {
      const bool first = claimants[ad].way == way;  // No stronger claim took the ad.
      if (first && agree(films, claimants[ad])) match.ads.push_back(ad);
    }
    if (match.ads.empty()) {
      matching.open.push_back(contested_film(matcher, film, claim.ads));
    } else {
      matching.matched.push_back(std::move(match));
    }
  }
  add_stray_lines(matcher, films, mapping, matching.open);
  return matching;
}

}  // namespace rf::api
