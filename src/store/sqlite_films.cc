#include "store/sqlite_films.h"

#include <limits>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace rf {
namespace {

// The latest version of each ad's film that was said up to ?2; of two said as of one moment, the
// one that was written last.
constexpr std::string_view kLatest =
    " FROM ad_film f WHERE f.account = ?1 AND f.id ="
    " (SELECT g.id FROM ad_film g WHERE g.account = f.account AND g.entity = f.entity"
    " AND g.as_of <= ?2 ORDER BY g.as_of DESC, g.id DESC LIMIT 1)";

std::int64_t micros_of(Instant instant) { return instant.time_since_epoch().count(); }

std::int64_t bound_of(const std::optional<Instant>& as_of) {
  return as_of ? micros_of(*as_of) : std::numeric_limits<std::int64_t>::max();
}

Result<std::int64_t> entity_number(Statement& select, const EntityId& ad) {
  select.reset();
  bool found = RF_TRY(select.bind(2, ad.text).first());
  if (found) return select.integer(0);
  return fail(
      ErrorCode::not_found,
      fmt::format("the store has no ad '{}' in this account; import a file of it first", ad.text));
}

// What was known of the ad just before the moment of `film`.
enum class Known : std::uint8_t { nothing, other, same };

Result<Known> known_before(Statement& select, std::int64_t entity, const AdFilm& film) {
  select.reset();
  bool found = RF_TRY(select.bind(2, entity).bind(3, micros_of(film.as_of)).first());
  if (!found) return Known::nothing;
  const bool same = select.text(0) == film.film.sha256 && select.text(1) == film.film.method;
  return same ? Known::same : Known::other;
}

}  // namespace

Status put_creative(Database& db, Instant made_at, const Creative& creative) {
  const std::string body = to_text(to_json(creative));
  Statement insert =
      RF_TRY(db.prepare("INSERT INTO film (sha256, method, made_at, body) VALUES (?1, ?2, ?3, ?4)"
                        " ON CONFLICT (sha256, method) DO NOTHING"));
  insert.bind(1, creative.sha256).bind(2, creative.method);
  return insert.bind(3, micros_of(made_at)).bind(4, body).run();
}

Result<AdFilmsWritten> put_ad_films(Database& db, std::int64_t account,
                                    const std::vector<AdFilm>& films) {
  Statement number =
      RF_TRY(db.prepare("SELECT id FROM entity WHERE account = ?1 AND key = ?2 AND level = 'ad'"));
  Statement before =
      RF_TRY(db.prepare("SELECT sha256, method FROM ad_film WHERE account = ?1 AND entity = ?2"
                        " AND as_of <= ?3 ORDER BY as_of DESC, id DESC LIMIT 1"));
  Statement insert = RF_TRY(db.prepare(
      "INSERT INTO ad_film (account, id, entity, as_of, sha256, method, file, matched_by)"
      " SELECT ?1, coalesce(max(id), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7 FROM ad_film"
      " WHERE account = ?1"));
  number.bind(1, account);
  before.bind(1, account);
  insert.bind(1, account);
  AdFilmsWritten written;
  for (const AdFilm& film : films) {
    const std::int64_t entity = RF_TRY(entity_number(number, film.ad));
    const Known known = RF_TRY(known_before(before, entity, film));
    if (known == Known::same) {
      ++written.unchanged;
      continue;
    }
    insert.bind(2, entity).bind(3, micros_of(film.as_of)).bind(4, film.film.sha256);
    insert.bind(5, film.film.method).bind(6, film.file).bind(7, film.matched_by);
    RF_TRY(insert.run());
    ++(known == Known::nothing ? written.added : written.changed);
  }
  return written;
}

Result<std::vector<AdFilm>> ad_films(Database& db, std::int64_t account,
                                     const std::optional<Instant>& as_of) {
  Statement select = RF_TRY(db.prepare(fmt::format(
      "SELECT (SELECT e.key FROM entity e WHERE e.account = f.account AND e.id = f.entity) AS ad,"
      " f.sha256, f.method, f.file, f.matched_by, f.as_of{} ORDER BY ad",
      kLatest)));
  select.bind(1, account).bind(2, bound_of(as_of));
  std::vector<AdFilm> films;
  while (true) {
    bool more = RF_TRY(select.step());
    if (!more) return films;
    films.push_back({.ad = EntityId{std::string(select.text(0))},
                     .film = {std::string(select.text(1)), std::string(select.text(2))},
                     .file = std::string(select.text(3)),
                     .matched_by = std::string(select.text(4)),
                     .as_of = Instant(Duration(select.integer(5)))});
  }
}

Result<std::vector<Creative>> creatives(Database& db, std::int64_t account,
                                        const std::optional<Instant>& as_of) {
  Statement select =
      RF_TRY(db.prepare(fmt::format("SELECT c.body FROM film c WHERE (c.sha256, c.method) IN"
                                    " (SELECT f.sha256, f.method{}) ORDER BY c.sha256, c.method",
                                    kLatest)));
  select.bind(1, account).bind(2, bound_of(as_of));
  std::vector<Creative> all;
  while (true) {
    bool more = RF_TRY(select.step());
    if (!more) return all;
    Result<Json> body = parse_json(select.text(0));
    if (!body) return fail(ErrorCode::corrupt, "a film in the store is not JSON; restore a backup");
    Result<Creative> creative = from_json<Creative>(*body, "film");
    if (!creative) {
      return fail(ErrorCode::corrupt, fmt::format("{}; restore a backup or upgrade the program",
                                                  creative.error().message));
    }
    all.push_back(std::move(*creative));
  }
}

}  // namespace rf
