// Names of things, one type for each kind of thing, so that an ad cannot be paused by a campaign's
// id.

#pragma once

#include <compare>
#include <functional>
#include <string>

namespace rf {

template <typename Kind>
struct Id {
  std::string text;
  auto operator<=>(const Id&) const = default;
};

using AccountId = Id<struct AccountKind>;
using EntityId = Id<struct EntityKind>;  // A campaign, ad set or ad: see model/entity.h.
using PlanId = Id<struct PlanKind>;

}  // namespace rf

template <typename Kind>
struct std::hash<rf::Id<Kind>> {
  std::size_t operator()(const rf::Id<Kind>& id) const { return std::hash<std::string>()(id.text); }
};
