#include "store/sqlite_series.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>

namespace rf {
namespace {

// The terms that are kept in memory; beyond that the store is asked again.
constexpr std::size_t kTermsMax = 50'000;

// Chosen: no account has a thousand million ads, and bits are kept by number.
constexpr std::int64_t kNumbersMax = 1'000'000'000;

constexpr std::array<std::string_view, 7> kStatements = {
    "SELECT id, campaign_id, campaign_name, adset_id, adset_name, ad_id, ad_name, named_as_of"
    " FROM entity WHERE account = ?1 AND key = ?2",
    "INSERT INTO entity (account, id, key, level, campaign_id, campaign_name, adset_id, adset_name,"
    " ad_id, ad_name, named_as_of) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    "UPDATE entity SET campaign_id = ?3, campaign_name = ?4, adset_id = ?5, adset_name = ?6,"
    " ad_id = ?7, ad_name = ?8, named_as_of = ?9 WHERE account = ?1 AND id = ?2",
    "SELECT id FROM series WHERE account = ?1 AND entity = ?2 AND grain = ?3 AND attribution = ?4"
    " AND event = ?5 AND breakdown_kind = ?6 AND breakdown = ?7",
    "INSERT INTO series (account, entity, grain, attribution, event, breakdown_kind, breakdown, id,"
    " whole) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    "SELECT id FROM term WHERE text = ?1",
    "INSERT INTO term (id, text) SELECT max(id) + 1, ?1 FROM term",
};
enum Which : std::size_t {
  find_entity,
  insert_entity,
  update_entity,
  find_series,
  insert_series,
  find_term,
  insert_term
};

// Both halves of the 128-bit product, folded.
std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// The names in the order in which the table holds them.
std::array<const std::string*, 6> names_of(const Entity& entity) {
  return {&entity.campaign_id, &entity.campaign_name, &entity.adset_id,
          &entity.adset_name,  &entity.ad_id,         &entity.ad_name};
}

}  // namespace

void KeyHash::add(std::uint64_t value) {
  a_ = mix(a_ ^ value, 0xe7037ed1a0b428db);
  b_ = mix(b_ + value, 0x8ebc6af09c88c6e3) ^ a_;
}

void KeyHash::add(std::string_view bytes) {
  // The length keeps "ab" + "c" apart from "a" + "bc".
  add(static_cast<std::uint64_t>(bytes.size()));
  while (!bytes.empty()) {
    std::uint64_t word = 0;
    std::size_t size = std::min(bytes.size(), sizeof word);
    std::memcpy(&word, bytes.data(), size);
    add(word);
    bytes.remove_prefix(size);
  }
}

KeyHash::Value KeyHash::value() const {
  return {mix(a_, 0x589965cc75374cc3 ^ b_), mix(b_, 0x1d8e4e27c47d124f ^ a_)};
}

std::size_t KeyCache::slot_of(KeyHash::Value key) const {
  std::size_t mask = slots_.size() - 1;
  std::size_t at = key.low & mask;
  while (slots_[at].number != 0 && !(slots_[at].key == key)) at = (at + 1) & mask;
  return at;
}

std::int64_t KeyCache::find(KeyHash::Value key) const { return slots_[slot_of(key)].number; }

void KeyCache::insert(KeyHash::Value key, std::int64_t number) {
  RF_CHECK(number > 0);
  if (used_ == entries_max_) {
    slots_.assign(slots_.size(), Slot());
    used_ = 0;
  }
  if ((used_ + 1) * 2 > slots_.size()) grow();
  slots_[slot_of(key)] = {key, number};
  ++used_;
}

void KeyCache::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.number != 0) slots_[slot_of(slot.key)] = slot;
  }
}

Result<std::int64_t> put_account_row(Database& db, const Account& account) {
  Statement find =
      RF_TRY(db.prepare("SELECT id, platform, name, currency, zone FROM account WHERE key = ?1"));
  bool known = RF_TRY(find.bind(1, account.id.text).step());
  if (!known) {
    Statement insert =
        RF_TRY(db.prepare("INSERT INTO account (id, key, platform, name, currency, zone)"
                          " SELECT coalesce(max(id), 0) + 1, ?1, ?2, ?3, ?4, ?5 FROM account"));
    insert.bind(1, account.id.text).bind(2, to_string(account.platform)).bind(3, account.name);
    RF_TRY(insert.bind(4, account.currency.code()).bind(5, account.zone.name()).run());
    return account_number(db, account.id);
  }
  if (find.text(1) != to_string(account.platform) || find.text(3) != account.currency.code()) {
    return fail(ErrorCode::conflict,
                fmt::format("account '{}' is known on {} in {}, found {} in {}; expected the same; "
                            "check the file, or use another store",
                            account.id.text, find.text(1), find.text(3),
                            to_string(account.platform), account.currency.code()));
  }
  std::int64_t id = find.integer(0);
  bool same = find.text(2) == account.name && find.text(4) == account.zone.name();
  find.reset();
  if (same) return id;
  Statement update = RF_TRY(db.prepare("UPDATE account SET name = ?2, zone = ?3 WHERE id = ?1"));
  RF_TRY(update.bind(1, id).bind(2, account.name).bind(3, account.zone.name()).run());
  return id;
}

Result<std::int64_t> account_number(Database& db, const AccountId& account) {
  Statement find = RF_TRY(db.prepare("SELECT id FROM account WHERE key = ?1"));
  bool known = RF_TRY(find.bind(1, account.text).step());
  return known ? find.integer(0) : 0;
}

Result<SeriesInterner> SeriesInterner::open(Database& db, Instant as_of) {
  SeriesInterner interner(db, as_of);
  for (std::string_view sql : kStatements) {
    Statement statement = RF_TRY(db.prepare(sql));
    interner.statements_.push_back(std::move(statement));
  }
  return interner;
}

Result<std::int64_t> SeriesInterner::account(const Account& account) {
  if (last_account_id_ != 0 && account == last_account_) return last_account_id_;
  std::int64_t id = RF_TRY(put_account_row(*db_, account));
  if (!numbers_.contains(id)) {
    Statement max =
        RF_TRY(db_->prepare("SELECT (SELECT coalesce(max(id), 0) FROM entity WHERE account = ?1),"
                            " (SELECT coalesce(max(id), 0) FROM series WHERE account = ?1)"));
    bool found = RF_TRY(max.bind(1, id).step());
    RF_CHECK(found);
    std::int64_t largest = std::max(max.integer(0), max.integer(1));
    if (largest > kNumbersMax) {
      return fail(ErrorCode::corrupt,
                  fmt::format("account '{}' has a number {}, beyond any that is given; run check, "
                              "restore a backup",
                              account.id.text, largest));
    }
    numbers_[id] = {max.integer(0) + 1, max.integer(1) + 1};
  }
  last_account_ = account;
  last_account_id_ = id;
  return id;
}

Result<std::int64_t> SeriesInterner::series(std::int64_t account, const MetricRow& row) {
  KeyHash hash;
  hash.add(static_cast<std::uint64_t>(account));
  hash.add(static_cast<std::uint64_t>(row.entity.level));
  for (const std::string* name : names_of(row.entity)) hash.add(*name);
  KeyHash::Value entity_key = hash.value();
  hash.add(static_cast<std::uint64_t>(row.grain));
  hash.add(row.attribution);
  hash.add(row.conversion_event);
  hash.add(row.breakdown_kind);
  hash.add(row.breakdown);
  KeyHash::Value key = hash.value();
  std::int64_t known = series_.find(key);
  if (known != 0) return known;

  std::int64_t entity_id = entities_.find(entity_key);
  if (entity_id == 0) {
    entity_id = RF_TRY(entity(account, row.entity));
    entities_.insert(entity_key, entity_id);
  }
  SeriesKey parts{account, entity_id, to_string(row.grain), 0, 0, 0, 0};
  parts.attribution = RF_TRY(term(row.attribution));
  parts.event = RF_TRY(term(row.conversion_event));
  std::int64_t id = RF_TRY(find_or_make(parts, 0));
  if (!row.breakdown_kind.empty() || !row.breakdown.empty()) {
    std::int64_t whole = id;
    parts.breakdown_kind = RF_TRY(term(row.breakdown_kind));
    parts.breakdown = RF_TRY(term(row.breakdown));
    id = RF_TRY(find_or_make(parts, whole));
  }
  series_.insert(key, id);
  return id;
}

Result<std::int64_t> SeriesInterner::entity(std::int64_t account, const Entity& entity) {
  EntityId key = id_of(entity);
  Statement& find = statements_[find_entity];
  find.bind(1, account).bind(2, key.text);
  bool known = RF_TRY(find.first());
  if (known) {
    std::int64_t id = find.integer(0);
    RF_TRY(rename(account, id, entity));
    return id;
  }
  std::int64_t id = numbers_[account].next_entity++;
  Statement& insert = statements_[insert_entity];
  insert.bind(1, account).bind(2, id).bind(3, key.text).bind(4, to_string(entity.level));
  int at = 5;
  for (const std::string* name : names_of(entity)) insert.bind(at++, *name);
  RF_TRY(insert.bind(at, as_of_.time_since_epoch().count()).run());
  return id;
}

// Takes over the names this source has for a known entity; a name it does not have stays.
// REQUIRES: find_entity stands on the entity's row.
Status SeriesInterner::rename(std::int64_t account, std::int64_t id, const Entity& entity) {
  Statement& find = statements_[find_entity];
  std::int64_t as_of = as_of_.time_since_epoch().count();
  bool newer = as_of >= find.integer(7);
  std::array<std::string, 6> names;
  bool changed = false;
  int at = 1;
  for (const std::string* found : names_of(entity)) {
    std::string_view known = find.text(at);
    bool take = !found->empty() && (newer || known.empty());
    changed = changed || (take && known != *found);
    names[static_cast<std::size_t>(at - 1)] = take ? *found : std::string(known);
    ++at;
  }
  std::int64_t named_as_of = std::max(as_of, find.integer(7));
  find.reset();
  if (!changed) return {};
  Statement& update = statements_[update_entity];
  update.bind(1, account).bind(2, id);
  at = 3;
  for (const std::string& name : names) update.bind(at++, name);
  return update.bind(at, named_as_of).run();
}

Result<std::int64_t> SeriesInterner::term(const std::string& text) {
  if (text.empty()) return 0;
  auto known = terms_.find(text);
  if (known != terms_.end()) return known->second;
  Statement& find = statements_[find_term];
  find.bind(1, text);
  bool found = RF_TRY(find.first());
  if (!found) {
    RF_TRY(statements_[insert_term].bind(1, text).run());
    found = RF_TRY(find.first());
    RF_CHECK(found);
  }
  std::int64_t id = find.integer(0);
  find.reset();
  if (terms_.size() == kTermsMax) terms_.clear();
  terms_.emplace(text, id);
  return id;
}

// `whole` is 0 for a series that is its own whole.
Result<std::int64_t> SeriesInterner::find_or_make(const SeriesKey& key, std::int64_t whole) {
  auto bind_key = [&](Statement& statement) -> Statement& {
    statement.bind(1, key.account).bind(2, key.entity).bind(3, key.grain);
    statement.bind(4, key.attribution).bind(5, key.event);
    return statement.bind(6, key.breakdown_kind).bind(7, key.breakdown);
  };
  Statement& find = bind_key(statements_[find_series]);
  bool known = RF_TRY(find.first());
  if (known) {
    std::int64_t id = find.integer(0);
    find.reset();
    return id;
  }
  std::int64_t id = numbers_[key.account].next_series++;
  Statement& insert = bind_key(statements_[insert_series]);
  RF_TRY(insert.bind(8, id).bind(9, whole == 0 ? id : whole).run());
  return id;
}

}  // namespace rf
