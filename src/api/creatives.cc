#include "api/creatives.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

namespace rf::api {
namespace {

using learn::CreativeRecord;
using learn::Fate;

std::vector<CreativeLine> nearest(const learn::Memory& memory, const Creative& own,
                                  const std::vector<CreativeRecord>& records, Fate fate,
                                  std::size_t count) {
  std::vector<CreativeLine> lines;
  // The film itself may stand there once for each account.
  const std::size_t asked = count + records.size();
  const std::vector<float> query = learn::vector_of(own);
  for (const learn::Recollection& each : memory.recall(query, asked, {.fate = fate})) {
    const auto record = std::ranges::find(records, each.item->key, learn::memory_key);
    RF_CHECK(record != records.end());
    if (record->creative.sha256 == own.sha256 || lines.size() >= count) continue;
    CreativeLine& line = lines.emplace_back(creative_line(*record));
    // Root mean square over the features, each scaled to [0, 1].
    line.distance =
        std::sqrt(static_cast<double>(each.distance) / static_cast<double>(query.size()));
  }
  return lines;
}

std::string what_it_rests_on(const learn::Memory& memory, const Likeness& found,
                             const std::vector<CreativeRecord>& records) {
  auto sure = [&](Fate fate) {
    return std::ranges::count_if(records, [&](const CreativeRecord& record) {
      return record.fate == fate && memory.find(learn::memory_key(record)) != nullptr;
    });
  };
  const auto winners = sure(Fate::winner);
  const auto losers = sure(Fate::loser);
  std::string text = fmt::format(
      "{} creatives can be compared by DNA: {} surely above their account's other ads, "
      "{} surely below, {} not enough data",
      memory.size(), winners, losers,
      static_cast<std::ptrdiff_t>(memory.size()) - winners - losers);
  if (found.winners.empty()) text += "; not enough data for a winner beside its own film";
  if (found.losers.empty()) text += "; not enough data for a loser beside its own film";
  return text + "; likeness is no cause";
}

}  // namespace

std::vector<CreativeRecord> creatives_of(const std::vector<Judged>& all) {
  std::vector<CreativeRecord> records;
  for (const Judged& judged : all) {
    std::ranges::move(
        learn::creative_records(judged.beliefs, judged.sight.films, judged.account.id.text,
                                std::string(to_string(judged.account.platform))),
        std::back_inserter(records));
  }
  return records;
}

Likeness creatives_like(const Creative& own, const std::vector<CreativeRecord>& records,
                        std::size_t count) {
  const learn::Memory memory = learn::memory_of(records, own);
  Likeness found;
  if (memory.size() > 0) {
    found.winners = nearest(memory, own, records, Fate::winner, count);
    found.losers = nearest(memory, own, records, Fate::loser, count);
  }
  found.rests_on = what_it_rests_on(memory, found, records);
  return found;
}

}  // namespace rf::api
