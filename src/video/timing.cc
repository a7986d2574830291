#include "video/timing.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "video/seen.h"

namespace rf::video {
namespace {

// Half a second is the step in which a plan can be edited; coarser for films beyond an hour.
constexpr double kCellS = 0.5;
constexpr std::size_t kCellsMax = 7200;

// A mood shorter than the shortest trigger is part of its neighbour.
constexpr double kWindowMinS = 1;

// What a fit is made of; the sum is 1. Chosen: what is seen weighs more than where it is.
constexpr double kLevelWeight = 0.35;
constexpr double kSeenWeight = 0.25;
constexpr double kLengthWeight = 0.20;
constexpr double kPlaceWeight = 0.20;

// Fits below this are not worth a recommendation or a place in the plan.
constexpr double kFitMin = 0.6;
constexpr std::size_t kRecommendedMax = 3;

struct Cell {
  double energy = 0;
  double face = 0;
  double product = 0;
};

// Sums from the film's beginning, so that any stretch costs the same.
struct Film {
  double cell_s = kCellS;
  double duration_s = 0;
  bool products_known = false;
  std::vector<Cell> cells;
  std::vector<Cell> sums;

  Cell mean(std::size_t from, std::size_t to) const {
    const double n = static_cast<double>(to - from);
    return {(sums[to].energy - sums[from].energy) / n, (sums[to].face - sums[from].face) / n,
            (sums[to].product - sums[from].product) / n};
  }
  double time(std::size_t cell) const {
    return std::min(duration_s, static_cast<double>(cell) * cell_s);
  }
};

bool shows_product(const ObjectSample& sample) {
  return std::ranges::any_of(
      sample.objects, [](const ObjectSighting& object) { return object.category == "product"; });
}

double product_at(const Objects& objects, Stretch stretch) {
  const ObjectSample* last = nullptr;
  for (const ObjectSample& sample : objects.samples) {
    if (sample.t_s < stretch.end_s) last = &sample;
  }
  return last != nullptr && shows_product(*last) ? 1 : 0;
}

Film film_of(const Features& features) {
  Film film;
  film.duration_s = features.duration_s;
  film.cell_s = std::max(kCellS, features.duration_s / static_cast<double>(kCellsMax));
  film.products_known = !features.objects.detector.empty();
  const auto cells = static_cast<std::size_t>(std::ceil(film.duration_s / film.cell_s - 1e-9));
  double energy = 0;
  double face = 0;
  film.sums.resize(1);
  for (std::size_t i = 0; i < cells; ++i) {
    Stretch stretch{film.time(i), film.time(i + 1)};
    // A cell without a picture goes on as the one before.
    energy = mean_energy(features.motion, stretch).value_or(energy);
    face = face_share(features.faces, stretch).value_or(face);
    Cell cell{energy, face, film.products_known ? product_at(features.objects, stretch) : 0};
    film.cells.push_back(cell);
    const Cell& before = film.sums.back();
    film.sums.push_back(
        {before.energy + cell.energy, before.face + cell.face, before.product + cell.product});
  }
  return film;
}

int rank_of(std::string_view level) { return level == "low" ? 0 : level == "medium" ? 1 : 2; }

double level_fit(double energy, std::string_view wanted) {
  return 1 - 0.5 * std::abs(rank_of(motion_level(energy)) - rank_of(wanted));
}

double seen_fit(const Film& film, const Cell& mean, Wanted wanted) {
  switch (wanted) {
    case Wanted::face: return mean.face;
    case Wanted::product:
      return film.products_known ? mean.product : 0.5;  // Not known is neither good nor bad.
    case Wanted::no_matter: return 1;
  }
  return 1;
}

// 1 within its third of the film, falling to 0 half a film away.
double place_fit(double share, Place place) {
  const double from = static_cast<double>(place) / 3;
  const double away = std::max({from - share, share - (from + 1.0 / 3), 0.0});
  return std::max(0.0, 1 - 2 * away);
}

double fit(const Film& film, const TriggerNeed& need, std::size_t from, std::size_t to) {
  const Cell mean = film.mean(from, to);
  const double length = film.time(to) - film.time(from);
  const double middle = (film.time(to) + film.time(from)) / 2 / film.duration_s;
  return kLevelWeight * level_fit(mean.energy, need.motion) +
         kSeenWeight * seen_fit(film, mean, need.wanted) +
         kLengthWeight * std::min(1.0, length / need.min_s) +
         kPlaceWeight * place_fit(middle, need.place);
}

struct Run {
  std::size_t from = 0;
  std::size_t to = 0;
};

bool same_mood(const Cell& a, const Cell& b) {
  return motion_level(a.energy) == motion_level(b.energy) && (a.face >= 0.5) == (b.face >= 0.5);
}

std::vector<Run> moods_of(const Film& film) {
  std::vector<Run> runs;
  for (std::size_t i = 0; i < film.cells.size(); ++i) {
    if (runs.empty() || !same_mood(film.cells[i - 1], film.cells[i])) {
      runs.push_back({i, i + 1});
    } else {
      runs.back().to = i + 1;
    }
  }
  return runs;
}

// Whether the run moves more like the one before it than like the one after it.
bool joins_back(const Film& film, const std::vector<Run>& runs, std::size_t i) {
  if (i == 0) return false;
  if (i + 1 == runs.size()) return true;
  auto energy = [&](std::size_t run) { return film.mean(runs[run].from, runs[run].to).energy; };
  return std::abs(energy(i - 1) - energy(i)) <= std::abs(energy(i + 1) - energy(i));
}

// Stretches of one mood; one that is too short joins the neighbour that moves most alike.
std::vector<Run> runs_of(const Film& film) {
  std::vector<Run> runs = moods_of(film);
  const auto shortest = static_cast<std::size_t>(std::ceil(kWindowMinS / film.cell_s));
  for (std::size_t i = 0; runs.size() > 1 && i < runs.size();) {
    if (runs[i].to - runs[i].from >= shortest) {
      ++i;
      continue;
    }
    if (joins_back(film, runs, i)) {
      runs[i - 1].to = runs[i].to;
    } else {
      runs[i + 1].from = runs[i].from;
    }
    runs.erase(runs.begin() + static_cast<std::ptrdiff_t>(i));
    if (i > 0) --i;
  }
  return runs;
}

TriggerWindow window_of(const Film& film, Run run) {
  const Cell mean = film.mean(run.from, run.to);
  TriggerWindow window{.start_s = film.time(run.from),
                       .end_s = film.time(run.to),
                       .motion = mean.energy,
                       .motion_level = std::string(motion_level(mean.energy)),
                       .has_face = mean.face >= 0.5};
  window.absorption = absorption(mean.energy, mean.face, window.end_s - window.start_s);
  std::vector<std::pair<double, Trigger>> fits;
  for (const TriggerNeed& need : trigger_needs()) {
    const double value = fit(film, need, run.from, run.to);
    if (value >= kFitMin) fits.emplace_back(-value, need.trigger);
  }
  std::ranges::stable_sort(fits, {}, &std::pair<double, Trigger>::first);
  for (std::size_t i = 0; i < std::min(fits.size(), kRecommendedMax); ++i) {
    window.recommended.push_back(fits[i].second);
  }
  return window;
}

// The best that the first triggers can do within the film's first cells, and where the last of
// them then is; it is left out where from equals end.
struct Best {
  double value = 0;
  std::size_t from = 0;
  std::size_t end = 0;
};

std::string reason_of(const Film& film, const TriggerNeed& need, std::size_t from, std::size_t to) {
  const Cell mean = film.mean(from, to);
  std::string text = fmt::format("motion is {} ({:.1f} px a step), wanted {}",
                                 motion_level(mean.energy), mean.energy, need.motion);
  if (need.wanted == Wanted::face) text += mean.face >= 0.5 ? "; a face is seen" : "; no face";
  if (need.wanted == Wanted::product && film.products_known) {
    text += mean.product >= 0.5 ? "; the product is seen" : "; no product is seen";
  }
  return text;
}

// Placements in the pitch's order whose fits beyond kFitMin sum highest.
class Planner {
 public:
  explicit Planner(const Film& film)
      : film_(film), cells_(film.cells.size()), table_(trigger_needs().size() + 1) {
    table_[0].resize(cells_ + 1);
  }

  std::vector<TriggerPlacement> plan() {
    for (std::size_t i = 0; i < trigger_needs().size(); ++i) fill(i);
    return read();
  }

 private:
  void fill(std::size_t i) {
    const TriggerNeed& need = trigger_needs().at(i);
    const auto shortest = static_cast<std::size_t>(std::ceil(need.min_s / film_.cell_s));
    const auto longest = static_cast<std::size_t>(std::floor(need.max_s / film_.cell_s));
    std::vector<Best>& row = table_[i + 1];
    row.resize(cells_ + 1);
    for (std::size_t to = 0; to <= cells_; ++to) {
      Best best{table_[i][to].value, to, to};
      if (to > 0 && row[to - 1].value > best.value) best = row[to - 1];
      for (std::size_t length = shortest; length <= std::min(longest, to); ++length) {
        const std::size_t from = to - length;
        const double value = table_[i][from].value + fit(film_, need, from, to) - kFitMin;
        if (value > best.value) best = {value, from, to};
      }
      row[to] = best;
    }
  }

  std::vector<TriggerPlacement> read() const {
    std::vector<TriggerPlacement> plan;
    std::size_t to = cells_;
    for (std::size_t i = trigger_needs().size(); i-- > 0;) {
      const TriggerNeed& need = trigger_needs().at(i);
      const Best& best = table_[i + 1][to];
      if (best.from < best.end) {
        plan.push_back({.trigger = need.trigger,
                        .start_s = film_.time(best.from),
                        .end_s = film_.time(best.end),
                        .score = std::clamp(fit(film_, need, best.from, best.end), 0.0, 1.0),
                        .reason = reason_of(film_, need, best.from, best.end)});
      }
      to = best.from;
    }
    std::ranges::reverse(plan);
    return plan;
  }

  const Film& film_;
  std::size_t cells_;
  std::vector<std::vector<Best>> table_;
};

}  // namespace

const std::array<TriggerNeed, 9>& trigger_needs() {
  using enum Trigger;
  // Durations and moods of the first seven but transformation and scarcity: the project's priors.
  // Those two are chosen: a change is shown like a solution, a shortage pressed like urgency.
  static constexpr std::array<TriggerNeed, 9> needs{
      {{hook, 1, 3, "high", Wanted::face, Place::early},
       {pain_point, 2, 5, "low", Wanted::face, Place::early},
       {agitation, 3, 8, "medium", Wanted::face, Place::early},
       {solution, 5, 15, "high", Wanted::product, Place::middle},
       {transformation, 3, 8, "high", Wanted::face, Place::middle},
       {social_proof, 3, 10, "low", Wanted::face, Place::middle},
       {urgency, 2, 5, "high", Wanted::no_matter, Place::late},
       {scarcity, 2, 5, "high", Wanted::no_matter, Place::late},
       {cta, 2, 4, "low", Wanted::no_matter, Place::late}}};
  return needs;
}

double absorption(double energy, double face, double length_s) {
  // At 5 px a step, where smooth motion ends, calm is one half. Weights and the three seconds
  // that it takes to read a line are chosen.
  const double calm = 1 / (1 + std::max(0.0, energy) / 5);
  return std::clamp(0.60 * calm + 0.25 * face + 0.15 * std::min(1.0, length_s / 3), 0.0, 1.0);
}

Timing timing(const Features& features) {
  Timing result;
  if (features.motion.timeline.empty() || features.duration_s <= 0) return result;
  const Film film = film_of(features);
  for (Run run : runs_of(film)) result.windows.push_back(window_of(film, run));
  result.plan = Planner(film).plan();
  return result;
}

}  // namespace rf::video
