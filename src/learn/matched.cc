#include "learn/matched.h"

#include <algorithm>
#include <map>

namespace rf::learn {
namespace {

struct DaySum {
  double spend = 0;
  double events = 0;
};

// Sums of floats leave a trace of the ad itself where it ran alone.
constexpr double kTrace = 1e-9;

}  // namespace

std::vector<std::optional<Matched>> match(std::span<const std::vector<DayPart>> days) {
  std::map<Day, DaySum> sums;
  for (const std::vector<DayPart>& ad : days) {
    for (const DayPart& part : ad) {
      sums[part.day].spend += part.spend;
      sums[part.day].events += part.events;
    }
  }
  std::vector<std::optional<Matched>> matched(days.size());
  for (std::size_t i = 0; i < days.size(); ++i) {
    Matched own;
    bool beside = false;
    for (const DayPart& part : days[i]) {
      const DaySum& sum = sums.at(part.day);
      const double others = sum.spend - part.spend;
      if (!(part.spend > 0 && others > kTrace * sum.spend)) continue;
      const double control = std::max(0.0, sum.events - part.events);
      beside = true;
      own.events += part.events;
      own.expected += part.spend * control / others;
      own.control_events += control;
    }
    if (beside) matched[i] = own;
  }
  return matched;
}

}  // namespace rf::learn
