// The log of everything that was approved, done and set.

#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/failure.h"
#include "api/operation.h"
#include "model/receipt.h"

namespace rf::api {

struct AuditShowInput {
  std::optional<std::string> account;
  std::int64_t limit = 20;
};

struct AuditView {
  std::string account;  // Empty: what is true for all accounts.
  AuditEntry entry;
};

struct AuditShowOutput {
  std::vector<AuditView> entries;  // The last ones, oldest first.
  std::int64_t entries_in_all = 0;
};

struct AuditVerifyInput {
  std::optional<std::string> account;
};

struct AuditLog {
  std::string account;
  std::int64_t entries = 0;
  std::string head;
  std::vector<std::string> problems;
};

struct AuditVerifyOutput {
  std::vector<AuditLog> logs;
  std::vector<Failure> failed;
};

struct AuditExportInput {
  std::string file;
  std::optional<std::string> account;
};

struct AuditExportOutput {
  std::string file;
  std::int64_t entries = 0;
};

Result<AuditShowOutput> audit_show(const AuditShowInput& input, Services& services);

// Whether every log is whole.
Result<AuditVerifyOutput> audit_verify(const AuditVerifyInput& input, Services& services);

// Writes the logs as JSON, one entry on a line.
// Errors: conflict, when the file exists.
Result<AuditExportOutput> audit_export(const AuditExportInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::AuditShowInput> {
  using I = rf::api::AuditShowInput;
  static constexpr auto fields = std::tuple{
      field("account", &I::account, "of this account"),
      field("limit", &I::limit, "the last so many of each log", {.min = 1, .max = 1000000})};
};

template <>
struct rf::Described<rf::api::AuditView> {
  using V = rf::api::AuditView;
  static constexpr auto fields =
      std::tuple{field("account", &V::account, "whose log; empty: what is true for all"),
                 field("entry", &V::entry, "what happened")};
};

template <>
struct rf::Described<rf::api::AuditShowOutput> {
  using O = rf::api::AuditShowOutput;
  static constexpr auto fields =
      std::tuple{field("entries", &O::entries, "the last ones, oldest first"),
                 field("entries_in_all", &O::entries_in_all, "also those beyond the limit")};
};

template <>
struct rf::Described<rf::api::AuditVerifyInput> {
  static constexpr auto fields =
      std::tuple{field("account", &rf::api::AuditVerifyInput::account, "of this account")};
};

template <>
struct rf::Described<rf::api::AuditLog> {
  using L = rf::api::AuditLog;
  static constexpr auto fields =
      std::tuple{field("account", &L::account, "whose log; empty: what is true for all"),
                 field("entries", &L::entries, "how many"),
                 field("head", &L::head, "hash of the last: noted elsewhere, it proves the rest"),
                 field("problems", &L::problems, "what is not as it was written")};
};

template <>
struct rf::Described<rf::api::AuditVerifyOutput> {
  using O = rf::api::AuditVerifyOutput;
  static constexpr auto fields =
      std::tuple{field("logs", &O::logs, "each account's, and the one for all"),
                 field("failed", &O::failed, "logs that are not whole")};
};

template <>
struct rf::Described<rf::api::AuditExportInput> {
  using I = rf::api::AuditExportInput;
  static constexpr auto fields =
      std::tuple{field("file", &I::file, "a new file, one JSON object on a line",
                       {.required = true, .positional = true}),
                 field("account", &I::account, "only this account's")};
};

template <>
struct rf::Described<rf::api::AuditExportOutput> {
  using O = rf::api::AuditExportOutput;
  static constexpr auto fields = std::tuple{field("file", &O::file, "where they are"),
                                            field("entries", &O::entries, "how many")};
};
