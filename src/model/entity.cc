#include "model/entity.h"

#include "base/sha256.h"

namespace rf {
namespace {

// Names are joined by a character that no name can contain after import.
constexpr char kSeparator = '\x1f';

struct OwnLevel {
  const std::string& id;
  const std::string& name;
};

OwnLevel own_level(const Entity& entity) {
  switch (entity.level) {
    case Level::ad: return {entity.ad_id, entity.ad_name};
    case Level::adset: return {entity.adset_id, entity.adset_name};
    case Level::campaign:
    case Level::account: break;
  }
  return {entity.campaign_id, entity.campaign_name};
}

}  // namespace

std::string_view to_string(Platform platform) {
  switch (platform) {
    case Platform::meta: return "meta";
    case Platform::tiktok: return "tiktok";
    case Platform::google: return "google";
    case Platform::plain: return "plain";
  }
  check_failed(__FILE__, __LINE__, "Platform in range");
}

std::string_view to_string(Level level) {
  switch (level) {
    case Level::account: return "account";
    case Level::campaign: return "campaign";
    case Level::adset: return "adset";
    case Level::ad: return "ad";
  }
  check_failed(__FILE__, __LINE__, "Level in range");
}

std::string_view to_string(Grain grain) { return grain == Grain::day ? "day" : "total"; }

const std::string& Entity::name() const {
  OwnLevel own = own_level(*this);
  return own.name.empty() ? own.id : own.name;
}

EntityId id_of(const Entity& entity) {
  std::string level(to_string(entity.level));
  const std::string& id = own_level(entity).id;
  if (entity.level == Level::account || !id.empty()) return {level + ":" + id};
  std::string names = entity.campaign_name;
  if (entity.level >= Level::adset) names += kSeparator + entity.adset_name;
  if (entity.level == Level::ad) names += kSeparator + entity.ad_name;
  return {level + "~" + sha256_hex(names).substr(0, 16)};
}

}  // namespace rf
