#include "video/palette.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace rf::video {
namespace {

constexpr int kRounds = 8;  // k-means hardly moves after five on our clips.
// Colours nearer than this, as a distance in 8-bit RGB, are one.
constexpr double kAlike = 28;

using Rgb = std::array<double, 3>;

struct Weighted {
  Rgb colour{};
  double weight = 0;
};

double distance2(const Rgb& a, const Rgb& b) {
  double sum = 0;
  for (std::size_t i = 0; i < 3; ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

Weighted mean_of(const std::vector<Weighted>& all) {
  Weighted mean;
  for (const Weighted& each : all) {
    mean.weight += each.weight;
    for (std::size_t i = 0; i < 3; ++i) mean.colour[i] += each.colour[i] * each.weight;
  }
  for (double& channel : mean.colour) channel /= std::max(mean.weight, 1.0);
  return mean;
}

struct Spread {
  std::size_t channel = 0;
  double variance = -1;  // Summed, not averaged: large groups are cut first.
};

Spread widest(const std::vector<Weighted>& group) {
  if (group.size() < 2) return {};
  const Weighted mean = mean_of(group);
  Spread spread;
  for (std::size_t channel = 0; channel < 3; ++channel) {
    double sum = 0;
    for (const Weighted& each : group) {
      const double off = each.colour[channel] - mean.colour[channel];
      sum += off * off * each.weight;
    }
    if (sum > spread.variance) spread = {channel, sum};
  }
  return spread;
}

// Cuts a group at the mean of its widest channel.
std::pair<std::vector<Weighted>, std::vector<Weighted>> cut(const std::vector<Weighted>& group,
                                                            std::size_t channel) {
  const double at = mean_of(group).colour[channel];
  std::pair<std::vector<Weighted>, std::vector<Weighted>> halves;
  for (const Weighted& each : group)
    (each.colour[channel] <= at ? halves.first : halves.second).push_back(each);
  return halves;
}

std::vector<Rgb> cut_into(const std::vector<Weighted>& all, std::size_t count) {
  std::vector<std::vector<Weighted>> groups = {all};
  while (groups.size() < count) {
    std::size_t most = 0;
    Spread spread;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const Spread each = widest(groups[i]);
      if (each.variance > spread.variance) {
        spread = each;
        most = i;
      }
    }
    if (spread.variance <= 0) break;
    auto [low, high] = cut(groups[most], spread.channel);
    if (low.empty() || high.empty()) break;
    groups[most] = std::move(low);
    groups.push_back(std::move(high));
  }
  std::vector<Rgb> centres;
  centres.reserve(groups.size());
  for (const auto& group : groups) centres.push_back(mean_of(group).colour);
  return centres;
}

std::vector<Weighted> assign(const std::vector<Weighted>& all, const std::vector<Rgb>& centres) {
  std::vector<std::vector<Weighted>> groups(centres.size());
  for (const Weighted& each : all) {
    std::size_t nearest = 0;
    for (std::size_t i = 1; i < centres.size(); ++i) {
      if (distance2(each.colour, centres[i]) < distance2(each.colour, centres[nearest]))
        nearest = i;
    }
    groups[nearest].push_back(each);
  }
  std::vector<Weighted> means;
  for (const auto& group : groups) {
    if (!group.empty()) means.push_back(mean_of(group));
  }
  return means;
}

}  // namespace

std::vector<Colour> Palette::colours(std::size_t count) const {
  std::vector<Weighted> all;
  double total = 0;
  for (const Cell& cell : cells_) {
    if (cell.count == 0) continue;
    const auto weight = static_cast<double>(cell.count);
    all.push_back(
        {{static_cast<double>(cell.red) / weight, static_cast<double>(cell.green) / weight,
          static_cast<double>(cell.blue) / weight},
         weight});
    total += weight;
  }
  if (all.empty() || count == 0) return {};
  std::vector<Rgb> centres = cut_into(all, count);
  std::vector<Weighted> means;
  for (int round = 0; round < kRounds; ++round) {
    means = assign(all, centres);
    centres.clear();
    for (const Weighted& mean : means) centres.push_back(mean.colour);
  }
  std::stable_sort(means.begin(), means.end(),
                   [](const Weighted& a, const Weighted& b) { return a.weight > b.weight; });
  std::vector<Weighted> kept;
  for (const Weighted& mean : means) {
    const auto alike = std::find_if(kept.begin(), kept.end(), [&](const Weighted& other) {
      return distance2(mean.colour, other.colour) < kAlike * kAlike;
    });
    if (alike == kept.end()) {
      kept.push_back(mean);
    } else {
      alike->weight += mean.weight;
    }
  }
  std::stable_sort(kept.begin(), kept.end(),
                   [](const Weighted& a, const Weighted& b) { return a.weight > b.weight; });
  std::vector<Colour> colours;
  for (const Weighted& each : kept) {
    colours.push_back({fmt::format("#{:02x}{:02x}{:02x}", std::lround(each.colour[0]),
                                   std::lround(each.colour[1]), std::lround(each.colour[2])),
                       each.weight / total});
  }
  return colours;
}

}  // namespace rf::video
