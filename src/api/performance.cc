#include "api/performance.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "api/counts.h"
#include "api/judged.h"

namespace rf::api {
namespace {

struct Range {
  Day from = kNoDay;
  Day to = Day::max();
};

Error bad_range(std::string_view text) {
  return fail(ErrorCode::invalid,
              fmt::format("input.date_range: found '{}', expected 2026-03-01..2026-03-07, one day, "
                          "or last_7d with up to 4 digits",
                          text));
}

// "last_7d": the seven days before `today`, which is not over.
Result<Range> last_days(std::string_view text, Day today) {
  constexpr std::string_view kPrefix = "last_";
  constexpr std::size_t kDigitsMax = 4;
  std::string_view digits = text;
  digits.remove_prefix(kPrefix.size());
  if (digits.size() < 2 || digits.size() > kDigitsMax + 1 || digits.back() != 'd') {
    return bad_range(text);
  }
  digits.remove_suffix(1);
  std::int64_t days = 0;
  auto [stopped, error] = std::from_chars(digits.data(), digits.data() + digits.size(), days);
  if (error != std::errc() || stopped != digits.data() + digits.size() || days < 1) {
    return bad_range(text);
  }
  return Range{.from = today - Days(days), .to = today - Days(1)};
}

Result<Range> range_of(std::string_view text, Day today) {
  if (text.empty()) return Range{};
  if (text.starts_with("last_")) return last_days(text, today);
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) {
    const Day day = RF_TRY(parse_day(text));
    return Range{.from = day, .to = day};
  }
  const Day from = RF_TRY(parse_day(text.substr(0, dots)));
  const Day to = RF_TRY(parse_day(text.substr(dots + 2)));
  if (to < from) return bad_range(text);
  return Range{.from = from, .to = to};
}

struct Found {
  Account account;
  EntityTotals totals;
};

bool is_meant(const EntityTotals& totals, const std::string& asked) {
  return asked == totals.entity.ad_id || asked == totals.id.text || asked == totals.entity.name();
}

// The account's ads that are meant, each once whatever its attribution.
Status add_meant(std::vector<Found>& found, Store& store, const Account& account,
                 const std::string& asked) {
  RF_TRY(store.remember(account.id));
  std::vector<EntityTotals> all = RF_TRY(store.totals(account.id, Level::ad));
  for (EntityTotals& totals : all) {
    if (!is_meant(totals, asked)) continue;
    const bool again = !found.empty() && found.back().account.id == account.id &&
                       found.back().totals.id == totals.id;
    if (!again) found.push_back({account, std::move(totals)});
  }
  return {};
}

Result<Found> only_ad(Store& store, const PerformanceInput& input) {
  std::vector<Account> accounts = RF_TRY(accounts_asked(store, input.account));
  std::vector<Found> found;
  for (const Account& account : accounts) {
    const bool asked = input.platform.empty() || to_string(account.platform) == input.platform;
    if (asked) RF_TRY(add_meant(found, store, account, input.ad_id));
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return fail(ErrorCode::not_found,
                fmt::format("no ad of {} has the id '{}'; 'reelforge report' lists them",
                            input.platform.empty() ? "any platform" : input.platform, input.ad_id));
  }
  return fail(ErrorCode::invalid, fmt::format("{} ads answer to '{}'; name the account, or use the "
                                              "key under which 'reelforge report' lists it",
                                              found.size(), input.ad_id));
}

void add_totals(PerformanceOutput& output, const std::vector<EntityDay>& days) {
  std::set<std::pair<std::string, std::string>> measures;
  Counts sum;
  for (const EntityDay& day : days) {
    measures.insert({day.attribution, day.conversion_event});
    sum.add(day.counts);
  }
  if (measures.size() == 1) output.totals = reported(sum);
  if (measures.size() > 1) {
    output.notices.emplace_back(
        "these days were measured with different attribution settings, which do not add");
  }
}

}  // namespace

Result<PerformanceOutput> performance(const PerformanceInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  const Found found = RF_TRY(only_ad(*store, input));
  const Account& account = found.account;
  const Day today = account.zone.day_at(services.clock().now());
  const Range range = RF_TRY(range_of(input.date_range, today));
  std::vector<EntityDay> days;
  RF_TRY(store->each_day(account.id, Level::ad, range.from, range.to,
                         [&](const EntityDay& day) -> Status {
                           if (day.id == found.totals.id) days.push_back(day);
                           return {};
                         }));
  PerformanceOutput output{.ad = found.totals.id.text,
                           .name = found.totals.entity.name(),
                           .account = account.id.text,
                           .platform = std::string(to_string(account.platform)),
                           .currency = std::string(account.currency.code())};
  output.days.reserve(days.size());
  for (const EntityDay& day : days) {
    output.days.push_back({.day = day.day,
                           .attribution = day.attribution,
                           .conversion_event = day.conversion_event,
                           .counts = reported(day.counts)});
  }
  add_totals(output, days);
  if (!days.empty()) {
    output.from = days.front().day;
    output.to = days.back().day;
  } else if (found.totals.days > 0) {
    output.notices.push_back(fmt::format("no numbers in this range; there are some from {} to {}",
                                         to_iso(found.totals.first_day),
                                         to_iso(found.totals.last_day)));
  }
  return output;
}

}  // namespace rf::api
