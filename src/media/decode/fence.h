// The fence around a process that is about to read a hostile file: from then on it can compute,
// use what it already has open, and end.

#pragma once

#include <cstdint>

#include "base/result.h"

namespace rf::media {

struct FenceLimits {
  double cpu_s = 0;
  std::int64_t memory_bytes = 0;  // Address space; not held under sanitizers, which need terabytes.
};

// Closes every descriptor above `last_fd`, limits processor time and memory, forbids new
// descriptors, files, core dumps and privileges, and leaves only the system calls that decoding
// needs: memory, threads, clocks, and reading and writing what is open.
// A call outside the list fails with EPERM; one that starts a program or reaches for the network
// ends the process.
// Errors: unavailable, when the system cannot build it.
Status build_fence(int last_fd, const FenceLimits& limits);

}  // namespace rf::media
