#include "api/events.h"

#include <utility>

namespace rf::api {

Result<EventsTailOutput> events_tail(const EventsTailInput& input, Services& services) {
  EventLog* events = RF_TRY(services.events());
  EventsTailOutput output;
  std::vector<LoggedEvent> newest = RF_TRY(events->newest(input.source, input.limit));
  for (LoggedEvent& each : newest) {
    Result<Json> body = parse_json(each.event.body);
    output.events.push_back(
        {.number = each.number,
         .source = std::move(each.event.source),
         .key = std::move(each.event.key),
         .happened = each.event.happened,
         .came = each.came,
         .body = body ? std::move(*body) : Json(std::string_view(each.event.body))});
  }
  const std::vector<EventCount> counts = RF_TRY(events->counts());
  for (const EventCount& each : counts)
    output.sources.push_back({.source = each.source, .events = each.events, .last = each.last});
  const std::vector<DeliveryCount> deliveries = RF_TRY(events->deliveries());
  for (const DeliveryCount& each : deliveries) {
    output.destinations.push_back({.destination = each.destination,
                                   .sent = each.sent,
                                   .refused = each.refused,
                                   .unknown = each.unknown,
                                   .waiting = each.waiting});
  }
  return output;
}

}  // namespace rf::api
