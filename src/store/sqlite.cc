#include "store/sqlite.h"

#include <utility>

#include <fmt/format.h>

#include "store/sqlite_actions.h"
#include "store/sqlite_backup.h"
#include "store/sqlite_check.h"
#include "store/sqlite_features.h"
#include "store/sqlite_films.h"
#include "store/sqlite_internal.h"
#include "store/sqlite_ledger.h"
#include "store/sqlite_open.h"
#include "store/sqlite_remember.h"
#include "store/sqlite_series.h"
#include "store/sqlite_totals.h"
#include "store/sqlite_writer.h"

namespace rf {
namespace {

Result<Account> read_account(const Statement& row) {
  Account account;
  account.id.text = row.text(0);
  for (Platform platform : {Platform::meta, Platform::tiktok, Platform::google}) {
    if (row.text(1) == to_string(platform)) account.platform = platform;
  }
  account.name = row.text(2);
  Result<Currency> currency = Currency::parse(row.text(3));
  // No currency at all is a value too.
  if (currency) account.currency = *currency;
  if (!currency && row.text(3) != Currency().code()) {
    return std::move(currency).error().with("account in the store");
  }
  Result<TimeZone> zone = TimeZone::parse(row.text(4));
  if (!zone) return std::move(zone).error().with("account in the store");
  account.zone = *zone;
  return account;
}

class SqliteStore final : public Store {
 public:
  explicit SqliteStore(Database db) : db_(std::move(db)), actions_(sqlite_actions(db_)) {}

  Result<std::vector<Account>> accounts() override {
    Statement select =
        RF_TRY(db_.prepare("SELECT key, platform, name, currency, zone FROM account ORDER BY key"));
    std::vector<Account> accounts;
    while (true) {
      bool more = RF_TRY(select.step());
      if (!more) return accounts;
      Account account = RF_TRY(read_account(select));
      accounts.push_back(std::move(account));
    }
  }

  Status put_account(const Account& account) override {
    Transaction transaction = RF_TRY(Transaction::begin(db_, Transaction::Kind::write));
    RF_TRY(put_account_row(db_, account));
    return transaction.commit();
  }

  Result<std::optional<ImportRecord>> find_import(std::string_view sha256,
                                                  std::string_view options_sha256) override {
    return rf::find_import(db_, sha256, options_sha256);
  }

  Result<std::vector<ImportRecord>> imports() override { return rf::imports(db_); }

  Result<std::unique_ptr<MetricWriter>> write_metrics(const ImportSource& source) override {
    return open_sqlite_writer(db_.path(), db_.options(), source);
  }

  Result<Remembered> remember(const AccountId& account) override {
    std::int64_t number = RF_TRY(account_number(db_, account));
    return remember_account(db_, number);
  }

  Result<std::vector<EntityTotals>> totals(const AccountId& account, Level level) override {
    std::int64_t number = RF_TRY(account_number(db_, account));
    return kept_totals(db_, number, level);
  }

  Result<std::vector<EntityTotals>> totals_as_of(const AccountId& account, Level level,
                                                 Instant as_of) override {
    Transaction snapshot = RF_TRY(Transaction::begin(db_, Transaction::Kind::read));
    std::int64_t number = RF_TRY(account_number(db_, account));
    return fresh_totals(db_, {.account = number, .as_of = as_of.time_since_epoch().count()}, level);
  }

  Status each_day(const AccountId& account, Level level, Day from, Day to,
                  const std::function<Status(const EntityDay&)>& visit) override {
    Transaction snapshot = RF_TRY(Transaction::begin(db_, Transaction::Kind::read));
    std::int64_t number = RF_TRY(account_number(db_, account));
    return each_kept_day(db_, number, level, from, to, visit);
  }

  Result<std::optional<Instant>> known_at(const AccountId& account, Day day) override {
    std::int64_t number = RF_TRY(account_number(db_, account));
    Statement select = RF_TRY(
        db_.prepare("SELECT max(l.as_of) FROM import_day d JOIN import_log l ON l.id = d.import_id"
                    " WHERE d.account = ?1 AND d.day = ?2"));
    select.bind(1, number).bind(2, std::int64_t{day.time_since_epoch().count()});
    bool found = RF_TRY(select.step());
    if (!found || select.is_null(0)) return std::optional<Instant>();
    return std::optional<Instant>(Instant(Duration(select.integer(0))));
  }

  Result<std::vector<MetricVersion>> versions(const AccountId& account, const EntityId& entity,
                                              Day from, Day to) override {
    Transaction snapshot = RF_TRY(Transaction::begin(db_, Transaction::Kind::read));
    std::int64_t number = RF_TRY(account_number(db_, account));
    return rf::versions(db_, number, entity, from, to);
  }

  Result<std::optional<Json>> document(const AccountId& account, std::string_view name) override {
    if (account.text.empty()) return rf::document(db_, 0, name);
    std::int64_t number = RF_TRY(account_number(db_, account));
    if (number == 0) return std::optional<Json>();
    return rf::document(db_, number, name);
  }

  Status put_document(const AccountId& account, std::string_view name,
                      const Json& document) override {
    std::int64_t number = account.text.empty() ? 0 : RF_TRY(known_account(account));
    return rf::put_document(db_, number, name, document);
  }

  Result<std::optional<Json>> find_features(const FeaturesKey& key) override {
    return rf::find_features(db_, key.sha256, key.method);
  }

  Status put_features(const FeaturesKey& key, Instant made_at, const Json& features) override {
    return rf::put_features(db_, key, made_at, features);
  }

  Status put_creative(Instant made_at, const Creative& creative) override {
    return rf::put_creative(db_, made_at, creative);
  }

  Result<AdFilmsWritten> put_ad_films(const AccountId& account,
                                      const std::vector<AdFilm>& films) override {
    Transaction transaction = RF_TRY(Transaction::begin(db_, Transaction::Kind::write));
    std::int64_t number = RF_TRY(known_account(account));
    AdFilmsWritten written = RF_TRY(rf::put_ad_films(db_, number, films));
    RF_TRY(transaction.commit());
    return written;
  }

  Result<std::vector<AdFilm>> ad_films(const AccountId& account,
                                       const std::optional<Instant>& as_of) override {
    std::int64_t number = RF_TRY(account_number(db_, account));
    return rf::ad_films(db_, number, as_of);
  }

  Result<std::vector<Creative>> creatives(const AccountId& account,
                                          const std::optional<Instant>& as_of) override {
    std::int64_t number = RF_TRY(account_number(db_, account));
    return rf::creatives(db_, number, as_of);
  }

  Result<std::int64_t> put_turn(const TurnRecord& turn, const Plan& plan) override {
    std::int64_t number = RF_TRY(known_account(AccountId{turn.account}));
    return rf::put_turn(db_, number, turn, plan);
  }

  Result<Plan> plan(const AccountId& account, std::string_view hash) override {
    std::int64_t number = RF_TRY(account_number(db_, account));
    return rf::plan(db_, number, hash);
  }

  Result<std::vector<TurnRecord>> turns(const AccountId& account, std::int64_t limit) override {
    std::int64_t number = RF_TRY(account_number(db_, account));
    return rf::turns(db_, number, limit);
  }

  ActionLedger& actions() override { return *actions_; }

  Status backup(const std::string& path) override { return backup_database(db_, path); }

  Result<std::vector<std::string>> check() override { return check_database(db_); }

 private:
  Result<std::int64_t> known_account(const AccountId& account) {
    std::int64_t number = RF_TRY(account_number(db_, account));
    if (number != 0) return number;
    return fail(
        ErrorCode::not_found,
        fmt::format("the store has no account '{}'; import a file of it first", account.text));
  }

  Database db_;
  std::unique_ptr<ActionLedger> actions_;
};

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_with(const std::string& path,
                                                const SqliteOptions& options) {
  Database db = RF_TRY(open_database(path, options));
  return std::unique_ptr<Store>(std::make_unique<SqliteStore>(std::move(db)));
}

Result<std::unique_ptr<Store>> open_sqlite(const std::string& path) {
  return open_sqlite_with(path, SqliteOptions());
}

}  // namespace rf
