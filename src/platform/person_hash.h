// A customer's details as platforms take them: brought to one form, then hashed, so that both sides
// can match a person without telling each other who it is.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rf::platform {

// As a shop knows them; whatever is not known is empty.
struct Person {
  std::string email;
  std::string phone;  // With country code: "+1 (650) 555-1212".
  std::string first_name;
  std::string last_name;
  std::string gender;      // Anything that begins with f or m.
  std::string birth_date;  // "1997-02-16".
  std::string city;
  std::string state;
  std::string zip;
  std::string country;  // ISO 3166-1, two letters.
  std::string external_id;
  std::string ip;
  std::string user_agent;
  std::string fbc, fbp;     // Meta's cookies.
  std::string ttclid, ttp;  // TikTok's.
};

// Each gives 64 hexadecimal digits; none for what is not such a thing. What is hashed already
// stays.
// Source: the vendor's own client (facebook-nodejs-business-sdk 24.0.1, utils) and its values.
std::optional<std::string> meta_email(std::string_view email);
std::optional<std::string> meta_phone(std::string_view phone);
std::optional<std::string> meta_name(std::string_view name);
std::optional<std::string> meta_place(std::string_view city_or_state);
std::optional<std::string> meta_zip(std::string_view zip);
std::optional<std::string> meta_country(std::string_view country);
std::optional<std::string> meta_gender(std::string_view gender);
std::optional<std::string> meta_birth_date(std::string_view date);

// A shop's own number of a customer, as both take it; what is hashed already stays.
std::optional<std::string> hashed_id(std::string_view id);

// Source: TikTok Events API 2.0. The phone keeps its plus, unlike Meta's.
std::optional<std::string> tiktok_email(std::string_view email);
std::optional<std::string> tiktok_phone(std::string_view phone);

}  // namespace rf::platform
