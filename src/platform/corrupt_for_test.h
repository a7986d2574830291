// What a reader of hostile answers promises: a value, or an error that calls them corrupt.

#pragma once

#include "base/check.h"
#include "base/result.h"

namespace rf::platform {

template <typename T>
void must_be_corrupt(const Result<T>& result) {
  RF_CHECK(result || result.error().code == ErrorCode::corrupt);
}

}  // namespace rf::platform
