#include <fmt/format.h>

#include "api/tokens.h"
#include "cli/view.h"
#include "cli/views.h"

namespace rf::cli {
namespace {

std::string scopes_of(const api::TokenView& token) {
  std::string text;
  for (const api::Scope scope : token.scopes) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", name_of(scope));
  }
  return text;
}

std::string table_of(const std::vector<api::TokenView>& tokens, const Style& style) {
  std::vector<std::vector<Cell>> rows;
  rows.reserve(tokens.size());
  for (const api::TokenView& token : tokens) {
    rows.push_back({{token.id},
                    {printable(token.name)},
                    {scopes_of(token)},
                    {token.revoked ? "taken back" : "until " + token.expires},
                    {token.last_used.value_or("never")}});
  }
  return table({{.title = "token"},
                {.title = "name", .flexible = true},
                {.title = "may"},
                {.title = "holds"},
                {.title = "last used"}},
               rows, style);
}

}  // namespace

std::string show_token_create(const Json& output, const Style& style) {
  auto view = read_output<api::TokenCreateOutput>(output);
  return fmt::format("{}\n\nKeep it now: it is not shown again.\n{}", view.token,
                     table_of({view.view}, style));
}

std::string show_token_list(const Json& output, const Style& style) {
  auto view = read_output<api::TokenListOutput>(output);
  if (view.tokens.empty()) return "no tokens; make one: reelforge tokens create NAME\n";
  return table_of(view.tokens, style);
}

std::string show_token_revoke(const Json& output, const Style& style) {
  return table_of({read_output<api::TokenView>(output)}, style);
}

}  // namespace rf::cli
