#include "platform/row_values.h"

#include <utility>

#include <fmt/format.h>

namespace rf::platform {
namespace {

// Ten billion plays a day are more than there are people to see them.
constexpr std::int64_t kPlaysMax = 10'000'000'000;
constexpr std::int64_t kDayOfSeconds = 86'400;

}  // namespace

bool is_number(std::string_view id) {
  return !id.empty() && id.size() <= 20 &&
         id.find_first_not_of("0123456789") == std::string_view::npos;
}

Status put_count(Counts& counts, Metric metric, std::int64_t micros, const Reply& place) {
  const MetricInfo& info = info_of(metric);
  const bool whole = info.unit == MetricUnit::count;
  // Returned goods make the value of a day negative; nothing else can be.
  if (micros < 0 && info.unit != MetricUnit::micros_money)
    return place.wrong(fmt::format("{} is negative", info.name));
  if (micros < 0 && metric == Metric::spend) return place.wrong("spend is negative");
  if (whole && micros % kMicrosPerUnit != 0)
    return place.wrong(fmt::format("{} is not a whole number", info.name));
  counts.set(metric, whole ? micros / kMicrosPerUnit : micros);
  return {};
}

Status put_watch_time(Counts& counts, std::int64_t average_micros, const Reply& place) {
  if (!counts.has(Metric::video_plays)) return {};
  const std::int64_t plays = counts.or_zero(Metric::video_plays);
  const bool sound = average_micros >= 0 && average_micros <= kDayOfSeconds * kMicrosPerUnit;
  if (!sound || plays > kPlaysMax) return place.wrong("the time watched is beyond reason");
  counts.set(Metric::watch_time_ms, average_micros / 1000 * plays);
  return {};
}

Result<Account> account_from(AccountTexts texts, const Reply& place) {
  if (!is_number(texts.id))
    return place.wrong(fmt::format("the account's id is '{}', expected digits", texts.id));
  Account account;
  account.platform = texts.platform;
  account.id.text = fmt::format("{}:{}", to_string(texts.platform), texts.id);
  account.name = std::move(texts.name);
  Result<Currency> currency = Currency::parse(texts.currency);
  if (!currency) return place.wrong(currency.error().message);
  account.currency = *currency;
  Result<TimeZone> zone = TimeZone::parse(texts.zone.empty() ? "UTC" : texts.zone);
  if (!zone) return place.wrong(zone.error().message);
  account.zone = *zone;
  return account;
}

void add_breakdown(MetricRow& row, std::string_view kind, std::string_view value) {
  if (!row.breakdown_kind.empty()) {
    row.breakdown_kind += ',';
    row.breakdown += ',';
  }
  row.breakdown_kind += kind;
  row.breakdown += value;
}

Status check_change(std::string_view platform, const Change& change) {
  if (change.status.has_value() == change.daily_budget.has_value())
    return fail(ErrorCode::invalid,
                fmt::format("{}: a change is either of the status or of the budget", platform));
  if (!is_number(change.id) || change.level == Level::account)
    return fail(ErrorCode::invalid, fmt::format("{}: '{}' is not an id", platform, change.id));
  if (change.daily_budget && change.level == Level::ad)
    return fail(ErrorCode::invalid,
                fmt::format("{}: an ad has no budget; what it belongs to has", platform));
  return {};
}

Result<std::int64_t> steps_of(std::string_view platform, Money budget, Currency currency,
                              std::int64_t step_micros) {
  if (budget.currency != currency)
    return fail(ErrorCode::invalid, fmt::format("{}: the budget is in {}, the account in {}",
                                                platform, budget.currency.code(), currency.code()));
  if (budget.micros <= 0 || budget.micros % step_micros != 0)
    return fail(
        ErrorCode::invalid,
        fmt::format("{} takes budgets in whole steps of {} {}, found {}", platform,
                    exact_decimal(step_micros), currency.code(), exact_decimal(budget.micros)));
  return budget.micros / step_micros;
}

std::int64_t smallest_part(Currency currency) {
  std::int64_t part = kMicrosPerUnit;
  for (int i = 0; i < currency.minor_digits(); ++i) part /= 10;
  return part;
}

double part_of(std::int64_t have, std::int64_t all) {
  return all <= have ? 1.0 : static_cast<double>(have) / static_cast<double>(all);
}

}  // namespace rf::platform
