#include "sim/export.h"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/sha256.h"
#include "sim/bulk_export.h"
#include "sim/delimited.h"

namespace rf::sim {
namespace {

using Table = std::vector<std::vector<std::string>>;

// A reader of its own, so that a mistake of the writer is not read back as right.
Table read_table(const std::string& bytes, char delimiter) {
  Table table(1, {""});
  bool quoted = false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string& cell = table.back().back();
    const char c = bytes[i];
    if (quoted) {
      if (c != '"') {
        cell += c;
      } else if (i + 1 < bytes.size() && bytes[i + 1] == '"') {
        cell += '"';
        ++i;
      } else {
        quoted = false;
      }
    } else if (c == '"' && cell.empty()) {
      quoted = true;
    } else if (c == delimiter) {
      table.back().emplace_back();
    } else if (c == '\n') {
      table.push_back({""});
    } else {
      cell += c;
    }
  }
  EXPECT_FALSE(quoted);
  table.pop_back();  // What follows the last line's end.
  return table;
}

// Decodes by the definition of UTF-16 and refuses what is not.
std::string utf8_of_utf16le(const std::string& bytes) {
  EXPECT_EQ(bytes.size() % 2, 0U);
  EXPECT_EQ(bytes.substr(0, 2), "\xff\xfe");
  std::string text;
  const auto unit = [&](std::size_t at) -> unsigned {
    return static_cast<unsigned char>(bytes[at]) + 256U * static_cast<unsigned char>(bytes[at + 1]);
  };
  const auto add = [&](unsigned value) { text += static_cast<char>(value); };
  for (std::size_t at = 2; at < bytes.size(); at += 2) {
    unsigned point = unit(at);
    EXPECT_FALSE(point >= 0xdc00 && point < 0xe000) << "a low surrogate comes first at " << at;
    if (point >= 0xd800 && point < 0xdc00) {
      at += 2;
      const unsigned low = unit(at);
      EXPECT_TRUE(low >= 0xdc00 && low < 0xe000) << "a high surrogate stands alone at " << at;
      point = 0x10000 + ((point - 0xd800) << 10U) + (low - 0xdc00);
    }
    if (point < 0x80) {
      add(point);
    } else if (point < 0x800) {
      add(0xc0 | point >> 6U), add(0x80 | (point & 0x3fU));
    } else if (point < 0x10000) {
      add(0xe0 | point >> 12U), add(0x80 | (point >> 6U & 0x3fU)), add(0x80 | (point & 0x3fU));
    } else {
      add(0xf0 | point >> 18U), add(0x80 | (point >> 12U & 0x3fU));
      add(0x80 | (point >> 6U & 0x3fU)), add(0x80 | (point & 0x3fU));
    }
  }
  return text;
}

struct Column {
  const Table& table;
  std::size_t header_line;

  std::size_t at(const std::string& name) const {
    const std::vector<std::string>& header = table[header_line];
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (header[i] == name) return i;
    }
    ADD_FAILURE() << "no column " << name;
    return 0;
  }
};

// "1,234.50" in hundredths; empty and "--" are zero.
std::int64_t hundredths(const std::string& cell) {
  std::string digits;
  std::size_t behind_point = 0;
  bool point = false;
  for (char c : cell) {
    if (c == '.') point = true;
    if (c < '0' || c > '9') continue;
    digits += c;
    behind_point += point ? 1 : 0;
  }
  for (; behind_point < 2; ++behind_point) digits += '0';
  std::int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

World demo_world() {
  World world = World::make({}).value();
  world.run_days(28);
  return world;
}

Export demo_export(std::size_t account) {
  World world = demo_world();
  return world.export_as_of(account, world.today() - Days(1));
}

TEST(MetaExport, TheNamelessRowIsTheSumOfTheOthers) {
  std::string bytes = export_bytes(demo_export(0), Layout::meta_csv);
  ASSERT_TRUE(
      bytes.starts_with("\xef\xbb\xbf"
                        "Day,\"Campaign ID\","));
  Table table = read_table(bytes.substr(3), ',');
  Column column{table, 0};
  const std::vector<std::string>& total = table[1];
  EXPECT_EQ(total[column.at("Ad name")], "");
  EXPECT_EQ(total[column.at("Day")], "");
  EXPECT_EQ(total[column.at("Reporting starts")], "2026-03-02");
  EXPECT_EQ(total[column.at("Reporting ends")], "2026-03-29");
  for (const char* name :
       {"Amount spent (USD)", "Impressions", "Link clicks", "Purchases", "Results",
        "Purchases conversion value", "3-second video plays", "ThruPlays"}) {
    SCOPED_TRACE(name);
    const std::size_t at = column.at(name);
    std::int64_t sum = 0;
    for (std::size_t line = 2; line < table.size(); ++line) sum += hundredths(table[line][at]);
    EXPECT_EQ(sum, hundredths(total[at]));
    EXPECT_GT(sum, 0);
  }
  for (const auto& line : table) EXPECT_EQ(line.size(), table[0].size());
}

TEST(MetaExport, SaysNothingWhereNothingWasCounted) {
  Table table = read_table(export_bytes(demo_export(0), Layout::meta_csv).substr(3), ',');
  Column column{table, 0};
  int without = 0;
  for (std::size_t line = 2; line < table.size(); ++line) {
    EXPECT_NE(table[line][column.at("Purchases")], "0");
    if (!table[line][column.at("Purchases")].empty()) continue;
    ++without;
    EXPECT_EQ(table[line][column.at("Purchases conversion value")], "");
    EXPECT_EQ(table[line][column.at("Result indicator")], "");
  }
  EXPECT_GT(without, 28);
}

TEST(MetaExport, NamesSurviveQuoting) {
  Export file = demo_export(0);
  file.rows.resize(1);
  file.rows[0].entity.ad_name = "a \"b\", c\n☕ ;\t'd' 🚀";
  Table table = read_table(export_bytes(file, Layout::meta_csv).substr(3), ',');
  ASSERT_EQ(table.size(), 3U);
  EXPECT_EQ(table[2][(Column{table, 0}.at("Ad name"))], file.rows[0].entity.ad_name);
}

TEST(TikTokExport, TheLastRowIsTheSumOfTheOthers) {
  Table table = read_table(export_bytes(demo_export(1), Layout::tiktok_csv), ',');
  Column column{table, 0};
  EXPECT_EQ(table.back()[0], "Total of " + std::to_string(table.size() - 2) + " results");
  for (const char* name : {"Cost", "Impressions", "Clicks (destination)", "Conversions",
                           "Purchase value (website)", "2-second video views"}) {
    SCOPED_TRACE(name);
    const std::size_t at = column.at(name);
    std::int64_t sum = 0;
    for (std::size_t line = 1; line + 1 < table.size(); ++line) sum += hundredths(table[line][at]);
    EXPECT_EQ(sum, hundredths(table.back()[at]));
    EXPECT_GT(sum, 0);
  }
  int empty = 0;
  for (const auto& line : table) {
    EXPECT_EQ(line.size(), table[0].size());
    empty += line[column.at("Cost per conversion")] == "--" ? 1 : 0;
  }
  EXPECT_GT(empty, 28);
}

TEST(GoogleExport, IsUtf16WithTitlesAndTotalsThatAreTheSum) {
  Table table = read_table(utf8_of_utf16le(export_bytes(demo_export(2), Layout::google_tsv)), '\t');
  EXPECT_EQ(table[0], std::vector<std::string>{"Ad report"});
  EXPECT_EQ(table[1], std::vector<std::string>{"March 2, 2026 - March 29, 2026"});
  Column column{table, 2};
  const std::size_t rows = table.size() - 3;
  for (const char* name : {"Cost", "Impr.", "Clicks", "Conversions", "Conv. value"}) {
    SCOPED_TRACE(name);
    const std::size_t at = column.at(name);
    std::int64_t sum = 0;
    for (std::size_t line = 3; line < rows; ++line) {
      EXPECT_FALSE(table[line][0].starts_with("Total:"));
      sum += hundredths(table[line][at]);
    }
    for (std::size_t line = rows; line < table.size(); ++line) {
      EXPECT_TRUE(table[line][0].starts_with("Total: "));
      EXPECT_EQ(hundredths(table[line][at]), sum);
    }
    EXPECT_GT(sum, 0);
  }
}

TEST(GoogleExport, QuartilesAreSharesOfImpressionsAndConversionsAreShared) {
  Export file = demo_export(2);
  Table table = read_table(utf8_of_utf16le(export_bytes(file, Layout::google_tsv)), '\t');
  Column column{table, 2};
  int fractions = 0;
  for (std::size_t i = 0; i < file.rows.size(); ++i) {
    const Counts& counts = file.rows[i].counts;
    const std::string& cell = table[i + 3][column.at("Video played to 25%")];
    EXPECT_TRUE(cell.ends_with("%"));
    const double share = static_cast<double>(*counts.get(Metric::video_p25)) /
                         static_cast<double>(*counts.get(Metric::impressions));
    EXPECT_NEAR(static_cast<double>(hundredths(cell)) / 1e4, share, 0.5e-4 + 1e-12);
    fractions += *counts.get(Metric::conversions) % kMicrosPerUnit == 0 ? 0 : 1;
    EXPECT_EQ(hundredths(table[i + 3][column.at("Conversions")]) * 10'000,
              *counts.get(Metric::conversions));
  }
  EXPECT_GT(fractions, 10);
}

TEST(GoogleExport, TheGermanFileSaysTheSameInGerman) {
  Export file = demo_export(2);
  Table german = read_table(utf8_of_utf16le(export_bytes(file, Layout::google_tsv_de)), '\t');
  EXPECT_EQ(german[0][0], "Kampagnenbericht");
  EXPECT_EQ(german[1][0], "2. März 2026 - 29. März 2026");
  EXPECT_EQ(german[2][2], "Währungscode");
  EXPECT_EQ(german.size(), 3U + 28 + 2) << "one campaign, four weeks, two totals";
  EXPECT_EQ(german.back()[0], "Gesamt: Konto");
  std::int64_t cents = 0;
  for (const MetricRow& row : file.rows) cents += *row.counts.get(Metric::spend) / 10'000;
  std::string cost = german.back()[3];
  EXPECT_EQ(cost[cost.size() - 3], ',');
  EXPECT_EQ(cost[cost.size() - 7], '.');
  std::erase(cost, '.');
  cost[cost.size() - 3] = '.';
  EXPECT_EQ(hundredths(cost), cents);
}

// Fixed when the writers were made, on x86-64 with g++ 12; the same with clang 14. They change
// only when the world or a layout is changed on purpose.
TEST(Export, TheDemoSeedGivesTheSameBytesForEver) {
  EXPECT_EQ(sha256_hex(export_bytes(demo_export(0), Layout::meta_csv)),
            "2fa626630af801d8c39d31d610a46f83571b528164d60761996715eff9054be4");
  EXPECT_EQ(sha256_hex(export_bytes(demo_export(1), Layout::tiktok_csv)),
            "19de4e994a74cd78d5c102af047f85dfd72dcee32d3d69aa71cda1aff8bb6f68");
  EXPECT_EQ(sha256_hex(export_bytes(demo_export(2), Layout::google_tsv)),
            "72588ca86e30399cd9f3a414f286bbf6ef89dfaa36d81e9ca041d9529ccdf073");
  EXPECT_EQ(sha256_hex(export_bytes(demo_export(2), Layout::google_tsv_de)),
            "57b0ffe4169f9eeee29a99bf59fbe25beaedf0b311948401d34ce26c151e3930");
}

TEST(Export, AnEmptyFileHasItsHeaderAndItsTotals) {
  Export file = demo_export(0);
  file.rows.clear();
  Table table = read_table(export_bytes(file, Layout::meta_csv).substr(3), ',');
  ASSERT_EQ(table.size(), 2U);
  EXPECT_EQ(table[0].size(), table[1].size());
  EXPECT_EQ(table[1][(Column{table, 0}.at("Amount spent (USD)"))], "0.00");
}

std::string bytes_at(const std::string& path) {
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str();
}

TEST(Export, WritesWhatItSaysAndReportsWhatItCannot) {
  Export file = demo_export(1);
  EXPECT_EQ(file_name_of(file, Layout::tiktok_csv), "nordlicht-coffee-uk_tiktok_2026-03-29.csv");
  const std::string path = testing::TempDir() + "/sim_export_test_tiktok.csv";
  ASSERT_TRUE(write_export(file, Layout::tiktok_csv, path));
  EXPECT_EQ(bytes_at(path), export_bytes(file, Layout::tiktok_csv));
  std::filesystem::remove(path);
  Status nowhere = write_export(file, Layout::tiktok_csv, testing::TempDir() + "/no/such/folder/x");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, ErrorCode::unavailable);
  EXPECT_THAT(nowhere.error().message, testing::HasSubstr("check the folder"));
}

TEST(BulkExport, HasTheRowsAndTheSumItSays) {
  const std::string path = testing::TempDir() + "/sim_export_test_bulk.csv";
  Result<BulkExport> written = write_bulk_meta_export(path, 2'500, 200, 3);
  ASSERT_TRUE(written);
  const std::string bytes = bytes_at(path);
  std::filesystem::remove(path);
  EXPECT_EQ(written->bytes, static_cast<std::int64_t>(bytes.size()));
  EXPECT_EQ(sha256_hex(bytes), "80f13886dfb9f1fffc64403dab3db5126ee9479c86565c93d13bf1c4d7320c90");
  Table table = read_table(bytes.substr(3), ',');
  ASSERT_EQ(table.size(), 2'501U);
  Column column{table, 0};
  std::map<std::pair<std::string, std::string>, int> keys;
  std::int64_t cents = 0;
  std::int64_t impressions = 0;
  for (std::size_t line = 1; line < table.size(); ++line) {
    ASSERT_EQ(table[line].size(), table[0].size());
    cents += hundredths(table[line][column.at("Amount spent (USD)")]);
    impressions += hundredths(table[line][column.at("Impressions")]) / 100;
    ++keys[{table[line][column.at("Day")], table[line][column.at("Ad ID")]}];
  }
  EXPECT_EQ(keys.size(), 2'500U) << "no ad has a day twice";
  EXPECT_EQ(cents * 10'000, *written->sum.get(Metric::spend));
  EXPECT_EQ(impressions, *written->sum.get(Metric::impressions));
}

TEST(BulkExport, SaysWhenTheDiskIsFull) {
  Result<BulkExport> written = write_bulk_meta_export("/dev/full", 10'000, 10, 1);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::unavailable);
}

TEST(DelimitedText, QuotesOnlyWhatNeedsIt) {
  DelimitedText out({.delimiter = ';', .thousands = '.', .decimal = ','});
  out.text("plain, with comma");
  out.text("a;b");
  out.text("say \"x\"");
  out.none();
  out.count(-1234567);
  out.decimal(999.999, 2);
  out.percent(0.12345, 2);
  out.end_line();
  EXPECT_EQ(out.bytes(),
            "plain, with comma;\"a;b\";\"say \"\"x\"\"\";;-1.234.567;1.000,00;12,35%\n");
}

// Source: RFC 2781, section 2.1: U+1F600 is D83D DE00.
TEST(Utf16, PutsWhatIsBeyondSixteenBitsIntoPairs) {
  using namespace std::string_literals;
  EXPECT_EQ(to_utf16le("aé€😀"),
            "\xff\xfe"
            "a\0\xe9\0\xac\x20\x3d\xd8\x00\xde"s);
}

}  // namespace
}  // namespace rf::sim
