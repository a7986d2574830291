// Who may come in over the network, and what they may do there.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "api/operation.h"

namespace rf::api {

// What a token's holder may do. None implies another.
enum class Scope : std::uint8_t {
  read,
  propose,
  approve,  // Say yes to what was proposed.
  spend,
  administer,  // Also whatever names a file of the server's machine.
};

// A token as it is kept: never the token itself.
struct TokenRecord {
  std::string id;
  std::string name;
  std::string hash;  // SHA-256 of the secret; it has 256 random bits, so nothing slower is needed.
  std::vector<Scope> scopes;
  std::vector<std::string> accounts;  // Empty for all.
  std::string created;
  std::string expires;
  bool revoked = false;
};

// As shown.
struct TokenView {
  std::string id;
  std::string name;
  std::vector<Scope> scopes;
  std::vector<std::string> accounts;
  std::string created;
  std::string expires;
  std::optional<std::string> last_used;  // To about a minute.
  bool revoked = false;
};

struct TokenCreateInput {
  std::string name;
  std::vector<std::string> scopes{"read"};
  std::vector<std::string> accounts;
  std::int64_t days = 90;
};

struct TokenCreateOutput {
  std::string token;  // Shown this once.
  TokenView view;
};

struct TokenListOutput {
  std::vector<TokenView> tokens;
};

struct TokenRevokeInput {
  std::string id;
};

Result<TokenCreateOutput> token_create(const TokenCreateInput& input, Services& services);
Result<TokenListOutput> token_list(const Nothing& input, Services& services);
// Errors: not_found.
Result<TokenView> token_revoke(const TokenRevokeInput& input, Services& services);

// Every token that was ever made, for a door to know its callers by.
Result<std::vector<TokenRecord>> tokens_of(Store& store);

// The id and the secret of "rf_ID_SECRET"; nothing when it has another shape.
std::optional<std::pair<std::string_view, std::string_view>> token_parts(std::string_view token);

Status note_token_use(Store& store, std::string_view id, Instant now);

}  // namespace rf::api

template <>
struct rf::EnumNames<rf::api::Scope> {
  static constexpr auto names = std::to_array<std::pair<rf::api::Scope, std::string_view>>(
      {{rf::api::Scope::read, "read"},
       {rf::api::Scope::propose, "propose"},
       {rf::api::Scope::approve, "approve"},
       {rf::api::Scope::spend, "spend"},
       {rf::api::Scope::administer, "administer"}});
};

template <>
struct rf::Described<rf::api::TokenRecord> {
  using Self = rf::api::TokenRecord;
  static constexpr auto fields =
      std::tuple{field("id", &Self::id, "names the token"),
                 field("name", &Self::name, "whose it is"),
                 field("hash", &Self::hash, "SHA-256 of the secret"),
                 field("scopes", &Self::scopes, "what it may do"),
                 field("accounts", &Self::accounts, "for these accounts"),
                 field("created", &Self::created, "when it was made"),
                 field("expires", &Self::expires, "when it ends"),
                 field("revoked", &Self::revoked, "whether it was taken back")};
};

template <>
struct rf::Described<rf::api::TokenView> {
  using Self = rf::api::TokenView;
  static constexpr auto fields =
      std::tuple{field("id", &Self::id, "names the token"),
                 field("name", &Self::name, "whose it is"),
                 field("scopes", &Self::scopes, "what it may do"),
                 field("accounts", &Self::accounts, "only these accounts; empty for all"),
                 field("created", &Self::created, "when it was made"),
                 field("expires", &Self::expires, "when it ends"),
                 field("last_used", &Self::last_used, "to about a minute; null for never"),
                 field("revoked", &Self::revoked, "whether it was taken back")};
};

template <>
struct rf::Described<rf::api::TokenCreateInput> {
  using Self = rf::api::TokenCreateInput;
  static constexpr auto fields = std::tuple{
      field("name", &Self::name, "whose it is, for people", {.required = true, .positional = true}),
      field("scopes", &Self::scopes, "read, propose, approve, spend, administer"),
      field("accounts", &Self::accounts, "only for these accounts"),
      field("days", &Self::days, "how long it holds", {.min = 1, .max = 3650})};
};

template <>
struct rf::Described<rf::api::TokenCreateOutput> {
  using Self = rf::api::TokenCreateOutput;
  static constexpr auto fields =
      std::tuple{field("token", &Self::token, "the token itself; it is shown only now"),
                 field("view", &Self::view, "what is kept of it")};
};

template <>
struct rf::Described<rf::api::TokenListOutput> {
  static constexpr auto fields =
      std::tuple{field("tokens", &rf::api::TokenListOutput::tokens, "oldest first")};
};

template <>
struct rf::Described<rf::api::TokenRevokeInput> {
  static constexpr auto fields = std::tuple{field("id", &rf::api::TokenRevokeInput::id,
                                                  "the token's id, as 'tokens list' shows it",
                                                  {.required = true, .positional = true})};
};
