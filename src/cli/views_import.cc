#include <fmt/format.h>

#include "api/import.h"
#include "api/sandbox.h"
#include "cli/films.h"
#include "cli/view.h"
#include "cli/views.h"

namespace rf::cli {
namespace {

std::string none_or(const std::string& text, const char* none) {
  return text.empty() ? none : printable(text);
}

std::string amount(const std::optional<std::int64_t>& count) {
  return count ? grouped(*count) : "–";
}

std::string totals_line(const FileReport& file) {
  std::string line =
      fmt::format("  {} {} spent, {} impressions, {} clicks", file.totals.spend.value_or("–"),
                  file.currency, amount(file.totals.impressions), amount(file.totals.clicks));
  if (file.totals.conversions) {
    line += fmt::format(", {:.10g} conversions ({})", *file.totals.conversions,
                        none_or(file.conversion_event, "event not named"));
  }
  return line + '\n';
}

std::string total_check_line(const FileReport& file, const Style& style) {
  if (!file.file_total) {
    return fmt::format(
        "  {} what was written adds up to what the rows say, exactly; the file has no "
        "total row\n",
        paint("✓", Tone::good, style));
  }
  const TotalCheck& check = *file.file_total;
  if (check.equal) {
    return fmt::format("  {} equals the file's own total (line {}): {} {}\n",
                       paint("✓", Tone::good, style), check.line, check.spend, file.currency);
  }
  return fmt::format(
      "  {} the file's own total (line {}) differs: rows minus total is {} {}, {} "
      "impressions, {} clicks\n",
      paint("!", Tone::warn, style), check.line, check.spend_difference, file.currency,
      grouped(check.impressions_difference), grouped(check.clicks_difference));
}

std::string written_line(const FileReport& file) {
  if (file.repeated) return "  the same file as before: nothing changed\n";
  std::string line = fmt::format("  {} new, {} restated, {} unchanged", grouped(file.added),
                                 grouped(file.restated), grouped(file.unchanged));
  if (file.dry_run) line += "; a dry run, nothing was written";
  if (file.rows_per_s > 0) {
    line += fmt::format("; {} rows/s", grouped(static_cast<std::int64_t>(file.rows_per_s)));
  }
  return line + '\n';
}

std::string show_file(const FileReport& file, const Style& style) {
  std::string text = fmt::format("{}\n", paint(printable(file.file), Tone::strong, style));
  text += fmt::format("  {} export by {} and {}", file.platform, file.level, file.grain);
  if (!file.breakdown.empty()) text += fmt::format(", split by {}", file.breakdown);
  if (file.from && file.to) text += fmt::format(", {} to {}", *file.from, *file.to);
  text += fmt::format(", {} rows, {}, attribution: {}\n", grouped(file.rows), file.currency,
                      none_or(file.attribution, "not named"));
  text += totals_line(file) + total_check_line(file, style) + written_line(file);
  if (file.dropped_rows > 0) {
    text += fmt::format("  left out {} total rows\n", grouped(file.dropped_rows));
  }
  if (file.refused_rows > 0) {
    text += fmt::format("  {} {} rows refused, each with its reason in {}\n",
                        paint("!", Tone::warn, style), grouped(file.refused_rows),
                        printable(file.rejects));
  }
  if (file.naming_unnamed_share) {
    text += fmt::format("  {} of spend has names that do not fit the taxonomy\n",
                        percent(*file.naming_unnamed_share, 1));
  }
  for (const std::string& notice : file.notices) {
    text += fmt::format("  {} {}\n", paint("!", Tone::warn, style), printable(notice));
  }
  return text;
}

std::string films_line(const api::FilmsReport& films) {
  return fmt::format("   films: {} painted and watched, shown by {} of {} ads, {} not plain\n",
                     films.creatives, films.ads_with_film, films.ads, films.open.size());
}

std::string show_what_films_show(const api::DemoOutput& view, const Style& style) {
  if (!view.by_hook || !view.dna || !view.patterns) return "";
  std::string text =
      '\n' +
      paint("5. what was in the films: by what they open with, winners against losers",
            Tone::strong, style) +
      '\n';
  text += show_report(to_json(*view.by_hook), style) + show_video_dna(to_json(*view.dna), style);
  return text + "patterns: " + show_patterns(to_json(*view.patterns), style);
}

}  // namespace

std::string show_import(const Json& output, const Style& style) {
  auto view = read_output<api::ImportOutput>(output);
  std::string text;
  for (const FileReport& file : view.files) text += show_file(file, style);
  text += show_failed(view.failed, style);
  if (view.videos) text += show_films_report(*view.videos, style);
  return text + "next: reelforge turn\n";
}

std::string show_demo(const Json& output, const Style& style) {
  auto view = read_output<api::DemoOutput>(output);
  auto heading = [&](const char* text) { return paint(text, Tone::strong, style) + '\n'; };
  std::string text =
      heading("1. measure: the exports of a week ago, and today's, which restate them");
  for (const FileReport& file : view.imports) {
    text += fmt::format(
        "   {}: {} rows, {} {}, {} new, {} restated{}\n", printable(file.file), grouped(file.rows),
        file.totals.spend.value_or("–"), file.currency, grouped(file.added), grouped(file.restated),
        file.file_total && file.file_total->equal ? ", equals the file's own total" : "");
  }
  if (view.films) text += films_line(*view.films);
  text += '\n' + heading("2. remember, learn, decide") + show_turn(to_json(view.turn), style);
  text += '\n' + heading("3. the scoreboard") + show_report(to_json(view.report), style);
  text += '\n' + heading("4. was it right? each call to act, beside the hidden truth");
  std::vector<std::vector<Cell>> rows;
  for (const api::TruthRow& row : view.truth) {
    if (row.verdict == "keep" || row.verdict == "wait") continue;
    rows.push_back({{printable(row.ad)},
                    {row.verdict},
                    {row.truth},
                    {fmt::format("{:.2f}×", row.roas_ratio)},
                    {row.sound ? "✓" : "✗", row.sound ? Tone::good : Tone::bad}});
  }
  text += table({{.title = "ad", .flexible = true},
                 {.title = "verdict"},
                 {.title = "truth"},
                 {.title = "return against average", .right = true},
                 {.title = ""}},
                rows, style);
  text += fmt::format("{} judgements, {} that the truth contradicts\n", view.truth.size(),
                      view.unsound);
  text += show_what_films_show(view, style);
  if (!view.folder.empty()) text += fmt::format("kept in {}\n", printable(view.folder));
  return text + "\nnext, with a file of your own: reelforge import EXPORT.csv --videos FOLDER\n";
}

}  // namespace rf::cli
