#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "api/video.h"
#include "cli/view.h"
#include "cli/views.h"

namespace rf::cli {
namespace {

constexpr std::size_t kTimes = 12;  // As many as fit a line.
constexpr std::size_t kRows = 20;
constexpr std::size_t kCurve = 60;

std::string seconds(const std::optional<double>& t_s) {
  return t_s ? fmt::format("{:.2f} s", *t_s) : "–";
}

std::string number(const std::optional<double>& value, int digits) {
  return value ? fmt::format("{:.{}f}", *value, digits) : "–";
}

std::string times(const std::vector<double>& all) {
  std::string text;
  for (std::size_t i = 0; i < std::min(all.size(), kTimes); ++i) {
    text += fmt::format("{}{:.2f}", i == 0 ? "" : " ", all[i]);
  }
  if (all.size() > kTimes) text += fmt::format(" … ({} in all)", all.size());
  return text.empty() ? "–" : text;
}

std::string heading(const std::string& file, const Style& style) {
  return paint(printable(file), Tone::strong, style);
}

// One line of what a thing is called and what is said of it.
std::string line(std::string_view name, std::string_view value, const Style& style) {
  return fmt::format("  {}{}{}\n", paint(name, Tone::dim, style),
                     std::string(12 - std::min<std::size_t>(name.size(), 11), ' '), value);
}

std::string motion_curve(const Motion& motion, double duration_s) {
  std::vector<std::optional<double>> sums(kCurve);
  for (const MotionFrame& step : motion.timeline) {
    const double share = std::clamp(step.t_s / std::max(duration_s, 1e-9), 0.0, 0.999999);
    std::optional<double>& bin = sums[static_cast<std::size_t>(share * kCurve)];
    bin = std::max(bin.value_or(0), step.energy);
  }
  return sparkline(sums);
}

std::string cta_line(const CallToAction& cta) {
  std::string text = fmt::format("best at {:.1f}–{:.1f} s: {}", cta.start_s, cta.end_s, cta.reason);
  if (cta.existing_score) {
    text +=
        fmt::format("; found \"{}\" at {}, {:.0f} of 100", printable(cut(cta.existing_text, 40)),
                    seconds(cta.existing_start_s), *cta.existing_score);
  }
  return text;
}

std::string hook_line(const Hook& hook) {
  return fmt::format(
      "{:.0f} of 100 by rule, works with {}; first face {}, peak {}, words {}, cut {}", hook.score,
      name_of(hook.type), seconds(hook.first_face_s), seconds(hook.first_motion_peak_s),
      seconds(hook.first_text_s), seconds(hook.first_cut_s));
}

std::string improvements(const Hook& hook, const Style& style) {
  std::string text;
  for (const std::string& each : hook.improvements) {
    text += fmt::format("  {} {}\n", paint("→", Tone::warn, style), printable(each));
  }
  return text;
}

std::string sound_line(const Features& film) {
  if (!film.audio.present) return "none";
  return fmt::format("{} beats/min, {} LUFS, speech {}, music {}, {} of cuts on the sound",
                     number(film.audio.tempo_bpm, 1), number(film.audio.loudness_lufs, 1),
                     percent(film.audio.speech_share, 0), percent(film.audio.music_share, 0),
                     film.sync.percent ? fmt::format("{:.0f} %", *film.sync.percent) : "–");
}

std::string objects_line(const Objects& objects) {
  if (objects.detector.empty()) return "not looked for: no model was given (--models)";
  std::string text;
  for (const std::string& each : objects.most_common) text += (text.empty() ? "" : ", ") + each;
  return fmt::format("{}; scene {}", text.empty() ? "none" : text, objects.scene);
}

std::string words_line(const std::vector<TextSighting>& text) {
  std::string words;
  for (std::size_t i = 0; i < std::min<std::size_t>(text.size(), 4); ++i) {
    words += fmt::format("{}\"{}\" at {:.1f} s", i == 0 ? "" : ", ",
                         printable(cut(text[i].text, 30)), text[i].start_s);
  }
  if (text.size() > 4) words += fmt::format(" … ({} in all)", text.size());
  return words.empty() ? "none" : words;
}

std::string show_film(const Features& film, const Style& style) {
  std::string out =
      fmt::format("{}  {:.2f} s, {}x{}, {:.2f} pictures/s\n", heading(film.file, style),
                  film.duration_s, film.width, film.height, film.fps);
  out += show_notices(film.problems, style);
  auto ran = [&](std::string_view name) {
    return std::ranges::find(film.measured, name) != film.measured.end();
  };
  if (ran("motion")) {
    out += line(
        "motion",
        fmt::format("{}  mean {:.1f}, most {:.1f} px a step",
                    motion_curve(film.motion, film.duration_s), film.motion.mean, film.motion.max),
        style);
  }
  if (ran("shots")) out += line("shots", fmt::format("{}", film.shots.size()), style);
  if (ran("faces")) {
    out += line("faces",
                fmt::format("{} of the film, {:.1f} at once ({})", percent(film.faces.presence, 0),
                            film.faces.mean_count, printable(film.faces.detector)),
                style);
  }
  if (ran("objects")) out += line("objects", printable(objects_line(film.objects)), style);
  if (ran("text")) out += line("words", words_line(film.text), style);
  if (ran("sound")) out += line("sound", sound_line(film), style);
  out += line("hook", hook_line(film.hook), style);
  out += line("CTA", cta_line(film.cta), style);
  out += line(
      "recipe",
      fmt::format("{} hook, {} scenes, captions {}, ends with {}", film.recipe.hook_type,
                  film.recipe.scene_count,
                  film.recipe.captions.empty() ? "–" : film.recipe.captions, film.recipe.ending),
      style);
  return out + improvements(film.hook, style);
}

std::string show_several(const api::VideoAnalyzeOutput& view, const Style& style) {
  std::vector<std::vector<Cell>> rows;
  for (const Json& json : view.videos) {
    auto film = read_output<Features>(json);
    rows.push_back({{printable(film.file)},
                    {fmt::format("{:.1f} s", film.duration_s)},
                    {fmt::format("{}", film.shots.size())},
                    {fmt::format("{:.1f}", film.motion.mean)},
                    {percent(film.faces.presence, 0)},
                    {number(film.audio.tempo_bpm, 0)},
                    {fmt::format("{:.0f} {}", film.hook.score, name_of(film.hook.type))},
                    {number(film.cta.existing_score, 0)},
                    {film.partial ? "partial" : "", Tone::warn}});
  }
  return table({{.title = "film", .flexible = true},
                {.title = "length", .right = true},
                {.title = "shots", .right = true},
                {.title = "motion", .right = true},
                {.title = "faces", .right = true},
                {.title = "bpm", .right = true},
                {.title = "hook"},
                {.title = "CTA", .right = true},
                {.title = ""}},
               rows, style) +
         show_failed(view.failed, style);
}

}  // namespace

std::string show_video_analyze(const Json& output, const Style& style) {
  auto view = read_output<api::VideoAnalyzeOutput>(output);
  if (view.several) return show_several(view, style);
  return show_film(read_output<Features>(view.videos.front()), style);
}

std::string show_video_beats(const Json& output, const Style& style) {
  auto view = read_output<api::VideoBeatsOutput>(output);
  std::string out = heading(view.file, style) + "\n";
  out += line("tempo",
              fmt::format("{} beats a minute, confidence {}", number(view.tempo_bpm, 1),
                          number(view.beat_confidence, 2)),
              style);
  out += line("beats", times(view.beats_s), style);
  out += line("drops", times(view.drops_s), style);
  out += line("onsets", times(view.onsets_s), style);
  out += line("sync",
              view.sync.percent ? fmt::format("{:.0f} % of cuts within {:.0f} ms, mean offset {}",
                                              *view.sync.percent, 1000 * view.sync.tolerance_s,
                                              seconds(view.sync.mean_offset_s))
                                : "no cuts, or nothing to be in sync with",
              style);
  if (!view.sync.recommendation.empty()) {
    out += line("advice", printable(view.sync.recommendation), style);
  }
  return out;
}

std::string show_video_compare(const Json& output, const Style& style) {
  auto view = read_output<api::VideoCompareOutput>(output);
  std::string out = fmt::format("{} and {}: {} of 1 apart over {} features{}\n", printable(view.a),
                                printable(view.b), number(view.distance, 2), view.features,
                                view.twins ? "; they look like one film" : "");
  std::vector<std::vector<Cell>> rows;
  for (const video::Difference& each : view.differences) {
    if (rows.size() >= kRows) break;
    rows.push_back({{each.feature},
                    {number(each.a, 2)},
                    {number(each.b, 2)},
                    {each.unit},
                    {number(each.apart, 2)}});
  }
  return out + table({{.title = "feature"},
                      {.title = "first", .right = true},
                      {.title = "second", .right = true},
                      {.title = "unit"},
                      {.title = "apart", .right = true}},
                     rows, style);
}

std::string show_video_cta(const Json& output, const Style& style) {
  auto view = read_output<api::VideoCtaOutput>(output);
  std::string out = heading(view.file, style) + "\n" + line("CTA", cta_line(view.cta), style);
  out += line("by prior",
              fmt::format("\"{}\" for {:.0f} s, {}, {}{}", view.config.text, view.config.duration_s,
                          name_of(view.config.position), view.config.color,
                          view.config.urgency.empty() ? "" : ", " + view.config.urgency),
              style);
  for (const video::CtaStep& step : view.sequence) {
    out += line(step.kind,
                fmt::format("{:.1f}–{:.1f} s  {}", step.start_s, step.end_s, step.content), style);
  }
  std::string others;
  for (const std::string& each : view.variations) {
    others += (others.empty() ? "" : " | ") + printable(each);
  }
  return out + line("or", others, style);
}

std::string show_video_cuts(const Json& output, const Style& style) {
  auto view = read_output<api::VideoCutsOutput>(output);
  std::string out = fmt::format("{}  {} shots in {:.2f} s\n", heading(view.file, style),
                                view.shots.size(), view.duration_s);
  std::vector<std::vector<Cell>> rows;
  for (const Shot& shot : view.shots) {
    rows.push_back({{fmt::format("{:.3f}", shot.start_s)},
                    {fmt::format("{:.3f}", shot.end_s)},
                    {std::string(name_of(shot.transition))}});
  }
  out += table({{.title = "from", .right = true}, {.title = "to", .right = true}, {.title = "by"}},
               rows, style);
  for (const CutPoint& each : view.cut_points) {
    out += line("could cut",
                fmt::format("{:.2f} s  {:.2f}  {}", each.t_s, each.score, printable(each.reason)),
                style);
  }
  for (const SyncAdjustment& each : view.adjustments) {
    out += line("move",
                fmt::format("{:.2f} s to {:.2f} s ({:.2f} s {})", each.current_s, each.target_s,
                            std::abs(each.shift_s), each.direction),
                style);
  }
  return out;
}

std::string show_video_hook(const Json& output, const Style& style) {
  auto view = read_output<api::VideoHookOutput>(output);
  std::string out = heading(view.file, style) + "\n" + line("hook", hook_line(view.hook), style) +
                    improvements(view.hook, style);
  out += line(
      "template",
      fmt::format("{} (prior {:.0f} of 100)", view.best_template.name, view.best_template.prior),
      style);
  for (const video::HookStep& step : view.script) {
    out += line(fmt::format("{:.1f}–{:.1f} s", step.start_s, step.end_s),
                step.say.empty()
                    ? printable(step.show)
                    : fmt::format("{}: \"{}\"", printable(step.show), printable(step.say)),
                style);
  }
  return out;
}

std::string show_video_report(const Json& output, const Style&) {
  auto view = read_output<api::VideoReportOutput>(output);
  return fmt::format("page written: {} ({} kB)\n", printable(view.html), view.bytes / 1000);
}

std::string show_video_twins(const Json& output, const Style& style) {
  auto view = read_output<api::VideoTwinsOutput>(output);
  std::string out =
      fmt::format("{} films, {} pairs that look like one\n", view.films, view.twins.size());
  std::vector<std::vector<Cell>> rows;
  for (const video::Twins& each : view.twins) {
    rows.push_back(
        {{printable(each.a)},
         {printable(each.b)},
         {each.same_bytes ? "same bytes" : fmt::format("{:.2f} of 1", each.similarity)}});
  }
  if (!rows.empty()) {
    out += table({{.title = "film", .flexible = true},
                  {.title = "and", .flexible = true},
                  {.title = "alike"}},
                 rows, style);
  }
  return out + show_failed(view.failed, style);
}

}  // namespace rf::cli
