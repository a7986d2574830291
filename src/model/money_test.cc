#include "model/money.h"

#include <gtest/gtest.h>

#include "model/json_codecs.h"

namespace rf {
namespace {

Currency currency(const char* code) { return Currency::parse(code).value(); }

Money money(const char* amount, const char* code) {
  return parse_money(amount, currency(code)).value();
}

TEST(Currency, KnowsTheMinorUnitOfEach) {
  EXPECT_EQ(currency("USD").minor_digits(), 2);
  EXPECT_EQ(currency("JPY").minor_digits(), 0);
  EXPECT_EQ(currency("KWD").minor_digits(), 3);
  EXPECT_EQ(currency("ISK").minor_digits(), 0);
}

TEST(Currency, AnUnknownOneIsAnErrorAndNeverADefault) {
  for (const char* code : {"", "usd", "US", "USDT", "ABC", "DEM"}) {
    EXPECT_FALSE(Currency::parse(code)) << code;
  }
}

TEST(Money, DoesNotAddAcrossCurrencies) {
  EXPECT_EQ(add(money("1.50", "USD"), money("2.25", "USD")).value(), money("3.75", "USD"));
  Result<Money> sum = add(money("1", "USD"), money("1", "EUR"));
  ASSERT_FALSE(sum);
  EXPECT_EQ(sum.error().message, "cannot add EUR to USD: the currencies differ");
}

TEST(Money, ASumThatDoesNotFitIsAnError) {
  Money most = money("9223372036854.775807", "USD");
  EXPECT_FALSE(add(most, money("0.000001", "USD")));
  EXPECT_FALSE(parse_money("9223372036855", currency("USD")));
}

TEST(Money, ShowsTheMinorUnitRoundedHalfAwayFromZero) {
  EXPECT_EQ(to_decimal(money("58705.229958", "USD")), "58705.23");
  EXPECT_EQ(to_decimal(money("0.005", "USD")), "0.01");
  EXPECT_EQ(to_decimal(money("-0.005", "USD")), "-0.01");
  EXPECT_EQ(to_decimal(money("-0.004", "USD")), "0.00");
  EXPECT_EQ(to_decimal(money("1199.5", "JPY")), "1200");
  EXPECT_EQ(to_decimal(money("1.0005", "KWD")), "1.001");
}

TEST(Money, RefusesWhatIsNoPlainDecimal) {
  for (const char* text : {"", "-", ".5", "5.", "1,5", "1e3", "0x1", "1.2345678", " 1", "+1"}) {
    EXPECT_FALSE(parse_money(text, currency("USD"))) << text;
  }
}

TEST(Money, ReadsBackFromJsonWhatItWrites) {
  Money amount = money("-12.34", "EUR");
  EXPECT_EQ(from_json<Money>(to_json(amount), "m").value(), amount);
  Json wrong = parse_json(R"({"amount":"1","currency":"EURO"})").value();
  EXPECT_EQ(from_json<Money>(wrong, "input.budget").error().message,
            "input.budget: 'EURO' is not an ISO 4217 currency code such as USD");
}

}  // namespace
}  // namespace rf
