#include <fmt/format.h>

#include "api/about.h"
#include "api/custody.h"
#include "cli/view.h"
#include "cli/views.h"

namespace rf::cli {

std::string show_accounts(const Json& output, const Style& style) {
  auto view = read_output<api::AccountsOutput>(output);
  if (view.accounts.empty()) return "no accounts yet; import an export: reelforge import FILE\n";
  std::vector<std::vector<Cell>> rows;
  for (const api::AccountView& account : view.accounts) {
    rows.push_back({{printable(account.id)},
                    {account.platform},
                    {account.currency},
                    {account.time_zone},
                    {printable(account.name)}});
  }
  return table({{.title = "account"},
                {.title = "platform"},
                {.title = "currency"},
                {.title = "time zone"},
                {.title = "name", .flexible = true}},
               rows, style);
}

std::string show_backup(const Json& output, const Style&) {
  return fmt::format("backup written: {}\n", read_output<api::BackupOutput>(output).file);
}

std::string show_restore(const Json& output, const Style&) {
  auto view = read_output<api::RestoreOutput>(output);
  return fmt::format("restored: {}\nkept what was there: {}\n", view.store, view.kept);
}

std::string show_doctor(const Json& output, const Style& style) {
  auto view = read_output<api::DoctorOutput>(output);
  std::string text;
  for (const api::CheckResult& check : view.checks) {
    text += fmt::format("{} {}: {}\n",
                        check.ok ? paint("✓", Tone::good, style) : paint("✗", Tone::bad, style),
                        check.name, printable(check.found));
    if (!check.next_step.empty()) text += fmt::format("  next: {}\n", check.next_step);
  }
  return text;
}

std::string show_schemas(const Json& output, const Style&) {
  return to_pretty_text(Json(read_output<api::SchemaOutput>(output).operations));
}

std::string show_version(const Json& output, const Style&) {
  auto view = read_output<api::VersionOutput>(output);
  std::string text = fmt::format("reelforge {} (g++ {})\n", view.version, view.compiler);
  for (const LibraryVersion& library : view.libraries) {
    text += fmt::format("  {} {}\n", library.name, library.version);
  }
  return text;
}

}  // namespace rf::cli
