#include "api/accounts_asked.h"

#include <fmt/format.h>

#include <algorithm>

namespace rf::api {

Result<std::vector<Account>> accounts_asked(Store& store, const std::optional<std::string>& id) {
  std::vector<Account> accounts = RF_TRY(store.accounts());
  if (!id) return accounts;
  auto found = std::ranges::find(accounts, AccountId{*id}, &Account::id);
  if (found == accounts.end()) {
    return fail(ErrorCode::not_found,
                fmt::format("there is no account '{}'; 'reelforge accounts' lists them", *id));
  }
  return std::vector<Account>{*found};
}

}  // namespace rf::api
