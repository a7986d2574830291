// How recurring work stands, for Prometheus.

#pragma once

#include <string>

#include "api/operation.h"
#include "base/result.h"

namespace rf::server {

// Prometheus' text format 0.0.4: per account and job whether it waits, since when, and how its last
// run ended.
// Errors: those of the store.
Result<std::string> schedule_metrics(api::Services& services);

}  // namespace rf::server
