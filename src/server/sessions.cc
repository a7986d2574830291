#include "server/sessions.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/sha256.h"
#include "net/secret.h"

namespace rf::server {
namespace {

// Chosen: time to find the browser's window.
constexpr std::chrono::minutes kOfferLasts{15};

// Chosen: more browsers than people; beyond it the one that would end first is ended.
constexpr std::size_t kHeldMax = 1000;

constexpr std::string_view kCookie = "rf_session";

}  // namespace

std::string Sessions::put(ByHash& all, Held held, Instant now) {
  std::erase_if(all, [now](const auto& each) { return now >= each.second.ends; });
  if (all.size() >= kHeldMax) {
    all.erase(std::ranges::min_element(all, {}, [](const auto& each) { return each.second.ends; }));
  }
  std::string secret = net::new_secret();
  all.emplace(sha256_hex(secret), std::move(held));
  return secret;
}

std::string Sessions::open(std::string token_id, Instant now) {
  return put(sessions_, {.token_id = std::move(token_id), .ends = now + kLasts}, now);
}

std::optional<std::string> Sessions::token_of(std::string_view secret, Instant now) const {
  // Looked up by its hash, so that time tells nothing of the secret.
  const auto found = sessions_.find(sha256_hex(secret));
  if (found == sessions_.end() || now >= found->second.ends) return std::nullopt;
  return found->second.token_id;
}

void Sessions::close(std::string_view secret) { sessions_.erase(sha256_hex(secret)); }

std::string Sessions::offer(std::string token_id, Instant now) {
  return put(offers_, {.token_id = std::move(token_id), .ends = now + kOfferLasts}, now);
}

std::optional<std::string> Sessions::redeem(std::string_view code, Instant now) {
  const auto found = offers_.find(sha256_hex(code));
  if (found == offers_.end()) return std::nullopt;
  const Held held = std::move(found->second);
  offers_.erase(found);
  if (now >= held.ends) return std::nullopt;
  return held.token_id;
}

std::optional<std::string_view> session_cookie(const net::Request& request) {
  std::string_view rest = request.headers.find("Cookie").value_or("");
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    std::string_view pair = rest.substr(0, end);
    pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == kCookie) {
      return pair.substr(equals + 1);
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return std::nullopt;
}

std::string set_session_cookie(std::string_view secret, bool tls) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(Sessions::kLasts).count();
  return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{}", kCookie, secret,
                     secret.empty() ? 0 : seconds, tls ? "; Secure" : "");
}

}  // namespace rf::server
