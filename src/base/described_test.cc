#include "base/described.h"

#include <array>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf {

enum class Shade { light, dark };

struct Slat {
  double width = 0;
  std::optional<std::int64_t> count;
  bool operator==(const Slat&) const = default;
};

struct Blind {
  std::string name;
  Shade shade = Shade::light;
  bool open = true;
  std::vector<Slat> slats;
  std::map<std::string, double> prices;
  bool operator==(const Blind&) const = default;
};

template <>
struct EnumNames<Shade> {
  static constexpr auto names = std::to_array<std::pair<Shade, std::string_view>>(
      {{Shade::light, "light"}, {Shade::dark, "dark"}});
};

template <>
struct Described<Slat> {
  static constexpr auto fields =
      std::tuple{field("width", &Slat::width, "in metres", {.min = 0, .max = 3}),
                 field("count", &Slat::count, "how many")};
};

template <>
struct Described<Blind> {
  static constexpr auto fields =
      std::tuple{field("name", &Blind::name, "what people call it", {.required = true}),
                 field("shade", &Blind::shade, "how dark"), field("open", &Blind::open, ""),
                 field("slats", &Blind::slats, ""), field("prices", &Blind::prices, "")};
};

namespace {

using testing::HasSubstr;

std::string error_of(const char* text) {
  Result<Blind> blind = from_json<Blind>(parse_json(text).value(), "input");
  return blind ? "no error" : blind.error().message;
}

TEST(Described, ReadsBackWhatItWrites) {
  Blind blind{.name = "north",
              .shade = Shade::dark,
              .open = false,
              .slats = {{.width = 0.5, .count = 12}, {.width = 1, .count = std::nullopt}},
              .prices = {{"wood", 12.5}}};
  EXPECT_EQ(from_json<Blind>(to_json(blind), "input").value(), blind);
}

TEST(Described, WhatIsLeftOutKeepsItsDefault) {
  EXPECT_EQ(from_json<Blind>(parse_json(R"({"name":"x"})").value(), "input").value(),
            (Blind{.name = "x", .shade = Shade::light, .open = true, .slats = {}, .prices = {}}));
}

TEST(Described, EveryErrorNamesThePlaceWhatWasFoundAndWhatWasExpected) {
  EXPECT_EQ(error_of("[]"), "input: found an array, expected an object");
  EXPECT_EQ(error_of("{}"), "input.name: is missing; expected: what people call it");
  EXPECT_EQ(error_of(R"({"name":"x","opne":true})"),
            "input.opne: unknown field; did you mean 'open'?");
  EXPECT_EQ(error_of(R"({"name":"x","slats":[{"width":1},{"width":"wide"}]})"),
            "input.slats[1].width: found a string, expected a number");
  EXPECT_EQ(error_of(R"({"name":"x","slats":[{"width":9}]})"),
            "input.slats[0].width: found 9, expected at least 0 and at most 3");
  EXPECT_EQ(error_of(R"({"name":"x","slats":[{"count":1.5}]})"),
            "input.slats[0].count: found a number, expected a whole number");
  EXPECT_EQ(error_of(R"({"name":"x","shade":"drak"})"),
            "input.shade: found 'drak'; did you mean 'dark'?");
  EXPECT_EQ(error_of(R"({"name":"x","prices":{"wood":"dear"}})"),
            "input.prices.wood: found a string, expected a number");
}

TEST(Described, TheSchemaSaysWhatTheReaderChecks) {
  JsonObject schema = schema_of<Blind>();
  EXPECT_EQ(schema["required"], (Json(JsonArray{"name"})));
  EXPECT_EQ(schema["additionalProperties"], Json(false));
  std::string text = to_text(schema);
  EXPECT_THAT(text, HasSubstr(R"("enum":["light","dark"])"));
  EXPECT_THAT(text, HasSubstr(R"("minimum":0E0)"));
  EXPECT_THAT(text, HasSubstr(R"("description":"how dark")"));
}

TEST(Json, ErrorsNameLineAndColumn) {
  EXPECT_THAT(parse_json("{\n  \"a\": tru\n}").error().message, HasSubstr("line 2"));
  EXPECT_THAT(parse_json("{} {}").error().message, HasSubstr("more text after the end"));
  EXPECT_THAT(parse_json("").error().message, HasSubstr("line 1, column 1"));
  EXPECT_FALSE(parse_json(std::string(100'000, '[')));
}

TEST(Json, EveryFloatReadsBackAsItself) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    for (int i = 0; i < 20'000; ++i) {
      double number = std::exp(40 * rng.normal());
      ASSERT_EQ(parse_json(to_text(Json(number))).value().as_double(), number);
    }
  }
}

TEST(Json, TomlBecomesTheJsonOfTheSameShape) {
  Json json = parse_toml("name = 'x'\nopen = false\n[[slats]]\nwidth = 1.5\n").value();
  EXPECT_EQ(to_text(json), R"({"name":"x","open":false,"slats":[{"width":1.5E0}]})");
  EXPECT_THAT(parse_toml("a = \nb = 1").error().message, HasSubstr("line 1"));
}

TEST(Json, PrettyTextReadsBackTheSame) {
  Json json = parse_json(R"({"a":[1,{"b":null},[]],"c":{},"d":"\u001b"})").value();
  std::string pretty = to_pretty_text(json);
  EXPECT_EQ(parse_json(pretty).value(), json);
  EXPECT_THAT(pretty, HasSubstr("\n  \"a\": [\n    1,"));
}

}  // namespace
}  // namespace rf
