#include "platform/google_replies.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "platform/caller.h"
#include "platform/row_values.h"

namespace rf::platform {
namespace {

// Source: Google Ads API v24, metrics; "clicks" are those to the destination.
constexpr auto kMetrics = std::to_array<std::pair<Metric, std::string_view>>({
    {Metric::impressions, "impressions"},
    {Metric::link_clicks, "clicks"},
    {Metric::conversions, "conversions"},
    {Metric::conversion_value, "conversionsValue"},
    {Metric::engagements, "engagements"},
    {Metric::views, "videoTrueviewViews"},
    {Metric::watch_time_ms, "videoWatchTimeDurationMillis"},
});

constexpr auto kQuartiles = std::to_array<std::pair<Metric, std::string_view>>({
    {Metric::video_p25, "videoQuartileP25Rate"},
    {Metric::video_p50, "videoQuartileP50Rate"},
    {Metric::video_p75, "videoQuartileP75Rate"},
    {Metric::video_p100, "videoQuartileP100Rate"},
});

constexpr std::int64_t kShownMax = 1'000'000'000'000;

// A part of the result that must be there.
Result<std::string> text_of(const Reply& result, std::string_view part, std::string_view name) {
  RF_TRY(result.must_be_object());
  const auto found = result.find(part);
  if (!found) return result.wrong(fmt::format("has no '{}'", part));
  return found->text(name);
}

Result<std::string> text_or_empty(const Reply& result, std::string_view part,
                                  std::string_view name) {
  RF_TRY(result.must_be_object());
  const auto found = result.find(part);
  if (!found) return std::string();
  return found->text_or_empty(name);
}

Status set_ad(const Reply& result, Entity& entity) {
  const auto ad_in_group = result.find("adGroupAd");
  const auto ad = ad_in_group ? ad_in_group->find("ad") : std::nullopt;
  if (!ad) return result.wrong("has no 'adGroupAd.ad'");
  entity.ad_id = RF_TRY(ad->text("id"));
  entity.ad_name = RF_TRY(ad->text_or_empty("name"));
  return {};
}

Status set_entity(const Reply& result, Level level, Entity& entity) {
  entity.level = level;
  entity.campaign_id = RF_TRY(text_of(result, "campaign", "id"));
  entity.campaign_name = RF_TRY(text_or_empty(result, "campaign", "name"));
  if (level >= Level::adset) {
    entity.adset_id = RF_TRY(text_of(result, "adGroup", "id"));
    entity.adset_name = RF_TRY(text_or_empty(result, "adGroup", "name"));
  }
  if (level >= Level::ad) return set_ad(result, entity);
  return {};
}

Result<RunStatus> run_status(const Reply& result, std::string_view part) {
  const std::string status = RF_TRY(text_of(result, part, "status"));
  if (status == "ENABLED") return RunStatus::active;
  if (status == "PAUSED") return RunStatus::paused;
  if (status == "REMOVED") return RunStatus::archived;
  return result.wrong(fmt::format("{}.status is '{}', expected ENABLED, PAUSED or REMOVED", part,
                                  quoted_words(status)));
}

// What runs must be enabled itself and in everything above it.
Status set_status(const Reply& result, Level level, EntityState& state) {
  state.status = RF_TRY(run_status(result, "campaign"));
  state.delivers = state.status == RunStatus::active;
  if (level >= Level::adset) {
    state.status = RF_TRY(run_status(result, "adGroup"));
    state.delivers = state.delivers && state.status == RunStatus::active;
  }
  if (level >= Level::ad) {
    state.status = RF_TRY(run_status(result, "adGroupAd"));
    state.delivers = state.delivers && state.status == RunStatus::active;
  }
  return {};
}

LearningStage learning_of(std::string_view status) {
  if (status.starts_with("LEARNING")) return LearningStage::learning;
  if (status.starts_with("LIMITED")) return LearningStage::limited;
  return status == "ENABLED" ? LearningStage::learned : LearningStage::unknown;
}

Status set_campaign(const Reply& result, Currency currency, GoogleEntity& entity) {
  const std::string learning =
      RF_TRY(text_or_empty(result, "campaign", "biddingStrategySystemStatus"));
  entity.state.learning = learning_of(learning);
  const std::string primary = RF_TRY(text_or_empty(result, "campaign", "primaryStatus"));
  if (primary == "NOT_ELIGIBLE" || primary == "MISCONFIGURED") entity.state.delivers = false;
  const auto add = [&](const Reply& reason) -> Status {
    std::string text = RF_TRY(reason.as_text());
    entity.state.issues.push_back(quoted_words(text));
    return {};
  };
  if (const auto campaign = result.find("campaign"))
    RF_TRY(campaign->each("primaryStatusReasons", add));
  const std::string budget = RF_TRY(text_or_empty(result, "campaign", "campaignBudget"));
  if (const std::size_t at = budget.find("campaignBudgets/"); at != std::string::npos)
    entity.budget = budget.substr(at);
  const auto about = result.find("campaignBudget");
  if (!about) return {};
  if (const auto shared = about->find("explicitlyShared"))
    entity.budget_is_shared = shared->json().is_bool() && shared->json().get_bool();
  const std::optional<std::int64_t> amount = RF_TRY(about->count("amountMicros"));
  const std::string period = RF_TRY(about->text_or_empty("period"));
  if (amount && period != "CUSTOM_PERIOD") entity.state.daily_budget = Money{*amount, currency};
  return {};
}

// proto3's JSON leaves zero out, so what was asked for and is not there is zero.
Status set_metrics(const Reply& metrics, Counts& counts) {
  for (const auto& [metric, name] : kMetrics) {
    const std::optional<std::int64_t> value = RF_TRY(metrics.micros(name));
    RF_TRY(put_count(counts, metric, value.value_or(0), metrics));
  }
  const std::optional<std::int64_t> cost = RF_TRY(metrics.count("costMicros"));
  counts.set(Metric::spend, cost.value_or(0));
  bool film = counts.or_zero(Metric::views) > 0;
  const std::int64_t shown = counts.or_zero(Metric::impressions);
  if (shown > kShownMax) return metrics.wrong("impressions are beyond reason");
  for (const auto& [metric, name] : kQuartiles) {
    const std::optional<std::int64_t> rate = RF_TRY(metrics.micros(name));
    if (rate && (*rate < 0 || *rate > kMicrosPerUnit))
      return metrics.wrong(fmt::format("{} is no share", name));
    film = film || rate.value_or(0) > 0;
    counts.set(metric, (shown * rate.value_or(0) + kMicrosPerUnit / 2) / kMicrosPerUnit);
  }
  if (film) return {};
  // An ad without a film; nothing is said of one, instead of zero.
  counts.clear(Metric::views);
  counts.clear(Metric::watch_time_ms);
  for (const auto& [metric, name] : kQuartiles) counts.clear(metric);
  return {};
}

}  // namespace

Status google_each_result(const Json& json, std::string_view name,
                          const std::function<Status(const Reply&)>& visit) {
  const Reply whole(json, name);
  const JsonArray* parts = json.if_array();
  if (parts == nullptr) return whole.wrong("found no array of results");
  for (const Json& part : *parts) {
    const Reply reply(part, name);
    RF_TRY(reply.each("results", visit));
  }
  return {};
}

Result<std::optional<Account>> google_account(const Reply& result) {
  RF_TRY(result.must_be_object());
  const auto customer = result.find("customer");
  if (!customer) return result.wrong("has no 'customer'");
  if (const auto manager = customer->find("manager")) {
    if (manager->json().is_bool() && manager->json().get_bool()) return std::optional<Account>();
  }
  AccountTexts texts;
  texts.platform = Platform::google;
  texts.id = RF_TRY(customer->text("id"));
  texts.name = RF_TRY(customer->text_or_empty("descriptiveName"));
  texts.currency = RF_TRY(customer->text("currencyCode"));
  texts.zone = RF_TRY(customer->text_or_empty("timeZone"));
  Account account = RF_TRY(account_from(std::move(texts), *customer));
  return std::optional(std::move(account));
}

Result<GoogleEntity> google_entity(const Reply& result, Level level, Currency currency) {
  GoogleEntity entity;
  RF_TRY(set_entity(result, level, entity.state.entity));
  RF_TRY(set_status(result, level, entity.state));
  const std::string kind = RF_TRY(text_or_empty(result, "campaign", "advertisingChannelType"));
  entity.is_video_campaign = kind == "VIDEO";
  if (level == Level::campaign) RF_TRY(set_campaign(result, currency, entity));
  if (level == Level::ad) {
    const auto ad = result.find("adGroupAd");
    const auto policy = ad ? ad->find("policySummary") : std::nullopt;
    const std::string approval =
        policy ? RF_TRY(policy->text_or_empty("approvalStatus")) : std::string();
    if (approval == "DISAPPROVED") {
      entity.state.issues.emplace_back("disapproved in review");
      entity.state.delivers = false;
    }
  }
  return entity;
}

Result<MetricRow> google_row(const Reply& result, Level level) {
  MetricRow row;
  RF_TRY(set_entity(result, level, row.entity));
  const std::string date = RF_TRY(text_of(result, "segments", "date"));
  Result<Day> day = parse_day(date);
  if (!day) return result.wrong(day.error().message);
  row.day = *day;
  row.conversion_event = "conversions";
  // A day of zeros everywhere comes without its metrics.
  const Json none = JsonObject();
  const auto metrics = result.find("metrics");
  RF_TRY(set_metrics(metrics ? *metrics : Reply(none, "google metrics"), row.counts));
  return row;
}

}  // namespace rf::platform
