// An account as the platform shows it now: every campaign, ad set and ad, in one look.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/receipt.h"
#include "platform/ad_platform.h"

namespace rf::act {

struct AccountNow {
  std::vector<EntityState> campaigns;
  std::vector<EntityState> adsets;
  std::vector<EntityState> ads;

  bool operator==(const AccountNow&) const = default;
};

// Errors: those of the platform; a part that could not be read is no account.
Result<AccountNow> sweep(AdPlatform& platform, const AccountId& account);

// The platform's id of the thing itself.
const std::string& own_id(const Entity& entity);

Setting setting_of(const EntityState& state);

// Null where there is none.
EntityState* find(AccountNow& now, Level level, std::string_view id);
const EntityState* find(const AccountNow& now, Level level, std::string_view id);

// Gives the thing this setting, in what we hold of the account only.
void set(AccountNow& now, Level level, std::string_view id, const Setting& setting);

// Ads that the setting of one thing decides about: itself, or those below it that are meant to run.
std::int64_t running_ads_of(const AccountNow& now, Level level, std::string_view id);

// Ads that are meant to run, and so is everything above them.
std::int64_t running_ads(const AccountNow& now);

}  // namespace rf::act
