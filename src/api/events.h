// What came in from outside, newest last.

#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "api/operation.h"
#include "model/json_codecs.h"

namespace rf::api {

struct EventsTailInput {
  std::string source;
  std::int64_t limit = 20;
};

struct EventView {
  std::int64_t number = 0;
  std::string source;
  std::string key;
  Instant happened;
  Instant came;
  Json body;
};

struct SourceView {
  std::string source;
  std::int64_t events = 0;
  Instant last;
};

struct DestinationView {
  std::string destination;
  std::int64_t sent = 0;
  std::int64_t refused = 0;
  std::int64_t unknown = 0;
  std::int64_t waiting = 0;
};

struct EventsTailOutput {
  std::vector<EventView> events;
  std::vector<SourceView> sources;
  std::vector<DestinationView> destinations;
};

Result<EventsTailOutput> events_tail(const EventsTailInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::EventsTailInput> {
  using Self = rf::api::EventsTailInput;
  static constexpr auto fields =
      std::tuple{field("source", &Self::source, "orders, meta or tiktok; all if left out"),
                 field("limit", &Self::limit, "how many, the newest", {.min = 1, .max = 10000})};
};

template <>
struct rf::Described<rf::api::EventView> {
  using Self = rf::api::EventView;
  static constexpr auto fields =
      std::tuple{field("number", &Self::number, "in the order in which they came"),
                 field("source", &Self::source, "who told it"),
                 field("key", &Self::key, "its name within the source"),
                 field("happened", &Self::happened, "when it happened"),
                 field("came", &Self::came, "when it came"),
                 field("body", &Self::body, "what was told; customers' details are hashed")};
};

template <>
struct rf::Described<rf::api::SourceView> {
  using Self = rf::api::SourceView;
  static constexpr auto fields = std::tuple{field("source", &Self::source, "who tells"),
                                            field("events", &Self::events, "kept, each once"),
                                            field("last", &Self::last, "when the newest came")};
};

template <>
struct rf::Described<rf::api::DestinationView> {
  using Self = rf::api::DestinationView;
  static constexpr auto fields =
      std::tuple{field("destination", &Self::destination, "platform and pixel"),
                 field("sent", &Self::sent, "orders that it took"),
                 field("refused", &Self::refused, "that it will never take"),
                 field("unknown", &Self::unknown, "whose answer was lost"),
                 field("waiting", &Self::waiting, "not taken yet")};
};

template <>
struct rf::Described<rf::api::EventsTailOutput> {
  using Self = rf::api::EventsTailOutput;
  static constexpr auto fields =
      std::tuple{field("events", &Self::events, "oldest first"),
                 field("sources", &Self::sources, "how many of each"),
                 field("destinations", &Self::destinations, "what was told on")};
};
