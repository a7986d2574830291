#include "store/import/import.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/import/made_files.h"
#include "store/import/memory_store.h"
#include "store/import/row_class.h"

namespace rf::imports {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kMeta =
    "Day,Campaign name,Ad set name,Ad name,Amount spent (USD),Impressions,Link clicks\n";
const std::string kTikTok = "Campaign name,By Day,Cost,Impressions,Clicks (destination),Currency\n";
const std::string kGoogle = "Day,Campaign,Currency code,Cost,Impr.,Clicks,Conversions\n";

class StopAtOnce final : public Progress {
 public:
  void report(std::string_view, std::int64_t, std::int64_t) override {}
  bool cancelled() const override { return true; }
};

class Import : public testing::Test {
 protected:
  Result<FileReport> import(const std::string& csv) {
    return import_file(made_file(csv), options_, store_, clock_, progress_);
  }
  FileReport imported(const std::string& csv) {
    Result<FileReport> report = import(csv);
    EXPECT_TRUE(report) << report.error().message;
    return report ? *report : FileReport();
  }
  std::string refused(const std::string& csv) {
    Result<FileReport> report = import(csv);
    EXPECT_FALSE(report) << "was taken";
    EXPECT_EQ(store_.adds, 0) << "rows were written";
    return report ? "" : report.error().message;
  }

  MemoryStore store_;
  ManualClock clock_{*parse_instant("2026-06-01T12:00:00Z")};
  NoProgress progress_;
  ImportOptions options_;
};

TEST_F(Import, DropsTotalRowsAndComparesThemWithTheSum) {
  FileReport meta = imported(kMeta +
                             ",,,,30.00,300,3\n2026-05-01,C,S,A,10,100,1\n"
                             "2026-05-02,C,S,A,20.00,200,2\n");
  EXPECT_EQ(meta.rows, 2);
  EXPECT_EQ(meta.dropped_rows, 1);
  ASSERT_TRUE(meta.file_total);
  EXPECT_TRUE(meta.file_total->equal);
  EXPECT_EQ(meta.file_total->line, 2);
  FileReport off =
      imported(kTikTok + "C,2026-05-01,10.00,100,1,EUR\nTotal of 1 results,--,10.01,101,1,EUR\n");
  ASSERT_TRUE(off.file_total);
  EXPECT_FALSE(off.file_total->equal);
  EXPECT_EQ(off.file_total->spend_difference, "-0.01");
  EXPECT_EQ(off.file_total->impressions_difference, -1);
}

TEST_F(Import, ComparesWithTheOneOfSeveralTotalsThatIsOfItsRows) {
  FileReport report =
      imported("Campaign report\nAll time\n" + kGoogle +
               "2026-05-01,Total Wine,EUR,5,50,1,0.5\n2026-05-01,B,EUR,5,50,1,1\n"
               "Total: Campaigns, --,,10.00,100,2,1.5\nTotal: Account, --,,99.00,\"1,000\",20,15\n"
               "Total: Search, --,,10.00,90,2,1.5\n");
  EXPECT_EQ(report.rows, 2);
  EXPECT_EQ(report.dropped_rows, 3);
  ASSERT_TRUE(report.file_total);
  EXPECT_TRUE(report.file_total->equal);
  EXPECT_EQ(report.file_total->label, "Total: Campaigns");
  EXPECT_DOUBLE_EQ(*report.totals.conversions, 1.5);
}

TEST_F(Import, KnowsTotalsOfOtherLanguagesAndPivots) {
  FileReport french = imported(
      "Rapport\nJour;Campagne;Code de la devise;Coût;Impr.;Clics;Conversions\n"
      "13/05/2026;A;EUR;1 020,50;1 000;2;0,5\n"
      "Total : compte; --;EUR;1 020,50;1 000;2;0,5\n");
  EXPECT_EQ(french.totals.spend, "1020.50");
  EXPECT_TRUE(french.file_total && french.file_total->equal);
  FileReport pivot = imported(kMeta +
                              "All,C,S,A,3,30,0\n2026-05-01,C,S,A,1,10,0\n2026-05-02,C,S,A,2,20,0\n"
                              "2026-05-02,C,S,,3,30,0\n");
  EXPECT_EQ(pivot.rows, 2);
  EXPECT_EQ(pivot.totals.spend, "3.00");
  EXPECT_THAT(pivot.dropped, ElementsAre(testing::Field(&DroppedRow::kind, "subtotal"),
                                         testing::Field(&DroppedRow::kind, "subtotal")));
}

TEST(IsTotalLabel, KnowsTheWordInEveryLanguageAndNoBrand) {
  for (const char* label :
       {"Total", "TOTAL of 12 results", "Total: Account", "Total : compte", "Gesamt: Kampagnen",
        "Összesen: fiók", "合計：", "总计: 3", "總計: 3"}) {
    EXPECT_TRUE(is_total_label(label)) << label;
  }
  for (const char* label : {"Total Wine", "Totally", "Sum of parts", "", "Spring: total"}) {
    EXPECT_FALSE(is_total_label(label)) << label;
  }
}

TEST_F(Import, RefusesPeriodsAndSaysHowToAddDays) {
  EXPECT_THAT(
      refused("Campaign name,Amount spent (USD),Impressions,Reporting starts,Reporting ends\n"
              "C,5,10,2026-05-01,2026-05-31\n"),
      AllOf(HasSubstr("from 2026-05-01 to 2026-05-31"), HasSubstr("By time > Day")));
  EXPECT_THAT(refused("Campaign report\nAll time\nCampaign,Currency code,Cost,Impr.\nC,EUR,5,10\n"),
              HasSubstr("Segment > Time > Day"));
  EXPECT_THAT(refused("Week,Campaign,Currency code,Cost,Impr.\n2026-05-04,C,EUR,5,10\n"),
              HasSubstr("by 'Week'"));
  EXPECT_THAT(refused("Cost,CPC,CPM,Clicks,Reach,Frequency,Results,Video views,Campaign name\n"
                      "5,1,1,5,5,1,1,1,C\n"),
              HasSubstr("'By Day'"));
}

TEST_F(Import, RefusesWhatCannotBeDecided) {
  EXPECT_THAT(refused("Day,Campaign name,Amount spent,Impressions\n2026-05-01,C,5,10\n"),
              HasSubstr("--currency"));
  EXPECT_THAT(refused(kMeta + "03/04/2026,C,S,A,5,10,1\n"),
              AllOf(HasSubstr("'03/04/2026' (line 2)"), HasSubstr("--date-order")));
  EXPECT_THAT(refused(kMeta + "2026-05-01,C,S,A,\"12,34\",10,1\n"),
              AllOf(HasSubstr("'12,34' (line 2)"), HasSubstr("--decimal")));
  EXPECT_THAT(refused(kMeta), HasSubstr("headers only"));
  EXPECT_THAT(refused("a,b,c\n1,2,3\n"),
              AllOf(HasSubstr("Found: a, b, c; wanted:"), HasSubstr("--map")));
  EXPECT_THAT(refused("Day,Impr.,Clicks,CTR\n2026-05-01,1,1,1\n"),
              AllOf(HasSubstr("Found: Day, Impr."), HasSubstr("wanted: Campaign")));
  EXPECT_THAT(refused("Day,Ad ID,Ad name,Amount spent (USD)\n2026-05-01,1.2023E+17,A,5\n"),
              HasSubstr("rounded the ids away"));
}

TEST_F(Import, TakesWhatTheUserDecided) {
  options_.currency = "SEK";
  options_.date_order = "dmy";
  options_.decimal = "comma";
  FileReport report =
      imported("Day,Campaign name,Amount spent,Impressions\n03/04/2026,C,\"12,34\",10\n");
  EXPECT_EQ(report.currency, "SEK");
  EXPECT_EQ(report.from, "2026-04-03");
  EXPECT_EQ(report.totals.spend, "12.34");
}

TEST_F(Import, RefusesACurrencyThatContradictsTheFile) {
  options_.currency = "EUR";
  EXPECT_THAT(refused(kMeta + "2026-05-01,C,S,A,5,10,1\n"), HasSubstr("spend is in USD"));
  options_.currency = "EURO";
  EXPECT_THAT(refused(kMeta + "2026-05-01,C,S,A,5,10,1\n"), HasSubstr("EURO"));
}

TEST_F(Import, DecidesDatesByOneValueAboveTwelve) {
  FileReport report = imported(kMeta + "03/04/2026,C,S,A,5,10,1\n13/04/2026,C,S,A,5,10,1\n");
  EXPECT_EQ(report.from, "2026-04-03");
  EXPECT_EQ(report.to, "2026-04-13");
}

TEST_F(Import, ListsEveryRefusedRowWithItsReason) {
  options_.rejects_path = made_file("");
  FileReport report = imported(kMeta +
                               "2026-05-01,C,S,A,-5,10,1\n2026-02-31,C,S,A,5,10,1\n"
                               "2026-05-01,C,S,=cmd(),twelve,10,1\n2026-05-01,C,S,A,5,10.5,1\n"
                               "2026-05-01,C,S,A,5,10,1\n2026-05-01,C,S,A\xFF,5,10,1\n");
  EXPECT_EQ(report.rows, 1);
  EXPECT_EQ(report.refused_rows, 5);
  EXPECT_EQ(report.totals.spend, "5.00");
  EXPECT_EQ(report.rejects, options_.rejects_path);
  std::ifstream in(options_.rejects_path);
  std::string text(std::istreambuf_iterator<char>(in), {});
  EXPECT_THAT(
      text,
      HasSubstr("line,column,value,reason\n2,\"Amount spent (USD)\",\"'-5\",\"is negative\""));
  EXPECT_THAT(text, HasSubstr("3,\"Day\",\"2026-02-31\",\"this day does not exist\""));
  EXPECT_THAT(text, HasSubstr("4,\"Amount spent (USD)\",\"twelve\",\"not a number\""));
  EXPECT_THAT(text, HasSubstr("5,\"Impressions\",\"10.5\",\"is not a whole number\""));
  EXPECT_THAT(text, HasSubstr("7,\"Ad name\""));
}

TEST_F(Import, RefusesAFileOfWhichNoRowIsSound) {
  Result<FileReport> report = import(kMeta + "2026-05-01,C,S,A,-5,10,1\n");
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr("every row was refused; line 2"));
  EXPECT_THAT(store_.rows, IsEmpty());
}

TEST_F(Import, KeepsHiddenCountsAsNotReported) {
  FileReport report = imported(kTikTok + "C,2026-05-01,10.00,<5,--,EUR\n");
  EXPECT_EQ(report.masked, 1);
  EXPECT_FALSE(store_.only().counts.has(Metric::impressions));
  EXPECT_FALSE(store_.only().counts.has(Metric::link_clicks));
}

TEST_F(Import, ChangesNothingWhenTheSameFileComesAgain) {
  const std::string path = made_file(kMeta + "2026-05-01,C,S,A,5,10,1\n2026-05-02,C,S,A,5,10,1\n");
  Result<FileReport> first = import_file(path, options_, store_, clock_, progress_);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->added, 2);
  clock_.advance(std::chrono::hours(1));
  Result<FileReport> again = import_file(path, options_, store_, clock_, progress_);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->unchanged, 2);
  EXPECT_EQ(again->added, 0);
  EXPECT_EQ(again->totals, first->totals);
  EXPECT_EQ(again->as_of, first->as_of);
  EXPECT_EQ(store_.adds, 2);
  EXPECT_EQ(store_.records.size(), 1U);
}

TEST_F(Import, ReadsAKnownFileAgainUnderOtherOptions) {
  const std::string csv =
      "Day,Campaign name,Amount spent (USD),Purchases,Leads\n2026-05-01,C,5,2,7\n";
  EXPECT_EQ(imported(csv).conversion_event, "purchases");
  options_.conversion = "leads";
  FileReport leads = imported(csv);
  EXPECT_FALSE(leads.repeated);
  EXPECT_EQ(leads.conversion_event, "leads");
  EXPECT_DOUBLE_EQ(*leads.totals.conversions, 7);
  EXPECT_THAT(leads.alternatives, ElementsAre(EventTotal{"purchases", 2}));
  options_.conversion = "love";
  Result<FileReport> none = import(csv);
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("it has: purchases, leads"));
}

TEST_F(Import, RestatesOnlyWhatDiffersInAnOverlappingFile) {
  imported(kMeta + "2026-05-01,C,S,A,5,10,1\n2026-05-02,C,S,A,5,10,1\n");
  FileReport second = imported(
      kMeta + "2026-05-02,C,S,A,6,10,1\n2026-05-01,C,S,A,5,10,1\n2026-05-03,C,S,A,5,10,1\n");
  EXPECT_EQ(second.added, 1);
  EXPECT_EQ(second.restated, 1);
  EXPECT_EQ(second.unchanged, 1);
}

TEST_F(Import, WritesNothingOnADryRunOrWhenStopped) {
  options_.dry_run = true;
  FileReport report = imported(kMeta + "2026-05-01,C,S,A,5,10,1\n");
  EXPECT_EQ(report.added, 1);
  EXPECT_TRUE(report.dry_run);
  EXPECT_THAT(store_.rows, IsEmpty());
  EXPECT_THAT(store_.records, IsEmpty());
  StopAtOnce stop;
  options_.dry_run = false;
  Result<FileReport> stopped =
      import_file(made_file(kMeta + "2026-05-01,C,S,A,5,10,1\n"), options_, store_, clock_, stop);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::conflict);
  EXPECT_THAT(store_.rows, IsEmpty());
}

TEST_F(Import, NeverSumsResultsOfDifferentIndicators) {
  FileReport report = imported(
      "Day,Ad ID,Ad name,Amount spent (USD),Results,Result type\n"
      "2026-05-01,1,A,5,3,actions:lead\n2026-05-02,1,A,5,,\n2026-05-01,2,B,5,900,Link clicks\n"
      "2026-05-01,3,C,5,2,actions:offsite_conversion.fb_pixel_purchase\n");
  EXPECT_FALSE(report.totals.conversions);
  EXPECT_EQ(report.conversion_event, "results");
  EXPECT_THAT(
      report.alternatives,
      ElementsAre(EventTotal{"results:Link clicks", 900}, EventTotal{"results:actions:lead", 3},
                  EventTotal{"results:actions:offsite_conversion.fb_pixel_purchase", 2}));
  std::map<std::string, std::vector<std::string>> events;
  for (const auto& [key, kept] : store_.rows)
    events[kept.row.entity.ad_id].push_back(kept.row.conversion_event);
  // The day without results belongs to what the ad is for.
  EXPECT_THAT(events["1"], ElementsAre("results:actions:lead", "results:actions:lead"));
  EXPECT_THAT(events["2"], ElementsAre(""));
}

TEST_F(Import, TakesNoClicksForConversions) {
  FileReport report = imported(
      "Day,Ad name,Amount spent (USD),Results,Result type\n2026-05-01,A,5,3,Link clicks\n");
  EXPECT_EQ(report.conversion_event, "");
  EXPECT_FALSE(report.totals.conversions);
  EXPECT_EQ(store_.only().counts.get(Metric::results), 3'000'000);
}

TEST_F(Import, TakesPurchasesWithTheirValueBeforeLeads) {
  FileReport report = imported(
      "Day,Ad name,Amount spent (USD),Leads,Purchases,Purchases conversion value\n"
      "2026-05-01,A,5,9,2,\"1,020.50\"\n");
  EXPECT_EQ(report.conversion_event, "purchases");
  EXPECT_EQ(report.totals.conversion_value, "1020.50");
}

TEST_F(Import, SplitsManagersFilesByAccountAndCurrency) {
  FileReport report =
      imported(kGoogle + "2026-05-01,A,EUR,5,50,1,0\n2026-05-01,B,JPY,700,50,1,0\n");
  EXPECT_EQ(report.currency, "mixed");
  EXPECT_FALSE(report.totals.spend);
  ASSERT_EQ(report.accounts.size(), 2U);
  EXPECT_EQ(report.accounts[0].account, "google:default-EUR");
  EXPECT_EQ(report.accounts[1].spend, "700");
  FileReport named = imported(
      "Customer ID,Account name,Day,Campaign,Currency code,Cost,Impr.\n"
      "123-456-7890,Shop,2026-05-01,A,EUR,5,50\n");
  EXPECT_EQ(named.accounts[0].account, "google:1234567890");
  EXPECT_EQ(named.accounts[0].name, "Shop");
}

TEST_F(Import, KeepsTheAccountsZoneAndSetting) {
  FileReport report = imported(
      "Account ID,Account timezone,Currency,Day,Ad ID,Ad name,Amount spent,Attribution setting\n"
      "act_7,Europe/Berlin,EUR,2026-05-01,33,A,5,7-day click\n"
      "act_7,Mars/Base,EUR,2026-05-01,34,B,5,1-day click\n");
  EXPECT_EQ(report.accounts[0].account, "meta:7");
  EXPECT_EQ(report.accounts[0].time_zone, "Europe/Berlin");
  EXPECT_EQ(report.attribution, "7-day click");
  EXPECT_EQ(report.refused_rows, 1);
  EXPECT_THAT(report.notices, testing::Not(testing::Contains(HasSubstr("time zone"))));
}

TEST_F(Import, AddsUpAdsOfOneNameWithoutIds) {
  imported(kMeta + "2026-05-01,C,S,A,5,10,1\n2026-05-01,C,S,A,7,10,1\n");
  EXPECT_EQ(store_.only().counts.get(Metric::spend), 12'000'000);
}

TEST_F(Import, TurnsGooglesQuartileRatesIntoCounts) {
  imported(
      "Day,Campaign,Currency code,Cost,Impr.,Video played to 25%,Video played to 100%\n"
      "2026-05-01,C,EUR,5,\"1,001\",33.33%,--\n");
  // 1001 * 0.3333 = 333.63.
  EXPECT_EQ(store_.only().counts.get(Metric::video_p25), 334);
  EXPECT_FALSE(store_.only().counts.has(Metric::video_p100));
}

TEST_F(Import, JoinsPresetsOfOneCallAndCountsSpendOnce) {
  const std::vector<std::string> paths = {
      made_file("Ad name,Day,ThruPlays,3-second video plays,Reach,Amount spent (USD)\n"
                "A,2026-05-01,40,90,70,5.00\nB,2026-05-01,4,9,7,1\nZ,2026-05-01,1,1,1,2\n"),
      made_file("Ad name,Day,Amount spent (USD),Link clicks,Impressions\n"
                "A,2026-05-01,5.00,8,100\nB,2026-05-01,1.00,2,10\nA,2026-05-02,3.00,1,50\n")};
  auto reports = import_files(paths, options_, store_, clock_, progress_);
  ASSERT_TRUE(reports[0]) << reports[0].error().message;
  ASSERT_TRUE(reports[1]) << reports[1].error().message;
  EXPECT_EQ(store_.records.size(), 1U);
  EXPECT_EQ(store_.rows.size(), 4U);
  EXPECT_EQ(store_.sum(Metric::spend), 11'000'000);  // 5 + 1 + 3, and 2 of what only one file has.
  EXPECT_EQ(store_.sum(Metric::thruplays), 45);
  EXPECT_EQ(store_.sum(Metric::link_clicks), 11);
  EXPECT_EQ(store_.sum(Metric::reach), 78);
  auto again = import_files(paths, options_, store_, clock_, progress_);
  EXPECT_TRUE(again[0]->repeated);
  EXPECT_EQ(store_.records.size(), 1U);
}

TEST_F(Import, KeepsFilesOfOneLayoutApart) {
  const std::vector<std::string> paths = {made_file(kMeta + "2026-05-01,C,S,A,5,10,1\n"),
                                          made_file(kMeta + "2026-05-01,C,S,A,6,10,1\n"),
                                          made_file("nothing,known\n1,2\n")};
  auto reports = import_files(paths, options_, store_, clock_, progress_);
  EXPECT_EQ(reports[0]->added, 1);
  EXPECT_EQ(reports[1]->restated, 1);
  EXPECT_FALSE(reports[2]);
}

TEST_F(Import, RefusesToJoinWhatItCannotTellApart) {
  const std::vector<std::string> paths = {
      made_file(
          "Campaign name,Ad name,Day,Amount spent (USD)\nC1,A,2026-05-01,5\nC2,A,2026-05-01,6\n"),
      made_file("Ad name,Day,ThruPlays,Amount spent (USD)\nA,2026-05-01,4,11\n")};
  auto reports = import_files(paths, options_, store_, clock_, progress_);
  ASSERT_FALSE(reports[0]);
  EXPECT_THAT(reports[0].error().message, HasSubstr("column of its id"));
  EXPECT_THAT(store_.rows, IsEmpty());
}

TEST_F(Import, LetsNoReportWithoutSpendReplaceKnownSpend) {
  imported("Ad name,Day,Amount spent (USD),Link clicks\nA,2026-05-01,5.00,8\n");
  options_.currency = "USD";
  Result<FileReport> video =
      import("Ad name,Day,ThruPlays,3-second video plays\nA,2026-05-01,4,9\n");
  ASSERT_FALSE(video);
  EXPECT_THAT(video.error().message, HasSubstr("in one command"));
  EXPECT_EQ(store_.sum(Metric::spend), 5'000'000);
  EXPECT_TRUE(import("Ad name,Day,ThruPlays,3-second video plays\nA,2026-05-09,4,9\n"));
}

TEST_F(Import, ReadsAnyTableThatAMappingDescribes) {
  options_.mapping_path = made_file(R"(
level = "campaign"
currency = "GBP"
conversion_event = "orders"
[columns]
day = "Datum"
campaign_name = "Kanal"
spend = "Kosten"
conversions = "Bestellungen"
[breakdowns]
country = "Land"
)",
                                    "toml");
  FileReport report = imported(
      "a title\nDatum;Land;Kanal;Kosten;Bestellungen\n"
      "31.05.2026;AT;tv;1.020,50;2,5\n");
  EXPECT_EQ(report.platform, "plain");
  EXPECT_EQ(report.totals.spend, "1020.50");
  EXPECT_EQ(store_.only().conversion_event, "orders");
  EXPECT_EQ(store_.only().breakdown, "AT");
  EXPECT_EQ(store_.only().counts.get(Metric::conversions), 2'500'000);
  Result<FileReport> missing = import("Datum;Land;Kanal;Kosten\n31.05.2026;AT;tv;1\n");
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("no column 'Bestellungen'"));
}

std::string shared(const std::string& path) {
  // One thread here. NOLINTNEXTLINE(concurrency-mt-unsafe)
  const char* root = std::getenv("RF_SOURCE_DIR");
  for (const std::string& base : {std::string(root == nullptr ? "." : root) + "/../shared/data/",
                                  std::string("/work/shared/data/")}) {
    if (std::filesystem::exists(base + path)) return base + path;
  }
  return "";
}

TEST_F(Import, ReadsTheRealExportExactly) {
  const std::string path = shared("meta_ads_export/ab_data.csv");
  if (path.empty()) GTEST_SKIP() << "the data set is not here";
  Result<FileReport> report = import_file(path, options_, store_, clock_, progress_);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->rows, 637);
  EXPECT_EQ(report->totals.spend, "268.15");
  EXPECT_EQ(report->totals.impressions, 23'559);
  EXPECT_EQ(report->breakdown, "age,gender");
  EXPECT_EQ(report->attribution, "7-day click or 1-day view");
  EXPECT_EQ(report->from, "2024-11-28");
  EXPECT_EQ(report->to, "2024-12-04");
  EXPECT_EQ(report->refused_rows, 0);
  EXPECT_EQ(store_.sum(Metric::impressions), 23'559);
}

TEST_F(Import, ReadsKagExactly) {
  const std::string path = shared("kag/KAG_conversion_data.csv");
  if (path.empty()) GTEST_SKIP() << "the data set is not here";
  Result<FileReport> report = import_file(path, options_, store_, clock_, progress_);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->grain, "total");
  EXPECT_EQ(report->currency, "XXX");
  EXPECT_EQ(report->rows, 1'143);
  EXPECT_EQ(store_.rows.size(), 1'143U);
  EXPECT_EQ(report->totals.impressions, 213'434'828);
  EXPECT_EQ(report->totals.clicks, 38'165);
  EXPECT_EQ(report->totals.spend, "58705.23");
  EXPECT_DOUBLE_EQ(*report->totals.conversions, 3'264);
  EXPECT_DOUBLE_EQ(*report->totals.purchases, 1'079);
  EXPECT_EQ(report->breakdown, "");
}

}  // namespace
}  // namespace rf::imports
