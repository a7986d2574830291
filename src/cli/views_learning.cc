#include <fmt/format.h>

#include "api/learning.h"
#include "cli/view.h"
#include "cli/views.h"

namespace rf::cli {
namespace {

// Losses differ in the third digit and below.
std::string skill_of(const std::optional<Estimate>& skill) {
  if (!skill) return "–";
  return fmt::format("{:+.4f} [{:+.4f}, {:+.4f}]", skill->value, skill->low, skill->high);
}

std::string share_of(const Estimate& share) {
  return fmt::format("{:.1f} % [{:.1f}–{:.1f}]", 100 * share.value, 100 * share.low,
                     100 * share.high);
}

std::string accuracy_lines(const api::AccuracyView& view) {
  std::string text = fmt::format(
      "  {} predictions matched with what came: {} near enough (at best {:.1f} %), "
      "{} inside their 90 % interval\n  skill {}; mean miss {:.2f} events; trend {}",
      grouped(view.n), share_of(view.within), 100 * view.ceiling, share_of(view.coverage),
      skill_of(view.skill), view.mae, view.trend);
  if (view.calibration) {
    text += fmt::format("; what came over what was predicted {:.3f} [{:.3f}–{:.3f}]",
                        view.calibration->value, view.calibration->low, view.calibration->high);
  }
  return text + "\n";
}

}  // namespace

std::string show_learn_train(const Json& output, const Style& style) {
  auto view = read_output<api::LearnTrainOutput>(output);
  std::vector<std::vector<Cell>> rows;
  rows.reserve(view.targets.size());
  for (const api::TrainedTarget& each : view.targets) {
    const auto& version = each.version;
    rows.push_back({{printable(each.account)},
                    {each.target},
                    {version ? grouped(version->version) : "–"},
                    {version ? grouped(version->rows) : "–"},
                    {version ? skill_of(version->skill) : "–"},
                    {each.verdict}});
  }
  return table({{"account"},
                {"target"},
                {"version", true},
                {"ad weeks", true},
                {"skill, 95 %", true},
                {"", false, true}},
               rows, style) +
         "next: reelforge learn predict; every turn writes predictions down and keeps score\n";
}

std::string show_learn_status(const Json& output, const Style& style) {
  auto view = read_output<api::LearnStatusOutput>(output);
  std::string text;
  for (const api::TargetStatus& each : view.targets) {
    text +=
        fmt::format("{} {}: {}\n", printable(each.account), paint(each.target, Tone::strong, style),
                    each.live ? fmt::format("version {} is live", each.live->version)
                              : std::string("the baseline stands in"));
    if (!each.since.empty()) text += fmt::format("  {}\n", each.since);
    if (each.accuracy) {
      text += accuracy_lines(*each.accuracy);
    } else if (each.live) {
      text += fmt::format("  not enough data on its predictions yet; {} are open\n",
                          grouped(each.open));
    }
    if (!each.retrain.empty()) {
      text += fmt::format("  training is due, {}: reelforge learn train\n", each.retrain);
    }
  }
  return text;
}

std::string show_learn_predict(const Json& output, const Style& style) {
  auto view = read_output<api::LearnPredictOutput>(output);
  std::vector<std::vector<Cell>> rows;
  rows.reserve(view.predictions.size());
  for (const api::AdPrediction& each : view.predictions) {
    const bool share = each.target != "sales";
    rows.push_back({{printable(each.ad), Tone::plain},
                    {each.target},
                    share ? rate_cell(each.rate, 2) : amount_cell(each.rate),
                    {share ? fmt::format("{:.2f} %", 100 * each.baseline)
                           : fmt::format("{:.4g}", each.baseline),
                     Tone::dim},
                    {each.by, Tone::dim}});
  }
  std::string text = rows.empty() ? "no ad runs whose account has an event to go by\n"
                                  : table({{"ad", false, true},
                                           {"of"},
                                           {"coming week, 90 %", true},
                                           {"as before", true},
                                           {"by"}},
                                          rows, style);
  for (const api::AdPrediction& each : view.predictions) {
    for (const api::MovedBy& moved : each.moved_by) {
      text +=
          fmt::format("  {} {}  × {:.3f}\n", each.target, printable(moved.feature), moved.factor);
    }
  }
  return text + show_notices(view.notices, style);
}

std::string show_learn_rollback(const Json& output, const Style& style) {
  auto view = read_output<loop::LiveSince>(output);
  return fmt::format(
      "{}: {} from now on\n", paint(view.target, Tone::strong, style),
      view.version == 0 ? std::string("the baseline") : fmt::format("version {}", view.version));
}

}  // namespace rf::cli
