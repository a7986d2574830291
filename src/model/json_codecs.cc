#include "model/json_codecs.h"

namespace rf {
namespace {

// Money as it stands in JSON.
struct MoneyText {
  std::string amount;
  std::string currency;
};

}  // namespace

template <>
struct Described<MoneyText> {
  static constexpr auto fields = std::tuple{
      field("amount", &MoneyText::amount, "decimal, in the currency's unit", {.required = true}),
      field("currency", &MoneyText::currency, "ISO 4217 code", {.required = true})};
};

Json JsonCodec<Money>::write(const Money& value) {
  return to_json(MoneyText{to_decimal(value), std::string(value.currency.code())});
}

Result<Money> JsonCodec<Money>::read(const Json& json, std::string_view path) {
  MoneyText text = RF_TRY(from_json<MoneyText>(json, path));
  Result<Currency> currency = Currency::parse(text.currency);
  if (!currency) return std::move(currency).error().with(path);
  Result<Money> money = parse_money(text.amount, *currency);
  if (!money) return std::move(money).error().with(path);
  return money;
}

JsonObject JsonCodec<Money>::schema() { return schema_of<MoneyText>(); }

Result<Instant> JsonCodec<Instant>::read(const Json& json, std::string_view path) {
  std::string text = RF_TRY(from_json<std::string>(json, path));
  Result<Instant> instant = parse_instant(text);
  if (!instant) return std::move(instant).error().with(path);
  return instant;
}

Result<Day> JsonCodec<Day>::read(const Json& json, std::string_view path) {
  std::string text = RF_TRY(from_json<std::string>(json, path));
  Result<Day> day = parse_day(text);
  if (!day) return std::move(day).error().with(path);
  return day;
}

}  // namespace rf
