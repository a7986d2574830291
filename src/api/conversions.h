// Sales: taken in from a shop, told to the platforms, and shown beside what the platforms say.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/operation.h"
#include "api/orders.h"

namespace rf::api {

struct ConversionsImportInput {
  std::string file;
  std::string time_zone = "UTC";
};

struct ConversionsImportOutput {
  std::string file;
  std::int64_t rows = 0;
  std::int64_t added = 0;
  std::int64_t known = 0;  // From before, or twice in the file.
  std::int64_t refused = 0;
  std::vector<RefusedOrder> refusals;
  std::vector<std::string> ignored;
  std::int64_t joined = 0;  // To an ad, of all that were ever taken in.
};

struct ConversionsSendInput {
  std::string account;
  std::string pixel;
  std::string test_code;
  bool dry_run = false;
};

struct UnsentOrder {
  std::string order;
  std::string reason;
};

struct ConversionsSendOutput {
  std::string destination;  // "meta:9900".
  std::int64_t due = 0;
  std::int64_t sent = 0;
  std::int64_t refused = 0;
  std::int64_t unknown = 0;  // Asked, no whole answer; asked again by the next call.
  std::int64_t waiting = 0;  // Certainly not taken yet.
  std::vector<UnsentOrder> reasons;
};

struct ConversionsShowInput {
  std::optional<std::string> account;
  std::int64_t days = 28;
};

// What the shop and the platform say of one ad. The two count by different rules, so they are shown
// side by side and never added.
struct ConvertedAd {
  std::string account;
  std::string ad;
  std::string name;
  std::string attribution;  // The shop's rule.
  std::int64_t orders = 0;
  std::vector<Money> value;        // One for each currency.
  std::optional<double> reported;  // By the platform, of the same days; null: it said nothing.
  std::string reported_attribution;
};

struct ConversionsShowOutput {
  Day from = kNoDay;
  Day to = kNoDay;
  std::int64_t orders = 0;
  std::int64_t unjoined = 0;  // That name no ad that the store knows.
  std::vector<ConvertedAd> ads;
};

// Each order is kept once, for ever, by its event and id.
// Errors: as read_orders(); invalid, for the zone.
Result<ConversionsImportOutput> conversions_import(const ConversionsImportInput& input,
                                                   Services& services);

// Tells the orders of the last 7 days that the pixel has not yet heard of. Before the platform is
// asked it is written down that it will be; an order whose answer was lost is sent again within 48
// hours of the first attempt, in which the platform counts it once, and never later.
// Errors: not_found, when the account is not connected; those of open_pixel().
Result<ConversionsSendOutput> conversions_send(const ConversionsSendInput& input,
                                               Services& services);

Result<ConversionsShowOutput> conversions_show(const ConversionsShowInput& input,
                                               Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::ConversionsImportInput> {
  using Self = rf::api::ConversionsImportInput;
  static constexpr auto fields =
      std::tuple{field("file", &Self::file,
                       "orders as CSV, TSV or a workbook; the first row names the columns",
                       {.required = true, .positional = true}),
                 field("time_zone", &Self::time_zone, "of times that name none")};
};

template <>
struct rf::Described<rf::api::ConversionsImportOutput> {
  using Self = rf::api::ConversionsImportOutput;
  static constexpr auto fields = std::tuple{
      field("file", &Self::file, "what was read"),
      field("rows", &Self::rows, "orders in it"),
      field("added", &Self::added, "never seen before"),
      field("known", &Self::known, "from before, or twice in the file"),
      field("refused", &Self::refused, "rows that are no orders"),
      field("refusals", &Self::refusals, "the first of them, and why"),
      field("ignored", &Self::ignored, "columns that mean nothing here"),
      field("joined", &Self::joined, "orders that name an ad of the store, of all there are")};
};

template <>
struct rf::Described<rf::api::ConversionsSendInput> {
  using Self = rf::api::ConversionsSendInput;
  static constexpr auto fields =
      std::tuple{field("account", &Self::account, "a connected account of the platform",
                       {.required = true, .positional = true}),
                 field("pixel", &Self::pixel, "whose sales they are", {.required = true}),
                 field("test_code", &Self::test_code, "the platform's code for trying"),
                 field("dry_run", &Self::dry_run, "count what would be sent")};
};

template <>
struct rf::Described<rf::api::UnsentOrder> {
  using Self = rf::api::UnsentOrder;
  static constexpr auto fields = std::tuple{field("order", &Self::order, "its event and id"),
                                            field("reason", &Self::reason, "why")};
};

template <>
struct rf::Described<rf::api::ConversionsSendOutput> {
  using Self = rf::api::ConversionsSendOutput;
  static constexpr auto fields = std::tuple{
      field("destination", &Self::destination, "platform and pixel"),
      field("due", &Self::due, "orders of the last 7 days it has not heard of"),
      field("sent", &Self::sent, "that the platform took"),
      field("refused", &Self::refused, "that it will never take"),
      field("unknown", &Self::unknown, "whose answer was lost; sent again by the next call"),
      field("waiting", &Self::waiting, "certainly not taken yet"),
      field("reasons", &Self::reasons, "why, of the first of them")};
};

template <>
struct rf::Described<rf::api::ConversionsShowInput> {
  using Self = rf::api::ConversionsShowInput;
  static constexpr auto fields =
      std::tuple{field("account", &Self::account, "only this one"),
                 field("days", &Self::days, "how far back", {.min = 1, .max = 400})};
};

template <>
struct rf::Described<rf::api::ConvertedAd> {
  using Self = rf::api::ConvertedAd;
  static constexpr auto fields = std::tuple{
      field("account", &Self::account, "whose ad it is"),
      field("ad", &Self::ad, "its id"),
      field("name", &Self::name, "its name"),
      field("attribution", &Self::attribution, "by which rule the shop says so"),
      field("orders", &Self::orders, "that the shop ascribes to it"),
      field("value", &Self::value, "of them, by currency"),
      field("reported", &Self::reported, "conversions that the platform reports of the same days"),
      field("reported_attribution", &Self::reported_attribution, "by which rule")};
};

template <>
struct rf::Described<rf::api::ConversionsShowOutput> {
  using Self = rf::api::ConversionsShowOutput;
  static constexpr auto fields =
      std::tuple{field("from", &Self::from, "first day"), field("to", &Self::to, "last day"),
                 field("orders", &Self::orders, "of these days"),
                 field("unjoined", &Self::unjoined, "that name no ad of the store"),
                 field("ads", &Self::ads, "most orders first")};
};
