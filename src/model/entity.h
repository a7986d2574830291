// What numbers are reported for: the account, a campaign, an ad set or ad group, an ad.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/calendar.h"
#include "model/ids.h"
#include "model/money.h"

namespace rf {

enum class Platform : std::uint8_t { meta, tiktok, google, plain };  // plain: a mapped file.

enum class Level : std::uint8_t { account, campaign, adset, ad };

enum class Grain : std::uint8_t { day, total };  // total: one row for the whole, without a date.

std::string_view to_string(Platform platform);
std::string_view to_string(Level level);
std::string_view to_string(Grain grain);

struct Account {
  AccountId id;  // "meta:1234", or "meta:default" where the file names no account.
  Platform platform = Platform::plain;
  std::string name;
  Currency currency;
  TimeZone zone;

  bool operator==(const Account&) const = default;
};

// An entity with the names that lead to it. What is above its level is filled in as far as the file
// told; what is below is empty.
struct Entity {
  Level level = Level::ad;
  std::string campaign_id, campaign_name;
  std::string adset_id, adset_name;
  std::string ad_id, ad_name;

  bool operator==(const Entity&) const = default;

  // The name at its own level; the id where the file has no name.
  const std::string& name() const;
};

// The key under which an entity is remembered: "ad:" and the platform's id where the file has one,
// else "ad~" and a hash of the names that lead to it. The same file gives the same key for ever.
EntityId id_of(const Entity& entity);

}  // namespace rf
