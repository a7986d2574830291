// A row of counts as the doors show it.

#pragma once

#include <map>
#include <string>

#include "model/metric.h"

namespace rf::api {

// Only what was reported, by the metric's name.
std::map<std::string, double> reported(const Counts& counts);

}  // namespace rf::api
