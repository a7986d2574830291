#include "platform/meta_replies.h"

#include <algorithm>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "platform/caller.h"
#include "platform/meta_requests.h"
#include "platform/row_values.h"

namespace rf::platform {
namespace {

// One event under the names that Meta gives it, the widest first: "omni" covers website, app and
// shop. Which one is in an answer depends on the account, and several are at once.
// Source: Marketing API, "Ads action stats"; the order is chosen.
struct ActionNames {
  std::string_view event;
  Metric metric;
  std::array<std::string_view, 3> types;
};

constexpr auto kEvents = std::to_array<ActionNames>({
    {"purchases",
     Metric::purchases,
     {"omni_purchase", "purchase", "offsite_conversion.fb_pixel_purchase"}},
    {"leads",
     Metric::leads,
     {"lead", "onsite_conversion.lead_grouped", "offsite_conversion.fb_pixel_lead"}},
    {"adds_to_cart",
     Metric::adds_to_cart,
     {"omni_add_to_cart", "add_to_cart", "offsite_conversion.fb_pixel_add_to_cart"}},
    {"checkouts",
     Metric::checkouts,
     {"omni_initiated_checkout", "initiate_checkout",
      "offsite_conversion.fb_pixel_initiate_checkout"}},
    {"content_views",
     Metric::content_views,
     {"omni_view_content", "view_content", "offsite_conversion.fb_pixel_view_content"}},
});

// What people do on the platform itself: counted by one name only.
constexpr auto kDeeds = std::to_array<std::pair<Metric, std::string_view>>({
    {Metric::landing_page_views, "landing_page_view"},
    {Metric::engagements, "post_engagement"},
    {Metric::reactions, "post_reaction"},
    {Metric::comments, "comment"},
    {Metric::shares, "post"},
    {Metric::saves, "onsite_conversion.post_save"},
});

constexpr auto kVideoFields = std::to_array<std::pair<Metric, std::string_view>>({
    {Metric::video_2s, "video_continuous_2_sec_watched_actions"},
    {Metric::thruplays, "video_thruplay_watched_actions"},
    {Metric::video_p25, "video_p25_watched_actions"},
    {Metric::video_p50, "video_p50_watched_actions"},
    {Metric::video_p75, "video_p75_watched_actions"},
    {Metric::video_p95, "video_p95_watched_actions"},
    {Metric::video_p100, "video_p100_watched_actions"},
});

constexpr auto kBreakdowns = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"age", "age"},
    {"gender", "gender"},
    {"country", "country"},
    {"region", "region"},
    {"publisher_platform", "publisher_platform"},
    {"placement", "platform_position"},
    {"device_platform", "device_platform"},
    {"impression_device", "impression_device"},
});

constexpr std::string_view kOwnAction = "action:";

const ActionNames* event_named(std::string_view name) {
  const auto* found = std::ranges::find(kEvents, name, &ActionNames::event);
  return found == kEvents.end() ? nullptr : found;
}

// "7-day click" of "7d_click"; none of anything else.
std::optional<std::string> window_words(std::string_view part) {
  const std::size_t days = part.find("d_");
  if (days == 0 || days == std::string_view::npos || days > 2) return std::nullopt;
  const std::string_view number = part.substr(0, days);
  if (number.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  const std::string_view how = part.substr(days + 2);
  if (how == "click" || how == "view") return fmt::format("{}-day {}", number, how);
  if (how == "ev") return fmt::format("{}-day engaged view", number);
  return std::nullopt;
}

// Actions whose number is what one field of an array of them says.
Result<std::map<std::string, std::int64_t, std::less<>>> action_values(const Reply& reply,
                                                                       std::string_view field,
                                                                       std::string_view value) {
  std::map<std::string, std::int64_t, std::less<>> values;
  const auto take = [&](const Reply& item) -> Status {
    std::string type = RF_TRY(item.text("action_type"));
    std::optional<std::int64_t> micros = RF_TRY(item.micros(value));
    if (!micros) return {};  // Nothing in this window.
    if (!values.emplace(type, *micros).second)
      return item.wrong(fmt::format("names '{}' twice", quoted_words(type)));
    return {};
  };
  RF_TRY(reply.each(field, take));
  return values;
}

Result<RunStatus> run_status(const Reply& reply) {
  const std::string status = RF_TRY(reply.text("status"));
  if (status == "ACTIVE") return RunStatus::active;
  if (status == "PAUSED") return RunStatus::paused;
  if (status == "ARCHIVED" || status == "DELETED") return RunStatus::archived;
  return reply.wrong(fmt::format("status is '{}', expected ACTIVE, PAUSED, ARCHIVED or DELETED",
                                 quoted_words(status)));
}

LearningStage learning_of(const Reply& reply) {
  const auto stage = reply.find("learning_stage_info");
  if (!stage) return LearningStage::unknown;
  const Result<std::string> status = stage->text_or_empty("status");
  if (!status) return LearningStage::unknown;
  if (*status == "LEARNING") return LearningStage::learning;
  if (*status == "SUCCESS") return LearningStage::learned;
  return *status == "FAIL" ? LearningStage::limited : LearningStage::unknown;
}

Result<std::optional<Money>> budget(const Reply& reply, std::string_view name, Currency currency) {
  std::optional<std::int64_t> minor = RF_TRY(reply.count(name));
  // Meta says "0" for the kind of budget that is not set.
  if (!minor || *minor == 0) return std::optional<Money>();
  const std::int64_t each = kMicrosPerUnit / meta_offset(currency);
  if (*minor > 100'000'000'000'000'000 / each) return reply.wrong("the budget is beyond reason");
  return std::optional(Money{*minor * each, currency});
}

Result<std::vector<std::string>> issues_of(const Reply& reply, std::string_view effective) {
  constexpr auto kTelling = std::to_array<std::pair<std::string_view, std::string_view>>({
      {"DISAPPROVED", "disapproved in review"},
      {"PENDING_REVIEW", "in review"},
      {"PENDING_BILLING_INFO", "waits for billing details"},
  });
  std::vector<std::string> issues;
  for (const auto& [status, words] : kTelling) {
    if (status == effective) issues.emplace_back(words);
  }
  const auto take = [&](const Reply& item) -> Status {
    const std::string summary = RF_TRY(item.text_or_empty("error_summary"));
    const std::string words = RF_TRY(item.text_or_empty("error_message"));
    issues.push_back(summary.empty() || words.empty()
                         ? quoted_words(summary + words)
                         : fmt::format("{}: {}", quoted_words(summary), quoted_words(words)));
    return {};
  };
  RF_TRY(reply.each("issues_info", take));
  return issues;
}

// The windows of an ad set's setting, spelled as its rows spell it.
Result<std::string> attribution_of(const Reply& reply) {
  std::string text;
  const auto take = [&](const Reply& item) -> Status {
    const std::string type = RF_TRY(item.text("event_type"));
    const std::optional<std::int64_t> days = RF_TRY(item.count("window_days"));
    const std::string_view how = type == "CLICK_THROUGH"        ? "click"
                                 : type == "VIEW_THROUGH"       ? "view"
                                 : type == "ENGAGED_VIDEO_VIEW" ? "ev"
                                                                : "";
    if (how.empty() || !days) return {};
    text += fmt::format("{}{}d_{}", text.empty() ? "" : "_or_", *days, how);
    return {};
  };
  RF_TRY(reply.each("attribution_spec", take));
  return meta_attribution(text);
}

Status set_ids(const Reply& reply, Level level, Entity& entity) {
  entity.level = level;
  if (level >= Level::adset) entity.campaign_id = RF_TRY(reply.text_or_empty("campaign_id"));
  if (level >= Level::ad) entity.adset_id = RF_TRY(reply.text_or_empty("adset_id"));
  std::string id = RF_TRY(reply.text("id"));
  std::string name = RF_TRY(reply.text_or_empty("name"));
  switch (level) {
    case Level::ad:
      entity.ad_id = std::move(id);
      entity.ad_name = std::move(name);
      break;
    case Level::adset:
      entity.adset_id = std::move(id);
      entity.adset_name = std::move(name);
      break;
    case Level::campaign:
    case Level::account:
      entity.campaign_id = std::move(id);
      entity.campaign_name = std::move(name);
      break;
  }
  return {};
}

}  // namespace

std::string meta_attribution(std::string_view setting) {
  constexpr std::string_view kOr = "_or_";
  std::string text;
  std::string_view rest = setting;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(kOr), rest.size());
    const std::optional<std::string> words = window_words(rest.substr(0, end));
    if (!words) return std::string(setting);
    text += text.empty() ? *words : " or " + *words;
    rest.remove_prefix(std::min(end + kOr.size(), rest.size()));
  }
  return text;
}

Result<Account> meta_account(const Reply& reply) {
  AccountTexts texts;
  texts.platform = Platform::meta;
  texts.id = RF_TRY(reply.text("account_id"));
  texts.name = RF_TRY(reply.text_or_empty("name"));
  texts.currency = RF_TRY(reply.text("currency"));
  texts.zone = RF_TRY(reply.text_or_empty("timezone_name"));
  return account_from(std::move(texts), reply);
}

Result<EntityState> meta_entity(const Reply& reply, Level level, Currency currency) {
  EntityState state;
  RF_TRY(set_ids(reply, level, state.entity));
  state.status = RF_TRY(run_status(reply));
  const std::string effective = RF_TRY(reply.text_or_empty("effective_status"));
  state.delivers = effective == "ACTIVE";
  state.issues = RF_TRY(issues_of(reply, effective));
  if (level != Level::ad) {
    state.daily_budget = RF_TRY(budget(reply, "daily_budget", currency));
    state.lifetime_budget = RF_TRY(budget(reply, "lifetime_budget", currency));
  }
  if (level == Level::adset) {
    state.learning = learning_of(reply);
    state.attribution = RF_TRY(attribution_of(reply));
  }
  if (level == Level::ad) {
    if (const auto creative = reply.find("creative"))
      state.creative_id = RF_TRY(creative->text_or_empty("id"));
  }
  return state;
}

Result<std::optional<std::string>> meta_next_page(const Reply& reply) {
  const auto paging = reply.find("paging");
  if (!paging || !paging->find("next")) return std::optional<std::string>();
  const auto cursors = paging->find("cursors");
  if (!cursors) return paging->wrong("has a next page and no cursors");
  std::string after = RF_TRY(cursors->text("after"));
  if (after.empty()) return cursors->wrong("the cursor to the next page is empty");
  return std::optional(std::move(after));
}

Result<std::optional<Money>> meta_smallest_budget(const Reply& reply, Currency currency) {
  std::optional<Money> smallest;
  const auto take = [&](const Reply& item) -> Status {
    const std::string code = RF_TRY(item.text("currency"));
    if (code == currency.code()) smallest = RF_TRY(budget(item, "min_daily_budget_imp", currency));
    return {};
  };
  RF_TRY(reply.each("data", take));
  return smallest;
}

Result<MetaReport> meta_report(const Reply& reply) {
  MetaReport report;
  const std::string state = RF_TRY(reply.text("async_status"));
  const std::optional<std::int64_t> percent = RF_TRY(reply.count("async_percent_completion"));
  report.percent = percent.value_or(0);
  report.words = quoted_words(state);
  if (const std::string told = RF_TRY(reply.text_or_empty("error_message")); !told.empty())
    report.words += ": " + quoted_words(told);
  if (state == "Job Completed" && report.percent >= 100) report.state = MetaReport::State::done;
  if (state == "Job Failed" || state == "Job Skipped") report.state = MetaReport::State::failed;
  return report;
}

Result<std::string> meta_breakdown(std::string_view kind) {
  for (const auto& [ours, theirs] : kBreakdowns) {
    if (ours == kind) return std::string(theirs);
  }
  return fail(ErrorCode::invalid, fmt::format("meta does not split rows by '{}'", kind));
}

Status meta_check_conversion(std::string_view name) {
  const bool own = name.starts_with(kOwnAction) && name.size() > kOwnAction.size();
  if (name.empty() || own || event_named(name) != nullptr) return {};
  return fail(ErrorCode::invalid,
              fmt::format("'{}' is not a conversion of meta; expected purchases, leads, "
                          "adds_to_cart, checkouts, content_views or action:TYPE",
                          name));
}

MetaRowReader::MetaRowReader(Form form) : form_(std::move(form)) {
  if (form_.conversion.empty()) form_.conversion = "purchases";
}

Result<MetaRowReader::Actions> MetaRowReader::actions(const Reply& reply,
                                                      std::string_view field) const {
  return action_values(reply, field, form_.window.empty() ? "value" : form_.window);
}

Status MetaRowReader::set_entity(const Reply& reply, MetricRow& row) const {
  Entity& entity = row.entity;
  entity.level = form_.level;
  if (form_.level >= Level::campaign) {
    entity.campaign_id = RF_TRY(reply.text("campaign_id"));
    entity.campaign_name = RF_TRY(reply.text_or_empty("campaign_name"));
  }
  if (form_.level >= Level::adset) {
    entity.adset_id = RF_TRY(reply.text("adset_id"));
    entity.adset_name = RF_TRY(reply.text_or_empty("adset_name"));
    const std::string setting = RF_TRY(reply.text_or_empty("attribution_setting"));
    row.attribution = meta_attribution(form_.window.empty() ? setting : form_.window);
  }
  if (form_.level >= Level::ad) {
    entity.ad_id = RF_TRY(reply.text("ad_id"));
    entity.ad_name = RF_TRY(reply.text_or_empty("ad_name"));
  }
  const std::string code = RF_TRY(reply.text_or_empty("account_currency"));
  if (!code.empty() && code != form_.currency.code())
    return reply.wrong(fmt::format("amounts are in {}, the account is in {}", quoted_words(code),
                                   form_.currency.code()));
  return {};
}

Status MetaRowReader::set_breakdown(const Reply& reply, MetricRow& row) const {
  for (const std::string& kind : form_.kinds) {
    const std::string name = RF_TRY(meta_breakdown(kind));
    const std::string value = RF_TRY(reply.text(name));
    add_breakdown(row, kind, value);
  }
  return {};
}

Status MetaRowReader::set_delivery(const Reply& reply, Counts& counts) const {
  constexpr auto kFields = std::to_array<std::pair<Metric, std::string_view>>(
      {{Metric::spend, "spend"},
       {Metric::impressions, "impressions"},
       {Metric::reach, "reach"},
       {Metric::clicks_all, "clicks"},
       {Metric::link_clicks, "inline_link_clicks"}});
  for (const auto& [metric, field] : kFields) {
    const std::optional<std::int64_t> value = RF_TRY(reply.micros(field));
    if (value) RF_TRY(put_count(counts, metric, *value, reply));
  }
  const Actions outbound = RF_TRY(action_values(reply, "outbound_clicks", "value"));
  if (auto clicks = outbound.find("outbound_click"); clicks != outbound.end())
    RF_TRY(put_count(counts, Metric::outbound_clicks, clicks->second, reply));
  return {};
}

// An ad without a film has none of these: then nothing is said of them, instead of zero.
Status MetaRowReader::set_video(const Reply& reply, Counts& counts) const {
  const Actions plays = RF_TRY(action_values(reply, "video_play_actions", "value"));
  const auto played = plays.find("video_view");
  if (played == plays.end()) return {};
  RF_TRY(put_count(counts, Metric::video_plays, played->second, reply));
  for (const auto& [metric, field] : kVideoFields) {
    const Actions watched = RF_TRY(action_values(reply, field, "value"));
    const auto found = watched.find("video_view");
    RF_TRY(put_count(counts, metric, found == watched.end() ? 0 : found->second, reply));
  }
  const Actions average = RF_TRY(action_values(reply, "video_avg_time_watched_actions", "value"));
  const auto seconds = average.find("video_view");
  if (seconds == average.end()) return {};
  return put_watch_time(counts, seconds->second, reply);
}

// Where Meta leaves an action out, nobody did it.
Status MetaRowReader::set_actions(const Reply& reply, const Actions& acts, Counts& counts) {
  for (const auto& [metric, type] : kDeeds) {
    const auto found = acts.find(type);
    RF_TRY(put_count(counts, metric, found == acts.end() ? 0 : found->second, reply));
  }
  if (const auto clicks = acts.find("link_click"); clicks != acts.end())
    RF_TRY(put_count(counts, Metric::link_clicks, clicks->second, reply));
  if (!counts.has(Metric::link_clicks)) counts.set(Metric::link_clicks, 0);
  if (counts.has(Metric::video_plays)) {
    const auto views = acts.find("video_view");
    RF_TRY(put_count(counts, Metric::video_3s, views == acts.end() ? 0 : views->second, reply));
  }
  return {};
}

Status MetaRowReader::set_conversion(const Reply& reply, const Actions& acts,
                                     MetricRow& row) const {
  const Actions values = RF_TRY(actions(reply, "action_values"));
  std::string_view type;
  if (form_.conversion.starts_with(kOwnAction)) {
    type = std::string_view(form_.conversion).substr(kOwnAction.size());
  } else {
    for (std::string_view each : event_named(form_.conversion)->types) {
      if (type.empty() && acts.contains(each)) type = each;
    }
  }
  row.conversion_event = form_.conversion;
  const auto count = acts.find(type);
  const bool none = count == acts.end();
  RF_TRY(put_count(row.counts, Metric::conversions, none ? 0 : count->second, reply));
  const auto value = values.find(type);
  if (value != values.end()) {
    RF_TRY(put_count(row.counts, Metric::conversion_value, value->second, reply));
  } else if (none) {
    row.counts.set(Metric::conversion_value, 0);
  }
  return {};
}

Result<MetricRow> MetaRowReader::read(const Reply& reply) {
  MetricRow row;
  const std::string day = RF_TRY(reply.text("date_start"));
  const std::string last = RF_TRY(reply.text("date_stop"));
  Result<Day> parsed = parse_day(day);
  if (!parsed) return reply.wrong(parsed.error().message);
  if (last != day)
    return reply.wrong(fmt::format("a row of {} to {}, expected one day", day, last));
  row.day = *parsed;
  RF_TRY(set_entity(reply, row));
  RF_TRY(set_breakdown(reply, row));
  RF_TRY(set_delivery(reply, row.counts));
  RF_TRY(set_video(reply, row.counts));
  const Actions acts = RF_TRY(actions(reply, "actions"));
  RF_TRY(set_actions(reply, acts, row.counts));
  for (const ActionNames& event : kEvents) {
    const auto* type = std::ranges::find_if(
        event.types, [&](std::string_view each) { return acts.contains(each); });
    if (type == event.types.end()) {
      if (event.event == "purchases") row.counts.set(Metric::purchases, 0);
      continue;
    }
    RF_TRY(put_count(row.counts, event.metric, acts.find(*type)->second, reply));
    if (event.event != "purchases") continue;
    ++purchases_as_[std::string(*type)];
    const Actions values = RF_TRY(actions(reply, "action_values"));
    if (const auto value = values.find(*type); value != values.end())
      RF_TRY(put_count(row.counts, Metric::purchase_value, value->second, reply));
  }
  RF_TRY(set_conversion(reply, acts, row));
  return row;
}

std::vector<std::string> MetaRowReader::notices() const {
  if (purchases_as_.empty()) return {};
  std::string text = "meta reports a purchase under several action types; counted here:";
  for (const auto& [type, rows] : purchases_as_)
    text += fmt::format(" {} ({} rows)", quoted_words(type), rows);
  return {text};
}

}  // namespace rf::platform
