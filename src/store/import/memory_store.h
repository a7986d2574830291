// A store that keeps what it is given in memory, for the importer's tests.

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/sha256.h"
#include "store/store.h"

namespace rf {

class MemoryStore final : public Store {
 public:
  using Key =
      std::tuple<std::string, Grain, Day, std::string, std::string, std::string, std::string>;
  struct Kept {
    MetricRow row;
    Account account;
  };

  std::map<Key, Kept> rows;
  std::vector<ImportRecord> records;
  bool keep_rows = true;
  std::int64_t adds = 0;

  std::int64_t sum(Metric metric) const {
    std::int64_t total = 0;
    for (const auto& [key, kept] : rows) total += kept.row.counts.or_zero(metric);
    return total;
  }
  const MetricRow& only() const {
    RF_CHECK(rows.size() == 1);
    return rows.begin()->second.row;
  }

  Result<std::optional<ImportRecord>> find_import(std::string_view sha256,
                                                  std::string_view options_sha256) override {
    for (const ImportRecord& record : records) {
      if (record.source.sha256 == sha256 && record.source.options_sha256 == options_sha256)
        return std::optional(record);
    }
    return std::optional<ImportRecord>();
  }
  Result<std::vector<ImportRecord>> imports() override { return records; }
  Result<std::unique_ptr<MetricWriter>> write_metrics(const ImportSource& source) override {
    return std::unique_ptr<MetricWriter>(std::make_unique<Writer>(*this, source));
  }

  Result<std::vector<Account>> accounts() override { return std::vector<Account>(); }
  Status put_account(const Account&) override { return {}; }
  Result<Remembered> remember(const AccountId&) override { return Remembered(); }
  Result<std::vector<EntityTotals>> totals(const AccountId&, Level) override {
    return std::vector<EntityTotals>();
  }
  Result<std::vector<EntityTotals>> totals_as_of(const AccountId&, Level, Instant) override {
    return std::vector<EntityTotals>();
  }
  Status each_day(const AccountId&, Level, Day, Day,
                  const std::function<Status(const EntityDay&)>&) override {
    return {};
  }
  Result<std::optional<Instant>> known_at(const AccountId&, Day) override {
    return std::optional<Instant>();
  }
  Result<std::vector<MetricVersion>> versions(const AccountId&, const EntityId&, Day,
                                              Day) override {
    return std::vector<MetricVersion>();
  }
  Result<std::optional<Json>> document(const AccountId&, std::string_view) override {
    return std::optional<Json>();
  }
  Status put_document(const AccountId&, std::string_view, const Json&) override { return {}; }
  Result<std::optional<Json>> find_features(const FeaturesKey&) override {
    return std::optional<Json>();
  }
  Status put_features(const FeaturesKey&, Instant, const Json&) override { return {}; }
  Status put_creative(Instant, const Creative&) override { return {}; }
  Result<AdFilmsWritten> put_ad_films(const AccountId&, const std::vector<AdFilm>&) override {
    return AdFilmsWritten{};
  }
  Result<std::vector<AdFilm>> ad_films(const AccountId&, const std::optional<Instant>&) override {
    return std::vector<AdFilm>{};
  }
  Result<std::vector<Creative>> creatives(const AccountId&,
                                          const std::optional<Instant>&) override {
    return std::vector<Creative>{};
  }
  Result<std::int64_t> put_turn(const TurnRecord&, const Plan&) override { return 0; }
  Result<Plan> plan(const AccountId&, std::string_view) override {
    return fail(ErrorCode::not_found, "no plan");
  }
  Result<std::vector<TurnRecord>> turns(const AccountId&, std::int64_t) override {
    return std::vector<TurnRecord>();
  }
  // An import does nothing on a platform.
  ActionLedger& actions() override {
    check_failed(__FILE__, __LINE__, "an import asks for no actions");
  }
  Status backup(const std::string&) override { return {}; }
  Result<std::vector<std::string>> check() override { return std::vector<std::string>(); }

 private:
  class Writer final : public MetricWriter {
   public:
    Writer(MemoryStore& store, ImportSource source) : store_(store), source_(std::move(source)) {}

    Status add(const Account& account, const MetricRow& row) override {
      ++store_.adds;
      if (!store_.keep_rows) return {};
      Key key{account.id.text, row.grain,           row.day, id_of(row.entity).text, row.breakdown,
              row.attribution, row.conversion_event};
      auto [found, is_new] = fresh_.try_emplace(std::move(key), Kept{row, account});
      if (!is_new) found->second.row.counts.add(row.counts);
      return {};
    }

    Result<WriteSummary> commit(const Json& report) override {
      const WriteSummary summary = compare();
      for (auto& [key, kept] : fresh_) store_.rows.insert_or_assign(key, kept);
      store_.records.push_back(
          {.id = summary.import_id, .source = source_, .summary = summary, .report = report});
      return summary;
    }
    Result<WriteSummary> preview() override { return compare(); }

   private:
    WriteSummary compare() const {
      WriteSummary summary{.import_id = static_cast<std::int64_t>(store_.records.size()) + 1};
      for (const auto& [key, kept] : fresh_) {
        auto old = store_.rows.find(key);
        if (old == store_.rows.end()) {
          ++summary.added;
        } else if (old->second.row.counts == kept.row.counts) {
          ++summary.unchanged;
        } else {
          ++summary.restated;
        }
      }
      return summary;
    }

    MemoryStore& store_;
    ImportSource source_;
    std::map<Key, Kept> fresh_;
  };
};

}  // namespace rf
