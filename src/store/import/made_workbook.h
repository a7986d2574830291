// Workbooks made up for tests and fuzzing.

#pragma once

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <zip.h>

#include "base/check.h"

namespace rf::imports {

// A workbook's cell: text, or a number with the index of its style.
struct MadeCell {
  std::string text;
  int style = -1;  // -1: text; 0: plain number; 1: date; 2: percent.
};

inline std::string sheet_xml(const std::vector<std::vector<MadeCell>>& rows) {
  std::string xml = "<?xml version=\"1.0\"?><worksheet xmlns=\"http://x\"><sheetData>";
  int line = 0;
  for (const auto& row : rows) {
    xml += fmt::format("<row r=\"{}\">", ++line);
    int column = 0;
    for (const MadeCell& cell : row) {
      const std::string place = fmt::format("{}{}", static_cast<char>('A' + column++), line);
      if (cell.style < 0) {
        xml += fmt::format("<c r=\"{}\" t=\"inlineStr\"><is><t>{}</t></is></c>", place, cell.text);
      } else {
        xml += fmt::format("<c r=\"{}\" s=\"{}\"><v>{}</v></c>", place, cell.style, cell.text);
      }
    }
    xml += "</row>";
  }
  return xml + "</sheetData></worksheet>";
}

// REQUIRES: the parts outlive the call.
inline std::string zipped(const std::vector<std::pair<std::string, std::string>>& parts) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(target);
  zip_t* zip = zip_open_from_source(target, ZIP_TRUNCATE, &error);
  RF_CHECK(zip != nullptr);
  for (const auto& [name, bytes] : parts) {
    zip_source_t* source = zip_source_buffer(zip, bytes.data(), bytes.size(), 0);
    RF_CHECK(zip_file_add(zip, name.c_str(), source, ZIP_FL_ENC_UTF_8) >= 0);
  }
  RF_CHECK(zip_close(zip) == 0);
  zip_source_open(target);
  zip_source_seek(target, 0, SEEK_END);
  std::string bytes(static_cast<std::size_t>(zip_source_tell(target)), '\0');
  zip_source_seek(target, 0, SEEK_SET);
  zip_source_read(target, bytes.data(), bytes.size());
  zip_source_close(target);
  zip_source_free(target);
  return bytes;
}

inline std::string workbook(const std::string& sheet, const std::string& strings = "") {
  std::vector<std::pair<std::string, std::string>> parts = {
      {"xl/workbook.xml",
       "<workbook xmlns:r=\"http://r\"><sheets><sheet name=\"Formatted Report\" sheetId=\"1\" "
       "r:id=\"rId1\"/><sheet name=\"Raw Data Report\" sheetId=\"2\" "
       "r:id=\"rId2\"/></sheets></workbook>"},
      {"xl/_rels/workbook.xml.rels",
       "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/><Relationship "
       "Id=\"rId2\" Target=\"/xl/worksheets/sheet2.xml\"/></Relationships>"},
      {"xl/styles.xml",
       "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"[$-409]d/m/yyyy\"/></numFmts>"
       "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"10\"/></cellXfs>"
       "</styleSheet>"},
      {"xl/worksheets/sheet1.xml", sheet_xml({{{"for people"}}})},
      {"xl/worksheets/sheet2.xml", sheet}};
  if (!strings.empty()) parts.emplace_back("xl/sharedStrings.xml", strings);
  return zipped(parts);
}

inline std::string workbook_of(const std::vector<std::vector<MadeCell>>& rows) {
  return workbook(sheet_xml(rows));
}

}  // namespace rf::imports
