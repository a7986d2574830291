// How fast rows go into an SQLite store and come out again.
//
// The baseline is the least that SQLite can do with the same rows in the same run: one prepared
// INSERT into a plain table of the same columns, without keys, history or names.
// Budget: 4 s for 1,000,000 rows into a new store on one core, 150 MB of memory.

#include <memory>
#include <string>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include "store/sqlite.h"
#include "store/sqlite_counts.h"
#include "store/sqlite_database.h"
#include "store/store_testing.h"

namespace rf {
namespace {

constexpr std::int64_t kAds = 10'000;

// Disks differ; this is the one that holds the working directory's neighbours, not memory.
constexpr std::string_view kFolder = "/var/tmp";

// As an export of one platform gives it: a dozen of the 35 metrics.
MetricRow export_row(std::int64_t ad, std::int64_t day, std::int64_t salt) {
  MetricRow row = test_row(ad, day, 1'000 + (ad * 7'919 + day * 104'729 + salt) % 50'000);
  std::int64_t seen = row.counts.or_zero(Metric::impressions);
  row.counts.set(Metric::reach, seen * 9 / 10);
  row.counts.set(Metric::clicks_all, seen / 50);
  row.counts.set(Metric::link_clicks, seen / 60);
  row.counts.set(Metric::video_3s, seen / 4);
  row.counts.set(Metric::thruplays, seen / 9);
  row.counts.set(Metric::video_p25, seen / 5);
  row.counts.set(Metric::video_p50, seen / 8);
  row.counts.set(Metric::video_p100, seen / 20);
  row.counts.set(Metric::purchases, seen / 900 * 1'000'000);
  row.counts.set(Metric::purchase_value, seen / 900 * 49'990'000);
  row.line = day * kAds + ad + 2;
  return row;
}

enum class Order : std::int64_t { by_day, by_ad };

// Calls take(row) for `days` days of kAds ads.
template <typename Take>
void each_row(Order order, std::int64_t from, std::int64_t days, Take take, std::int64_t salt = 0) {
  std::int64_t outer_end = order == Order::by_day ? days : kAds;
  std::int64_t inner_end = order == Order::by_day ? kAds : days;
  for (std::int64_t outer = 0; outer < outer_end; ++outer) {
    for (std::int64_t inner = 0; inner < inner_end; ++inner) {
      std::int64_t ad = order == Order::by_day ? inner : outer;
      std::int64_t day = order == Order::by_day ? outer : inner;
      take(export_row(ad, from + day, salt));
    }
  }
}

WriteSummary import_days(Store& store, std::int64_t hour, Order order, std::int64_t from,
                         std::int64_t days, std::int64_t salt = 0) {
  Account account = test_account();
  auto writer = store.write_metrics(test_source(hour)).value();
  each_row(
      order, from, days, [&](const MetricRow& row) { writer->add(account, row).value(); }, salt);
  return writer->commit(Json()).value();
}

double megabytes_max() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

// Making the rows, which the other figures contain.
void make_rows(benchmark::State& state) {
  for (auto _ : state) {
    each_row(Order::by_day, 0, 100, [](const MetricRow& row) { benchmark::DoNotOptimize(&row); });
  }
  state.SetItemsProcessed(state.iterations() * 100 * kAds);
}

// REQUIRES: the 12 metrics of export_row.
void insert_plain(Database& db, Statement& insert, const MetricRow& row) {
  insert.bind(1, 1).bind(2, row.day.time_since_epoch().count()).bind(3, row.line % kAds);
  insert.bind(4, 0).bind(5, 1).bind(6, row.line);
  int at = 7;
  for (const MetricInfo& info : all_metrics()) {
    if (row.counts.has(info.metric)) insert.bind(at++, row.counts.or_zero(info.metric));
  }
  RF_CHECK(insert.step_code() == SQLITE_DONE);
  insert.reset();
  benchmark::DoNotOptimize(db);
}

// The baseline.
void insert_into_plain_table(benchmark::State& state) {
  for (auto _ : state) {
    TemporaryFolder folder(kFolder);
    Database db = Database::open(folder.file("plain.db"), SqliteOptions()).value();
    db.execute("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL").value();
    std::string names = "account, day, series, as_of, import_id, line";
    db.execute(fmt::format("CREATE TABLE plain ({}{})", names, metric_columns())).value();
    std::string values;
    MetricRow sample = export_row(1, 1, 0);
    for (const MetricInfo& info : all_metrics()) {
      if (!sample.counts.has(info.metric)) continue;
      names.append(", ").append(info.name);
      values.append(", ?");
    }
    std::string sql =
        fmt::format("INSERT INTO plain ({}) VALUES (?, ?, ?, ?, ?, ?{})", names, values);
    Statement insert = db.prepare(sql).value();
    Transaction transaction = Transaction::begin(db, Transaction::Kind::write).value();
    each_row(Order::by_day, 0, 100, [&](const MetricRow& row) { insert_plain(db, insert, row); });
    transaction.commit().value();
  }
  state.SetItemsProcessed(state.iterations() * 100 * kAds);
}

void import_fresh(benchmark::State& state) {
  for (auto _ : state) {
    TemporaryFolder folder(kFolder);
    auto store = open_sqlite(folder.file("store.db")).value();
    import_days(*store, 1, static_cast<Order>(state.range(0)), 0, 100);
  }
  state.SetItemsProcessed(state.iterations() * 100 * kAds);
  state.counters["MB_max"] = megabytes_max();
}

// The same rows from another file: all unchanged. Then all restated.
void import_again(benchmark::State& state) {
  bool restated = state.range(0) != 0;
  TemporaryFolder folder(kFolder);
  auto store = open_sqlite(folder.file("store.db")).value();
  import_days(*store, 1, Order::by_day, 0, 100);
  std::int64_t hour = 2;
  for (auto _ : state) {
    WriteSummary summary = import_days(*store, hour, Order::by_day, 0, 100, restated ? hour : 0);
    RF_CHECK(summary.added == 0 && (summary.restated == 0) != restated);
    ++hour;
  }
  state.SetItemsProcessed(state.iterations() * 100 * kAds);
  state.counters["MB_max"] = megabytes_max();
}

// KAG's shape: every row an ad of its own.
constexpr std::int64_t kDistinctAds = 300'000;
void import_distinct_ads(benchmark::State& state) {
  Account account = test_account();
  for (auto _ : state) {
    TemporaryFolder folder(kFolder);
    auto store = open_sqlite(folder.file("store.db")).value();
    auto writer = store->write_metrics(test_source(1)).value();
    for (std::int64_t ad = 0; ad < kDistinctAds; ++ad) {
      writer->add(account, export_row(ad, 1, 0)).value();
    }
    writer->commit(Json()).value();
  }
  state.SetItemsProcessed(state.iterations() * kDistinctAds);
  state.counters["MB_max"] = megabytes_max();
}

void remember_all(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    TemporaryFolder folder(kFolder);
    auto store = open_sqlite(folder.file("store.db")).value();
    import_days(*store, 1, Order::by_day, 0, 100);
    state.ResumeTiming();
    RF_CHECK(store->remember(test_account().id).value().days == 100);
  }
  state.SetItemsProcessed(state.iterations() * 100 * kAds);
  state.counters["MB_max"] = megabytes_max();
}

// One new day and a restated one after a history of so many days. Ten times the history must not
// cost more than half again.
void remember_one_day(benchmark::State& state) {
  TemporaryFolder folder(kFolder);
  auto store = open_sqlite(folder.file("store.db")).value();
  std::int64_t days = state.range(0);
  import_days(*store, 1, Order::by_day, 0, days);
  RF_CHECK(store->remember(test_account().id).has_value());
  std::int64_t hour = 2;
  for (auto _ : state) {
    state.PauseTiming();
    import_days(*store, hour, Order::by_day, days - 1, 2, hour);
    ++hour;
    ++days;
    state.ResumeTiming();
    RF_CHECK(store->remember(test_account().id).value().days == 2);
  }
  state.SetItemsProcessed(state.iterations() * 2 * kAds);
}

// What a turn reads: all totals, and the last 28 days.
void read_totals(benchmark::State& state) {
  TemporaryFolder folder(kFolder);
  auto store = open_sqlite(folder.file("store.db")).value();
  import_days(*store, 1, Order::by_day, 0, 30);
  RF_CHECK(store->remember(test_account().id).has_value());
  for (auto _ : state) {
    RF_CHECK(store->totals(test_account().id, Level::ad).value().size() == kAds);
  }
  state.SetItemsProcessed(state.iterations() * kAds);
}

void read_28_days(benchmark::State& state) {
  TemporaryFolder folder(kFolder);
  auto store = open_sqlite(folder.file("store.db")).value();
  import_days(*store, 1, Order::by_day, 0, 100);
  RF_CHECK(store->remember(test_account().id).has_value());
  std::int64_t seen = 0;
  for (auto _ : state) {
    Status done = store->each_day(test_account().id, Level::ad, test_day(72), test_day(99),
                                  [&](const EntityDay&) -> Status {
                                    ++seen;
                                    return {};
                                  });
    RF_CHECK(done.has_value());
  }
  RF_CHECK(seen == static_cast<std::int64_t>(state.iterations()) * 28 * kAds);
  state.SetItemsProcessed(seen);
}

BENCHMARK(make_rows)->Unit(benchmark::kMillisecond);
BENCHMARK(insert_into_plain_table)->Unit(benchmark::kMillisecond)->Iterations(1)->UseRealTime();
BENCHMARK(import_fresh)
    ->ArgName("by_ad")
    ->Arg(0)
    ->Arg(1)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1)
    ->UseRealTime();
BENCHMARK(import_again)
    ->ArgName("restated")
    ->Arg(0)
    ->Arg(1)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1)
    ->UseRealTime();
BENCHMARK(import_distinct_ads)->Unit(benchmark::kMillisecond)->Iterations(1)->UseRealTime();
BENCHMARK(remember_all)->Unit(benchmark::kMillisecond)->Iterations(1)->UseRealTime();
BENCHMARK(remember_one_day)
    ->ArgName("history_days")
    ->Arg(10)
    ->Arg(100)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(5)
    ->UseRealTime();
BENCHMARK(read_totals)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(read_28_days)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace rf
