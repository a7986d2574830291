// What somebody else changed: a colleague, another tool, or the platform itself.
//
// Each look at an account is kept. What differs at the next look, and is not the doing of one of
// our receipts, is told.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "act/sweep.h"
#include "base/described.h"
#include "model/receipt.h"

namespace rf::act {

// One thing as it was seen.
struct Seen {
  std::string name;
  Setting setting;
  bool delivers = false;
  std::vector<std::string> issues;
  std::string creative;
  std::string attribution;

  bool operator==(const Seen&) const = default;
};

struct Snapshot {
  Instant at;
  std::map<std::string, Seen> things;  // By "level:id".

  bool operator==(const Snapshot&) const = default;
};

struct Drift {
  std::string thing;  // "ad:123".
  std::string name;
  std::string
      what;  // "status", "daily_budget", "creative", "attribution", "issues", "gone", "new".
  std::string before;
  std::string after;
  bool alarm = false;  // A person should look: it costs money or stops delivery.
  std::string next_step;
};

inline constexpr std::string_view kSnapshotDocument = "snapshot";

Snapshot snapshot_of(const AccountNow& now, Instant at);

// `receipts` are those since the snapshot.
std::vector<Drift> drift(const Snapshot& before, const Snapshot& after,
                         const std::vector<Receipt>& receipts);

std::int64_t ads_in(const Snapshot& snapshot);

}  // namespace rf::act

template <>
struct rf::Described<rf::act::Seen> {
  using S = rf::act::Seen;
  static constexpr auto fields =
      std::tuple{field("name", &S::name, "the name people know"),
                 field("setting", &S::setting, "what can be changed"),
                 field("delivers", &S::delivers, "it runs, and so does everything above it"),
                 field("issues", &S::issues, "what the platform says is wrong"),
                 field("creative", &S::creative, "of ads: what is shown"),
                 field("attribution", &S::attribution, "of ad sets: how conversions are ascribed")};
};

template <>
struct rf::Described<rf::act::Snapshot> {
  using S = rf::act::Snapshot;
  static constexpr auto fields = std::tuple{field("at", &S::at, "when it was seen"),
                                            field("things", &S::things, "by level and id")};
};

template <>
struct rf::Described<rf::act::Drift> {
  using D = rf::act::Drift;
  static constexpr auto fields =
      std::tuple{field("thing", &D::thing, "level and id"),
                 field("name", &D::name, "the name people know"),
                 field("what", &D::what, "what changed"),
                 field("before", &D::before, "at the last look"),
                 field("after", &D::after, "now"),
                 field("alarm", &D::alarm, "whether a person should look"),
                 field("next_step", &D::next_step, "what would help")};
};
