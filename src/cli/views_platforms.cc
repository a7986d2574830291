#include <fmt/format.h>

#include "api/accounts.h"
#include "api/sync.h"
#include "cli/view.h"
#include "cli/views.h"

namespace rf::cli {
namespace {

std::string show_connected(const std::vector<api::ConnectedAccount>& accounts, const Style& style) {
  std::vector<std::vector<Cell>> rows;
  rows.reserve(accounts.size());
  for (const api::ConnectedAccount& each : accounts) {
    rows.push_back({{printable(each.account)},
                    {each.currency},
                    {each.time_zone},
                    {each.connected ? printable(each.secrets) : "files only"},
                    {each.synced_at ? to_rfc3339(*each.synced_at) : "never"},
                    {printable(each.name)}});
  }
  return table({{.title = "account"},
                {.title = "currency"},
                {.title = "time zone"},
                {.title = "secrets"},
                {.title = "synced"},
                {.title = "name", .flexible = true}},
               rows, style);
}

}  // namespace

std::string show_accounts_connect(const Json& output, const Style& style) {
  return show_connected(read_output<api::AccountsConnectOutput>(output).accounts, style) +
         "next: reelforge sync\n";
}

std::string show_accounts_list(const Json& output, const Style& style) {
  auto view = read_output<api::AccountsListOutput>(output);
  if (view.accounts.empty())
    return "no accounts yet; import an export, or see: reelforge accounts connect --help\n";
  return show_connected(view.accounts, style);
}

std::string show_accounts_test(const Json& output, const Style& style) {
  auto view = read_output<api::AccountsTestOutput>(output);
  std::string text;
  for (const api::TestedAccount& each : view.accounts) {
    text += fmt::format("{} {} ({}): {} campaigns", paint("✓", Tone::good, style),
                        printable(each.account), printable(each.name), each.campaigns);
    if (each.smallest_budget)
      text += fmt::format(", smallest budget {} {} a day", to_decimal(*each.smallest_budget),
                          each.smallest_budget->currency.code());
    text += '\n';
  }
  return text + show_failed(view.failed, style);
}

std::string show_sync(const Json& output, const Style& style) {
  auto view = read_output<api::SyncOutput>(output);
  std::string text;
  for (const api::SyncedAccount& each : view.accounts) {
    text += fmt::format("{}: {} to {}, {} ads, {} rows ({} new, {} restated, {} unchanged)\n",
                        printable(each.account), to_iso(each.from), to_iso(each.to), each.ads,
                        each.rows, each.added, each.restated, each.unchanged);
    if (each.resumed > 0)
      text += fmt::format("  went on after {} days that were there already\n", each.resumed);
    text += show_notices(each.notices, style);
  }
  text += show_failed(view.failed, style);
  return view.accounts.empty() ? text : text + "next: reelforge turn\n";
}

}  // namespace rf::cli
