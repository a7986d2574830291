#include <algorithm>

#include <fmt/format.h>

#include "api/patterns.h"
#include "api/video_dna.h"
#include "api/video_retention.h"
#include "api/video_seen.h"
#include "cli/films.h"
#include "cli/view.h"
#include "cli/views.h"

namespace rf::cli {
namespace {

// Four digits that tell, whatever the unit.
std::string short_number(double value) { return fmt::format("{:.3g}", value); }

std::string show_apart(const std::vector<api::DnaContrast>& apart, const Style& style) {
  if (apart.empty()) return "";
  std::vector<std::vector<Cell>> rows;
  rows.reserve(apart.size());
  for (const api::DnaContrast& each : apart) {
    rows.push_back({{each.feature},
                    {short_number(each.winners)},
                    {short_number(each.losers)},
                    {fmt::format("{:+.3g}", each.difference)},
                    {fmt::format("{:+.3g} to {:+.3g}", each.low, each.high), Tone::dim},
                    {each.unit, Tone::dim},
                    {fmt::format("{:+.2f}", each.effect)},
                    {fmt::format("{:.2g}", each.q)},
                    {fmt::format("{} / {}", each.n_winners, each.n_losers)}});
  }
  return table({{.title = "feature"},
                {.title = "winners", .right = true},
                {.title = "losers", .right = true},
                {.title = "difference", .right = true},
                {.title = "interval", .right = true},
                {.title = "unit"},
                {.title = "effect", .right = true},
                {.title = "q", .right = true},
                {.title = "n", .right = true}},
               rows, style);
}

std::string hazard_words(const video::Leaving& each) {
  std::string text = fmt::format("{:.1f} %/s", 100 * each.hazard);
  if (each.low && each.high) {
    text += fmt::format(" [{:.1f}–{:.1f}]", 100 * *each.low, 100 * *each.high);
  }
  return text;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& each : words) text += (text.empty() ? "" : ", ") + printable(each);
  return text;
}

}  // namespace

std::string show_patterns(const Json& output, const Style& style) {
  auto view = read_output<api::PatternsOutput>(output);
  return show_pattern_rows(view.patterns, style) +
         fmt::format("{} believed of {} tested, on {} films of {} weeks\n", view.patterns.size(),
                     view.tested, grouped(view.creatives), view.weeks) +
         show_notices(view.notices, style);
}

std::string show_video_dna(const Json& output, const Style& style) {
  auto view = read_output<api::VideoDnaOutput>(output);
  std::vector<api::CreativeLine> sure = view.winners;
  sure.insert(sure.end(), view.losers.begin(), view.losers.end());
  std::string text = show_creatives(sure, style);
  text += fmt::format("{} winners, {} losers, {} not sure\n", view.winners.size(),
                      view.losers.size(), view.unsure);
  text += show_apart(view.apart, style);
  text += fmt::format("{} features compared; {} known of too few, or alike on either side\n",
                      view.tested, view.not_enough_data);
  return text + show_notices(view.notices, style);
}

std::string show_video_seen(const Json& output, const Style& style) {
  auto view = read_output<api::VideoSeenOutput>(output);
  const Features& seen = view.features;
  return fmt::format("{} ({})\n  {}\n  {} shots, {} texts, {} beats; all of it with --json\n",
                     paint(printable(view.ad), Tone::strong, style), printable(view.film.file),
                     film_words(view.film), seen.shots.size(), seen.text.size(),
                     seen.audio.beats_s.size());
}

std::string show_video_retention(const Json& output, const Style& style) {
  auto view = read_output<api::VideoRetentionOutput>(output);
  std::string text =
      fmt::format("{} ({})\n  {}\n  curve: {}{}\n", paint(printable(view.ad), Tone::strong, style),
                  printable(view.film.file), film_words(view.film), printable(view.curve),
                  view.plays ? fmt::format(", {} plays", grouped(*view.plays)) : "");
  std::vector<std::vector<Cell>> rows;
  rows.reserve(view.leaving.size());
  for (const video::Leaving& each : view.leaving) {
    const double against = each.against_usual.value_or(0);
    rows.push_back({{fmt::format("{:.1f}–{:.1f} s", each.start_s, each.end_s)},
                    {percent(each.stay_share, 1)},
                    {hazard_words(each)},
                    {each.usual ? fmt::format("{:.1f} %/s", 100 * *each.usual) : "–", Tone::dim},
                    {each.against_usual ? fmt::format("{:+.0f} %", 100 * against) : "–",
                     against > 0 ? Tone::bad : Tone::plain},
                    {each.n ? grouped(*each.n) : "–"},
                    {joined(each.on_screen)}});
  }
  text += table({{.title = "stretch", .right = true},
                 {.title = "stay", .right = true},
                 {.title = "leave", .right = true},
                 {.title = "usual", .right = true},
                 {.title = "against it", .right = true},
                 {.title = "n", .right = true},
                 {.title = "seen and heard", .flexible = true}},
                rows, style);
  if (view.usual_ads > 0) {
    text += fmt::format("usual: {} other ads of the account, at the same part of the film\n",
                        view.usual_ads);
  }
  return text + show_notices(view.notices, style);
}

}  // namespace rf::cli
