// The films of the accounts beside their numbers, and those most like a given one.

#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "api/film_view.h"
#include "api/judged.h"
#include "learn/creatives.h"

namespace rf::api {

// One record for each film of each account, by account and the film's hash.
std::vector<learn::CreativeRecord> creatives_of(const std::vector<Judged>& all);

struct Likeness {
  std::vector<CreativeLine> winners;  // Nearest first.
  std::vector<CreativeLine> losers;
  std::string rests_on;  // How many creatives were compared, and how many of them are sure.
};

// At most `count` of each, the film itself left out.
Likeness creatives_like(const Creative& own, const std::vector<learn::CreativeRecord>& records,
                        std::size_t count);

}  // namespace rf::api
