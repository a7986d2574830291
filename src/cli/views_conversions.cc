#include <fmt/format.h>

#include "api/conversions.h"
#include "api/events.h"
#include "cli/view.h"
#include "cli/views.h"

namespace rf::cli {

std::string show_conversions_import(const Json& output, const Style& style) {
  auto view = read_output<api::ConversionsImportOutput>(output);
  std::string text = fmt::format(
      "{}: {} orders, {} new, {} known already, {} refused; {} in all name an ad\n",
      printable(view.file), view.rows, view.added, view.known, view.refused, view.joined);
  for (const api::RefusedOrder& each : view.refusals)
    text += fmt::format("  {} line {}: {}\n", paint("✗", Tone::bad, style), each.line,
                        printable(each.reason));
  if (!view.ignored.empty()) {
    text += "  columns that mean nothing here:";
    for (const std::string& each : view.ignored) text.append(" ").append(printable(each));
    text += '\n';
  }
  return text + "next: reelforge conversions send ACCOUNT --pixel ID\n";
}

std::string show_conversions_send(const Json& output, const Style& style) {
  auto view = read_output<api::ConversionsSendOutput>(output);
  std::string text = fmt::format(
      "{}: {} orders due, {} sent, {} refused, {} without an answer, {} waiting\n",
      printable(view.destination), view.due, view.sent, view.refused, view.unknown, view.waiting);
  for (const api::UnsentOrder& each : view.reasons)
    text += fmt::format("  {} {}: {}\n", paint("✗", Tone::bad, style), printable(each.order),
                        printable(each.reason));
  return text;
}

std::string show_conversions(const Json& output, const Style& style) {
  auto view = read_output<api::ConversionsShowOutput>(output);
  std::string text = fmt::format("{} to {}: {} orders, {} of them name no known ad\n",
                                 to_iso(view.from), to_iso(view.to), view.orders, view.unjoined);
  std::vector<std::vector<Cell>> rows;
  rows.reserve(view.ads.size());
  for (const api::ConvertedAd& each : view.ads) {
    std::string value;
    for (const Money& sum : each.value)
      value +=
          fmt::format("{}{} {}", value.empty() ? "" : ", ", to_decimal(sum), sum.currency.code());
    rows.push_back({{printable(each.ad)},
                    {fmt::format("{}", each.orders)},
                    {value},
                    {printable(each.attribution)},
                    {each.reported ? fmt::format("{:.1f}", *each.reported) : "–"},
                    {printable(each.reported_attribution)},
                    {printable(each.name)}});
  }
  if (rows.empty()) return text;
  return text + table({{.title = "ad"},
                       {.title = "orders"},
                       {.title = "value"},
                       {.title = "by the shop's"},
                       {.title = "platform"},
                       {.title = "by its"},
                       {.title = "name", .flexible = true}},
                      rows, style);
}

std::string show_events(const Json& output, const Style& style) {
  auto view = read_output<api::EventsTailOutput>(output);
  if (view.events.empty()) return "nothing came in yet; see: reelforge conversions import --help\n";
  std::vector<std::vector<Cell>> rows;
  rows.reserve(view.events.size());
  for (const api::EventView& each : view.events)
    rows.push_back({{fmt::format("{}", each.number)},
                    {to_rfc3339(each.came)},
                    {printable(each.source)},
                    {printable(each.key)},
                    {printable(to_text(each.body))}});
  std::string text = table({{.title = "number"},
                            {.title = "came"},
                            {.title = "source"},
                            {.title = "key"},
                            {.title = "what", .flexible = true}},
                           rows, style);
  for (const api::SourceView& each : view.sources)
    text += fmt::format("{}: {} kept\n", printable(each.source), each.events);
  for (const api::DestinationView& each : view.destinations)
    text += fmt::format("{}: {} sent, {} refused, {} without an answer, {} waiting\n",
                        printable(each.destination), each.sent, each.refused, each.unknown,
                        each.waiting);
  return text;
}

}  // namespace rf::cli
