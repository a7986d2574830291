#include "platform/google.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "platform/google_errors.h"
#include "platform/google_replies.h"
#include "platform/google_requests.h"
#include "platform/reply.h"
#include "platform/row_values.h"

namespace rf::platform {
namespace {

using std::chrono::seconds;

// A token is renewed this long before it ends, so that none ends on its way.
constexpr Duration kTokenMargin = seconds(60);

class GooglePlatform final : public AdPlatform {
 public:
  GooglePlatform(const GoogleSettings& settings, const Line& line)
      : settings_(settings),
        requests_(settings),
        caller_(line, {.name = "google",
                       .usage = google_usage,
                       .fault = google_fault,
                       .secrets = secrets(settings, settings.access_token)}),
        token_(settings.access_token) {}

  Platform platform() const override { return Platform::google; }
  Result<std::vector<Account>> accounts() override;
  Result<std::vector<EntityState>> entities(const AccountId& account, Level level) override;
  Result<EntityState> read(const AccountId& account, Level level, std::string_view id) override;
  Result<InsightsSummary> insights(const AccountId& account, const InsightsRequest& request,
                                   const std::function<Status(const MetricRow&)>& visit) override;
  Status change(const AccountId& account, const Change& change) override;
  Result<std::optional<Money>> smallest_budget(const AccountId& account) override;

 private:
  using Make = std::function<net::Request(std::string_view token)>;

  static std::vector<Secret> secrets(const GoogleSettings& settings, const Secret& token) {
    return {token, settings.developer_token, settings.client_secret, settings.refresh_token};
  }
  bool renewable() const { return !settings_.refresh_token.empty(); }
  Status renew();
  Status be_authorized();
  Result<Json> read_json(const Make& make);
  Status each_result(const std::string& customer, std::string_view query, std::string_view name,
                     const std::function<Status(const Reply&)>& visit);
  Result<std::vector<std::string>> customers();
  Result<std::optional<Account>> account_of(const std::string& customer);
  Result<Currency> currency_of(const std::string& customer);
  Result<GoogleEntity> find(const std::string& customer, Level level, std::string_view id);
  Status set(const std::string& customer, std::string_view resource, std::string_view field,
             std::string_view value);

  GoogleSettings settings_;
  GoogleRequests requests_;
  Caller caller_;
  Secret token_;
  std::optional<Instant> token_ends_;
  std::map<std::string, Currency> currencies_;  // By customer.
};

const std::vector<std::string>& scopes() {
  static const std::vector<std::string> all{"customer"};
  return all;
}

// "123-456-7890" is 1234567890 to the API.
Result<std::string> customer_of(std::string_view account) {
  if (account.starts_with("google:")) account.remove_prefix(7);
  std::string id(account);
  std::erase(id, '-');
  if (is_number(id)) return id;
  return fail(ErrorCode::invalid,
              fmt::format("'{}' is not a customer of google, expected digits", account));
}

Status GooglePlatform::renew() {
  const Json json = RF_TRY(caller_.read(requests_.access_token(), scopes()));
  const Reply reply(json, "google token");
  token_ = Secret(RF_TRY(reply.text("access_token")));
  const std::optional<std::int64_t> lasts = RF_TRY(reply.count("expires_in"));
  const std::int64_t lasts_s = std::min<std::int64_t>(lasts.value_or(0), 86'400);
  token_ends_ = caller_.now() + seconds(lasts_s) - kTokenMargin;
  caller_.set_secrets(secrets(settings_, token_));
  return {};
}

Status GooglePlatform::be_authorized() {
  const bool ended = token_ends_ && caller_.now() >= *token_ends_;
  if (renewable() && (token_.empty() || ended)) return renew();
  return {};
}

Result<Json> GooglePlatform::read_json(const Make& make) {
  RF_TRY(be_authorized());
  Result<Json> json = caller_.read(make(token_.reveal()), scopes());
  if (json || !renewable() || !google_token_expired(json.error())) return json;
  RF_TRY(renew());
  return caller_.read(make(token_.reveal()), scopes());
}

Status GooglePlatform::each_result(const std::string& customer, std::string_view query,
                                   std::string_view name,
                                   const std::function<Status(const Reply&)>& visit) {
  const auto make = [&](std::string_view token) {
    return requests_.search(token, customer, query);
  };
  const Json json = RF_TRY(read_json(make));
  return google_each_result(json, name, visit);
}

Result<std::vector<std::string>> GooglePlatform::customers() {
  std::vector<std::string> found;
  if (!settings_.accounts.empty()) {
    found.reserve(settings_.accounts.size());
    for (const std::string& each : settings_.accounts) found.push_back(RF_TRY(customer_of(each)));
    return found;
  }
  const auto make = [&](std::string_view token) { return requests_.customers(token); };
  const Json json = RF_TRY(read_json(make));
  const auto take = [&](const Reply& name) -> Status {
    std::string text = RF_TRY(name.as_text());
    if (!text.starts_with("customers/")) return name.wrong("expected customers/ and digits");
    found.push_back(RF_TRY(customer_of(std::string_view(text).substr(10))));
    return {};
  };
  RF_TRY(Reply(json, "google customers").each("resourceNames", take));
  return found;
}

Result<std::optional<Account>> GooglePlatform::account_of(const std::string& customer) {
  std::optional<Account> found;
  const auto take = [&](const Reply& result) -> Status {
    found = RF_TRY(google_account(result));
    return {};
  };
  RF_TRY(each_result(customer, google_account_query(), "google customer", take));
  if (found) currencies_[customer] = found->currency;
  return found;
}

Result<std::vector<Account>> GooglePlatform::accounts() {
  const std::vector<std::string> ids = RF_TRY(customers());
  std::vector<Account> found;
  for (const std::string& id : ids) {
    std::optional<Account> account = RF_TRY(account_of(id));
    if (account) found.push_back(std::move(*account));
  }
  return found;
}

Result<Currency> GooglePlatform::currency_of(const std::string& customer) {
  auto known = currencies_.find(customer);
  if (known != currencies_.end()) return known->second;
  const std::optional<Account> account = RF_TRY(account_of(customer));
  if (account) return account->currency;
  return fail(ErrorCode::invalid, fmt::format("google: {} holds no ads itself", customer));
}

Result<std::vector<EntityState>> GooglePlatform::entities(const AccountId& account, Level level) {
  const std::string customer = RF_TRY(customer_of(account.text));
  if (level == Level::account) return fail(ErrorCode::invalid, "google: accounts are no entities");
  const Currency currency = RF_TRY(currency_of(customer));
  std::vector<EntityState> found;
  const auto take = [&](const Reply& result) -> Status {
    GoogleEntity entity = RF_TRY(google_entity(result, level, currency));
    found.push_back(std::move(entity.state));
    return {};
  };
  RF_TRY(each_result(customer, google_entities_query(level, ""), "google entities", take));
  return found;
}

Result<GoogleEntity> GooglePlatform::find(const std::string& customer, Level level,
                                          std::string_view id) {
  if (!is_number(id) || level == Level::account)
    return fail(ErrorCode::invalid, fmt::format("google: '{}' is not an id", id));
  const Currency currency = RF_TRY(currency_of(customer));
  std::vector<GoogleEntity> found;
  const auto take = [&](const Reply& result) -> Status {
    found.push_back(RF_TRY(google_entity(result, level, currency)));
    return {};
  };
  RF_TRY(each_result(customer, google_entities_query(level, id), "google entity", take));
  if (found.empty())
    return fail(ErrorCode::not_found, fmt::format("google: no {} {}", to_string(level), id));
  // One ad may stand in several groups; which of them is meant, the id alone cannot tell.
  if (found.size() > 1)
    return fail(ErrorCode::unsupported,
                fmt::format("google: {} {} stands in several ad groups", to_string(level), id));
  return std::move(found.front());
}

Result<EntityState> GooglePlatform::read(const AccountId& account, Level level,
                                         std::string_view id) {
  const std::string customer = RF_TRY(customer_of(account.text));
  GoogleEntity entity = RF_TRY(find(customer, level, id));
  return std::move(entity.state);
}

Result<InsightsSummary> GooglePlatform::insights(
    const AccountId& account, const InsightsRequest& request,
    const std::function<Status(const MetricRow&)>& visit) {
  const std::string customer = RF_TRY(customer_of(account.text));
  if (request.from > request.to || request.level == Level::account)
    return fail(ErrorCode::invalid, "google: no days or no level were asked for");
  if (!request.breakdowns.empty())
    return fail(ErrorCode::unsupported, "google: rows of ads are not split by people");
  if (!request.conversion.empty() && request.conversion != "conversions")
    return fail(ErrorCode::invalid,
                fmt::format("'{}' is not a conversion of google; expected conversions",
                            request.conversion));
  InsightsSummary summary;
  std::int64_t impressions = 0;
  const auto take = [&](const Reply& result) -> Status {
    const MetricRow row = RF_TRY(google_row(result, request.level));
    if (row.day < request.from || row.day > request.to)
      return result.wrong("the row's day was not asked for");
    ++summary.rows;
    impressions += row.counts.or_zero(Metric::impressions);
    return visit(row);
  };
  RF_TRY(each_result(customer, google_insights_query(request), "google rows", take));
  if (request.level != Level::ad) return summary;
  std::int64_t whole = 0;
  const auto add = [&](const Reply& result) -> Status {
    const auto metrics = result.find("metrics");
    if (!metrics) return {};
    const std::optional<std::int64_t> count = RF_TRY(metrics->count("impressions"));
    whole += count.value_or(0);
    return {};
  };
  RF_TRY(each_result(customer, google_total_query(request), "google total", add));
  summary.completeness = part_of(impressions, whole);
  if (summary.completeness < 1)
    summary.notices.push_back(
        fmt::format("rows hold {} of the ad groups' {} impressions", impressions, whole));
  return summary;
}

Status GooglePlatform::set(const std::string& customer, std::string_view resource,
                           std::string_view field, std::string_view value) {
  RF_TRY(be_authorized());
  const net::Request request = requests_.set(token_.reveal(), customer, resource, field, value);
  const Json json = RF_TRY(caller_.write(request, scopes()));
  const JsonObject* object = json.if_object();
  const Json* results = object == nullptr ? nullptr : object->if_contains("results");
  if (results != nullptr && results->is_array() && results->get_array().size() == 1) return {};
  return fail(ErrorCode::outcome_unknown, "google: the answer to a change names no result");
}

Status GooglePlatform::change(const AccountId& account, const Change& change) {
  const std::string customer = RF_TRY(customer_of(account.text));
  RF_TRY(check_change("google", change));
  if (change.daily_budget && change.level != Level::campaign)
    return fail(ErrorCode::invalid, "google: budgets belong to campaigns");
  if (change.status && *change.status == RunStatus::archived)
    return fail(ErrorCode::unsupported, "google: nothing is archived, only removed for ever");
  const GoogleEntity entity = RF_TRY(find(customer, change.level, change.id));
  if (entity.is_video_campaign)
    return fail(ErrorCode::unsupported,
                "google: video campaigns cannot be changed by the API; use Demand Gen");
  if (change.status) {
    const std::string_view status = *change.status == RunStatus::active ? "ENABLED" : "PAUSED";
    if (change.level == Level::campaign)
      return set(customer, fmt::format("campaigns/{}", change.id), "status", status);
    if (change.level == Level::adset)
      return set(customer, fmt::format("adGroups/{}", change.id), "status", status);
    const std::string ad = fmt::format("adGroupAds/{}~{}", entity.state.entity.adset_id, change.id);
    return set(customer, ad, "status", status);
  }
  if (entity.budget.empty())
    return fail(ErrorCode::not_found, "google: the campaign has no budget");
  if (entity.budget_is_shared)
    return fail(ErrorCode::conflict, "google: other campaigns share this budget");
  const Currency currency = RF_TRY(currency_of(customer));
  RF_TRY(steps_of("google", *change.daily_budget, currency, smallest_part(currency)));
  return set(customer, entity.budget, "amountMicros",
             fmt::format("{}", change.daily_budget->micros));
}

// Google tells it only in the error of a budget that was too small.
Result<std::optional<Money>> GooglePlatform::smallest_budget(const AccountId& account) {
  RF_TRY(customer_of(account.text));
  return std::optional<Money>();
}

}  // namespace

Result<std::unique_ptr<AdPlatform>> open_google(const GoogleSettings& settings, const Line& line) {
  RF_CHECK(line.http != nullptr && line.clock != nullptr);
  if (settings.developer_token.empty())
    return fail(ErrorCode::denied, "google: there is no developer token");
  if (settings.access_token.empty() && settings.refresh_token.empty())
    return fail(ErrorCode::denied, "google: there is neither an access token nor a refresh token");
  return std::unique_ptr<AdPlatform>(std::make_unique<GooglePlatform>(settings, line));
}

}  // namespace rf::platform
