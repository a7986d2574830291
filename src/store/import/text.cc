#include "store/import/text.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>
#include <unicode/ustring.h>

namespace rf::imports {
namespace {

constexpr char kFirstPrintable = 0x20;

// U+00A0, U+202F, U+2009, U+3000 and the byte order mark, as UTF-8.
constexpr std::array<std::string_view, 5> kWideSpaces{"\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89",
                                                      "\xE3\x80\x80", "\xEF\xBB\xBF"};

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

char16_t straightened(char16_t c) {
  switch (c) {
    case u'\u2018':
    case u'\u2019':
    case u'\u02BC':
    case u'`': return u'\'';
    case u'\u201C':
    case u'\u201D': return u'"';
    default: return c;
  }
}

bool strip_front(std::string_view& text) {
  if (text.empty()) return false;
  if (static_cast<unsigned char>(text.front()) <= ' ') {
    text.remove_prefix(1);
    return true;
  }
  for (std::string_view space : kWideSpaces) {
    if (text.starts_with(space)) {
      text.remove_prefix(space.size());
      return true;
    }
  }
  return false;
}

bool strip_back(std::string_view& text) {
  if (text.empty()) return false;
  if (static_cast<unsigned char>(text.back()) <= ' ') {
    text.remove_suffix(1);
    return true;
  }
  for (std::string_view space : kWideSpaces) {
    if (text.ends_with(space)) {
      text.remove_suffix(space.size());
      return true;
    }
  }
  return false;
}

}  // namespace

std::string fold_header(std::string_view utf8) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* folder = icu::Normalizer2::getNFKCCasefoldInstance(error);
  if (U_FAILURE(error)) return std::string(utf8);
  icu::UnicodeString text = icu::UnicodeString::fromUTF8(
      icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())));
  icu::UnicodeString folded = folder->normalize(text, error);
  icu::UnicodeString clean;
  bool space = false;
  for (std::int32_t i = 0; i < folded.length(); ++i) {
    char16_t c = straightened(folded.charAt(i));
    if (u_isUWhiteSpace(c) != 0 || c < kFirstPrintable) {
      space = !clean.isEmpty();
      continue;
    }
    if (space) clean.append(u' ');
    space = false;
    clean.append(c);
  }
  std::string out;
  clean.toUTF8String(out);
  const bool quoted = out.size() >= 2 && out.front() == '"' && out.back() == '"';
  return quoted ? out.substr(1, out.size() - 2) : out;
}

bool is_utf8(std::string_view text) {
  if (is_ascii(text)) return true;
  UErrorCode error = U_ZERO_ERROR;
  std::int32_t length = 0;
  u_strFromUTF8(nullptr, 0, &length, text.data(), static_cast<std::int32_t>(text.size()), &error);
  return error == U_BUFFER_OVERFLOW_ERROR || U_SUCCESS(error);
}

std::string_view trim(std::string_view text) {
  while (strip_front(text)) {
  }
  while (strip_back(text)) {
  }
  return text;
}

void clean_name(std::string_view name, std::string& out) {
  out = trim(name);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < kFirstPrintable || c == '\x7f') c = ' ';
  }
}

bool is_blank(std::string_view trimmed) {
  return trimmed.empty() || trimmed == "--" || trimmed == "-" || trimmed == "\xE2\x80\x94" ||
         trimmed == "\xE2\x80\x93";
}

std::string csv_field(std::string_view value) {
  std::string out = "\"";
  if (!value.empty() && std::string_view("=+-@\t\r").find(value.front()) != std::string_view::npos)
    out += '\'';
  for (char c : value) {
    if (c == '"') out += '"';
    out += c;
  }
  return out += '"';
}

}  // namespace rf::imports
