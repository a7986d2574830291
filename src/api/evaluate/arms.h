// Finished tests from a table with one row an arm: test, n, c.

#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "learn/bandit_trial.h"

namespace rf::api {

// In the order in which each test first stands in the file; further columns are left alone.
// Errors: those of read_data_table(); not_found, for a missing column; corrupt, with the line, for
// what is not a count or where c is more than n.
Result<std::vector<learn::BanditTest>> read_arms(const std::string& path);

}  // namespace rf::api
