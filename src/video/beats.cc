#include "video/beats.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>

#include "video/onsets.h"

namespace rf::video {
namespace {

constexpr std::size_t kLagMin =
    32;  // 188 beats a minute: above it nearly always twice what people tap.
constexpr std::size_t kLagMax = 125;  // 48 a minute.
constexpr std::size_t kLags = kLagMax - kLagMin + 1;
using LagRow = std::array<float, kLags>;

// Tempo is judged anew each second, from 5 s to both sides: some ten beats.
constexpr std::size_t kTempoStep = 100;
constexpr std::size_t kTempoHalf = 500;
constexpr std::array<double, 4> kComb = {1, 0.7, 0.5, 0.4};
// Prior of the tempo people tap: log-normal around 120, half an octave wide. Chosen near the middle
// of a flat optimum on the excerpts named in the header; narrower loses fast pieces, wider doubles
// slow ones.
constexpr double kTempoCenter = 120;
constexpr double kTempoOctaves = 0.5;
constexpr double kTempoSharpness = 2;
constexpr double kTempoLeast = 0.02;
// How much a second of likeness weighs against one beat that stands out by a deviation.
constexpr double kTempoWeight = 1.5;
// What it costs to change the interval by the factor e: 3 % more or less from beat to beat is
// cheap.
constexpr double kChangeCost = 50;
constexpr std::size_t kChangeHops = 8;
// What the spectrum as a whole changes (chords, the bass) tells on-beats from off-beats.
constexpr double kChangeWeight = 0.5;
// Roots tame single loud strokes; a spread of two hops forgives players who are not exact.
constexpr float kSquash = 0.7F;
constexpr double kSpreadHops = 2;
constexpr std::size_t kSpreadReach = 5;
// What each beat costs, in deviations: without it, off-beats are taken along at no price.
constexpr float kBeatCost = 0.25F;
constexpr std::size_t kSnapHops = 2;
constexpr std::size_t kStartHops = 8;
constexpr std::size_t kPassageHops = 200;  // Half of 4 s.
constexpr std::uint8_t kFirstBeat = 255;
static_assert(kLags < kFirstBeat);
// Softer than the loudest hop by 50 dB: beats there would be counted through silence.
constexpr float kSilentShare = 1e-5F;

// Bell of kSpreadHops over the curve.
std::vector<float> spread(std::span<const float> curve) {
  std::array<float, 2 * kSpreadReach + 1> bell{};
  float sum = 0;
  for (std::size_t j = 0; j < bell.size(); ++j) {
    const double x = (static_cast<double>(j) - kSpreadReach) / kSpreadHops;
    bell[j] = static_cast<float>(std::exp(-0.5 * x * x));
    sum += bell[j];
  }
  std::vector<float> out(curve.size(), 0.0F);
  for (std::size_t j = 0; j < bell.size(); ++j) {
    const std::size_t skip = j > kSpreadReach ? j - kSpreadReach : 0;
    const std::size_t lead = j < kSpreadReach ? kSpreadReach - j : 0;
    for (std::size_t i = lead; i + skip < curve.size(); ++i) {
      out[i] += bell[j] / sum * curve[i + skip - lead];
    }
  }
  return out;
}

// In deviations from the mean.
void standardise(std::vector<float>& curve) {
  double sum = 0;
  double squares = 0;
  for (const float value : curve) {
    sum += static_cast<double>(value);
    squares += static_cast<double>(value) * static_cast<double>(value);
  }
  const auto count = static_cast<double>(curve.size());
  const double mean = sum / count;
  const double deviation = std::sqrt(std::max(0.0, squares / count - mean * mean)) + 1e-6;
  for (float& value : curve) {
    value = static_cast<float>((static_cast<double>(value) - mean) / deviation);
  }
}

// Product of the curve over [from, to) with itself `lag` hops later, by its length.
float likeness_at(std::span<const float> curve, std::size_t from, std::size_t to, std::size_t lag) {
  const std::size_t end = std::min(to, curve.size() > lag ? curve.size() - lag : 0);
  if (end <= from) return 0;
  const float* early = curve.data() + from;
  const float* late = early + lag;
  const std::size_t count = end - from;
  std::array<float, 8> sums{};  // Apart, so that they are added in one instruction.
  std::size_t i = 0;
  for (; i + sums.size() <= count; i += sums.size()) {
    for (std::size_t j = 0; j < sums.size(); ++j) sums[j] += early[i + j] * late[i + j];
  }
  float sum = 0;
  for (; i < count; ++i) sum += early[i] * late[i];
  for (const float part : sums) sum += part;
  // A mean over less than a second is trusted in proportion.
  return sum / static_cast<float>(std::max(count, kTempoStep));
}

// Evidence for each interval around one time, as logarithms: likeness one to four beats later, and
// the prior.
LagRow tempo_evidence(std::span<const float> strength, std::size_t center) {
  const std::size_t from = center > kTempoHalf ? center - kTempoHalf : 0;
  const std::size_t to = std::min(strength.size(), center + kTempoHalf);
  constexpr std::size_t kLast = kComb.size() * kLagMax + kComb.size();
  std::vector<float> likeness(kLast);
  for (std::size_t lag = kLagMin - 1; lag < kLast; ++lag) {
    likeness[lag] = likeness_at(strength, from, to, lag);
  }
  LagRow row{};
  double best = 1e-9;
  for (std::size_t i = 0; i < kLags; ++i) {
    double sum = 0;
    for (std::size_t beats = 1; beats <= kComb.size(); ++beats) {
      // An interval between two hops has its multiples up to half a multiple away.
      const std::size_t middle = beats * (kLagMin + i);
      const std::size_t reach = beats / 2;
      const auto begin = likeness.begin() + static_cast<std::ptrdiff_t>(middle - reach);
      sum += kComb[beats - 1] * static_cast<double>(*std::max_element(
                                    begin, begin + static_cast<std::ptrdiff_t>(2 * reach + 1)));
    }
    row[i] = static_cast<float>(sum);
    best = std::max(best, sum);
  }
  for (std::size_t i = 0; i < kLags; ++i) {
    const double bpm = 60 / (static_cast<double>(kLagMin + i) * kSoundHopS);
    const double octaves = std::log2(bpm / kTempoCenter) / kTempoOctaves;
    const double share = std::max(kTempoLeast, static_cast<double>(row[i]) / best);
    row[i] = static_cast<float>(kTempoSharpness * std::log(share) - 0.5 * octaves * octaves);
  }
  return row;
}

// Gain of the best chain whose last beat is at a hop with an interval before it.
class Chain {
 public:
  Chain(std::span<const float> gain, std::span<const LagRow> tempo)
      : gain_(gain), tempo_(tempo), value_(kLagMax + 1), back_(gain.size()) {
    for (std::size_t i = 0; i < kLags; ++i) {
      for (std::size_t d = 0; d < cost_[i].size(); ++d) {
        const double ratio =
            (static_cast<double>(kLagMin + i + d) - kChangeHops) / static_cast<double>(kLagMin + i);
        cost_[i][d] = static_cast<float>(-kChangeCost * std::abs(std::log(ratio)));
      }
    }
    for (std::size_t hop = 0; hop < gain_.size(); ++hop) step(hop);
  }

  // (hop, interval) of each beat, last one first.
  std::vector<std::pair<std::size_t, std::size_t>> beats() const {
    std::vector<std::pair<std::size_t, std::size_t>> beats;
    std::size_t hop = end_hop_;
    std::size_t i = end_lag_;
    for (;;) {
      beats.emplace_back(hop, kLagMin + i);
      const std::uint8_t before = back_[hop][i];
      if (before == kFirstBeat) return beats;
      hop -= kLagMin + i;
      i = before;
    }
  }

 private:
  const LagRow& tempo_at(std::size_t hop) const {
    return tempo_[(hop + kTempoStep / 2) / kTempoStep];
  }

  void step(std::size_t hop) {
    LagRow& now = value_[hop % value_.size()];
    const LagRow& tempo = tempo_at(hop);
    for (std::size_t i = 0; i < kLags; ++i) {
      const std::size_t lag = kLagMin + i;
      const auto seconds = static_cast<float>(static_cast<double>(lag) * kSoundHopS);
      const float here = gain_[hop] + static_cast<float>(kTempoWeight) * seconds * tempo[i];
      // The first beat is as good as if there had been one before the beginning.
      now[i] = here + (hop < lag ? 0.0F : best_before(hop, i));
      if (hop < lag) back_[hop][i] = kFirstBeat;
      consider_end(hop, i, now[i] + rest_after(hop, i));
    }
  }

  float best_before(std::size_t hop, std::size_t i) {
    const LagRow& old = value_[(hop - kLagMin - i) % value_.size()];
    const std::size_t from = i > kChangeHops ? i - kChangeHops : 0;
    const std::size_t to = std::min(kLags, i + kChangeHops + 1);
    float best = -std::numeric_limits<float>::max();
    for (std::size_t j = from; j < to; ++j) {
      const float value = old[j] + cost_[i][j + kChangeHops - i];
      if (value > best) {
        best = value;
        back_[hop][i] = static_cast<std::uint8_t>(j);
      }
    }
    return best;
  }

  // The part of an interval that is left at the end counts for its tempo, or a chain would gain by
  // stopping early or late.
  float rest_after(std::size_t hop, std::size_t i) const {
    const auto left = static_cast<double>(gain_.size() - 1 - hop) * kSoundHopS;
    return static_cast<float>(kTempoWeight * left) * tempo_at(hop)[i];
  }

  void consider_end(std::size_t hop, std::size_t i, float value) {
    if (hop + kLagMin + i < gain_.size() || value <= end_value_) return;
    end_value_ = value;
    end_hop_ = hop;
    end_lag_ = i;
  }

  std::span<const float> gain_;
  std::span<const LagRow> tempo_;
  std::array<std::array<float, 2 * kChangeHops + 1>, kLags> cost_{};
  std::vector<LagRow> value_;  // A ring: no beat looks back farther.
  std::vector<std::array<std::uint8_t, kLags>> back_;
  float end_value_ = -std::numeric_limits<float>::max();
  std::size_t end_hop_ = 0;
  std::size_t end_lag_ = 0;
};

// The chain's hops are where intervals ended; the stroke itself is the peak next to it.
double beat_time(const std::vector<float>& strength, std::size_t hop) {
  const std::size_t from = hop > kSnapHops ? hop - kSnapHops : 0;
  const std::size_t to = std::min(strength.size(), hop + kSnapHops + 1);
  const auto first = strength.begin();
  const auto top = std::max_element(first + static_cast<std::ptrdiff_t>(from),
                                    first + static_cast<std::ptrdiff_t>(to));
  return peak_place(strength, static_cast<std::size_t>(top - first)) * kSoundHopS + kOnsetDelayS;
}

// Beats a minute of a steady chain by its ends, of any other by the middle of its intervals.
double tempo_of(const std::vector<double>& times) {
  constexpr std::size_t kOver = 4;
  std::vector<double> intervals;
  const std::size_t over = std::min(kOver, times.size() - 1);
  for (std::size_t i = over; i < times.size(); ++i) {
    intervals.push_back((times[i] - times[i - over]) / static_cast<double>(over));
  }
  const auto middle = intervals.begin() + static_cast<std::ptrdiff_t>(intervals.size() / 2);
  std::nth_element(intervals.begin(), middle, intervals.end());
  const double whole = (times.back() - times.front()) / static_cast<double>(times.size() - 1);
  return 60 / (std::abs(whole - *middle) < 0.01 * *middle ? whole : *middle);
}

// Chance likeness is the larger the shorter the sound. Measured: 34 stretches of speech and noise
// reach .21 in 5 to 20 s and .13 in 30 s; of 135 pieces of music nine tenths have more than .25.
double confidence_of(double periodicity, double duration_s) {
  const double doubtful = 0.14 + 0.2 / std::sqrt(duration_s);
  return 1 / (1 + std::exp(-(periodicity - doubtful) / 0.05));
}

// No beats are counted through silence before the first sound and after the last.
void cut_silence(std::vector<std::pair<std::size_t, std::size_t>>& beats,
                 const std::vector<float>& power) {
  const float loudest = *std::max_element(power.begin(), power.end());
  const auto silent = [&](const std::pair<std::size_t, std::size_t>& beat) {
    const std::size_t from = beat.first > 5 ? beat.first - 5 : 0;
    const std::size_t to = std::min(power.size(), beat.first + beat.second / 2);
    return std::all_of(power.begin() + static_cast<std::ptrdiff_t>(from),
                       power.begin() + static_cast<std::ptrdiff_t>(to),
                       [&](float value) { return value <= kSilentShare * loudest; });
  };
  while (!beats.empty() && silent(beats.back())) beats.pop_back();
  const auto first = std::find_if_not(beats.begin(), beats.end(), silent);
  beats.erase(beats.begin(), first);
}

}  // namespace

Beats likeliest_beats(const SoundFrames& frames) {
  Beats beats;
  if (frames.size() < 2 * kLagMax) return beats;
  std::vector<float> strength = onset_strength(frames);
  for (float& value : strength) value = std::pow(value, kSquash);
  strength = spread(strength);
  const std::vector<float> shape = strength;
  // A film that begins in the middle of its music begins with an onset that is none.
  std::fill_n(strength.begin(), kStartHops, 0.0F);
  standardise(strength);

  std::vector<float> change(frames.size());
  // Ten times: the scale of a flux, which levelled() was made for.
  for (std::size_t k = 0; k < change.size(); ++k) change[k] = 10 * frames.change[k];
  change = moving_mean(levelled(change), 2);
  standardise(change);
  std::vector<float> gain(frames.size());
  for (std::size_t k = 0; k < gain.size(); ++k) {
    gain[k] = strength[k] + static_cast<float>(kChangeWeight) * change[k] - kBeatCost;
  }

  std::vector<LagRow> tempo;
  for (std::size_t center = 0; center < frames.size() + kTempoStep; center += kTempoStep) {
    tempo.push_back(tempo_evidence(strength, std::min(center, frames.size() - 1)));
  }
  std::vector<std::pair<std::size_t, std::size_t>> chain = Chain(gain, tempo).beats();
  std::reverse(chain.begin(), chain.end());
  cut_silence(chain, frames.power);
  if (chain.size() < 4) return beats;

  // Likeness is of strokes, not of louder and softer passages.
  const std::vector<float> passage = moving_mean(strength, kPassageHops);
  for (std::size_t k = 0; k < strength.size(); ++k) strength[k] -= passage[k];
  double alike = 0;
  double square = 0;
  for (const auto& [hop, lag] : chain) {
    beats.times_s.push_back(beat_time(shape, hop));
    const std::size_t from = hop > kTempoHalf ? hop - kTempoHalf : 0;
    const std::size_t to = std::min(strength.size(), hop + kTempoHalf);
    alike += static_cast<double>(likeness_at(strength, from, to, lag));
    square += static_cast<double>(likeness_at(strength, from, to, 0));
  }
  beats.periodicity = std::clamp(alike / std::max(square, 1e-9), 0.0, 1.0);
  beats.confidence = confidence_of(beats.periodicity, frames.duration_s());
  beats.tempo_bpm = tempo_of(beats.times_s);
  return beats;
}

Beats find_beats(const SoundFrames& frames) {
  Beats beats = likeliest_beats(frames);
  if (beats.confidence < kBeatConfidenceMin) {
    beats.times_s.clear();
    beats.tempo_bpm.reset();
  }
  return beats;
}

}  // namespace rf::video
