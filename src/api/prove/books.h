// The store beside the world's own books: what differs, in words.

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "model/receipt.h"
#include "sim/platform/sandbox.h"
#include "store/store.h"

namespace rf::api {

// For each account of the scene and each day: the newest day that reports reached when that day was
// last asked for.
using SeenDays = std::vector<std::map<Day, Day>>;

struct BookCheck {
  std::int64_t rows = 0;            // Days of ads that the world has.
  std::int64_t numbers = 0;         // Counts and amounts of theirs that were compared.
  std::int64_t settings = 0;        // Status and budget of campaigns, ad sets and ads.
  std::int64_t writes = 0;          // Changes that took effect on the platforms.
  std::int64_t receipts = 0;        // That say so.
  std::int64_t writes_doubled = 0;  // More changes than receipts for them.
  std::vector<std::string> differences;
};

// Every number of every day that the store holds, against what the platform would say of the day on
// the newest day when it was asked; every setting; every change against its receipt.
// REQUIRES: all that was asked for before it is settled.
// Errors: those of the store.
Result<BookCheck> check_books(Store& store, const sim::Sandbox& box, const SeenDays& seen);

// SHA-256 of everything that a run leaves behind: numbers, receipts, the platforms' books.
// Errors: those of the store.
Result<std::string> fingerprint_of(Store& store, const sim::Sandbox& box);

}  // namespace rf::api
