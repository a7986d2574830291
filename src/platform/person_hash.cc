#include "platform/person_hash.h"

#include <algorithm>

#include "base/sha256.h"

namespace rf::platform {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

constexpr std::size_t kSha256Digits = 64;

bool is_hash(std::string_view text) {
  return text.size() == kSha256Digits &&
         std::ranges::all_of(text, [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

// Trimmed and in small letters: those of ASCII, and the accented ones of Latin-1 as UTF-8 has them
// (U+00C0 to U+00DE without the multiplication sign).
std::string folded(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  std::string out(text);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto byte = static_cast<unsigned char>(out[i]);
    const bool after_c3 = i > 0 && static_cast<unsigned char>(out[i - 1]) == 0xC3;
    if (byte >= 'A' && byte <= 'Z') out[i] = static_cast<char>(byte + ('a' - 'A'));
    if (after_c3 && byte >= 0x80 && byte <= 0x9E && byte != 0x97)
      out[i] = static_cast<char>(byte + 0x20);
  }
  return out;
}

// What is hashed already passes; else the text in its one form, hashed unless it is empty.
template <typename Normal>
std::optional<std::string> hashed(std::string_view text, Normal normal) {
  const std::string small = folded(text);
  if (is_hash(small)) return std::optional<std::string>(std::in_place, small);
  const std::string form = normal(small);
  if (form.empty()) return std::nullopt;
  return sha256_hex(form);
}

std::string without(std::string text, std::string_view unwanted) {
  std::erase_if(text, [&](char c) { return unwanted.find(c) != std::string_view::npos; });
  return text;
}

std::string address_or_nothing(const std::string& text) {
  const std::size_t at = text.find('@');
  const bool sound = at != std::string::npos && at > 0 && at + 1 < text.size() &&
                     text.find(' ') == std::string::npos && text.find('.', at) != std::string::npos;
  return sound ? text : std::string();
}

std::string digits_of(std::string_view text) {
  std::string digits;
  std::ranges::copy_if(text, std::back_inserter(digits), is_digit);
  return digits;
}

}  // namespace

std::optional<std::string> meta_email(std::string_view email) {
  return hashed(email, address_or_nothing);
}

std::optional<std::string> meta_phone(std::string_view phone) {
  return hashed(phone, [](const std::string& text) {
    std::string digits = digits_of(text);
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
    return digits.size() >= 7 && digits.size() <= 16 ? digits : std::string();
  });
}

std::optional<std::string> meta_name(std::string_view name) {
  return hashed(name, [](std::string text) {
    return without(std::move(text), "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");
  });
}

std::optional<std::string> meta_place(std::string_view city_or_state) {
  return hashed(city_or_state,
                [](std::string text) { return without(std::move(text), "0123456789 ().-"); });
}

std::optional<std::string> meta_zip(std::string_view zip) {
  return hashed(
      zip, [](const std::string& text) { return without(text.substr(0, text.find('-')), " "); });
}

std::optional<std::string> meta_country(std::string_view country) {
  return hashed(country, [](const std::string& text) {
    return text.size() == 2 && std::ranges::all_of(text, is_letter) ? text : std::string();
  });
}

std::optional<std::string> meta_gender(std::string_view gender) {
  return hashed(gender, [](const std::string& text) {
    return text.starts_with('f') || text.starts_with('m') ? text.substr(0, 1) : std::string();
  });
}

std::optional<std::string> meta_birth_date(std::string_view date) {
  return hashed(date, [](const std::string& text) {
    std::string digits = digits_of(text);
    return digits.size() == 8 ? digits : std::string();
  });
}

std::optional<std::string> tiktok_email(std::string_view email) { return meta_email(email); }

std::optional<std::string> tiktok_phone(std::string_view phone) {
  return hashed(phone, [](const std::string& text) {
    const std::string digits = digits_of(text);
    const bool sound = digits.size() >= 7 && digits.size() <= 15 && digits.front() != '0';
    return sound ? "+" + digits : std::string();
  });
}

std::optional<std::string> hashed_id(std::string_view id) {
  if (id.empty()) return std::nullopt;
  return is_hash(id) ? std::string(id) : sha256_hex(id);
}

}  // namespace rf::platform
