// Accounts on their platforms: connect them, list them, try whether they are reached.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/failure.h"
#include "api/operation.h"
#include "model/json_codecs.h"

namespace rf::api {

struct AccountsConnectInput {
  std::string platform;
  std::string account;
  std::string secrets;
  std::string base_url;
  std::string api_version;
  std::string login;
};

struct ConnectedAccount {
  std::string account;
  std::string platform;
  std::string name;
  std::string currency;
  std::string time_zone;
  bool connected = false;
  std::string secrets;  // "environment" or the file.
  std::optional<Instant> synced_at;
};

struct AccountsConnectOutput {
  std::vector<ConnectedAccount> accounts;
};

struct AccountsListOutput {
  std::vector<ConnectedAccount> accounts;
};

struct AccountsTestInput {
  std::optional<std::string> account;
};

struct TestedAccount {
  std::string account;
  std::string name;
  std::int64_t campaigns = 0;
  std::optional<Money> smallest_budget;
};

struct AccountsTestOutput {
  std::vector<TestedAccount> accounts;
  std::vector<Failure> failed;
};

// Asks the platform for the account before anything is kept.
// Errors: denied, when there is no secret or the platform refuses it; those of the platform.
Result<AccountsConnectOutput> accounts_connect(const AccountsConnectInput& input,
                                               Services& services);
Result<AccountsListOutput> accounts_list(const Nothing& input, Services& services);

// Errors: not_found, when nothing is connected.
Result<AccountsTestOutput> accounts_test(const AccountsTestInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::AccountsConnectInput> {
  using Self = rf::api::AccountsConnectInput;
  static constexpr auto fields = std::tuple{
      field("platform", &Self::platform, "meta, tiktok or google",
            {.required = true, .positional = true}),
      field("account", &Self::account, "its id there; all that the token reaches if left out",
            {.positional = true}),
      field("secrets", &Self::secrets, "a TOML file of mode 600; the environment if left out"),
      field("base_url", &Self::base_url, "another address of the API, such as a sandbox's"),
      field("api_version", &Self::api_version, "of the API, such as v25.0"),
      field("login", &Self::login, "Google: the manager through which it is reached")};
};

template <>
struct rf::Described<rf::api::ConnectedAccount> {
  using Self = rf::api::ConnectedAccount;
  static constexpr auto fields = std::tuple{
      field("account", &Self::account, "as commands take it"),
      field("platform", &Self::platform, "whose account it is"),
      field("name", &Self::name, "as people call it"),
      field("currency", &Self::currency, "ISO 4217 code"),
      field("time_zone", &Self::time_zone, "whose days its numbers are"),
      field("connected", &Self::connected, "false: known from files only"),
      field("secrets", &Self::secrets, "where its secrets are found"),
      field("synced_at", &Self::synced_at, "when the platform was last asked for everything")};
};

template <>
struct rf::Described<rf::api::AccountsConnectOutput> {
  static constexpr auto fields = std::tuple{field(
      "accounts", &rf::api::AccountsConnectOutput::accounts, "what is connected from now on")};
};

template <>
struct rf::Described<rf::api::AccountsListOutput> {
  static constexpr auto fields = std::tuple{
      field("accounts", &rf::api::AccountsListOutput::accounts, "every account that is known")};
};

template <>
struct rf::Described<rf::api::AccountsTestInput> {
  static constexpr auto fields =
      std::tuple{field("account", &rf::api::AccountsTestInput::account,
                       "only this one; all that are connected if left out", {.positional = true})};
};

template <>
struct rf::Described<rf::api::TestedAccount> {
  using Self = rf::api::TestedAccount;
  static constexpr auto fields = std::tuple{
      field("account", &Self::account, "the account's id"),
      field("name", &Self::name, "as the platform calls it"),
      field("campaigns", &Self::campaigns, "how many there are"),
      field("smallest_budget", &Self::smallest_budget, "a day; null where it is not told")};
};

template <>
struct rf::Described<rf::api::AccountsTestOutput> {
  using Self = rf::api::AccountsTestOutput;
  static constexpr auto fields =
      std::tuple{field("accounts", &Self::accounts, "what was reached"),
                 field("failed", &Self::failed, "what was not, and what to do")};
};
