// An order as a shop tells it, by a file or a webhook, and as it is kept: with its customer's
// details hashed at the door, so that nobody can be read from what lies on the disk.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/described.h"
#include "base/result.h"
#include "base/time.h"
#include "model/json_codecs.h"
#include "platform/conversions.h"
#include "store/event_log.h"

namespace rf::api {

struct Order {
  std::string order_id;
  std::string event = "Purchase";
  Instant at;
  std::optional<Money> value;
  std::vector<platform::SoldItem> items;
  std::string page;
  // How the shop ascribes it to an ad, where it does.
  std::string account;      // "meta:12"; found by the ad where it is empty.
  std::string ad;           // The platform's id.
  std::string attribution;  // Under which setting: "last click", "7-day click".
  std::optional<Instant> clicked_at;
  platform::Person person;
};

// What is kept of it. The two forms of a person differ: TikTok hashes a phone with its plus.
struct KeptOrder {
  Order order;  // Its person is hashed as Meta does.
  std::string email_for_tiktok;
  std::string phone_for_tiktok;
};

inline constexpr std::string_view kOrders = "orders";

// Errors: invalid, when it has no id or one that is too long.
Result<IncomingEvent> incoming(const Order& order);

// Errors: corrupt.
Result<KeptOrder> kept_order(const LoggedEvent& event);

// As it is told to a platform.
platform::OutgoingConversion outgoing(const KeptOrder& kept, std::string_view platform);

struct RefusedOrder {
  std::int64_t line = 0;
  std::string reason;
};

// What a file of orders says, row by row.
struct OrderFile {
  std::vector<std::string> ignored;  // Columns that mean nothing here.
  std::int64_t rows = 0;
  std::int64_t refused = 0;
  std::vector<RefusedOrder> refusals;  // The first of them.
};

// Reads CSV, TSV or a workbook with a row of names, and gives the good orders to `take`, some
// hundreds at a time. Times without a zone are in `zone`.
// Errors: as open_table(); invalid, when there is no column for the order's id or time; those of
// `take`.
Result<OrderFile> read_orders(const std::string& path, const TimeZone& zone,
                              const std::function<Status(std::span<const IncomingEvent>)>& take);

}  // namespace rf::api

template <>
struct rf::Described<rf::platform::SoldItem> {
  using Self = rf::platform::SoldItem;
  static constexpr auto fields =
      std::tuple{field("id", &Self::id, "the article"),
                 field("quantity", &Self::quantity, "how many", {.min = 0, .max = 1e9}),
                 field("price_micros", &Self::price_micros, "of one, in millionths of the unit")};
};

template <>
struct rf::Described<rf::platform::Person> {
  using Self = rf::platform::Person;
  static constexpr auto fields =
      std::tuple{field("email", &Self::email, ""),
                 field("phone", &Self::phone, "with country code"),
                 field("first_name", &Self::first_name, ""),
                 field("last_name", &Self::last_name, ""),
                 field("gender", &Self::gender, ""),
                 field("birth_date", &Self::birth_date, "1997-02-16"),
                 field("city", &Self::city, ""),
                 field("state", &Self::state, ""),
                 field("zip", &Self::zip, ""),
                 field("country", &Self::country, "two letters"),
                 field("external_id", &Self::external_id, "the shop's own number of the customer"),
                 field("ip", &Self::ip, ""),
                 field("user_agent", &Self::user_agent, "the browser's"),
                 field("fbc", &Self::fbc, "Meta's click cookie"),
                 field("fbp", &Self::fbp, "Meta's browser cookie"),
                 field("ttclid", &Self::ttclid, "TikTok's click id"),
                 field("ttp", &Self::ttp, "TikTok's browser cookie")};
};

template <>
struct rf::Described<rf::api::Order> {
  using Self = rf::api::Order;
  static constexpr auto fields =
      std::tuple{field("order_id", &Self::order_id, "the shop's number of it", {.required = true}),
                 field("event", &Self::event, "Purchase, Lead, …"),
                 field("at", &Self::at, "when it was made", {.required = true}),
                 field("value", &Self::value, "amount and currency"),
                 field("items", &Self::items, "what was sold"),
                 field("page", &Self::page, "where it was made"),
                 field("account", &Self::account, "of the ad: meta:12"),
                 field("ad", &Self::ad, "the platform's id of the ad that brought it"),
                 field("attribution", &Self::attribution, "by which rule that is said"),
                 field("clicked_at", &Self::clicked_at, "when the ad was clicked"),
                 field("person", &Self::person, "the customer; hashed before anything is kept")};
};

template <>
struct rf::Described<rf::api::KeptOrder> {
  using Self = rf::api::KeptOrder;
  static constexpr auto fields = std::tuple{field("order", &Self::order, ""),
                                            field("email_for_tiktok", &Self::email_for_tiktok, ""),
                                            field("phone_for_tiktok", &Self::phone_for_tiktok, "")};
};

template <>
struct rf::Described<rf::api::RefusedOrder> {
  using Self = rf::api::RefusedOrder;
  static constexpr auto fields = std::tuple{field("line", &Self::line, "of the file"),
                                            field("reason", &Self::reason, "what is wrong")};
};
