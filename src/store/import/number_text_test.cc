#include "store/import/number_text.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rf::imports {
namespace {

using Kind = NumberReading::Kind;
using testing::HasSubstr;

constexpr DecimalMark kPoint = DecimalMark::point;
constexpr DecimalMark kComma = DecimalMark::comma;

struct Vector {
  const char* text;
  DecimalMark mark;
  std::int64_t micros;
};

class NumberVectors : public testing::TestWithParam<Vector> {};

TEST_P(NumberVectors, AreReadExactly) {
  const Vector& vector = GetParam();
  NumberReading reading = parse_number(vector.text, vector.mark);
  EXPECT_EQ(reading.kind, Kind::value) << vector.text << ": " << reading.reason;
  EXPECT_EQ(reading.micros, vector.micros) << vector.text;
}

// Source: field.md §5.4 for the first eight; the rest worked out by hand.
INSTANTIATE_TEST_SUITE_P(
    All, NumberVectors,
    testing::Values(
        Vector{"1,020.50", kPoint, 1'020'500'000},
        Vector{"1\xC2\xA0"
               "020,50",
               kComma, 1'020'500'000},
        Vector{"1.234,56", kComma, 1'234'560'000}, Vector{"12.345", kComma, 12'345'000'000},
        Vector{"CA$12.34", kPoint, 12'340'000}, Vector{"12,34 \xE2\x82\xAC", kComma, 12'340'000},
        Vector{"12,34", kComma, 12'340'000}, Vector{"12.345", kPoint, 12'345'000},
        // Rounded half away from zero at the sixth decimal.
        Vector{"1.429999948", kPoint, 1'430'000}, Vector{"0.0000005", kPoint, 1},
        Vector{"-0.0000005", kPoint, -1}, Vector{"0.00000049999", kPoint, 0},
        Vector{"0.30000000000000004", kPoint, 300'000},
        // Signs, currencies and brackets.
        Vector{"$20.00", kPoint, 20'000'000}, Vector{"USD 20", kPoint, 20'000'000},
        Vector{"20 kr", kPoint, 20'000'000}, Vector{"R$ 1.020,50", kComma, 1'020'500'000},
        Vector{"-$5.00", kPoint, -5'000'000}, Vector{"$-5.00", kPoint, -5'000'000},
        Vector{"(3.00)", kPoint, -3'000'000},
        Vector{"\xE2\x88\x92"
               "7",
               kPoint, -7'000'000},
        Vector{"20%", kPoint, 20'000'000}, Vector{"0,49 %", kComma, 490'000},
        // Groups of the west, of India, of Switzerland.
        Vector{"1,103,153", kPoint, 1'103'153'000'000},
        Vector{"11,03,153", kPoint, 1'103'153'000'000}, Vector{"1'234.50", kPoint, 1'234'500'000},
        Vector{"224,144.69", kPoint, 224'144'690'000},
        // What spreadsheets make of them.
        Vector{"1.5E-3", kPoint, 1'500}, Vector{"1.2E+2", kPoint, 120'000'000},
        Vector{".5", kPoint, 500'000}, Vector{"007", kPoint, 7'000'000},
        Vector{" 11.5 ", kPoint, 11'500'000}));

TEST(ParseNumber, TakesDashesAndNothingForNotReported) {
  for (const char* text : {"", "--", " --", "  ", "-", "\xE2\x80\x94"}) {
    EXPECT_EQ(parse_number(text, kPoint).kind, Kind::blank) << text;
  }
}

TEST(ParseNumber, KnowsTheUpperBoundOfAHiddenCount) {
  NumberReading reading = parse_number("<5", kPoint);
  EXPECT_EQ(reading.kind, Kind::masked);
  EXPECT_EQ(reading.micros, 4'000'000);
}

TEST(ParseNumber, RefusesWhatIsNoNumber) {
  for (const char* text :
       {"twelve", "12abc", "1,23,4", "12.34.56", "1..2", "--5--", "1 2 x", "0x10", "<", "<x", "$",
        "1e999", "99999999999999999999", "$5 USD", "1,2345", "%", "-", "€"}) {
    if (std::string(text) == "-") continue;
    EXPECT_EQ(parse_number(text, kPoint).kind, Kind::bad) << text;
  }
  EXPECT_EQ(parse_number("12,34", kPoint).kind, Kind::bad);
}

DecimalMark decided(std::initializer_list<const char*> values, DecimalMark hint) {
  NumberSurvey survey;
  std::int64_t line = 1;
  for (const char* value : values) survey.see(value, false, ++line);
  Result<DecimalMark> mark = survey.decide(hint);
  return mark ? *mark : DecimalMark::undecided;
}

TEST(NumberSurvey, LetsOneSureNumberDecideForAll) {
  EXPECT_EQ(decided({"1,234", "5.1"}, DecimalMark::undecided), kPoint);
  EXPECT_EQ(decided({"1,234", "1.234,5"}, DecimalMark::undecided), kComma);
  EXPECT_EQ(decided({"1.234", "1.234.567"}, DecimalMark::undecided), kComma);
  EXPECT_EQ(decided({"1,234", "1,234,567"}, DecimalMark::undecided), kPoint);
  EXPECT_EQ(decided({"0.123"}, DecimalMark::undecided), kPoint);
  EXPECT_EQ(decided({"1.23"}, kComma), kPoint);
  EXPECT_EQ(decided({"12", "7"}, DecimalMark::undecided), kPoint);
}

TEST(NumberSurvey, TakesAHintOnlyWhereItFitsTheNumbers) {
  EXPECT_EQ(decided({"12,34"}, kComma), kComma);
  EXPECT_EQ(decided({"1,234"}, kPoint), kPoint);
  EXPECT_EQ(decided({"1.234"}, kComma), kComma);
}

TEST(NumberSurvey, RefusesWhatNothingDecides) {
  EXPECT_EQ(decided({"12,34"}, kPoint), DecimalMark::undecided);
  EXPECT_EQ(decided({"12,34"}, DecimalMark::undecided), DecimalMark::undecided);
  EXPECT_EQ(decided({"1.234"}, kPoint), DecimalMark::undecided);
  EXPECT_EQ(decided({"1,234"}, kComma), DecimalMark::undecided);
  EXPECT_EQ(decided({"1.5", "1.234,5"}, kPoint), DecimalMark::undecided);
}

TEST(NumberSurvey, LearnsFromCountsWhichHaveNoDecimals) {
  NumberSurvey survey;
  survey.see("2.004", true, 2);
  survey.see("12,34", false, 2);
  EXPECT_EQ(*survey.decide(kPoint), kComma);
}

TEST(NumberSurvey, NamesTheValueAndItsLine) {
  NumberSurvey survey;
  survey.see("12,34", false, 17);
  EXPECT_THAT(survey.decide(kPoint).error().message, HasSubstr("'12,34' (line 17)"));
}

}  // namespace
}  // namespace rf::imports
