#include "learn/creatives.h"

#include <algorithm>
#include <set>
#include <utility>

#include "learn/beliefs.h"

namespace rf::learn {
namespace {

Interval interval_of(const Estimate& estimate) { return {estimate.low, estimate.high}; }

// What is collected of one film while its ads are met.
struct Sum {
  CreativeRecord record;
  std::set<std::string> groups;
  double group_events = 0;
  double group_exposure = 0;
};

void add(Sum& sum, const Belief& belief) {
  CreativeRecord& record = sum.record;
  if (record.ads.empty()) record.campaign = belief.entity.campaign_name;
  record.ads.push_back(belief.entity.name());
  record.closed.add(belief.closed);
  if (belief.first_day != kNoDay &&
      (record.first_day == kNoDay || belief.first_day < record.first_day)) {
    record.first_day = belief.first_day;
  }
  if (!belief.ctr) return;
  merge(record.ctr, belief.ctr);
  if (!sum.groups.insert(belief.group).second) return;
  sum.group_events += belief.ctr->group_events;
  sum.group_exposure += belief.ctr->group_exposure;
}

CreativeRecord finished(Sum&& sum) {
  CreativeRecord record = std::move(sum.record);
  std::ranges::sort(record.ads);
  if (!record.ctr || record.ctr->exposure <= 0) return record;
  record.ctr->group_events = sum.group_events;
  record.ctr->group_exposure = sum.group_exposure;
  record.rate = estimate(*record.ctr);
  if (control_events(*record.ctr) <= 0 || control_exposure(*record.ctr) <= 0) return record;
  record.lift = lift_estimate(*record.ctr);
  record.fate = fate_of({.lift = record.lift->value, .lift_interval = interval_of(*record.lift)});
  return record;
}

}  // namespace

const Creative* FilmsSeen::of(const std::string& ad) const {
  auto found = by_ad.find(ad);
  return found == by_ad.end() ? nullptr : &creatives[found->second.creative];
}

void merge(std::optional<RateBelief>& sum, const std::optional<RateBelief>& part) {
  if (!part) return;
  if (!sum) {
    sum = part;
    return;
  }
  sum->events += part->events;
  sum->exposure += part->exposure;
}

std::vector<CreativeRecord> creative_records(std::span<const Belief> beliefs,
                                             const FilmsSeen& films, const std::string& account,
                                             const std::string& platform) {
  std::map<std::string, Sum> sums;
  for (const Belief& belief : beliefs) {
    auto shown = films.by_ad.find(belief.id.text);
    if (shown == films.by_ad.end()) continue;
    const Creative& creative = films.creatives[shown->second.creative];
    auto [found, is_new] = sums.try_emplace(creative.sha256 + creative.method);
    if (is_new) {
      found->second.record = {.creative = creative,
                              .file = shown->second.file,
                              .account = account,
                              .platform = platform};
    }
    add(found->second, belief);
  }
  std::vector<CreativeRecord> records;
  records.reserve(sums.size());
  for (auto& [key, sum] : sums) records.push_back(finished(std::move(sum)));
  return records;
}

bool comparable(const Creative& a, const Creative& b) {
  return a.dna.version == b.dna.version && a.method == b.method &&
         a.dna.vector.size() == b.dna.vector.size();
}

std::vector<float> vector_of(const Creative& creative) {
  return {creative.dna.vector.begin(), creative.dna.vector.end()};
}

std::string memory_key(const CreativeRecord& record) {
  return record.creative.sha256 + " " + record.account;
}

Memory memory_of(std::span<const CreativeRecord> records, const Creative& like) {
  Memory memory(std::max<std::size_t>(like.dna.vector.size(), 1));
  for (const CreativeRecord& record : records) {
    if (!comparable(record.creative, like) || !record.rate || !record.lift) continue;
    Remembered item{.key = memory_key(record),
                    .account = record.account,
                    .platform = record.platform,
                    .rate = record.rate->value,
                    .rate_interval = interval_of(*record.rate),
                    .lift = record.lift->value,
                    .lift_interval = interval_of(*record.lift),
                    .n = record.ctr->exposure};
    // The vector has been found to have the memory's length, and DNA is finite.
    Status kept = memory.remember(std::move(item), vector_of(record.creative));
    RF_CHECK(kept.has_value());
  }
  return memory;
}

}  // namespace rf::learn
