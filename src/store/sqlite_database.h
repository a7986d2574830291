// A connection to an SQLite file, its statements and transactions, with errors as values.
//
// Inside this room only: nobody else sees sqlite3.h.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <sqlite3.h>

#include "base/result.h"

namespace rf {

// What tests change; everyone else takes it as it is.
struct SqliteOptions {
  int busy_wait_ms = 5000;  // How long to wait for another process's write.
  std::string vfs;          // The SQLite file system layer by name; empty for the default.
  int cache_kib = 32 * 1024;
};

// The error for what a connection just refused.
// REQUIRES: code is neither SQLITE_MISUSE nor SQLITE_RANGE, which are our own mistakes.
Error sqlite_error(sqlite3* db, int code);

class Statement {
 public:
  // Positions count from 1.
  Statement& bind(int at, std::int64_t value);
  // REQUIRES: the bytes stay until the statement has run.
  Statement& bind(int at, std::string_view value);
  Statement& bind_null(int at);

  // True when there is a row to read. After false the statement can run again with other values.
  Result<bool> step();

  // Runs a statement from which no row is wanted, to its end.
  Status run();

  // Runs a statement that gives one row at most; true when there is one. The row stays readable
  // until the next run or reset().
  Result<bool> first();

  // Ends a run before its last row. Values stay bound.
  void reset();

  // Positions count from 0.
  bool is_null(int at) const { return sqlite3_column_type(raw_.get(), at) == SQLITE_NULL; }
  std::int64_t integer(int at) const { return sqlite3_column_int64(raw_.get(), at); }
  // Valid until the next step.
  std::string_view text(int at) const;

  // Steps without making an error of the code; for the one caller that expects a refusal.
  int step_code() { return sqlite3_step(raw_.get()); }

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  explicit Statement(sqlite3_stmt* raw) : raw_(raw) {}

  std::unique_ptr<sqlite3_stmt, Finalize> raw_;
};

class Database {
 public:
  // Opens or creates the file. Neither its contents nor its journal mode are looked at or changed.
  // Errors: unavailable.
  static Result<Database> open(const std::string& path, const SqliteOptions& options);

  Result<Statement> prepare(std::string_view sql);

  // Runs one or more statements from which no row is wanted.
  Status execute(const std::string& sql);

  // The single integer that a query gives.
  // REQUIRES: it gives a row.
  Result<std::int64_t> integer(std::string_view sql);

  const std::string& path() const { return path_; }
  const SqliteOptions& options() const { return options_; }
  sqlite3* raw() const { return raw_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  std::unique_ptr<sqlite3, Close> raw_;
  std::string path_;
  SqliteOptions options_;
};

// Everything until commit(), or nothing.
class Transaction {
 public:
  enum class Kind : std::uint8_t { read, write };

  // A write transaction takes the write lock at once, so that it cannot fail for it later.
  // Errors: unavailable, when another process keeps the lock beyond the wait.
  static Result<Transaction> begin(Database& db, Kind kind);

  Transaction(Transaction&& other) noexcept : db_(std::exchange(other.db_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction() { roll_back(); }

  Status commit();
  void roll_back();

 private:
  explicit Transaction(sqlite3* db) : db_(db) {}
  sqlite3* db_;  // Null once it has ended.
};

}  // namespace rf
