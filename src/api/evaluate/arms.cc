#include "api/evaluate/arms.h"

#include <cstdint>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "api/evaluate/table.h"

namespace rf::api {

Result<std::vector<learn::BanditTest>> read_arms(const std::string& path) {
  DataTable table = RF_TRY(read_data_table(path, Header::first_row));
  const std::size_t name = RF_TRY(table.column("test"));
  const std::vector<std::int64_t> trials = RF_TRY(table.counts("n"));
  const std::vector<std::int64_t> successes = RF_TRY(table.counts("c"));
  std::vector<learn::BanditTest> tests;
  std::unordered_map<std::string_view, std::size_t> places;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (successes[row] > trials[row]) {
      return fail(ErrorCode::corrupt, fmt::format("{}:{}: found c {}, more than n {}", path,
                                                  table.line(row), successes[row], trials[row]));
    }
    auto [place, fresh] = places.try_emplace(table.at(row, name), tests.size());
    if (fresh) tests.emplace_back();
    tests[place->second].arms.push_back({.successes = static_cast<double>(successes[row]),
                                         .trials = static_cast<double>(trials[row])});
  }
  return tests;
}

}  // namespace rf::api
