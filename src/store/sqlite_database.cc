#include "store/sqlite_database.h"

#include <fmt/format.h>

namespace rf {
namespace {

// What to do about an SQLite result code, and in what words.
struct Meaning {
  ErrorCode code;
  std::string_view next_step;
};

Meaning meaning_of(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::unavailable,
              "another process is writing to it; try again when it is done"};
    case SQLITE_FULL:
      return {ErrorCode::unavailable, "nothing was kept; make room on the disk and try again"};
    case SQLITE_IOERR:
      return {ErrorCode::unavailable,
              "the disk refused; check its health, free space and limits, then try again"};
    case SQLITE_CANTOPEN:
      return {ErrorCode::unavailable, "check that its folder exists and may be written to"};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {ErrorCode::unavailable, "check that the file and its folder may be written to"};
    case SQLITE_NOMEM:
    case SQLITE_INTERRUPT:
    case SQLITE_PROTOCOL: return {ErrorCode::unavailable, "try again"};
    case SQLITE_NOTADB: return {ErrorCode::corrupt, "expected a store; check the path"};
    default: return {ErrorCode::corrupt, "restore a backup"};
  }
}

}  // namespace

Error sqlite_error(sqlite3* db, int code) {
  RF_CHECK(code != SQLITE_MISUSE && code != SQLITE_RANGE);
  const char* path = db == nullptr ? nullptr : sqlite3_db_filename(db, "main");
  const char* said = db == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(db);
  Meaning meaning = meaning_of(code);
  return fail(meaning.code,
              fmt::format("store '{}': {} (sqlite code {}); {}", path == nullptr ? "" : path, said,
                          code, meaning.next_step));
}

Statement& Statement::bind(int at, std::int64_t value) {
  RF_CHECK(sqlite3_bind_int64(raw_.get(), at, value) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind(int at, std::string_view value) {
  // A null pointer would bind NULL.
  const char* bytes = value.data() == nullptr ? "" : value.data();
  int code = sqlite3_bind_text64(raw_.get(), at, bytes, value.size(), nullptr, SQLITE_UTF8);
  RF_CHECK(code == SQLITE_OK);
  return *this;
}

Statement& Statement::bind_null(int at) {
  RF_CHECK(sqlite3_bind_null(raw_.get(), at) == SQLITE_OK);
  return *this;
}

Result<bool> Statement::step() {
  int code = sqlite3_step(raw_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) {
    Error error = sqlite_error(sqlite3_db_handle(raw_.get()), code);
    sqlite3_reset(raw_.get());
    return error;
  }
  sqlite3_reset(raw_.get());
  return false;
}

Status Statement::run() {
  while (true) {
    bool more = RF_TRY(step());
    if (!more) return {};
  }
}

Result<bool> Statement::first() {
  reset();
  return step();
}

void Statement::reset() { sqlite3_reset(raw_.get()); }

std::string_view Statement::text(int at) const {
  const void* bytes = sqlite3_column_blob(raw_.get(), at);
  auto size = static_cast<std::size_t>(sqlite3_column_bytes(raw_.get(), at));
  return bytes == nullptr ? std::string_view()
                          : std::string_view(static_cast<const char*>(bytes), size);
}

Result<Database> Database::open(const std::string& path, const SqliteOptions& options) {
  Database db;
  db.path_ = path;
  db.options_ = options;
  sqlite3* raw = nullptr;
  int code = sqlite3_open_v2(
      path.c_str(), &raw,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
      options.vfs.empty() ? nullptr : options.vfs.c_str());
  db.raw_.reset(raw);
  if (code != SQLITE_OK) return sqlite_error(raw, code).with(fmt::format("opening '{}'", path));
  sqlite3_busy_timeout(raw, options.busy_wait_ms);
  // A store may come from elsewhere: its schema must not be able to run functions with effects.
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  RF_TRY(
      db.execute(fmt::format("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;"
                             "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{}",
                             options.cache_kib)));
  return db;
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  int code =
      sqlite3_prepare_v2(raw_.get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) return sqlite_error(raw_.get(), code);
  return Statement(statement);
}

Status Database::execute(const std::string& sql) {
  int code = sqlite3_exec(raw_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return sqlite_error(raw_.get(), code);
  return {};
}

Result<std::int64_t> Database::integer(std::string_view sql) {
  Statement statement = RF_TRY(prepare(sql));
  bool found = RF_TRY(statement.step());
  RF_CHECK(found);
  return statement.integer(0);
}

Result<Transaction> Transaction::begin(Database& db, Kind kind) {
  RF_TRY(db.execute(kind == Kind::write ? "BEGIN IMMEDIATE" : "BEGIN"));
  return Transaction(db.raw());
}

Status Transaction::commit() {
  RF_CHECK(db_ != nullptr);
  int code = sqlite3_exec(db_, "COMMIT", nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return sqlite_error(db_, code);
  db_ = nullptr;
  return {};
}

void Transaction::roll_back() {
  if (db_ == nullptr) return;
  // Some errors have already ended it; a rollback that fails leaves nothing to be done here, and
  // what was written stays invisible either way.
  if (sqlite3_get_autocommit(db_) == 0) sqlite3_exec(db_, "ROLLBACK", nullptr, nullptr, nullptr);
  db_ = nullptr;
}

}  // namespace rf
