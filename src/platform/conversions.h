// Sales told back to the platforms, so that they count and learn from what really happened.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/money.h"
#include "platform/caller.h"
#include "platform/person_hash.h"
#include "platform/wire_text.h"

namespace rf::platform {

struct SoldItem {
  std::string id;
  std::int64_t quantity = 1;
  std::int64_t price_micros = 0;  // Of one, in the order's currency.
};

struct OutgoingConversion {
  std::string event = "Purchase";
  // The order's id. The pixel on the shop's page sends the same, so that one sale counts once.
  std::string order_id;
  Instant at;
  std::optional<Money> value;
  std::vector<SoldItem> items;
  std::string page;  // Where it happened.
  Person person;
};

struct SentConversion {
  std::string order_id;
  std::optional<Error> error;  // None: the platform took it.
};

// Thread: one at a time.
class ConversionSender {
 public:
  virtual ~ConversionSender() = default;

  // Sends all of them, each with an end of its own: an event that the platform refuses does not
  // keep the others of its batch back. Sending again what was sent is safe for 48 hours.
  // Errors of one event: invalid (what is missing, older than 7 days, refused); those of the
  // platform, which then hold for all that were not sent yet.
  virtual std::vector<SentConversion> send(std::span<const OutgoingConversion> events) = 0;
};

struct MetaConversionSettings {
  std::string graph_url = "https://graph.facebook.com";
  std::string version = "v25.0";
  std::string pixel;
  Secret access_token;
  Secret app_secret;
  std::string test_code;  // Empty but for trying.
};

struct TiktokConversionSettings {
  std::string base_url = "https://business-api.tiktok.com";
  std::string version = "v1.3";
  std::string pixel;
  Secret access_token;
  std::string test_code;
};

// Errors: denied, when there is no token; invalid, when there is no pixel.
Result<std::unique_ptr<ConversionSender>> open_meta_conversions(
    const MetaConversionSettings& settings, const Line& line);
Result<std::unique_ptr<ConversionSender>> open_tiktok_conversions(
    const TiktokConversionSettings& settings, const Line& line);

// One event as JSON text, for the senders and their tests.
std::string meta_event(const OutgoingConversion& event);
std::string tiktok_event(const OutgoingConversion& event);

}  // namespace rf::platform
