#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace rf {

void check_failed(const char* file, int line, const char* condition) {
  static_cast<void>(std::fprintf(stderr,
                                 "reelforge: this is a bug in reelforge: %s:%d: %s does not hold\n",
                                 file, line, condition));
  std::abort();
}

}  // namespace rf
