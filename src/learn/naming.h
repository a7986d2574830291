// Ad names as data: a naming convention splits "20260301_summer_price_..." into dimensions.
//
// A taxonomy is a list of patterns, tried in order; the first that a name fits wholly gives its
// dimensions. A name that fits none is unnamed, and the share of spend behind such names says how
// far a convention is kept. See doc/formats/naming.md.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/described.h"
#include "base/result.h"

namespace rf::learn {

struct NamePattern {
  std::string name = "";
  std::string separator = "_";
  // Stands for a space inside a token; empty for none.
  std::string space = "+";
  // In order. One that ends in "?" may be missing, together with all behind it; "-" is skipped.
  // `date`, `length`, `ratio` and `version` must look like one.
  std::vector<std::string> tokens = {};
  // Where a token may only have certain values, whatever their case.
  std::map<std::string, std::vector<std::string>> values = {};

  bool operator==(const NamePattern&) const = default;
};

struct Taxonomy {
  std::vector<NamePattern> patterns;

  bool operator==(const Taxonomy&) const = default;
};

using Dimensions = std::map<std::string, std::string>;

// The two conventions most in use, for those who have not written down their own.
// Source: field.md §4 of the project's research (creative naming tokens; Triple Whale's scheme).
Taxonomy default_taxonomy();

// Errors: invalid, with the path of what is wrong; also for more than 32 patterns or 64 tokens.
Result<Taxonomy> parse_taxonomy(std::string_view toml);
Status check(const Taxonomy& taxonomy);

// Nothing when the name fits no pattern.
// REQUIRES: check(taxonomy) is sound.
std::optional<Dimensions> dimensions_of(const Taxonomy& taxonomy, std::string_view name);

struct NamedSpend {
  std::string name;
  std::int64_t micros = 0;
};

// Units: a fraction in [0, 1]; nothing when nothing was spent.
std::optional<double> unnamed_share(const Taxonomy& taxonomy, std::span<const NamedSpend> spend);

}  // namespace rf::learn

namespace rf {

template <>
struct Described<learn::NamePattern> {
  using P = learn::NamePattern;
  static constexpr auto fields = std::tuple{
      field("name", &P::name, "what the pattern is called"),
      field("separator", &P::separator, "what stands between tokens"),
      field("space", &P::space, "what stands for a space inside a token"),
      field("tokens", &P::tokens, "names of the dimensions in order", {.required = true}),
      field("values", &P::values, "the only values that a dimension may have")};
};

template <>
struct Described<learn::Taxonomy> {
  static constexpr auto fields = std::tuple{
      field("patterns", &learn::Taxonomy::patterns, "tried in order", {.required = true})};
};

}  // namespace rf
