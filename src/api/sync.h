// Numbers straight from the platforms into the store, where files would otherwise bring them.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/connections.h"
#include "api/failure.h"
#include "api/operation.h"
#include "model/json_codecs.h"

namespace rf::api {

struct SyncInput {
  std::optional<std::string> account;
  // Numbers are restated for four weeks after the day.
  // Source: Meta's and TikTok's documents; Google's conversions may take longer.
  std::int64_t days = 28;
  std::string conversion;
  std::vector<std::string> split;
};

struct SyncedAccount {
  std::string account;
  Day from = kNoDay;
  Day to = kNoDay;
  std::int64_t campaigns = 0;
  std::int64_t adsets = 0;
  std::int64_t ads = 0;
  std::int64_t rows = 0;
  std::int64_t added = 0;
  std::int64_t restated = 0;
  std::int64_t unchanged = 0;
  double completeness = 1;   // Of the least complete part. [0, 1]
  std::int64_t resumed = 0;  // Days that an earlier sync, cut off, had brought already.
  std::vector<std::string> notices;
};

struct SyncOutput {
  std::vector<SyncedAccount> accounts;
  std::vector<Failure> failed;
};

// Brings each account's campaigns, ad sets and ads, and its ads' days, a week at a time. What was
// written stays when it is cut off; the next sync of the same day goes on from there.
// A week of which less than 98 % came is not kept: its sums would look like a fall.
// Errors: not_found, when nothing is connected; those of the platform, when no account went well.
Result<SyncOutput> sync(const SyncInput& input, Services& services);

// The connections of one account, or of all.
// Errors: not_found, when there are none.
Result<std::vector<Connection>> connections_asked(const std::optional<std::string>& account,
                                                  Services& services);

// When everything was last asked for; none when it never was.
Result<std::optional<Instant>> synced_at(Store& store, const AccountId& account);

// How the account's last sync went.
struct LastSync {
  Instant at;
  std::optional<double> completeness;  // Of the last one that brought numbers. [0, 1]
  std::string trouble;                 // Why the last one failed, or empty.
};

// None where there was none.
// Errors: corrupt.
Result<std::optional<LastSync>> last_sync(Store& store, const AccountId& account);

Failure failure_of(const std::string& what, const Error& error);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::LastSync> {
  using Self = rf::api::LastSync;
  static constexpr auto fields =
      std::tuple{field("at", &Self::at, "when it ended"),
                 field("completeness", &Self::completeness, "of the numbers that came"),
                 field("trouble", &Self::trouble, "why it failed, or empty")};
};

template <>
struct rf::Described<rf::api::SyncInput> {
  using Self = rf::api::SyncInput;
  static constexpr auto fields = std::tuple{
      field("account", &Self::account, "only this one; all that are connected if left out",
            {.positional = true}),
      field("days", &Self::days, "how far back, today included", {.min = 1, .max = 400}),
      field("conversion", &Self::conversion, "what counts as a conversion: purchases, leads, …"),
      field("split", &Self::split, "also split the numbers by these: age, gender, …")};
};

template <>
struct rf::Described<rf::api::SyncedAccount> {
  using Self = rf::api::SyncedAccount;
  static constexpr auto fields = std::tuple{
      field("account", &Self::account, "the account's id"),
      field("from", &Self::from, "first day asked for"),
      field("to", &Self::to, "last day asked for"),
      field("campaigns", &Self::campaigns, "how many there are"),
      field("adsets", &Self::adsets, "ad sets or ad groups"),
      field("ads", &Self::ads, "ads"),
      field("rows", &Self::rows, "rows that came"),
      field("added", &Self::added, "never seen before"),
      field("restated", &Self::restated, "known with other numbers; the old ones are kept"),
      field("unchanged", &Self::unchanged, "known with the same numbers"),
      field("completeness", &Self::completeness, "of the least complete part, 1 is everything"),
      field("resumed", &Self::resumed, "days that a sync before, cut off, had brought"),
      field("notices", &Self::notices, "what a reader should know")};
};

template <>
struct rf::Described<rf::api::SyncOutput> {
  using Self = rf::api::SyncOutput;
  static constexpr auto fields =
      std::tuple{field("accounts", &Self::accounts, "what each account brought"),
                 field("failed", &Self::failed, "what went wrong, and what to do")};
};
