#include "learn/predict/frame.h"

#include <cmath>

#include <gtest/gtest.h>

namespace rf::learn {
namespace {

RawColumn texts(std::string name, std::vector<std::string_view> cells) {
  return {.name = std::move(name), .texts = std::move(cells)};
}

TEST(Schema, ReadsAColumnAsNumbersOnlyIfAllItsCellsAre) {
  const std::vector<RawColumn> table{
      texts("a", {"1", "", "3.5", "2"}), texts("b", {"1", "x", "1", "x"}),
      texts("same", {"7", "7", "7", "7"}), texts("id", {"p", "q", "r", "s"})};
  const Schema schema = learn_schema(table).value();
  ASSERT_EQ(schema.columns.size(), 2U);
  EXPECT_EQ(schema.columns[0].kind, ColumnKind::number);
  EXPECT_EQ(schema.columns[1].kind, ColumnKind::category);
  EXPECT_EQ(schema.left_out,
            (std::vector<std::string>{"same: the same in every row", "id: every row has its own"}));
}

TEST(Schema, MissingIsNotZero) {
  const std::vector<RawColumn> table{texts("a", {"0", "", "3", "2"})};
  const Frame frame = encode(learn_schema(table).value(), table);
  EXPECT_EQ(frame.columns[0].codes, (std::vector<std::uint32_t>{1, 0, 3, 2}));
  EXPECT_TRUE(std::isnan(frame.columns[0].numbers[1]));
}

TEST(Schema, WhatIsNotKnownSharesOneCode) {
  const std::vector<RawColumn> table{texts("b", {"x", "x", "y", "y", "once", ""})};
  const Schema schema = learn_schema(table).value();
  const std::vector<RawColumn> later{texts("b", {"once", "never seen", "x", ""})};
  const std::vector<std::uint32_t> codes = encode(schema, later).columns[0].codes;
  EXPECT_EQ(codes[0], codes[1]);
  EXPECT_NE(codes[0], codes[2]);
  EXPECT_EQ(codes[3], 0U);
}

TEST(Schema, AColumnThatIsGoneIsMissingEverywhere) {
  const std::vector<RawColumn> table{texts("a", {"1", "2"}), texts("b", {"2", "1"})};
  const Schema schema = learn_schema(table).value();
  const std::vector<RawColumn> later{texts("b", {"1", "2", "2"})};
  const Frame frame = encode(schema, later);
  EXPECT_EQ(frame.rows, 3U);
  EXPECT_EQ(frame.columns[0].codes, (std::vector<std::uint32_t>{0, 0, 0}));
}

TEST(Schema, HeavyTailsAreReadByTheirLogarithm) {
  RawColumn heavy{.name = "spend"};
  RawColumn even{.name = "age"};
  for (int i = 0; i < 200; ++i) {
    heavy.numbers.push_back(std::exp(i / 20.0));
    even.numbers.push_back(i);
  }
  const Schema schema = learn_schema(std::vector<RawColumn>{heavy, even}).value();
  EXPECT_TRUE(schema.columns[0].log);
  EXPECT_FALSE(schema.columns[1].log);
}

TEST(Schema, AllOfNothingIsRefused) {
  const std::vector<RawColumn> table{texts("same", {"7", "7"})};
  EXPECT_EQ(learn_schema(table).error().code, ErrorCode::invalid);
}

TEST(Schema, SurvivesItsJson) {
  const std::vector<RawColumn> table{texts("a", {"0", "", "3", "2"}),
                                     texts("b", {"x", "x", "y", "y"})};
  const Schema schema = learn_schema(table).value();
  const Json json(to_json_object(schema));
  const Schema again = schema_from_json(parse_json(to_text(json)).value(), "schema").value();
  EXPECT_EQ(to_text(Json(to_json_object(again))), to_text(json));
}

}  // namespace
}  // namespace rf::learn
