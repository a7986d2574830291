// Reading accounts, campaigns, ad sets and ads.

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "sim/faces/meta_desk.h"

namespace rf::sim::meta {
namespace {

constexpr std::size_t kUsualPage = 25;
constexpr std::size_t kLargestPage = 5000;

constexpr std::string_view kCursorHead = "QVFIUj";
constexpr std::string_view kCursorTail = "ZD";

std::string cursor_at(std::size_t position) {
  return fmt::format("{}{:09d}{}", kCursorHead, position, kCursorTail);
}

std::optional<std::size_t> position_of(std::string_view cursor) {
  if (!cursor.starts_with(kCursorHead) || !cursor.ends_with(kCursorTail)) return std::nullopt;
  cursor.remove_prefix(kCursorHead.size());
  cursor.remove_suffix(kCursorTail.size());
  std::size_t position = 0;
  const auto [end, error] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), position);
  if (error != std::errc() || end != cursor.data() + cursor.size()) return std::nullopt;
  return position;
}

Json text(std::string_view value) { return Json(value); }

JsonArray attribution_spec() {
  return {JsonObject{{"event_type", "CLICK_THROUGH"}, {"window_days", 7}},
          JsonObject{{"event_type", "VIEW_THROUGH"}, {"window_days", 1}}};
}

std::optional<Json> usual_campaign_setting(std::string_view name) {
  if (name == "objective") return text("OUTCOME_SALES");
  if (name == "buying_type") return text("AUCTION");
  if (name == "special_ad_categories") return Json(JsonArray());
  if (name == "bid_strategy") return text("LOWEST_COST_WITHOUT_CAP");
  return std::nullopt;
}

std::optional<Json> usual_adset_setting(std::string_view name) {
  if (name == "billing_event") return text("IMPRESSIONS");
  if (name == "optimization_goal") return text("OFFSITE_CONVERSIONS");
  if (name == "attribution_spec") return Json(attribution_spec());
  if (name == "targeting") return Json(JsonObject{{"age_min", 18}, {"age_max", 65}});
  if (name == "bid_strategy") return text("LOWEST_COST_WITHOUT_CAP");
  return std::nullopt;
}

// What planted objects would have been made with.
std::optional<Json> usual_setting(Level level, std::string_view name) {
  if (level == Level::campaign) return usual_campaign_setting(name);
  return level == Level::adset ? usual_adset_setting(name) : std::nullopt;
}

JsonArray issues_of(std::string_view message) {
  return {JsonObject{{"level", "AD"},
                     {"error_code", 1404163},
                     {"error_summary", "Ad rejected"},
                     {"error_message", message},
                     {"error_type", "HARD_ERROR"}}};
}

Json learning_info(const Sandbox& box, const AdSetBook& adset) {
  const std::string_view status = adset.learning == Learning::learning  ? "LEARNING"
                                  : adset.learning == Learning::learned ? "SUCCESS"
                                                                        : "FAIL";
  const Days age = box.today() - adset.learns_since;
  const Instant edited = box.now() - std::chrono::duration_cast<Duration>(age);
  return JsonObject{{"status", status},
                    {"conversions", static_cast<std::int64_t>(adset.results)},
                    {"attribution_windows", JsonArray{"1d_view", "7d_click"}},
                    {"last_sig_edit_ts",
                     std::chrono::floor<std::chrono::seconds>(edited).time_since_epoch().count()}};
}

// What campaigns, ad sets and ads have alike.
template <typename Book>
std::optional<Json> common_field(const Sandbox& box, const Book& book, Sandbox::Place place,
                                 std::string_view name) {
  if (name == "id") return text(book.id);
  if (name == "account_id") return text(box.account_number(book.account));
  if (name == "name") return text(book.name);
  if (name == "status" || name == "configured_status") return text(status_word(book.state));
  if (name == "effective_status") return text(effective_status(box, place));
  if (name == "created_time") return text(time_text(book.created));
  if (name == "updated_time") return text(time_text(book.updated));
  if (const Json* given = book.given.if_contains(name)) return *given;
  return usual_setting(place.level, name);
}

std::optional<Json> budget_field(const std::optional<Money>& budget, std::string_view name) {
  if (!budget) return std::nullopt;
  // Meta says "0" for the kind of budget that is not in use.
  if (name == "daily_budget" || name == "budget_remaining") return text(minor_text(*budget));
  if (name == "lifetime_budget") return text("0");
  return std::nullopt;
}

std::optional<Json> adset_field(const Sandbox& box, std::size_t index, std::string_view name) {
  const AdSetBook& adset = box.adsets()[index];
  if (name == "campaign_id") return text(box.campaigns()[adset.campaign].id);
  if (name == "learning_stage_info") {
    if (!box.delivers({Level::adset, index})) return std::nullopt;
    return learning_info(box, adset);
  }
  if (std::optional<Json> budget = budget_field(adset.daily_budget, name)) return budget;
  return common_field(box, adset, {Level::adset, index}, name);
}

std::optional<Json> ad_field(const Sandbox& box, std::size_t index, std::string_view name) {
  const AdBook& ad = box.ads()[index];
  constexpr std::string_view kRejected = "This ad goes against our advertising standards";
  if (name == "campaign_id") return text(box.campaigns()[ad.campaign].id);
  if (name == "adset_id") return text(box.adsets()[ad.adset].id);
  if (name.starts_with("creative")) return Json(JsonObject{{"id", text(ad.creative_id)}});
  if (name == "issues_info" && ad.review == Review::rejected) return Json(issues_of(kRejected));
  if (name == "ad_review_feedback" && ad.review == Review::rejected) {
    return Json(JsonObject{{"global", JsonObject{{"POLICY", kRejected}}}});
  }
  return common_field(box, ad, {Level::ad, index}, name);
}

std::optional<Json> field_of(const Sandbox& box, Sandbox::Place place, std::string_view name) {
  if (place.level == Level::adset) return adset_field(box, place.index, name);
  if (place.level == Level::ad) return ad_field(box, place.index, name);
  const CampaignBook& campaign = box.campaigns()[place.index];
  if (std::optional<Json> budget = budget_field(campaign.daily_budget, name)) return budget;
  return common_field(box, campaign, place, name);
}

JsonObject written(const Sandbox& box, Sandbox::Place place,
                   const std::vector<std::string>& names) {
  JsonObject object;
  for (const std::string& name : names) {
    std::optional<Json> value = field_of(box, place, name);
    if (value) object[std::string_view(name).substr(0, name.find('{'))] = std::move(*value);
  }
  object["id"] = *field_of(box, place, "id");
  return object;
}

std::int64_t spent_micros(const Sandbox& box, std::size_t account) {
  std::int64_t spent = 0;
  for (const AdBook& ad : box.ads()) {
    if (ad.account != account) continue;
    for (const AdDay& day : box.world().days_of(ad.world_ad)) {
      spent += day.counts.or_zero(Metric::spend);
    }
  }
  return spent;
}

std::optional<Json> account_amount(const Sandbox& box, std::size_t account, std::string_view name) {
  const Account& about = box.world().scene().accounts[account].account;
  if (name == "amount_spent") {
    return text(minor_text({.micros = spent_micros(box, account), .currency = about.currency}));
  }
  if (name == "balance" || name == "spend_cap") return text("0");
  if (name == "min_daily_budget") {
    return Json(smallest_budget(about.currency).micros * offset_of(about.currency) /
                kMicrosPerUnit);
  }
  return std::nullopt;
}

std::optional<Json> account_field(const Sandbox& box, std::size_t account, std::string_view name) {
  const Account& about = box.world().scene().accounts[account].account;
  const std::string number = box.account_number(account);
  if (name == "id") return text("act_" + number);
  if (name == "account_id") return text(number);
  if (name == "name") return text(about.name);
  if (name == "currency") return text(about.currency.code());
  if (name == "timezone_name") return text(about.zone.name());
  if (name == "account_status") return Json(1);
  if (name == "disable_reason") return Json(0);
  if (name == "attribution_spec") return Json(attribution_spec());
  return account_amount(box, account, name);
}

JsonObject written_account(const Sandbox& box, std::size_t account,
                           const std::vector<std::string>& names) {
  JsonObject object;
  for (const std::string& name : names) {
    std::optional<Json> value = account_field(box, account, name);
    if (value) object[name] = std::move(*value);
  }
  object["id"] = *account_field(box, account, "id");
  return object;
}

// One condition of `filtering`.
struct Condition {
  std::string field;
  std::string op;
  std::vector<std::string> values;
};

std::optional<Condition> read_condition(const Json& json) {
  if (!json.is_object()) return std::nullopt;
  constexpr auto kRules = std::to_array<FieldRule>({{"field", FieldKind::text, true},
                                                    {"operator", FieldKind::text, true},
                                                    {"value", FieldKind::any}});
  const CheckedFields checked = check_object(json.get_object(), kRules);
  if (!checked.fine) return std::nullopt;
  Condition condition{.field = checked.text("field"), .op = checked.text("operator"), .values = {}};
  const Json* value = checked.fields.if_contains("value");
  if (value != nullptr && value->is_array()) {
    for (const Json& each : value->get_array()) {
      condition.values.push_back(each.is_string() ? std::string(each.get_string()) : to_text(each));
    }
  } else if (value != nullptr) {
    condition.values.push_back(value->is_string() ? std::string(value->get_string())
                                                  : to_text(*value));
  }
  return condition;
}

std::string condition_subject(const Sandbox& box, Sandbox::Place place, std::string_view field) {
  constexpr auto kAlias = std::to_array<std::pair<std::string_view, std::string_view>>(
      {{"campaign.id", "campaign_id"},
       {"adset.id", "adset_id"},
       {"ad.id", "id"},
       {"campaign.name", "name"},
       {"adset.name", "name"},
       {"ad.name", "name"},
       {"ad.effective_status", "effective_status"},
       {"adset.effective_status", "effective_status"},
       {"campaign.effective_status", "effective_status"}});
  const auto alias =
      std::ranges::find(kAlias, field, &std::pair<std::string_view, std::string_view>::first);
  std::string_view name = alias == kAlias.end() ? field : alias->second;
  if ((field == "campaign.id" && place.level == Level::campaign) ||
      (field == "adset.id" && place.level == Level::adset)) {
    name = "id";
  }
  const std::optional<Json> value = field_of(box, place, name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

bool meets(const Sandbox& box, Sandbox::Place place, const Condition& condition) {
  const std::string subject = condition_subject(box, place, condition.field);
  const auto same = [&](const std::string& value) { return value == subject; };
  if (condition.op == "IN") return std::ranges::any_of(condition.values, same);
  if (condition.op == "NOT_IN") return std::ranges::none_of(condition.values, same);
  if (condition.op == "EQUAL") return std::ranges::any_of(condition.values, same);
  return std::ranges::any_of(condition.values, [&](const std::string& value) {
    return subject.find(value) != std::string::npos;
  });
}

constexpr std::string_view kListConditions =
    "id name effective_status campaign.id campaign.name campaign.effective_status adset.id "
    "adset.name adset.effective_status ad.id ad.name ad.effective_status";

struct Conditions {
  std::vector<Condition> all;
  std::optional<net::Response> refusal;
};

Conditions read_conditions(Desk& desk, const Arrived& arrived, const CheckedFields& checked) {
  Conditions conditions;
  const Json* given = checked.fields.if_contains("filtering");
  if (given == nullptr) return conditions;
  for (const Json& each : given->get_array()) {
    std::optional<Condition> condition = read_condition(each);
    if (!condition || !is_among(condition->field, kListConditions) ||
        !is_among(condition->op, "IN NOT_IN EQUAL CONTAIN")) {
      conditions.refusal = refuse_trouble(
          desk, arrived,
          {Breach::wrong_value, "filtering",
           fmt::format("Filtering {} is not supported for this object", to_text(each))});
      return conditions;
    }
    conditions.all.push_back(std::move(*condition));
  }
  return conditions;
}

std::size_t count_of(const Sandbox& box, Level level) {
  if (level == Level::campaign) return box.campaigns().size();
  return level == Level::adset ? box.adsets().size() : box.ads().size();
}

bool in_scope(const Sandbox& box, Sandbox::Place place, const ListScope& scope) {
  if (box.account_of(place) != scope.account) return false;
  if (place.level == Level::adset) {
    return !scope.campaign || box.adsets()[place.index].campaign == *scope.campaign;
  }
  if (place.level == Level::campaign) return true;
  const AdBook& ad = box.ads()[place.index];
  return (!scope.campaign || ad.campaign == *scope.campaign) &&
         (!scope.adset || ad.adset == *scope.adset);
}

// Lists leave out what is deleted or archived unless it is asked for.
bool is_listed(const Sandbox& box, Sandbox::Place place, const std::vector<std::string>& statuses) {
  if (statuses.empty()) {
    const RunState state = box.state_of(place);
    return state == RunState::active || state == RunState::paused;
  }
  return std::ranges::find(statuses, effective_status(box, place)) != statuses.end();
}

std::vector<std::size_t> listed(const Sandbox& box, const ListScope& scope,
                                const std::vector<std::string>& statuses,
                                const std::vector<Condition>& conditions) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < count_of(box, scope.level); ++i) {
    const Sandbox::Place place{scope.level, i};
    if (!in_scope(box, place, scope) || !is_listed(box, place, statuses)) continue;
    const bool all = std::ranges::all_of(
        conditions, [&](const Condition& condition) { return meets(box, place, condition); });
    if (all) found.push_back(i);
  }
  return found;
}

}  // namespace

net::Response refuse_trouble(Desk& desk, const Arrived& arrived, const FieldTrouble& trouble) {
  if (trouble.breach != Breach::missing) {
    desk.book.breach(arrived.method, arrived.path, trouble.message);
  }
  return refuse({.code = 100, .message = trouble.message, .field = trouble.field});
}

Taken take_fields(Desk& desk, const Arrived& arrived, std::span<const FieldRule> rules) {
  Taken taken{check_fields(arrived, rules), std::nullopt};
  if (!taken.checked.fine) taken.refusal = refuse_trouble(desk, arrived, taken.checked.trouble);
  return taken;
}

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

AskedFields asked_fields(Desk& desk, const Arrived& arrived, const CheckedFields& checked,
                         std::string_view known, std::string_view otherwise) {
  AskedFields asked{texts_of(checked, "fields"), std::nullopt};
  if (asked.names.empty()) asked.names.emplace_back(otherwise);
  for (const std::string& name : asked.names) {
    if (is_among(std::string_view(name).substr(0, name.find('{')), known)) continue;
    asked.refusal = refuse_trouble(
        desk, arrived,
        {Breach::unknown, "fields", fmt::format("Tried accessing nonexisting field ({})", name)});
    return asked;
  }
  return asked;
}

std::optional<Page> page_of(const CheckedFields& checked, std::size_t count, std::size_t usual) {
  const std::int64_t limit = checked.whole("limit", static_cast<std::int64_t>(usual));
  if (limit < 1) return std::nullopt;
  std::size_t start = 0;
  if (checked.has("after")) {
    const std::optional<std::size_t> position = position_of(checked.text("after"));
    if (!position) return std::nullopt;
    start = *position;
  }
  start = std::min(start, count);
  const std::size_t size = std::min(static_cast<std::size_t>(limit), kLargestPage);
  return Page{start, std::min(count, start + size)};
}

net::Response paged(Desk& desk, const Call& call, JsonArray data, Page page, std::size_t count) {
  JsonObject body;
  if (desk.cut_short && !data.empty()) data.pop_back();
  body["data"] = std::move(data);
  if (page.start == page.end) return json_response(200, body);
  JsonObject paging{
      {"cursors", JsonObject{{"before", cursor_at(page.start)}, {"after", cursor_at(page.end)}}}};
  if (page.end < count) {
    std::string next = fmt::format("{}/{}/{}?access_token={}", call.base, call.node, call.edge,
                                   percent_written(call.token));
    for (const auto& [name, value] : call.arrived.query) {
      if (name == "access_token" || name == "after") continue;
      next += fmt::format("&{}={}", percent_written(name), percent_written(value));
    }
    paging["next"] = next + "&after=" + cursor_at(page.end);
  }
  body["paging"] = std::move(paging);
  return json_response(200, body);
}

net::Response list_accounts(Desk& desk, const Call& call) {
  Taken taken = take_fields(desk, call.arrived, list_rules());
  if (taken.refusal) return *taken.refusal;
  AskedFields asked = asked_fields(desk, call.arrived, taken.checked,
                                   readable_fields(Level::account), "account_id");
  if (asked.refusal) return *asked.refusal;
  std::vector<std::size_t> found;
  const auto& accounts = desk.box.world().scene().accounts;
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    if (accounts[i].account.platform == Platform::meta) found.push_back(i);
  }
  const std::optional<Page> page = page_of(taken.checked, found.size(), kUsualPage);
  if (!page) return refuse({.message = "Invalid cursor or limit", .field = "after"});
  JsonArray data;
  for (std::size_t i = page->start; i < page->end; ++i) {
    data.push_back(written_account(desk.box, found[i], asked.names));
  }
  return paged(desk, call, std::move(data), *page, found.size());
}

net::Response read_account(Desk& desk, const Call& call, std::size_t account) {
  Taken taken = take_fields(desk, call.arrived, read_rules());
  if (taken.refusal) return *taken.refusal;
  AskedFields asked = asked_fields(desk, call.arrived, taken.checked,
                                   readable_fields(Level::account), "account_id");
  if (asked.refusal) return *asked.refusal;
  return json_response(200, written_account(desk.box, account, asked.names));
}

net::Response minimum_budgets(Desk& desk, std::size_t account) {
  const Currency currency = desk.box.world().scene().accounts[account].account.currency;
  const std::int64_t smallest =
      smallest_budget(currency).micros * offset_of(currency) / kMicrosPerUnit;
  JsonObject row{{"currency", currency.code()},
                 {"min_daily_budget_imp", smallest},
                 {"min_daily_budget_video_views", smallest},
                 {"min_daily_budget_high_freq", smallest * 5},
                 {"min_daily_budget_low_freq", smallest * 40}};
  return json_response(200, JsonObject{{"data", JsonArray{std::move(row)}}});
}

net::Response read_place(Desk& desk, const Call& call, Sandbox::Place place) {
  Taken taken = take_fields(desk, call.arrived, read_rules());
  if (taken.refusal) return *taken.refusal;
  AskedFields asked =
      asked_fields(desk, call.arrived, taken.checked, readable_fields(place.level), "id");
  if (asked.refusal) return *asked.refusal;
  return json_response(200, written(desk.box, place, asked.names));
}

net::Response list_places(Desk& desk, const Call& call, const ListScope& scope) {
  Taken taken = take_fields(desk, call.arrived, list_rules());
  if (taken.refusal) return *taken.refusal;
  AskedFields asked =
      asked_fields(desk, call.arrived, taken.checked, readable_fields(scope.level), "id");
  if (asked.refusal) return *asked.refusal;
  Conditions conditions = read_conditions(desk, call.arrived, taken.checked);
  if (conditions.refusal) return *conditions.refusal;
  const std::vector<std::size_t> found =
      listed(desk.box, scope, texts_of(taken.checked, "effective_status"), conditions.all);
  const std::optional<Page> page = page_of(taken.checked, found.size(), kUsualPage);
  if (!page) return refuse({.message = "Invalid cursor or limit", .field = "after"});
  JsonArray data;
  for (std::size_t i = page->start; i < page->end; ++i) {
    data.push_back(written(desk.box, {scope.level, found[i]}, asked.names));
  }
  return paged(desk, call, std::move(data), *page, found.size());
}

}  // namespace rf::sim::meta
