#include "api/accounts.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "api/connections.h"
#include "api/sync.h"

namespace rf::api {
namespace {

ConnectedAccount view_of(const Account& account) {
  ConnectedAccount view;
  view.account = account.id.text;
  view.platform = to_string(account.platform);
  view.name = account.name;
  view.currency = account.currency.code();
  view.time_zone = account.zone.name();
  return view;
}

void add_connection(const Connection& connection, ConnectedAccount& view) {
  view.connected = true;
  view.secrets = connection.secrets.empty() ? "environment" : connection.secrets;
}

Result<TestedAccount> tested(const Connection& connection, Services& services) {
  std::unique_ptr<AdPlatform> platform = RF_TRY(open_connection(connection, services));
  const std::vector<Account> found = RF_TRY(platform->accounts());
  const AccountId id{connection.account};
  TestedAccount view;
  view.account = connection.account;
  for (const Account& account : found) {
    if (account.id == id) view.name = account.name;
  }
  const std::vector<EntityState> campaigns = RF_TRY(platform->entities(id, Level::campaign));
  view.campaigns = std::ssize(campaigns);
  view.smallest_budget = RF_TRY(platform->smallest_budget(id));
  return view;
}

}  // namespace

Result<AccountsConnectOutput> accounts_connect(const AccountsConnectInput& input,
                                               Services& services) {
  Connection asked{.account = input.account,
                   .platform = input.platform,
                   .base_url = input.base_url,
                   .version = input.api_version,
                   .login = input.login,
                   .secrets = input.secrets};
  std::unique_ptr<AdPlatform> platform = RF_TRY(open_connection(asked, services));
  const std::vector<Account> found = RF_TRY(platform->accounts());
  if (found.empty()) return fail(ErrorCode::not_found, "the token reaches no account");
  Store* store = RF_TRY(services.store());
  std::vector<Connection> all = RF_TRY(connections(*store));
  AccountsConnectOutput output;
  for (const Account& account : found) {
    RF_TRY(store->put_account(account));
    Connection connection = asked;
    connection.account = account.id.text;
    ConnectedAccount view = view_of(account);
    add_connection(connection, view);
    output.accounts.push_back(std::move(view));
    std::erase_if(all, [&](const Connection& each) { return each.account == account.id.text; });
    all.push_back(std::move(connection));
  }
  RF_TRY(put_connections(*store, all));
  return output;
}

Result<AccountsListOutput> accounts_list(const Nothing&, Services& services) {
  Store* store = RF_TRY(services.store());
  const std::vector<Account> known = RF_TRY(store->accounts());
  const std::vector<Connection> all = RF_TRY(connections(*store));
  AccountsListOutput output;
  for (const Account& account : known) {
    ConnectedAccount view = view_of(account);
    const auto found = std::ranges::find(all, account.id.text, &Connection::account);
    if (found != all.end()) add_connection(*found, view);
    view.synced_at = RF_TRY(synced_at(*store, account.id));
    output.accounts.push_back(std::move(view));
  }
  return output;
}

Result<AccountsTestOutput> accounts_test(const AccountsTestInput& input, Services& services) {
  const std::vector<Connection> asked = RF_TRY(connections_asked(input.account, services));
  AccountsTestOutput output;
  for (const Connection& connection : asked) {
    Result<TestedAccount> view = tested(connection, services);
    if (view) {
      output.accounts.push_back(std::move(*view));
      continue;
    }
    if (asked.size() == 1) return std::move(view).error();
    output.failed.push_back(failure_of(connection.account, view.error()));
  }
  return output;
}

}  // namespace rf::api
