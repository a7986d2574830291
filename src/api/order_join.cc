#include "api/order_join.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "loop/order_arrivals.h"

namespace rf::api {
namespace {

// Older clicks teach nothing any more: the loop looks at six weeks.
constexpr Days kKept{60};
constexpr std::int64_t kDelayMax = 60;

// One account's counts, and where its walk through the log stands: each account has its own, so
// that a walk that was cut off between two accounts counts nothing twice.
struct AccountCounts {
  loop::OrderArrivals counts;
  std::map<std::pair<Day, std::int64_t>, std::int64_t> sums;
};

using Counts = std::map<std::string, AccountCounts>;

Result<Counts> counts_of(Store& store, const std::vector<Account>& accounts) {
  Counts counts;
  for (const Account& account : accounts) {
    AccountCounts one{.counts = RF_TRY(loop::order_arrivals(store, account.id)), .sums = {}};
    for (const loop::OrderArrival& each : one.counts.arrivals)
      one.sums[{each.clicked, each.days_after}] += each.orders;
    counts[account.id.text] = std::move(one);
  }
  return counts;
}

void take(const LoggedEvent& event, const Order& order, const KnownAd& ad, AccountCounts& one) {
  if (event.number < one.counts.next) return;
  ++one.counts.joined;
  if (!order.clicked_at || *order.clicked_at > order.at) return;
  const Day clicked = ad.account.zone.day_at(*order.clicked_at);
  const std::int64_t after = (ad.account.zone.day_at(order.at) - clicked).count();
  if (after <= kDelayMax) ++one.sums[{clicked, after}];
}

void settle(AccountCounts& one, std::int64_t next) {
  one.counts.next = next;
  one.counts.arrivals.clear();
  if (one.sums.empty()) return;
  const Day oldest = one.sums.rbegin()->first.first - kKept;
  for (const auto& [key, orders] : one.sums) {
    if (key.first >= oldest)
      one.counts.arrivals.push_back(
          {.clicked = key.first, .days_after = key.second, .orders = orders});
  }
}

}  // namespace

Result<std::map<std::string, KnownAd>> known_ads(Store& store) {
  std::map<std::string, KnownAd> ads;
  const std::vector<Account> accounts = RF_TRY(store.accounts());
  for (const Account& account : accounts) {
    const std::vector<EntityTotals> totals = RF_TRY(store.totals(account.id, Level::ad));
    for (const EntityTotals& each : totals) {
      if (!each.entity.ad_id.empty())
        ads[each.entity.ad_id] = {.account = account, .name = each.entity.name()};
    }
  }
  return ads;
}

const KnownAd* ad_of(const Order& order, const std::map<std::string, KnownAd>& ads) {
  const auto found = order.ad.empty() ? ads.end() : ads.find(order.ad);
  if (found == ads.end()) return nullptr;
  const bool same = order.account.empty() || order.account == found->second.account.id.text;
  return same ? &found->second : nullptr;
}

Result<std::int64_t> join_orders(Store& store, EventLog& events) {
  const std::vector<Account> accounts = RF_TRY(store.accounts());
  Counts counts = RF_TRY(counts_of(store, accounts));
  std::int64_t next = 0;
  for (const auto& [id, one] : counts)
    next = next == 0 ? one.counts.next : std::min(next, one.counts.next);
  const std::map<std::string, KnownAd> ads = RF_TRY(known_ads(store));
  std::int64_t last = next - 1;
  RF_TRY(events.each(kOrders, next, [&](const LoggedEvent& event) -> Status {
    last = event.number;
    const Result<KeptOrder> kept = kept_order(event);
    if (!kept) return {};  // Written by another program's version; it is shown by events tail.
    const KnownAd* ad = ad_of(kept->order, ads);
    if (ad != nullptr) take(event, kept->order, *ad, counts[ad->account.id.text]);
    return {};
  }));
  std::int64_t joined = 0;
  for (auto& [id, one] : counts) {
    if (last >= one.counts.next) {
      settle(one, last + 1);
      RF_TRY(store.put_document({id}, loop::kOrderArrivals, to_json(one.counts)));
    }
    joined += one.counts.joined;
  }
  return joined;
}

Status join_new_orders(Services& services) {
  std::error_code none;
  if (!std::filesystem::exists(event_log_path(services.store_path()), none)) return {};
  Store* store = RF_TRY(services.store());
  EventLog* events = RF_TRY(services.events());
  RF_TRY(join_orders(*store, *events));
  return {};
}

}  // namespace rf::api
