#include "api/alerts.h"

#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "api/connections.h"
#include "api/judged.h"
#include "api/limits.h"
#include "api/numbers.h"
#include "api/settings_file.h"
#include "api/sync.h"
#include "api/verdicts.h"
#include "base/file_lock.h"
#include "loop/alarms.h"
#include "store/documents.h"

namespace rf::api {
namespace {

using act::AlertBook;
using act::KeptAlert;

Result<AlertBook> book_of(Store& store, const AccountId& account) {
  return document_of<AlertBook>(store, account, act::kAlertsDocument);
}

Status put_book(Store& store, const AccountId& account, const AlertBook& book) {
  return store.put_document(account, act::kAlertsDocument, to_json(book));
}

// Held while a book is read, changed and written.
Result<FileLock> lock_books(const Services& services) {
  std::optional<FileLock> lock = RF_TRY(FileLock::take(services.store_path() + ".alerts"));
  if (lock) return std::move(*lock);
  return fail(ErrorCode::conflict, "another process is at the alerts right now; ask again");
}

// What the log tells of since it was last read.
Status read_log(Store& store, const Account& account, AlertBook& book, act::Findings& found) {
  // An account that has a log from before there was a book is not told of its past.
  if (book.log_seen < 0) {
    book.log_seen = RF_TRY(store.actions().head(account.id));
    return {};
  }
  return store.actions().each_entry(
      account.id, book.log_seen + 1, [&](const AuditEntry& entry) -> Status {
        book.log_seen = entry.number;
        if (std::optional<act::Alert> alert = act::refusal_in(entry, account)) {
          found.alerts.push_back(std::move(*alert));
        }
        return {};
      });
}

void add(act::Findings& to, act::Findings from) {
  std::ranges::move(from.alerts, std::back_inserter(to.alerts));
  to.looked.merge(from.looked);
}

act::Findings findings_in(const Account& account, const std::vector<act::Drift>& drifts,
                          const act::Snapshot& seen) {
  act::Findings found{.alerts = act::alerts_on(drifts, account),
                      .looked = {act::AlertKind::rejected, act::AlertKind::drift}};
  std::ranges::move(act::rejections_in(seen, account), std::back_inserter(found.alerts));
  return found;
}

// Looks at one account from every side and enters what it finds.
class Look {
 public:
  Look(Store& store, Services& services, const Account& account)
      : store_(store), services_(services), account_(account) {}

  Result<AlertBook> look() {
    AlertBook book = RF_TRY(book_of(store_, account_.id));
    RF_TRY(read_log(store_, account_, book, found_));
    loop::Feed feed = RF_TRY(feed_of());
    Result<std::unique_ptr<AdPlatform>> platform = services_.platform(account_);
    feed.connected = !platform || *platform != nullptr;
    std::optional<Sighting> sighting;
    if (!platform) {
      feed.trouble = platform.error().message;
    } else if (*platform != nullptr) {
      Result<Sighting> seen = sight_of(store_, account_, **platform, now());
      if (seen) {
        sighting = std::move(*seen);
      } else {
        feed.trouble = seen.error().message;
      }
    }
    if (sighting) add(found_, findings_in(account_, sighting->changes, sighting->seen));
    const Judged judged = RF_TRY(rf::api::judged(store_, account_, now()));
    const std::optional<act::Limits> limits = RF_TRY(limits_of(store_, account_));
    add(found_, RF_TRY(loop::alarms_of(store_, account_, judged.sight, feed, limits, now())));
    act::enter(book, found_, now());
    // The book first: a crash in between finds the same changes again, and tells of them once.
    RF_TRY(put_book(store_, account_.id, book));
    if (sighting) RF_TRY(keep_sighting(store_, account_.id, *sighting));
    return book;
  }

 private:
  Instant now() const { return services_.clock().now(); }

  Result<loop::Feed> feed_of() {
    const std::optional<LastSync> last = RF_TRY(last_sync(store_, account_.id));
    if (!last) return loop::Feed();
    return loop::Feed{
        .connected = true, .completeness = last->completeness, .trouble = last->trouble};
  }

  Store& store_;
  Services& services_;
  const Account& account_;
  act::Findings found_;
};

bool is_for(const AlertSink& sink, const Account& account) {
  return sink.accounts.empty() ||
         std::ranges::find(sink.accounts, account.id.text) != sink.accounts.end();
}

Telling telling_of(const AlertBook& book, const act::ToTell& tell, const Account& account,
                   Instant now) {
  Telling telling{.account = account.id.text, .at = now};
  for (const std::int64_t number : tell.open) telling.open.push_back(*find_alert(book, number));
  for (const std::int64_t number : tell.over) telling.over.push_back(*find_alert(book, number));
  return telling;
}

Status tell_sinks(const AlertSettings& settings, const Account& account, AlertBook& book,
                  Services& services, AlertsCheckOutput& output) {
  Store* store = RF_TRY(services.store());
  for (const AlertSink& sink : settings.sinks) {
    if (!is_for(sink, account)) continue;
    const Instant now = services.clock().now();
    const act::ToTell wanted =
        act::to_tell(book, sink.name, sink.least, std::chrono::hours(settings.remind_hours), now);
    if (wanted.empty()) continue;
    const Status told = tell(sink, telling_of(book, wanted, account, now), services);
    if (!told) {
      output.failed.push_back(failure_of(sink.name, told.error()));
      continue;
    }
    act::mark_told(book, sink.name, wanted, now);
    RF_TRY(put_book(*store, account.id, book));
    output.told.push_back({.account = account.id.text,
                           .sink = sink.name,
                           .open = std::ssize(wanted.open),
                           .over = std::ssize(wanted.over)});
  }
  return {};
}

void add_views(const AlertBook& book, const Account& account, bool all,
               std::vector<AlertView>& views) {
  for (const KeptAlert& kept : book.alerts) {
    if (all || kept.open()) views.push_back({account.id.text, kept});
  }
}

void sort_views(std::vector<AlertView>& views) {
  std::ranges::stable_sort(views, std::ranges::greater{}, [](const AlertView& view) {
    return std::tuple(view.alert.open(), view.alert.alert.severity, view.alert.last);
  });
}

}  // namespace

Result<AlertsListOutput> alerts_list(const AlertsListInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  AlertsListOutput output;
  for (const Account& account : RF_TRY(accounts_asked(*store, input.account))) {
    const AlertBook book = RF_TRY(book_of(*store, account.id));
    add_views(book, account, input.all, output.alerts);
  }
  sort_views(output.alerts);
  output.alerts_in_all = std::ssize(output.alerts);
  if (output.alerts_in_all > input.limit) {
    output.alerts.resize(static_cast<std::size_t>(input.limit));
  }
  const AlertSettings settings = RF_TRY(alert_settings(*store));
  if (settings.sinks.empty()) {
    output.notices.emplace_back("nobody is told: no sink is set; see 'reelforge alerts set'");
  }
  return output;
}

Result<AlertsCheckOutput> alerts_check(const AlertsCheckInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  const std::vector<Account> accounts = RF_TRY(accounts_asked(*store, input.account));
  const FileLock lock = RF_TRY(lock_books(services));
  const AlertSettings settings = RF_TRY(alert_settings(*store));
  AlertsCheckOutput output;
  for (const Account& account : accounts) {
    AlertBook book = RF_TRY(Look(*store, services, account).look());
    if (!input.quiet) RF_TRY(tell_sinks(settings, account, book, services, output));
    add_views(book, account, false, output.alerts);
  }
  sort_views(output.alerts);
  return output;
}

Result<AlertsListOutput> alerts_acknowledge(const AlertsAcknowledgeInput& input,
                                            Services& services) {
  Store* store = RF_TRY(services.store());
  const std::vector<std::int64_t> numbers =
      RF_TRY(numbers_in(input.alerts, "input.alerts", "an alert's number"));
  const std::vector<Account> accounts = RF_TRY(accounts_asked(*store, input.account));
  if (accounts.size() != 1) {
    return fail(ErrorCode::invalid, fmt::format("the store knows {} accounts; say which: --account "
                                                "ID",
                                                accounts.size()));
  }
  const FileLock lock = RF_TRY(lock_books(services));
  AlertBook book = RF_TRY(book_of(*store, accounts.front().id));
  RF_TRY(act::acknowledge(book, numbers, input.as));
  RF_TRY(put_book(*store, accounts.front().id, book));
  return alerts_list({.account = accounts.front().id.text}, services);
}

Result<AlertsSettingsOutput> alerts_set(const AlertsSetInput& input, Services& services) {
  const Json json = RF_TRY(read_settings(input.file));
  AlertSettings settings = RF_TRY(from_json<AlertSettings>(json, input.file));
  RF_TRY(check(settings));
  Store* store = RF_TRY(services.store());
  RF_TRY(put_alert_settings(*store, settings));
  return AlertsSettingsOutput{std::move(settings)};
}

Result<AlertsSettingsOutput> alerts_sinks(const Nothing&, Services& services) {
  Store* store = RF_TRY(services.store());
  return AlertsSettingsOutput{RF_TRY(alert_settings(*store))};
}

Result<AlertsTestOutput> alerts_test(const AlertsSinksInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  AlertSettings settings = RF_TRY(alert_settings(*store));
  if (!input.sink.empty()) {
    std::erase_if(settings.sinks, [&](const AlertSink& sink) { return sink.name != input.sink; });
  }
  if (settings.sinks.empty()) {
    return fail(ErrorCode::not_found, "no such sink is set; see 'reelforge alerts set'");
  }
  const Instant now = services.clock().now();
  const act::Alert alert{.key = "test",
                         .kind = act::AlertKind::sync,
                         .severity = act::Severity::notice,
                         .thing = {},
                         .text = "this is a test, and nothing is wrong",
                         .command = "reelforge alerts list",
                         .lasts = false};
  AlertsTestOutput output;
  for (const AlertSink& sink : settings.sinks) {
    const Telling telling{.account = "a test",
                          .at = now,
                          .open = {{.number = 0, .alert = alert, .first = now, .last = now}}};
    const Status told = tell(sink, telling, services);
    if (told) {
      output.told.push_back(sink.name);
    } else {
      output.failed.push_back(failure_of(sink.name, told.error()));
    }
  }
  return output;
}

Status note_drifts(const Account& account, const std::vector<act::Drift>& drifts,
                   const act::Snapshot& seen, Services& services) {
  Store* store = RF_TRY(services.store());
  const FileLock lock = RF_TRY(lock_books(services));
  AlertBook book = RF_TRY(book_of(*store, account.id));
  act::enter(book, findings_in(account, drifts, seen), services.clock().now());
  return put_book(*store, account.id, book);
}

}  // namespace rf::api
