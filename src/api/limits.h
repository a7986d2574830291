// What a person allows the program to do to an account.

#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "act/limits.h"
#include "api/operation.h"

namespace rf::api {

struct LimitsShowInput {
  std::string account;
};

struct LimitsSetInput {
  std::string file;
  std::string account;
  std::string as = "owner";
};

struct LimitsCheckInput {
  std::string file;
  std::string account;
};

struct LimitsOutput {
  std::string account;                // Whose they are; empty for all accounts.
  std::optional<act::Limits> limits;  // None: the account is only read.
  std::vector<std::string> notices;   // What they mean, and what they leave open.
};

// The account's own limits, else those for all accounts; none where nobody set any.
// Errors: those of the store; corrupt; invalid, when they cannot be meant for this account.
Result<std::optional<act::Limits>> limits_of(Store& store, const Account& account);

Result<LimitsOutput> limits_show(const LimitsShowInput& input, Services& services);

// Reads TOML or JSON; what a file leaves out keeps its default. Logged.
// Errors: invalid, with line or path; not_found.
Result<LimitsOutput> limits_set(const LimitsSetInput& input, Services& services);

// The same without keeping it.
Result<LimitsOutput> limits_check(const LimitsCheckInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::LimitsShowInput> {
  static constexpr auto fields =
      std::tuple{field("account", &rf::api::LimitsShowInput::account, "of this account")};
};

template <>
struct rf::Described<rf::api::LimitsSetInput> {
  using Self = rf::api::LimitsSetInput;
  static constexpr auto fields =
      std::tuple{field("file", &Self::file, "TOML or JSON", {.required = true, .positional = true}),
                 field("account", &Self::account, "for this account; for all of them if left out"),
                 field("as", &Self::as, "who sets them, for the log")};
};

template <>
struct rf::Described<rf::api::LimitsCheckInput> {
  using Self = rf::api::LimitsCheckInput;
  static constexpr auto fields =
      std::tuple{field("file", &Self::file, "TOML or JSON", {.required = true, .positional = true}),
                 field("account", &Self::account, "for this account; for all of them if left out")};
};

template <>
struct rf::Described<rf::api::LimitsOutput> {
  using Self = rf::api::LimitsOutput;
  static constexpr auto fields =
      std::tuple{field("account", &Self::account, "whose they are, empty for all"),
                 field("limits", &Self::limits, "every limit in force; null: only reading"),
                 field("notices", &Self::notices, "what they mean, and what they leave open")};
};
