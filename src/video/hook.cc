#include "video/hook.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "video/seen.h"

namespace rf::video {
namespace {

// Words that stand for a change that is shown, in folded text.
constexpr auto kChangeWords =
    std::to_array<std::string_view>({"before",  "after",  "before and after",
                                     "day 1",   "week 1", "vorher",
                                     "nachher", "tag 1",  "antes",
                                     "despues", "dia 1",  "avant",
                                     "apres",   "jour 1", "depois",
                                     "prima",   "dopo",   "до",
                                     "после",   "przed",  "oncesi",
                                     "sonrasi"});

// What the hook is made of, each [0, 1]; none where it was not measured.
struct Parts {
  std::optional<double> face;
  std::optional<double> motion;
  std::optional<double> text;
  std::optional<double> sound;
  std::optional<double> pattern;
  std::optional<double> first_cut;
};

Stretch opening(const Features& features, const HookRules& rules) {
  return {0, std::min(rules.hook_s, std::max(features.duration_s, 1e-6))};
}

std::optional<double> first_face(const Features& features) {
  for (const FaceSample& sample : features.faces.samples) {
    if (!sample.faces.empty()) return sample.t_s;
  }
  return std::nullopt;
}

// A step that moves no less than its neighbours, and fast.
std::optional<double> first_peak(const Features& features, const HookRules& rules) {
  const auto& steps = features.motion.timeline;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const double before = i == 0 ? 0 : steps[i - 1].energy;
    const double after = i + 1 == steps.size() ? 0 : steps[i + 1].energy;
    if (steps[i].energy >= rules.fast_energy && steps[i].energy >= before &&
        steps[i].energy >= after) {
      return steps[i].t_s;
    }
  }
  return std::nullopt;
}

std::optional<double> first_text(const Features& features) {
  if (features.text.empty()) return std::nullopt;
  return std::ranges::min_element(features.text, {}, &TextSighting::start_s)->start_s;
}

std::optional<double> first_cut(const Features& features) {
  for (const Shot& shot : features.shots) {
    if (shot.transition != Transition::start) return shot.start_s;
  }
  return std::nullopt;
}

// 1 at the film's beginning, 0 when it comes after the hook or never.
double earliness(const std::optional<double>& t_s, Stretch opening) {
  return t_s ? std::clamp(1 - *t_s / opening.end_s, 0.0, 1.0) : 0;
}

bool sounds_at_once(const Sound& sound, Stretch opening) {
  auto early = [&](const std::vector<double>& times) {
    return !times.empty() && times.front() < opening.end_s / 2;
  };
  return early(sound.vocals_s) || early(sound.drops_s);
}

double sound_strength(const Sound& sound, Stretch opening) {
  if (!sound.present) return 0;
  double strength = sounds_at_once(sound, opening) ? 0.6 : 0;
  auto beats = std::ranges::count_if(sound.beats_s, [&](double t) { return opening.has(t); });
  strength += 0.4 * std::min(1.0, static_cast<double>(beats) / 4);  // A bar.
  return strength;
}

// How much the opening bursts out of the rest: cuts, motion and sound each beyond the usual.
std::optional<double> pattern_interrupt(const Features& features, Stretch opening) {
  double sum = 0;
  double weights = 0;
  auto add = [&](double weight, double value) {
    sum += weight * std::clamp(value, 0.0, 1.0);
    weights += weight;
  };
  if (was_measured(features, "shots")) {
    add(0.40, static_cast<double>(cuts_in(features.shots, opening)) / 3);  // One cut a second.
  }
  if (!features.motion.timeline.empty()) {
    double peak = 0;
    for (const MotionFrame& step : features.motion.timeline) {
      if (opening.has(step.t_s)) peak = std::max(peak, step.energy);
    }
    // A peak of five times the film's mean, or of the border to chaotic, is as odd as it gets.
    add(0.35, std::min((peak / std::max(features.motion.mean, 1.0) - 1) / 4, peak / 15));
  }
  if (was_measured(features, "sound") && features.audio.present) {
    const auto& drops = features.audio.drops_s;
    add(0.25, std::ranges::any_of(drops, [&](double t) { return opening.has(t); }) ? 1 : 0);
  }
  if (weights == 0) return std::nullopt;
  return sum / weights;
}

Parts parts_of(const Features& features, const Hook& hook, Stretch opening) {
  Parts parts;
  if (was_measured(features, "faces")) {
    parts.face = 0.5 * earliness(hook.first_face_s, opening) +
                 0.5 * face_share(features.faces, opening).value_or(0);
  }
  if (auto energy = mean_energy(features.motion, opening)) {
    parts.motion = std::min(1.0, *energy / 10);  // The middle of fast.
  }
  if (was_measured(features, "text")) {
    parts.text =
        0.5 * earliness(hook.first_text_s, opening) + 0.5 * text_share(features.text, opening);
  }
  if (was_measured(features, "sound")) parts.sound = sound_strength(features.audio, opening);
  if (auto pattern = pattern_interrupt(features, opening)) parts.pattern = *pattern;
  if (was_measured(features, "shots") && features.duration_s > opening.end_s) {
    // Best where the first second has passed and the hook has not.
    const double cut = hook.first_cut_s.value_or(features.duration_s);
    parts.first_cut = cut < 1 ? 0.5 : cut <= opening.end_s ? 1 : std::max(0.0, 1 - (cut - 3) / 3);
  }
  return parts;
}

double score_of(const Parts& parts, const HookRules& rules) {
  double sum = 0;
  double weights = 0;
  auto add = [&](const std::optional<double>& part, double weight) {
    if (!part) return;
    sum += weight * *part;
    weights += weight;
  };
  add(parts.face, rules.face);
  add(parts.motion, rules.motion);
  add(parts.text, rules.text);
  add(parts.sound, rules.sound);
  add(parts.pattern, rules.pattern);
  add(parts.first_cut, rules.first_cut);
  return weights == 0 ? 0 : std::clamp(100 * sum / weights, 0.0, 100.0);
}

// Words of the opening: what is written then.
std::string opening_words(const Features& features, Stretch opening) {
  std::string words;
  for (const TextSighting& each : features.text) {
    if (each.start_s < opening.end_s) words += each.text + "\n";
  }
  return folded(words);
}

HookType type_of(const Parts& parts, const std::string& words) {
  if (words.find('?') != std::string::npos) return HookType::question;
  if (std::ranges::any_of(kChangeWords, [&](auto word) { return has_words(words, word); })) {
    return HookType::transformation;
  }
  // Equal strengths fall to the one named first. Text and sound accompany, hence weigh less.
  const auto candidates = std::to_array<std::pair<HookType, double>>(
      {{HookType::face, 1.00 * parts.face.value_or(0)},
       {HookType::pattern_interrupt, 0.95 * parts.pattern.value_or(0)},
       {HookType::motion, 0.90 * parts.motion.value_or(0)},
       {HookType::text, 0.75 * parts.text.value_or(0)},
       {HookType::audio, 0.60 * parts.sound.value_or(0)}});
  const auto* best = std::ranges::max_element(candidates, {}, &std::pair<HookType, double>::second);
  return best->second > 0 ? best->first : HookType::motion;
}

// The best prepared cut after the first half second; on a beat where one is near.
double best_first_cut(const Features& features, Stretch opening) {
  constexpr double kEarliestS = 0.5;  // Before that nothing has been seen yet.
  constexpr double kUsualS = 1.5;     // Half of the hook.
  constexpr double kBeatNearS = 0.1;  // The tolerance of sync.
  double best_s = std::min(kUsualS, opening.end_s / 2);
  double best = 0;
  for (const CutPoint& point : features.motion.cut_points) {
    if (point.t_s < kEarliestS || point.t_s >= opening.end_s) continue;
    double t_s = point.t_s;
    double score = point.score;
    for (double beat : features.audio.beats_s) {
      if (std::abs(beat - point.t_s) > kBeatNearS) continue;
      t_s = beat;
      score += 0.2;
      break;
    }
    if (score > best) {
      best = score;
      best_s = t_s;
    }
  }
  return best_s;
}

// What to say of a thing that comes at a time, or never.
std::string late(const std::optional<double>& t_s, std::string_view when, std::string_view never) {
  return t_s ? fmt::format(fmt::runtime(when), *t_s) : std::string(never);
}

std::vector<std::string> better_pictures(const Hook& hook, const Parts& parts, Stretch opening) {
  std::vector<std::string> advice;
  if (parts.face && hook.first_face_s.value_or(2) > 1) {
    advice.push_back(late(hook.first_face_s, "show the face earlier: the first is seen at {:.1f} s",
                          "show a face: none is seen in the whole film"));
  }
  if (parts.text && hook.first_text_s.value_or(2) > 1.5) {
    advice.push_back(
        late(hook.first_text_s, "bring words within 1.5 s: the first stand at {:.1f} s",
             "put the promise in words on the picture: nothing is written in the whole film"));
  }
  if (parts.motion && hook.first_motion_peak_s.value_or(2) > 1) {
    advice.push_back(late(hook.first_motion_peak_s,
                          "begin with movement: the first peak is at {:.1f} s",
                          "begin with movement: nothing moves fast in the whole film"));
  }
  if (parts.first_cut && hook.first_cut_s.value_or(opening.end_s + 1) > opening.end_s) {
    advice.push_back(fmt::format("cut once within {:.0f} s, best at {:.2f} s", opening.end_s,
                                 hook.optimal_first_cut_s));
  }
  return advice;
}

std::vector<std::string> improvements(const Hook& hook, const Features& features,
                                      const Parts& parts, Stretch opening) {
  std::vector<std::string> advice = better_pictures(hook, parts, opening);
  if (parts.sound && !features.audio.present) {
    advice.emplace_back("add sound: the film is silent");
  } else if (parts.sound && !sounds_at_once(features.audio, opening)) {
    advice.emplace_back("let a voice or the music's drop come in the first half of the hook");
  }
  const bool hidden = std::ranges::any_of(features.text, [&](const TextSighting& each) {
    return each.start_s < opening.end_s && !each.in_safe_zone;
  });
  if (hidden) {
    advice.emplace_back("move the first words into the safe zone: an app's own buttons cover them");
  }
  return advice;
}

}  // namespace

Hook hook(const Features& features, const HookRules& rules) {
  const Stretch start = opening(features, rules);
  Hook result;
  result.first_face_s = first_face(features);
  result.first_motion_peak_s = first_peak(features, rules);
  result.first_text_s = first_text(features);
  result.first_cut_s = first_cut(features);
  const Parts parts = parts_of(features, result, start);
  result.pattern_interrupt = parts.pattern.value_or(0);
  result.score = score_of(parts, rules);
  result.type = type_of(parts, opening_words(features, start));
  result.optimal_first_cut_s = best_first_cut(features, start);
  const Attention& attention = features.attention;
  for (std::size_t i = 0; i < std::min(attention.t_s.size(), attention.value.size()); ++i) {
    if (!start.has(attention.t_s[i])) continue;
    result.attention.t_s.push_back(attention.t_s[i]);
    result.attention.value.push_back(attention.value[i]);
  }
  result.improvements = improvements(result, features, parts, start);
  return result;
}

double updated_score(double prior, double prior_n, double observed, std::int64_t n) {
  RF_CHECK(prior_n > 0 && n >= 0);
  const double weight = static_cast<double>(n);
  return (prior * prior_n + observed * weight) / (prior_n + weight);
}

}  // namespace rf::video
