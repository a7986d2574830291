#include "api/counts.h"

namespace rf::api {

std::map<std::string, double> reported(const Counts& counts) {
  std::map<std::string, double> values;
  for (const MetricInfo& info : all_metrics()) {
    auto value = counts.get(info.metric);
    if (value) values[std::string(info.name)] = as_number(info.metric, *value);
  }
  return values;
}

}  // namespace rf::api
