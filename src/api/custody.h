// Operations on the store itself: its accounts, backup, restore.

#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/operation.h"
#include "model/entity.h"

namespace rf::api {

struct AccountView {
  std::string id;
  std::string platform;
  std::string name;
  std::string currency;
  std::string time_zone;
};

struct AccountsOutput {
  std::vector<AccountView> accounts;
};

struct AccountSetInput {
  std::string account;
  std::optional<std::string> name;
  std::optional<std::string> time_zone;
};

struct BackupInput {
  std::string file;
};

struct BackupOutput {
  std::string file;
};

struct RestoreInput {
  std::string backup;
};

struct RestoreOutput {
  std::string store;
  std::string kept;  // Where the store that stood there is now.
};

Result<AccountsOutput> accounts(const Nothing& input, Services& services);

// Errors: not_found, invalid.
Result<AccountView> account_set(const AccountSetInput& input, Services& services);

Result<BackupOutput> backup(const BackupInput& input, Services& services);
Result<RestoreOutput> restore(const RestoreInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::AccountView> {
  using Self = rf::api::AccountView;
  static constexpr auto fields =
      std::tuple{field("id", &Self::id, "as commands take it"),
                 field("platform", &Self::platform, "meta, tiktok, google or plain"),
                 field("name", &Self::name, "as people call it"),
                 field("currency", &Self::currency, "ISO 4217 code; XXX where no file named one"),
                 field("time_zone", &Self::time_zone, "whose days its numbers are")};
};

template <>
struct rf::Described<rf::api::AccountsOutput> {
  static constexpr auto fields = std::tuple{
      field("accounts", &rf::api::AccountsOutput::accounts, "every account the store knows")};
};

template <>
struct rf::Described<rf::api::AccountSetInput> {
  using Self = rf::api::AccountSetInput;
  static constexpr auto fields = std::tuple{
      field("account", &Self::account, "the account's id", {.required = true, .positional = true}),
      field("name", &Self::name, "what people call it"),
      field("time_zone", &Self::time_zone, "IANA zone, such as Europe/Berlin")};
};

template <>
struct rf::Described<rf::api::BackupInput> {
  static constexpr auto fields =
      std::tuple{field("file", &rf::api::BackupInput::file, "where to write it; must not exist",
                       {.required = true, .positional = true})};
};

template <>
struct rf::Described<rf::api::BackupOutput> {
  static constexpr auto fields =
      std::tuple{field("file", &rf::api::BackupOutput::file, "the backup, whole and sound")};
};

template <>
struct rf::Described<rf::api::RestoreInput> {
  static constexpr auto fields =
      std::tuple{field("backup", &rf::api::RestoreInput::backup, "a file that 'backup' wrote",
                       {.required = true, .positional = true})};
};

template <>
struct rf::Described<rf::api::RestoreOutput> {
  using Self = rf::api::RestoreOutput;
  static constexpr auto fields =
      std::tuple{field("store", &Self::store, "the store that now holds the backup's contents"),
                 field("kept", &Self::kept, "where what stood there before is kept")};
};
