#include "server/idempotency.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <tuple>
#include <vector>

#include <fmt/format.h>

#include "base/described.h"
#include "base/sha256.h"

namespace rf::server {

// One key's call as the store keeps it.
struct KeptCall {
  std::string key;
  std::string call;
  std::int64_t at_us = 0;
  std::int64_t status = 0;  // 0 until it ended.
  std::string body;
};

}  // namespace rf::server

template <>
struct rf::Described<rf::server::KeptCall> {
  using Self = rf::server::KeptCall;
  static constexpr auto fields =
      std::tuple{field("key", &Self::key, ""), field("call", &Self::call, ""),
                 field("at_us", &Self::at_us, ""), field("status", &Self::status, ""),
                 field("body", &Self::body, "")};
};

namespace rf::server {
namespace {

// Chosen: clients give up long before.
constexpr std::chrono::hours kKeptFor{24};

// The store has documents and no way to remove one, so the keys share a fixed number of them. With
// these, 4,096 calls of a day are remembered; beyond, the oldest of a document go first.
constexpr int kDocuments = 128;
constexpr std::size_t kCallsInDocument = 32;

// A larger answer is not kept: that it was done is, which is what counts.
constexpr std::size_t kBodyMax = 64 << 10;

std::string document_of(std::string_view hash) {
  unsigned number = 0;
  std::from_chars(hash.data(), hash.data() + 4, number, 16);
  return fmt::format("idempotency/{}", number % kDocuments);
}

Result<std::vector<KeptCall>> calls_in(Store& store, const std::string& document) {
  const std::optional<Json> kept = RF_TRY(store.document(AccountId{}, document));
  if (!kept) return std::vector<KeptCall>{};
  return from_json<std::vector<KeptCall>>(*kept, document);
}

Status put(Store& store, const std::string& document, const std::vector<KeptCall>& calls) {
  return store.put_document(AccountId{}, document, to_json(calls));
}

std::int64_t microseconds(Instant instant) { return instant.time_since_epoch().count(); }

void make_room(std::vector<KeptCall>& calls, Instant now) {
  const std::int64_t oldest = microseconds(now - kKeptFor);
  std::erase_if(calls, [&](const KeptCall& call) { return call.at_us < oldest; });
  while (calls.size() >= kCallsInDocument) calls.erase(calls.begin());
}

Result<std::optional<KeptAnswer>> known(const KeptCall& kept, std::string_view call,
                                        bool under_way) {
  if (kept.call != call) {
    return fail(ErrorCode::conflict,
                "the Idempotency-Key was used for another call; take a new one");
  }
  if (under_way) {
    return fail(ErrorCode::conflict, "the call of this Idempotency-Key is under way");
  }
  if (kept.status == 0) {
    return fail(ErrorCode::outcome_unknown,
                "the call of this Idempotency-Key was begun, and nobody knows how it ended");
  }
  if (kept.body.empty()) {
    return fail(ErrorCode::conflict,
                "the call of this Idempotency-Key was done; its answer was too large to keep");
  }
  return std::optional<KeptAnswer>(
      KeptAnswer{.status = static_cast<int>(kept.status), .body = kept.body});
}

}  // namespace

Result<std::optional<KeptAnswer>> Idempotency::begin(Store& store, std::string_view key,
                                                     std::string_view call, Instant now) {
  const std::string hash = sha256_hex(key);
  const std::lock_guard lock(mutex_);
  std::vector<KeptCall> calls = RF_TRY(calls_in(store, document_of(hash)));
  make_room(calls, now);
  const auto found = std::ranges::find(calls, hash, &KeptCall::key);
  if (found != calls.end()) return known(*found, call, under_way_.contains(hash));
  calls.push_back({.key = hash,
                   .call = std::string(call),
                   .at_us = microseconds(now),
                   .status = 0,
                   .body = {}});
  RF_TRY(put(store, document_of(hash), calls));
  under_way_.insert(hash);
  return std::optional<KeptAnswer>();
}

Status Idempotency::finish(Store& store, std::string_view key, const KeptAnswer& answer) {
  const std::string hash = sha256_hex(key);
  const std::lock_guard lock(mutex_);
  under_way_.erase(hash);
  std::vector<KeptCall> calls = RF_TRY(calls_in(store, document_of(hash)));
  const auto found = std::ranges::find(calls, hash, &KeptCall::key);
  if (found == calls.end()) return {};
  found->status = answer.status;
  found->body = answer.body.size() <= kBodyMax ? answer.body : "";
  return put(store, document_of(hash), calls);
}

void Idempotency::lose(std::string_view key) {
  const std::lock_guard lock(mutex_);
  const auto found = under_way_.find(sha256_hex(key));
  if (found != under_way_.end()) under_way_.erase(found);
}

Status Idempotency::forget(Store& store, std::string_view key) {
  const std::string hash = sha256_hex(key);
  const std::lock_guard lock(mutex_);
  under_way_.erase(hash);
  std::vector<KeptCall> calls = RF_TRY(calls_in(store, document_of(hash)));
  std::erase_if(calls, [&](const KeptCall& call) { return call.key == hash; });
  return put(store, document_of(hash), calls);
}

}  // namespace rf::server
