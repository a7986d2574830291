#include "api/video_dna.h"

#include <algorithm>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "api/creatives.h"
#include "learn/contrast.h"
#include "learn/discovery.h"
#include "video/dna.h"

namespace rf::api {
namespace {

using learn::CreativeRecord;
using learn::Fate;

// Chosen: an explorer's list may hold one in ten that is chance; `patterns` is the stricter judge.
constexpr double kFalseRate = 0.1;

struct Sides {
  std::vector<const CreativeRecord*> winners;
  std::vector<const CreativeRecord*> losers;
  std::int64_t unsure = 0;
  std::int64_t others = 0;  // Watched by another method than most.
};

// The method that most of the records were watched by: only their DNA can be compared.
const Creative* most_common(const std::vector<CreativeRecord>& records) {
  const Creative* best = nullptr;
  std::ptrdiff_t most = 0;
  for (const CreativeRecord& record : records) {
    const auto count = std::ranges::count_if(records, [&](const CreativeRecord& other) {
      return learn::comparable(record.creative, other.creative);
    });
    if (count <= most) continue;
    most = count;
    best = &record.creative;
  }
  return best;
}

Sides sides_of(const std::vector<CreativeRecord>& records, const std::optional<double>& ctr_min) {
  Sides sides;
  const Creative* like = most_common(records);
  for (const CreativeRecord& record : records) {
    const bool high = !ctr_min || (record.rate && record.rate->low >= *ctr_min);
    if (!learn::comparable(record.creative, *like)) {
      ++sides.others;
    } else if (record.fate == Fate::winner && high) {
      sides.winners.push_back(&record);
    } else if (record.fate == Fate::loser) {
      sides.losers.push_back(&record);
    } else {
      ++sides.unsure;
    }
  }
  return sides;
}

// Films of one side and not of the other, each once: one that two accounts show is one film, and
// says its features once.
std::vector<const CreativeRecord*> films_of(const std::vector<const CreativeRecord*>& side,
                                            const std::vector<const CreativeRecord*>& other) {
  auto shows = [](const CreativeRecord* each) -> std::string_view { return each->creative.sha256; };
  std::set<std::string_view> seen;
  for (const CreativeRecord* each : other) seen.insert(shows(each));
  std::vector<const CreativeRecord*> films;
  for (const CreativeRecord* each : side) {
    if (seen.insert(shows(each)).second) films.push_back(each);
  }
  return films;
}

std::vector<double> values_of(const std::vector<const CreativeRecord*>& side,
                              std::string_view feature) {
  std::vector<double> values;
  for (const CreativeRecord* record : side) {
    const auto& features = record->creative.dna.features;
    auto found = features.find(std::string(feature));
    if (found != features.end() && found->second.value) values.push_back(*found->second.value);
  }
  return values;
}

std::vector<DnaContrast> contrasts_of(const Sides& sides, std::int64_t& not_enough_data) {
  std::vector<DnaContrast> all;
  const auto winners = films_of(sides.winners, sides.losers);
  const auto losers = films_of(sides.losers, sides.winners);
  for (const video::DnaDefinition& each : video::dna_definitions()) {
    const auto found = learn::contrast(values_of(winners, each.name), values_of(losers, each.name));
    if (!found) {
      ++not_enough_data;
      continue;
    }
    all.push_back({.feature = std::string(each.name),
                   .unit = std::string(each.unit),
                   .winners = found->first,
                   .losers = found->second,
                   .difference = found->difference,
                   .low = found->low,
                   .high = found->high,
                   .effect = found->effect,
                   .p = found->p,
                   .n_winners = found->n_first,
                   .n_losers = found->n_second});
  }
  std::vector<double> p_values;
  p_values.reserve(all.size());
  for (const DnaContrast& each : all) p_values.push_back(each.p);
  const std::vector<double> q_values = learn::q_values(p_values);
  for (std::size_t i = 0; i < all.size(); ++i) all[i].q = q_values[i];
  std::ranges::stable_sort(all, {}, &DnaContrast::p);
  return all;
}

std::vector<std::string> notices_of(const Sides& sides, const VideoDnaOutput& output) {
  std::vector<std::string> notices;
  if (sides.winners.size() < 3 || sides.losers.size() < 3) {
    notices.push_back(
        fmt::format("not enough data: {} winners and {} losers are sure; three of each are needed "
                    "before their films can be compared",
                    sides.winners.size(), sides.losers.size()));
  } else if (output.apart.empty()) {
    notices.push_back(fmt::format("of {} features none sets winners and losers apart beyond chance",
                                  output.tested));
  }
  if (sides.others > 0) {
    notices.push_back(
        fmt::format("{} creatives were watched with other models or another version "
                    "and are left out; import them again to compare them",
                    sides.others));
  }
  notices.emplace_back("what winners have in common need not be why they won; only a test tells");
  return notices;
}

}  // namespace

Result<VideoDnaOutput> video_dna(const VideoDnaInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  std::vector<Judged> all = RF_TRY(all_judged(*store, input.account, services.clock().now()));
  const std::vector<CreativeRecord> records = creatives_of(all);
  VideoDnaOutput output;
  if (records.empty()) {
    output.notices.emplace_back(
        "no film of an ad is known; 'reelforge import EXPORT --videos FOLDER' brings films to ads");
    return output;
  }
  const Sides sides = sides_of(records, input.ctr_min);
  output.unsure = sides.unsure;
  for (const CreativeRecord* each : sides.winners) output.winners.push_back(creative_line(*each));
  for (const CreativeRecord* each : sides.losers) output.losers.push_back(creative_line(*each));
  output.apart = contrasts_of(sides, output.not_enough_data);
  output.tested = std::ssize(output.apart);
  if (!input.all) {
    std::erase_if(output.apart, [](const DnaContrast& each) { return each.q > kFalseRate; });
  }
  output.notices = notices_of(sides, output);
  return output;
}

}  // namespace rf::api
