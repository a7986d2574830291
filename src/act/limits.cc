#include "act/limits.h"

#include <fmt/format.h>

namespace rf::act {
namespace {

constexpr std::string_view kRulePrefix = "rule:";

// The amounts of a document, each with the name of its place.
std::vector<std::pair<std::string, Money>> amounts_in(const Limits& limits) {
  std::vector<std::pair<std::string, Money>> amounts;
  auto add = [&](std::string name, const std::optional<Money>& amount) {
    if (amount) amounts.emplace_back(std::move(name), *amount);
  };
  add("account_daily", limits.account_daily);
  add("campaign_daily", limits.campaign_daily);
  add("daily_budget_max", limits.daily_budget_max);
  add("change_raise_max", limits.change_raise_max);
  add("day_raise_max", limits.day_raise_max);
  for (const auto& [campaign, amount] : limits.campaigns) add("campaigns." + campaign, amount);
  for (const Quorum& each : limits.quorum) add("quorum.raise_above", each.raise_above);
  return amounts;
}

Status check_names(const Limits& limits) {
  for (const auto& [name, unused] : limits.platforms) {
    if (name == "meta" || name == "tiktok" || name == "google") continue;
    return fail(ErrorCode::invalid,
                fmt::format("limits.platforms: found '{}', expected meta, tiktok or google", name));
  }
  for (const auto& [name, unused] : limits.levels) {
    bool known = name.starts_with(kRulePrefix) && name.size() > kRulePrefix.size();
    for (std::string_view policy : kPolicies) known = known || policy == name;
    if (known) continue;
    return fail(ErrorCode::invalid,
                fmt::format("limits.levels: found '{}', expected kill, promote, "
                            "increase_budget, decrease_budget, revive or rule:NAME",
                            name));
  }
  return {};
}

}  // namespace

PlatformLimits default_limits(Platform platform) {
  PlatformLimits limits;
  switch (platform) {
    case Platform::meta: return limits;
    case Platform::tiktok:
      limits.raise_step = 0.30;
      limits.raise_cooldown_hours = 48;
      limits.budget_writes_day = 1;
      limits.overspend = 0.25;  // Chosen: no number was found; a day's bill settles it.
      return limits;
    case Platform::google:
      limits.budget_writes_day = 4;
      limits.overspend = 1.0;
      return limits;
    case Platform::plain: limits.overspend = 1.0; return limits;
  }
  check_failed(__FILE__, __LINE__, "Platform in range");
}

Status check(const Limits& limits, const Account& account) {
  for (const auto& [name, amount] : amounts_in(limits)) {
    if (amount.currency != account.currency) {
      return fail(
          ErrorCode::invalid,
          fmt::format("limits.{}: found {}, expected {}, the currency of account '{}'", name,
                      amount.currency.code(), account.currency.code(), account.id.text));
    }
    if (amount.micros < 0) {
      return fail(ErrorCode::invalid, fmt::format("limits.{}: found {}, expected at least 0", name,
                                                  to_decimal(amount)));
    }
  }
  for (const Hours& hours : limits.hours) {
    if (hours.from == hours.to) {
      return fail(ErrorCode::invalid,
                  fmt::format("limits.hours: from {} to {} is no time", hours.from, hours.to));
    }
  }
  return check_names(limits);
}

Autonomy level_for(const Limits& limits, std::string_view policy) {
  auto found = limits.levels.find(std::string(policy));
  return found == limits.levels.end() ? limits.level : found->second;
}

std::string rule_policy(std::string_view rule) {
  return std::string(kRulePrefix) + std::string(rule);
}

Autonomy most_for(const Limits& limits, const std::string& policy, const RuleActions& rules) {
  if (!limits.levels.contains(policy)) {
    for (const auto& [rule, action] : rules) {
      if (rule_policy(rule) == policy) return level_for(limits, action);
    }
  }
  return level_for(limits, policy);
}

PlatformLimits limits_on(const Limits& limits, Platform platform) {
  auto found = limits.platforms.find(std::string(to_string(platform)));
  return found == limits.platforms.end() ? default_limits(platform) : found->second;
}

std::optional<Money> campaign_cap(const Limits& limits, const std::string& campaign) {
  auto found = limits.campaigns.find(campaign);
  return found == limits.campaigns.end() ? limits.campaign_daily : found->second;
}

}  // namespace rf::act
