#include "create/concept.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "base/sha256.h"
#include "media/rgb.h"

namespace rf::create {
namespace {

constexpr auto kLanguages = std::to_array<std::string_view>({"en", "de"});
constexpr auto kTones =
    std::to_array<std::string_view>({"energetic", "calm", "urgent", "professional"});

// Bytes that are not UTF-8 (read as U+FFFD), controls, what overrides the direction of the text
// around it or has no width, halves of pairs and what stands for nothing: all of them can be used
// to hide something, and none to say something.
bool is_unshowable(UChar32 c) {
  constexpr std::uint32_t kUnshowable = U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CS_MASK | U_GC_CN_MASK |
                                        U_GC_CO_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK;
  constexpr UChar32 kReplacement = 0xFFFD;
  return c == kReplacement || (U_MASK(u_charType(c)) & kUnshowable) != 0;
}

// Errors: invalid.
Result<std::string> tidied(std::string_view field, std::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max) {
    return fail(ErrorCode::invalid, fmt::format("concept.{}: {} bytes; at most {}, say it shorter",
                                                field, text.size(), bytes_max));
  }
  const icu::UnicodeString wide = icu::UnicodeString::fromUTF8(text);
  icu::UnicodeString out;
  for (std::int32_t at = 0; at < wide.length(); at = wide.moveIndex32(at, 1)) {
    const UChar32 point = wide.char32At(at);
    if (u_isUWhiteSpace(point) != 0) {
      if (!out.isEmpty() && !out.endsWith(u' ')) out.append(u' ');
    } else if (is_unshowable(point)) {
      return fail(
          ErrorCode::invalid,
          fmt::format("concept.{}: character {} is U+{:04X}, which cannot be shown; remove it",
                      field, at, static_cast<std::uint32_t>(point)));
    } else {
      out.append(point);
    }
  }
  std::string tidy;
  out.trim().toUTF8String(tidy);
  return tidy;
}

// Errors: invalid.
template <typename Words>
Status one_of(std::string_view field, const std::string& value, const Words& words) {
  if (std::ranges::find(words, value) != words.end()) return {};
  std::string known;
  for (std::string_view each : words) {
    if (!known.empty()) known += ", ";
    known += each;
  }
  return fail(ErrorCode::invalid,
              fmt::format("concept.{}: '{}' is not known; one of {}", field, value, known));
}

Status tidy_texts(Concept& from) {
  struct Text {
    std::string_view field;
    std::string Concept::*member;
    std::size_t bytes_max;
  };
  using C = Concept;
  const auto texts = std::to_array<Text>({{"id", &C::id, kPhraseBytesMax},
                                          {"name", &C::name, kPhraseBytesMax},
                                          {"description", &C::description, kScriptBytesMax},
                                          {"language", &C::language, kPhraseBytesMax},
                                          {"target_audience", &C::target_audience, kPhraseBytesMax},
                                          {"industry", &C::industry, kPhraseBytesMax},
                                          {"objective", &C::objective, kPhraseBytesMax},
                                          {"product", &C::product, kPhraseBytesMax},
                                          {"key_benefit", &C::key_benefit, kPhraseBytesMax},
                                          {"pain_point", &C::pain_point, kPhraseBytesMax},
                                          {"social_proof", &C::social_proof, kPhraseBytesMax},
                                          {"tone", &C::tone, kPhraseBytesMax},
                                          {"hook_script", &C::hook_script, kPhraseBytesMax},
                                          {"main_script", &C::main_script, kScriptBytesMax},
                                          {"cta_text", &C::cta_text, kPhraseBytesMax}});
  for (const Text& each : texts) {
    from.*each.member = RF_TRY(tidied(each.field, from.*each.member, each.bytes_max));
  }
  return {};
}

}  // namespace

Result<Concept> checked(Concept concept_read) {
  RF_TRY(tidy_texts(concept_read));
  if (concept_read.product.empty()) {
    return fail(ErrorCode::invalid, "concept.product: is empty; name what is advertised");
  }
  RF_TRY(one_of("language", concept_read.language, kLanguages));
  RF_TRY(one_of("tone", concept_read.tone, kTones));
  if (concept_read.brand_colors.size() > kBrandColorsMax) {
    return fail(ErrorCode::invalid, fmt::format("concept.brand_colors: {} of them; at most {}",
                                                concept_read.brand_colors.size(), kBrandColorsMax));
  }
  for (std::size_t i = 0; i < concept_read.brand_colors.size(); ++i) {
    if (!media::parse_rgb(concept_read.brand_colors[i])) {
      return fail(ErrorCode::invalid,
                  fmt::format("concept.brand_colors[{}]: expected \"#rrggbb\"", i));
    }
  }
  if (concept_read.name.empty()) concept_read.name = concept_read.product;
  if (concept_read.id.empty()) concept_read.id = sha256_hex(concept_read.name).substr(0, 12);
  return concept_read;
}

}  // namespace rf::create
