// Meta exports as large as wanted, for measuring how fast they can be read.
//
// Written as it is made, with one line in memory at a time, and without the world behind it: the
// numbers look like an account's and fit into each other, but no ad has a truth.

#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "model/metric.h"

namespace rf::sim {

struct BulkExport {
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  Counts sum;  // Of all rows, so that a reader can be checked to the cent.
};

// Writes `rows` lines in the layout meta_csv, without a row of totals, in US dollars: days from
// 2024-01-01 on, on each of which all `ads` ads run; the last may be cut. The same arguments give
// the same bytes.
// REQUIRES: rows >= 0, ads > 0.
// Errors: unavailable, when the file cannot be written in full.
Result<BulkExport> write_bulk_meta_export(const std::string& path, std::int64_t rows,
                                          std::int64_t ads, std::uint64_t seed);

// The platform's id of ad number `ad` of such an export, and the CTR that its clicks are drawn by.
std::string bulk_ad_id(std::int64_t ad);
double bulk_ctr(std::int64_t ad, std::uint64_t seed);

}  // namespace rf::sim
