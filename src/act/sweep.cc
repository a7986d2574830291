#include "act/sweep.h"

#include <algorithm>
#include <set>

namespace rf::act {
namespace {

std::vector<EntityState>* part_of(AccountNow& now, Level level) {
  switch (level) {
    case Level::campaign: return &now.campaigns;
    case Level::adset: return &now.adsets;
    case Level::ad: return &now.ads;
    case Level::account: return nullptr;
  }
  check_failed(__FILE__, __LINE__, "Level in range");
}

std::set<std::string_view> stopped(const std::vector<EntityState>& states) {
  std::set<std::string_view> ids;
  for (const EntityState& state : states) {
    if (state.status != RunStatus::active) ids.insert(own_id(state.entity));
  }
  return ids;
}

}  // namespace

Result<AccountNow> sweep(AdPlatform& platform, const AccountId& account) {
  AccountNow now;
  now.campaigns = RF_TRY(platform.entities(account, Level::campaign));
  now.adsets = RF_TRY(platform.entities(account, Level::adset));
  now.ads = RF_TRY(platform.entities(account, Level::ad));
  return now;
}

const std::string& own_id(const Entity& entity) {
  switch (entity.level) {
    case Level::campaign: return entity.campaign_id;
    case Level::adset: return entity.adset_id;
    case Level::account:
    case Level::ad: return entity.ad_id;
  }
  check_failed(__FILE__, __LINE__, "Level in range");
}

Setting setting_of(const EntityState& state) { return {state.status, state.daily_budget}; }

EntityState* find(AccountNow& now, Level level, std::string_view id) {
  std::vector<EntityState>* part = part_of(now, level);
  if (part == nullptr) return nullptr;
  auto found = std::ranges::find_if(
      *part, [&](const EntityState& state) { return own_id(state.entity) == id; });
  return found == part->end() ? nullptr : &*found;
}

const EntityState* find(const AccountNow& now, Level level, std::string_view id) {
  const std::vector<EntityState>* part = nullptr;
  if (level == Level::campaign) part = &now.campaigns;
  if (level == Level::adset) part = &now.adsets;
  if (level == Level::ad) part = &now.ads;
  if (part == nullptr) return nullptr;
  auto found = std::ranges::find_if(
      *part, [&](const EntityState& state) { return own_id(state.entity) == id; });
  return found == part->end() ? nullptr : &*found;
}

void set(AccountNow& now, Level level, std::string_view id, const Setting& setting) {
  EntityState* state = find(now, level, id);
  if (state == nullptr) return;
  state->status = setting.status;
  state->daily_budget = setting.daily_budget;
}

std::int64_t running_ads_of(const AccountNow& now, Level level, std::string_view id) {
  if (level == Level::ad) return 1;
  return std::ranges::count_if(now.ads, [&](const EntityState& ad) {
    if (ad.status != RunStatus::active) return false;
    return level == Level::adset ? ad.entity.adset_id == id : ad.entity.campaign_id == id;
  });
}

std::int64_t running_ads(const AccountNow& now) {
  std::set<std::string_view> campaigns = stopped(now.campaigns);
  std::set<std::string_view> adsets = stopped(now.adsets);
  return std::ranges::count_if(now.ads, [&](const EntityState& ad) {
    return ad.status == RunStatus::active && !campaigns.contains(ad.entity.campaign_id) &&
           !adsets.contains(ad.entity.adset_id);
  });
}

}  // namespace rf::act
