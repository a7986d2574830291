// Google's query language, as far as reports of ads need it.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rf::sim::google {

struct QueryCondition {
  std::string field;
  std::string op;  // "=", "!=", ">", ">=", "<", "<=", "IN", "BETWEEN", "DURING".
  std::vector<std::string> values;
};

struct Query {
  std::vector<std::string> fields;
  std::string resource;
  std::vector<QueryCondition> conditions;  // All of them hold.
  std::string order_field;
  bool descending = false;
  std::size_t limit = 0;  // 0: none.
};

// "SELECT campaign.id FROM campaign WHERE campaign.status != 'REMOVED' ORDER BY campaign.id LIMIT
// 5".
// Errors: invalid.
Result<Query> parse_query(std::string_view text);

}  // namespace rf::sim::google
