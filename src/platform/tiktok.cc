#include "platform/tiktok.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "platform/reply.h"
#include "platform/row_values.h"
#include "platform/tiktok_errors.h"
#include "platform/tiktok_replies.h"
#include "platform/tiktok_requests.h"

namespace rf::platform {
namespace {

// Source: report/integrated/get: with stat_time_day, at most 30 days in one call.
constexpr Days kDaysMax{30};

// Chosen: five million rows in one walk; no advertiser has them.
constexpr int kPagesMax = 5'000;

class TiktokPlatform final : public AdPlatform {
 public:
  TiktokPlatform(const TiktokSettings& settings, const Line& line)
      : settings_(settings),
        requests_(settings),
        caller_(line, {.name = "tiktok",
                       .usage = tiktok_usage,
                       .fault = tiktok_fault,
                       .secrets = {settings.access_token}}) {}

  Platform platform() const override { return Platform::tiktok; }
  Result<std::vector<Account>> accounts() override;
  Result<std::vector<EntityState>> entities(const AccountId& account, Level level) override;
  Result<EntityState> read(const AccountId& account, Level level, std::string_view id) override;
  Result<InsightsSummary> insights(const AccountId& account, const InsightsRequest& request,
                                   const std::function<Status(const MetricRow&)>& visit) override;
  Status change(const AccountId& account, const Change& change) override;
  Result<std::optional<Money>> smallest_budget(const AccountId& account) override;

 private:
  using Visit = std::function<Status(const Reply&)>;
  using PageRequest = std::function<net::Request(int page)>;

  // Items seen and items there are, by the platform's own count.
  struct Seen {
    std::int64_t items = 0;
    std::int64_t total = 0;
  };
  Result<std::vector<EntityState>> listed(const std::string& advertiser, Level level,
                                          std::string_view id, Currency currency);
  Result<Seen> each_of_pages(const PageRequest& page, std::string_view name, const Visit& visit);
  Result<Currency> currency_of(const std::string& advertiser);
  Result<std::map<std::string, Entity>> parents(const AccountId& account, Level level);
  Result<std::int64_t> impressions_of_account(const TiktokReportCall& call);

  TiktokSettings settings_;
  TiktokRequests requests_;
  Caller caller_;
  std::map<std::string, Currency> currencies_;  // By advertiser.
};

const std::vector<std::string>& scopes() {
  static const std::vector<std::string> all{"app"};
  return all;
}

Result<std::string> advertiser_of(const AccountId& account) {
  std::string_view id = account.text;
  if (id.starts_with("tiktok:")) id.remove_prefix(7);
  if (is_number(id)) return std::string(id);
  return fail(ErrorCode::invalid,
              fmt::format("'{}' is not an advertiser of tiktok, expected digits", account.text));
}

Result<TiktokPlatform::Seen> TiktokPlatform::each_of_pages(const PageRequest& page,
                                                           std::string_view name,
                                                           const Visit& visit) {
  Seen seen;
  const auto take = [&](const Reply& item) -> Status {
    ++seen.items;
    return visit(item);
  };
  for (int i = 1; i <= kPagesMax; ++i) {
    const Json json = RF_TRY(caller_.read(page(i), scopes()));
    const Reply reply(json, name);
    const auto data = reply.find("data");
    if (!data) return reply.wrong("has no data");
    RF_TRY(data->each("list", take));
    const TiktokPage info = RF_TRY(tiktok_page(*data));
    seen.total = std::max(seen.total, info.total);
    if (i >= info.pages) return seen;
  }
  return fail(ErrorCode::over_limit, fmt::format("{}: more than {} pages", name, kPagesMax));
}

Result<std::vector<Account>> TiktokPlatform::accounts() {
  if (settings_.accounts.empty())
    return fail(ErrorCode::invalid, "tiktok lists no advertisers by the token: name them");
  std::vector<std::string> ids;
  ids.reserve(settings_.accounts.size());
  for (const std::string& each : settings_.accounts) ids.push_back(RF_TRY(advertiser_of({each})));
  const Json json = RF_TRY(caller_.read(requests_.advertisers(ids), scopes()));
  const Reply reply(json, "tiktok advertisers");
  const auto data = reply.find("data");
  if (!data) return reply.wrong("has no data");
  std::vector<Account> found = RF_TRY(tiktok_accounts(*data));
  for (const Account& account : found) currencies_[account.id.text.substr(7)] = account.currency;
  return found;
}

Result<Currency> TiktokPlatform::currency_of(const std::string& advertiser) {
  auto known = currencies_.find(advertiser);
  if (known != currencies_.end()) return known->second;
  const Json json = RF_TRY(caller_.read(requests_.advertisers({advertiser}), scopes()));
  const Reply reply(json, "tiktok advertisers");
  const auto data = reply.find("data");
  if (!data) return reply.wrong("has no data");
  const std::vector<Account> found = RF_TRY(tiktok_accounts(*data));
  for (const Account& account : found) {
    currencies_[advertiser] = account.currency;
    if (account.id.text == "tiktok:" + advertiser) return account.currency;
  }
  return fail(ErrorCode::not_found, fmt::format("tiktok: no advertiser {}", advertiser));
}

Result<std::vector<EntityState>> TiktokPlatform::listed(const std::string& advertiser, Level level,
                                                        std::string_view id, Currency currency) {
  std::vector<EntityState> found;
  const auto page = [&](int number) { return requests_.entities(advertiser, level, id, number); };
  const auto take = [&](const Reply& item) -> Status {
    found.push_back(RF_TRY(tiktok_entity(item, level, currency)));
    return {};
  };
  RF_TRY(each_of_pages(page, "tiktok entities", take));
  return found;
}

Result<std::vector<EntityState>> TiktokPlatform::entities(const AccountId& account, Level level) {
  const std::string advertiser = RF_TRY(advertiser_of(account));
  if (level == Level::account) return fail(ErrorCode::invalid, "tiktok: accounts are no entities");
  const Currency currency = RF_TRY(currency_of(advertiser));
  return listed(advertiser, level, "", currency);
}

Result<EntityState> TiktokPlatform::read(const AccountId& account, Level level,
                                         std::string_view id) {
  const std::string advertiser = RF_TRY(advertiser_of(account));
  if (!is_number(id) || level == Level::account)
    return fail(ErrorCode::invalid, fmt::format("tiktok: '{}' is not an id", id));
  const Currency currency = RF_TRY(currency_of(advertiser));
  std::vector<EntityState> found = RF_TRY(listed(advertiser, level, id, currency));
  if (found.size() == 1) return std::move(found.front());
  return fail(ErrorCode::not_found, fmt::format("tiktok: no {} {}", to_string(level), id));
}

Result<std::map<std::string, Entity>> TiktokPlatform::parents(const AccountId& account,
                                                              Level level) {
  std::map<std::string, Entity> found;
  if (level == Level::campaign || level == Level::account) return found;
  const std::vector<EntityState> states = RF_TRY(entities(account, level));
  for (const EntityState& state : states)
    found[level == Level::ad ? state.entity.ad_id : state.entity.adset_id] = state.entity;
  return found;
}

Result<std::int64_t> TiktokPlatform::impressions_of_account(const TiktokReportCall& call) {
  const Json json = RF_TRY(caller_.read(requests_.report_total(call), scopes()));
  const Reply reply(json, "tiktok total");
  const auto data = reply.find("data");
  std::int64_t impressions = 0;
  const auto take = [&](const Reply& item) -> Status {
    const auto metrics = item.find("metrics");
    if (!metrics) return item.wrong("has no metrics");
    const std::optional<std::int64_t> count = RF_TRY(metrics->count("impressions"));
    impressions += count.value_or(0);
    return {};
  };
  if (data) RF_TRY(data->each("list", take));
  return impressions;
}

Result<InsightsSummary> TiktokPlatform::insights(
    const AccountId& account, const InsightsRequest& request,
    const std::function<Status(const MetricRow&)>& visit) {
  const std::string advertiser = RF_TRY(advertiser_of(account));
  TiktokReportCall call{.advertiser = advertiser,
                        .level = request.level,
                        .from = request.from,
                        .to = request.to,
                        .breakdowns = {}};
  TiktokForm form{.level = request.level,
                  .kinds = request.breakdowns,
                  .conversion = request.conversion.empty() ? "conversions" : request.conversion,
                  .entities = {}};
  if (form.conversion != "conversions" && form.conversion != "purchases")
    return fail(ErrorCode::invalid,
                fmt::format("'{}' is not a conversion of tiktok; expected conversions or purchases",
                            form.conversion));
  if (request.from > request.to || request.level == Level::account)
    return fail(ErrorCode::invalid, "tiktok: no days or no level were asked for");
  std::ranges::sort(form.kinds);
  for (const std::string& kind : form.kinds)
    call.breakdowns.push_back(RF_TRY(tiktok_breakdown(kind)));
  form.entities = RF_TRY(parents(account, request.level));
  InsightsSummary summary;
  std::int64_t impressions = 0;
  const auto take = [&](const Reply& item) -> Status {
    const MetricRow row = RF_TRY(tiktok_row(item, form));
    if (row.day < call.from || row.day > call.to)
      return item.wrong("the row's day was not asked for");
    ++summary.rows;
    impressions += row.counts.or_zero(Metric::impressions);
    return visit(row);
  };
  std::int64_t total_rows = 0;
  std::int64_t total_impressions = 0;
  for (Day from = request.from; from <= request.to; from += kDaysMax) {
    call.from = from;
    call.to = std::min(request.to, from + kDaysMax - Days(1));
    const auto page = [&](int number) { return requests_.report(call, number); };
    const Seen seen = RF_TRY(each_of_pages(page, "tiktok report", take));
    total_rows += std::max(seen.items, seen.total);
    total_impressions += RF_TRY(impressions_of_account(call));
  }
  summary.completeness =
      std::min(part_of(summary.rows, total_rows), part_of(impressions, total_impressions));
  if (summary.completeness < 1)
    summary.notices.push_back(fmt::format("{} of {} rows came, with {} of {} impressions",
                                          summary.rows, total_rows, impressions,
                                          total_impressions));
  return summary;
}

Status TiktokPlatform::change(const AccountId& account, const Change& change) {
  const std::string advertiser = RF_TRY(advertiser_of(account));
  RF_TRY(check_change("tiktok", change));
  if (change.status) {
    // Deleting is for ever there; who wants it does it by hand.
    if (*change.status == RunStatus::archived)
      return fail(ErrorCode::unsupported, "tiktok: nothing is archived, only deleted for ever");
    RF_TRY(caller_.write(requests_.set_status(advertiser, change), scopes()));
    return {};
  }
  const Currency currency = RF_TRY(currency_of(advertiser));
  RF_TRY(steps_of("tiktok", *change.daily_budget, currency, smallest_part(currency)));
  RF_TRY(caller_.write(requests_.set_budget(advertiser, change), scopes()));
  return {};
}

// TikTok tells it only in the error of a budget that was too small.
Result<std::optional<Money>> TiktokPlatform::smallest_budget(const AccountId& account) {
  RF_TRY(advertiser_of(account));
  return std::optional<Money>();
}

}  // namespace

Result<std::unique_ptr<AdPlatform>> open_tiktok(const TiktokSettings& settings, const Line& line) {
  RF_CHECK(line.http != nullptr && line.clock != nullptr);
  if (settings.access_token.empty())
    return fail(ErrorCode::denied, "tiktok: there is no access token");
  return std::unique_ptr<AdPlatform>(std::make_unique<TiktokPlatform>(settings, line));
}

}  // namespace rf::platform
