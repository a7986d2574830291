#include <fmt/format.h>
#include <fmt/ranges.h>

#include "api/alerts.h"
#include "cli/view.h"
#include "cli/views.h"

namespace rf::cli {
namespace {

Tone tone_of(act::Severity severity) {
  switch (severity) {
    case act::Severity::notice: return Tone::dim;
    case act::Severity::warning: return Tone::warn;
    case act::Severity::alarm: return Tone::bad;
  }
  check_failed(__FILE__, __LINE__, "Severity in range");
}

std::string state_of(const act::KeptAlert& kept) {
  if (kept.over) return fmt::format(", over since {}", to_rfc3339(*kept.over));
  if (!kept.acknowledged_by.empty()) return ", known to " + printable(kept.acknowledged_by);
  return "";
}

std::string show_alert(const api::AlertView& view, const Style& style) {
  const act::KeptAlert& kept = view.alert;
  return fmt::format("{} {} {} of {}: {}\n       since {}, found {} times{}\n       {}\n",
                     kept.number,
                     paint(name_of(kept.alert.severity), tone_of(kept.alert.severity), style),
                     name_of(kept.alert.kind), printable(view.account), printable(kept.alert.text),
                     to_rfc3339(kept.first), kept.times, state_of(kept),
                     paint(printable(kept.alert.command), Tone::strong, style));
}

std::string show_all(const std::vector<api::AlertView>& alerts, const Style& style) {
  if (alerts.empty()) return "nothing to know\n";
  std::string text;
  for (const api::AlertView& each : alerts) text += show_alert(each, style);
  return text;
}

}  // namespace

std::string show_alerts(const Json& output, const Style& style) {
  auto view = read_output<api::AlertsListOutput>(output);
  std::string text = show_notices(view.notices, style) + show_all(view.alerts, style);
  const auto hidden = view.alerts_in_all - std::ssize(view.alerts);
  if (hidden > 0) text += fmt::format("and {} more: --limit\n", hidden);
  return text;
}

std::string show_alerts_check(const Json& output, const Style& style) {
  auto view = read_output<api::AlertsCheckOutput>(output);
  std::string text = show_all(view.alerts, style);
  for (const api::Told& each : view.told) {
    text += fmt::format("told {}: {} new, {} over\n", printable(each.sink), each.open, each.over);
  }
  return text + show_failed(view.failed, style);
}

std::string show_alerts_sinks(const Json& output, const Style& style) {
  auto view = read_output<api::AlertsSettingsOutput>(output);
  if (view.settings.sinks.empty()) return "nobody is told of alerts\n";
  std::string text;
  for (const api::AlertSink& sink : view.settings.sinks) {
    const std::string where = sink.kind == api::SinkKind::email
                                  ? fmt::format("{}", fmt::join(sink.to, ", "))
                              : sink.url.empty() ? "an address kept as a secret"
                                                 : sink.url;
    text += fmt::format("{} {}, {} and worse, to {}\n",
                        paint(printable(sink.name), Tone::strong, style), name_of(sink.kind),
                        name_of(sink.least), printable(where));
  }
  return text + fmt::format("alarms that last are told again every {} hours\n",
                            view.settings.remind_hours);
}

std::string show_alerts_test(const Json& output, const Style& style) {
  auto view = read_output<api::AlertsTestOutput>(output);
  std::string text;
  for (const std::string& each : view.told) {
    text += fmt::format("{} {}\n", paint("✓", Tone::good, style), printable(each));
  }
  return text + show_failed(view.failed, style);
}

}  // namespace rf::cli
