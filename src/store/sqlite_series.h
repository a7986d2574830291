// Numbers for the things that metric rows are about: accounts, entities and series, each found or
// made once.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/metric_row.h"
#include "store/sqlite_database.h"

namespace rf {

// 128 bits of a key made of several parts, by which rows of the same series recognise each other
// without a look into the store. Two different keys meet by accident once in 2^64 keys.
// Source: the multiply-and-fold step is that of wyhash, Wang Yi, public domain.
class KeyHash {
 public:
  void add(std::uint64_t value);
  void add(std::string_view bytes);

  struct Value {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    bool operator==(const Value&) const = default;
  };
  Value value() const;

 private:
  std::uint64_t a_ = 0x9e3779b97f4a7c15;
  std::uint64_t b_ = 0xd1b54a32d192ed03;
};

// From key hashes to numbers, in one block of memory. Never holds more than `entries_max`: a full
// one forgets everything, because whatever it knew is in the store.
class KeyCache {
 public:
  explicit KeyCache(std::size_t entries_max) : entries_max_(entries_max) {}

  // 0 when not known.
  std::int64_t find(KeyHash::Value key) const;
  // REQUIRES: number > 0, key not known.
  void insert(KeyHash::Value key, std::int64_t number);

 private:
  struct Slot {
    KeyHash::Value key;
    std::int64_t number = 0;  // 0: empty.
  };
  std::size_t slot_of(KeyHash::Value key) const;
  void grow();

  std::vector<Slot> slots_ = std::vector<Slot>(1024);
  std::size_t used_ = 0;
  std::size_t entries_max_;
};

// Adds the account or changes its name and zone; its number. Inside the caller's transaction.
// Errors: conflict, when it is known in another currency or on another platform.
Result<std::int64_t> put_account_row(Database& db, const Account& account);

// The account's number, 0 when there is none.
Result<std::int64_t> account_number(Database& db, const AccountId& account);

// Inside one write transaction.
class SeriesInterner {
 public:
  // Names that came with `as_of` or later are kept over those of this source.
  static Result<SeriesInterner> open(Database& db, Instant as_of);

  // Errors: conflict.
  Result<std::int64_t> account(const Account& account);

  // The series of a row, made where it is new; so are its entity and the series of its whole.
  Result<std::int64_t> series(std::int64_t account, const MetricRow& row);

 private:
  struct Numbers {
    std::int64_t next_entity = 0;
    std::int64_t next_series = 0;
  };
  struct SeriesKey {
    std::int64_t account, entity;
    std::string_view grain;
    std::int64_t attribution, event, breakdown_kind, breakdown;
  };

  SeriesInterner(Database& db, Instant as_of) : db_(&db), as_of_(as_of) {}

  Result<std::int64_t> entity(std::int64_t account, const Entity& entity);
  Status rename(std::int64_t account, std::int64_t id, const Entity& entity);
  Result<std::int64_t> term(const std::string& text);
  Result<std::int64_t> find_or_make(const SeriesKey& key, std::int64_t whole);

  Database* db_;
  Instant as_of_;
  std::vector<Statement> statements_;
  Account last_account_;
  std::int64_t last_account_id_ = 0;
  std::unordered_map<std::int64_t, Numbers> numbers_;
  std::unordered_map<std::string, std::int64_t> terms_;
  KeyCache entities_{200'000};
  KeyCache series_{400'000};
};

}  // namespace rf
