#include "api/conversions.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "api/connections.h"
#include "api/order_join.h"
#include "api/sync.h"

namespace rf::api {
namespace {

constexpr std::size_t kReasonsShown = 20;
constexpr std::int64_t kBatch = 1000;  // Source: both platforms take 1000 in a call.

// Source: Meta and TikTok count an event with the same id once within 48 hours.
constexpr Duration kCountedOnce = std::chrono::hours(48);
// Beyond the platforms' 7 days: what came late may still be fresh, and the sender says why not.
constexpr Duration kLookedAt = std::chrono::hours(24 * 8);

// One call of conversions_send().
class Sending {
 public:
  Sending(const Connection& connection, const ConversionsSendInput& input, Services& services,
          EventLog& events)
      : connection_(connection), input_(input), services_(services), events_(events) {
    output_.destination = fmt::format("{}:{}", connection.platform, input.pixel);
  }

  Result<ConversionsSendOutput> run() {
    std::unique_ptr<platform::ConversionSender> sender =
        RF_TRY(open_pixel(connection_, {input_.pixel, input_.test_code}, services_));
    std::int64_t from = 1;
    while (!stopped_) {
      if (services_.progress().cancelled())
        return fail(ErrorCode::conflict, "cancelled; what was sent is written down");
      const std::vector<DueEvent> due =
          RF_TRY(events_.due({.source = std::string(kOrders),
                              .destination = output_.destination,
                              .since = services_.clock().now() - kLookedAt,
                              .from = from,
                              .limit = kBatch}));
      if (due.empty()) break;
      from = due.back().logged.number + 1;
      output_.due += std::ssize(due);
      if (!input_.dry_run) RF_TRY(send(due, *sender));
    }
    return std::move(output_);
  }

 private:
  struct Asked {
    Delivery delivery;
    std::string key;
  };

  // Writes down what will be asked, asks, and writes down what came of it.
  Status send(const std::vector<DueEvent>& due, platform::ConversionSender& sender) {
    std::vector<Asked> asked;
    std::vector<platform::OutgoingConversion> orders;
    std::vector<Delivery> ended;
    const Instant now = services_.clock().now();
    for (const DueEvent& each : due) {
      Delivery delivery{.event = each.logged.number,
                        .state = DeliveryState::unknown,
                        .first = each.first.value_or(now),
                        .last = now,
                        .attempts = each.attempts + 1,
                        .note = ""};
      Status fit = take(each, now, orders);
      if (fit) {
        asked.push_back({.delivery = std::move(delivery), .key = each.logged.event.key});
        continue;
      }
      delivery.state = DeliveryState::refused;
      delivery.note = fit.error().message;
      note(each.logged.event.key, fit.error());
      ++output_.refused;
      ended.push_back(std::move(delivery));
    }
    for (const Asked& each : asked) ended.push_back(each.delivery);
    RF_TRY(events_.settle(output_.destination, ended));
    const std::vector<platform::SentConversion> sent = sender.send(orders);
    return settle(asked, sent);
  }

  Status take(const DueEvent& due, Instant now, std::vector<platform::OutgoingConversion>& orders) {
    if (due.first && now - *due.first > kCountedOnce)
      return fail(ErrorCode::invalid,
                  "was asked more than 48 hours ago without an answer: sent again, the platform "
                  "might count it twice");
    const KeptOrder kept = RF_TRY(kept_order(due.logged));
    orders.push_back(outgoing(kept, connection_.platform));
    return {};
  }

  Status settle(std::vector<Asked>& asked, const std::vector<platform::SentConversion>& sent) {
    std::vector<Delivery> ended;
    ended.reserve(asked.size());
    for (std::size_t i = 0; i < asked.size(); ++i) {
      Delivery& delivery = asked[i].delivery;
      delivery.state = state_of(sent[i].error);
      if (sent[i].error) {
        delivery.note = sent[i].error->message;
        note(asked[i].key, *sent[i].error);
      }
      if (delivery.state == DeliveryState::sent) ++output_.sent;
      if (delivery.state == DeliveryState::refused) ++output_.refused;
      if (delivery.state == DeliveryState::unknown) ++output_.unknown;
      if (delivery.state == DeliveryState::waiting) ++output_.waiting;
      // What keeps one back keeps all back.
      stopped_ = stopped_ || delivery.state == DeliveryState::unknown ||
                 delivery.state == DeliveryState::waiting;
      ended.push_back(delivery);
    }
    return events_.settle(output_.destination, ended);
  }

  static DeliveryState state_of(const std::optional<Error>& error) {
    if (!error) return DeliveryState::sent;
    switch (error->code) {
      case ErrorCode::invalid: return DeliveryState::refused;
      case ErrorCode::denied:
      case ErrorCode::throttled: return DeliveryState::waiting;
      default: return DeliveryState::unknown;
    }
  }

  void note(const std::string& key, const Error& error) {
    if (output_.reasons.size() < kReasonsShown) output_.reasons.push_back({key, error.message});
  }

  const Connection& connection_;
  const ConversionsSendInput& input_;
  Services& services_;
  EventLog& events_;
  ConversionsSendOutput output_;
  bool stopped_ = false;
};

// Orders by ad, and what the platform reports of the same days.
class Showing {
 public:
  Showing(Store& store, EventLog& events, const ConversionsShowInput& input, Instant now)
      : store_(store), events_(events), input_(input), now_(now) {}

  Result<ConversionsShowOutput> run() {
    output_.to = TimeZone().day_at(now_);
    output_.from = output_.to - Days(input_.days - 1);
    ads_ = RF_TRY(known_ads(store_));
    RF_TRY(events_.each(kOrders, 1, [&](const LoggedEvent& event) -> Status {
      const Result<KeptOrder> kept = kept_order(event);
      if (kept) take(kept->order);
      return {};
    }));
    RF_TRY(add_reported());
    for (auto& [key, ad] : rows_) output_.ads.push_back(std::move(ad));
    std::ranges::stable_sort(output_.ads, std::greater<>(), &ConvertedAd::orders);
    return std::move(output_);
  }

 private:
  using Key = std::pair<std::string, std::string>;  // Ad and rule.

  void take(const Order& order) {
    const KnownAd* ad = ad_of(order, ads_);
    // Platforms count on the day of the click, in the account's zone.
    const TimeZone zone = ad == nullptr ? TimeZone() : ad->account.zone;
    const Day day = zone.day_at(order.clicked_at.value_or(order.at));
    if (day < output_.from || day > output_.to) return;
    if (ad != nullptr && input_.account && ad->account.id.text != *input_.account) return;
    ++output_.orders;
    if (ad == nullptr) {
      ++output_.unjoined;
      return;
    }
    ConvertedAd& row = rows_[{order.ad, order.attribution}];
    row.account = ad->account.id.text;
    row.ad = order.ad;
    row.name = ad->name;
    row.attribution = order.attribution;
    ++row.orders;
    if (order.value) add_value(row.value, *order.value);
  }

  static void add_value(std::vector<Money>& sums, Money value) {
    const auto at = std::ranges::find(sums, value.currency, &Money::currency);
    if (at == sums.end()) {
      sums.push_back(value);
    } else if (const Result<Money> sum = add(*at, value)) {
      *at = *sum;
    }
  }

  Status add_reported() {
    struct Reported {
      double conversions = 0;
      std::string attribution;
    };
    std::map<std::string, Reported> reported;
    const std::vector<Account> accounts = RF_TRY(store_.accounts());
    for (const Account& account : accounts) {
      RF_TRY(store_.each_day(
          account.id, Level::ad, output_.from, output_.to, [&](const EntityDay& day) -> Status {
            if (!day.counts.has(Metric::conversions)) return {};
            Reported& each = reported[day.id.text];
            each.conversions +=
                as_number(Metric::conversions, day.counts.or_zero(Metric::conversions));
            each.attribution = day.attribution;
            return {};
          }));
    }
    for (auto& [key, row] : rows_) {
      const auto found = reported.find("ad:" + key.first);
      if (found == reported.end()) continue;
      row.reported = found->second.conversions;
      row.reported_attribution = found->second.attribution;
    }
    return {};
  }

  Store& store_;
  EventLog& events_;
  const ConversionsShowInput& input_;
  Instant now_;
  std::map<std::string, KnownAd> ads_;
  std::map<Key, ConvertedAd> rows_;
  ConversionsShowOutput output_;
};

}  // namespace

Result<ConversionsImportOutput> conversions_import(const ConversionsImportInput& input,
                                                   Services& services) {
  const TimeZone zone = RF_TRY(TimeZone::parse(input.time_zone));
  Store* store = RF_TRY(services.store());
  EventLog* events = RF_TRY(services.events());
  ConversionsImportOutput output{.file = input.file};
  const auto keep = [&](std::span<const IncomingEvent> orders) -> Status {
    const std::vector<bool> kept = RF_TRY(events->add(orders, services.clock().now()));
    const auto added = std::ranges::count(kept, true);
    output.added += added;
    output.known += std::ssize(orders) - added;
    return {};
  };
  OrderFile file = RF_TRY(read_orders(input.file, zone, keep));
  output.rows = file.rows;
  output.refused = file.refused;
  output.refusals = std::move(file.refusals);
  output.ignored = std::move(file.ignored);
  output.joined = RF_TRY(join_orders(*store, *events));
  return output;
}

Result<ConversionsSendOutput> conversions_send(const ConversionsSendInput& input,
                                               Services& services) {
  const std::vector<Connection> found = RF_TRY(connections_asked(input.account, services));
  EventLog* events = RF_TRY(services.events());
  return Sending(found.front(), input, services, *events).run();
}

Result<ConversionsShowOutput> conversions_show(const ConversionsShowInput& input,
                                               Services& services) {
  Store* store = RF_TRY(services.store());
  EventLog* events = RF_TRY(services.events());
  return Showing(*store, *events, input, services.clock().now()).run();
}

}  // namespace rf::api
