#include "decide/words.h"

#include <gtest/gtest.h>

namespace rf::decide {
namespace {

TEST(Words, GroupDigitsByThousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(12400), "12,400");
  EXPECT_EQ(grouped(-1234567), "-1,234,567");
}

TEST(Words, SayNoMoreDigitsThanMatter) {
  EXPECT_EQ(number(12400.4), "12,400");
  EXPECT_EQ(number(3.24), "3.2");
  EXPECT_EQ(number(0.413), "0.41");
  EXPECT_EQ(percent(0.0062), "0.62 %");
  EXPECT_EQ(percent(0.05), "5.0 %");
  EXPECT_EQ(percent(-0.273), "-27 %");
}

TEST(Words, NeverRoundAChanceUpToCertainty) {
  EXPECT_EQ(chance(0.9899), "98.9 %");
  EXPECT_EQ(chance(0.99999), "over 99.9 %");
}

TEST(Words, KeepTheMinorUnitOfTheCurrency) {
  const Currency usd = *Currency::parse("USD");
  const Currency jpy = *Currency::parse("JPY");
  const Currency kwd = *Currency::parse("KWD");
  EXPECT_EQ(money(1234.5, usd), "1,234.50 USD");
  EXPECT_EQ(money(1234.5, jpy), "1,235 JPY");
  EXPECT_EQ(to_minor(1.2345, kwd), 1235);
  EXPECT_EQ(to_money(1235, kwd).micros, 1'235'000);
}

TEST(Words, SayDaysAsPeopleDo) {
  EXPECT_EQ(about_days(0.2), "less than a day");
  EXPECT_EQ(about_days(1.1), "about a day");
  EXPECT_EQ(about_days(2.2), "about 3 days");
}

}  // namespace
}  // namespace rf::decide
