#include <fmt/format.h>

#include "api/evaluate/forecast.h"
#include "cli/view.h"
#include "cli/views.h"

namespace rf::cli {
namespace {

std::string projected(const std::optional<double>& value) {
  return value ? fmt::format("{:.4g}", *value) : "beyond any number";
}

}  // namespace

std::string show_evaluate_forecast(const Json& output, const Style& style) {
  auto view = read_output<api::EvaluateForecastOutput>(output);
  std::string text;
  if (!view.forecasts.empty()) {
    std::vector<std::vector<Cell>> rows;
    for (const api::ForecastView& each : view.forecasts) {
      rows.push_back({{fmt::format("{} days", each.days)},
                      {fmt::format("{:.4g}", each.value)},
                      {fmt::format("{:.4g} – {:.4g}", each.low80, each.high80)},
                      {fmt::format("{:.4g} – {:.4g}", each.low95, each.high95)}});
    }
    text += table({{.title = "in"},
                   {.title = "value", .right = true},
                   {.title = "80 % of days", .right = true},
                   {.title = "95 % of days", .right = true}},
                  rows, style);
  }
  text += view.chance_of_10x
              ? fmt::format("chance of 10x in 365 days: {}\n", percent(*view.chance_of_10x, 2))
              : "chance of 10x in 365 days: not enough data\n";
  text += fmt::format("{} days; {}\n", grouped(view.n), printable(view.method));
  if (view.naive) {
    text += paint(fmt::format("naive: d {:.4f} a day; 30 days {}, 90 days {}, 365 days {}\n",
                              view.naive->d, projected(view.naive->days30),
                              projected(view.naive->days90), projected(view.naive->days365)),
                  Tone::dim, style);
  }
  return text + show_notices(view.notes, style);
}

}  // namespace rf::cli
