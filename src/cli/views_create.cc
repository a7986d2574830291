#include <array>

#include <fmt/format.h>

#include "api/recipes.h"
#include "api/render.h"
#include "api/script.h"
#include "cli/view.h"
#include "cli/views.h"

namespace rf::cli {
namespace {

std::string seconds_of(double start_s, double end_s) {
  return fmt::format("{:.1f}–{:.1f} s", start_s, end_s);
}

std::vector<std::vector<Cell>> recipe_rows(const std::vector<decide::RecipeRecord>& recipes) {
  std::vector<std::vector<Cell>> rows;
  rows.reserve(recipes.size());
  for (const decide::RecipeRecord& each : recipes) {
    rows.push_back({{each.recipe_hash.substr(0, 8), Tone::dim},
                    {printable(to_words(each.recipe))},
                    {grouped(each.times_used)},
                    amount_cell(each.avg_reward_score)});
  }
  return rows;
}

std::string recipe_table(const std::vector<decide::RecipeRecord>& recipes, const Style& style) {
  if (recipes.empty()) return "no recipe has a result yet\n";
  return table({{"recipe"}, {"made by", false, true}, {"films", true}, {"mean reward, 90 %", true}},
               recipe_rows(recipes), style);
}

std::string changes_of(const create::Variation& from) {
  std::string text;
  for (const auto& [dimension, value] : from.variations_applied) {
    if (!text.empty()) text += "; ";
    text += fmt::format("{}: {}", dimension, printable(value));
  }
  return text;
}

}  // namespace

std::string show_script(const Json& output, const Style& style) {
  auto view = read_output<create::Script>(output);
  std::string text =
      fmt::format("{} {}: {:g} s, {} words ({:.0f} a minute), {} captions ({:.2f} a second)\n{}\n",
                  paint("script", Tone::strong, style), view.hash.substr(0, 12), view.duration_s,
                  view.words, view.words_per_minute, view.captions.size(), view.captions_per_second,
                  paint(printable(to_words(view.recipe)), Tone::dim, style));
  for (const create::Scene& each : view.scenes) {
    text += fmt::format("{}  {}  {}\n      {}\n", seconds_of(each.start_s, each.end_s),
                        paint(each.role, Tone::strong, style), printable(each.say),
                        paint(each.show, Tone::dim, style));
  }
  return text + show_notices(view.notices, style);
}

std::string show_render(const Json& output, const Style& style) {
  auto view = read_output<api::RenderOutput>(output);
  const create::RenderPlan& plan = view.plan;
  std::string text =
      fmt::format("{} {}: {} x {}, {:g} s, {} scenes, {} texts\n",
                  paint("plan", Tone::strong, style), plan.hash.substr(0, 12), plan.width,
                  plan.height, plan.duration_s, plan.scenes.size(), plan.texts.size());
  for (const api::FilmCheck& each : view.checks) {
    text += fmt::format(
        "  {} {}: {}\n",
        paint(each.good ? "good" : "not as planned", each.good ? Tone::good : Tone::bad, style),
        each.name, printable(each.said));
  }
  if (!view.file.empty()) {
    text += fmt::format("{}  {} bytes{}\n", printable(view.file), grouped(view.bytes),
                        view.checks.empty() || view.ready ? "" : "; not to be used as it is");
  }
  return text + show_notices(view.notices, style);
}

std::string show_variations(const Json& output, const Style& style) {
  auto view = read_output<api::VariationsOutput>(output);
  std::vector<std::vector<Cell>> rows;
  rows.reserve(view.variations.size());
  for (const create::Variation& each : view.variations) {
    rows.push_back({{grouped(each.rank)},
                    {printable(each.id), Tone::dim},
                    {changes_of(each)},
                    amount_cell(each.predicted_performance)});
  }
  std::string text = table(
      {{"rank", true}, {"id"}, {"what changes", false, true}, {"expected", true}}, rows, style);
  text += fmt::format("ranked by {}\n", view.ranked_by);
  return text + show_notices(view.notices, style);
}

std::string show_recipes(const Json& output, const Style& style) {
  auto view = read_output<api::RecipesOutput>(output);
  return recipe_table(view.recipes, style) +
         fmt::format("{} films, {} of them without a result\n", grouped(view.films),
                     grouped(view.without_result)) +
         show_notices(view.notices, style);
}

std::string show_plan_next(const Json& output, const Style& style) {
  auto view = read_output<api::PlanNextOutput>(output);
  std::string text;
  for (const decide::NextVideo& each : view.recommendations) {
    text += fmt::format("{}  {}\n  {}\n  {}\n", paint(name_of(each.type), Tone::strong, style),
                        printable(each.topic), printable(to_words(each.recipe)),
                        paint(each.reason, Tone::dim, style));
  }
  for (const decide::SkippedTopic& each : view.skipped) {
    text += fmt::format("skipped  {}: {}\n", printable(each.topic), each.reason);
  }
  return text + show_notices(view.notices, style);
}

}  // namespace rf::cli
