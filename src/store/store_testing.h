// What the tests and benchmarks of this room share: a folder that goes away, rows, random
// histories.

#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/rng.h"
#include "store/store.h"

namespace rf {

// In memory where the machine has such a place, because a test makes a hundred stores and each
// commit waits for the disk.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(std::string_view in = "/dev/shm") {
    std::string name(std::filesystem::is_directory(in) ? in : "/tmp");
    name += "/rf_store_XXXXXX";
    RF_CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

inline Account test_account(std::string id = "meta:1") {
  Account account;
  account.id.text = std::move(id);
  account.platform = Platform::meta;
  account.name = "Shop";
  account.currency = Currency::parse("USD").value();
  return account;
}

inline Day test_day(std::int64_t n) { return Day(Days(20'000 + n)); }

inline Instant test_instant(std::int64_t hour) {
  return Instant(std::chrono::hours(480'000 + hour));
}

inline ImportSource test_source(std::int64_t hour, std::string sha256 = "") {
  if (sha256.empty()) sha256 = "file-" + std::to_string(hour);
  return {"exports/" + sha256 + ".csv", sha256, "options", test_instant(hour), test_instant(hour)};
}

inline Entity test_ad(std::int64_t n) {
  std::string number = std::to_string(n);
  Entity ad;
  ad.level = Level::ad;
  ad.campaign_id = "c" + std::to_string(n / 10);
  ad.campaign_name = "Campaign " + std::to_string(n / 10);
  ad.adset_id = "s" + std::to_string(n / 3);
  ad.adset_name = "Set " + std::to_string(n / 3);
  ad.ad_id = "a" + number;
  ad.ad_name = "Ad " + number;
  return ad;
}

inline MetricRow test_row(std::int64_t ad, std::int64_t day, std::int64_t impressions) {
  MetricRow row;
  row.day = test_day(day);
  row.entity = test_ad(ad);
  row.attribution = "7-day click";
  row.conversion_event = "purchases";
  row.counts.set(Metric::impressions, impressions);
  row.counts.set(Metric::spend, impressions * 12'345);
  row.line = 1;
  return row;
}

// Writes rows of one account as one import.
inline Result<WriteSummary> write_rows(Store& store, const ImportSource& source,
                                       const std::vector<MetricRow>& rows,
                                       const Account& account = test_account()) {
  std::unique_ptr<MetricWriter> writer = RF_TRY(store.write_metrics(source));
  for (const MetricRow& row : rows) RF_TRY(writer->add(account, row));
  return writer->commit(Json("report of " + source.file));
}

// A row as a platform might send it: few ads and days, so that keys meet; whole or in parts; some
// metrics missing.
inline MetricRow random_row(Rng& rng) {
  MetricRow row =
      test_row(static_cast<std::int64_t>(rng.below(4)), static_cast<std::int64_t>(rng.below(5)), 0);
  row.counts = Counts();
  if (rng.below(8) == 0) {
    row.grain = Grain::total;
    row.day = kNoDay;
  }
  if (rng.below(4) == 0) row.entity.level = Level::campaign;
  if (rng.below(4) == 0) row.attribution = "1-day view";
  if (rng.below(2) == 0) {
    row.breakdown_kind = rng.below(2) == 0 ? "age" : "gender";
    row.breakdown = "part " + std::to_string(rng.below(3));
  }
  for (Metric metric : {Metric::spend, Metric::impressions, Metric::reach, Metric::purchases}) {
    // Few values, so that rows come again unchanged.
    if (rng.below(3) != 0) row.counts.set(metric, static_cast<std::int64_t>(rng.below(3)));
  }
  row.line = static_cast<std::int64_t>(rng.below(1000));
  return row;
}

}  // namespace rf
