#include "video/av_sync.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/check.h"

namespace rf::video {
namespace {

// Peaks of sound nearer than this are one to the ear; onsets are found 60 ms apart at least.
constexpr double kSameSoundS = 0.05;
// The end of the tolerance belongs to it, whatever a sum of decimals comes to.
constexpr double kRounding = 1e-6;
// Beyond this a cut is not moved but made anew.
constexpr double kShiftMaxS = 1.0;
// Cuts whose offsets agree to this are late or early together: the sound lies wrong, not each cut.
constexpr double kTogetherS = 0.04;
// Chosen: from here on the advice is to leave things alone.
constexpr double kGoodPercent = 80;

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

int weight_of(AudioPeakType type) {
  switch (type) {
    case AudioPeakType::drop: return 3;
    case AudioPeakType::beat: return 2;
    case AudioPeakType::vocal: return 1;
    case AudioPeakType::onset: return 0;
  }
  return 0;
}

bool is_edit(VisualPeakType type) {
  return type == VisualPeakType::cut || type == VisualPeakType::transition;
}

// How good a matching is: more cuts in it first, as they are what an editor can move; then more
// pairs, then less distance.
struct Worth {
  std::int64_t edits = 0;
  std::int64_t pairs = 0;
  double distance_s = 0;

  bool better_than(const Worth& other) const {
    if (edits != other.edits) return edits > other.edits;
    if (pairs != other.pairs) return pairs > other.pairs;
    return distance_s < other.distance_s - kRounding;
  }
};

// The audio peaks [first, last) within reach of one visual peak, and the best matchings of all
// visual peaks up to this one: worth[k] may use audio peaks before first + k.
struct Reach {
  std::size_t first = 0;
  std::size_t last = 0;
  std::vector<Worth> worth;
  std::vector<std::size_t> match;  // Of this visual peak in worth[k].

  const Worth& at(std::size_t end) const {
    const std::size_t k = end > first ? end - first : 0;
    return worth[std::min(k, worth.size() - 1)];
  }
};

// The next worth of a visual peak, when it may also have audio peak j, `apart_s` away.
void extend(Reach& reach, const Reach& before, const VisualPeak& peak, std::size_t j,
            double apart_s) {
  Worth best = before.at(j + 1);  // This visual peak stays alone.
  std::size_t match = kNone;
  if (reach.worth.back().better_than(best)) {
    best = reach.worth.back();
    match = reach.match.back();
  }
  const Worth& rest = before.at(j);
  const Worth with{.edits = rest.edits + (is_edit(peak.type) ? 1 : 0),
                   .pairs = rest.pairs + 1,
                   .distance_s = rest.distance_s + apart_s};
  if (with.better_than(best)) {
    best = with;
    match = j;
  }
  reach.worth.push_back(best);
  reach.match.push_back(match);
}

// Peaks on a line never gain by crossing, so the best matching is found from left to right.
std::vector<Reach> reaches_of(const std::vector<AudioPeak>& audio,
                              const std::vector<VisualPeak>& visual, double tolerance_s) {
  std::vector<Reach> reaches;
  std::size_t first = 0;
  std::size_t last = 0;
  const Reach nothing{.first = 0, .last = 0, .worth = {Worth{}}, .match = {kNone}};
  for (const VisualPeak& peak : visual) {
    while (first < audio.size() && audio[first].t_s < peak.t_s - tolerance_s - kRounding) ++first;
    last = std::max(last, first);
    while (last < audio.size() && audio[last].t_s <= peak.t_s + tolerance_s + kRounding) ++last;
    const Reach& before = reaches.empty() ? nothing : reaches.back();
    Reach reach{.first = first, .last = last, .worth = {before.at(first)}, .match = {kNone}};
    for (std::size_t j = first; j < last; ++j) {
      extend(reach, before, peak, j, std::abs(peak.t_s - audio[j].t_s));
    }
    reaches.push_back(std::move(reach));
  }
  return reaches;
}

// For each visual peak its audio peak, or kNone.
std::vector<std::size_t> matches_of(const std::vector<AudioPeak>& audio,
                                    const std::vector<VisualPeak>& visual, double tolerance_s) {
  const std::vector<Reach> reaches = reaches_of(audio, visual, tolerance_s);
  std::vector<std::size_t> matches(visual.size(), kNone);
  std::size_t end = audio.size();
  for (std::size_t i = visual.size(); i-- > 0;) {
    const Reach& reach = reaches[i];
    const std::size_t k =
        std::min(end > reach.first ? end - reach.first : 0, reach.match.size() - 1);
    matches[i] = reach.match[k];
    if (matches[i] != kNone) end = matches[i];
  }
  return matches;
}

// The nearest audio peak that `wanted` admits, or kNone.
template <typename Wanted>
std::size_t nearest(const std::vector<AudioPeak>& audio, double t_s, double reach_s,
                    const Wanted& wanted) {
  const auto after = std::lower_bound(audio.begin(), audio.end(), t_s,
                                      [](const AudioPeak& peak, double t) { return peak.t_s < t; });
  const auto middle = static_cast<std::size_t>(after - audio.begin());
  std::size_t best = kNone;
  double distance = reach_s + kRounding;
  for (std::size_t j = middle; j < audio.size() && audio[j].t_s - t_s <= distance; ++j) {
    if (!wanted(j)) continue;
    best = j;
    distance = audio[j].t_s - t_s;
    break;
  }
  for (std::size_t j = middle; j-- > 0 && t_s - audio[j].t_s <= distance;) {
    if (!wanted(j)) continue;
    return j;
  }
  return best;
}

SyncPoint point_of(const VisualPeak& peak, const AudioPeak& sound, bool synced,
                   double tolerance_s) {
  const double offset = peak.t_s - sound.t_s;
  return {.visual_s = peak.t_s,
          .visual = peak.type,
          .audio_s = sound.t_s,
          .audio = sound.type,
          .offset_s = offset,
          .synced = synced,
          .score = std::max(0.0, 1 - std::abs(offset) / (2 * tolerance_s))};
}

// Where cuts that are off should go: a free beat or drop if one is near, else any free peak.
std::vector<SyncAdjustment> adjustments_of(const std::vector<AudioPeak>& audio,
                                           const std::vector<VisualPeak>& visual,
                                           const std::vector<std::size_t>& matches) {
  std::vector<bool> taken(audio.size(), false);
  for (const std::size_t match : matches) {
    if (match != kNone) taken[match] = true;
  }
  const auto strong = [&](std::size_t j) {
    return !taken[j] && weight_of(audio[j].type) >= weight_of(AudioPeakType::beat);
  };
  const auto any = [&](std::size_t j) { return !taken[j]; };
  std::vector<SyncAdjustment> adjustments;
  for (std::size_t i = 0; i < visual.size(); ++i) {
    if (!is_edit(visual[i].type) || matches[i] != kNone) continue;
    std::size_t target = nearest(audio, visual[i].t_s, kShiftMaxS / 2, strong);
    if (target == kNone) target = nearest(audio, visual[i].t_s, kShiftMaxS, any);
    if (target == kNone) continue;
    taken[target] = true;
    const double shift = audio[target].t_s - visual[i].t_s;
    adjustments.push_back({.current_s = visual[i].t_s,
                           .target_s = audio[target].t_s,
                           .shift_s = shift,
                           .direction = shift < 0 ? "earlier" : "later"});
  }
  return adjustments;
}

struct Edits {
  std::int64_t count = 0;
  std::int64_t synced = 0;
  double distance_s = 0;
  double sum_s = 0;
  double squares = 0;

  double mean_s() const { return sum_s / static_cast<double>(count); }
  double deviation_s() const {
    return std::sqrt(std::max(0.0, squares / static_cast<double>(count) - mean_s() * mean_s()));
  }
};

Edits edits_of(const std::vector<SyncPoint>& points) {
  Edits edits;
  for (const SyncPoint& point : points) {
    if (!is_edit(point.visual)) continue;
    ++edits.count;
    edits.synced += point.synced ? 1 : 0;
    edits.distance_s += std::abs(point.offset_s);
    edits.sum_s += point.offset_s;
    edits.squares += point.offset_s * point.offset_s;
  }
  return edits;
}

std::string advice(const Edits& edits, std::size_t movable) {
  if (edits.count == 0) return "there are no cuts to set against the sound";
  const std::string found =
      fmt::format("{} of {} cuts fall on the sound", edits.synced, edits.count);
  const double mean = edits.mean_s();
  if (edits.count > 2 && std::abs(mean) > kTogetherS && edits.deviation_s() < kTogetherS) {
    return fmt::format("{}; all come about {:.2f} s {}: move the sound track by that much", found,
                       std::abs(mean), mean > 0 ? "late" : "early");
  }
  const double percent = 100 * static_cast<double>(edits.synced) / static_cast<double>(edits.count);
  if (percent >= kGoodPercent) return found + ": keep the cutting as it is";
  return fmt::format("{}; {} can be moved onto a beat or another onset", found, movable);
}

}  // namespace

std::vector<AudioPeak> audio_peaks(const Sound& sound) {
  std::vector<AudioPeak> peaks;
  const auto add = [&](const std::vector<double>& times, AudioPeakType type) {
    for (const double t : times) {
      AudioPeak peak{.t_s = t, .type = type, .energy = 0};
      if (sound.energy_step_s > 0 && !sound.energy.empty() && t >= 0) {
        const auto place = static_cast<std::size_t>(t / sound.energy_step_s);
        peak.energy = sound.energy[std::min(place, sound.energy.size() - 1)];
      }
      peaks.push_back(peak);
    }
  };
  add(sound.drops_s, AudioPeakType::drop);
  add(sound.beats_s, AudioPeakType::beat);
  add(sound.vocals_s, AudioPeakType::vocal);
  add(sound.onsets_s, AudioPeakType::onset);
  std::stable_sort(peaks.begin(), peaks.end(),
                   [](const AudioPeak& a, const AudioPeak& b) { return a.t_s < b.t_s; });
  std::vector<AudioPeak> kept;
  for (const AudioPeak& peak : peaks) {
    if (kept.empty() || peak.t_s - kept.back().t_s > kSameSoundS) {
      kept.push_back(peak);
    } else if (weight_of(peak.type) > weight_of(kept.back().type)) {
      kept.back() = peak;
    }
  }
  return kept;
}

std::vector<VisualPeak> visual_peaks(const std::vector<Shot>& shots,
                                     const std::vector<VisualPeak>& motion,
                                     const std::vector<double>& faces_s) {
  std::vector<VisualPeak> peaks;
  for (const Shot& shot : shots) {
    if (shot.transition == Transition::start) continue;
    const bool cut = shot.transition == Transition::cut;
    peaks.push_back({.t_s = shot.start_s,
                     .type = cut ? VisualPeakType::cut : VisualPeakType::transition,
                     .energy = 0});
  }
  const std::size_t edits = peaks.size();
  const auto at_edit = [&](double t_s) {
    return std::any_of(shots.begin(), shots.end(), [&](const Shot& shot) {
      const double reach = std::max(kSyncToleranceS, shot.transition_s / 2);
      return shot.transition != Transition::start && std::abs(shot.start_s - t_s) <= reach;
    });
  };
  for (const VisualPeak& peak : motion) {
    if (!at_edit(peak.t_s)) peaks.push_back(peak);
  }
  for (const double t_s : faces_s) {
    if (at_edit(t_s)) continue;
    peaks.push_back({.t_s = t_s, .type = VisualPeakType::face_appear, .energy = 0});
  }
  RF_CHECK(peaks.size() >= edits);
  std::stable_sort(peaks.begin(), peaks.end(),
                   [](const VisualPeak& a, const VisualPeak& b) { return a.t_s < b.t_s; });
  return peaks;
}

Sync find_sync(const std::vector<AudioPeak>& audio, const std::vector<VisualPeak>& visual,
               double tolerance_s) {
  RF_CHECK(tolerance_s > 0);
  Sync sync{.tolerance_s = tolerance_s};
  if (audio.empty()) {
    sync.recommendation = "nothing sounds that a cut could be set to";
    return sync;
  }
  const std::vector<std::size_t> matches = matches_of(audio, visual, tolerance_s);
  const auto any = [](std::size_t) { return true; };
  for (std::size_t i = 0; i < visual.size(); ++i) {
    const bool synced = matches[i] != kNone;
    const std::size_t near = nearest(audio, visual[i].t_s, HUGE_VAL, any);
    sync.points.push_back(
        point_of(visual[i], audio[synced ? matches[i] : near], synced, tolerance_s));
  }
  sync.adjustments = adjustments_of(audio, visual, matches);
  const Edits edits = edits_of(sync.points);
  if (edits.count > 0) {
    sync.percent = 100 * static_cast<double>(edits.synced) / static_cast<double>(edits.count);
    sync.mean_offset_s = edits.distance_s / static_cast<double>(edits.count);
  }
  sync.recommendation = advice(edits, sync.adjustments.size());
  return sync;
}

}  // namespace rf::video
