// The columns of a user's table as features: yes or no, amounts, values of a kind, traits of texts.

#pragma once

#include <string>
#include <vector>

#include "api/evaluate/table.h"
#include "learn/patterns.h"

namespace rf::api {

struct FeatureColumns {
  std::vector<learn::PatternFeature> features;
  std::vector<std::string> amounts;  // Names of features that are measured in standard deviations.
  std::vector<std::string> skipped;  // "column: why".
};

// The features of one column:
//   0 and 1, true and false, yes and no    one feature, "column"
//   numbers                                one, in standard deviations, of ln(1 + x) where skewed
//   few distinct values                    one for each frequent value, "column=value"
//   lines of text                          one for each trait of the wording, "column:trait"
//   anything else                          none, with the reason
// Missing: an empty cell, NA, NaN, null.
void add_features(const DataTable& table, std::size_t column, FeatureColumns& found);

// The same, without the traits of texts.
void add_plain_features(const DataTable& table, std::size_t column, FeatureColumns& found);

bool is_missing(std::string_view cell);

}  // namespace rf::api
