// Joins the numbers of further files to the rows of a first: presets that show the same ads on the
// same days with other columns.

#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "model/metric_row.h"
#include "store/import/layout.h"

namespace rf::imports {

// True when rows of the two can be of the same things, and one has metrics that the other lacks.
bool are_presets(const Layout& a, const Layout& b);

class PresetJoin {
 public:
  // `own` names the rows by what `own` and all of `others` know of them: the id where all have it,
  // else the names that all have. `event` is what the others' conversions count.
  PresetJoin(const Layout& own, const std::vector<const Layout*>& others, std::string event);

  // Errors: over_limit; invalid, when one file has several rows for what would be joined.
  Status hold(std::size_t file, const MetricRow& row);

  // Adds what was held for this row, metric by metric where the row has none.
  // Errors: invalid, when the same numbers would be joined to two rows.
  Status join(MetricRow& row);

  // What no row was found for.
  std::vector<MetricRow> rest() const;

 private:
  struct Held {
    MetricRow row;
    std::vector<bool> files;
    bool joined = false;
  };
  std::string key_of(const MetricRow& row) const;

  std::unordered_map<std::string, Held> held_;
  std::size_t files_;
  std::string event_;
  bool by_id_ = true;
  bool campaign_ = true;
  bool adset_ = true;
};

}  // namespace rf::imports
