#include "learn/naming.h"

#include <algorithm>
#include <cstddef>
#include <set>

#include <fmt/format.h>

namespace rf::learn {
namespace {

constexpr std::size_t kPatternsMax = 32;
constexpr std::size_t kTokensMax = 64;
constexpr std::size_t kNameBytesMax = 4096;
constexpr std::string_view kSkip = "-";

bool is_optional(std::string_view token) { return token.ends_with('?'); }

std::string_view dimension_of(std::string_view token) {
  if (is_optional(token)) token.remove_suffix(1);
  return token;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

bool same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// 20260301, 260301, 2026-03-01.
bool looks_like_date(std::string_view value) {
  std::string digits(value);
  if (digits.size() == 10) std::erase(digits, '-');
  return all_digits(digits) && (digits.size() == 8 || digits.size() == 6);
}

// 15, 15s, 15sec.
bool looks_like_length(std::string_view value) {
  for (std::string_view unit : {"sec", "s", "S"}) {
    if (!value.ends_with(unit)) continue;
    value.remove_suffix(unit.size());
    break;
  }
  return all_digits(value) && value.size() <= 4;
}

// 9x16, 9:16, 1.91x1.
bool looks_like_ratio(std::string_view value) {
  const std::size_t at = value.find_first_of("xX:");
  if (at == std::string_view::npos) return false;
  std::string wide(value.substr(0, at));
  if (std::ranges::count(wide, '.') <= 1) std::erase(wide, '.');
  return all_digits(wide) && all_digits(value.substr(at + 1));
}

// v2, V02, 2.
bool looks_like_version(std::string_view value) {
  if (!value.empty() && lower(value.front()) == 'v') value.remove_prefix(1);
  return all_digits(value);
}

bool fits(const NamePattern& pattern, std::string_view dimension, std::string_view value) {
  if (value.empty()) return false;
  if (auto allowed = pattern.values.find(std::string(dimension)); allowed != pattern.values.end()) {
    return std::ranges::any_of(allowed->second,
                               [&](const std::string& each) { return same_word(each, value); });
  }
  if (dimension == "date") return looks_like_date(value);
  if (dimension == "length") return looks_like_length(value);
  if (dimension == "ratio") return looks_like_ratio(value);
  if (dimension == "version") return looks_like_version(value);
  return true;
}

std::string with_spaces(const NamePattern& pattern, std::string_view value) {
  std::string out;
  while (!value.empty()) {
    const bool space = !pattern.space.empty() && value.starts_with(pattern.space);
    out += space ? ' ' : value.front();
    value.remove_prefix(space ? pattern.space.size() : 1);
  }
  return out;
}

std::optional<Dimensions> match(const NamePattern& pattern, std::string_view name) {
  Dimensions dimensions;
  bool more = true;
  for (const std::string& token : pattern.tokens) {
    if (!more) {
      if (is_optional(token)) continue;
      return std::nullopt;
    }
    const std::size_t end = name.find(pattern.separator);
    std::string_view value = name.substr(0, end);
    more = end != std::string_view::npos;
    if (more) name.remove_prefix(end + pattern.separator.size());
    std::string_view dimension = dimension_of(token);
    if (dimension == kSkip) continue;
    if (!fits(pattern, dimension, value)) return std::nullopt;
    dimensions.emplace(dimension, with_spaces(pattern, value));
  }
  // What is left over belongs to no dimension, so the name follows another convention.
  if (more) return std::nullopt;
  return dimensions;
}

Status check_tokens(const NamePattern& pattern, const std::string& path) {
  if (pattern.tokens.empty() || pattern.tokens.size() > kTokensMax) {
    return fail(ErrorCode::invalid, fmt::format("{}.tokens: found {}, expected 1 to {}", path,
                                                pattern.tokens.size(), kTokensMax));
  }
  std::set<std::string_view> seen;
  bool optional_before = false;
  for (const std::string& token : pattern.tokens) {
    std::string_view dimension = dimension_of(token);
    if (dimension.empty() || (dimension != kSkip && !seen.insert(dimension).second)) {
      return fail(ErrorCode::invalid,
                  fmt::format("{}.tokens: '{}' is empty or there twice", path, token));
    }
    if (optional_before && !is_optional(token)) {
      return fail(ErrorCode::invalid,
                  fmt::format("{}.tokens: '{}' must be optional too, because one before it is",
                              path, token));
    }
    optional_before = is_optional(token);
  }
  for (const auto& [dimension, values] : pattern.values) {
    if (seen.contains(dimension)) continue;
    return fail(ErrorCode::invalid,
                fmt::format("{}.values.{}: is not one of the tokens", path, dimension));
  }
  return {};
}

}  // namespace

Taxonomy default_taxonomy() {
  return {{{.name = "concept",
            .tokens = {"date", "concept", "angle", "persona", "awareness", "format", "hook",
                       "creator", "length", "ratio", "version?"}},
           {.name = "theme",
            .tokens = {"theme", "type", "product", "asset", "hook", "text", "headline"}}}};
}

Result<Taxonomy> parse_taxonomy(std::string_view toml) {
  Json json = RF_TRY(parse_toml(toml));
  Taxonomy taxonomy = RF_TRY(from_json<Taxonomy>(json, "taxonomy"));
  RF_TRY(check(taxonomy));
  return taxonomy;
}

Status check(const Taxonomy& taxonomy) {
  if (taxonomy.patterns.size() > kPatternsMax) {
    return fail(ErrorCode::invalid, fmt::format("taxonomy.patterns: found {}, expected at most {}",
                                                taxonomy.patterns.size(), kPatternsMax));
  }
  for (std::size_t i = 0; i < taxonomy.patterns.size(); ++i) {
    const std::string path = fmt::format("taxonomy.patterns[{}]", i);
    if (taxonomy.patterns[i].separator.empty())
      return fail(ErrorCode::invalid, path + ".separator: is empty");
    RF_TRY(check_tokens(taxonomy.patterns[i], path));
  }
  return {};
}

std::optional<Dimensions> dimensions_of(const Taxonomy& taxonomy, std::string_view name) {
  if (name.size() > kNameBytesMax) return std::nullopt;
  for (const NamePattern& pattern : taxonomy.patterns) {
    if (std::optional<Dimensions> found = match(pattern, name)) return found;
  }
  return std::nullopt;
}

std::optional<double> unnamed_share(const Taxonomy& taxonomy, std::span<const NamedSpend> spend) {
  double all = 0;
  double unnamed = 0;
  for (const NamedSpend& each : spend) {
    all += static_cast<double>(each.micros);
    if (!dimensions_of(taxonomy, each.name)) unnamed += static_cast<double>(each.micros);
  }
  if (all <= 0) return std::nullopt;
  return unnamed / all;
}

}  // namespace rf::learn
