// The sandbox's platforms over HTTP on this machine, until somebody ends it.

#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include "api/operation.h"

namespace rf::api {

struct SandboxServeInput {
  std::string world;
  std::int64_t days = 28;
  std::int64_t port = 8900;
  std::string token = "sandbox-token";
  std::int64_t fault_seed = 1;
  double refused = 0;
  double throttled = 0;
  double lost_before = 0;
  double lost_after = 0;
  double twice = 0;
  std::int64_t token_calls = 0;
};

struct SandboxServeOutput {
  std::int64_t calls = 0;
  std::int64_t faults = 0;
  std::int64_t breaches = 0;
  std::int64_t writes = 0;
};

// Serves until the progress is cancelled or POST /sandbox/stop comes in. The sandbox's own door is
// at `port`; Meta, TikTok and Google follow on the next three.
// Errors: invalid, for a file that makes no world; unavailable, when a port is taken.
Result<SandboxServeOutput> sandbox_serve(const SandboxServeInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::SandboxServeInput> {
  using Self = rf::api::SandboxServeInput;
  static constexpr auto fields = std::tuple{
      field("world", &Self::world, "a world file in TOML; three accounts where there is none"),
      field("days", &Self::days, "that have passed when it begins", {.min = 0, .max = 3650}),
      field("port", &Self::port, "of its own door; Meta, TikTok and Google follow",
            {.min = 1024, .max = 65'000}),
      field("token", &Self::token, "that the platforms accept"),
      field("fault_seed", &Self::fault_seed, "the same seed hits the same calls", {.min = 0}),
      field("refused", &Self::refused, "share of calls with a passing error", {.min = 0, .max = 1}),
      field("throttled", &Self::throttled, "share that a limit refuses", {.min = 0, .max = 1}),
      field("lost_before", &Self::lost_before, "share without effect or answer",
            {.min = 0, .max = 1}),
      field("lost_after", &Self::lost_after, "share with an effect but no answer",
            {.min = 0, .max = 1}),
      field("twice", &Self::twice, "share that takes effect twice", {.min = 0, .max = 1}),
      field("token_calls", &Self::token_calls, "calls until the token expires; 0: never",
            {.min = 0})};
};

template <>
struct rf::Described<rf::api::SandboxServeOutput> {
  using Self = rf::api::SandboxServeOutput;
  static constexpr auto fields =
      std::tuple{field("calls", &Self::calls, "requests that came in"),
                 field("faults", &Self::faults, "of them hit by the fault plan"),
                 field("breaches", &Self::breaches, "of them that no client may send"),
                 field("writes", &Self::writes, "changes that took effect")};
};
