// Who is calling, and whether they may.

#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/operation.h"
#include "api/tokens.h"
#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "net/http.h"
#include "net/rate_budget.h"
#include "server/services_pool.h"
#include "server/sessions.h"
#include "server/store_version.h"

namespace rf::server {

struct Caller {
  std::string token_id;
  std::string name;
  std::vector<api::Scope> scopes;
  std::vector<std::string> accounts;  // Empty for all.
};

struct AccessRules {
  // Names under which this server may be called, without ports; beside them only loopback's own. A
  // web page that points a name of its own at this machine is refused by this.
  std::vector<std::string> hosts;
  net::RateRules per_token{.per_second = 500, .burst = 1000};
  // Of wrong tokens, all callers together. Chosen: a person mistypes a few times.
  net::RateRules failures{.per_second = 1, .burst = 20};
};

// Thread: any.
class Access {
 public:
  Access(AccessRules rules, ServicesPool& pool, const Surroundings& around);

  // Refuses a request that a browser was tricked into: another Host, another site's Origin.
  // Errors: denied.
  Status check_origin(const net::Request& request) const;

  // By the token that the request bears, else by its session's cookie; a session's request that may
  // change something must say that it comes from a page of ours.
  // Errors: denied, for no token or one that is wrong, expired or revoked; throttled; unavailable,
  // when the store cannot say.
  Result<Caller> admit(const net::Request& request);

  // What a browser gets for a token, or for a code of offer_session().
  struct Opened {
    Caller caller;
    std::string secret;  // For set_session_cookie().
  };
  // Errors: those of admit().
  Result<Opened> open_session(std::string_view token);
  Result<Opened> redeem_session(std::string_view code);

  // A code that opens one session for the holder of this token, once and soon.
  std::string offer_session(const std::string& token_id);

  void close_session(const net::Request& request);

  // The same where it can be said without the store, and only good news: nothing else, and then
  // nothing is counted.
  std::optional<Caller> admit_at_once(const net::Request& request);

 private:
  bool is_fresh(Instant now) const;
  Status refresh(Instant now);
  const api::TokenRecord* record_of(const net::Request& request, Instant now) const;
  const api::TokenRecord* record_by_id(std::string_view id, Instant now) const;
  Error count_failure(Instant now);
  Result<Caller> let_in(const api::TokenRecord& record, Instant now);
  bool is_our_host(std::string_view host) const;

  AccessRules rules_;
  ServicesPool& pool_;
  const Surroundings& around_;
  std::mutex mutex_;
  std::vector<api::TokenRecord> records_;
  std::optional<StoreVersion> read_at_;
  std::map<std::string, Instant, std::less<>> noted_;
  Sessions sessions_;
  net::RateBudget calls_;
  net::RateBudget failures_;
};

// Whether the caller holds what the operation needs, and the input keeps to the caller's accounts.
// Errors: denied, with the scope or account that is missing.
Status allow(const Caller& caller, const api::Operation& operation, const Json& input);

}  // namespace rf::server
