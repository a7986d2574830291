#include "api/patterns.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>

#include "api/creatives.h"
#include "learn/patterns.h"
#include "video/dna.h"

namespace rf::api {
namespace {

using learn::CreativeRecord;

constexpr std::int64_t kDaysAWeek = 7;

// Both halves need ten clusters (learn/within.h).
constexpr std::int64_t kWeeksMin = 20;

struct Outcome {
  std::string_view name;
  std::array<Metric, 2> events;  // The first that is reported counts.
  std::array<Metric, 2> exposure;
};

constexpr auto kOutcomes = std::to_array<Outcome>(
    {{"ctr", {Metric::link_clicks, Metric::clicks_all}, {Metric::impressions, Metric::impressions}},
     {"cvr", {Metric::conversions, Metric::conversions}, {Metric::link_clicks, Metric::clicks_all}},
     {"hook_rate",
      {Metric::video_3s, Metric::video_2s},
      {Metric::impressions, Metric::impressions}},
     {"hold_rate", {Metric::thruplays, Metric::video_6s}, {Metric::video_3s, Metric::video_2s}}});

Result<Outcome> outcome_called(const std::string& name) {
  const auto* found = std::ranges::find(kOutcomes, name, &Outcome::name);
  if (found != kOutcomes.end()) return *found;
  std::vector<std::string_view> known;
  known.reserve(kOutcomes.size());
  for (const Outcome& each : kOutcomes) known.push_back(each.name);
  return described::unknown_name("input.outcome", name, known);
}

std::optional<double> first_reported(const Counts& counts, const std::array<Metric, 2>& metrics) {
  for (Metric metric : metrics) {
    if (auto value = counts.get(metric)) return as_number(metric, *value);
  }
  return std::nullopt;
}

// Records as units: by account and the week in which a film was first shown.
struct Units {
  learn::PatternUnits numbers;
  std::vector<const CreativeRecord*> records;
  std::int64_t weeks = 0;
  std::int64_t left_out = 0;  // Without counts, or without a day.
};

// Of a film that several accounts show, the account that showed it most: what it is it is once.
std::vector<CreativeRecord> each_film_once(std::vector<CreativeRecord>&& records) {
  auto shown = [](const CreativeRecord& each) { return each.closed.or_zero(Metric::impressions); };
  std::ranges::stable_sort(records, std::ranges::greater(), shown);
  std::set<std::string> seen;
  std::erase_if(records, [&](const CreativeRecord& each) {
    return !seen.insert(each.creative.sha256).second;
  });
  return std::move(records);
}

Units units_of(const std::vector<CreativeRecord>& records, const Outcome& outcome) {
  Units units;
  std::map<std::pair<std::string, std::int64_t>, std::uint32_t> groups;
  std::vector<std::int64_t> sizes;
  for (const CreativeRecord& record : records) {
    const auto events = first_reported(record.closed, outcome.events);
    const auto exposure = first_reported(record.closed, outcome.exposure);
    if (!events || !exposure || *exposure <= 0 || *events < 0 || record.first_day == kNoDay) {
      ++units.left_out;
      continue;
    }
    const std::int64_t week = record.first_day.time_since_epoch().count() / kDaysAWeek;
    const auto next = static_cast<std::uint32_t>(groups.size());
    const std::uint32_t group = groups.try_emplace({record.account, week}, next).first->second;
    if (group == sizes.size()) sizes.push_back(0);
    ++sizes[group];
    units.records.push_back(&record);
    units.numbers.outcomes.push_back(*events);
    units.numbers.exposures.push_back(*exposure);
    units.numbers.groups.push_back(group);
    units.numbers.order.push_back(static_cast<double>(week));
  }
  units.weeks = std::ranges::count_if(sizes, [](std::int64_t size) { return size > 1; });
  return units;
}

std::vector<float> values_of(const Units& units, const std::string& feature) {
  std::vector<float> values;
  for (const CreativeRecord* record : units.records) {
    const auto& features = record->creative.dna.features;
    auto found = features.find(feature);
    const bool known = found != features.end() && found->second.value.has_value();
    values.push_back(known ? static_cast<float>(*found->second.value)
                           : std::numeric_limits<float>::quiet_NaN());
  }
  return values;
}

// In standard deviations, so that effects of seconds and of shares can be read side by side.
void standardise(std::vector<float>& values) {
  double n = 0;
  double sum = 0;
  double squares = 0;
  for (float value : values) {
    if (std::isnan(value)) continue;
    n += 1;
    sum += static_cast<double>(value);
    squares += static_cast<double>(value) * static_cast<double>(value);
  }
  const double mean = n > 0 ? sum / n : 0;
  const double spread = n > 1 ? std::sqrt(std::max(0.0, (squares - n * mean * mean) / (n - 1))) : 0;
  if (spread <= 1e-9) return;  // Does not vary, and is not tested.
  for (float& value : values) {
    value = static_cast<float>((static_cast<double>(value) - mean) / spread);
  }
}

struct FilmFeatures {
  std::vector<learn::PatternFeature> features;
  std::set<std::string> amounts;  // Those whose effect is per standard deviation.
};

FilmFeatures features_of_films(const Units& units) {
  FilmFeatures all;
  for (const video::DnaDefinition& each : video::dna_definitions()) {
    const std::string name(each.name);
    std::vector<float> values = values_of(units, name);
    if (each.unit != "yes") {
      standardise(values);
      all.amounts.insert(name);
    }
    all.features.push_back({.name = name, .values = std::move(values)});
  }
  for (const char* ending : {"cliffhanger", "resolve", "cta", "loop"}) {
    std::vector<float> values;
    for (const CreativeRecord* record : units.records) {
      values.push_back(record->creative.recipe.ending == ending ? 1.0F : 0.0F);
    }
    all.features.push_back({.name = fmt::format("ending={}", ending), .values = std::move(values)});
  }
  return all;
}

PatternRow row_of(const learn::Pattern& pattern, const FilmFeatures& films) {
  return {.feature = pattern.feature,
          .effect = pattern.effect,
          .low = pattern.low,
          .high = pattern.high,
          .p = pattern.p,
          .q = pattern.q,
          .n = static_cast<std::int64_t>(pattern.n),
          // Nobody drew lots for which film got what.
          .design = learn::Design::observational,
          .replicated = pattern.replicated,
          .earlier = pattern.earlier,
          .later = pattern.later,
          .per = films.amounts.contains(pattern.feature) ? "standard deviation" : "presence"};
}

std::vector<std::string> notices_of(const Units& units, const PatternsOutput& output) {
  std::vector<std::string> notices;
  if (units.weeks < kWeeksMin) {
    notices.push_back(
        fmt::format("not enough data: films are compared with those first shown in the same week "
                    "of the same account; {} such weeks have two or more, {} are needed, half to "
                    "find patterns and half to confirm them",
                    units.weeks, kWeeksMin));
  } else if (output.patterns.empty()) {
    notices.push_back(
        fmt::format("none of {} effects that were tested held up in later weeks", output.tested));
  }
  if (units.left_out > 0) {
    notices.push_back(
        fmt::format("{} films are left out: their ads report neither side of the "
                    "rate, or no day",
                    units.left_out));
  }
  notices.emplace_back("associations within weeks, not causes: nobody drew lots for the films");
  return notices;
}

}  // namespace

Result<PatternsOutput> patterns(const PatternsInput& input, Services& services) {
  Outcome outcome = RF_TRY(outcome_called(input.outcome));
  Store* store = RF_TRY(services.store());
  std::vector<Judged> all = RF_TRY(all_judged(*store, input.account, services.clock().now()));
  const std::vector<CreativeRecord> records = each_film_once(creatives_of(all));
  PatternsOutput output;
  if (records.empty()) {
    output.notices.emplace_back(
        "no film of an ad is known; 'reelforge import EXPORT --videos FOLDER' brings films to ads");
    return output;
  }
  const Units units = units_of(records, outcome);
  const FilmFeatures films = features_of_films(units);
  const learn::PatternFindings findings =
      learn::find_patterns(units.numbers, films.features, {}, {});
  for (const learn::Pattern& pattern : findings.believed) {
    output.patterns.push_back(row_of(pattern, films));
  }
  output.tested = static_cast<std::int64_t>(findings.tested);
  output.untestable = static_cast<std::int64_t>(findings.untestable);
  output.creatives = static_cast<std::int64_t>(findings.units);
  output.weeks = units.weeks;
  output.notices = notices_of(units, output);
  return output;
}

}  // namespace rf::api
