#include "platform/tiktok_replies.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "platform/caller.h"
#include "platform/row_values.h"
#include "platform/tiktok_requests.h"

namespace rf::platform {
namespace {

// Source: report/integrated/get, metrics. "clicks" are those to the destination;
// total_complete_payment_rate is the value of purchases, whatever its name says.
constexpr auto kMetrics = std::to_array<std::pair<Metric, std::string_view>>({
    {Metric::spend, "spend"},
    {Metric::impressions, "impressions"},
    {Metric::reach, "reach"},
    {Metric::link_clicks, "clicks"},
    {Metric::video_plays, "video_play_actions"},
    {Metric::video_2s, "video_watched_2s"},
    {Metric::video_6s, "video_watched_6s"},
    {Metric::video_p25, "video_views_p25"},
    {Metric::video_p50, "video_views_p50"},
    {Metric::video_p75, "video_views_p75"},
    {Metric::video_p100, "video_views_p100"},
    {Metric::reactions, "likes"},
    {Metric::comments, "comments"},
    {Metric::shares, "shares"},
    {Metric::follows, "follows"},
    {Metric::profile_visits, "profile_visits"},
    {Metric::purchases, "complete_payment"},
    {Metric::purchase_value, "total_complete_payment_rate"},
    {Metric::conversions, "conversion"},
});

constexpr auto kBreakdowns =
    std::to_array<std::pair<std::string_view, std::string_view>>({{"age", "age"},
                                                                  {"gender", "gender"},
                                                                  {"country", "country_code"},
                                                                  {"placement", "placement"}});

// "-" stands for what TikTok cannot say.
Result<std::optional<std::int64_t>> metric_at(const Reply& metrics, std::string_view name) {
  const auto member = metrics.find(name);
  if (!member) return std::optional<std::int64_t>();
  const auto* text = member->json().if_string();
  if (text != nullptr && (*text == "-" || text->empty())) return std::optional<std::int64_t>();
  std::int64_t value = RF_TRY(member->as_micros());
  return std::optional(value);
}

Status set_counts(const Reply& metrics, Counts& counts) {
  for (const auto& [metric, name] : kMetrics) {
    const std::optional<std::int64_t> value = RF_TRY(metric_at(metrics, name));
    if (value) RF_TRY(put_count(counts, metric, *value, metrics));
  }
  const std::optional<std::int64_t> average = RF_TRY(metric_at(metrics, "average_video_play"));
  return average ? put_watch_time(counts, *average, metrics) : Status();
}

Status set_conversion(const TiktokForm& form, MetricRow& row) {
  Counts& counts = row.counts;
  row.conversion_event = form.conversion;
  if (form.conversion == "purchases") {
    counts.clear(Metric::conversions);
    if (counts.has(Metric::purchases))
      counts.set(Metric::conversions, counts.or_zero(Metric::purchases));
  }
  if (counts.has(Metric::conversions) && counts.has(Metric::purchase_value))
    counts.set(Metric::conversion_value, counts.or_zero(Metric::purchase_value));
  return {};
}

Status set_names(const Reply& metrics, Entity& entity) {
  const auto take = [&](std::string_view field, std::string& name) -> Status {
    const std::string text = RF_TRY(metrics.text_or_empty(field));
    if (!text.empty()) name = text;
    return {};
  };
  RF_TRY(take("campaign_name", entity.campaign_name));
  if (entity.level >= Level::adset) RF_TRY(take("adgroup_name", entity.adset_name));
  if (entity.level >= Level::ad) RF_TRY(take("ad_name", entity.ad_name));
  return {};
}

std::string& own_id(Entity& entity) {
  if (entity.level == Level::ad) return entity.ad_id;
  return entity.level == Level::adset ? entity.adset_id : entity.campaign_id;
}

Result<RunStatus> run_status(const Reply& item) {
  const std::string status = RF_TRY(item.text("operation_status"));
  if (status == "ENABLE") return RunStatus::active;
  if (status == "DISABLE") return RunStatus::paused;
  if (status == "DELETE") return RunStatus::archived;
  return item.wrong(
      fmt::format("operation_status is '{}', expected ENABLE or DISABLE", quoted_words(status)));
}

// "SEVEN_DAYS" as a number; "" where the window is off or unknown.
std::string_view days_of(std::string_view window) {
  constexpr auto kWindows =
      std::to_array<std::pair<std::string_view, std::string_view>>({{"ONE_DAY", "1"},
                                                                    {"SEVEN_DAYS", "7"},
                                                                    {"FOURTEEN_DAYS", "14"},
                                                                    {"TWENTY_EIGHT_DAYS", "28"}});
  for (const auto& [name, days] : kWindows) {
    if (name == window) return days;
  }
  return "";
}

Result<std::string> attribution_of(const Reply& item) {
  const std::string click = RF_TRY(item.text_or_empty("click_attribution_window"));
  const std::string view = RF_TRY(item.text_or_empty("view_attribution_window"));
  std::string text;
  if (const std::string_view days = days_of(click); !days.empty())
    text = fmt::format("{}-day click", days);
  if (const std::string_view days = days_of(view); !days.empty())
    text += fmt::format("{}{}-day view", text.empty() ? "" : " or ", days);
  return text;
}

Status set_budget(const Reply& item, Currency currency, EntityState& state) {
  const std::optional<std::int64_t> budget = RF_TRY(item.micros("budget"));
  if (!budget || *budget == 0) return {};
  if (*budget < 0) return item.wrong("the budget is negative");
  const std::string mode = RF_TRY(item.text_or_empty("budget_mode"));
  if (mode == "BUDGET_MODE_TOTAL") {
    state.lifetime_budget = Money{*budget, currency};
  } else if (mode != "BUDGET_MODE_INFINITE") {
    state.daily_budget = Money{*budget, currency};
  }
  return {};
}

// "AD_STATUS_DELIVERY_OK"; whatever else a status says beside plain pauses, is an issue.
void set_delivery(std::string_view secondary, EntityState& state) {
  if (secondary.empty()) {
    state.delivers = state.status == RunStatus::active;
    return;
  }
  state.delivers = secondary.ends_with("DELIVERY_OK") || secondary == "CAMPAIGN_STATUS_ENABLE";
  const bool plain = state.delivers || secondary.ends_with("_DISABLE") ||
                     secondary.ends_with("_DELETE") || secondary.ends_with("NOT_START") ||
                     secondary.ends_with("TIME_DONE");
  if (!plain) state.issues.push_back(quoted_words(secondary));
}

}  // namespace

Result<std::vector<Account>> tiktok_accounts(const Reply& data) {
  std::vector<Account> found;
  const auto add = [&](const Reply& item) -> Status {
    AccountTexts texts;
    texts.platform = Platform::tiktok;
    texts.id = RF_TRY(item.text("advertiser_id"));
    texts.name = RF_TRY(item.text_or_empty("name"));
    texts.currency = RF_TRY(item.text("currency"));
    texts.zone = RF_TRY(item.text_or_empty("display_timezone"));
    if (texts.zone.empty()) texts.zone = RF_TRY(item.text_or_empty("timezone"));
    found.push_back(RF_TRY(account_from(std::move(texts), item)));
    return {};
  };
  RF_TRY(data.each("list", add));
  return found;
}

Result<EntityState> tiktok_entity(const Reply& item, Level level, Currency currency) {
  EntityState state;
  Entity& entity = state.entity;
  entity.level = level;
  entity.campaign_id = RF_TRY(item.text("campaign_id"));
  if (level >= Level::adset) entity.adset_id = RF_TRY(item.text("adgroup_id"));
  if (level >= Level::ad) entity.ad_id = RF_TRY(item.text("ad_id"));
  RF_TRY(set_names(item, entity));
  state.status = RF_TRY(run_status(item));
  const std::string secondary = RF_TRY(item.text_or_empty("secondary_status"));
  set_delivery(secondary, state);
  if (level != Level::ad) RF_TRY(set_budget(item, currency, state));
  if (level == Level::adset) state.attribution = RF_TRY(attribution_of(item));
  if (level == Level::ad) state.creative_id = RF_TRY(item.text_or_empty("video_id"));
  return state;
}

Result<TiktokPage> tiktok_page(const Reply& data) {
  TiktokPage page;
  const auto found = data.find("page_info");
  if (!found) return page;
  const std::optional<std::int64_t> number = RF_TRY(found->count("page"));
  const std::optional<std::int64_t> pages = RF_TRY(found->count("total_page"));
  const std::optional<std::int64_t> total = RF_TRY(found->count("total_number"));
  return TiktokPage{
      .page = number.value_or(1), .pages = pages.value_or(1), .total = total.value_or(0)};
}

Result<std::string> tiktok_breakdown(std::string_view kind) {
  for (const auto& [ours, theirs] : kBreakdowns) {
    if (ours == kind) return std::string(theirs);
  }
  return fail(ErrorCode::invalid, fmt::format("tiktok does not split rows by '{}'", kind));
}

Result<MetricRow> tiktok_row(const Reply& item, const TiktokForm& form) {
  RF_TRY(item.must_be_object());
  const auto dimensions = item.find("dimensions");
  const auto metrics = item.find("metrics");
  if (!dimensions || !metrics) return item.wrong("has no dimensions or no metrics");
  MetricRow row;
  row.entity.level = form.level;
  const std::string id = RF_TRY(dimensions->text(tiktok_id_field(form.level)));
  if (auto known = form.entities.find(id); known != form.entities.end()) row.entity = known->second;
  own_id(row.entity) = id;
  RF_TRY(set_names(*metrics, row.entity));
  const std::string time = RF_TRY(dimensions->text("stat_time_day"));
  Result<Day> day = parse_day(time.substr(0, 10));
  if (!day) return dimensions->wrong(day.error().message);
  row.day = *day;
  for (const std::string& kind : form.kinds) {
    const std::string name = RF_TRY(tiktok_breakdown(kind));
    const std::string value = RF_TRY(dimensions->text(name));
    add_breakdown(row, kind, value);
  }
  RF_TRY(set_counts(*metrics, row.counts));
  RF_TRY(set_conversion(form, row));
  return row;
}

}  // namespace rf::platform
