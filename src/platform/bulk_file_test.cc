#include "platform/bulk_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rf::platform {
namespace {

using testing::HasSubstr;

Entity ad() {
  return {.level = Level::ad,
          .campaign_id = "3",
          .campaign_name = "Spring, \"big\"",
          .adset_id = "2",
          .adset_name = "Broad",
          .ad_id = "17",
          .ad_name = "Ad one"};
}

BulkChange pause_ad() {
  return {
      .entity = ad(),
      .change = {.level = Level::ad, .id = "17", .status = RunStatus::paused, .daily_budget = {}}};
}

BulkChange raise(Level level, std::string id) {
  Entity entity = ad();
  entity.level = level;
  return {.entity = entity,
          .change = {.level = level,
                     .id = std::move(id),
                     .status = {},
                     .daily_budget = Money{25'500'000, Currency::parse("USD").value()}}};
}

TEST(BulkFile, MetasRowsNameTheThingByItsId) {
  const std::vector<BulkChange> changes{pause_ad(), raise(Level::adset, "2")};
  const BulkFile file = bulk_file(Platform::meta, changes).value();
  EXPECT_EQ(file.changes, 2);
  EXPECT_EQ(file.text,
            "Campaign ID,Campaign Name,Campaign Status,Campaign Daily Budget,Ad Set ID,Ad Set Name,"
            "Ad Set Run Status,Ad Set Daily Budget,Ad ID,Ad Name,Ad Status\r\n"
            "cg:3,\"Spring, \"\"big\"\"\",,,c:2,Broad,,,a:17,Ad one,PAUSED\r\n"
            "cg:3,\"Spring, \"\"big\"\"\",,,c:2,Broad,,25.50,,,\r\n");
}

TEST(BulkFile, GooglesRowsNameTheThingByItsNames) {
  const std::vector<BulkChange> changes{raise(Level::campaign, "")};
  EXPECT_EQ(bulk_file(Platform::google, changes)->text,
            "Campaign,Campaign Status,Campaign Daily Budget,Ad Group,Ad Group Status,Ad ID,Ad Name,"
            "Status\r\n\"Spring, \"\"big\"\"\",,25.50,,,,,\r\n");
}

TEST(BulkFile, WhatTheEditorCannotDoIsToldAndLeftOut) {
  BulkChange formula = pause_ad();
  formula.entity.ad_name = "=HYPERLINK(1)";
  BulkChange nameless = pause_ad();
  nameless.change.id = "";
  BulkChange archive = pause_ad();
  archive.change.status = RunStatus::archived;
  const std::vector<BulkChange> changes{formula, nameless, archive, raise(Level::ad, "17")};
  const BulkFile file = bulk_file(Platform::tiktok, changes).value();
  EXPECT_EQ(file.changes, 0);
  ASSERT_EQ(file.notices.size(), 5U);
  EXPECT_THAT(file.notices[1], HasSubstr("spreadsheet"));
  EXPECT_THAT(file.notices[2], HasSubstr("no id"));
  EXPECT_THAT(file.notices[3], HasSubstr("by hand"));
  EXPECT_THAT(file.notices[4], HasSubstr("no budget"));
  EXPECT_FALSE(bulk_file(Platform::plain, changes));
}

}  // namespace
}  // namespace rf::platform
