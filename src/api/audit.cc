#include "api/audit.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "act/audit.h"
#include "api/judged.h"

namespace rf::api {
namespace {

// Whose logs are meant: one account's, or all of them and the one for all.
Result<std::vector<AccountId>> owners(Store& store, const std::optional<std::string>& asked) {
  std::vector<AccountId> ids;
  if (!asked) ids.emplace_back();
  std::vector<Account> accounts = RF_TRY(accounts_asked(store, asked));
  ids.reserve(ids.size() + accounts.size());
  for (const Account& account : accounts) ids.push_back(account.id);
  return ids;
}

}  // namespace

Result<AuditShowOutput> audit_show(const AuditShowInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  std::vector<AccountId> ids = RF_TRY(owners(*store, input.account));
  AuditShowOutput output;
  for (const AccountId& id : ids) {
    const std::int64_t head = RF_TRY(store->actions().head(id));
    output.entries_in_all += head;
    const std::int64_t from = std::max<std::int64_t>(1, head - input.limit + 1);
    RF_TRY(store->actions().each_entry(id, from, [&](const AuditEntry& entry) -> Status {
      output.entries.push_back({id.text, entry});
      return {};
    }));
  }
  return output;
}

Result<AuditVerifyOutput> audit_verify(const AuditVerifyInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  std::vector<AccountId> ids = RF_TRY(owners(*store, input.account));
  AuditVerifyOutput output;
  for (const AccountId& id : ids) {
    act::AuditState state = RF_TRY(act::verify_audit(store->actions(), id));
    if (!state.problems.empty()) {
      output.failed.push_back({id.text, "corrupt", state.problems.front()});
    }
    output.logs.push_back({.account = id.text,
                           .entries = state.entries,
                           .head = state.head,
                           .problems = std::move(state.problems)});
  }
  return output;
}

Result<AuditExportOutput> audit_export(const AuditExportInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  std::vector<AccountId> ids = RF_TRY(owners(*store, input.account));
  if (std::filesystem::exists(input.file)) {
    return fail(ErrorCode::conflict, fmt::format("'{}' exists; name a new file", input.file));
  }
  std::ofstream out(input.file, std::ios::binary);
  AuditExportOutput output{.file = input.file};
  for (const AccountId& id : ids) {
    RF_TRY(store->actions().each_entry(id, 1, [&](const AuditEntry& entry) -> Status {
      ++output.entries;
      out << to_text(to_json(AuditView{id.text, entry})) << '\n';
      return {};
    }));
  }
  out.flush();
  if (out.good()) return output;
  return fail(ErrorCode::unavailable, fmt::format("'{}' cannot be written", input.file));
}

}  // namespace rf::api
