#include "loop/plan_of_plans.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/check.h"
#include "base/sha256.h"

namespace rf::loop {

std::string hash_of(const Plan& plan) {
  Json json = to_json(plan);
  json.as_object().erase("hash");
  return sha256_hex(to_text(json));
}

Plan plan_of_plans(std::vector<Plan> plans) {
  RF_CHECK(!plans.empty());
  Plan whole = std::move(plans.front());
  for (std::size_t i = 1; i < plans.size(); ++i) {
    Plan& part = plans[i];
    if (part.account != whole.account) whole.account.clear();
    if (part.attribution != whole.attribution) whole.attribution.clear();
    if (part.conversion_event != whole.conversion_event) whole.conversion_event.clear();
    whole.expires_at = std::min(whole.expires_at, part.expires_at);
    std::ranges::move(part.items, std::back_inserter(whole.items));
  }
  // Items that ask for nothing have priority 0 and come last.
  std::ranges::stable_sort(whole.items, {}, [](const PlanItem& item) {
    return item.priority == 0 ? std::numeric_limits<std::int64_t>::max() : item.priority;
  });
  std::int64_t number = 0;
  for (PlanItem& item : whole.items) item.id = fmt::format("{}", ++number);
  whole.hash = hash_of(whole);
  return whole;
}

}  // namespace rf::loop
