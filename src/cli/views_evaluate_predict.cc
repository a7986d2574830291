#include <fmt/format.h>

#include "api/evaluate/predict.h"
#include "cli/view.h"
#include "cli/views.h"

namespace rf::cli {
namespace {

std::string number(const std::optional<double>& value, int digits) {
  return value ? fmt::format("{:.{}f}", *value, digits) : "–";
}

}  // namespace

std::string show_evaluate_predict(const Json& output, const Style& style) {
  auto view = read_output<api::EvaluatePredictOutput>(output);
  std::vector<std::vector<Cell>> rows;
  for (const api::PredictModelView& model : view.models) {
    const Tone tone = model.name == "reelforge" ? Tone::strong : Tone::plain;
    rows.push_back({{printable(model.name), tone},
                    {number(model.log_loss, 5), tone},
                    {number(model.auc, 4)},
                    {number(model.ne, 4)},
                    {number(model.d2, 3)},
                    {number(model.ece, 4)},
                    {fmt::format("{:.1f}", model.predicted)},
                    {number(model.coverage90, 3)},
                    {number(model.weight, 2)}});
  }
  std::string text =
      fmt::format("{} outcome; {}; {} observed in {} rows\n", view.outcome, printable(view.split),
                  view.models.front().observed, grouped(view.models.front().n));
  text += table({{.title = "model"},
                 {.title = "log-loss", .right = true},
                 {.title = "AUC", .right = true},
                 {.title = "NE", .right = true},
                 {.title = "D²", .right = true},
                 {.title = "ECE", .right = true},
                 {.title = "predicted", .right = true},
                 {.title = "cover 90", .right = true},
                 {.title = "weight", .right = true}},
                rows, style);
  for (const api::LossGap& gap : view.gaps) {
    text += fmt::format("loss less {}'s: {:+.5f} [{:+.5f} to {:+.5f}]\n", printable(gap.against),
                        gap.value, gap.low, gap.high);
  }
  for (const std::string& name : view.left_out) {
    text += fmt::format("not used: {}\n", printable(name));
  }
  return text;
}

}  // namespace rf::cli
