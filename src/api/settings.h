// What an account's owner sets: policies for decisions, and how names are read.

#pragma once

#include <string>
#include <tuple>

#include "api/operation.h"
#include "decide/policies.h"
#include "learn/naming.h"

namespace rf::api {

struct PolicyShowInput {
  std::string account;
};

struct PolicySetInput {
  std::string file;
  std::string account;
};

struct PolicyOutput {
  std::string account;  // Whose they are; empty for all accounts.
  decide::Policies policies;
};

struct NamingSetInput {
  std::string file;
};

struct NamingOutput {
  learn::Taxonomy taxonomy;
};

Result<PolicyOutput> policy_show(const PolicyShowInput& input, Services& services);

// Reads TOML or JSON; what a file leaves out keeps its default.
// Errors: invalid, with line or path; not_found (the file, the account).
Result<PolicyOutput> policy_set(const PolicySetInput& input, Services& services);

Result<NamingOutput> naming_show(const Nothing& input, Services& services);

// Errors: as policy_set().
Result<NamingOutput> naming_set(const NamingSetInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::PolicyShowInput> {
  static constexpr auto fields =
      std::tuple{field("account", &rf::api::PolicyShowInput::account, "of this account")};
};

template <>
struct rf::Described<rf::api::PolicySetInput> {
  using Self = rf::api::PolicySetInput;
  static constexpr auto fields =
      std::tuple{field("file", &Self::file, "TOML or JSON", {.required = true, .positional = true}),
                 field("account", &Self::account, "for this account; for all of them if left out")};
};

template <>
struct rf::Described<rf::api::PolicyOutput> {
  using Self = rf::api::PolicyOutput;
  static constexpr auto fields =
      std::tuple{field("account", &Self::account, "whose they are, empty for all"),
                 field("policies", &Self::policies, "every threshold that is in force")};
};

template <>
struct rf::Described<rf::api::NamingSetInput> {
  static constexpr auto fields =
      std::tuple{field("file", &rf::api::NamingSetInput::file, "TOML or JSON",
                       {.required = true, .positional = true})};
};

template <>
struct rf::Described<rf::api::NamingOutput> {
  static constexpr auto fields =
      std::tuple{field("taxonomy", &rf::api::NamingOutput::taxonomy, "how ad names are read")};
};
