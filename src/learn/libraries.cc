#include "learn/libraries.h"

#include <Eigen/Core>
#include <fmt/format.h>
#include <xgboost/c_api.h>

namespace rf {

std::vector<LibraryVersion> learn_libraries() {
  int major = 0;
  int minor = 0;
  int patch = 0;
  XGBoostVersion(&major, &minor, &patch);
  return {{"xgboost", fmt::format("{}.{}.{}", major, minor, patch)},
          {"eigen",
           fmt::format("{}.{}.{}", EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION)}};
}

}  // namespace rf
