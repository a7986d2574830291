#include "api/prove/books.h"

#include <cstdlib>
#include <optional>
#include <string_view>
#include <tuple>

#include <fmt/format.h>

#include "base/json.h"
#include "base/sha256.h"

namespace rf::api {
namespace {

std::string_view word_of(sim::RunState state) {
  if (state == sim::RunState::active) return "active";
  return state == sim::RunState::paused ? "paused" : "archived";
}

std::string_view word_of(RunStatus status) {
  if (status == RunStatus::active) return "active";
  return status == RunStatus::paused ? "paused" : "archived";
}

// What was changed, of what, to what.
using ChangeKey = std::tuple<std::string, std::string, std::string>;

std::string text_of(const ChangeKey& change) {
  return fmt::format("{} of {} to {}", std::get<0>(change), std::get<1>(change),
                     std::get<2>(change));
}

// Platforms report how long a play lasted on average, Meta in whole seconds.
std::int64_t rounding_of(Metric metric, const Counts& truth) {
  return metric == Metric::watch_time_ms ? 500 * truth.or_zero(Metric::video_plays) + 1 : 0;
}

class Check {
 public:
  Check(Store& store, const sim::Sandbox& box, const SeenDays& seen)
      : store_(store), box_(box), seen_(seen) {}

  Result<BookCheck> run() {
    RF_TRY(compare_writes());
    for (std::size_t account = 0; account < accounts(); ++account) {
      RF_TRY(store_.remember(id_of_account(account)));
      RF_TRY(compare_days(account));
      RF_TRY(compare_settings(account));
    }
    return std::move(result_);
  }

 private:
  using Rows = std::map<std::pair<std::string, Day>, Counts>;

  std::size_t accounts() const { return box_.world().scene().accounts.size(); }
  const AccountId& id_of_account(std::size_t account) const {
    return box_.world().scene().accounts[account].account.id;
  }

  void differ(std::string text) {
    // Chosen: more of them say no more.
    constexpr std::size_t kShownMax = 20;
    if (result_.differences.size() < kShownMax) result_.differences.push_back(std::move(text));
  }

  Result<Rows> stored_rows(std::size_t account) {
    Rows rows;
    RF_TRY(store_.each_day(id_of_account(account), Level::ad, box_.world().scene().first_day,
                           box_.today(), [&](const EntityDay& day) -> Status {
                             rows[{day.id.text, day.day}].add(day.counts);
                             return {};
                           }));
    return rows;
  }

  // Takes the row out of `stored`.
  void compare_day(const sim::AdBook& ad, const sim::AdDay& day, Rows& stored) {
    const auto seen = seen_[ad.account].find(day.day);
    if (seen == seen_[ad.account].end() || seen->second < day.day) return;
    if (day.counts.or_zero(Metric::impressions) == 0) return;
    ++result_.rows;
    const auto row = stored.find({"ad:" + ad.id, day.day});
    if (row == stored.end())
      return differ(fmt::format("{} of {}: not in the store", ad.id, to_iso(day.day)));
    compare(ad.id, day.day, row->second, box_.world().reported(ad.world_ad, day, seen->second));
    stored.erase(row);
  }

  Status compare_days(std::size_t account) {
    Rows stored = RF_TRY(stored_rows(account));
    for (const sim::AdBook& ad : box_.ads()) {
      if (ad.account != account) continue;
      for (const sim::AdDay& day : box_.world().days_of(ad.world_ad)) compare_day(ad, day, stored);
    }
    for (const auto& [key, counts] : stored) {
      if (counts.or_zero(Metric::impressions) > 0)
        differ(fmt::format("{} of {}: not in the world", key.first, to_iso(key.second)));
    }
    return {};
  }

  void compare(const std::string& ad, Day day, const Counts& stored, const Counts& truth) {
    for (const MetricInfo& info : all_metrics()) {
      if (!stored.has(info.metric)) continue;
      if (!truth.has(info.metric) && stored.or_zero(info.metric) == 0) continue;
      ++result_.numbers;
      const std::int64_t apart = std::abs(stored.or_zero(info.metric) - truth.or_zero(info.metric));
      if (apart > rounding_of(info.metric, truth)) {
        differ(fmt::format("{} of {} on {}: {} in the store, {} in the world", info.name, ad,
                           to_iso(day), stored.or_zero(info.metric), truth.or_zero(info.metric)));
      }
    }
  }

  Status compare_settings(std::size_t account) {
    const std::optional<Json> document =
        RF_TRY(store_.document(id_of_account(account), "entities"));
    std::map<std::string, const Json*> known;
    if (document) {
      for (std::string_view level : {"campaigns", "adsets", "ads"}) {
        for (const Json& each : document->at(level).get_array())
          known[std::string(each.at("id").get_string())] = &each;
      }
    }
    for (const sim::CampaignBook& each : box_.campaigns())
      compare_setting(account, known, "campaign:", each);
    for (const sim::AdSetBook& each : box_.adsets())
      compare_setting(account, known, "adset:", each);
    for (const sim::AdBook& each : box_.ads()) compare_setting(account, known, "ad:", each);
    return {};
  }

  template <typename Book>
  void compare_setting(std::size_t account, const std::map<std::string, const Json*>& known,
                       std::string_view level, const Book& book) {
    if (book.account != account) return;
    const auto found = known.find(fmt::format("{}{}", level, book.id));
    if (found == known.end()) return differ(book.id + ": not among the store's entities");
    ++result_.settings;
    const std::string_view status = found->second->at("status").get_string();
    if (status != word_of(book.state)) {
      differ(fmt::format("status of {}: {} in the store, {} in the world", book.id, status,
                         word_of(book.state)));
    }
    if constexpr (requires { book.daily_budget; }) {
      const Json& budget = found->second->at("daily_budget");
      const std::string stored =
          budget.is_object() ? std::string(budget.at("amount").get_string()) : std::string();
      const std::string truth = book.daily_budget ? to_decimal(*book.daily_budget) : std::string();
      if (stored != truth)
        differ(fmt::format("budget of {}: '{}' in the store, '{}' in the world", book.id, stored,
                           truth));
    }
  }

  Status compare_writes() {
    std::map<ChangeKey, std::int64_t> open;
    for (std::size_t account = 0; account < accounts(); ++account) {
      const std::vector<Receipt> receipts =
          RF_TRY(store_.actions().receipts(id_of_account(account), {}));
      for (const Receipt& receipt : receipts) take(receipt, open);
    }
    for (const sim::WriteRecord& write : box_.writes()) {
      ++result_.writes;
      std::int64_t& left = open[{write.what, write.id, write.to}];
      if (--left < 0) {
        ++result_.writes_doubled;
        differ("a change without a receipt: " + text_of({write.what, write.id, write.to}));
      }
    }
    for (const auto& [change, left] : open) {
      if (left > 0) differ("a receipt without a change: " + text_of(change));
    }
    return {};
  }

  void take(const Receipt& receipt, std::map<ChangeKey, std::int64_t>& open) {
    const Step& step = receipt.step;
    if (receipt.state == ReceiptState::sent || receipt.state == ReceiptState::unknown)
      return differ(fmt::format("receipt {} was never settled", receipt.id));
    if (receipt.state != ReceiptState::done) return;
    ++result_.receipts;
    if (step.before.status != step.after.status) {
      ++open[{"status", step.entity, std::string(word_of(step.after.status))}];
      return;
    }
    const std::optional<Money>& found =
        receipt.found ? receipt.found->daily_budget : step.after.daily_budget;
    ++open[{"budget", step.entity, found ? to_decimal(*found) : std::string()}];
  }

  Store& store_;
  const sim::Sandbox& box_;
  const SeenDays& seen_;
  BookCheck result_;
};

}  // namespace

Result<BookCheck> check_books(Store& store, const sim::Sandbox& box, const SeenDays& seen) {
  return Check(store, box, seen).run();
}

Result<std::string> fingerprint_of(Store& store, const sim::Sandbox& box) {
  Sha256 hash;
  for (const sim::AdAccount& each : box.world().scene().accounts) {
    const AccountId& account = each.account.id;
    RF_TRY(store.each_day(account, Level::ad, box.world().scene().first_day, box.today(),
                          [&](const EntityDay& day) -> Status {
                            hash.add(fmt::format("{} {} {} {}", day.id.text, day.attribution,
                                                 day.conversion_event, to_iso(day.day)));
                            for (const MetricInfo& info : all_metrics())
                              hash.add(day.counts.has(info.metric)
                                           ? fmt::format(" {}", day.counts.or_zero(info.metric))
                                           : std::string(" -"));
                            return {};
                          }));
    std::vector<Receipt> receipts = RF_TRY(store.actions().receipts(account, {}));
    for (Receipt& receipt : receipts) {
      receipt.note.clear();  // Names the port, which the system chose.
      hash.add(to_text(to_json(receipt)));
    }
  }
  for (const sim::WriteRecord& write : box.writes())
    hash.add(fmt::format("{} {} {} {} {}", to_rfc3339(write.at), write.what, write.id, write.from,
                         write.to));
  hash.add(fmt::format("{} {}", box.events_kept(), box.events_doubled()));
  return hash.finish();
}

}  // namespace rf::api
