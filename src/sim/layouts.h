// One writer for each layout; export.h chooses among them.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/metric_row.h"
#include "sim/delimited.h"
#include "sim/world.h"

namespace rf::sim {

std::string meta_csv(const Export& file);
// Its parts, for files that are written as they are made.
void write_meta_header(DelimitedText& out, const Currency& currency);
void write_meta_row(DelimitedText& out, const MetricRow& row, const Currency& currency);
inline constexpr Dialect kMetaDialect{.quote_spaces = true};

std::string tiktok_csv(const Export& file);
std::string google_tsv(const Export& file);
std::string google_tsv_de(const Export& file);

// The rows' sum; what does not add up is not reported.
Counts sum_of(const std::vector<MetricRow>& rows);

// numerator ÷ denominator by what was counted; not reported where either is missing or the
// denominator is zero.
std::optional<double> ratio(const Counts& counts, Metric numerator, Metric denominator);

}  // namespace rf::sim
