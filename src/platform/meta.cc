#include "platform/meta.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "platform/meta_errors.h"
#include "platform/meta_replies.h"
#include "platform/meta_requests.h"
#include "platform/reply.h"
#include "platform/row_values.h"

namespace rf::platform {
namespace {

using std::chrono::seconds;

// Chosen: 10,000 pages of 500 rows are five million ad days in one request; no account has them.
constexpr int kPagesMax = 10'000;

// Source: Marketing API documentation, async jobs: poll with growing pauses; 5 to 60 s are chosen.
constexpr Duration kPollFirst = seconds(5);
constexpr Duration kPollMax = seconds(60);
constexpr int kPollsMax = 120;  // Two hours; Meta gives a report up earlier.

std::string digits_of(std::string_view account) {
  for (std::string_view prefix : {"meta:", "act_"}) {
    if (account.starts_with(prefix)) account.remove_prefix(prefix.size());
  }
  return std::string(account);
}

std::string_view edge_of(Level level) {
  switch (level) {
    case Level::campaign: return "campaigns";
    case Level::adset: return "adsets";
    case Level::ad: return "ads";
    case Level::account: break;
  }
  return "";
}

class MetaPlatform final : public AdPlatform {
 public:
  MetaPlatform(const MetaSettings& settings, const Line& line)
      : settings_(settings),
        requests_(settings),
        caller_(line, {.name = "meta",
                       .usage = meta_usage,
                       .fault = meta_fault,
                       .secrets = {settings.access_token, settings.app_secret}}) {}

  Platform platform() const override { return Platform::meta; }
  Result<std::vector<Account>> accounts() override;
  Result<std::vector<EntityState>> entities(const AccountId& account, Level level) override;
  Result<EntityState> read(const AccountId& account, Level level, std::string_view id) override;
  Result<InsightsSummary> insights(const AccountId& account, const InsightsRequest& request,
                                   const std::function<Status(const MetricRow&)>& visit) override;
  Status change(const AccountId& account, const Change& change) override;
  Result<std::optional<Money>> smallest_budget(const AccountId& account) override;

 private:
  using Visit = std::function<Status(const Reply&)>;
  using PageRequest = std::function<net::Request(std::string_view after)>;

  Result<std::string> node_of(const AccountId& account) const;
  Result<Currency> currency_of(const AccountId& account);
  Status each_of_pages(const PageRequest& page, const std::vector<std::string>& scopes,
                       std::string_view name, const Visit& visit);
  Status each_row(const MetaInsightsCall& call, const Visit& visit);
  Status each_row_of_report(const MetaInsightsCall& call, const Visit& visit);
  Result<std::string> finished_report(const MetaInsightsCall& call);
  Result<std::optional<std::int64_t>> impressions_of_account(const MetaInsightsCall& call);

  MetaSettings settings_;
  MetaRequests requests_;
  Caller caller_;
  std::map<std::string, Currency> currencies_;  // By account id.
};

const std::vector<std::string>& reading_insights() {
  static const std::vector<std::string> scopes{"app", "account", "ads_insights"};
  return scopes;
}

const std::vector<std::string>& managing() {
  static const std::vector<std::string> scopes{"app", "account", "ads_management"};
  return scopes;
}

Result<std::string> MetaPlatform::node_of(const AccountId& account) const {
  const std::string digits = digits_of(account.text);
  if (is_number(digits)) return "act_" + digits;
  return fail(
      ErrorCode::invalid,
      fmt::format("'{}' is not an account of meta, expected act_ and digits", account.text));
}

Status MetaPlatform::each_of_pages(const PageRequest& page, const std::vector<std::string>& scopes,
                                   std::string_view name, const Visit& visit) {
  std::string after;
  for (int i = 0; i < kPagesMax; ++i) {
    const Json json = RF_TRY(caller_.read(page(after), scopes));
    const Reply reply(json, name);
    RF_TRY(reply.each("data", visit));
    std::optional<std::string> next = RF_TRY(meta_next_page(reply));
    if (!next) return {};
    if (*next == after) return reply.wrong("the next page is this page again");
    after = std::move(*next);
  }
  return fail(ErrorCode::over_limit, fmt::format("meta's {}: more than {} pages", name, kPagesMax));
}

Result<std::vector<Account>> MetaPlatform::accounts() {
  const std::string_view fields = meta_entity_fields(Level::account);
  std::vector<Account> found;
  const auto add = [&](const Reply& reply) -> Status {
    found.push_back(RF_TRY(meta_account(reply)));
    currencies_[found.back().id.text] = found.back().currency;
    return {};
  };
  if (settings_.accounts.empty()) {
    const auto page = [&](std::string_view after) {
      return requests_.list("me", "adaccounts", fields, after);
    };
    RF_TRY(each_of_pages(page, managing(), "meta accounts", add));
    return found;
  }
  for (const std::string& each : settings_.accounts) {
    const std::string node = RF_TRY(node_of({each}));
    const Json json = RF_TRY(caller_.read(requests_.node(node, fields), managing()));
    RF_TRY(add(Reply(json, "meta account")));
  }
  return found;
}

Result<Currency> MetaPlatform::currency_of(const AccountId& account) {
  const std::string node = RF_TRY(node_of(account));
  auto known = currencies_.find("meta:" + digits_of(account.text));
  if (known != currencies_.end()) return known->second;
  const std::string_view fields = meta_entity_fields(Level::account);
  const Json json = RF_TRY(caller_.read(requests_.node(node, fields), managing()));
  const Account read = RF_TRY(meta_account(Reply(json, "meta account")));
  currencies_[read.id.text] = read.currency;
  return read.currency;
}

Result<std::vector<EntityState>> MetaPlatform::entities(const AccountId& account, Level level) {
  const std::string node = RF_TRY(node_of(account));
  const Currency currency = RF_TRY(currency_of(account));
  if (level == Level::account) return fail(ErrorCode::invalid, "meta: accounts are no entities");
  std::vector<EntityState> found;
  const auto page = [&](std::string_view after) {
    return requests_.list(node, edge_of(level), meta_entity_fields(level), after);
  };
  const auto take = [&](const Reply& reply) -> Status {
    found.push_back(RF_TRY(meta_entity(reply, level, currency)));
    return {};
  };
  RF_TRY(each_of_pages(page, managing(), "meta entities", take));
  return found;
}

Result<EntityState> MetaPlatform::read(const AccountId& account, Level level, std::string_view id) {
  const Currency currency = RF_TRY(currency_of(account));
  if (!is_number(id) || level == Level::account)
    return fail(ErrorCode::invalid, fmt::format("meta: '{}' is not an id", id));
  const net::Request request = requests_.node(id, meta_entity_fields(level));
  const Json json = RF_TRY(caller_.read(request, managing()));
  return meta_entity(Reply(json, "meta entity"), level, currency);
}

Result<std::string> MetaPlatform::finished_report(const MetaInsightsCall& call) {
  const Json started = RF_TRY(caller_.read(requests_.start_report(call), reading_insights()));
  std::string run = RF_TRY(Reply(started, "meta report").text("report_run_id"));
  if (!is_number(run)) return fail(ErrorCode::corrupt, "meta report: report_run_id is no number");
  Duration pause = kPollFirst;
  for (int i = 0; i < kPollsMax; ++i) {
    const Json json = RF_TRY(caller_.read(requests_.report_state(run), reading_insights()));
    const MetaReport report = RF_TRY(meta_report(Reply(json, "meta report")));
    if (report.state == MetaReport::State::done) return run;
    if (report.state == MetaReport::State::failed)
      return fail(ErrorCode::unavailable, fmt::format("meta's report failed: {}", report.words));
    if (!caller_.wait(pause)) break;
    pause = std::min(kPollMax, pause * 2);
  }
  return fail(ErrorCode::unavailable, fmt::format("meta's report {} is not ready yet", run));
}

Status MetaPlatform::each_row_of_report(const MetaInsightsCall& call, const Visit& visit) {
  std::string run = RF_TRY(finished_report(call));
  const auto page = [&](std::string_view after) { return requests_.report_page(run, after); };
  return each_of_pages(page, reading_insights(), "meta insights", visit);
}

Status MetaPlatform::each_row(const MetaInsightsCall& call, const Visit& visit) {
  const auto days = (call.to - call.from).count() + 1;
  const bool big = call.level == Level::ad && days >= settings_.report_from_days;
  if (big && caller_.can_wait()) return each_row_of_report(call, visit);
  bool seen = false;
  const auto page = [&](std::string_view after) { return requests_.insights(call, after); };
  Status status =
      each_of_pages(page, reading_insights(), "meta insights", [&](const Reply& reply) -> Status {
        seen = true;
        return visit(reply);
      });
  // Meta says so before the first row; after it, rows would be visited twice.
  const bool report = !status && !seen && meta_wants_report(status.error());
  if (report && caller_.can_wait()) return each_row_of_report(call, visit);
  return status;
}

// The impressions of everything in the range, counted by Meta and not by adding rows up.
Result<std::optional<std::int64_t>> MetaPlatform::impressions_of_account(
    const MetaInsightsCall& call) {
  MetaInsightsCall whole = call;
  whole.level = Level::account;
  whole.by_day = false;
  whole.breakdowns.clear();
  whole.window.clear();
  whole.fields = "impressions";
  const Json json = RF_TRY(caller_.read(requests_.insights(whole, ""), reading_insights()));
  std::optional<std::int64_t> impressions;
  const auto take = [&](const Reply& reply) -> Status {
    impressions = RF_TRY(reply.count("impressions"));
    return {};
  };
  RF_TRY(Reply(json, "meta account insights").each("data", take));
  return impressions;
}

Result<InsightsSummary> MetaPlatform::insights(
    const AccountId& account, const InsightsRequest& request,
    const std::function<Status(const MetricRow&)>& visit) {
  RF_TRY(meta_check_conversion(request.conversion));
  if (request.from > request.to) return fail(ErrorCode::invalid, "meta: no days were asked for");
  const std::string node = RF_TRY(node_of(account));
  const Currency currency = RF_TRY(currency_of(account));
  MetaInsightsCall call{.node = node,
                        .level = request.level,
                        .from = request.from,
                        .to = request.to,
                        .fields = meta_insights_fields(request.level),
                        .breakdowns = {},
                        .window = settings_.window};
  MetaRowReader::Form form{.level = request.level,
                           .currency = currency,
                           .kinds = request.breakdowns,
                           .conversion = request.conversion,
                           .window = settings_.window};
  std::ranges::sort(form.kinds);
  for (const std::string& kind : form.kinds)
    call.breakdowns.push_back(RF_TRY(meta_breakdown(kind)));
  MetaRowReader reader(form);
  InsightsSummary summary;
  std::int64_t impressions = 0;
  const auto take = [&](const Reply& reply) -> Status {
    const MetricRow row = RF_TRY(reader.read(reply));
    if (row.day < request.from || row.day > request.to)
      return reply.wrong("the row's day was not asked for");
    ++summary.rows;
    impressions += row.counts.or_zero(Metric::impressions);
    return visit(row);
  };
  RF_TRY(each_row(call, take));
  summary.notices = reader.notices();
  const std::optional<std::int64_t> whole = RF_TRY(impressions_of_account(call));
  // An account whose ads were seen has a total; without it, it cannot be told what is missing.
  if (!whole && impressions > 0) {
    summary.completeness = 0;
    summary.notices.emplace_back("meta gave rows of ads and no total of the account");
  } else if (whole && *whole > impressions) {
    summary.completeness = part_of(impressions, *whole);
    summary.notices.push_back(
        fmt::format("rows hold {} of the account's {} impressions", impressions, *whole));
  }
  return summary;
}

Status MetaPlatform::change(const AccountId& account, const Change& change) {
  RF_TRY(check_change("meta", change));
  std::string_view status;
  std::int64_t minor = 0;
  if (change.status) {
    status = *change.status == RunStatus::active   ? "ACTIVE"
             : *change.status == RunStatus::paused ? "PAUSED"
                                                   : "ARCHIVED";
  } else {
    const Currency currency = RF_TRY(currency_of(account));
    minor = RF_TRY(
        steps_of("meta", *change.daily_budget, currency, kMicrosPerUnit / meta_offset(currency)));
  }
  const Json json = RF_TRY(caller_.write(requests_.change(change.id, status, minor), managing()));
  const JsonObject* object = json.if_object();
  const Json* success = object == nullptr ? nullptr : object->if_contains("success");
  if (success != nullptr && success->is_bool() && success->get_bool()) return {};
  return fail(ErrorCode::outcome_unknown, "meta: the answer to a change does not say 'success'");
}

Result<std::optional<Money>> MetaPlatform::smallest_budget(const AccountId& account) {
  const std::string node = RF_TRY(node_of(account));
  const Currency currency = RF_TRY(currency_of(account));
  const net::Request request =
      requests_.list(node, "minimum_budgets", "currency,min_daily_budget_imp", "");
  const Json json = RF_TRY(caller_.read(request, managing()));
  return meta_smallest_budget(Reply(json, "meta minimum budgets"), currency);
}

}  // namespace

Result<std::unique_ptr<AdPlatform>> open_meta(const MetaSettings& settings, const Line& line) {
  RF_CHECK(line.http != nullptr && line.clock != nullptr);
  if (settings.access_token.empty())
    return fail(ErrorCode::denied, "meta: there is no access token");
  const bool version = settings.version.starts_with('v') && settings.version.size() <= 8 &&
                       settings.version.find_first_not_of("0123456789.", 1) == std::string::npos;
  if (!version)
    return fail(ErrorCode::invalid,
                fmt::format("meta: the version is '{}', expected v25.0 or so", settings.version));
  return std::unique_ptr<AdPlatform>(std::make_unique<MetaPlatform>(settings, line));
}

}  // namespace rf::platform
