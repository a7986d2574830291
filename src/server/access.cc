#include "server/access.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/sha256.h"
#include "net/secret.h"
#include "server/routes.h"

namespace rf::server {
namespace {

// How exactly 'tokens list' tells the last use; each note is a write to the store.
constexpr std::chrono::minutes kNoteEvery{1};

// "[::1]:8080" as "[::1]", "Localhost:80" as "localhost".
std::string host_name(std::string_view host) {
  const std::size_t bracket = host.find(']');
  const std::size_t from = bracket == std::string_view::npos ? 0 : bracket;
  std::string name(host.substr(0, host.find(':', from)));
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return name;
}

std::optional<std::string_view> bearer_of(const net::Request& request) {
  const auto given = request.headers.find("Authorization");
  constexpr std::string_view kScheme = "Bearer ";
  if (!given || !given->starts_with(kScheme)) return std::nullopt;
  return given->substr(kScheme.size());
}

const api::TokenRecord* find_record(const std::vector<api::TokenRecord>& records,
                                    std::string_view token) {
  const auto parts = api::token_parts(token);
  const std::string_view id = parts ? parts->first : "";
  // Hashed and compared also where there is no such id, so that time does not tell ids.
  const std::string hash = sha256_hex(parts ? parts->second : token);
  const auto found = std::ranges::find(records, id, &api::TokenRecord::id);
  const std::string none(hash.size(), '0');
  const bool same =
      net::same_secret(hash, found == records.end() ? std::string_view(none) : found->hash);
  return same && found != records.end() ? &*found : nullptr;
}

// Whatever cannot be read has ended.
bool has_ended(const api::TokenRecord& record, Instant now) {
  const Result<Instant> expires = parse_instant(record.expires);
  return record.revoked || !expires || now >= *expires;
}

Caller caller_of(const api::TokenRecord& record) {
  return {.token_id = record.id,
          .name = record.name,
          .scopes = record.scopes,
          .accounts = record.accounts};
}

}  // namespace

Access::Access(AccessRules rules, ServicesPool& pool, const Surroundings& around)
    : rules_(std::move(rules)),
      pool_(pool),
      around_(around),
      calls_(rules_.per_token),
      failures_(rules_.failures) {}

bool Access::is_our_host(std::string_view host) const {
  const std::string name = host_name(host);
  return name == "localhost" || name == "127.0.0.1" || name == "[::1]" ||
         std::ranges::find(rules_.hosts, name) != rules_.hosts.end();
}

Status Access::check_origin(const net::Request& request) const {
  const std::string_view host = request.headers.find("Host").value_or("");
  if (!is_our_host(host)) {
    return fail(ErrorCode::denied, "this server is not called by that Host; name it with --host");
  }
  const auto origin = request.headers.find("Origin");
  if (!origin) return {};
  const std::size_t scheme = origin->find("://");
  const bool same = scheme != std::string_view::npos && origin->substr(scheme + 3) == host;
  if (!same) return fail(ErrorCode::denied, "a page of another origin may not call this server");
  return {};
}

bool Access::is_fresh(Instant now) const {
  const StoreVersion version = store_version(around_.store_path);
  return read_at_ && *read_at_ == version && is_settled(version, now);
}

Status Access::refresh(Instant now) {
  if (is_fresh(now)) return {};
  const StoreVersion version = store_version(around_.store_path);
  ServicesPool::Lease services = pool_.take();
  Store* store = RF_TRY(services->store());
  records_ = RF_TRY(api::tokens_of(*store));
  read_at_ = version;
  return {};
}

const api::TokenRecord* Access::record_by_id(std::string_view id, Instant now) const {
  const auto found = std::ranges::find(records_, id, &api::TokenRecord::id);
  return found == records_.end() || has_ended(*found, now) ? nullptr : &*found;
}

const api::TokenRecord* Access::record_of(const net::Request& request, Instant now) const {
  if (const std::optional<std::string_view> token = bearer_of(request)) {
    const api::TokenRecord* record = find_record(records_, *token);
    return record == nullptr || has_ended(*record, now) ? nullptr : record;
  }
  const std::optional<std::string_view> secret = session_cookie(request);
  if (!secret) return nullptr;
  const std::optional<std::string> id = sessions_.token_of(*secret, now);
  return id ? record_by_id(*id, now) : nullptr;
}

Error Access::count_failure(Instant now) {
  const std::vector<std::string> all{"all"};
  if (failures_.wait_for(all, now) > Duration{0}) {
    return fail(ErrorCode::throttled, "too many wrong tokens; try again in a while");
  }
  failures_.spend(all, now);
  return fail(ErrorCode::denied, "the token is wrong, has expired or was taken back");
}

Result<Caller> Access::let_in(const api::TokenRecord& record, Instant now) {
  const std::vector<std::string> key{record.id};
  if (calls_.wait_for(key, now) > Duration{0}) {
    return fail(ErrorCode::throttled, "too many requests with this token");
  }
  calls_.spend(key, now);
  const auto noted = noted_.find(record.id);
  const Caller caller = caller_of(record);
  if (noted == noted_.end() || now - noted->second >= kNoteEvery) {
    noted_[record.id] = now;
    ServicesPool::Lease services = pool_.take();
    Store* store = RF_TRY(services->store());
    // The call goes on where the store is busy: when a token was last used is a courtesy.
    static_cast<void>(api::note_token_use(*store, caller.token_id, now));
  }
  return caller;
}

Result<Caller> Access::admit(const net::Request& request) {
  const Instant now = around_.clock.now();
  const bool bears = bearer_of(request).has_value();
  if (!bears && !session_cookie(request)) {
    return fail(ErrorCode::denied,
                "no token: send 'Authorization: Bearer TOKEN'; 'reelforge tokens "
                "create NAME' makes one");
  }
  // Browsers say the origin of whatever is no plain read; check_origin() has seen that it is ours.
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (!bears && !reads && !request.headers.find("Origin")) {
    return fail(ErrorCode::denied, "a session's request must say its Origin");
  }
  const std::lock_guard lock(mutex_);
  RF_TRY(refresh(now));
  const api::TokenRecord* record = record_of(request, now);
  if (record != nullptr) return let_in(*record, now);
  // A cookie that has ended is no guess at a token: only those are counted.
  if (!bears) return fail(ErrorCode::denied, "the session has ended; open one with a token");
  return count_failure(now);
}

Result<Access::Opened> Access::open_session(std::string_view token) {
  const Instant now = around_.clock.now();
  const std::lock_guard lock(mutex_);
  RF_TRY(refresh(now));
  const api::TokenRecord* record = find_record(records_, token);
  if (record == nullptr || has_ended(*record, now)) return count_failure(now);
  Caller caller = RF_TRY(let_in(*record, now));
  std::string secret = sessions_.open(caller.token_id, now);
  return Opened{.caller = std::move(caller), .secret = std::move(secret)};
}

Result<Access::Opened> Access::redeem_session(std::string_view code) {
  const Instant now = around_.clock.now();
  const std::lock_guard lock(mutex_);
  RF_TRY(refresh(now));
  const std::optional<std::string> id = sessions_.redeem(code, now);
  const api::TokenRecord* record = id ? record_by_id(*id, now) : nullptr;
  if (record == nullptr) return count_failure(now);
  Caller caller = RF_TRY(let_in(*record, now));
  std::string secret = sessions_.open(caller.token_id, now);
  return Opened{.caller = std::move(caller), .secret = std::move(secret)};
}

std::string Access::offer_session(const std::string& token_id) {
  const std::lock_guard lock(mutex_);
  return sessions_.offer(token_id, around_.clock.now());
}

void Access::close_session(const net::Request& request) {
  const std::lock_guard lock(mutex_);
  if (const std::optional<std::string_view> secret = session_cookie(request)) {
    sessions_.close(*secret);
  }
}

std::optional<Caller> Access::admit_at_once(const net::Request& request) {
  const Instant now = around_.clock.now();
  const std::lock_guard lock(mutex_);
  if (!is_fresh(now)) return std::nullopt;
  const api::TokenRecord* record = record_of(request, now);
  if (record == nullptr) return std::nullopt;
  const auto noted = noted_.find(record->id);
  if (noted == noted_.end() || now - noted->second >= kNoteEvery) return std::nullopt;
  const std::vector<std::string> key{record->id};
  if (calls_.wait_for(key, now) > Duration{0}) return std::nullopt;
  calls_.spend(key, now);
  return caller_of(*record);
}

Status allow(const Caller& caller, const api::Operation& operation, const Json& input) {
  for (const api::Scope needed : scopes_needed(operation)) {
    if (std::ranges::find(caller.scopes, needed) == caller.scopes.end()) {
      return fail(ErrorCode::denied, fmt::format("'{}' needs the scope '{}', which the token lacks",
                                                 operation.name, name_of(needed)));
    }
  }
  if (caller.accounts.empty()) return {};
  const JsonObject* object = input.if_object();
  const Json* account = object == nullptr ? nullptr : object->if_contains("account");
  const bool named = account != nullptr && account->is_string() &&
                     std::ranges::find(caller.accounts, std::string(account->get_string())) !=
                         caller.accounts.end();
  if (named) return {};
  return fail(ErrorCode::denied,
              "the token is for some accounts only: name one of them as input.account");
}

}  // namespace rf::server
