#include "store/sqlite_ledger.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/described.h"
#include "store/sqlite_counts.h"

namespace rf {

namespace {

// A turn's step as it stands in JSON.
struct StepText {
  std::string name;
  double ms = 0;
  std::int64_t rows = 0;
};

}  // namespace

template <>
struct Described<StepText> {
  static constexpr auto fields =
      std::tuple{field("name", &StepText::name, "what was done", {.required = true}),
                 field("ms", &StepText::ms, "how long it took"),
                 field("rows", &StepText::rows, "how much it dealt with")};
};

namespace {

Instant instant_of(std::int64_t micros) { return Instant(Duration(micros)); }
std::int64_t micros_of(Instant instant) { return instant.time_since_epoch().count(); }

// JSON that this store wrote itself: if it cannot be read, the store is damaged.
Result<Json> stored_json(std::string_view text, std::string_view what) {
  Result<Json> json = parse_json(text);
  if (json) return json;
  return fail(ErrorCode::corrupt, fmt::format("{} in the store is not JSON ({}); restore a backup",
                                              what, json.error().message));
}

template <typename T>
Result<T> stored(const Json& json, std::string_view what) {
  Result<T> value = from_json<T>(json, what);
  if (value) return value;
  return fail(ErrorCode::corrupt,
              fmt::format("{}; expected what this program wrote; restore a backup or upgrade",
                          value.error().message));
}

constexpr std::string_view kImport =
    "SELECT id, file, sha256, options_sha256, as_of, imported_at, added, restated, unchanged,"
    " report FROM import_log";

Result<ImportRecord> read_import(const Statement& row) {
  ImportRecord record;
  record.id = row.integer(0);
  record.source = {std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3)),
                   instant_of(row.integer(4)), instant_of(row.integer(5))};
  record.summary = {record.id, row.integer(6), row.integer(7), row.integer(8)};
  record.report = RF_TRY(stored_json(row.text(9), "an import's report"));
  return record;
}

Result<std::int64_t> next_number(Database& db, std::string_view table, std::int64_t account) {
  Statement select = RF_TRY(
      db.prepare(fmt::format("SELECT coalesce(max(id), 0) + 1 FROM {} WHERE account = ?1", table)));
  RF_TRY(select.bind(1, account).first());
  return select.integer(0);
}

// The number of the plan with this hash, 0 when there is none.
Result<std::int64_t> plan_number(Database& db, std::int64_t account, std::string_view hash) {
  Statement select = RF_TRY(db.prepare("SELECT id FROM plan WHERE account = ?1 AND hash = ?2"));
  bool found = RF_TRY(select.bind(1, account).bind(2, hash).step());
  return found ? select.integer(0) : 0;
}

Status put_items(Database& db, std::int64_t account, std::int64_t plan,
                 const std::vector<PlanItem>& items) {
  Statement insert =
      RF_TRY(db.prepare("INSERT INTO plan_item (account, plan, position, item, action, entity,"
                        " reason_code, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"));
  insert.bind(1, account).bind(2, plan);
  std::int64_t position = 0;
  for (const PlanItem& item : items) {
    std::string body = to_text(to_json(item));
    insert.bind(3, ++position).bind(4, item.id).bind(5, name_of(item.action));
    RF_TRY(insert.bind(6, item.entity).bind(7, item.reason_code).bind(8, body).run());
  }
  return {};
}

Result<std::int64_t> put_plan(Database& db, std::int64_t account, const Plan& plan) {
  std::int64_t known = RF_TRY(plan_number(db, account, plan.hash));
  if (known != 0) return known;
  std::int64_t id = RF_TRY(next_number(db, "plan", account));
  Plan without_items = plan;
  without_items.items.clear();
  std::string header = to_text(to_json(without_items));
  Statement insert =
      RF_TRY(db.prepare("INSERT INTO plan (account, id, hash, mode, made_at, expires_at, header)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"));
  insert.bind(1, account).bind(2, id).bind(3, plan.hash).bind(4, name_of(plan.mode));
  insert.bind(5, micros_of(plan.made_at)).bind(6, micros_of(plan.expires_at));
  RF_TRY(insert.bind(7, header).run());
  RF_TRY(put_items(db, account, id, plan.items));
  return id;
}

Result<std::vector<PlanItem>> plan_items(Database& db, std::int64_t account, std::int64_t plan) {
  Statement select = RF_TRY(
      db.prepare("SELECT body FROM plan_item WHERE account = ?1 AND plan = ?2 ORDER BY position"));
  select.bind(1, account).bind(2, plan);
  std::vector<PlanItem> items;
  while (true) {
    bool more = RF_TRY(select.step());
    if (!more) return items;
    Json body = RF_TRY(stored_json(select.text(0), "a plan's item"));
    PlanItem item = RF_TRY(stored<PlanItem>(body, "item"));
    items.push_back(std::move(item));
  }
}

// Days on which the account got any rows.
Result<std::vector<std::int64_t>> known_days(Database& db, std::int64_t account, Day from, Day to) {
  Statement select = RF_TRY(db.prepare(
      "SELECT DISTINCT day FROM import_day WHERE account = ?1 AND day BETWEEN ?2 AND ?3"));
  select.bind(1, account).bind(2, from.time_since_epoch().count());
  select.bind(3, to.time_since_epoch().count());
  std::vector<std::int64_t> days;
  while (true) {
    bool more = RF_TRY(select.step());
    if (!more) return days;
    days.push_back(select.integer(0));
  }
}

// A series of an entity, with all that its rows have in common.
struct EntitySeries {
  std::int64_t id = 0;
  MetricRow row;
};

Result<std::vector<EntitySeries>> series_of(Database& db, std::int64_t account,
                                            const EntityId& entity) {
  Statement select =
      RF_TRY(db.prepare("SELECT s.id, s.grain, e.level, e.campaign_id, e.campaign_name, e.adset_id,"
                        " e.adset_name, e.ad_id, e.ad_name, k.text, b.text, a.text, v.text"
                        " FROM entity e JOIN series s ON s.account = e.account AND s.entity = e.id"
                        " JOIN term k ON k.id = s.breakdown_kind JOIN term b ON b.id = s.breakdown"
                        " JOIN term a ON a.id = s.attribution JOIN term v ON v.id = s.event"
                        " WHERE e.account = ?1 AND e.key = ?2 ORDER BY s.id"));
  select.bind(1, account).bind(2, entity.text);
  std::vector<EntitySeries> all;
  auto text = [&](int at) { return std::string(select.text(at)); };
  while (true) {
    bool more = RF_TRY(select.step());
    if (!more) return all;
    EntitySeries each;
    each.id = select.integer(0);
    each.row.grain = select.text(1) == to_string(Grain::day) ? Grain::day : Grain::total;
    Level level = Level::account;
    for (Level other : {Level::campaign, Level::adset, Level::ad}) {
      if (select.text(2) == to_string(other)) level = other;
    }
    each.row.entity = {level, text(3), text(4), text(5), text(6), text(7), text(8)};
    each.row.breakdown_kind = text(9);
    each.row.breakdown = text(10);
    each.row.attribution = text(11);
    each.row.conversion_event = text(12);
    all.push_back(std::move(each));
  }
}

// Appends the versions of one series' day.
Status add_versions(Statement& select, const EntitySeries& series, std::int64_t day,
                    std::vector<MetricVersion>& versions) {
  select.bind(2, day).bind(3, series.id);
  while (true) {
    bool more = RF_TRY(select.step());
    if (!more) return {};
    MetricVersion version;
    version.row = series.row;
    version.row.day = Day(Days(day));
    version.as_of = instant_of(select.integer(0));
    version.import_id = select.integer(1);
    version.row.line = select.integer(2);
    version.file = select.text(3);
    version.row.counts = read_counts(select, 4);
    versions.push_back(std::move(version));
  }
}

}  // namespace

Result<std::optional<ImportRecord>> find_import(Database& db, std::string_view sha256,
                                                std::string_view options_sha256) {
  Statement select =
      RF_TRY(db.prepare(std::string(kImport) +
                        " WHERE sha256 = ?1 AND options_sha256 = ?2 ORDER BY id DESC LIMIT 1"));
  bool found = RF_TRY(select.bind(1, sha256).bind(2, options_sha256).step());
  if (!found) return std::optional<ImportRecord>();
  ImportRecord record = RF_TRY(read_import(select));
  return std::optional<ImportRecord>(std::move(record));
}

Result<std::vector<ImportRecord>> imports(Database& db) {
  Statement select = RF_TRY(db.prepare(std::string(kImport) + " ORDER BY id"));
  std::vector<ImportRecord> records;
  while (true) {
    bool more = RF_TRY(select.step());
    if (!more) return records;
    ImportRecord record = RF_TRY(read_import(select));
    records.push_back(std::move(record));
  }
}

Result<std::optional<Json>> document(Database& db, std::int64_t account, std::string_view name) {
  Statement select =
      RF_TRY(db.prepare("SELECT body FROM document WHERE account = ?1 AND name = ?2"));
  bool found = RF_TRY(select.bind(1, account).bind(2, name).step());
  if (!found) return std::optional<Json>();
  Json body = RF_TRY(stored_json(select.text(0), fmt::format("document '{}'", name)));
  return std::optional<Json>(std::move(body));
}

Status put_document(Database& db, std::int64_t account, std::string_view name, const Json& body) {
  Statement put =
      RF_TRY(db.prepare("INSERT INTO document (account, name, body) VALUES (?1, ?2, ?3)"
                        " ON CONFLICT (account, name) DO UPDATE SET body = excluded.body"));
  std::string text = to_text(body);
  return put.bind(1, account).bind(2, name).bind(3, text).run();
}

Result<std::int64_t> put_turn(Database& db, std::int64_t account, const TurnRecord& turn,
                              const Plan& plan) {
  Transaction transaction = RF_TRY(Transaction::begin(db, Transaction::Kind::write));
  std::int64_t plan_id = RF_TRY(put_plan(db, account, plan));
  std::int64_t id = RF_TRY(next_number(db, "turn", account));
  Statement insert =
      RF_TRY(db.prepare("INSERT INTO turn (account, id, started_at, plan, steps)"
                        " VALUES (?1, ?2, ?3, ?4, ?5)"));
  std::vector<StepText> texts;
  for (const TurnStep& step : turn.steps) texts.push_back({step.name, step.ms, step.rows});
  std::string steps = to_text(to_json(texts));
  insert.bind(1, account).bind(2, id).bind(3, micros_of(turn.started));
  RF_TRY(insert.bind(4, plan_id).bind(5, steps).run());
  RF_TRY(transaction.commit());
  return id;
}

Result<Plan> plan(Database& db, std::int64_t account, std::string_view hash) {
  // The newest is that of the last turn, even if it decided what an earlier one had decided.
  Statement select = RF_TRY(db.prepare(
      hash.empty() ? "SELECT p.id, p.header FROM turn t JOIN plan p ON p.account = t.account"
                     " AND p.id = t.plan WHERE t.account = ?1 ORDER BY t.id DESC LIMIT 1"
                   : "SELECT id, header FROM plan WHERE account = ?1 AND hash = ?2"));
  select.bind(1, account);
  if (!hash.empty()) select.bind(2, hash);
  bool found = RF_TRY(select.step());
  if (!found) {
    return fail(ErrorCode::not_found, hash.empty()
                                          ? std::string("no plan was made yet; run a turn first")
                                          : fmt::format("no plan has the hash '{}'", hash));
  }
  Json header = RF_TRY(stored_json(select.text(1), "a plan"));
  Plan plan = RF_TRY(stored<Plan>(header, "plan"));
  plan.items = RF_TRY(plan_items(db, account, select.integer(0)));
  return plan;
}

Result<std::vector<TurnRecord>> turns(Database& db, std::int64_t account, std::int64_t limit) {
  Statement select =
      RF_TRY(db.prepare("SELECT t.id, a.key, t.started_at, t.steps, p.hash FROM turn t"
                        " JOIN account a ON a.id = t.account"
                        " JOIN plan p ON p.account = t.account AND p.id = t.plan"
                        " WHERE t.account = ?1 ORDER BY t.id DESC LIMIT ?2"));
  select.bind(1, account).bind(2, limit);
  std::vector<TurnRecord> records;
  while (true) {
    bool more = RF_TRY(select.step());
    if (!more) return records;
    TurnRecord record;
    record.id = select.integer(0);
    record.account = select.text(1);
    record.started = instant_of(select.integer(2));
    Json steps = RF_TRY(stored_json(select.text(3), "a turn's steps"));
    std::vector<StepText> texts = RF_TRY(stored<std::vector<StepText>>(steps, "steps"));
    for (StepText& text : texts) record.steps.push_back({text.name, text.ms, text.rows});
    record.plan_hash = select.text(4);
    records.push_back(std::move(record));
  }
}

Result<std::vector<MetricVersion>> versions(Database& db, std::int64_t account,
                                            const EntityId& entity, Day from, Day to) {
  std::vector<EntitySeries> series = RF_TRY(series_of(db, account, entity));
  std::vector<std::int64_t> days = RF_TRY(known_days(db, account, from, to));
  Statement select =
      RF_TRY(db.prepare("SELECT m.as_of, m.import_id, m.line, i.file" + metric_columns() +
                        " FROM metric_row m JOIN import_log i ON i.id = m.import_id"
                        " WHERE m.account = ?1 AND m.day = ?2 AND m.series = ?3"));
  select.bind(1, account);
  std::vector<MetricVersion> versions;
  for (const EntitySeries& each : series) {
    if (each.row.grain == Grain::total) {
      RF_TRY(add_versions(select, each, 0, versions));
      continue;
    }
    for (std::int64_t day : days) RF_TRY(add_versions(select, each, day, versions));
  }
  std::ranges::stable_sort(versions, [](const MetricVersion& a, const MetricVersion& b) {
    return std::tie(a.row.day, a.as_of, a.import_id) < std::tie(b.row.day, b.as_of, b.import_id);
  });
  return versions;
}

}  // namespace rf
