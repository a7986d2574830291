#include "store/import/table_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/import/made_files.h"

namespace rf::imports {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Read {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::int64_t> lines;
  Status status;
};

Read read_all(Result<std::unique_ptr<TableReader>> reader) {
  Read read;
  if (!reader) {
    read.status = reader.error();
    return read;
  }
  TableRow row;
  for (;;) {
    Result<bool> more = (*reader)->next(row);
    if (!more) read.status = more.error();
    if (!more || !*more) return read;
    read.lines.push_back(row.line);
    read.rows.emplace_back();
    for (const Cell& cell : row.cells) read.rows.back().emplace_back(cell.text);
  }
}

Read read_text(std::string text) { return read_all(open_delimited(bytes_of(std::move(text)))); }

TEST(Delimited, ReadsQuotesAndCountsLinesInsideThem) {
  Read read = read_text("a,b\r\n\"x, \"\"y\"\"\",\"two\nlines\"\r\n\r\nlast,\n");
  ASSERT_TRUE(read.status);
  EXPECT_THAT(read.rows, ElementsAre(ElementsAre("a", "b"), ElementsAre("x, \"y\"", "two\nlines"),
                                     ElementsAre("last", "")));
  EXPECT_THAT(read.lines, ElementsAre(1, 2, 5));
}

TEST(Delimited, FindsTheDelimiter) {
  EXPECT_THAT(read_text("a;b\n1,5;2\n").rows[1], ElementsAre("1,5", "2"));
  EXPECT_THAT(read_text("a;b;c\n1,5;2,5;3,5\n1,5;2,5;3,5\n").rows[0], ElementsAre("a", "b", "c"));
  EXPECT_THAT(read_text("a\tb\n1,5\t2\n").rows[1], ElementsAre("1,5", "2"));
  EXPECT_THAT(read_text("\xEF\xBB\xBF\"a;x\",b\n1,2\n").rows[0], ElementsAre("a;x", "b"));
}

TEST(Delimited, ReadsUtf16OfEitherOrder) {
  std::string little = utf16("Kampagne\tKosten\nM\xFCnchen\t5\n");
  EXPECT_THAT(read_text(little).rows[1], ElementsAre("München", "5"));
  std::string big;
  for (std::size_t i = 0; i + 1 < little.size(); i += 2) big += {little[i + 1], little[i]};
  EXPECT_THAT(read_text(big).rows[1], ElementsAre("München", "5"));
}

TEST(Delimited, IsTheSameWhereverBlocksEnd) {
  std::string text = "name,n\n";
  for (int i = 0; i < 20'000; ++i) text += fmt::format("\"row {}\",{}\n", i, i);
  Read read = read_text(text);
  ASSERT_EQ(read.rows.size(), 20'001U);
  for (int i = 0; i < 20'000; ++i) {
    ASSERT_THAT(read.rows[static_cast<std::size_t>(i) + 1],
                ElementsAre(fmt::format("row {}", i), fmt::format("{}", i)));
  }
  EXPECT_EQ(read.lines.back(), 20'001);
  EXPECT_EQ(read_text(utf16("n\tm\n" + std::string(200'000, 'x') + "\t1\n")).rows[1][0].size(),
            200'000U);
}

TEST(Delimited, RefusesCellsAndRowsWithoutEnd) {
  Read quote = read_text("a,b\n1,2\n3,\"open\n4,5\n");
  ASSERT_FALSE(quote.status);
  EXPECT_THAT(quote.status.error().message, HasSubstr("line 3"));
  Read cell = read_text("a,b\n1," + std::string(3 << 20, 'x') + "\n");
  ASSERT_FALSE(cell.status);
  EXPECT_EQ(cell.status.error().code, ErrorCode::over_limit);
  EXPECT_THAT(cell.status.error().message, HasSubstr("line 2"));
  Read wide = read_text("a,b\n" + std::string(5000, ',') + "\n");
  ASSERT_FALSE(wide.status);
  EXPECT_EQ(wide.status.error().code, ErrorCode::over_limit);
}

TEST(Delimited, RefusesAnEmptyFile) {
  EXPECT_EQ(read_text("").status.error().message, "the file is empty");
  EXPECT_EQ(read_text("\xEF\xBB\xBF \n").status.error().message, "the file is empty");
}

TEST(Workbook, ReadsTheRawSheetWithDatesPercentsAndGaps) {
  Read read = read_all(open_workbook_bytes(workbook(
      "<worksheet><sheetData><row r=\"2\"><c r=\"A2\" t=\"s\"><v>1</v></c><c "
      "r=\"C2\"><v>1.5</v></c>"
      "</row><row r=\"4\"><c r=\"A4\" s=\"1\"><v>46082</v></c><c r=\"B4\" s=\"2\"><v>0.4512</v></c>"
      "<c r=\"C4\" t=\"str\"><f>A1</f><v>R&amp;D</v></c></row></sheetData></worksheet>",
      "<sst><si><t>zero</t></si><si><r><t>o</t></r><r><t>ne</t></r><rPh><t>no</t></rPh></si></"
      "sst>")));
  ASSERT_TRUE(read.status) << read.status.error().message;
  // 46082 is 2026-03-01: 46023 is 2026-01-01, by a spreadsheet.
  EXPECT_THAT(read.rows, ElementsAre(ElementsAre("one", "", "1.5"),
                                     ElementsAre("2026-03-01", "045.120%", "R&D")));
  EXPECT_THAT(read.lines, ElementsAre(2, 4));
}

TEST(Workbook, RefusesWhatIsMadeToHarm) {
  EXPECT_FALSE(open_workbook_bytes("PK\x03\x04 not a zip"));
  Read bomb = read_all(open_workbook_bytes(
      workbook("<worksheet><sheetData><row><c t=\"str\"><v>" + std::string(48 << 20, ' '))));
  EXPECT_FALSE(bomb.status);
  Read entities = read_all(open_workbook_bytes(
      workbook("<!DOCTYPE a [<!ENTITY b \"bbbb\">]><worksheet>&b;</worksheet>")));
  EXPECT_THAT(entities.status.error().message, HasSubstr("document type"));
  Read broken = read_all(open_workbook_bytes(workbook("<worksheet><sheetData><row></sheetData>")));
  EXPECT_EQ(broken.status.error().code, ErrorCode::corrupt);
  Read wide = read_all(open_workbook_bytes(
      workbook("<worksheet><row r=\"1\"><c r=\"ZZZZZZ1\"><v>1</v></c></row></worksheet>")));
  EXPECT_EQ(wide.status.error().code, ErrorCode::over_limit);
}

TEST(OpenTable, GoesByTheBytesNotByTheName) {
  std::string path =
      made_file(workbook_of({{{"Day"}, {"Cost"}}, {{"46082", 1}, {"1.5", 0}}}), "csv");
  EXPECT_THAT(read_all(open_table(path)).rows[1], ElementsAre("2026-03-01", "1.5"));
  EXPECT_EQ(read_all(open_table("/no/such/file.csv")).status.error().code, ErrorCode::not_found);
  EXPECT_EQ(read_all(open_table(testing::TempDir())).status.error().code, ErrorCode::invalid);
}

}  // namespace
}  // namespace rf::imports
