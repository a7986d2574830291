#include "api/tokens.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/sha256.h"
#include "net/secret.h"

namespace rf::api {
namespace {

// Kept as documents: one that lists the ids and one for each token, so that taking a token back and
// making another at the same time cannot undo each other.
constexpr std::string_view kIndex = "tokens";

std::string document_of(std::string_view id) { return fmt::format("token/{}", id); }
std::string use_of(std::string_view id) { return fmt::format("token/{}/used", id); }

Result<std::vector<std::string>> ids_of(Store& store) {
  const std::optional<Json> index = RF_TRY(store.document(AccountId{}, kIndex));
  if (!index) return std::vector<std::string>{};
  return from_json<std::vector<std::string>>(*index, kIndex);
}

Result<std::optional<TokenRecord>> record_of(Store& store, std::string_view id) {
  const std::optional<Json> kept = RF_TRY(store.document(AccountId{}, document_of(id)));
  if (!kept) return std::optional<TokenRecord>();
  TokenRecord record = RF_TRY(from_json<TokenRecord>(*kept, document_of(id)));
  return std::optional<TokenRecord>(std::move(record));
}

Result<TokenView> view_of(Store& store, const TokenRecord& record) {
  const std::optional<Json> used = RF_TRY(store.document(AccountId{}, use_of(record.id)));
  TokenView view{.id = record.id,
                 .name = record.name,
                 .scopes = record.scopes,
                 .accounts = record.accounts,
                 .created = record.created,
                 .expires = record.expires,
                 .last_used = std::nullopt,
                 .revoked = record.revoked};
  if (used) view.last_used = RF_TRY(from_json<std::string>(*used, use_of(record.id)));
  return view;
}

Result<std::vector<Scope>> scopes_of(const std::vector<std::string>& names) {
  std::vector<Scope> scopes;
  for (const std::string& name : names) {
    const Json json(name);
    const Scope scope = RF_TRY(from_json<Scope>(json, "input.scopes"));
    if (std::ranges::find(scopes, scope) == scopes.end()) scopes.push_back(scope);
  }
  if (scopes.empty()) {
    return fail(ErrorCode::invalid, "input.scopes: a token that may do nothing is of no use");
  }
  return scopes;
}

}  // namespace

Result<TokenCreateOutput> token_create(const TokenCreateInput& input, Services& services) {
  const std::vector<Scope> scopes = RF_TRY(scopes_of(input.scopes));
  Store* store = RF_TRY(services.store());
  const std::string secret = net::new_secret();
  const Instant now = services.clock().now();
  TokenRecord record{
      .id = sha256_hex(net::new_secret()).substr(0, 12),
      .name = input.name,
      .hash = sha256_hex(secret),
      .scopes = scopes,
      .accounts = input.accounts,
      .created = to_rfc3339(std::chrono::floor<std::chrono::seconds>(now)),
      .expires =
          to_rfc3339(std::chrono::floor<std::chrono::seconds>(now + std::chrono::days{input.days})),
      .revoked = false};
  RF_TRY(store->put_document(AccountId{}, document_of(record.id), to_json(record)));
  std::vector<std::string> ids = RF_TRY(ids_of(*store));
  ids.push_back(record.id);
  RF_TRY(store->put_document(AccountId{}, kIndex, to_json(ids)));
  return TokenCreateOutput{.token = fmt::format("rf_{}_{}", record.id, secret),
                           .view = RF_TRY(view_of(*store, record))};
}

Result<TokenListOutput> token_list(const Nothing&, Services& services) {
  Store* store = RF_TRY(services.store());
  const std::vector<TokenRecord> records = RF_TRY(tokens_of(*store));
  TokenListOutput output;
  output.tokens.reserve(records.size());
  for (const TokenRecord& record : records) {
    output.tokens.push_back(RF_TRY(view_of(*store, record)));
  }
  return output;
}

Result<TokenView> token_revoke(const TokenRevokeInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  std::optional<TokenRecord> record = RF_TRY(record_of(*store, input.id));
  if (!record) {
    return fail(ErrorCode::not_found,
                fmt::format("input.id: there is no token '{}'; 'reelforge tokens list' lists them",
                            input.id));
  }
  record->revoked = true;
  RF_TRY(store->put_document(AccountId{}, document_of(record->id), to_json(*record)));
  return view_of(*store, *record);
}

Result<std::vector<TokenRecord>> tokens_of(Store& store) {
  const std::vector<std::string> ids = RF_TRY(ids_of(store));
  std::vector<TokenRecord> records;
  records.reserve(ids.size());
  for (const std::string& id : ids) {
    std::optional<TokenRecord> record = RF_TRY(record_of(store, id));
    if (record) records.push_back(std::move(*record));
  }
  return records;
}

std::optional<std::pair<std::string_view, std::string_view>> token_parts(std::string_view token) {
  constexpr std::string_view kStart = "rf_";
  if (!token.starts_with(kStart)) return std::nullopt;
  token.remove_prefix(kStart.size());
  const std::size_t end = token.find('_');
  if (end == std::string_view::npos) return std::nullopt;
  return std::pair(token.substr(0, end), token.substr(end + 1));
}

Status note_token_use(Store& store, std::string_view id, Instant now) {
  return store.put_document(AccountId{}, use_of(id),
                            Json(to_rfc3339(std::chrono::floor<std::chrono::seconds>(now))));
}

}  // namespace rf::api
