#include "api/sync.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "base/sha256.h"
#include "store/documents.h"

namespace rf::api {
namespace {

using std::chrono::hours;

constexpr std::string_view kStateDocument = "sync";
constexpr std::string_view kLastDocument = "last_sync";
constexpr std::string_view kEntitiesDocument = "entities";

// Chosen: a week of 10,000 ads is 70,000 rows, some 60 MB while they wait for the last page.
constexpr Days kPart{7};
constexpr std::size_t kRowsMax = 1'000'000;

// Below this a part is not kept. Chosen: platforms' own counts differ by rounding and by what was
// restated between two calls, not by a fiftieth.
constexpr double kCompletenessMin = 0.98;

// Chosen: what came earlier in the day is not asked for again; the next day everything is.
constexpr Duration kResumeWithin = hours(12);

// Where the last sync of an account stands.
struct SyncState {
  Instant started;
  Day from = kNoDay;
  Day to = kNoDay;
  Day next = kNoDay;  // The first day that is still missing; after `to` when it is done.
  std::string asked;  // Of what kind.
  std::optional<Instant> done_at;
  // How many there are, once all of them were brought.
  std::optional<std::int64_t> campaigns, adsets, ads;
};

}  // namespace
}  // namespace rf::api

template <>
struct rf::Described<rf::api::SyncState> {
  using Self = rf::api::SyncState;
  static constexpr auto fields = std::tuple{field("started", &Self::started, ""),
                                            field("from", &Self::from, ""),
                                            field("to", &Self::to, ""),
                                            field("next", &Self::next, ""),
                                            field("asked", &Self::asked, ""),
                                            field("done_at", &Self::done_at, ""),
                                            field("campaigns", &Self::campaigns, ""),
                                            field("adsets", &Self::adsets, ""),
                                            field("ads", &Self::ads, "")};
};

namespace rf::api {
namespace {

Result<std::optional<SyncState>> state_of(Store& store, const AccountId& account) {
  const std::optional<Json> document = RF_TRY(store.document(account, kStateDocument));
  if (!document) return std::optional<SyncState>();
  SyncState state = RF_TRY(from_json<SyncState>(*document, "sync"));
  return std::optional(std::move(state));
}

// What is kept of an entity for those who look: not for acting, which reads anew.
Json json_of(const EntityState& state) {
  constexpr std::array<std::string_view, 4> kStages{"unknown", "learning", "learned", "limited"};
  constexpr std::array<std::string_view, 3> kStatus{"active", "paused", "archived"};
  return JsonObject{
      {"id", id_of(state.entity).text},
      {"name", state.entity.name()},
      {"status", kStatus.at(static_cast<std::size_t>(state.status))},
      {"delivers", state.delivers},
      {"daily_budget", to_json(state.daily_budget)},
      {"learning", kStages.at(static_cast<std::size_t>(state.learning))},
      {"issues", to_json(state.issues)},
      {"creative", state.creative_id},
  };
}

// One account's sync.
class AccountSync {
 public:
  AccountSync(const SyncInput& input, Services& services, Store& store, AdPlatform& platform,
              Account account)
      : input_(input),
        services_(services),
        store_(store),
        platform_(platform),
        account_(std::move(account)) {
    view_.account = account_.id.text;
  }

  Status run() {
    RF_TRY(store_.put_account(account_));
    RF_TRY(begin());
    if (!state_.ads) RF_TRY(bring_entities());
    view_.campaigns = state_.campaigns.value_or(0);
    view_.adsets = state_.adsets.value_or(0);
    view_.ads = state_.ads.value_or(0);
    while (state_.next <= state_.to) {
      if (services_.progress().cancelled())
        return fail(ErrorCode::conflict, "cancelled; what came is kept, and sync goes on from it");
      const auto days = (state_.to - state_.from).count() + 1;
      services_.progress().report("sync", (state_.next - state_.from).count(), days);
      const Day last = std::min(state_.to, state_.next + kPart - Days(1));
      RF_TRY(bring(state_.next, last));
      state_.next = last + Days(1);
      RF_TRY(put_state());
    }
    state_.done_at = services_.clock().now();
    return put_state();
  }

  SyncedAccount& view() { return view_; }

 private:
  Status put_state() { return store_.put_document(account_.id, kStateDocument, to_json(state_)); }

  // Goes on where a sync of the same kind was cut off, else from the first day.
  Status begin() {
    const Instant now = services_.clock().now();
    const Day today = account_.zone.day_at(now);
    SyncState fresh{.started = now,
                    .from = today - Days(input_.days - 1),
                    .to = today,
                    .next = today - Days(input_.days - 1),
                    .asked = input_.conversion,
                    .done_at = {}};
    for (const std::string& each : input_.split) fresh.asked += "/" + each;
    const std::optional<SyncState> old = RF_TRY(state_of(store_, account_.id));
    const bool goes_on = old && old->next <= old->to && old->asked == fresh.asked &&
                         old->from == fresh.from && old->to == fresh.to &&
                         now - old->started < kResumeWithin;
    state_ = goes_on ? *old : fresh;
    view_.from = state_.from;
    view_.to = state_.to;
    view_.resumed = (state_.next - state_.from).count();
    return {};
  }

  Status bring_entities() {
    JsonObject all{{"as_of", to_json(services_.clock().now())}};
    const auto level = [&](Level which, std::string_view name,
                           std::optional<std::int64_t>& count) -> Status {
      const std::vector<EntityState> states = RF_TRY(platform_.entities(account_.id, which));
      count = std::ssize(states);
      JsonArray array;
      array.reserve(states.size());
      for (const EntityState& state : states) array.push_back(json_of(state));
      all[name] = std::move(array);
      return {};
    };
    RF_TRY(level(Level::campaign, "campaigns", state_.campaigns));
    RF_TRY(level(Level::adset, "adsets", state_.adsets));
    RF_TRY(level(Level::ad, "ads", state_.ads));
    RF_TRY(store_.put_document(account_.id, kEntitiesDocument, all));
    return put_state();
  }

  Status bring(Day from, Day to) {
    InsightsRequest request{.level = Level::ad,
                            .from = from,
                            .to = to,
                            .breakdowns = {},
                            .conversion = input_.conversion};
    RF_TRY(bring(request));
    for (const std::string& each : input_.split) {
      request.breakdowns = {each};
      RF_TRY(bring(request));
    }
    return {};
  }

  // The rows are gathered first, because while they are written nobody else can write.
  Status bring(const InsightsRequest& request) {
    const Instant asked_at = services_.clock().now();
    std::vector<MetricRow> rows;
    const auto take = [&](const MetricRow& row) -> Status {
      if (rows.size() == kRowsMax)
        return fail(ErrorCode::over_limit, fmt::format("more than {} rows of a week", kRowsMax));
      rows.push_back(row);
      return {};
    };
    const InsightsSummary summary = RF_TRY(platform_.insights(account_.id, request, take));
    view_.completeness = std::min(view_.completeness, summary.completeness);
    for (const std::string& notice : summary.notices) add_notice(notice);
    if (summary.completeness < kCompletenessMin)
      return fail(
          ErrorCode::unavailable,
          fmt::format("of {} to {} only {:.0f} % came, which is not kept; ask again later",
                      to_iso(request.from), to_iso(request.to), 100 * summary.completeness));
    return write(rows, request, asked_at);
  }

  Status write(const std::vector<MetricRow>& rows, const InsightsRequest& request,
               Instant asked_at) {
    std::string kind;
    for (const std::string& each : request.breakdowns) kind += " by " + each;
    const std::string what = fmt::format("sync {} {} to {}{}", account_.id.text,
                                         to_iso(request.from), to_iso(request.to), kind);
    const ImportSource source{
        .file = what,
        .sha256 = sha256_hex(what + to_rfc3339(asked_at)),
        .options_sha256 = sha256_hex(request.conversion),
        .as_of = asked_at,
        .imported_at = services_.clock().now(),
    };
    std::unique_ptr<MetricWriter> writer = RF_TRY(store_.write_metrics(source));
    for (const MetricRow& row : rows) RF_TRY(writer->add(account_, row));
    const WriteSummary written = RF_TRY(writer->commit(JsonObject{{"rows", std::ssize(rows)}}));
    view_.rows += std::ssize(rows);
    view_.added += written.added;
    view_.restated += written.restated;
    view_.unchanged += written.unchanged;
    return {};
  }

  void add_notice(const std::string& notice) {
    if (std::ranges::find(view_.notices, notice) == view_.notices.end())
      view_.notices.push_back(notice);
  }

  const SyncInput& input_;
  Services& services_;
  Store& store_;
  AdPlatform& platform_;
  Account account_;
  SyncState state_;
  SyncedAccount view_;
};

Status sync_connection(const Connection& connection, const SyncInput& input, Services& services,
                       SyncedAccount& view) {
  Store* store = RF_TRY(services.store());
  std::unique_ptr<AdPlatform> platform = RF_TRY(open_connection(connection, services));
  const std::vector<Account> found = RF_TRY(platform->accounts());
  const auto account = std::ranges::find(found, AccountId{connection.account}, &Account::id);
  if (account == found.end())
    return fail(ErrorCode::not_found,
                fmt::format("the token no longer reaches '{}'", connection.account));
  AccountSync one(input, services, *store, *platform, *account);
  Status done = one.run();
  view = std::move(one.view());
  return done;
}

// Keeps how it went. An account that was never seen has nothing to keep it in, and what was
// cancelled is no trouble.
Status note_last(Store& store, const SyncedAccount& view, const Status& done, Instant now) {
  if (!done && done.error().code == ErrorCode::conflict) return {};
  const std::vector<Account> known = RF_TRY(store.accounts());
  const AccountId id{view.account};
  if (std::ranges::find(known, id, &Account::id) == known.end()) return {};
  LastSync last = RF_TRY(last_sync(store, id)).value_or(LastSync());
  last.at = now;
  // An answer that was too incomplete to be kept is one, too.
  if (view.rows > 0 || done || view.completeness < 1) last.completeness = view.completeness;
  last.trouble = done ? "" : done.error().message;
  return store.put_document(id, kLastDocument, to_json(last));
}

}  // namespace

Result<std::optional<LastSync>> last_sync(Store& store, const AccountId& account) {
  return kept_document<LastSync>(store, account, kLastDocument);
}

Result<std::vector<Connection>> connections_asked(const std::optional<std::string>& account,
                                                  Services& services) {
  Store* store = RF_TRY(services.store());
  std::vector<Connection> all = RF_TRY(connections(*store));
  if (account) std::erase_if(all, [&](const Connection& each) { return each.account != *account; });
  if (!all.empty()) return all;
  return fail(ErrorCode::not_found,
              fmt::format("{} is not connected; see 'reelforge accounts connect --help'",
                          account ? "'" + *account + "'" : std::string("any account")));
}

Result<std::optional<Instant>> synced_at(Store& store, const AccountId& account) {
  const std::optional<SyncState> state = RF_TRY(state_of(store, account));
  if (!state) return std::optional<Instant>();
  return state->done_at;
}

Failure failure_of(const std::string& what, const Error& error) {
  return {.what = what, .code = std::string(to_string(error.code)), .message = error.message};
}

Result<SyncOutput> sync(const SyncInput& input, Services& services) {
  const std::vector<Connection> asked = RF_TRY(connections_asked(input.account, services));
  SyncOutput output;
  for (const Connection& connection : asked) {
    SyncedAccount view;
    view.account = connection.account;
    const Status done = sync_connection(connection, input, services, view);
    Store* store = RF_TRY(services.store());
    RF_TRY(note_last(*store, view, done, services.clock().now()));
    if (!done && asked.size() == 1 && view.rows == 0) return done.error();
    if (view.rows > 0 || done) output.accounts.push_back(std::move(view));
    if (!done) output.failed.push_back(failure_of(connection.account, done.error()));
  }
  return output;
}

}  // namespace rf::api
