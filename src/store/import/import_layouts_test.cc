// Every layout that field.md §5 knows: its exact header row, with values made up here.

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "store/import/import.h"
#include "store/import/made_files.h"
#include "store/import/memory_store.h"

namespace rf::imports {
namespace {

const char* const kMetaVideo =
    "Video average play time,Video plays,3-second video plays,Unique 2-second continuous video "
    "plays,Video plays at 25%,Video plays at 50%,Video plays at 75%,Video plays at 95%,Video plays "
    "at "
    "100%,ThruPlays";

const std::string kMetaWide =
    std::string(
        "Amount spent (USD),Reach,Impressions,Frequency,\"CPM (cost per 1,000 "
        "impressions)\",Result "
        "type,Results,Result value type,Results value,Views,Clicks (all),CTR (all),Link clicks,CTR "
        "(link click-through rate),Unique clicks (all),Outbound clicks,Unique outbound "
        "clicks,Landing page views,Page engagement,Post engagements,Post comments,Post "
        "reactions,Post saves,Post shares,Instagram profile visits,") +
    kMetaVideo;

struct LayoutCase {
  const char* name;
  std::string header;
  std::string title;  // Lines above the header.
  const char* platform;
  const char* level;
  const char* currency;
  const char* breakdown;
  const char* event;
};

// As long as there are layouts. NOLINTNEXTLINE(readability-function-size)
const std::vector<LayoutCase>& layout_cases() {
  static const std::vector<LayoutCase> cases = {
      {"M1",
       "Reporting starts,Reporting ends,Campaign name,Campaign delivery,Attribution "
       "setting,Results,Result indicator,Reach,Frequency,Cost per results,Amount spent "
       "(EGP),Impressions,\"CPM (cost per 1,000 impressions) (EGP)\",Link clicks,CPC (cost per "
       "link "
       "click) (EGP),CTR (link click-through rate),Clicks (all),CTR (all),CPC (all) (EGP),Landing "
       "page views,Cost per landing page view (EGP)",
       "", "meta", "campaign", "EGP", "", "results:actions:lead"},
      {"M2",
       "Reporting starts,Reporting ends,Campaign name,Campaign delivery,Results,Result "
       "indicator,Amount spent (MYR),Impressions,\"CPM (cost per 1,000 impressions) (MYR)\",Link "
       "clicks,CPC (cost per link click) (MYR),CTR (link click-through rate),Clicks (all),CTR "
       "(all),CPC (all) (MYR),Ad set budget,Ad set budget type,Cost per results",
       "", "meta", "campaign", "MYR", "", "results:actions:lead"},
      {"M3",
       "Reporting starts,Reporting ends,Campaign name,Campaign delivery,Results,Result "
       "indicator,Cost per results,Results ROAS,Result value indicator,Amount spent "
       "(ILS),Impressions,Reach,Results value,Link clicks,Unique link clicks,CTR (link "
       "click-through "
       "rate),\"CPM (cost per 1,000 impressions) (ILS)\",Starts",
       "", "meta", "campaign", "ILS", "", "results:actions:lead"},
      {"M4",
       "Campaign name,Campaign delivery,Reporting starts,Reporting ends,Results,Result "
       "indicator,Reach,Impressions,Amount spent (SAR),Link clicks,Ends",
       "", "meta", "campaign", "SAR", "", "results:actions:lead"},
      {"M5",
       "Day,Campaign ID,Campaign name,Ad set ID,Ad set name,Ad ID,Ad name,Gender,Age,Text," +
           kMetaWide,
       "", "meta", "ad", "USD", "age,gender", "results:actions:lead"},
      {"M6",
       "Day,Campaign ID,Campaign name,Ad set ID,Ad set name,Ad ID,Ad name,Impression "
       "device,Platform,Placement," +
           kMetaWide,
       "", "meta", "ad", "USD", "impression_device,placement,publisher_platform",
       "results:actions:lead"},
      {"M7",
       "Ad name,Reporting starts,Reporting ends,2-second continuous video plays,3-second video "
       "plays,Cost per 3-second video play (USD),ThruPlays,Cost per ThruPlay (USD),Video plays at "
       "25%,Video plays at 50%,Video plays at 75%,Video plays at 95%,Video plays at 100%",
       "", "meta", "ad", "USD", "", ""},
      {"M8",
       "Ad name,Reporting starts,Reporting ends,Amount spent (USD),Link clicks,CPC (cost per link "
       "click) (USD),CTR (link click-through rate),Clicks (all),CTR (all),CPC (all) (USD),Landing "
       "page views,Cost per landing page view (USD),Page engagement,Post reactions,Post "
       "comments,Post saves,Post shares,Facebook likes,Instagram follows",
       "", "meta", "ad", "USD", "", ""},
      {"M9",
       "Reporting starts,Reporting ends,Ad name,Amount spent (GBP),Impressions,Purchases,Ad set "
       "name,Purchase ROAS (return on ad spend),Link clicks,Campaign name,Purchases conversion "
       "value",
       "", "meta", "ad", "GBP", "", "purchases"},
      {"M10",
       "Ad name,Campaign name,Ad set name,Amount spent (USD),Impressions,Link clicks,CTR (link "
       "click-through rate),CPC (cost per link click) (USD),Purchases,Leads,Cost per purchase "
       "(USD),Cost per lead (USD),Purchase ROAS (return on ad spend),Reporting starts,Reporting "
       "ends",
       "", "meta", "ad", "USD", "", "purchases"},
      {"M11",
       "Account ID,Account name,Account timezone,Currency,Campaign ID,Campaign name,Ad set ID,Ad "
       "set "
       "name,Ad ID,Ad name,Reporting starts,Reporting ends,Amount spent,Impressions,Results,Result "
       "indicator,Delivery,Attribution setting",
       "", "meta", "ad", "EUR", "", "results:actions:lead"},
      {"M12",
       "Reporting starts,Reporting ends,Ad set name,Amount spent (USD),Website purchases "
       "conversion "
       "value,Results",
       "", "meta", "adset", "USD", "", ""},
      {"T1",
       "Campaign name,Advertising objective,Campaign ID,Ad group name,Ad name,Placements Types,By "
       "Day,Schedule,Cost,Impressions,Clicks (destination),CTR (destination),Video views,2-second "
       "video views,6-second video views,Video views at 100%,Video views at 75%,Video views at "
       "50%,Video views at 25%,Average play time per video view,Paid follows,Paid likes,Paid "
       "comments,Paid shares,Paid profile visits,Currency",
       "", "tiktok", "ad", "EUR", "", ""},
      {"T2",
       "Campaign name,Date,Cost,Impressions,Clicks (destination),CTR (destination),CPC "
       "(destination),Conversions,Currency",
       "", "tiktok", "campaign", "EUR", "", "conversions"},
      {"T3",
       "Ad name,Primary status,Secondary status,Cost,Impressions,CPM,Clicks (destination),CPC "
       "(destination),CTR (destination),2-second video views,6-second video views,Video views at "
       "25%,Video views at 50%,Video views at 75%,Video views at 100%,Average play time per "
       "user,Average play time per video view,Interactive add-on impressions,Interactive add-on "
       "destination clicks,Reach,\"Cost per 1,000 people reached\",Frequency,Clicks (all),CTR "
       "(all),Primary source,Secondary source,Attribution source,Currency,By Day",
       "", "tiktok", "ad", "EUR", "", ""},
      {"T4",
       "Ad name,Date,Currency,Cost,CPC,CPM,Clicks,Reach,Frequency,Results,Video views,2-second "
       "video "
       "views,Video views at 25%,Video views at 50%,Video views at 75%,Video views at 100%,Profile "
       "visits,Paid likes,Paid comments,Paid shares",
       "", "tiktok", "ad", "EUR", "", ""},
      {"G1",
       "Campaign status,Campaign,Budget,Budget name,Budget type,Currency code,Status,Status "
       "reasons,Optimization score,Campaign type,Bid strategy type,Conv. value / cost,Avg. target "
       "ROAS,Conv. value,TrueView views,Impr.,TrueView avg. CPV,Conversions,Conv. rate,Cost / "
       "conv.,Clicks,CTR,Conv. (Platform Comparable),Conv. value / Cost (Platform "
       "Comparable),Unique "
       "users,Avg. CPM,Cost,Likes,Comments,Shares,Goals",
       "Campaign report\n\"May 13, 2026 - May 13, 2026\"\n", "google", "campaign", "EUR", "",
       "conversions"},
      {"G2",
       "Campaign status,Campaign,Budget,Budget name,Budget type,Currency code,Status,Status "
       "reasons,Optimization score,Campaign type,Avg. CPM,Impr.,Interactions,Interaction rate,Avg. "
       "cost,Cost,Conv. (Platform Comparable),Cost / Conv. (Platform Comparable),Conv. value / "
       "Cost "
       "(Platform Comparable),Bid strategy type,Viewable CTR,Avg. viewable CPM,Viewable "
       "impr.,Clicks,Conv. rate,Conv. value,Conv. value / cost,Conversions,Avg. CPC,Cost / conv.",
       "Campaign report\n13 May 2026 - 13 May 2026\n", "google", "campaign", "EUR", "",
       "conversions"},
      {"G3",
       "Campaign type,Campaign,Ad group,Ad state,Final URL,Long headline 1,Headline 1,Description "
       "1,Video,Call to action text,Video ID,Ad name,Ad type,Campaign "
       "ID,Day,Impr.,Clicks,Interactions,Engagements,Views,Video played to 25%,Video played to "
       "50%,Video played to 75%,Video played to 100%,YouTube Earned Views,YouTube Earned "
       "Likes,YouTube Earned Shares,YouTube Earned Subscribers,Conversions,All conv.,Currency "
       "code,Cost",
       "", "google", "ad", "EUR", "", "conversions"},
      {"G4",
       "Day,Campaign,Ad group,Ad name,Cost,Impr.,Avg. CPM,TrueView views,TrueView avg. CPV,Video "
       "played to 25%,Video played to 50%,Video played to 75%,Video played to "
       "100%,Clicks,CTR,Currency code",
       "", "google", "ad", "EUR", "", ""},
      {"G5", "Day,Campaign,Campaign ID,Currency code,Cost,Impr.,Clicks,Conversions", "", "google",
       "campaign", "EUR", "", "conversions"},
      {"DE", "Tag,Kampagne,Währungscode,Kosten,Impr.,Klicks,Conversions", "Kampagnenbericht\n",
       "google", "campaign", "EUR", "", "conversions"},
      {"FR", "Jour;Campagne;Code de la devise;Coût;Impr.;Clics;Conversions",
       "Rapport sur les campagnes\n", "google", "campaign", "EUR", "", "conversions"},
  };
  return cases;
}

std::vector<std::string> split_header(const std::string& header, char delimiter) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (char c : header) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == delimiter && !quoted) {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

// Spend 12.50, 1,000 impressions, 20 clicks, 2 of whatever is converted, on one day.
std::string value_for(const std::string& header, bool comma) {
  if (header.starts_with("Amount spent") || header == "Cost" || header == "Kosten" ||
      header == "Coût")
    return comma ? "12,50" : "12.50";
  static const std::map<std::string, std::string> values = {
      {"Campaign name", "Spring"},
      {"Campaign", "Spring"},
      {"Kampagne", "Spring"},
      {"Campagne", "Spring"},
      {"Ad set name", "Broad"},
      {"Ad group name", "Broad"},
      {"Ad group", "Broad"},
      {"Ad name", "Film A"},
      {"Campaign ID", "11"},
      {"Ad set ID", "22"},
      {"Ad ID", "33"},
      {"Account ID", "act_7"},
      {"Account name", "Shop"},
      {"Account timezone", "Europe/Berlin"},
      {"Currency", "EUR"},
      {"Currency code", "EUR"},
      {"Währungscode", "EUR"},
      {"Code de la devise", "EUR"},
      {"Day", "2026-05-13"},
      {"By Day", "2026-05-13"},
      {"Date", "2026-05-13"},
      {"Tag", "13.05.2026"},
      {"Jour", "13/05/2026"},
      {"Reporting starts", "2026-05-13"},
      {"Reporting ends", "2026-05-13"},
      {"Impressions", "1000"},
      {"Impr.", "1000"},
      {"Link clicks", "20"},
      {"Clicks", "20"},
      {"Clicks (destination)", "20"},
      {"Klicks", "20"},
      {"Clics", "20"},
      {"Results", "2"},
      {"Result indicator", "actions:lead"},
      {"Result type", "actions:lead"},
      {"Purchases", "2"},
      {"Conversions", "2"},
      {"Attribution setting", "7-day click"},
      {"Gender", "female"},
      {"Age", "25-34"},
      {"Platform", "instagram"},
      {"Placement", "reels"},
      {"Impression device", "iphone"},
      {"Campaign status", "Enabled"},
      {"Video views", "400"},
      {"Video plays", "400"},
      {"Video average play time", "6"},
      {"Average play time per video view", "6"},
      {"Video plays at 25%", "250"},
      {"Video views at 25%", "250"},
      {"Video played to 25%", "25.00%"}};
  auto found = values.find(header);
  return found == values.end() ? "" : found->second;
}

std::vector<std::string> values_of(const LayoutCase& layout, char delimiter) {
  std::vector<std::string> values;
  for (const std::string& header : split_header(layout.header, delimiter))
    values.push_back(value_for(header, delimiter == ';'));
  return values;
}

class Layouts : public testing::TestWithParam<LayoutCase> {
 protected:
  void check(const std::string& path) {
    const LayoutCase& layout = GetParam();
    MemoryStore store;
    ManualClock clock(*parse_instant("2026-06-01"));
    NoProgress progress;
    Result<FileReport> report = import_file(path, {}, store, clock, progress);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->platform, layout.platform);
    EXPECT_EQ(report->level, layout.level);
    EXPECT_EQ(report->grain, "day");
    EXPECT_EQ(report->currency, layout.currency);
    EXPECT_EQ(report->breakdown, layout.breakdown);
    EXPECT_EQ(report->conversion_event, layout.event);
    EXPECT_EQ(report->from, "2026-05-13");
    EXPECT_EQ(report->rows, 1);
    EXPECT_EQ(report->added, 1);
    EXPECT_EQ(report->refused_rows, 0);
    const MetricRow& row = store.only();
    const bool has_spend = layout.header.find("Amount spent") != std::string::npos ||
                           std::string_view(layout.platform) != "meta";
    EXPECT_EQ(row.counts.get(Metric::spend),
              has_spend ? std::optional<std::int64_t>(12'500'000) : std::nullopt);
    EXPECT_EQ(row.counts.has(Metric::conversions), *layout.event != '\0');
    EXPECT_EQ(row.counts.get(Metric::conversions).value_or(2'000'000), 2'000'000);
    EXPECT_EQ(row.counts.get(Metric::video_p25).value_or(250), 250);
    EXPECT_EQ(row.counts.get(Metric::watch_time_ms).value_or(2'400'000), 2'400'000);
  }
};

TEST_P(Layouts, AreReadFromCsv) {
  const LayoutCase& layout = GetParam();
  const char delimiter = layout.header.find(';') != std::string::npos ? ';' : ',';
  std::string row;
  for (const std::string& value : values_of(layout, delimiter))
    row += (row.empty() ? "" : std::string(1, delimiter)) +
           (value.empty() && row.empty() ? "\"\"" : value);
  check(made_file(layout.title + layout.header + "\n" + row + "\n"));
}

TEST_P(Layouts, AreReadFromWorkbooks) {
  const LayoutCase& layout = GetParam();
  const char delimiter = layout.header.find(';') != std::string::npos ? ';' : ',';
  std::vector<std::vector<MadeCell>> rows;
  for (std::size_t start = 0; start < layout.title.size();) {
    const std::size_t end = layout.title.find('\n', start);
    std::string line = layout.title.substr(start, end - start);
    std::erase(line, '"');
    rows.push_back({{line}});
    start = end + 1;
  }
  rows.emplace_back();
  for (const std::string& header : split_header(layout.header, delimiter))
    rows.back().push_back({header});
  rows.emplace_back();
  for (const std::string& value : values_of(layout, delimiter)) {
    const bool number = !value.empty() &&
                        value.find_first_not_of("0123456789.") == std::string::npos &&
                        value != "13.05.2026";
    rows.back().push_back({value, number ? 0 : -1});
  }
  check(made_file(workbook_of(rows), "xlsx"));
}

INSTANTIATE_TEST_SUITE_P(All, Layouts, testing::ValuesIn(layout_cases()),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(Layout, IsReadFromGermanUtf16) {
  MemoryStore store;
  ManualClock clock(*parse_instant("2026-06-01"));
  NoProgress progress;
  std::string path = made_file(
      utf16("Kampagnenbericht\n1. Mai 2026\nTag\tKampagne\tW\xE4hrungscode\tKosten\tImpr.\tKlicks\n"
            "13.05.2026\tFr\xFChling\tEUR\t1.234,50\t1.000\t20\n"
            "Gesamt: Kampagnen\t --\tEUR\t1.234,50\t1.000\t20\n"));
  Result<FileReport> report = import_file(path, {}, store, clock, progress);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->locale, "de");
  EXPECT_EQ(report->totals.spend, "1234.50");
  EXPECT_EQ(report->totals.impressions, 1000);
  ASSERT_TRUE(report->file_total);
  EXPECT_TRUE(report->file_total->equal);
  EXPECT_EQ(store.only().entity.campaign_name, "Frühling");
  EXPECT_EQ(store.only().line, 4);
}

}  // namespace
}  // namespace rf::imports
