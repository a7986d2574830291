#include "sim/faces/google_rows.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "sim/faces/fields.h"

namespace rf::sim::google {
namespace {

constexpr std::string_view kKnown =
    "customer.id customer.resource_name customer.descriptive_name customer.currency_code "
    "customer.time_zone customer.manager customer.status campaign.id campaign.resource_name "
    "campaign.name campaign.status campaign.primary_status campaign.primary_status_reasons "
    "campaign.serving_status campaign.advertising_channel_type campaign.bidding_strategy_type "
    "campaign.bidding_strategy_system_status campaign.campaign_budget campaign_budget.id "
    "campaign_budget.resource_name campaign_budget.amount_micros campaign_budget.period "
    "campaign_budget.explicitly_shared campaign_budget.status campaign_budget.delivery_method "
    "ad_group.id ad_group.resource_name ad_group.name ad_group.status ad_group.type "
    "ad_group.campaign ad_group.primary_status ad_group_ad.resource_name ad_group_ad.ad.id "
    "ad_group_ad.ad.name ad_group_ad.ad.type ad_group_ad.ad.resource_name ad_group_ad.status "
    "ad_group_ad.ad_group ad_group_ad.primary_status ad_group_ad.policy_summary.approval_status "
    "ad_group_ad.policy_summary.review_status segments.date metrics.impressions metrics.clicks "
    "metrics.ctr metrics.cost_micros metrics.average_cost metrics.conversions "
    "metrics.conversions_value metrics.cost_per_conversion metrics.all_conversions "
    "metrics.view_through_conversions metrics.engagements metrics.engagement_rate "
    "metrics.video_trueview_views metrics.video_trueview_view_rate metrics.trueview_average_cpv "
    "metrics.video_quartile_p25_rate metrics.video_quartile_p50_rate "
    "metrics.video_quartile_p75_rate metrics.video_quartile_p100_rate "
    "metrics.video_watch_time_duration_millis metrics.average_video_watch_time_duration_millis";

constexpr std::string_view kResources = "customer campaign campaign_budget ad_group ad_group_ad";

// One row before it is written: an ad, what is above it, and its numbers.
struct Row {
  std::size_t account = 0;
  const CampaignBook* campaign = nullptr;
  std::size_t campaign_index = 0;
  const AdSetBook* group = nullptr;
  const AdBook* ad = nullptr;
  std::size_t ad_index = 0;
  const ReportedRow* numbers = nullptr;
};

Json text(std::string_view value) { return Json(value); }
// proto3 JSON writes 64-bit numbers as text.
Json whole(std::int64_t value) { return Json(fmt::format("{}", value)); }

std::string resource_name(const Sandbox& box, std::size_t account, std::string_view kind,
                          std::string_view id) {
  return fmt::format("customers/{}/{}/{}", box.account_number(account), kind, id);
}

std::optional<Json> customer_field(const Sandbox& box, const Row& row, std::string_view name) {
  const Account& about = box.world().scene().accounts[row.account].account;
  if (name == "id") return text(box.account_number(row.account));
  if (name == "resource_name") return Json("customers/" + box.account_number(row.account));
  if (name == "descriptive_name") return text(about.name);
  if (name == "currency_code") return text(about.currency.code());
  if (name == "time_zone") return text(about.zone.name());
  if (name == "status") return text("ENABLED");
  return std::nullopt;  // manager: false.
}

std::string_view learning_word(const Sandbox& box, std::size_t campaign) {
  if (box.campaigns()[campaign].state != RunState::active) return "PAUSED";
  bool edited = false;
  for (const AdSetBook& group : box.adsets()) {
    if (group.campaign != campaign || group.learning != Learning::learning) continue;
    if (!group.edited) return "LEARNING_NEW";
    edited = true;
  }
  return edited ? "LEARNING_BUDGET_CHANGE" : "ENABLED";
}

std::optional<Json> campaign_field(const Sandbox& box, const Row& row, std::string_view name) {
  const CampaignBook& campaign = *row.campaign;
  if (name == "id") return text(campaign.id);
  if (name == "resource_name")
    return Json(resource_name(box, row.account, "campaigns", campaign.id));
  if (name == "name") return text(campaign.name);
  if (name == "status") return text(status_word(campaign.state));
  if (name == "primary_status") {
    return text(campaign.state == RunState::active ? "ELIGIBLE" : status_word(campaign.state));
  }
  if (name == "primary_status_reasons" && campaign.state == RunState::paused) {
    return Json(JsonArray{"CAMPAIGN_PAUSED"});
  }
  if (name == "serving_status") return text("SERVING");
  if (name == "advertising_channel_type") return text("DEMAND_GEN");
  if (name == "bidding_strategy_type") return text("MAXIMIZE_CONVERSIONS");
  if (name == "bidding_strategy_system_status") return text(learning_word(box, row.campaign_index));
  if (name == "campaign_budget") {
    return Json(resource_name(box, row.account, "campaignBudgets", campaign.id));
  }
  return std::nullopt;
}

std::optional<Json> budget_field(const Sandbox& box, const Row& row, std::string_view name) {
  const CampaignBook& campaign = *row.campaign;
  if (name == "id") return text(campaign.id);
  if (name == "resource_name") {
    return Json(resource_name(box, row.account, "campaignBudgets", campaign.id));
  }
  if (name == "amount_micros" && campaign.daily_budget) return whole(campaign.daily_budget->micros);
  if (name == "period") return text("DAILY");
  if (name == "status") return text("ENABLED");
  if (name == "delivery_method") return text("STANDARD");
  return std::nullopt;  // explicitly_shared: false.
}

std::optional<Json> group_field(const Sandbox& box, const Row& row, std::string_view name) {
  const AdSetBook& group = *row.group;
  if (name == "id") return text(group.id);
  if (name == "resource_name") return Json(resource_name(box, row.account, "adGroups", group.id));
  if (name == "name") return text(group.name);
  if (name == "status") return text(status_word(group.state));
  if (name == "primary_status") {
    return text(group.state == RunState::active ? "ELIGIBLE" : status_word(group.state));
  }
  if (name == "campaign")
    return Json(resource_name(box, row.account, "campaigns", row.campaign->id));
  return std::nullopt;
}

std::string_view approval_word(Review review) {
  if (review == Review::pending) return "UNKNOWN";
  return review == Review::approved ? "APPROVED" : "DISAPPROVED";
}

// The fields of ad_group_ad.ad.
std::optional<Json> inner_ad_field(const Sandbox& box, const Row& row, std::string_view name) {
  if (name == "id") return text(row.ad->id);
  if (name == "resource_name") return Json(resource_name(box, row.account, "ads", row.ad->id));
  if (name == "name") return text(row.ad->name);
  return text("DEMAND_GEN_VIDEO_RESPONSIVE_AD");  // type
}

std::optional<Json> ad_field(const Sandbox& box, const Row& row, std::string_view name) {
  const AdBook& ad = *row.ad;
  if (name.starts_with("ad.")) return inner_ad_field(box, row, name.substr(3));
  if (name == "resource_name") {
    return Json(
        resource_name(box, row.account, "adGroupAds", fmt::format("{}~{}", row.group->id, ad.id)));
  }
  if (name == "status") return text(status_word(ad.state));
  if (name == "primary_status") {
    return text(ad.state == RunState::active ? "ELIGIBLE" : status_word(ad.state));
  }
  if (name == "ad_group") return Json(resource_name(box, row.account, "adGroups", row.group->id));
  if (name == "policy_summary.approval_status") return text(approval_word(ad.review));
  if (name == "policy_summary.review_status") {
    return text(ad.review == Review::pending ? "REVIEW_IN_PROGRESS" : "REVIEWED");
  }
  return std::nullopt;
}

double amount(const Counts& counts, Metric metric) {
  return as_number(metric, counts.or_zero(metric));
}

std::optional<Json> ratio(double above, double below) {
  if (below <= 0 || above <= 0) return std::nullopt;
  return Json(above / below);
}

std::optional<Json> count_metric(const Counts& counts, std::string_view name) {
  constexpr auto kCounts = std::to_array<std::pair<std::string_view, Metric>>(
      {{"impressions", Metric::impressions},
       {"clicks", Metric::link_clicks},
       {"cost_micros", Metric::spend},
       {"engagements", Metric::engagements},
       {"video_trueview_views", Metric::views},
       {"video_watch_time_duration_millis", Metric::watch_time_ms}});
  const auto at = std::ranges::find(kCounts, name, &std::pair<std::string_view, Metric>::first);
  if (at == kCounts.end() || counts.or_zero(at->second) == 0) return std::nullopt;
  return whole(counts.or_zero(at->second));
}

std::optional<Json> metric_field(const Counts& counts, std::string_view name) {
  if (auto count = count_metric(counts, name)) return count;
  const double impressions = amount(counts, Metric::impressions);
  const double spend_micros = static_cast<double>(counts.or_zero(Metric::spend));
  const double conversions = amount(counts, Metric::conversions);
  if (name == "ctr") return ratio(amount(counts, Metric::link_clicks), impressions);
  if (name == "average_cost") return ratio(spend_micros, amount(counts, Metric::link_clicks));
  if (name == "conversions" || name == "all_conversions") return ratio(conversions, 1);
  if (name == "conversions_value") return ratio(amount(counts, Metric::conversion_value), 1);
  if (name == "cost_per_conversion") return ratio(spend_micros, conversions);
  if (name == "engagement_rate") return ratio(amount(counts, Metric::engagements), impressions);
  if (name == "video_trueview_view_rate") return ratio(amount(counts, Metric::views), impressions);
  if (name == "trueview_average_cpv") return ratio(spend_micros, amount(counts, Metric::views));
  if (name == "video_quartile_p25_rate")
    return ratio(amount(counts, Metric::video_p25), impressions);
  if (name == "video_quartile_p50_rate")
    return ratio(amount(counts, Metric::video_p50), impressions);
  if (name == "video_quartile_p75_rate")
    return ratio(amount(counts, Metric::video_p75), impressions);
  if (name == "video_quartile_p100_rate") {
    return ratio(amount(counts, Metric::video_p100), impressions);
  }
  return std::nullopt;
}

std::optional<Json> field_of(const Sandbox& box, const Row& row, std::string_view field) {
  const std::size_t dot = field.find('.');
  const std::string_view head = field.substr(0, dot);
  const std::string_view name = dot == std::string_view::npos ? "" : field.substr(dot + 1);
  if (head == "customer") return customer_field(box, row, name);
  if (head == "campaign" && row.campaign != nullptr) return campaign_field(box, row, name);
  if (head == "campaign_budget" && row.campaign != nullptr) return budget_field(box, row, name);
  if (head == "ad_group" && row.group != nullptr) return group_field(box, row, name);
  if (head == "ad_group_ad" && row.ad != nullptr) return ad_field(box, row, name);
  if (row.numbers == nullptr) return std::nullopt;
  if (head == "metrics") return metric_field(row.numbers->counts, name);
  if (field == "segments.date") return Json(to_iso(row.numbers->first));
  return std::nullopt;
}

void put(JsonObject& object, std::string_view path, Json value) {
  const std::size_t dot = path.find('.');
  if (dot == std::string_view::npos) {
    object[path] = std::move(value);
    return;
  }
  Json& inner = object[path.substr(0, dot)];
  if (!inner.is_object()) inner = JsonObject();
  put(inner.get_object(), path.substr(dot + 1), std::move(value));
}

JsonObject written(const Sandbox& box, const Query& query, const Row& row) {
  JsonObject object;
  for (const std::string& field : query.fields) {
    const std::string head = field.substr(0, field.find('.'));
    if (head != "metrics" && head != "segments") {
      if (auto name = field_of(box, row, head + ".resource_name")) {
        put(object, camel(head + ".resource_name"), std::move(*name));
      }
    }
    if (auto value = field_of(box, row, field)) put(object, camel(field), std::move(*value));
  }
  return object;
}

std::string plain(const std::optional<Json>& value) {
  if (!value) return {};
  return value->is_string() ? std::string(value->get_string()) : to_text(*value);
}

// -1, 0 or 1; numbers by their size, all else by its letters.
int compare(const std::string& a, const std::string& b) {
  double x = 0;
  double y = 0;
  const auto left = std::from_chars(a.data(), a.data() + a.size(), x);
  const auto right = std::from_chars(b.data(), b.data() + b.size(), y);
  const bool numbers = left.ec == std::errc() && right.ec == std::errc() &&
                       left.ptr == a.data() + a.size() && right.ptr == b.data() + b.size();
  if (numbers && a != b) return x < y ? -1 : x > y ? 1 : 0;
  return a.compare(b) < 0 ? -1 : a == b ? 0 : 1;
}

bool holds(const std::string& found, const QueryCondition& condition) {
  const int order = compare(found, condition.values.front());
  if (condition.op == "=") return order == 0;
  if (condition.op == "!=") return order != 0;
  if (condition.op == ">") return order > 0;
  if (condition.op == ">=") return order >= 0;
  if (condition.op == "<") return order < 0;
  if (condition.op == "<=") return order <= 0;
  if (condition.op == "BETWEEN") return order >= 0 && compare(found, condition.values.back()) <= 0;
  return std::ranges::find(condition.values, found) != condition.values.end();
}

Result<DayRange> during(const Sandbox& box, const std::string& name) {
  const Day today = box.today();
  constexpr auto kNames = std::to_array<std::pair<std::string_view, int>>(
      {{"LAST_7_DAYS", 7}, {"LAST_14_DAYS", 14}, {"LAST_30_DAYS", 30}});
  if (name == "TODAY") return DayRange{today, today};
  if (name == "YESTERDAY") return DayRange{today - Days(1), today - Days(1)};
  const auto at = std::ranges::find(kNames, name, &std::pair<std::string_view, int>::first);
  if (at == kNames.end()) return fail(ErrorCode::invalid, "DURING " + name + " is not known");
  return DayRange{today - Days(at->second), today - Days(1)};
}

Status narrow(const Sandbox& box, const QueryCondition& condition, DayRange& range) {
  if (condition.op == "DURING") {
    range = RF_TRY(during(box, condition.values.front()));
    return {};
  }
  const Day day = RF_TRY(parse_day(condition.values.front()));
  if (condition.op == "=" || condition.op == "BETWEEN" || condition.op == ">=") {
    range.first = std::max(range.first, day);
  }
  if (condition.op == ">") range.first = std::max(range.first, day + Days(1));
  if (condition.op == "=" || condition.op == "<=") range.last = std::min(range.last, day);
  if (condition.op == "<") range.last = std::min(range.last, day - Days(1));
  if (condition.op == "BETWEEN") {
    const Day end = RF_TRY(parse_day(condition.values.back()));
    range.last = std::min(range.last, end);
  }
  return {};
}

Level level_of(std::string_view resource) {
  if (resource == "ad_group_ad") return Level::ad;
  if (resource == "ad_group") return Level::adset;
  return resource == "customer" ? Level::account : Level::campaign;
}

Row row_at(const Sandbox& box, std::size_t account, Level level, std::size_t index) {
  Row row{.account = account};
  if (level == Level::account) return row;
  if (level == Level::ad) {
    row.ad = &box.ads()[index];
    row.ad_index = index;
    row.group = &box.adsets()[row.ad->adset];
    row.campaign_index = row.ad->campaign;
  } else if (level == Level::adset) {
    row.group = &box.adsets()[index];
    row.campaign_index = row.group->campaign;
  } else {
    row.campaign_index = index;
  }
  row.campaign = &box.campaigns()[row.campaign_index];
  return row;
}

std::size_t count_of(const Sandbox& box, Level level) {
  if (level == Level::account) return 1;
  if (level == Level::campaign) return box.campaigns().size();
  return level == Level::adset ? box.adsets().size() : box.ads().size();
}

Status check_fields_of(const Query& query) {
  if (!is_among(query.resource, kResources)) {
    return fail(ErrorCode::invalid, fmt::format("'{}' is no resource here", query.resource));
  }
  std::vector<std::string> all = query.fields;
  for (const QueryCondition& condition : query.conditions) all.push_back(condition.field);
  if (!query.order_field.empty()) all.push_back(query.order_field);
  for (const std::string& field : all) {
    if (!is_among(field, kKnown)) {
      return fail(ErrorCode::invalid, fmt::format("Unrecognized field in the query: '{}'", field));
    }
  }
  return {};
}

bool passes(const Sandbox& box, const Row& row, const Query& query) {
  return std::ranges::all_of(query.conditions, [&](const QueryCondition& condition) {
    if (condition.field == "segments.date") return true;
    return holds(plain(field_of(box, row, condition.field)), condition);
  });
}

void sort_rows(const Sandbox& box, const Query& query, std::vector<Row>& rows) {
  if (query.order_field.empty()) return;
  std::ranges::stable_sort(rows, [&](const Row& a, const Row& b) {
    const int order = compare(plain(field_of(box, a, query.order_field)),
                              plain(field_of(box, b, query.order_field)));
    return query.descending ? order > 0 : order < 0;
  });
}

bool asks_for(const Query& query, std::string_view head) {
  return std::ranges::any_of(query.fields,
                             [&](const std::string& field) { return field.starts_with(head); }) ||
         std::ranges::any_of(query.conditions, [&](const QueryCondition& condition) {
           return condition.field.starts_with(head);
         });
}

bool asks_for_numbers(const Query& query) {
  return asks_for(query, "metrics.") || asks_for(query, "segments.date");
}

std::vector<ReportedRow> numbers_of(const Sandbox& box, std::size_t account, const Query& query,
                                    const DayRange& range) {
  if (!asks_for_numbers(query)) return {};
  const bool by_date = std::ranges::find(query.fields, "segments.date") != query.fields.end();
  return box.report({.account = account,
                     .level = level_of(query.resource),
                     .first = range.first,
                     .last = range.last,
                     .days_per_row = by_date ? 1 : 0});
}

// The rows point into `numbers`.
std::vector<Row> rows_of_numbers(const Sandbox& box, std::size_t account, const Query& query,
                                 const std::vector<ReportedRow>& numbers) {
  std::vector<Row> rows;
  rows.reserve(numbers.size());
  for (const ReportedRow& each : numbers) {
    rows.push_back(row_at(box, account, level_of(query.resource), each.index));
    rows.back().numbers = &each;
  }
  return rows;
}

std::vector<Row> rows_of_things(const Sandbox& box, std::size_t account, const Query& query) {
  const Level level = level_of(query.resource);
  std::vector<Row> rows;
  for (std::size_t i = 0; i < count_of(box, level); ++i) {
    const Row row = row_at(box, account, level, i);
    if (row.campaign == nullptr || row.campaign->account == account) rows.push_back(row);
  }
  return rows;
}

}  // namespace

std::string camel(std::string_view name) {
  std::string result;
  bool raise = false;
  for (char c : name) {
    if (c == '_') {
      raise = true;
    } else {
      result += raise && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      raise = false;
    }
  }
  return result;
}

std::string_view status_word(RunState state) {
  if (state == RunState::active) return "ENABLED";
  return state == RunState::paused ? "PAUSED" : "REMOVED";
}

Result<std::vector<JsonObject>> find_rows(const Sandbox& box, std::size_t account,
                                          const Query& query) {
  RF_TRY(check_fields_of(query));
  DayRange range{box.world().scene().first_day, box.today()};
  for (const QueryCondition& condition : query.conditions) {
    if (condition.field == "segments.date") RF_TRY(narrow(box, condition, range));
  }
  const std::vector<ReportedRow> numbers = numbers_of(box, account, query, range);
  std::vector<Row> rows = asks_for_numbers(query) ? rows_of_numbers(box, account, query, numbers)
                                                  : rows_of_things(box, account, query);
  std::erase_if(rows, [&](const Row& row) { return !passes(box, row, query); });
  sort_rows(box, query, rows);
  if (query.limit > 0 && rows.size() > query.limit) rows.resize(query.limit);
  std::vector<JsonObject> result;
  result.reserve(rows.size());
  for (const Row& row : rows) result.push_back(written(box, query, row));
  return result;
}

}  // namespace rf::sim::google
