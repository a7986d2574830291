// Browsers that have shown a token: a cookie stands for it, so that no page ever holds it.

#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "net/http.h"

namespace rf::server {

// Known to this process only: who starts it anew is asked for the token again, and a token that is
// taken back ends its sessions, since each request looks at the token.
// Thread: one at a time.
class Sessions {
 public:
  // Gives the session's secret.
  std::string open(std::string token_id, Instant now);

  // Whose token the session stands for; none when it is not known or has ended.
  std::optional<std::string> token_of(std::string_view secret, Instant now) const;

  void close(std::string_view secret);

  // A code that opens one session for this token, once and soon.
  std::string offer(std::string token_id, Instant now);

  // Whose token the code stands for; from now on it stands for nothing.
  std::optional<std::string> redeem(std::string_view code, Instant now);

  // Chosen: a working day.
  static constexpr std::chrono::hours kLasts{12};

 private:
  struct Held {
    std::string token_id;
    Instant ends;
  };
  using ByHash = std::map<std::string, Held, std::less<>>;  // By the secret's SHA-256.

  static std::string put(ByHash& all, Held held, Instant now);

  ByHash sessions_;
  ByHash offers_;
};

// The secret in a request's Cookie header.
std::optional<std::string_view> session_cookie(const net::Request& request);

// A Set-Cookie header's value that keeps the secret, or ends it where that is empty. No script sees
// it and no other site's page sends it.
std::string set_session_cookie(std::string_view secret, bool tls);

}  // namespace rf::server
