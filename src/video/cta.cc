#include "video/cta.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "video/cta_templates.h"
#include "video/seen.h"

namespace rf::video {
namespace {

// As long as the longest of the industries' calls is meant to stand.
constexpr double kStandsS = 4;

// Candidates begin in this grid; finer is beyond what an editor moves.
constexpr double kStepS = 0.5;

struct Candidate {
  Stretch stretch;
  double place = 0;  // Each [0, 1].
  double calm = 0.5;
  double after_urgency = 0.5;
  double uncut = 0.5;
  double score = 0;
};

// Best in the last seconds, good from 70 to 85 %, poor before the middle.
double place_of(Stretch stretch, double duration_s) {
  if (duration_s - stretch.end_s < kStepS) return 1;
  const double share = (stretch.start_s + stretch.end_s) / 2 / duration_s;
  if (share >= 0.70 && share <= 0.85) return 0.85;
  return share >= 0.5 ? 0.6 : 0.2;
}

double calm_of(double energy) { return 1 / (1 + energy / 5); }

Candidate candidate_at(const Features& features, Stretch stretch) {
  Candidate at{.stretch = stretch, .place = place_of(stretch, features.duration_s)};
  auto energy = mean_energy(features.motion, stretch);
  auto before = mean_energy(features.motion, {stretch.start_s - 4, stretch.start_s});
  if (energy) at.calm = calm_of(*energy);
  // Urgency moves much; what follows it is seen against that.
  if (energy && before) {
    at.after_urgency = std::clamp((*before - *energy) / std::max(*before, 1.0), 0.0, 1.0);
  }
  if (was_measured(features, "shots")) {
    const Stretch inside{stretch.start_s + 0.2, stretch.end_s - 0.2};
    at.uncut = cuts_in(features.shots, inside) == 0 ? 1 : 0;
  }
  // Chosen: the place counts most, because those who are still there are the ones to ask.
  at.score = 0.45 * at.place + 0.25 * at.calm + 0.15 * at.after_urgency + 0.15 * at.uncut;
  return at;
}

std::string reason_of(const Candidate& best, const Features& features) {
  std::string text = best.place == 1
                         ? "the last seconds, seen by those who stayed"
                         : fmt::format("at {:.0f} % of the film",
                                       100 * best.stretch.start_s / features.duration_s);
  if (!features.motion.timeline.empty()) {
    text += best.calm >= 0.5 ? ", little moves" : ", though much moves";
    if (best.after_urgency >= 0.3) text += ", after a livelier stretch";
  }
  if (was_measured(features, "shots")) text += best.uncut == 1 ? ", no cut within" : ", cut within";
  return text;
}

std::vector<std::string> steps_before(const Candidate& best, const Features& features) {
  std::vector<std::string> steps;
  auto has = [&](Trigger trigger) {
    return std::ranges::any_of(features.timing.plan, [&](const TriggerPlacement& each) {
      return each.trigger == trigger && each.end_s <= best.stretch.start_s + kStepS;
    });
  };
  if (has(Trigger::social_proof)) steps.emplace_back("social_proof: somebody who has it says so");
  steps.emplace_back("solution: what one gets, in one line");
  if (best.after_urgency < 0.3) steps.emplace_back("urgency: faster pictures for two seconds");
  steps.emplace_back("a pause of half a second before the words appear");
  return steps;
}

}  // namespace

std::optional<SeenCta> find_cta(const Features& features) {
  std::optional<SeenCta> last;
  for (const TextSighting& each : features.text) {
    if (find_cta_phrase(each.text) == nullptr) continue;
    if (last && folded(last->text) == folded(each.text) && each.start_s <= last->end_s + 1) {
      last->end_s = std::max(last->end_s, each.end_s);
    } else if (!last || each.end_s >= last->end_s) {
      last = {each.start_s, each.end_s, each.text, each.box, each.in_safe_zone};
    }
  }
  return last;
}

double cta_score(const Features& features, const SeenCta& seen) {
  const Stretch stretch{seen.start_s, seen.end_s};
  double sum = 0;
  double weights = 0;
  auto add = [&](double weight, double value) {
    sum += weight * std::clamp(value, 0.0, 1.0);
    weights += weight;
  };
  add(30, stretch.length_s() / kStandsS);
  // To the end of the film, or one that ends in its last fifth.
  add(25, features.duration_s <= 0
              ? 0
              : 1 - std::max(0.0, 0.8 - seen.end_s / features.duration_s) / 0.8);
  add(15, seen.box.height / 0.05);  // A twentieth of the height is easily read on a phone.
  add(15, seen.in_safe_zone ? 1 : 0);
  if (auto energy = mean_energy(features.motion, stretch)) add(15, 2 * calm_of(*energy));
  return 100 * sum / weights;
}

CallToAction cta(const Features& features) {
  CallToAction result;
  const double duration = features.duration_s;
  if (duration > 0) {
    const double length = std::min(kStandsS, duration / 3);
    Candidate best = candidate_at(features, {duration - length, duration});
    for (double start = duration / 2; start + length < duration; start += kStepS) {
      Candidate next = candidate_at(features, {start, start + length});
      if (next.score > best.score) best = std::move(next);
    }
    result.start_s = best.stretch.start_s;
    result.end_s = best.stretch.end_s;
    result.confidence = std::clamp(best.score, 0.0, 1.0);
    result.reason = reason_of(best, features);
    result.before = steps_before(best, features);
  }
  if (auto seen = find_cta(features)) {
    result.existing_start_s = seen->start_s;
    result.existing_text = seen->text;
    result.existing_score = cta_score(features, *seen);
  }
  return result;
}

}  // namespace rf::video
