// TikTok's campaigns, ad groups and ads: read, made, changed.

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "sim/faces/tiktok_desk.h"

namespace rf::sim::tiktok {
namespace {

constexpr std::int64_t kLargestPage = 1000;
// Source: the platform's help pages: 50 a day for a campaign, 20 for an ad group, in dollars.
// Not confirmed for other currencies.
constexpr double kCampaignFloor = 50;
constexpr double kGroupFloor = 20;
constexpr Duration kRequestMemory = std::chrono::seconds(10);
constexpr std::size_t kIdsMax = 100;

std::string_view operation_word(RunState state) {
  if (state == RunState::active) return "ENABLE";
  return state == RunState::deleted ? "DELETE" : "DISABLE";
}

RunState state_from(std::string_view operation) {
  if (operation == "DELETE") return RunState::deleted;
  return operation == "DISABLE" ? RunState::paused : RunState::active;
}

// What stands in the way, nearest first.
std::string secondary_status(const Sandbox& box, Sandbox::Place place) {
  const std::string_view head = place.level == Level::campaign ? "CAMPAIGN"
                                : place.level == Level::adset  ? "ADGROUP"
                                                               : "AD";
  const auto word = [&](std::string_view tail) { return fmt::format("{}_STATUS_{}", head, tail); };
  const RunState own = box.state_of(place);
  if (own == RunState::deleted) return word("DELETE");
  if (own != RunState::active) return word("DISABLE");
  if (place.level == Level::campaign) return word("ENABLE");
  if (place.level == Level::adset) {
    return word(box.delivers(place) ? "DELIVERY_OK" : "CAMPAIGN_DISABLE");
  }
  const AdBook& ad = box.ads()[place.index];
  if (ad.review == Review::pending) return word("AUDIT");
  if (ad.review == Review::rejected) return word("AUDIT_DENY");
  if (box.campaigns()[ad.campaign].state != RunState::active) return word("CAMPAIGN_DISABLE");
  return word(box.adsets()[ad.adset].state == RunState::active ? "DELIVERY_OK" : "ADGROUP_DISABLE");
}

// "2026-03-02 12:00:00".
std::string time_text(Instant instant) {
  std::string text = to_rfc3339(std::chrono::floor<std::chrono::seconds>(instant));
  text[text.find('T')] = ' ';
  text.pop_back();
  return text;
}

Json text(std::string_view value) { return Json(value); }

std::optional<Json> usual_setting(Level level, std::string_view name) {
  if (level == Level::campaign && name == "objective_type") return text("WEB_CONVERSIONS");
  if (level == Level::adset) {
    if (name == "click_attribution_window") return text("SEVEN_DAYS");
    if (name == "view_attribution_window") return text("ONE_DAY");
    if (name == "optimization_goal") return text("CONVERT");
    if (name == "billing_event") return text("OCPM");
    if (name == "bid_type") return text("BID_TYPE_NO_BID");
  }
  if (level == Level::ad && name == "ad_format") return text("SINGLE_VIDEO");
  return std::nullopt;
}

template <typename Book>
std::optional<Json> common_field(const Sandbox& box, const Book& book, Sandbox::Place place,
                                 std::string_view name) {
  if (name == "advertiser_id") return text(box.account_number(book.account));
  if (name == "operation_status") return text(operation_word(book.state));
  if (name == "secondary_status") return text(secondary_status(box, place));
  if (name == "create_time") return text(time_text(book.created));
  if (name == "modify_time") return text(time_text(book.updated));
  if (const Json* given = book.given.if_contains(name)) return *given;
  return usual_setting(place.level, name);
}

std::optional<Json> budget_field(const std::optional<Money>& budget, std::string_view name) {
  if (name == "budget") return Json(budget ? units(*budget) : 0.0);
  if (name == "budget_mode") return text(budget ? "BUDGET_MODE_DAY" : "BUDGET_MODE_INFINITE");
  return std::nullopt;
}

std::optional<Json> ad_field(const Sandbox& box, std::size_t index, std::string_view name) {
  const AdBook& ad = box.ads()[index];
  if (name == "ad_id") return text(ad.id);
  if (name == "ad_name") return text(ad.name);
  if (name == "adgroup_id") return text(box.adsets()[ad.adset].id);
  if (name == "adgroup_name") return text(box.adsets()[ad.adset].name);
  if (name == "campaign_id") return text(box.campaigns()[ad.campaign].id);
  if (name == "campaign_name") return text(box.campaigns()[ad.campaign].name);
  if (name == "video_id") return text(ad.creative_id);
  return common_field(box, ad, {Level::ad, index}, name);
}

std::optional<Json> group_field(const Sandbox& box, std::size_t index, std::string_view name) {
  const AdSetBook& group = box.adsets()[index];
  if (name == "adgroup_id") return text(group.id);
  if (name == "adgroup_name") return text(group.name);
  if (name == "campaign_id") return text(box.campaigns()[group.campaign].id);
  if (name == "campaign_name") return text(box.campaigns()[group.campaign].name);
  if (auto budget = budget_field(group.daily_budget, name)) return budget;
  return common_field(box, group, {Level::adset, index}, name);
}

std::optional<Json> field_of(const Sandbox& box, Sandbox::Place place, std::string_view name) {
  if (place.level == Level::ad) return ad_field(box, place.index, name);
  if (place.level == Level::adset) return group_field(box, place.index, name);
  const CampaignBook& campaign = box.campaigns()[place.index];
  if (name == "campaign_id") return text(campaign.id);
  if (name == "campaign_name") return text(campaign.name);
  if (auto budget = budget_field(campaign.daily_budget, name)) return budget;
  return common_field(box, campaign, place, name);
}

std::string id_at(const Sandbox& box, Sandbox::Place place, std::string_view name) {
  const std::optional<Json> value = field_of(box, place, name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

bool passes(const Sandbox& box, Sandbox::Place place, const CheckedFields& filter) {
  for (const auto& each : filter.fields) {
    const std::string_view name = each.key();
    if (each.value().is_array()) {
      const std::vector<std::string> ids = texts_of(filter, name);
      const std::string own = id_at(box, place, name.substr(0, name.size() - 1));
      if (std::ranges::find(ids, own) == ids.end()) return false;
    } else if (name == "primary_status") {
      const bool deleted = box.state_of(place) == RunState::deleted;
      if (filter.text(name) == "STATUS_DELETE" && !deleted) return false;
    } else if (id_at(box, place, name).find(filter.text(name)) == std::string::npos) {
      return false;
    }
  }
  return true;
}

std::size_t count_of(const Sandbox& box, Level level) {
  if (level == Level::campaign) return box.campaigns().size();
  return level == Level::adset ? box.adsets().size() : box.ads().size();
}

std::vector<Sandbox::Place> things_of(const Sandbox& box, std::size_t account, Level level,
                                      const CheckedFields& filter) {
  std::vector<Sandbox::Place> found;
  for (std::size_t i = 0; i < count_of(box, level); ++i) {
    const Sandbox::Place place{level, i};
    if (box.account_of(place) == account && passes(box, place, filter)) found.push_back(place);
  }
  return found;
}

JsonObject written(const Sandbox& box, Sandbox::Place place,
                   const std::vector<std::string>& names) {
  JsonObject object;
  for (const std::string& name : names) {
    if (auto value = field_of(box, place, name)) object[name] = std::move(*value);
  }
  return object;
}

std::optional<Sandbox::Place> find_own(const Desk& desk, const Call& call, Level level,
                                       std::string_view id) {
  const std::optional<Sandbox::Place> place = desk.box.find(id);
  if (!place || place->level != level || desk.box.account_of(*place) != call.account) {
    return std::nullopt;
  }
  return place;
}

Outcome no_such(Level level, std::string_view id) {
  const std::string_view what = level == Level::campaign ? "Campaign"
                                : level == Level::adset  ? "Ad group"
                                                         : "Ad";
  return refused(40002, fmt::format("{} {} does not exist", what, id));
}

Currency currency_of(const Desk& desk, const Call& call) {
  return desk.box.world().scene().accounts[call.account].account.currency;
}

// Amounts are decimal units of the currency.
std::optional<Money> budget_given(const Desk& desk, const Call& call) {
  const Json* given = call.checked.fields.if_contains("budget");
  if (given == nullptr || call.checked.text("budget_mode") == "BUDGET_MODE_INFINITE") {
    return std::nullopt;
  }
  return Money{.micros = std::llround(given->to_number<double>() * kMicrosPerUnit),
               .currency = currency_of(desk, call)};
}

std::optional<Outcome> budget_refusal(const std::optional<Money>& budget, double floor) {
  if (!budget || units(*budget) >= floor) return std::nullopt;
  return refused(40002, fmt::format("The budget can't be less than {:.2f}", floor));
}

// True for a request_id that came within the last seconds.
bool is_repeat(Desk& desk, const Call& call) {
  const std::string id = call.checked.text("request_id");
  if (id.empty()) return false;
  const Instant now = desk.box.now();
  const auto [found, fresh] = desk.request_ids.try_emplace(call.path + id, now);
  const bool repeat = !fresh && now - found->second < kRequestMemory;
  if (!repeat) found->second = now;
  return repeat;
}

JsonObject rest_of(const CheckedFields& checked) {
  JsonObject rest;
  for (const auto& each : checked.fields) {
    if (is_among(each.key(),
                 "advertiser_id campaign_id adgroup_id ad_id campaign_name "
                 "adgroup_name ad_name budget budget_mode request_id "
                 "operation_status")) {
      continue;
    }
    rest[each.key()] = each.value();
  }
  return rest;
}

RunState state_given(const CheckedFields& checked) {
  return state_from(checked.has("operation_status") ? checked.text("operation_status") : "ENABLE");
}

// The creatives of a call, checked.
struct Creatives {
  std::vector<CheckedFields> all;
  std::optional<Outcome> refusal;
};

Creatives creatives_of(Desk& desk, const Call& call) {
  Creatives creatives;
  for (const Json& each : call.checked.fields.at("creatives").get_array()) {
    CheckedFields creative = each.is_object() ? check_object(each.get_object(), creative_rules())
                                              : CheckedFields{.fine = false};
    if (!creative.fine) {
      creatives.refusal = broken(desk, call, "creatives: " + creative.trouble.message);
      return creatives;
    }
    creatives.all.push_back(std::move(creative));
  }
  return creatives;
}

bool is_video_of(const Sandbox& box, const std::string& id, std::size_t account) {
  const std::optional<std::size_t> asset = box.find_asset(id);
  return asset && box.assets()[*asset].kind == "video" && box.assets()[*asset].account == account;
}

}  // namespace

std::vector<std::string> texts_of(const CheckedFields& checked, std::string_view name) {
  std::vector<std::string> texts;
  const Json* value = checked.fields.if_contains(name);
  if (value == nullptr || !value->is_array()) return texts;
  texts.reserve(value->get_array().size());
  for (const Json& each : value->get_array()) {
    texts.push_back(each.is_string() ? std::string(each.get_string()) : to_text(each));
  }
  return texts;
}

JsonObject page_info(std::int64_t page, std::int64_t size, std::size_t count) {
  const auto total = static_cast<std::int64_t>(count);
  return {{"page", page},
          {"page_size", size},
          {"total_number", total},
          {"total_page", (total + size - 1) / size}};
}

Outcome broken(Desk& desk, const Call& call, std::string message) {
  desk.book.breach(call.arrived.method, call.arrived.path, message);
  return refused(40002, std::move(message));
}

Outcome list_things(Desk& desk, const Call& call, Level level) {
  CheckedFields filter;
  if (const Json* given = call.checked.fields.if_contains("filtering")) {
    filter = check_object(given->get_object(), filter_rules());
    if (!filter.fine) return broken(desk, call, "filtering: " + filter.trouble.message);
  }
  std::vector<std::string> names = texts_of(call.checked, "fields");
  for (const std::string& name : names) {
    if (is_among(name, readable_fields(level))) continue;
    return broken(desk, call, fmt::format("fields: '{}' is not supported", name));
  }
  if (names.empty()) names = {"campaign_id", "operation_status", "secondary_status", "budget"};
  const std::int64_t page = call.checked.whole("page", 1);
  const std::int64_t size = call.checked.whole("page_size", 10);
  if (page < 1 || size < 1 || size > kLargestPage) {
    return broken(desk, call, "page_size: expected 1 to 1000");
  }
  const std::vector<Sandbox::Place> found = things_of(desk.box, call.account, level, filter);
  JsonArray list;
  const auto start = static_cast<std::size_t>((page - 1) * size);
  const std::size_t end = std::min(found.size(), start + static_cast<std::size_t>(size));
  for (std::size_t i = start; i < end; ++i) list.push_back(written(desk.box, found[i], names));
  if (desk.cut_short && !list.empty()) list.pop_back();
  return {.data = JsonObject{{"list", std::move(list)},
                             {"page_info", page_info(page, size, found.size())}}};
}

Outcome create_campaign(Desk& desk, const Call& call) {
  if (is_repeat(desk, call)) return refused(40050, "Duplicate request");
  const std::optional<Money> budget = budget_given(desk, call);
  if (auto refusal = budget_refusal(budget, kCampaignFloor)) return *refusal;
  const std::size_t index = desk.box.add_campaign({.account = call.account,
                                                   .name = call.checked.text("campaign_name"),
                                                   .state = state_given(call.checked),
                                                   .daily_budget = budget,
                                                   .given = rest_of(call.checked)});
  return {.data = JsonObject{{"campaign_id", desk.box.campaigns()[index].id}}};
}

Outcome create_group(Desk& desk, const Call& call) {
  if (is_repeat(desk, call)) return refused(40050, "Duplicate request");
  const std::string id = call.checked.text("campaign_id");
  const auto campaign = find_own(desk, call, Level::campaign, id);
  if (!campaign) return no_such(Level::campaign, id);
  const std::optional<Money> budget = budget_given(desk, call);
  if (auto refusal = budget_refusal(budget, kGroupFloor)) return *refusal;
  if (!budget && !desk.box.campaigns()[campaign->index].daily_budget) {
    return refused(40002, "The ad group needs a budget");
  }
  const std::size_t index = desk.box.add_adset({.campaign = campaign->index,
                                                .name = call.checked.text("adgroup_name"),
                                                .state = state_given(call.checked),
                                                .daily_budget = budget,
                                                .given = rest_of(call.checked)});
  return {.data = JsonObject{{"adgroup_id", desk.box.adsets()[index].id}}};
}

Outcome create_ads(Desk& desk, const Call& call) {
  const std::string id = call.checked.text("adgroup_id");
  const auto group = find_own(desk, call, Level::adset, id);
  if (!group) return no_such(Level::adset, id);
  Creatives creatives = creatives_of(desk, call);
  if (creatives.refusal) return *creatives.refusal;
  for (const CheckedFields& creative : creatives.all) {
    if (!is_video_of(desk.box, creative.text("video_id"), call.account)) {
      return refused(40002, fmt::format("Video {} does not exist", creative.text("video_id")));
    }
  }
  JsonArray ids;
  JsonArray made;
  for (const CheckedFields& creative : creatives.all) {
    const std::size_t index = desk.box.add_ad({.adset = group->index,
                                               .name = creative.text("ad_name"),
                                               .state = state_given(creative),
                                               .creative_id = creative.text("video_id"),
                                               .given = rest_of(creative)});
    const AdBook& ad = desk.box.ads()[index];
    ids.push_back(text(ad.id));
    made.push_back(
        JsonObject{{"ad_id", ad.id}, {"ad_name", ad.name}, {"video_id", ad.creative_id}});
  }
  return {.data = JsonObject{
              {"ad_ids", std::move(ids)}, {"creatives", std::move(made)}, {"need_audit", true}}};
}

Outcome update_campaign(Desk& desk, const Call& call) {
  const std::string id = call.checked.text("campaign_id");
  const auto place = find_own(desk, call, Level::campaign, id);
  if (!place) return no_such(Level::campaign, id);
  const std::optional<Money> budget = budget_given(desk, call);
  if (auto refusal = budget_refusal(budget, kCampaignFloor)) return *refusal;
  if (budget && !desk.box.campaigns()[place->index].daily_budget) {
    return refused(40002, "The campaign's budget_mode is BUDGET_MODE_INFINITE");
  }
  if (call.checked.has("campaign_name")) {
    desk.box.set_name(*place, call.checked.text("campaign_name"));
  }
  if (budget) desk.box.set_budget(*place, *budget);
  desk.box.set_given(*place, rest_of(call.checked), false);
  return {.data = JsonObject{{"campaign_id", id}}};
}

Outcome update_group(Desk& desk, const Call& call) {
  const std::string id = call.checked.text("adgroup_id");
  const auto place = find_own(desk, call, Level::adset, id);
  if (!place) return no_such(Level::adset, id);
  const std::optional<Money> budget = budget_given(desk, call);
  if (auto refusal = budget_refusal(budget, kGroupFloor)) return *refusal;
  if (call.checked.has("adgroup_name"))
    desk.box.set_name(*place, call.checked.text("adgroup_name"));
  if (budget) desk.box.set_budget(*place, *budget);
  const JsonObject rest = rest_of(call.checked);
  desk.box.set_given(*place, rest, !rest.empty());
  return {.data = JsonObject{{"adgroup_id", id}}};
}

Outcome update_ads(Desk& desk, const Call& call) {
  Creatives creatives = creatives_of(desk, call);
  if (creatives.refusal) return *creatives.refusal;
  JsonArray ids;
  for (const CheckedFields& creative : creatives.all) {
    const auto place = find_own(desk, call, Level::ad, creative.text("ad_id"));
    if (!place) return no_such(Level::ad, creative.text("ad_id"));
  }
  for (const CheckedFields& creative : creatives.all) {
    const Sandbox::Place place = *desk.box.find(creative.text("ad_id"));
    if (creative.has("ad_name")) desk.box.set_name(place, creative.text("ad_name"));
    desk.box.set_given(place, rest_of(creative), true);
    ids.push_back(text(creative.text("ad_id")));
  }
  return {.data = JsonObject{{"ad_ids", std::move(ids)}, {"need_audit", true}}};
}

Outcome update_budgets(Desk& desk, const Call& call) {
  constexpr auto kRules = std::to_array<FieldRule>(
      {{"adgroup_id", FieldKind::id, true}, {"budget", FieldKind::number, true}});
  for (const Json& each : call.checked.fields.at("budget").get_array()) {
    const CheckedFields item =
        each.is_object() ? check_object(each.get_object(), kRules) : CheckedFields{.fine = false};
    if (!item.fine) return broken(desk, call, "budget: " + item.trouble.message);
    Outcome outcome = update_group(desk, {call.arrived, call.path, item, call.account});
    if (outcome.code != 0) return outcome;
  }
  return {};
}

Outcome update_status(Desk& desk, const Call& call, Level level) {
  const std::string_view name = level == Level::campaign ? "campaign_ids"
                                : level == Level::adset  ? "adgroup_ids"
                                                         : "ad_ids";
  const std::vector<std::string> ids = texts_of(call.checked, name);
  if (ids.empty() || ids.size() > kIdsMax) return broken(desk, call, "expected 1 to 100 ids");
  for (const std::string& id : ids) {
    if (!find_own(desk, call, level, id)) return no_such(level, id);
  }
  const std::string operation = call.checked.text("operation_status");
  for (const std::string& id : ids) {
    const Sandbox::Place place = *desk.box.find(id);
    if (desk.box.state_of(place) == RunState::deleted) {
      return refused(40002, fmt::format("{} is deleted", id));
    }
    desk.box.set_state(place, state_from(operation));
  }
  return {.data = JsonObject{{name, call.checked.fields.at(name)}, {"status", operation}}};
}

}  // namespace rf::sim::tiktok
