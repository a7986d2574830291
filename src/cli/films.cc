#include "cli/films.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/view.h"

namespace rf::cli {
namespace {

constexpr std::size_t kOpenShown = 20;

std::string at_second(std::string_view what, const std::optional<double>& t_s) {
  return t_s ? fmt::format(", {} at {:.1f} s", what, *t_s) : "";
}

std::string show_open(const api::FilmsReport& report, const Style& style) {
  std::string text;
  for (std::size_t i = 0; i < std::min(report.open.size(), kOpenShown); ++i) {
    const api::OpenFilm& open = report.open[i];
    text += fmt::format("  {} {}: {}; {}\n", paint("?", Tone::warn, style), printable(open.film),
                        printable(open.why), printable(open.what_to_do));
    for (const std::string& each : open.candidates) {
      text += fmt::format("      {}\n", paint(printable(each), Tone::dim, style));
    }
  }
  if (report.open.size() > kOpenShown) {
    text += fmt::format("  … {} in all; --json lists them\n", report.open.size());
  }
  return text;
}

}  // namespace

std::string film_words(const api::FilmView& film) {
  return fmt::format("opens with {}, hook {:.0f} of 100 by rule{}{}{}, {} shots in {:.1f} s{}{}",
                     film.hook_type, film.hook_score, at_second("face", film.first_face_s),
                     at_second("words", film.first_text_s),
                     at_second("first cut", film.first_cut_s), film.shots, film.duration_s,
                     film.tempo_bpm ? fmt::format(", {:.0f} beats/min", *film.tempo_bpm) : "",
                     film.ending.empty() ? "" : ", ends with " + film.ending);
}

std::string show_films_report(const api::FilmsReport& report, const Style& style) {
  std::string text = fmt::format(
      "{}\n  {} films, {} belong to ads ({} different ones); the film of {} of {} ads is known\n",
      paint(printable(report.folder), Tone::strong, style), grouped(report.films),
      grouped(std::ssize(report.taken)), grouped(report.creatives), grouped(report.ads_with_film),
      grouped(report.ads));
  text += fmt::format("  {} ads new, {} show another film than before, {} unchanged\n",
                      grouped(report.added), grouped(report.changed), grouped(report.unchanged));
  for (const api::Failure& each : report.failed) {
    text += fmt::format("  {} {}: {}\n", paint("✗", Tone::bad, style), printable(each.what),
                        printable(each.message));
  }
  return text + show_open(report, style);
}

std::string show_creatives(const std::vector<api::CreativeLine>& creatives, const Style& style) {
  if (creatives.empty()) return "";
  std::vector<std::vector<Cell>> rows;
  rows.reserve(creatives.size());
  for (const api::CreativeLine& each : creatives) {
    Tone tone = Tone::plain;
    if (each.fate == "winner") tone = Tone::good;
    if (each.fate == "loser") tone = Tone::bad;
    rows.push_back({{printable(each.file)},
                    {fmt::format("{}", each.ads.size())},
                    {each.fate, tone},
                    rate_cell(each.ctr, 2),
                    rate_cell(each.lift, 0),
                    {each.ctr ? grouped(each.ctr->n) : "–"},
                    {each.distance ? fmt::format("{:.2f}", *each.distance) : ""},
                    {printable(each.account), Tone::dim}});
  }
  return table({{.title = "film", .flexible = true},
                {.title = "ads", .right = true},
                {.title = ""},
                {.title = "CTR", .right = true},
                {.title = "over the other ads", .right = true},
                {.title = "n", .right = true},
                {.title = "distance", .right = true},
                {.title = "account"}},
               rows, style);
}

std::string show_pattern_rows(const std::vector<api::PatternRow>& patterns, const Style& style) {
  if (patterns.empty()) return "";
  std::vector<std::vector<Cell>> rows;
  rows.reserve(patterns.size());
  for (const api::PatternRow& pattern : patterns) {
    rows.push_back(
        {{printable(pattern.feature)},
         {fmt::format("{:+.1f} %", 100 * pattern.effect),
          pattern.effect > 0 ? Tone::good : Tone::bad},
         {fmt::format("{:+.1f} to {:+.1f} %", 100 * pattern.low, 100 * pattern.high), Tone::dim},
         {fmt::format("{:.2g}", pattern.q)},
         {grouped(pattern.n)},
         {std::string(name_of(pattern.design))},
         {fmt::format("{:+.1f} %", 100 * pattern.later)},
         {pattern.per, Tone::dim}});
  }
  return table({{.title = "feature", .flexible = true},
                {.title = "effect", .right = true},
                {.title = "interval", .right = true},
                {.title = "q", .right = true},
                {.title = "n", .right = true},
                {.title = "design"},
                {.title = "later half", .right = true},
                {.title = "per"}},
               rows, style);
}

}  // namespace rf::cli
