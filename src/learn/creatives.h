// Films beside what their ads brought: one record a film, whatever the number of ads that show it.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "learn/memory.h"
#include "model/belief.h"
#include "model/creative.h"
#include "model/estimate.h"

namespace rf::learn {

// Which film an ad shows.
struct ShownFilm {
  std::string file;             // As it was called.
  std::size_t creative = 0;     // Index into FilmsSeen::creatives.
  std::string matched_by = {};  // How it was found to be the ad's.
};

// The films of an account's ads.
struct FilmsSeen {
  std::vector<Creative> creatives;
  std::map<std::string, ShownFilm> by_ad;  // By the ad's key.

  // The film of the ad, or null where none is known.
  const Creative* of(const std::string& ad) const;
};

struct CreativeRecord {
  Creative creative;
  std::string file;
  std::string account;
  std::string platform;
  std::vector<std::string> ads;  // Names.
  std::string campaign;          // Of its first ad.
  Day first_day = kNoDay;        // On which one of its ads was first shown; kNoDay: not known.
  Counts closed;                 // Of all its ads, over the closed days.
  // Clicks of impressions. The rest of the group is what the account's other ads brought that are
  // compared with any of its own; none where neither was reported.
  std::optional<RateBelief> ctr;
  std::optional<Estimate> rate;  // Of the CTR, 90 %.
  std::optional<Estimate> lift;  // Over the rest of the group; none: it has no click.
  Fate fate = Fate::unsure;      // By the lift's interval.
};

// Several ads' events and exposures as one rate; the prior is that of the first.
void merge(std::optional<RateBelief>& sum, const std::optional<RateBelief>& part);

// Of the films that ads with beliefs show, by the film's hash.
std::vector<CreativeRecord> creative_records(std::span<const Belief> beliefs,
                                             const FilmsSeen& films, const std::string& account,
                                             const std::string& platform);

// The records as a memory that is asked by likeness, under the film's hash and account; those of
// another version of the DNA or another method than `like` are left out, as their vectors say other
// things; so are those without a rate.
Memory memory_of(std::span<const CreativeRecord> records, const Creative& like);

// Whose vectors may be compared.
bool comparable(const Creative& a, const Creative& b);

// The vector as the memory takes it.
std::vector<float> vector_of(const Creative& creative);

// What a record is remembered under.
std::string memory_key(const CreativeRecord& record);

}  // namespace rf::learn
