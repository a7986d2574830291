#include "loop/past.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "learn/beliefs.h"
#include "loop/facts.h"
#include "loop/sight.h"

namespace rf::loop {
namespace {

// What is known of one day while its versions are read in order: as a whole, and in parts. Where
// both are, the whole counts; of several splits, the one that came last.
class DayNow {
 public:
  void learn(const MetricRow& row) {
    if (row.breakdown_kind.empty()) {
      whole_ = row.counts;
      return;
    }
    newest_kind_ = row.breakdown_kind;
    parts_[row.breakdown_kind][row.breakdown] = row.counts;
  }

  Counts counts() const {
    if (whole_) return *whole_;
    Counts sum;
    const auto parts = parts_.find(newest_kind_);
    if (parts == parts_.end()) return sum;
    for (const auto& [part, counts] : parts->second) sum.add(counts);
    return sum;
  }

 private:
  std::optional<Counts> whole_;
  std::string newest_kind_;
  std::map<std::string, std::map<std::string, Counts>> parts_;
};

bool is_judged(const MetricRow& row, const Belief& belief) {
  return row.grain == Grain::day && row.attribution == belief.attribution &&
         row.conversion_event == belief.conversion_event;
}

Counts filled_in(Counts counts, const Belief& belief) {
  for (Metric metric : {Metric::conversions, Metric::conversion_value}) {
    // What the platform leaves empty where it counted nothing; see learn::beliefs().
    if (belief.empty_is_none && !counts.has(metric)) counts.set(metric, 0);
  }
  return counts;
}

// Adds one day's versions, oldest first.
void add_day(PastSight& sight, std::size_t ad, const Account& account,
             std::span<const MetricVersion> versions) {
  const Belief& belief = sight.beliefs[ad];
  DayNow now;
  bool first = true;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    const MetricVersion& version = versions[i];
    now.learn(version.row);
    // Rows of one import are learned together.
    if (i + 1 < versions.size() && versions[i + 1].as_of == version.as_of) continue;
    const Day day = version.row.day;
    Day known = account.zone.day_at(version.as_of);
    if (first) {
      ++sight.days;
      if (known > day + Days(kBackfilled)) {
        ++sight.late_days;
        known = day + Days(1);
      }
    }
    first = false;
    sight.past.add(ad, day, known, filled_in(now.counts(), belief));
  }
}

void add_ad(PastSight& sight, std::size_t ad, const Account& account,
            std::vector<MetricVersion> versions) {
  std::erase_if(versions, [&](const MetricVersion& version) {
    return !is_judged(version.row, sight.beliefs[ad]);
  });
  for (std::size_t begin = 0; begin < versions.size();) {
    std::size_t end = begin;
    while (end < versions.size() && versions[end].row.day == versions[begin].row.day) ++end;
    add_day(sight, ad, account, std::span(versions).subspan(begin, end - begin));
    begin = end;
  }
}

}  // namespace

Result<PastSight> look_back(Store& store, const Account& account,
                            std::span<const decide::Rule> rules, Instant now, Day from) {
  decide::Policies policies = RF_TRY(policies_of(store, account.id));
  Sight seen = RF_TRY(look(store, account, now));
  std::vector<Belief> beliefs = learn::beliefs(seen.history, seen.today, rules_under(policies));
  std::erase_if(beliefs, [](const Belief& belief) { return !belief.dated; });
  std::vector<Entity> entities;
  entities.reserve(beliefs.size());
  for (const Belief& belief : beliefs) entities.push_back(belief.entity);
  PastSight sight{.past = decide::Past(rules, std::move(entities)),
                  .beliefs = std::move(beliefs),
                  .today = seen.today};
  sight.target_cpa = target_cpa_of(policies, sight.beliefs);
  for (std::size_t ad = 0; ad < sight.beliefs.size(); ++ad) {
    std::vector<MetricVersion> versions =
        RF_TRY(store.versions(account.id, sight.beliefs[ad].id, from, seen.today - Days(1)));
    add_ad(sight, ad, account, std::move(versions));
  }
  if (sight.past.empty()) {
    return fail(ErrorCode::not_found,
                account.id.text + ": the store holds no day of it to look back on");
  }
  return sight;
}

}  // namespace rf::loop
