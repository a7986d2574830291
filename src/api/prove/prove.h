// `sandbox prove`: whole turns over the network against the sandbox's platforms while calls fail,
// answers get lost and clocks disagree, and then everything we hold beside the world's own books.

#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "api/operation.h"
#include "model/json_codecs.h"

namespace rf::api {

struct SandboxProveInput {
  std::string world;
  std::int64_t days = 60;
  std::int64_t runs = 2;
  std::int64_t fault_seed = 1;
  double refused = 0.06;
  double throttled = 0.02;
  double lost_before = 0.02;
  double lost_after = 0.05;
  double doubled_events = 0.2;
  double skew_minutes = 9;
};

struct ProofRun {
  std::int64_t turns = 0;
  std::int64_t calls = 0;
  std::int64_t faults = 0;
  std::int64_t repeats = 0;  // Operations that were asked for again.
  std::int64_t breaches = 0;
  std::int64_t rows = 0;
  std::int64_t numbers = 0;
  std::int64_t settings = 0;
  std::int64_t writes = 0;
  std::int64_t receipts = 0;
  std::int64_t writes_doubled = 0;
  std::int64_t orders = 0;
  std::int64_t events_sent = 0;
  std::int64_t events_kept = 0;
  std::vector<std::string> differences;
  std::string fingerprint;
};

struct SandboxProveOutput {
  bool holds = false;
  bool same = true;  // Every run left the same behind.
  std::int64_t days = 0;
  std::vector<ProofRun> runs;
};

// Uses a store of its own; the user's is not touched.
// Errors: as read_file(); invalid, with the place in the world file; those of a call that did not go
// well however often it was repeated.
// Cost: about 20 s for a run of 60 days of the usual world.
Result<SandboxProveOutput> sandbox_prove(const SandboxProveInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::SandboxProveInput> {
  using I = rf::api::SandboxProveInput;
  static constexpr auto fields = std::tuple{
      field("world", &I::world, "TOML or JSON that describes the world; the usual one if left out"),
      field("days", &I::days, "how many days of turns", {.min = 1, .max = 3650}),
      field("runs", &I::runs, "how often; every run must end alike", {.min = 1, .max = 100}),
      field("fault_seed", &I::fault_seed, "the same seed makes the same calls fail"),
      field("refused", &I::refused, "share of calls that fail in passing", {.min = 0, .max = 0.5}),
      field("throttled", &I::throttled, "share that meet a limit", {.min = 0, .max = 0.5}),
      field("lost_before", &I::lost_before, "share lost on their way", {.min = 0, .max = 0.5}),
      field("lost_after", &I::lost_after, "share done, whose answers are lost",
            {.min = 0, .max = 0.5}),
      field("doubled_events", &I::doubled_events, "share of sales that are told twice",
            {.min = 0, .max = 1}),
      field("skew_minutes", &I::skew_minutes, "by how much clocks disagree at most",
            {.min = 0, .max = 9})};
};

template <>
struct rf::Described<rf::api::ProofRun> {
  using R = rf::api::ProofRun;
  static constexpr auto fields =
      std::tuple{field("turns", &R::turns, "whole turns"),
                 field("calls", &R::calls, "that reached a platform"),
                 field("faults", &R::faults, "of them, refused or lost"),
                 field("repeats", &R::repeats, "operations that were asked for again"),
                 field("breaches", &R::breaches, "calls that no platform would take"),
                 field("rows", &R::rows, "days of ads that the world has"),
                 field("numbers", &R::numbers, "counts and amounts compared"),
                 field("settings", &R::settings, "of campaigns, ad sets and ads, compared"),
                 field("writes", &R::writes, "changes that took effect on the platforms"),
                 field("receipts", &R::receipts, "of ours that say so"),
                 field("writes_doubled", &R::writes_doubled, "changes beyond their receipts"),
                 field("orders", &R::orders, "sales told back"),
                 field("events_sent", &R::events_sent, "of them, doubled ones included"),
                 field("events_kept", &R::events_kept, "that the platforms counted"),
                 field("differences", &R::differences, "between the store and the world's books"),
                 field("fingerprint", &R::fingerprint, "SHA-256 of all that the run left")};
};

template <>
struct rf::Described<rf::api::SandboxProveOutput> {
  using O = rf::api::SandboxProveOutput;
  static constexpr auto fields =
      std::tuple{field("holds", &O::holds, "nothing differs, nothing happened twice, all alike"),
                 field("same", &O::same, "every run left the same behind"),
                 field("days", &O::days, "of each run"), field("runs", &O::runs, "one by one")};
};
