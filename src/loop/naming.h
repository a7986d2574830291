// The naming taxonomy that is in force.

#pragma once

#include "base/result.h"
#include "learn/naming.h"
#include "store/store.h"

namespace rf::loop {

// The one that was set, else the default.
// Errors: those of the store; corrupt, when the document kept there does not fit.
Result<learn::Taxonomy> taxonomy_of(Store& store);

}  // namespace rf::loop
