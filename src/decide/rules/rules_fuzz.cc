// Any rule file: read, said in words, hashed, asked about its own cases.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "decide/rules/ask.h"
#include "decide/rules/rule.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto json = !text.empty() && text.front() == '{' ? rf::parse_json(text) : rf::parse_toml(text);
  if (!json) return 0;
  auto rules = rf::decide::read_rules(*json, "rules");
  if (!rules) return 0;
  for (const rf::decide::Rule& rule : *rules) {
    RF_CHECK(!rf::decide::in_words(rule).empty());
    RF_CHECK(rf::decide::test_cases(rule).size() == rule.cases.size());
    // What was read is written so that it reads the same.
    auto again = rf::from_json<rf::decide::Rule>(rf::to_json(rule), "again");
    RF_CHECK(again && rf::decide::hash_of(*again) == rf::decide::hash_of(rule));
  }
  return 0;
}
