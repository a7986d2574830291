#include "store/sqlite_resolve.h"

#include <algorithm>
#include <tuple>

#include "store/sqlite_counts.h"

namespace rf {
namespace {

Level level_of(std::string_view text) {
  for (Level level : {Level::account, Level::campaign, Level::adset}) {
    if (text == to_string(level)) return level;
  }
  return Level::ad;
}

}  // namespace

Result<SeriesTable> SeriesTable::open(Database& db, std::int64_t account) {
  Statement select =
      RF_TRY(db.prepare("SELECT s.whole, s.breakdown_kind, e.level, s.grain FROM series s"
                        " JOIN entity e ON e.account = s.account AND e.id = s.entity"
                        " WHERE s.account = ?1 AND s.id = ?2"));
  select.bind(1, account);
  return SeriesTable(std::move(select));
}

Result<const SeriesFacts*> SeriesTable::find(std::int64_t series) {
  auto known = facts_.find(series);
  if (known != facts_.end()) return &known->second;
  bool found = RF_TRY(select_.bind(2, series).first());
  if (!found) {
    return fail(ErrorCode::corrupt,
                "a metric row names a series that does not exist; run check, restore a backup");
  }
  SeriesFacts& facts = facts_[series];
  facts.whole = select_.integer(0);
  facts.breakdown_kind = select_.integer(1);
  facts.level = level_of(select_.text(2));
  facts.grain = select_.text(3) == to_string(Grain::day) ? Grain::day : Grain::total;
  select_.reset();
  return &facts;
}

Result<Resolver> Resolver::open(Database& db, SeriesTable& table) {
  Statement rows = RF_TRY(db.prepare("SELECT day, series, as_of, import_id" + metric_columns() +
                                     " FROM metric_row WHERE account = ?1 AND day BETWEEN ?2 AND ?3"
                                     " AND as_of <= ?4 AND import_id <= ?5"
                                     " ORDER BY day, series, as_of, import_id"));
  return Resolver(std::move(rows), table);
}

Status Resolver::visit(const Knowledge& knowledge, std::int64_t from, std::int64_t to,
                       const VisitResolved& visit) {
  rows_.reset();
  rows_.bind(1, knowledge.account).bind(2, from).bind(3, to);
  rows_.bind(4, knowledge.as_of).bind(5, knowledge.import_id);
  series_ = 0;
  while (true) {
    bool more = RF_TRY(rows_.step());
    if (!more) break;
    std::int64_t day = rows_.integer(0);
    std::int64_t series = rows_.integer(1);
    bool same_day = series_ != 0 && day == day_;
    if (!same_day || series != series_) RF_TRY(end_series(visit));
    if (!same_day) RF_TRY(end_day(visit));
    day_ = day;
    series_ = series;
    as_of_ = rows_.integer(2);
    import_id_ = rows_.integer(3);
    counts_ = read_counts(rows_, 4);
  }
  RF_TRY(end_series(visit));
  return end_day(visit);
}

Status Resolver::end_series(const VisitResolved& visit) {
  if (series_ == 0) return {};
  const SeriesFacts* facts = RF_TRY(table_->find(series_));
  if (facts->whole != series_) return add_to_parts(*facts);
  wholes_.push_back(series_);
  return visit(day_, series_, counts_);
}

Status Resolver::add_to_parts(const SeriesFacts& facts) {
  if (std::ranges::binary_search(wholes_, facts.whole)) return {};
  std::vector<Parts>& kinds = parts_[facts.whole];
  auto found = std::ranges::find(kinds, facts.breakdown_kind, &Parts::kind);
  if (found == kinds.end()) {
    kinds.push_back({facts.breakdown_kind, as_of_, import_id_, counts_});
    return {};
  }
  RF_TRY(add_part(found->sum, counts_));
  std::tie(found->as_of, found->import_id) =
      std::max(std::tuple(found->as_of, found->import_id), std::tuple(as_of_, import_id_));
  return {};
}

Status Resolver::end_day(const VisitResolved& visit) {
  wholes_.clear();
  if (parts_.empty()) return {};
  std::vector<std::int64_t> order;
  order.reserve(parts_.size());
  for (const auto& each : parts_) order.push_back(each.first);
  std::ranges::sort(order);
  for (std::int64_t whole : order) {
    const auto& kinds = parts_[whole];
    auto last = std::ranges::max_element(kinds, {}, [](const Parts& parts) {
      return std::tuple(parts.as_of, parts.import_id, parts.kind);
    });
    RF_TRY(visit(day_, whole, last->sum));
  }
  parts_.clear();
  return {};
}

}  // namespace rf
