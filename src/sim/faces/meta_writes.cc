// Creating and changing campaigns, ad sets and ads.

#include <algorithm>

#include <fmt/format.h>

#include "sim/faces/meta_desk.h"

namespace rf::sim::meta {
namespace {

// Source: community documents of error 613, subcode 1487632.
constexpr std::int64_t kStepsPerHour = 4;

net::Response made(std::string_view id) { return json_response(200, JsonObject{{"id", id}}); }
net::Response success() { return json_response(200, JsonObject{{"success", true}}); }

bool only_validates(const CheckedFields& checked) {
  const std::vector<std::string> options = texts_of(checked, "execution_options");
  return std::ranges::find(options, "validate_only") != options.end();
}

// What was given beyond what the books keep themselves.
JsonObject rest_of(const CheckedFields& checked) {
  JsonObject rest;
  for (const auto& each : checked.fields) {
    if (is_among(each.key(), "name status daily_budget campaign_id adset_id execution_options")) {
      continue;
    }
    rest[each.key()] = each.value();
  }
  return rest;
}

RunState state_given(const CheckedFields& checked, RunState otherwise) {
  return checked.has("status") ? state_from(checked.text("status")) : otherwise;
}

std::optional<net::Response> budget_refusal(const CheckedFields& checked, Currency currency) {
  if (!checked.has("daily_budget")) return std::nullopt;
  const Money smallest = smallest_budget(currency);
  if (from_minor(checked.whole("daily_budget", 0), currency).micros >= smallest.micros) {
    return std::nullopt;
  }
  return refuse({.code = 100,
                 .subcode = 1885272,
                 .message = fmt::format("Your budget is too low: it must be at least {} {}",
                                        to_decimal(smallest), currency.code()),
                 .field = "daily_budget"});
}

std::optional<Money> budget_given(const CheckedFields& checked, Currency currency) {
  if (!checked.has("daily_budget")) return std::nullopt;
  return from_minor(checked.whole("daily_budget", 0), currency);
}

net::Response refuse_second_budget() {
  return refuse({.code = 100,
                 .subcode = 1885621,
                 .message = "You can only set a budget at the campaign or at the ad set level",
                 .field = "daily_budget"});
}

net::Response refuse_missing(std::string_view what, std::string_view id) {
  return refuse({.code = 100,
                 .subcode = 33,
                 .message = fmt::format("Unsupported request. {} with ID '{}' does not exist or "
                                        "cannot be loaded due to missing permissions",
                                        what, id)});
}

net::Response create_campaign(Desk& desk, const CheckedFields& checked, std::size_t account) {
  const Currency currency = desk.box.world().scene().accounts[account].account.currency;
  if (auto refusal = budget_refusal(checked, currency)) return *refusal;
  if (!checked.has("daily_budget") && !checked.has("lifetime_budget") &&
      !checked.has("is_adset_budget_sharing_enabled")) {
    return refuse({.code = 100,
                   .subcode = 4834011,
                   .message = "is_adset_budget_sharing_enabled must be True or False when the "
                              "campaign has no budget of its own",
                   .field = "is_adset_budget_sharing_enabled"});
  }
  if (only_validates(checked)) return success();
  const std::size_t index = desk.box.add_campaign({.account = account,
                                                   .name = checked.text("name"),
                                                   .state = state_given(checked, RunState::active),
                                                   .daily_budget = budget_given(checked, currency),
                                                   .given = rest_of(checked)});
  return made(desk.box.campaigns()[index].id);
}

net::Response create_adset(Desk& desk, const CheckedFields& checked, std::size_t account) {
  const Currency currency = desk.box.world().scene().accounts[account].account.currency;
  const std::optional<Sandbox::Place> campaign = desk.box.find(checked.text("campaign_id"));
  if (!campaign || campaign->level != Level::campaign ||
      desk.box.account_of(*campaign) != account) {
    return refuse_missing("Campaign", checked.text("campaign_id"));
  }
  const bool above = desk.box.campaigns()[campaign->index].daily_budget.has_value();
  const bool own = checked.has("daily_budget") || checked.has("lifetime_budget");
  if (above && own) return refuse_second_budget();
  if (!above && !own) {
    return refuse({.code = 100,
                   .subcode = 1885026,
                   .message = "A daily or lifetime budget is required",
                   .field = "daily_budget"});
  }
  if (auto refusal = budget_refusal(checked, currency)) return *refusal;
  if (only_validates(checked)) return success();
  const std::size_t index = desk.box.add_adset({.campaign = campaign->index,
                                                .name = checked.text("name"),
                                                .state = state_given(checked, RunState::active),
                                                .daily_budget = budget_given(checked, currency),
                                                .given = rest_of(checked)});
  return made(desk.box.adsets()[index].id);
}

std::string creative_given(const CheckedFields& checked) {
  const Json* creative = checked.fields.if_contains("creative");
  if (creative == nullptr) return {};
  const Json* id = creative->get_object().if_contains("creative_id");
  if (id == nullptr) return {};
  return id->is_string() ? std::string(id->get_string()) : to_text(*id);
}

bool is_creative_of(const Sandbox& box, const std::string& id, std::size_t account) {
  const std::optional<std::size_t> asset = box.find_asset(id);
  return asset && box.assets()[*asset].kind == "creative" &&
         box.assets()[*asset].account == account;
}

net::Response create_ad(Desk& desk, const CheckedFields& checked, std::size_t account) {
  const std::optional<Sandbox::Place> adset = desk.box.find(checked.text("adset_id"));
  if (!adset || adset->level != Level::adset || desk.box.account_of(*adset) != account) {
    return refuse_missing("Ad set", checked.text("adset_id"));
  }
  const std::string creative = creative_given(checked);
  if (!is_creative_of(desk.box, creative, account)) return refuse_missing("Creative", creative);
  if (only_validates(checked)) return success();
  const std::size_t index = desk.box.add_ad({.adset = adset->index,
                                             .name = checked.text("name"),
                                             .state = state_given(checked, RunState::active),
                                             .creative_id = creative,
                                             .given = rest_of(checked)});
  return made(desk.box.ads()[index].id);
}

Currency currency_of(const Sandbox& box, Sandbox::Place place) {
  return box.world().scene().accounts[box.account_of(place)].account.currency;
}

std::optional<net::Response> step_refusal(const Sandbox& box, std::size_t adset) {
  const Instant now = box.now();
  const auto recent = std::ranges::count_if(
      box.adsets()[adset].steps, [&](Instant at) { return now - at < std::chrono::hours(1); });
  if (recent < kStepsPerHour) return std::nullopt;
  return refuse({.code = 613,
                 .subcode = 1487632,
                 .message = "You can only change your ad set budget 4 times per hour",
                 .transient = true});
}

// Whether the new budget may be written where it was asked for.
std::optional<net::Response> change_refusal(const Sandbox& box, Sandbox::Place place,
                                            const CheckedFields& checked) {
  if (!checked.has("daily_budget")) return std::nullopt;
  if (place.level == Level::adset) {
    const AdSetBook& adset = box.adsets()[place.index];
    if (box.campaigns()[adset.campaign].daily_budget) return refuse_second_budget();
    if (auto refusal = step_refusal(box, place.index)) return refusal;
  } else if (!box.campaigns()[place.index].daily_budget) {
    return refuse_second_budget();
  }
  return budget_refusal(checked, currency_of(box, place));
}

bool is_significant(const JsonObject& given) {
  return std::ranges::any_of(given, [](const auto& each) {
    return is_among(each.key(),
                    "targeting optimization_goal bid_strategy promoted_object creative");
  });
}

}  // namespace

net::Response create_place(Desk& desk, const Call& call, std::size_t account, Level level) {
  Taken taken = take_fields(desk, call.arrived, creation_rules(level));
  if (taken.refusal) return *taken.refusal;
  if (level == Level::campaign) return create_campaign(desk, taken.checked, account);
  if (level == Level::adset) return create_adset(desk, taken.checked, account);
  return create_ad(desk, taken.checked, account);
}

net::Response update_place(Desk& desk, const Call& call, Sandbox::Place place) {
  Taken taken = take_fields(desk, call.arrived, update_rules(place.level));
  if (taken.refusal) return *taken.refusal;
  const CheckedFields& checked = taken.checked;
  if (desk.box.state_of(place) == RunState::deleted) {
    return refuse({.code = 100,
                   .subcode = 1487056,
                   .message = "A deleted object can only be read",
                   .field = "status"});
  }
  if (auto refusal = change_refusal(desk.box, place, checked)) return *refusal;
  if (only_validates(checked)) return success();
  if (checked.has("name")) desk.box.set_name(place, checked.text("name"));
  if (checked.has("status")) desk.box.set_state(place, state_from(checked.text("status")));
  if (checked.has("daily_budget")) {
    desk.box.set_budget(place,
                        from_minor(checked.whole("daily_budget", 0), currency_of(desk.box, place)));
  }
  const JsonObject rest = rest_of(checked);
  desk.box.set_given(place, rest, is_significant(rest));
  return success();
}

net::Response copy_place(Desk& desk, const Call& call, Sandbox::Place place) {
  constexpr auto kRules = std::to_array<FieldRule>(
      {{"deep_copy", FieldKind::boolean},
       {"status_option", FieldKind::text, false, "ACTIVE PAUSED INHERITED_FROM_SOURCE"},
       {"rename_options", FieldKind::object},
       {"adset_id", FieldKind::id},
       {"campaign_id", FieldKind::id}});
  Taken taken = take_fields(desk, call.arrived, kRules);
  if (taken.refusal) return *taken.refusal;
  const std::string option = taken.checked.text("status_option");
  const RunState state = option == "INHERITED_FROM_SOURCE" ? desk.box.state_of(place)
                         : option == "ACTIVE"              ? RunState::active
                                                           : RunState::paused;
  if (place.level == Level::ad) {
    const AdBook ad = desk.box.ads()[place.index];
    const std::size_t index = desk.box.add_ad({.adset = ad.adset,
                                               .name = ad.name + " - Copy",
                                               .state = state,
                                               .creative_id = ad.creative_id,
                                               .given = ad.given});
    return json_response(200, JsonObject{{"copied_ad_id", desk.box.ads()[index].id}});
  }
  if (place.level == Level::adset) {
    const AdSetBook adset = desk.box.adsets()[place.index];
    const std::size_t index = desk.box.add_adset({.campaign = adset.campaign,
                                                  .name = adset.name + " - Copy",
                                                  .state = state,
                                                  .daily_budget = adset.daily_budget,
                                                  .given = adset.given});
    return json_response(200, JsonObject{{"copied_adset_id", desk.box.adsets()[index].id}});
  }
  CampaignBook campaign = desk.box.campaigns()[place.index];
  campaign.name += " - Copy";
  campaign.state = state;
  const std::size_t index = desk.box.add_campaign(std::move(campaign));
  return json_response(200, JsonObject{{"copied_campaign_id", desk.box.campaigns()[index].id}});
}

}  // namespace rf::sim::meta
