#include "api/render.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

#include "base/file.h"
#include "base/sha256.h"
#include "create/render.h"
#include "video/analyse.h"

namespace rf::api {
namespace {

// How far a film may be from its plan. Chosen: two pictures, and what people do not hear.
constexpr double kCutMiss = 2.0 / 30 + 0.001;
constexpr double kDurationMiss = 0.15;  // AAC ends on whole packets.
constexpr double kLoudness = -14;
constexpr double kLoudnessMiss = 1;
constexpr double kPeakMax = -0.5;  // Half a decibel more than was mastered: AAC adds some.

FilmCheck size_check(const create::RenderPlan& plan, const Features& seen) {
  return {.name = "size",
          .good = seen.width == plan.width && seen.height == plan.height,
          .said = fmt::format("{} x {}", seen.width, seen.height)};
}

FilmCheck length_check(const create::RenderPlan& plan, const Features& seen) {
  return {.name = "length",
          .good = std::abs(seen.duration_s - plan.duration_s) <= kDurationMiss,
          .said = fmt::format("{:.2f} s of {:.2f}", seen.duration_s, plan.duration_s)};
}

// Words that change can be as much of a change as a cut is.
bool is_planned(const create::RenderPlan& plan, double t_s) {
  const auto near = [t_s](double planned_s) { return std::abs(t_s - planned_s) <= kCutMiss; };
  return std::ranges::any_of(plan.scenes, near, &create::RenderScene::start_s) ||
         std::ranges::any_of(plan.texts, near, &create::RenderText::start_s);
}

FilmCheck cuts_check(const create::RenderPlan& plan, const Features& seen) {
  std::int64_t found = 0;
  for (std::size_t i = 1; i < plan.scenes.size(); ++i) {
    found += std::ranges::any_of(seen.shots, [&](const Shot& shot) {
      return std::abs(shot.start_s - plan.scenes[i].start_s) <= kCutMiss;
    });
  }
  const auto planned = std::ssize(plan.scenes) - 1;
  const auto others = std::ranges::count_if(
      seen.shots, [&](const Shot& shot) { return !is_planned(plan, shot.start_s); });
  return {.name = "cuts",
          .good = found == planned && others == 0,
          .said = fmt::format("{} of {} where they were planned, {} elsewhere", found, planned,
                              others)};
}

FilmCheck loudness_check(const Features& seen) {
  const std::optional<double>& lufs = seen.audio.loudness_lufs;
  return {.name = "loudness",
          .good = lufs && std::abs(*lufs - kLoudness) <= kLoudnessMiss,
          .said = lufs ? fmt::format("{:.1f} LUFS", *lufs) : std::string("silence")};
}

FilmCheck peak_check(const Features& seen) {
  const std::optional<double>& peak = seen.audio.true_peak_dbtp;
  return {.name = "true peak",
          .good = !peak || *peak <= kPeakMax,
          .said = peak ? fmt::format("{:.1f} dBTP", *peak) : std::string("silence")};
}

FilmCheck whole_check(const Features& seen) {
  return {.name = "whole",
          .good = !seen.partial,
          .said = seen.problems.empty() ? std::string("every picture and sample could be read")
                                        : seen.problems.front()};
}

}  // namespace

std::vector<FilmCheck> check_film(const create::RenderPlan& plan, const Features& seen) {
  std::vector<FilmCheck> checks{whole_check(seen), size_check(plan, seen), length_check(plan, seen),
                                cuts_check(plan, seen)};
  if (plan.music_bpm > 0) {
    checks.push_back(loudness_check(seen));
    checks.push_back(peak_check(seen));
  }
  return checks;
}

Result<RenderOutput> render(const RenderInput& input, Services& services) {
  if (!input.out.ends_with(".mp4")) {
    return fail(ErrorCode::invalid, "input.out: the film's name ends in .mp4");
  }
  const create::RenderSize size = RF_TRY(create::size_called(input.shape, input.short_side));
  Written written = RF_TRY(write_asked(input));
  RenderOutput output{.file = {},
                      .sha256 = {},
                      .bytes = 0,
                      .plan = create::plan_render(written.script, written.brief, size),
                      .checks = {},
                      .ready = false,
                      .notices = std::move(written.script.notices)};
  if (input.plan_only) return output;
  RF_TRY(create::render(output.plan, input.out, services.progress()));
  output.file = input.out;
  output.sha256 = RF_TRY(file_sha256(input.out));
  std::error_code unknown;
  output.bytes = static_cast<std::int64_t>(std::filesystem::file_size(input.out, unknown));
  if (services.decoder().empty()) {
    output.notices.emplace_back("the film was not watched: no decoder is known");
    return output;
  }
  const Features seen =
      RF_TRY(video::analyse({services.decoder()}, input.out, {.only = {}}, services.progress()));
  output.checks = check_film(output.plan, seen);
  output.ready = std::ranges::all_of(output.checks, &FilmCheck::good);
  return output;
}

}  // namespace rf::api
