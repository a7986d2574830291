#include "loop/arrivals.h"

#include <algorithm>
#include <functional>
#include <map>
#include <unordered_map>
#include <vector>

#include "loop/order_arrivals.h"

namespace rf::loop {
namespace {

// Days of a version's history that are read: four weeks in which platforms restate a day, and two
// in which older ones show that nothing comes any more.
constexpr Days kRead{42};

// Before anything is seen. Source: Chapelle 2014, doi:10.1145/2623330.2623634: about half of the
// conversions of an advertiser come within a day of the click, the rest over weeks.
constexpr double kFirstDay = 0.5;
constexpr double kMeanDelay = 4;
constexpr std::size_t kAges = 29;
constexpr double kParentStrength = 30;

// Fewer conversions in the sums than the parent is worth teach less than it.
constexpr double kConversionsMin = 30;

// Days of different ads must not meet.
constexpr std::int64_t kApart = 1'000'000;

std::vector<const Belief*> biggest(std::span<const Belief> beliefs) {
  std::vector<const Belief*> chosen;
  chosen.reserve(beliefs.size());
  for (const Belief& belief : beliefs) {
    if (belief.dated && belief.conversions_arrived) chosen.push_back(&belief);
  }
  std::ranges::stable_sort(chosen, std::greater<>(), [](const Belief* belief) {
    return belief->closed.or_zero(Metric::spend);
  });
  chosen.resize(std::min(chosen.size(), kArrivalAds));
  return chosen;
}

// The end of the last day on which the platform was asked about each day: a count that came again
// unchanged is not kept as a version of its own.
using Asked = std::map<Day, Day>;

Result<Asked> last_asked(Store& store, const Account& account, Day today) {
  Asked asked;
  for (Day day = today - kRead; day < today; day += Days(1)) {
    std::optional<Instant> at = RF_TRY(store.known_at(account.id, day));
    if (at) asked[day] = account.zone.day_at(*at) - Days(1);
  }
  return asked;
}

// One ad's whole days; parts of days are left out.
void add_versions(const Belief& belief, const Account& account, std::int64_t offset,
                  const std::vector<MetricVersion>& versions, std::vector<learn::DayVersion>& all) {
  for (const MetricVersion& version : versions) {
    const MetricRow& row = version.row;
    const std::optional<std::int64_t> count = row.counts.get(Metric::conversions);
    if (row.grain != Grain::day || !row.breakdown_kind.empty() || !count || *count < 0 ||
        row.attribution != belief.attribution || row.conversion_event != belief.conversion_event) {
      continue;
    }
    // What is said in the morning is how it stood at the end of the day before.
    const Day said = account.zone.day_at(version.as_of) - Days(1);
    if (said < row.day) continue;
    all.push_back({.day = offset + row.day.time_since_epoch().count(),
                   .as_of = offset + said.time_since_epoch().count(),
                   .count = as_number(Metric::conversions, *count)});
  }
}

// Adds to each day's last version that it still stood when the platform was last asked.
void close_versions(const Asked& asked, std::int64_t offset, std::size_t first,
                    std::vector<learn::DayVersion>& all) {
  const std::size_t end = all.size();
  for (std::size_t i = first; i < end; ++i) {
    if (i + 1 < end && all[i + 1].day == all[i].day) continue;
    const auto found = asked.find(Day(Days(all[i].day - offset)));
    if (found == asked.end()) continue;
    const std::int64_t last = offset + found->second.time_since_epoch().count();
    if (last > all[i].as_of) all.push_back({all[i].day, last, all[i].count});
  }
}

bool has_versions(std::span<const learn::DayVersion> all) {
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[i].day == all[i - 1].day && all[i].as_of != all[i - 1].as_of) return true;
  }
  return false;
}

}  // namespace

Result<std::optional<learn::ArrivalCurve>> arrival_of(Store& store, const Account& account,
                                                      std::span<const Belief> beliefs, Day today) {
  std::vector<learn::DayVersion> all;
  Asked asked = RF_TRY(last_asked(store, account, today));
  std::int64_t offset = 0;
  bool restated = false;
  for (const Belief* belief : biggest(beliefs)) {
    std::vector<MetricVersion> versions =
        RF_TRY(store.versions(account.id, belief->id, today - kRead, today - Days(1)));
    const std::size_t first = all.size();
    add_versions(*belief, account, offset, versions, all);
    restated = restated || has_versions(std::span(all).subspan(first));
    close_versions(asked, offset, first, all);
    offset += kApart;
  }
  if (!restated) {
    // The shop's own orders say it where the platform's exports, all of one day, cannot. Both
    // together would count the same sales twice.
    const OrderArrivals orders = RF_TRY(order_arrivals(store, account.id));
    all = versions_of(orders, today - kRead, today - Days(1));
    if (all.empty()) return std::optional<learn::ArrivalCurve>();
  }
  learn::ArrivalCurve curve =
      learn::fit_arrival(all, learn::assumed_curve(kFirstDay, kMeanDelay, kAges), kParentStrength);
  if (curve.conversions < kConversionsMin) return std::optional<learn::ArrivalCurve>();
  return std::optional(std::move(curve));
}

decide::CompleteCounts complete_counts(const learn::ArrivalCurve& curve,
                                       const learn::History& history,
                                       std::span<const Belief> beliefs, Day today) {
  struct Course {
    double reported = 0;
    double spend = 0;
    double shown = 0;  // Spend whose conversions can have been reported: Sum spend x F(age).
  };
  std::unordered_map<std::string_view, Course> courses;
  std::unordered_map<std::string_view, const Belief*> by_id;
  for (const Belief& belief : beliefs) by_id[belief.id.text] = &belief;
  for (const learn::AdDay& day : history.days) {
    const auto found = by_id.find(day.id.text);
    if (found == by_id.end() || day.day >= today || day.day < today - learn::kLookback) continue;
    const Belief& belief = *found->second;
    if (day.attribution != belief.attribution || day.conversion_event != belief.conversion_event) {
      continue;
    }
    Course& course = courses[belief.id.text];
    const double spend = as_number(Metric::spend, day.counts.or_zero(Metric::spend));
    course.reported += as_number(Metric::conversions, day.counts.or_zero(Metric::conversions));
    course.spend += spend;
    course.shown += spend * curve.at((today - day.day).count() - 1);
  }
  decide::CompleteCounts complete;
  for (const auto& [id, course] : courses) {
    const Belief& belief = *by_id.at(id);
    if (!belief.conversions_arrived || !(course.shown > 0) || course.reported < 0) continue;
    const double share = std::min(1.0, course.shown / course.spend);
    const learn::FinalCount final = learn::expected_final(course.reported, share, 0.9);
    complete[belief.id.text] = {.reported = course.reported,
                                .expected = final.expected,
                                .low = final.interval.low,
                                .high = final.interval.high};
  }
  return complete;
}

}  // namespace rf::loop
