#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "api/explain.h"
#include "api/report.h"
#include "api/turn.h"
#include "cli/films.h"
#include "cli/view.h"
#include "cli/views.h"

namespace rf::cli {
namespace {

// Items that ask for something; the rest is counted.
std::string show_plan_items(const Plan& plan, const Style& style) {
  std::string text;
  std::int64_t kept = 0;
  std::int64_t waiting = 0;
  for (const PlanItem& item : plan.items) {
    if (item.action == Action::keep) {
      ++kept;
    } else if (item.action == Action::wait) {
      ++waiting;
    } else {
      text += show_item(item, Detail::brief, style);
    }
  }
  text += fmt::format("{} to keep as they are, {} waiting for evidence\n", kept, waiting);
  return text;
}

std::string show_plan_heading(const Plan& plan, const Style& style) {
  return fmt::format("{} {}  made {}, expires {}, {}\n", paint("plan", Tone::strong, style),
                     plan.hash.substr(0, 12), to_rfc3339(plan.made_at), to_rfc3339(plan.expires_at),
                     name_of(plan.mode));
}

std::string optional_count(const std::optional<std::int64_t>& count) {
  return count ? grouped(*count) : "–";
}

// What the film opens with, how strongly by rule, and when a face is first seen.
std::string film_cell(const std::optional<api::FilmView>& film) {
  if (!film) return "";
  std::string text = fmt::format("{} {:.0f}", film->hook_type, film->hook_score);
  if (film->first_face_s) text += fmt::format(", face {:.1f} s", *film->first_face_s);
  return text;
}

std::vector<Cell> report_cells(const api::ReportRow& row) {
  std::string verdict = row.verdict;
  if (row.fatigued.value_or(false)) verdict += " ↓fatigue";
  Tone tone = Tone::plain;
  if (row.verdict == "kill") tone = Tone::bad;
  if (row.verdict == "promote" || row.verdict == "increase_budget") tone = Tone::good;
  if (row.verdict == "decrease_budget") tone = Tone::warn;
  if (row.verdict == "wait") tone = Tone::dim;
  return {{printable(row.name)},
          {fmt::format("{} {}", row.spend, row.currency)},
          {sparkline(row.spend_by_day), Tone::dim},
          {optional_count(row.impressions)},
          rate_cell(row.hook_rate, 0),
          rate_cell(row.hold_rate, 0),
          rate_cell(row.ctr, 2),
          rate_cell(row.cvr, 1),
          amount_cell(row.cpa),
          amount_cell(row.roas),
          {verdict, tone}};
}

std::string counts_line(std::string_view title, const std::map<std::string, double>& counts) {
  std::string line = fmt::format("  {}:", title);
  for (const auto& [name, value] : counts) line += fmt::format("  {} {:.10g}", name, value);
  return line + '\n';
}

std::string show_likeness(const api::ExplainOutput& view, const Style& style) {
  std::string text;
  if (view.film) {
    text += fmt::format("  film: {} {}\n", printable(view.film->file), film_words(*view.film));
  }
  std::vector<api::CreativeLine> like = view.nearest_winners;
  like.insert(like.end(), view.nearest_losers.begin(), view.nearest_losers.end());
  if (!like.empty()) {
    text += "  the films most like it that did surely better, or worse:\n";
    text += show_creatives(like, style);
  }
  return text + fmt::format("  likeness: {}\n", printable(view.likeness));
}

}  // namespace

std::string show_turn(const Json& output, const Style& style) {
  auto view = read_output<api::TurnOutput>(output);
  std::string text;
  for (const api::TurnView& turn : view.turns) {
    text += fmt::format("{} {} of {}:", paint("turn", Tone::strong, style), turn.id,
                        printable(turn.account));
    for (const api::TurnStepView& step : turn.steps) {
      text += fmt::format("  {} {}", step.name, grouped(step.rows));
      if (step.ms > 0) text += paint(fmt::format(" in {:.1f} ms", step.ms), Tone::dim, style);
    }
    text += '\n';
  }
  return text + show_notices(view.notices, style) + show_plan_heading(view.plan, style) +
         show_plan_items(view.plan, style) +
         "next: reelforge report, or reelforge explain AD for every number behind a line\n";
}

std::string show_plan(const Json& output, const Style& style) {
  auto plan = read_output<Plan>(output);
  return show_plan_heading(plan, style) + show_plan_items(plan, style);
}

std::string show_report(const Json& output, const Style& style) {
  auto view = read_output<api::ReportOutput>(output);
  if (view.rows.empty()) {
    return show_notices(view.notices, style) +
           "no numbers yet; import an export: reelforge import FILE\n";
  }
  std::vector<std::vector<Cell>> rows;
  std::vector<Column> columns{{.title = "ad", .flexible = true},
                              {.title = "spend", .right = true},
                              {.title = "by day"},
                              {.title = "impressions", .right = true},
                              {.title = "hook", .right = true},
                              {.title = "hold", .right = true},
                              {.title = "CTR", .right = true},
                              {.title = "CVR", .right = true},
                              {.title = "CPA", .right = true},
                              {.title = "ROAS", .right = true},
                              {.title = "verdict"}};
  const bool films = std::ranges::any_of(
      view.rows, [](const api::ReportRow& row) { return row.film.has_value(); });
  if (films) columns.push_back({.title = "film opens with"});
  for (const api::ReportRow& row : view.rows) {
    std::vector<Cell>& cells = rows.emplace_back(report_cells(row));
    if (films) cells.push_back({film_cell(row.film), Tone::dim});
  }
  std::string text = table(columns, rows, style);
  if (view.rows_in_all > static_cast<std::int64_t>(view.rows.size())) {
    text += fmt::format("{} of {} rows; --limit shows more\n", view.rows.size(),
                        grouped(view.rows_in_all));
  }
  text += paint(
      "estimates are drawn towards their group; [low–high] holds the truth in 90 of 100 "
      "cases; – is not enough data or not reported\n",
      Tone::dim, style);
  if (view.unnamed_spend_share) {
    text += fmt::format("{} of spend has names that do not fit the taxonomy\n",
                        percent(*view.unnamed_spend_share, 1));
  }
  return text + show_notices(view.notices, style);
}

std::string show_explanation(const Json& output, const Style& style) {
  auto view = read_output<api::ExplainOutput>(output);
  std::string text = show_item(view.item, Detail::full, style);
  text += fmt::format("  compared with: {} ({} ads)\n", printable(view.group), view.group_ads);
  text += fmt::format(
      "  numbers: {}, conversions are {}, {}\n",
      view.attribution.empty() ? "no attribution setting named" : printable(view.attribution),
      view.conversion_event.empty() ? "not reported" : printable(view.conversion_event),
      view.currency);
  text += counts_line("every closed day", view.closed);
  text += counts_line("settled days", view.settled);
  text += show_likeness(view, style);
  std::vector<std::vector<Cell>> rows;
  for (const api::SourceRow& row : view.sources) {
    std::string counts;
    for (const char* name : {"spend", "impressions", "link_clicks", "conversions"}) {
      auto found = row.counts.find(name);
      if (found != row.counts.end()) counts += fmt::format("{} {:.10g}  ", name, found->second);
    }
    rows.push_back({{row.day == Day(Days(0)) ? "total" : to_iso(row.day)},
                    {printable(row.breakdown)},
                    {counts},
                    {to_rfc3339(row.as_of)},
                    {row.current ? "" : "restated since", Tone::warn},
                    {fmt::format("{}:{}", printable(row.file), row.line), Tone::dim}});
  }
  text += table({{.title = "day"},
                 {.title = "part"},
                 {.title = "reported"},
                 {.title = "as of"},
                 {.title = ""},
                 {.title = "source", .flexible = true}},
                rows, style);
  if (view.sources_in_all > static_cast<std::int64_t>(view.sources.size())) {
    text += fmt::format("{} of {} rows; --days shows more\n", view.sources.size(),
                        grouped(view.sources_in_all));
  }
  return text;
}

}  // namespace rf::cli
