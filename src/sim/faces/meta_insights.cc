// Meta's reports: insights at once, page by page, or prepared in a run.

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "sim/faces/meta_desk.h"

namespace rf::sim::meta {
namespace {

constexpr std::size_t kUsualPage = 25;
// Chosen: more rows than this at once, and the platform asks for a report run.
constexpr std::size_t kRowsAtOnce = 100'000;
constexpr std::size_t kCachedReports = 4;

// The part of the purchases that Meta ascribes to views. Chosen.
constexpr double kViewShare = 0.1;
constexpr double kOneDayShare = 0.55;

constexpr std::string_view kWindows =
    "1d_click 7d_click 28d_click 1d_view 7d_view 28d_view 1d_ev dda";

// Chosen: how the same day falls into parts; the last part takes what rounding leaves.
constexpr auto kAges = std::to_array<Part>({{"18-24", 0.16},
                                            {"25-34", 0.27},
                                            {"35-44", 0.23},
                                            {"45-54", 0.16},
                                            {"55-64", 0.11},
                                            {"65+", 0.07}});
constexpr auto kGenders =
    std::to_array<Part>({{"female", 0.55}, {"male", 0.42}, {"unknown", 0.03}});
constexpr auto kPublishers = std::to_array<Part>(
    {{"facebook", 0.48}, {"instagram", 0.45}, {"audience_network", 0.05}, {"messenger", 0.02}});
constexpr auto kCountries = std::to_array<Part>({{"US", 1.0}});

std::span<const Part> parts_of(std::string_view breakdown) {
  if (breakdown == "age") return kAges;
  if (breakdown == "gender") return kGenders;
  if (breakdown == "publisher_platform") return kPublishers;
  if (breakdown == "country") return kCountries;
  return {};
}

bool may_combine(const std::vector<std::string>& breakdowns) {
  if (breakdowns.size() <= 1) return true;
  return breakdowns.size() == 2 && std::ranges::all_of(breakdowns, [](const std::string& each) {
           return each == "age" || each == "gender";
         });
}

// Writing of one row.

std::string decimal(double value, int digits) { return fmt::format("{:.{}f}", value, digits); }

double amount(const Counts& counts, Metric metric) {
  return as_number(metric, counts.or_zero(metric));
}

std::string whole_text(const Counts& counts, Metric metric) {
  return fmt::format("{}", counts.or_zero(metric));
}

std::optional<Json> ratio_text(double above, double below, double scale) {
  if (below <= 0) return std::nullopt;
  return Json(decimal(above * scale / below, 6));
}

Json one_action(std::string_view type, const std::string& value) {
  return JsonArray{JsonObject{{"action_type", type}, {"value", value}}};
}

struct WindowSplit {
  std::string_view window;
  double share;
};

double window_share(std::string_view window) {
  constexpr auto kShares = std::to_array<WindowSplit>({{"1d_click", kOneDayShare},
                                                       {"7d_click", 1 - kViewShare},
                                                       {"28d_click", 1 - kViewShare},
                                                       {"dda", 1},
                                                       {"1d_view", kViewShare}});
  const auto at = std::ranges::find(kShares, window, &WindowSplit::window);
  return at == kShares.end() ? 0 : at->share;  // 7d_view and 28d_view have no data any more.
}

// `value` is that of the ad set's own setting, which counts clicks of a week and views of a day.
JsonObject windowed(std::string_view type, double value, int digits,
                    const std::vector<std::string>& windows) {
  JsonObject action{{"action_type", type}, {"value", decimal(value, digits)}};
  const double scale = digits == 0 ? 1 : 100;
  const double seen = std::floor(value * kViewShare * scale) / scale;
  for (const std::string& window : windows) {
    const double share = window_share(window);
    double part = std::floor(value * share * scale) / scale;
    if (window == "7d_click" || window == "28d_click") part = value - seen;
    if (part > 0) action[window] = decimal(part, digits);
  }
  return action;
}

constexpr auto kPurchaseNames = std::to_array<std::string_view>(
    {"purchase", "omni_purchase", "offsite_conversion.fb_pixel_purchase", "onsite_web_purchase",
     "web_in_store_purchase"});

Json actions(const Counts& counts, const std::vector<std::string>& windows) {
  constexpr auto kCounted = std::to_array<std::pair<std::string_view, Metric>>(
      {{"link_click", Metric::link_clicks},
       {"landing_page_view", Metric::landing_page_views},
       {"post_reaction", Metric::reactions},
       {"comment", Metric::comments},
       {"post", Metric::shares},
       {"onsite_conversion.post_save", Metric::saves},
       {"video_view", Metric::video_3s}});
  JsonArray list;
  for (const auto& [type, metric] : kCounted) {
    if (counts.or_zero(metric) == 0) continue;
    list.push_back(JsonObject{{"action_type", type}, {"value", whole_text(counts, metric)}});
  }
  const double purchases = amount(counts, Metric::purchases);
  if (purchases > 0) {
    for (std::string_view type : kPurchaseNames)
      list.push_back(windowed(type, purchases, 0, windows));
  }
  return list;
}

Json action_values(const Counts& counts, const std::vector<std::string>& windows) {
  JsonArray list;
  const double value = amount(counts, Metric::purchase_value);
  for (std::string_view type : kPurchaseNames) list.push_back(windowed(type, value, 2, windows));
  return list;
}

// The share that still watches at second 0 to 14, then at 15, 20, 25, 30, 40, 50 and 60.
Json play_curve(const Counts& counts) {
  const double plays = amount(counts, Metric::video_plays);
  JsonArray values;
  for (int i = 0; i < 22; ++i) {
    const int second = i < 15 ? i : i == 15 ? 15 : i < 19 ? 15 + (i - 15) * 5 : 30 + (i - 18) * 10;
    const double hooked = amount(counts, Metric::video_3s) / plays;
    const double held = amount(counts, Metric::thruplays) / plays;
    const double share = second <= 3 ? 1 - (1 - hooked) * second / 3
                                     : held + (hooked - held) * std::max(0, 15 - second) / 12;
    values.push_back(std::lround(100 * std::clamp(share, 0.0, 1.0)));
  }
  return JsonArray{JsonObject{{"action_type", "video_view"}, {"value", std::move(values)}}};
}

std::optional<Metric> video_metric(std::string_view name) {
  constexpr auto kNames = std::to_array<std::pair<std::string_view, Metric>>(
      {{"video_play_actions", Metric::video_plays},
       {"video_continuous_2_sec_watched_actions", Metric::video_2s},
       {"video_15_sec_watched_actions", Metric::thruplays},
       {"video_p25_watched_actions", Metric::video_p25},
       {"video_p50_watched_actions", Metric::video_p50},
       {"video_p75_watched_actions", Metric::video_p75},
       {"video_p95_watched_actions", Metric::video_p95},
       {"video_p100_watched_actions", Metric::video_p100},
       {"video_thruplay_watched_actions", Metric::thruplays}});
  const auto at = std::ranges::find(kNames, name, &std::pair<std::string_view, Metric>::first);
  if (at == kNames.end()) return std::nullopt;
  return at->second;
}

std::optional<Json> video_field(const Counts& counts, std::string_view name) {
  if (const std::optional<Metric> metric = video_metric(name)) {
    if (counts.or_zero(*metric) == 0) return std::nullopt;
    return one_action("video_view", whole_text(counts, *metric));
  }
  const double plays = amount(counts, Metric::video_plays);
  if (plays <= 0) return std::nullopt;
  const double watched_s = amount(counts, Metric::watch_time_ms) / 1000;
  if (name == "video_avg_time_watched_actions") {
    return one_action("video_view", decimal(watched_s / plays, 0));
  }
  if (name == "video_time_watched_actions") {
    return one_action("video_view", decimal(watched_s, 0));
  }
  if (name == "video_play_curve_actions") return play_curve(counts);
  return std::nullopt;
}

// A quotient of two metrics, as a text.
struct Rate {
  std::string_view name;
  Metric above;
  Metric below;
  double scale;
};

constexpr auto kRates =
    std::to_array<Rate>({{"frequency", Metric::impressions, Metric::reach, 1},
                         {"ctr", Metric::clicks_all, Metric::impressions, 100},
                         {"cpc", Metric::spend, Metric::clicks_all, 1},
                         {"cpm", Metric::spend, Metric::impressions, 1000},
                         {"cpp", Metric::spend, Metric::reach, 1000},
                         {"inline_link_click_ctr", Metric::link_clicks, Metric::impressions, 100}});

// The same of one action type; none where nothing was bought.
struct ActionRate {
  std::string_view name;
  std::string_view type;
  Metric above;
  Metric below;
};

constexpr auto kActionRates = std::to_array<ActionRate>(
    {{"purchase_roas", "omni_purchase", Metric::purchase_value, Metric::spend},
     {"website_purchase_roas", "offsite_conversion.fb_pixel_purchase", Metric::purchase_value,
      Metric::spend},
     {"cost_per_action_type", "omni_purchase", Metric::spend, Metric::purchases}});

std::optional<Json> rate_field(const Counts& counts, std::string_view name) {
  const auto rate = std::ranges::find(kRates, name, &Rate::name);
  if (rate != kRates.end()) {
    return ratio_text(amount(counts, rate->above), amount(counts, rate->below), rate->scale);
  }
  const auto of_action = std::ranges::find(kActionRates, name, &ActionRate::name);
  if (of_action != kActionRates.end()) {
    const auto value =
        ratio_text(amount(counts, of_action->above), amount(counts, of_action->below), 1);
    if (!value || counts.or_zero(Metric::purchases) == 0) return std::nullopt;
    return one_action(of_action->type, std::string(value->get_string()));
  }
  if (name.ends_with("_ranking")) return Json("UNKNOWN");
  return std::nullopt;
}

std::optional<Json> count_field(const Counts& counts, std::string_view name,
                                const std::vector<std::string>& windows) {
  if (name == "impressions") return Json(whole_text(counts, Metric::impressions));
  if (name == "reach") return Json(whole_text(counts, Metric::reach));
  if (name == "spend") return Json(decimal(amount(counts, Metric::spend), 2));
  if (name == "clicks") return Json(whole_text(counts, Metric::clicks_all));
  if (name == "unique_clicks") {
    return Json(fmt::format(
        "{}", std::min(counts.or_zero(Metric::clicks_all), counts.or_zero(Metric::reach))));
  }
  if (name == "inline_link_clicks") return Json(whole_text(counts, Metric::link_clicks));
  if (name == "outbound_clicks") {
    if (counts.or_zero(Metric::outbound_clicks) == 0) return std::nullopt;
    return one_action("outbound_click", whole_text(counts, Metric::outbound_clicks));
  }
  if (name == "actions") return actions(counts, windows);
  if (name == "action_values") {
    if (amount(counts, Metric::purchase_value) <= 0) return std::nullopt;
    return action_values(counts, windows);
  }
  if (name.starts_with("video_")) return video_field(counts, name);
  return rate_field(counts, name);
}

const AdBook* first_ad_of(const Sandbox& box, Level level, std::size_t index) {
  for (const AdBook& ad : box.ads()) {
    if (level == Level::campaign && ad.campaign == index) return &ad;
    if (level == Level::adset && ad.adset == index) return &ad;
  }
  return nullptr;
}

std::optional<Json> account_name_field(const Sandbox& box, std::size_t index,
                                       std::string_view name) {
  const Account& account = box.world().scene().accounts[index].account;
  if (name == "account_id") return Json(box.account_number(index));
  if (name == "account_name") return Json(std::string_view(account.name));
  if (name == "account_currency") return Json(account.currency.code());
  return std::nullopt;
}

std::optional<Json> adset_name_field(const AdSetBook& adset, std::string_view name) {
  if (name == "adset_id") return Json(std::string_view(adset.id));
  if (name == "adset_name") return Json(std::string_view(adset.name));
  if (name == "optimization_goal") return Json("OFFSITE_CONVERSIONS");
  if (name == "attribution_setting") return Json("7d_click_or_1d_view");
  return std::nullopt;
}

// The names above and at the row's level.
std::optional<Json> name_field(const Sandbox& box, const InsightQuestion& question,
                               std::size_t index, std::string_view name) {
  if (auto value = account_name_field(box, question.account, name)) return value;
  const Level level = question.query.level;
  if (level == Level::account) return std::nullopt;
  if (name == "objective") return Json("OUTCOME_SALES");
  const AdBook* ad = level == Level::ad ? &box.ads()[index] : first_ad_of(box, level, index);
  if (ad == nullptr) return std::nullopt;
  if (name == "campaign_id") return Json(std::string_view(box.campaigns()[ad->campaign].id));
  if (name == "campaign_name") return Json(std::string_view(box.campaigns()[ad->campaign].name));
  if (level == Level::campaign) return std::nullopt;
  if (auto value = adset_name_field(box.adsets()[ad->adset], name)) return value;
  if (level == Level::adset) return std::nullopt;
  if (name == "ad_id") return Json(std::string_view(ad->id));
  return name == "ad_name" ? std::optional<Json>(std::string_view(ad->name)) : std::nullopt;
}

JsonObject written_row(const Sandbox& box, const InsightQuestion& question, const PartRow& row) {
  JsonObject object;
  for (const std::string& name : question.fields) {
    std::optional<Json> value = name_field(box, question, row.row.index, name);
    if (!value) value = count_field(row.row.counts, name, question.windows);
    if (value) object[name] = std::move(*value);
  }
  for (const auto& [name, value] : row.parts) object[name] = std::string_view(value);
  object["date_start"] = to_iso(row.row.first);
  object["date_stop"] = to_iso(row.row.last);
  return object;
}

// Reading of a question.

struct Asked {
  InsightQuestion question;
  std::optional<net::Response> refusal;
};

Asked refused(Desk& desk, const Arrived& arrived, std::string field, std::string message) {
  return {
      {},
      refuse_trouble(desk, arrived, {Breach::wrong_value, std::move(field), std::move(message)})};
}

std::optional<std::int64_t> days_per_row(const CheckedFields& checked) {
  const Json* given = checked.fields.if_contains("time_increment");
  if (given == nullptr) return 0;
  const std::string text = given->is_string() ? std::string(given->get_string()) : to_text(*given);
  if (text == "all_days") return 0;
  std::int64_t days = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), days);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (days < 1 || days > 90) return std::nullopt;
  return days;
}

Days preset_days(std::string_view preset) {
  constexpr auto kPresets = std::to_array<std::pair<std::string_view, int>>({{"last_3d", 3},
                                                                             {"last_7d", 7},
                                                                             {"last_14d", 14},
                                                                             {"last_28d", 28},
                                                                             {"last_30d", 30},
                                                                             {"last_90d", 90}});
  const auto at = std::ranges::find(kPresets, preset, &std::pair<std::string_view, int>::first);
  return Days(at == kPresets.end() ? 30 : at->second);
}

// Both days included.
DayRange preset_range(const Sandbox& box, std::string_view preset) {
  const Day today = box.today();
  const Day yesterday = today - Days(1);
  if (preset == "today") return {today, today};
  if (preset == "yesterday") return {yesterday, yesterday};
  if (preset == "maximum" || preset == "data_maximum") {
    return {box.world().scene().first_day, today};
  }
  if (preset == "this_month") {
    const std::chrono::year_month_day date(std::chrono::sys_days(today.time_since_epoch()));
    const std::chrono::sys_days first = date.year() / date.month() / 1;
    return {Day(first.time_since_epoch()), today};
  }
  return {today - preset_days(preset), yesterday};
}

std::optional<DayRange> range_of(const Sandbox& box, const CheckedFields& checked) {
  const Json* range = checked.fields.if_contains("time_range");
  if (range == nullptr) return preset_range(box, checked.text("date_preset"));
  constexpr auto kRules = std::to_array<FieldRule>(
      {{"since", FieldKind::text, true}, {"until", FieldKind::text, true}});
  const CheckedFields given = check_object(range->get_object(), kRules);
  if (!given.fine) return std::nullopt;
  Result<Day> since = parse_day(given.text("since"));
  Result<Day> until = parse_day(given.text("until"));
  if (!since || !until || *since > *until) return std::nullopt;
  return DayRange{*since, *until};
}

Level level_of(const CheckedFields& checked, Level otherwise) {
  const std::string level = checked.text("level");
  if (level == "account") return Level::account;
  if (level == "campaign") return Level::campaign;
  if (level == "adset") return Level::adset;
  return level == "ad" ? Level::ad : otherwise;
}

void narrow(ReportQuery& query, const Sandbox::Place& place) {
  if (place.level == Level::campaign) query.campaign = place.index;
  if (place.level == Level::adset) query.adset = place.index;
  if (place.level == Level::ad) query.ad = place.index;
}

Asked question_of(Desk& desk, const Arrived& arrived, std::size_t account,
                  std::optional<Sandbox::Place> place) {
  Taken taken = take_fields(desk, arrived, insight_rules());
  if (taken.refusal) return {{}, std::move(taken.refusal)};
  AskedFields fields = asked_fields(desk, arrived, taken.checked, kInsightFields, "impressions");
  if (fields.refusal) return {{}, std::move(fields.refusal)};
  InsightQuestion question{.account = account,
                           .fields = std::move(fields.names),
                           .breakdowns = texts_of(taken.checked, "breakdowns"),
                           .windows = texts_of(taken.checked, "action_attribution_windows"),
                           .given = std::move(taken.checked)};
  const std::optional<DayRange> range = range_of(desk.box, question.given);
  if (!range)
    return refused(desk, arrived, "time_range", "Must be a date range with since <= until");
  const std::optional<std::int64_t> step = days_per_row(question.given);
  if (!step) return refused(desk, arrived, "time_increment", "Must be 1 to 90 or all_days");
  for (const std::string& window : question.windows) {
    if (!is_among(window, kWindows)) {
      return refused(desk, arrived, "action_attribution_windows", "Unknown window " + window);
    }
  }
  const bool known = std::ranges::all_of(
      question.breakdowns, [](const std::string& each) { return !parts_of(each).empty(); });
  if (!known || !may_combine(question.breakdowns)) {
    return {{},
            refuse({.code = 100,
                    .subcode = 1504041,
                    .message = "The current combination of data breakdown columns is invalid",
                    .field = "breakdowns"})};
  }
  question.query = {.account = account,
                    .level = level_of(question.given, place ? place->level : Level::account),
                    .first = range->first,
                    .last = range->last,
                    .days_per_row = *step};
  if (place) narrow(question.query, *place);
  return {std::move(question), std::nullopt};
}

// Filtering of rows.

struct RowCondition {
  Metric metric = Metric::impressions;
  double above = 0;
  std::string_view id_level = {};  // "ad.id"; empty for a number.
  std::vector<std::string> ids = {};
};

std::optional<RowCondition> read_above(std::string_view field, const Json& value) {
  const bool spend = field == "spend" || field == "ad.spend";
  const bool impressions = field == "impressions" || field == "ad.impressions";
  if (!value.is_number() || (!spend && !impressions)) return std::nullopt;
  return RowCondition{.metric = spend ? Metric::spend : Metric::impressions,
                      .above = value.to_number<double>()};
}

std::optional<RowCondition> read_among(std::string_view field, const Json& value) {
  constexpr auto kLevels = std::to_array<std::string_view>({"ad.id", "adset.id", "campaign.id"});
  const auto level = std::ranges::find(kLevels, field);
  if (level == kLevels.end() || !value.is_array()) return std::nullopt;
  RowCondition condition{.id_level = *level};
  for (const Json& each : value.get_array()) {
    condition.ids.push_back(each.is_string() ? std::string(each.get_string()) : to_text(each));
  }
  return condition;
}

std::optional<RowCondition> read_row_condition(const Json& json) {
  if (!json.is_object()) return std::nullopt;
  constexpr auto kRules = std::to_array<FieldRule>({{"field", FieldKind::text, true},
                                                    {"operator", FieldKind::text, true},
                                                    {"value", FieldKind::any, true}});
  const CheckedFields given = check_object(json.get_object(), kRules);
  if (!given.fine) return std::nullopt;
  const std::string op = given.text("operator");
  if (op == "GREATER_THAN") return read_above(given.text("field"), given.fields.at("value"));
  return op == "IN" ? read_among(given.text("field"), given.fields.at("value")) : std::nullopt;
}

bool meets(const Sandbox& box, const InsightQuestion& question, const PartRow& row,
           const RowCondition& condition) {
  if (condition.id_level.empty()) return amount(row.row.counts, condition.metric) > condition.above;
  std::string name(condition.id_level);
  std::ranges::replace(name, '.', '_');
  const std::optional<Json> id = name_field(box, question, row.row.index, name);
  return id && std::ranges::find(condition.ids, std::string_view(id->get_string())) !=
                   condition.ids.end();
}

// What was asked, without the page; equal questions give equal rows until the world moves.
std::string key_of(const Desk& desk, const InsightQuestion& question) {
  JsonObject given = question.given.fields;
  for (std::string_view name : {"limit", "after", "fields"}) given.erase(name);
  const auto number = [](const std::optional<std::size_t>& index) {
    return index ? *index + 1 : 0;
  };
  return fmt::format("{} {} {} {} {} {}", desk.box.version(), question.account,
                     number(question.query.campaign), number(question.query.adset),
                     number(question.query.ad), to_text(Json(std::move(given))));
}

std::optional<net::Response> filter_rows(Desk& desk, const Arrived& arrived,
                                         const InsightQuestion& question,
                                         std::vector<PartRow>& rows) {
  const Json* filtering = question.given.fields.if_contains("filtering");
  if (filtering == nullptr) return std::nullopt;
  for (const Json& each : filtering->get_array()) {
    const std::optional<RowCondition> condition = read_row_condition(each);
    if (!condition) {
      return refuse_trouble(desk, arrived,
                            {Breach::wrong_value, "filtering",
                             fmt::format("Filtering {} is not supported", to_text(each))});
    }
    std::erase_if(rows,
                  [&](const PartRow& row) { return !meets(desk.box, question, row, *condition); });
  }
  return std::nullopt;
}

void sort_rows(const InsightQuestion& question, std::vector<PartRow>& rows) {
  const std::vector<std::string> sorts = texts_of(question.given, "sort");
  if (sorts.empty() || !sorts.front().starts_with("spend")) return;
  std::ranges::stable_sort(
      rows, [down = sorts.front() == "spend_descending"](const PartRow& a, const PartRow& b) {
        const std::int64_t left = a.row.counts.or_zero(Metric::spend);
        const std::int64_t right = b.row.counts.or_zero(Metric::spend);
        return down ? left > right : left < right;
      });
}

struct FoundRows {
  const std::vector<PartRow>* rows = nullptr;
  std::optional<net::Response> refusal;
};

FoundRows rows_of(Desk& desk, const Arrived& arrived, const InsightQuestion& question) {
  const std::string key = key_of(desk, question);
  const auto at = std::ranges::find(desk.cached, key, &CachedRows::key);
  if (at != desk.cached.end()) return {&at->rows, std::nullopt};
  std::vector<PartRow> rows;
  for (ReportedRow& row : desk.box.report(question.query)) rows.push_back({std::move(row), {}});
  for (const std::string& breakdown : question.breakdowns) {
    split_into(rows, breakdown, parts_of(breakdown));
  }
  if (auto refusal = filter_rows(desk, arrived, question, rows)) return {nullptr, refusal};
  sort_rows(question, rows);
  desk.cached.push_front({key, std::move(rows)});
  if (desk.cached.size() > kCachedReports) desk.cached.pop_back();
  return {&desk.cached.front().rows, std::nullopt};
}

net::Response page_of_rows(Desk& desk, const Call& call, const InsightQuestion& question,
                           const CheckedFields& paging, const std::vector<PartRow>& rows) {
  const std::optional<Page> page = page_of(paging, rows.size(), kUsualPage);
  if (!page) return refuse({.message = "Invalid cursor or limit", .field = "after"});
  JsonArray data;
  data.reserve(page->end - page->start);
  for (std::size_t i = page->start; i < page->end; ++i) {
    data.push_back(written_row(desk.box, question, rows[i]));
  }
  return paged(desk, call, std::move(data), *page, rows.size());
}

// A run is under way for as many looks. Chosen, so that clients have to wait.
constexpr std::int64_t kLooksUntilDone = 3;

}  // namespace

net::Response insights(Desk& desk, const Call& call, std::size_t account,
                       std::optional<Sandbox::Place> place) {
  Asked asked = question_of(desk, call.arrived, account, place);
  if (asked.refusal) return *asked.refusal;
  FoundRows found = rows_of(desk, call.arrived, asked.question);
  if (found.refusal) return *found.refusal;
  if (found.rows->size() > kRowsAtOnce) {
    return refuse({.code = 100,
                   .subcode = 1504018,
                   .message = "Please reduce the amount of data you're asking for, or use a report "
                              "run"});
  }
  return page_of_rows(desk, call, asked.question, asked.question.given, *found.rows);
}

net::Response start_run(Desk& desk, const Call& call, std::size_t account) {
  Asked asked = question_of(desk, call.arrived, account, std::nullopt);
  if (asked.refusal) return *asked.refusal;
  ReportRun run{.id = fmt::format("6023{:09d}", 920'149'050 + desk.runs.size()),
                .question = std::move(asked.question),
                .asked = desk.box.now()};
  desk.runs.push_back(std::move(run));
  return json_response(200, JsonObject{{"report_run_id", desk.runs.back().id}});
}

net::Response read_run(Desk& desk, const Call& call, ReportRun& run) {
  Taken taken = take_fields(desk, call.arrived, read_rules());
  if (taken.refusal) return *taken.refusal;
  AskedFields asked = asked_fields(desk, call.arrived, taken.checked, kRunFields, "id");
  if (asked.refusal) return *asked.refusal;
  ++run.looks;
  const bool done = run.looks >= kLooksUntilDone;
  JsonObject all{{"account_id", desk.box.account_number(run.question.account)},
                 {"async_status", done             ? "Job Completed"
                                  : run.looks == 1 ? "Job Not Started"
                                                   : "Job Running"},
                 {"async_percent_completion", done ? 100 : (run.looks - 1) * 40},
                 {"date_start", to_iso(run.question.query.first)},
                 {"date_stop", to_iso(run.question.query.last)},
                 {"is_running", !done},
                 {"time_ref", run.asked.time_since_epoch().count() / 1'000'000}};
  JsonObject body{{"id", run.id}};
  for (const std::string& name : asked.names) {
    if (const Json* value = all.if_contains(name)) body[name] = *value;
  }
  return json_response(200, body);
}

net::Response run_rows(Desk& desk, const Call& call, ReportRun& run) {
  Taken taken = take_fields(desk, call.arrived, list_rules());
  if (taken.refusal) return *taken.refusal;
  if (run.looks < kLooksUntilDone) {
    return refuse({.code = 2601, .message = "Error accessing adreport job"});
  }
  FoundRows found = rows_of(desk, call.arrived, run.question);
  if (found.refusal) return *found.refusal;
  return page_of_rows(desk, call, run.question, taken.checked, *found.rows);
}

}  // namespace rf::sim::meta
