// What every store promises, whatever it is made of; and the same told by a slow, plain model.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "store/sqlite.h"
#include "store/store.h"
#include "store/store_testing.h"

namespace rf {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct Kind {
  std::string name;
  std::function<Result<std::unique_ptr<Store>>(const std::string& path)> open;
};

std::ostream& operator<<(std::ostream& out, const Kind& kind) { return out << kind.name; }

class StoreContract : public testing::TestWithParam<Kind> {
 protected:
  StoreContract() { reopen(); }

  void reopen() {
    store_.reset();
    store_ = GetParam().open(folder_.file("store.db")).value();
  }

  WriteSummary write(const ImportSource& source, const std::vector<MetricRow>& rows) {
    return write_rows(*store_, source, rows).value();
  }

  std::vector<EntityTotals> totals(Level level = Level::ad) {
    return store_->totals(id_, level).value();
  }

  std::vector<EntityTotals> totals_as_of(std::int64_t hour, Level level = Level::ad) {
    return store_->totals_as_of(id_, level, test_instant(hour)).value();
  }

  std::vector<EntityDay> days(Level level, Day from, Day to) {
    std::vector<EntityDay> all;
    Status status = store_->each_day(id_, level, from, to, [&](const EntityDay& day) -> Status {
      all.push_back(day);
      return {};
    });
    EXPECT_TRUE(status.has_value());
    return all;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
  AccountId id_ = test_account().id;
};

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract,
                         testing::Values(Kind{
                             "sqlite", [](const std::string& path) { return open_sqlite(path); }}),
                         [](const auto& each) { return each.param.name; });

// ---- The model: all versions in a list, everything worked out from it.

using ModelKey =
    std::tuple<std::string, Grain, Day, std::string, std::string, std::string, std::string>;

ModelKey key_of(const MetricRow& row) {
  return {id_of(row.entity).text, row.grain,           row.day, row.breakdown_kind, row.breakdown,
          row.attribution,        row.conversion_event};
}

struct ModelVersion {
  MetricRow row;
  std::int64_t as_of = 0;
  std::int64_t import_id = 0;

  std::pair<std::int64_t, std::int64_t> age() const { return {as_of, import_id}; }
};

// By hand, apart from the store's own sums: what adds is added, reach is lost.
Counts sum_of(const Counts& a, const Counts& b) {
  Counts sum;
  for (const MetricInfo& info : all_metrics()) {
    if (!info.additive) continue;
    if (!a.has(info.metric) && !b.has(info.metric)) continue;
    sum.set(info.metric, a.or_zero(info.metric) + b.or_zero(info.metric));
  }
  return sum;
}

class Model {
 public:
  void import(std::int64_t hour, const std::vector<MetricRow>& rows) {
    ++imports_;
    std::map<ModelKey, MetricRow> merged;
    for (const MetricRow& row : rows) {
      auto [found, is_new] = merged.try_emplace(key_of(row), row);
      if (!is_new) found->second.counts = sum_of(found->second.counts, row.counts);
    }
    for (const auto& [key, row] : merged) {
      const ModelVersion* before = latest(key, hour);
      if (before != nullptr && before->row.counts == row.counts) continue;
      versions_.push_back({row, hour, imports_});
    }
  }

  // Resolved days by (level, entity, attribution, event, grain, day).
  using Days =
      std::map<std::tuple<Level, std::string, std::string, std::string, Grain, Day>, Counts>;

  Days resolved(std::int64_t hour) const {
    std::map<ModelKey, const ModelVersion*> newest;
    for (const ModelVersion& each : versions_) {
      if (each.as_of > hour) continue;
      const ModelVersion*& known = newest[key_of(each.row)];
      if (known == nullptr || known->age() < each.age()) known = &each;
    }
    std::map<Days::key_type, std::map<std::string, std::vector<const ModelVersion*>>> kinds;
    for (const auto& [key, version] : newest) {
      const MetricRow& row = version->row;
      kinds[{row.entity.level, id_of(row.entity).text, row.attribution, row.conversion_event,
             row.grain, row.day}][row.breakdown_kind]
          .push_back(version);
    }
    Days days;
    for (const auto& [key, of_kind] : kinds) days[key] = resolve(of_kind);
    return days;
  }

  std::vector<EntityTotals> totals(Level level, std::int64_t hour) const {
    std::map<std::tuple<std::string, std::string, std::string>, EntityTotals> found;
    for (const auto& [key, counts] : resolved(hour)) {
      const auto& [its_level, entity, attribution, event, grain, day] = key;
      if (its_level != level) continue;
      EntityTotals& totals = found[{entity, attribution, event}];
      // In the order of the map the days come before the total.
      if (grain == Grain::total && totals.days > 0) continue;
      totals.id.text = entity;
      totals.attribution = attribution;
      totals.conversion_event = event;
      totals.counts = totals.days == 0 ? counts : sum_of(totals.counts, counts);
      if (grain == Grain::total) continue;
      if (totals.days == 0) totals.first_day = day;
      totals.last_day = day;
      ++totals.days;
    }
    std::vector<EntityTotals> all;
    all.reserve(found.size());
    for (const auto& each : found) all.push_back(each.second);
    return all;
  }

 private:
  using ByKind = std::map<std::string, std::vector<const ModelVersion*>>;

  static Counts resolve(const ByKind& kinds) {
    auto whole = kinds.find("");
    if (whole != kinds.end()) return whole->second.front()->row.counts;
    auto age_of = [](const ByKind::value_type& kind) {
      std::pair<std::int64_t, std::int64_t> age;
      for (const ModelVersion* part : kind.second) age = std::max(age, part->age());
      return age;
    };
    const auto& [kind, parts] = *std::ranges::max_element(kinds, {}, age_of);
    Counts counts = parts.front()->row.counts;
    for (std::size_t i = 1; i < parts.size(); ++i) counts = sum_of(counts, parts[i]->row.counts);
    return counts;
  }

  const ModelVersion* latest(const ModelKey& key, std::int64_t hour) const {
    const ModelVersion* found = nullptr;
    for (const ModelVersion& each : versions_) {
      if (each.as_of > hour || key_of(each.row) != key) continue;
      if (found == nullptr || found->age() < each.age()) found = &each;
    }
    return found;
  }

  std::vector<ModelVersion> versions_;
  std::int64_t imports_ = 0;
};

// Names are compared elsewhere.
std::vector<EntityTotals> without_names(std::vector<EntityTotals> totals) {
  for (EntityTotals& each : totals) each.entity = Entity();
  return totals;
}

// One import has parts of one kind only: real files do, and which of two kinds in one file is the
// later is nobody's business.
std::vector<MetricRow> random_rows(Rng& rng) {
  std::string kind = rng.below(2) == 0 ? "age" : "gender";
  std::vector<MetricRow> rows;
  for (std::uint64_t i = rng.below(20) + 1; i > 0; --i) {
    rows.push_back(random_row(rng));
    if (!rows.back().breakdown_kind.empty()) rows.back().breakdown_kind = kind;
  }
  return rows;
}

TEST_P(StoreContract, TotalsAreTheSameKeptAndAfreshAndInTheModelWhateverTheHistory) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    store_ = GetParam().open(folder_.file("store" + std::to_string(seed))).value();
    Rng rng(seed);
    Model model;
    for (int import = 0; import < 8; ++import) {
      auto hour = static_cast<std::int64_t>(rng.below(10));
      std::vector<MetricRow> rows = random_rows(rng);
      write(test_source(hour, "f" + std::to_string(import)), rows);
      model.import(hour, rows);
      if (rng.below(2) == 0) {
        ASSERT_TRUE(store_->remember(id_).has_value());
      }
    }
    ASSERT_TRUE(store_->remember(id_).has_value());
    ASSERT_THAT(store_->check().value(), IsEmpty());
    for (Level level : {Level::ad, Level::campaign}) {
      ASSERT_EQ(without_names(totals(level)), model.totals(level, 1000));
      for (std::int64_t hour = 0; hour <= 10; ++hour) {
        ASSERT_EQ(without_names(totals_as_of(hour, level)), model.totals(level, hour));
      }
      auto resolved = model.resolved(1000);
      std::size_t seen = 0;
      for (const EntityDay& day : days(level, test_day(1), test_day(3))) {
        auto found = resolved.find(
            {level, day.id.text, day.attribution, day.conversion_event, Grain::day, day.day});
        ASSERT_NE(found, resolved.end());
        ASSERT_EQ(found->second, day.counts);
        ++seen;
      }
      auto expected = std::ranges::count_if(resolved, [&](const auto& each) {
        return std::get<Level>(each.first) == level && std::get<Grain>(each.first) == Grain::day &&
               std::get<Day>(each.first) >= test_day(1) && std::get<Day>(each.first) <= test_day(3);
      });
      ASSERT_EQ(seen, static_cast<std::size_t>(expected));
    }
  }
}

TEST_P(StoreContract, WhatWasKnownThenIsWhatTheTotalsWereThen) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    store_ = GetParam().open(folder_.file("store" + std::to_string(seed))).value();
    Rng rng(seed);
    std::vector<std::vector<EntityTotals>> recorded;
    for (std::int64_t hour = 0; hour < 8; ++hour) {
      write(test_source(hour), random_rows(rng));
      ASSERT_TRUE(store_->remember(id_).has_value());
      recorded.push_back(totals());
    }
    for (std::int64_t hour = 0; hour < 8; ++hour) {
      ASSERT_EQ(totals_as_of(hour), recorded[static_cast<std::size_t>(hour)]);
    }
  }
}

TEST_P(StoreContract, TheSameRowsTwiceChangeNothing) {
  std::vector<MetricRow> rows{test_row(1, 1, 10), test_row(2, 1, 20), test_row(1, 2, 30)};
  WriteSummary first = write(test_source(1), rows);
  EXPECT_EQ(first, (WriteSummary{1, 3, 0, 0}));
  EXPECT_EQ(write(test_source(1), rows), (WriteSummary{1, 0, 0, 3}));
  EXPECT_THAT(store_->imports().value(), SizeIs(1));
  EXPECT_EQ(store_->remember(id_).value(), (Remembered{3, 2}));
  EXPECT_EQ(write(test_source(2), rows), (WriteSummary{2, 0, 0, 3}));
  EXPECT_EQ(store_->remember(id_).value(), (Remembered{0, 0}));
}

TEST_P(StoreContract, ARestatedDayIsANewVersionAndTheOldOneStays) {
  write(test_source(1), {test_row(1, 1, 10), test_row(2, 1, 5)});
  EXPECT_EQ(write(test_source(9), {test_row(1, 1, 12), test_row(2, 1, 5)}),
            (WriteSummary{2, 0, 1, 1}));
  std::vector<MetricVersion> versions =
      store_->versions(id_, id_of(test_ad(1)), test_day(0), test_day(9)).value();
  ASSERT_THAT(versions, SizeIs(2));
  EXPECT_EQ(versions[0].row, test_row(1, 1, 10));
  EXPECT_EQ(versions[1].row, test_row(1, 1, 12));
  EXPECT_EQ(versions[1].as_of, test_instant(9));
  EXPECT_EQ(versions[1].file, "exports/file-9.csv");
  EXPECT_EQ(versions[1].import_id, 2);
  EXPECT_EQ(totals_as_of(8)[0].counts.get(Metric::impressions), 10);
  EXPECT_EQ(totals_as_of(9)[0].counts.get(Metric::impressions), 12);
  EXPECT_THAT(totals_as_of(0), IsEmpty());
}

TEST_P(StoreContract, ALateSourceIsComparedWithWhatWasKnownBeforeIt) {
  write(test_source(5), {test_row(1, 1, 10)});
  EXPECT_EQ(write(test_source(3), {test_row(1, 1, 10)}), (WriteSummary{2, 0, 1, 0}));
  EXPECT_EQ(write(test_source(4), {test_row(1, 1, 10)}), (WriteSummary{3, 0, 0, 1}));
  EXPECT_EQ(totals_as_of(4)[0].counts.get(Metric::impressions), 10);
}

TEST_P(StoreContract, ADayIsKnownAtTheLastTimeItWasSpokenOfAlsoWhereNothingHadChanged) {
  EXPECT_EQ(store_->known_at(id_, test_day(1)).value(), std::nullopt);
  write(test_source(3), {test_row(1, 1, 10), test_row(1, 2, 10)});
  write(test_source(7), {test_row(1, 1, 10)});
  write(test_source(5), {test_row(1, 1, 10)});
  EXPECT_EQ(store_->known_at(id_, test_day(3)).value(), std::nullopt);
  EXPECT_EQ(store_->known_at(id_, test_day(1)).value(), test_instant(7));
  EXPECT_EQ(store_->known_at(id_, test_day(2)).value(), test_instant(3));
  EXPECT_EQ(store_->remember(id_).value(), (Remembered{2, 2}));
  EXPECT_THAT(store_->check().value(), IsEmpty());
}

TEST_P(StoreContract, RowsOfOneKeyAddUpAndReachDoesNot) {
  MetricRow row = test_row(1, 1, 10);
  row.counts.set(Metric::reach, 7);
  row.line = 5;
  MetricRow again = row;
  again.line = 9;
  EXPECT_EQ(write(test_source(1), {row, again}), (WriteSummary{1, 1, 0, 0}));
  ASSERT_TRUE(store_->remember(id_).has_value());
  EXPECT_EQ(totals()[0].counts.get(Metric::impressions), 20);
  EXPECT_EQ(totals()[0].counts.get(Metric::reach), std::nullopt);
  auto versions = store_->versions(id_, id_of(row.entity), test_day(1), test_day(1)).value();
  ASSERT_THAT(versions, SizeIs(1));
  EXPECT_EQ(versions[0].row.line, 5);
}

// More rows lie between the two than a store will keep in memory.
TEST_P(StoreContract, RowsOfOneKeyAddUpAlsoFromTheTwoEndsOfALargeFile) {
  std::vector<MetricRow> rows{test_row(1, 1, 10)};
  for (std::int64_t ad = 10; ad < 40'010; ++ad) rows.push_back(test_row(ad, 2, 1));
  rows.push_back(test_row(1, 1, 5));
  rows.push_back(test_row(11, 2, 1));
  EXPECT_EQ(write(test_source(1), rows), (WriteSummary{1, 40'001, 0, 0}));
  // The sum is what was known, though neither part is.
  EXPECT_EQ(write(test_source(2), rows), (WriteSummary{2, 0, 0, 40'001}));
  // The first part alone is what was known, the sum is not.
  rows.front() = test_row(1, 1, 15);
  EXPECT_EQ(write(test_source(3), rows), (WriteSummary{3, 0, 1, 40'000}));
  EXPECT_EQ(totals_as_of(3)[0].counts.get(Metric::impressions), 20);
  EXPECT_THAT(store_->check().value(), IsEmpty());
}

TEST_P(StoreContract, AWriterThatIsDroppedLeavesNoTrace) {
  {
    auto writer = store_->write_metrics(test_source(1)).value();
    ASSERT_TRUE(writer->add(test_account(), test_row(1, 1, 10)).has_value());
  }
  EXPECT_THAT(store_->accounts().value(), IsEmpty());
  EXPECT_THAT(store_->imports().value(), IsEmpty());
  EXPECT_EQ(write(test_source(1), {test_row(1, 1, 10)}).added, 1);
}

TEST_P(StoreContract, APreviewTellsWhatACommitWouldAndKeepsNothing) {
  write(test_source(1), {test_row(1, 1, 10), test_row(2, 1, 10)});
  std::vector<MetricRow> rows{test_row(1, 1, 10), test_row(2, 1, 11), test_row(3, 1, 1)};
  auto writer = store_->write_metrics(test_source(2)).value();
  for (const MetricRow& row : rows) ASSERT_TRUE(writer->add(test_account(), row).has_value());
  EXPECT_EQ(writer->preview().value(), (WriteSummary{0, 1, 1, 1}));
  writer.reset();
  EXPECT_THAT(store_->imports().value(), SizeIs(1));
  EXPECT_EQ(write(test_source(2), rows), (WriteSummary{2, 1, 1, 1}));
}

TEST_P(StoreContract, ReadersSeeTheStoreAsItWasWhileAWriterIsOpen) {
  write(test_source(1), {test_row(1, 1, 10)});
  auto writer = store_->write_metrics(test_source(2)).value();
  ASSERT_TRUE(writer->add(test_account(), test_row(2, 1, 10)).has_value());
  EXPECT_THAT(totals_as_of(9), SizeIs(1));
  ASSERT_TRUE(writer->commit(Json()).has_value());
  EXPECT_THAT(totals_as_of(9), SizeIs(2));
}

TEST_P(StoreContract, AnAccountKeepsItsCurrencyAndPlatform) {
  write(test_source(1), {test_row(1, 1, 10)});
  Account account = test_account();
  account.name = "Shop, renamed";
  account.zone = TimeZone::parse("Europe/Berlin").value();
  ASSERT_TRUE(store_->put_account(account).has_value());
  EXPECT_THAT(store_->accounts().value(), ElementsAre(account));
  Account in_euro = account;
  in_euro.currency = Currency::parse("EUR").value();
  EXPECT_EQ(store_->put_account(in_euro).error().code, ErrorCode::conflict);
  Account elsewhere = account;
  elsewhere.platform = Platform::tiktok;
  EXPECT_EQ(store_->put_account(elsewhere).error().code, ErrorCode::conflict);
  auto writer = store_->write_metrics(test_source(2)).value();
  Status refused = writer->add(in_euro, test_row(1, 2, 10));
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_EQ(writer->commit(Json()).error().message, refused.error().message);
  EXPECT_THAT(store_->accounts().value(), ElementsAre(account));
}

TEST_P(StoreContract, AccountsDoNotMix) {
  write(test_source(1), {test_row(1, 1, 10)});
  Account other = test_account("meta:2");
  ASSERT_TRUE(write_rows(*store_, test_source(2), {test_row(1, 1, 99)}, other).has_value());
  ASSERT_TRUE(store_->remember(id_).has_value());
  EXPECT_EQ(totals()[0].counts.get(Metric::impressions), 10);
  EXPECT_THAT(store_->totals(other.id, Level::ad).value(), IsEmpty());
  ASSERT_TRUE(store_->remember(other.id).has_value());
  EXPECT_EQ(store_->totals(other.id, Level::ad).value()[0].counts.get(Metric::impressions), 99);
}

TEST_P(StoreContract, AnUnknownAccountIsEmpty) {
  AccountId nobody{"meta:nobody"};
  EXPECT_EQ(store_->remember(nobody).value(), Remembered());
  EXPECT_THAT(store_->totals(nobody, Level::ad).value(), IsEmpty());
  EXPECT_THAT(store_->totals_as_of(nobody, Level::ad, test_instant(1)).value(), IsEmpty());
  EXPECT_THAT(store_->versions(nobody, EntityId{"ad:1"}, test_day(0), test_day(9)).value(),
              IsEmpty());
  EXPECT_THAT(store_->turns(nobody, 10).value(), IsEmpty());
  EXPECT_EQ(store_->document(nobody, "policy").value(), std::nullopt);
  EXPECT_EQ(store_->plan(nobody, "").error().code, ErrorCode::not_found);
  EXPECT_EQ(store_->put_document(nobody, "policy", Json(1)).error().code, ErrorCode::not_found);
  TurnRecord turn;
  turn.account = nobody.text;
  EXPECT_EQ(store_->put_turn(turn, Plan()).error().code, ErrorCode::not_found);
}

TEST_P(StoreContract, TheNewestNamesOfAnAdAreShown) {
  write(test_source(5), {test_row(1, 1, 10)});
  MetricRow renamed = test_row(1, 2, 10);
  renamed.entity.ad_name = "Ad 1, renamed";
  renamed.entity.campaign_name = "";
  write(test_source(6), {renamed});
  MetricRow older = test_row(1, 3, 10);
  older.entity.ad_name = "Ad 1, draft";
  write(test_source(2), {older});
  Entity shown = totals_as_of(9)[0].entity;
  EXPECT_EQ(shown.ad_name, "Ad 1, renamed");
  EXPECT_EQ(shown.campaign_name, "Campaign 0");
}

TEST_P(StoreContract, AbsurdAmountsAreRefusedByLine) {
  MetricRow row = test_row(1, 1, 10);
  row.counts.set(Metric::spend, 100'000'000'000'000'001);
  row.line = 17;
  Result<WriteSummary> refused = write_rows(*store_, test_source(1), {row});
  EXPECT_EQ(refused.error().code, ErrorCode::invalid);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("line 17"));
}

TEST_P(StoreContract, AnImportIsFoundByItsBytesAndOptions) {
  ImportSource source = test_source(1, "abc");
  write(source, {test_row(1, 1, 10)});
  std::optional<ImportRecord> found = store_->find_import("abc", "options").value();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->source.file, source.file);
  EXPECT_EQ(found->source.as_of, source.as_of);
  EXPECT_EQ(found->summary, (WriteSummary{1, 1, 0, 0}));
  EXPECT_EQ(found->report, Json("report of exports/abc.csv"));
  EXPECT_EQ(store_->find_import("abc", "other").value().has_value(), false);
  EXPECT_EQ(store_->find_import("abd", "options").value().has_value(), false);
}

TEST_P(StoreContract, AWalkOverDaysEndsWithTheVisitorsError) {
  write(test_source(1), {test_row(1, 1, 10), test_row(1, 2, 10)});
  EXPECT_THAT(days(Level::ad, test_day(0), test_day(9)), IsEmpty()) << "nothing is remembered yet";
  ASSERT_TRUE(store_->remember(id_).has_value());
  int visits = 0;
  Status stopped =
      store_->each_day(id_, Level::ad, test_day(0), test_day(9), [&](const EntityDay&) -> Status {
        ++visits;
        return fail(ErrorCode::conflict, "enough");
      });
  EXPECT_EQ(stopped.error().message, "enough");
  EXPECT_EQ(visits, 1);
  EXPECT_THAT(days(Level::ad, test_day(0), test_day(9)), SizeIs(2));
}

Plan some_plan(const std::string& hash) {
  Plan plan;
  plan.hash = hash;
  plan.account = test_account().id.text;
  plan.made_at = test_instant(1);
  plan.expires_at = test_instant(25);
  PlanItem item;
  item.id = "1";
  item.action = Action::kill;
  item.entity = "ad:a1";
  item.reason_code = "low_ctr";
  item.confidence = 0.975;
  item.from = Money{12'500'000, Currency::parse("USD").value()};
  Evidence evidence;
  evidence.name = "ctr";
  evidence.estimate = Estimate{0.0045, 0.0041, 0.0049, 12'000};
  evidence.met = true;
  item.evidence.push_back(evidence);
  plan.items = {item, item};
  plan.items[1].id = "2";
  plan.items[1].action = Action::wait;
  return plan;
}

TEST_P(StoreContract, ATurnAndItsPlanAreKeptTogether) {
  ASSERT_TRUE(store_->put_account(test_account()).has_value());
  Plan plan = some_plan("h1");
  TurnRecord turn{0, id_.text, test_instant(2), {{"remember", 1.5, 10}, {"decide", 2, 3}}, "h1"};
  turn.id = store_->put_turn(turn, plan).value();
  TurnRecord second = turn;
  second.id = store_->put_turn(turn, some_plan("h2")).value();
  second.plan_hash = "h2";
  TurnRecord third = turn;
  third.id = store_->put_turn(turn, plan).value();
  reopen();
  EXPECT_THAT(store_->turns(id_, 10).value(), ElementsAre(third, second, turn));
  EXPECT_THAT(store_->turns(id_, 1).value(), ElementsAre(third));
  EXPECT_EQ(store_->plan(id_, "h1").value(), plan);
  EXPECT_EQ(store_->plan(id_, "h2").value(), some_plan("h2"));
  EXPECT_EQ(store_->plan(id_, "").value(), plan);
  EXPECT_EQ(store_->plan(id_, "h3").error().code, ErrorCode::not_found);
}

TEST_P(StoreContract, DocumentsBelongToOneAccountOrToAll) {
  ASSERT_TRUE(store_->put_account(test_account()).has_value());
  ASSERT_TRUE(store_->put_document({}, "policy", Json("all")).has_value());
  ASSERT_TRUE(store_->put_document(id_, "policy", Json("first")).has_value());
  ASSERT_TRUE(store_->put_document(id_, "policy", Json("second")).has_value());
  reopen();
  EXPECT_EQ(store_->document({}, "policy").value(), Json("all"));
  EXPECT_EQ(store_->document(id_, "policy").value(), Json("second"));
  EXPECT_EQ(store_->document(id_, "taxonomy").value(), std::nullopt);
}

TEST_P(StoreContract, FeaturesAreKeptByBytesAndMethodOnceAndForAll) {
  const FeaturesKey key{"bytes", "method"};
  EXPECT_FALSE(store_->find_features(key).value());
  const Json first = JsonObject{{"duration_s", 0.1}};
  ASSERT_TRUE(store_->put_features(key, test_instant(1), first).has_value());
  ASSERT_TRUE(store_->put_features(key, test_instant(2), Json("other")).has_value());
  reopen();
  EXPECT_EQ(store_->find_features(key).value(), std::optional<Json>(first));
  EXPECT_FALSE(store_->find_features({"bytes", "other"}).value());
  EXPECT_FALSE(store_->find_features({"other", "method"}).value());
}

Creative film(const std::string& sha256, const std::string& hook) {
  return {.sha256 = sha256, .method = "method", .duration_s = 6, .hook_type = hook};
}

AdFilm shows(const std::string& ad, const std::string& sha256, std::int64_t hour) {
  return {.ad = EntityId{"ad:" + ad},
          .film = {sha256, "method"},
          .file = sha256 + ".mp4",
          .matched_by = "name",
          .as_of = test_instant(hour)};
}

TEST_P(StoreContract, WhichFilmAnAdShowsKeepsEveryVersionAndSayingItAgainChangesNothing) {
  write(test_source(1), {test_row(1, 1, 10), test_row(2, 1, 10)});
  for (const char* each : {"x", "y"}) {
    ASSERT_TRUE(store_->put_creative(test_instant(1), film(each, "face")).has_value());
  }
  const std::vector<AdFilm> first{shows("a1", "x", 1), shows("a2", "x", 1)};
  EXPECT_EQ(store_->put_ad_films(id_, first).value(), (AdFilmsWritten{.added = 2}));
  EXPECT_EQ(store_->put_ad_films(id_, {shows("a1", "x", 3)}).value(),
            (AdFilmsWritten{.unchanged = 1}));
  EXPECT_EQ(store_->put_ad_films(id_, {shows("a2", "y", 5)}).value(),
            (AdFilmsWritten{.changed = 1}));
  reopen();
  EXPECT_EQ(store_->ad_films(id_, test_instant(4)).value(), first);
  EXPECT_EQ(store_->ad_films(id_, std::nullopt).value(),
            (std::vector<AdFilm>{shows("a1", "x", 1), shows("a2", "y", 5)}));
  EXPECT_THAT(store_->ad_films(id_, test_instant(0)).value(), IsEmpty());
  EXPECT_THAT(store_->creatives(id_, test_instant(4)).value(), ElementsAre(film("x", "face")));
  EXPECT_THAT(store_->creatives(id_, std::nullopt).value(), SizeIs(2));
  EXPECT_THAT(store_->check().value(), IsEmpty());
}

TEST_P(StoreContract, OfFilmsSaidAsOfOneMomentTheLastCounts) {
  write(test_source(1), {test_row(1, 1, 10)});
  for (const char* each : {"x", "y"}) {
    ASSERT_TRUE(store_->put_creative(test_instant(1), film(each, "face")).has_value());
    ASSERT_TRUE(store_->put_ad_films(id_, {shows("a1", each, 2)}).has_value());
  }
  EXPECT_THAT(store_->ad_films(id_, test_instant(2)).value(), ElementsAre(shows("a1", "y", 2)));
}

TEST_P(StoreContract, AFilmOfAnAdThatIsNotKnownIsRefusedAndNoneOfItsCompanyIsKept) {
  write(test_source(1), {test_row(1, 1, 10)});
  ASSERT_TRUE(store_->put_creative(test_instant(1), film("x", "face")).has_value());
  Error error = store_->put_ad_films(id_, {shows("a1", "x", 1), shows("gone", "x", 1)}).error();
  EXPECT_EQ(error.code, ErrorCode::not_found);
  EXPECT_THAT(store_->ad_films(id_, std::nullopt).value(), IsEmpty());
  EXPECT_EQ(store_->put_ad_films({"meta:none"}, {}).error().code, ErrorCode::not_found);
}

TEST_P(StoreContract, ABackupIsTheStoreAsItWas) {
  write(test_source(1), {test_row(1, 1, 10)});
  std::string copy = folder_.file("copy.db");
  ASSERT_TRUE(store_->backup(copy).has_value());
  EXPECT_EQ(store_->backup(copy).error().code, ErrorCode::conflict);
  write(test_source(2), {test_row(2, 1, 10)});
  store_ = GetParam().open(copy).value();
  EXPECT_THAT(totals_as_of(9), SizeIs(1));
  EXPECT_THAT(store_->check().value(), IsEmpty());
}

}  // namespace
}  // namespace rf
