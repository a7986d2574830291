// For the tests of acting: an account on a platform in memory, a plan for it, and a store.

#pragma once

#include <fstream>
#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "act/world_for_test.h"
#include "api/limits.h"
#include "base/sha256.h"
#include "store/sqlite.h"
#include "store/store_testing.h"

namespace rf::api {

// Hands on the one platform that the test keeps.
class Borrowed final : public AdPlatform {
 public:
  explicit Borrowed(AdPlatform& platform) : platform_(&platform) {}
  Platform platform() const override { return platform_->platform(); }
  Result<std::vector<Account>> accounts() override { return platform_->accounts(); }
  Result<std::vector<EntityState>> entities(const AccountId& account, Level level) override {
    return platform_->entities(account, level);
  }
  Result<EntityState> read(const AccountId& account, Level level, std::string_view id) override {
    return platform_->read(account, level, id);
  }
  Result<InsightsSummary> insights(const AccountId& account, const InsightsRequest& request,
                                   const std::function<Status(const MetricRow&)>& visit) override {
    return platform_->insights(account, request, visit);
  }
  Status change(const AccountId& account, const Change& change) override {
    return platform_->change(account, change);
  }
  Result<std::optional<Money>> smallest_budget(const AccountId& account) override {
    return platform_->smallest_budget(account);
  }

 private:
  AdPlatform* platform_;
};

class ActingOperations : public testing::Test {
 protected:
  ActingOperations() {
    platform_.add(Level::campaign, "c", "", "", RunStatus::active, {});
    platform_.add(Level::adset, "c", "s1", "", RunStatus::active, act::usd(100));
    for (const char* ad : {"a1", "a2", "a3", "a4"}) {
      platform_.add(Level::ad, "c", "s1", ad, RunStatus::active, {});
    }
    Store& store = *services_.store().value();
    RF_CHECK(store.put_account(account_).has_value());
    MetricRow row = test_row(1, 0, 1000);
    row.entity.ad_id = "a1";
    row.day = account_.zone.day_at(clock_.now()) - Days(1);
    ImportSource source = test_source(0);
    source.as_of = source.imported_at = clock_.now();
    RF_CHECK(write_rows(store, source, {row}, account_).has_value());
    plan_.account = account_.id.text;
    plan_.made_at = clock_.now();
    plan_.expires_at = clock_.now() + std::chrono::hours(24);
    plan_.items = {item("1", Action::kill, "a1", 0, 0),
                   item("2", Action::increase_budget, "a2", 40, 50),
                   item("3", Action::decrease_budget, "a3", 20, 18)};
    Json json = to_json(plan_);
    json.as_object().erase("hash");
    plan_.hash = sha256_hex(to_text(json));
    RF_CHECK(
        store.put_turn({.account = account_.id.text, .started = clock_.now()}, plan_).has_value());
  }

  PlanItem item(const std::string& id, Action action, const std::string& ad, std::int64_t from,
                std::int64_t to) const {
    PlanItem made;
    made.id = id;
    made.action = action;
    made.account = account_.id.text;
    made.entity = "ad:" + ad;
    made.ad = ad;
    made.reason = "because";
    if (from != 0) made.from = act::usd(from);
    if (to != 0) made.to = act::usd(to);
    return made;
  }

  void set_limits(const std::string& text) {
    const std::string path = folder_.file("limits.toml");
    std::ofstream(path) << text;
    Result<LimitsOutput> set = limits_set({.file = path}, services_);
    ASSERT_TRUE(set.has_value()) << set.error().message;
  }

  void allow(const std::string& level) {
    set_limits("starts = \"auto\"\nlevel = \"" + level +
               "\"\naccount_daily = { amount = \"500\", currency = \"USD\" }\n"
               "change_raise_max = { amount = \"50\", currency = \"USD\" }\n");
  }

  std::optional<Money> budget() {
    return act::find(platform_.now, Level::adset, "s1")->daily_budget;
  }

  TemporaryFolder folder_;
  ManualClock clock_{parse_instant("2026-03-02T11:00:00Z").value()};
  act::Fate fate_;
  act::FakePlatform platform_{clock_, fate_};
  NoProgress progress_;
  Account account_ = act::test_account();
  Plan plan_;
  Services services_{folder_.file("store.db"),
                     open_sqlite,
                     clock_,
                     progress_,
                     "",
                     [this](const Account&) -> Result<std::unique_ptr<AdPlatform>> {
                       return std::unique_ptr<AdPlatform>(std::make_unique<Borrowed>(platform_));
                     }};
};

}  // namespace rf::api
