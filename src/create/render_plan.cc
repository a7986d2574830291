#include "create/render_plan.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/rng.h"
#include "base/sha256.h"

namespace rf::create {
namespace {

// More than this is not read in a minute. Chosen: dense captions are one in 1.2 s.
constexpr std::size_t kTextsMax = 200;
constexpr std::size_t kTextBytesMax = 400;
constexpr std::size_t kScenesInPlanMax = 100;

// The card stands in the last scene, but no longer than this. Chosen: five words are read twice in
// two seconds, and nobody looks at a card for much longer.
constexpr double kCardSecondsMax = 4;

// Dark enough that white letters stand out (contrast of 4.5 and more with black outlines).
// Chosen: pairs of neighbouring hues.
constexpr auto kPalette = std::to_array<std::array<std::string_view, 2>>({{"#1d2671", "#c33764"},
                                                                          {"#0f2027", "#2c7744"},
                                                                          {"#42275a", "#734b6d"},
                                                                          {"#141e30", "#3a6073"},
                                                                          {"#8e0e00", "#1f1c18"},
                                                                          {"#093028", "#237a57"}});

// The grid that cuts fall on: beats, or the half or quarter beats of a film whose scenes are too
// many for its beats. Zero: not even those; the script's own cuts stay.
double grid_of(std::size_t scenes, double duration_s) {
  for (const double part : {1.0, 2.0, 4.0}) {
    const double grid = 60 / kMusicBpm / part;
    const double shortest = std::ceil(kSceneSecondsMin / grid - 1e-9) * grid;
    if (static_cast<double>(scenes - 1) * shortest + kSceneSecondsMin <= duration_s + 1e-9) {
      return grid;
    }
  }
  return 0;
}

// The nearest place on the grid that leaves this scene, and the `later` ones, long enough to be
// taken in.
double on_grid(double t_s, double grid, double after_s, double end_s, std::size_t later) {
  if (grid <= 0) return t_s;
  const double shortest = std::ceil(kSceneSecondsMin / grid - 1e-9) * grid;
  const double before = end_s - kSceneSecondsMin - static_cast<double>(later - 1) * shortest;
  const double latest = std::floor(before / grid + 1e-9) * grid;
  return std::clamp(std::round(t_s / grid) * grid, after_s + shortest, latest);
}

std::array<std::string, 2> colours_of(const Concept& from, std::size_t scene, std::uint64_t seed) {
  const std::vector<std::string>& brand = from.brand_colors;
  if (brand.empty()) {
    const auto& pair = kPalette[(seed + scene) % kPalette.size()];
    return {std::string(pair[0]), std::string(pair[1])};
  }
  return {brand[scene % brand.size()], brand[(scene + 1) % brand.size()]};
}

// A scene for each of the script's.
std::vector<RenderScene> scenes_of(const Script& script, const Concept& from, std::uint64_t seed) {
  std::vector<RenderScene> scenes;
  const double grid = grid_of(script.scenes.size(), script.duration_s);
  double start = 0;
  for (std::size_t i = 0; i < script.scenes.size(); ++i) {
    const bool last = i + 1 == script.scenes.size();
    const double end = last ? script.duration_s
                            : on_grid(script.scenes[i].end_s, grid, start, script.duration_s,
                                      script.scenes.size() - 1 - i);
    auto [above, below] = colours_of(from, i, seed);
    scenes.push_back({.start_s = start,
                      .end_s = end,
                      .from = std::move(above),
                      .to = std::move(below),
                      .seed = static_cast<std::int64_t>((seed + i) % 1'000'000)});
    start = end;
  }
  return scenes;
}

// Words change with the picture where they would change just before or after it.
double with_cut(double t_s, const std::vector<RenderScene>& scenes) {
  constexpr double kJust = 0.35;  // Chosen: closer than that the eye sees two cuts.
  for (const RenderScene& scene : scenes) {
    if (std::abs(scene.start_s - t_s) < kJust) return scene.start_s;
  }
  return t_s;
}

std::vector<RenderText> texts_of(const Script& script, const Concept& from,
                                 const std::vector<RenderScene>& scenes) {
  std::vector<RenderText> texts;
  const double card_from = std::max(scenes.back().start_s, script.duration_s - kCardSecondsMax);
  const double hook_to = script.scenes.empty() ? 0 : script.scenes.front().end_s;
  for (const Caption& caption : script.captions) {
    const double start = with_cut(caption.start_s, scenes);
    const double end = std::min(with_cut(caption.end_s, scenes), card_from);
    if (start >= end) continue;
    const bool hook = caption.start_s < hook_to;
    texts.push_back({.start_s = start,
                     .end_s = end,
                     .place = hook ? "top" : "bottom",
                     .text = caption.text,
                     .behind = hook ? "" : "#000000"});
  }
  const std::string asked = from.cta_text.empty() ? from.product : from.cta_text;
  texts.push_back({.start_s = card_from,
                   .end_s = script.duration_s,
                   .place = "middle",
                   .text = asked,
                   .colour = "#101010",
                   .behind = "#ffffff"});
  return texts;
}

std::string hash_of(RenderPlan plan) {
  plan.hash.clear();
  return sha256_hex(to_text(to_json(plan)));
}

}  // namespace

Result<RenderSize> size_called(std::string_view shape, std::int64_t short_side) {
  const std::int64_t even = short_side / 2 * 2;
  if (shape == "9x16") return RenderSize{even, even * 16 / 9 / 2 * 2};
  if (shape == "16x9") return RenderSize{even * 16 / 9 / 2 * 2, even};
  if (shape == "4x5") return RenderSize{even, even * 5 / 4 / 2 * 2};
  if (shape == "1x1") return RenderSize{even, even};
  return fail(ErrorCode::invalid,
              fmt::format("size: '{}' is not known; one of 9x16, 4x5, 1x1, 16x9", shape));
}

RenderPlan plan_render(const Script& script, const Concept& from, RenderSize size) {
  // From the script's hash, so that another take looks different.
  std::uint64_t seed = 0;
  for (const char c : script.hash.substr(0, 12)) {
    seed = seed * 31 + static_cast<unsigned char>(c);
  }
  RenderPlan plan{.hash = {},
                  .script_hash = script.hash,
                  .width = size.width,
                  .height = size.height,
                  .fps = 30,
                  .duration_s = script.duration_s,
                  .scenes = scenes_of(script, from, seed),
                  .texts = {},
                  .music_bpm = kMusicBpm,
                  .music_seed = static_cast<std::int64_t>(seed % 1'000'000)};
  plan.texts = texts_of(script, from, plan.scenes);
  plan.hash = hash_of(plan);
  return plan;
}

Status check(const RenderPlan& plan) {
  if (plan.width % 2 != 0 || plan.height % 2 != 0) {
    return fail(ErrorCode::invalid, "plan.width: an odd side cannot be encoded");
  }
  if (plan.scenes.empty() || plan.scenes.size() > kScenesInPlanMax) {
    return fail(ErrorCode::invalid, fmt::format("plan.scenes: 1 to {}", kScenesInPlanMax));
  }
  double end = 0;
  for (std::size_t i = 0; i < plan.scenes.size(); ++i) {
    const RenderScene& scene = plan.scenes[i];
    if (std::abs(scene.start_s - end) > 1e-6 || !(scene.end_s > scene.start_s)) {
      return fail(ErrorCode::invalid,
                  fmt::format("plan.scenes[{}]: does not begin where the one before it ends", i));
    }
    end = scene.end_s;
  }
  if (std::abs(end - plan.duration_s) > 1e-6) {
    return fail(ErrorCode::invalid, "plan.scenes: do not end with the film");
  }
  if (plan.texts.size() > kTextsMax) {
    return fail(ErrorCode::over_limit, fmt::format("plan.texts: more than {}", kTextsMax));
  }
  for (std::size_t i = 0; i < plan.texts.size(); ++i) {
    if (plan.texts[i].text.size() <= kTextBytesMax) continue;
    return fail(ErrorCode::over_limit,
                fmt::format("plan.texts[{}]: longer than {} bytes", i, kTextBytesMax));
  }
  return {};
}

}  // namespace rf::create
