#include "server/serve.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "api/tokens.h"

namespace rf::server {
namespace {

// Ten years: the owner takes it back when it is no longer wanted.
constexpr std::int64_t kOwnerDays = 3650;

// No token lists a scope twice.
constexpr std::size_t kScopesInAll = EnumNames<api::Scope>::names.size();

bool is_loopback(std::string_view address) {
  return address == "::1" || address.starts_with("127.");
}

Status check_reach(const ServeInput& input) {
  const bool tls = !input.certificate.empty();
  if (is_loopback(input.address) || tls || input.plain_text_beyond_this_machine) return {};
  return fail(ErrorCode::denied,
              fmt::format("listening on {} without TLS would show every token to the network; give "
                          "--certificate and --private-key, or, behind a proxy that has TLS, "
                          "--plain-text-beyond-this-machine",
                          input.address));
}

Result<std::string> first_token(const Surroundings& around) {
  NoProgress progress;
  api::Services services(around.store_path, around.open_store, around.clock, progress,
                         around.decoder);
  Store* store = RF_TRY(services.store());
  const std::vector<api::TokenRecord> known = RF_TRY(api::tokens_of(*store));
  if (!known.empty()) return std::string();
  const api::TokenCreateOutput made =
      RF_TRY(api::token_create({.name = "owner",
                                .scopes = {"read", "propose", "approve", "spend", "administer"},
                                .accounts = {},
                                .days = kOwnerDays},
                               services));
  return made.token;
}

// A token that may do everything, for whoever reads this program's output could make one anyway;
// empty where there is none.
Result<std::string> owners_token_id(const Surroundings& around) {
  NoProgress progress;
  api::Services services(around.store_path, around.open_store, around.clock, progress,
                         around.decoder);
  Store* store = RF_TRY(services.store());
  const std::vector<api::TokenRecord> known = RF_TRY(api::tokens_of(*store));
  const Instant now = around.clock.now();
  const auto found = std::ranges::find_if(known, [now](const api::TokenRecord& each) {
    const Result<Instant> expires = parse_instant(each.expires);
    return each.scopes.size() == kScopesInAll && each.accounts.empty() && !each.revoked &&
           expires && now < *expires;
  });
  return found == known.end() ? "" : found->id;
}

}  // namespace

Result<Served> serve(const ServeInput& input, const std::vector<api::Operation>& operations,
                     const Surroundings& around) {
  RF_TRY(check_reach(input));
  Served served;
  served.first_token = RF_TRY(first_token(around));
  DoorRules rules;
  rules.access.hosts = input.hosts;
  rules.audit_file = around.store_path + ".audit.jsonl";
  rules.dashboard = web_files();
  rules.films = input.videos;
  rules.tls = !input.certificate.empty();
  served.door = open_door(operations, around, std::move(rules));
  net::ServerRules listening;
  listening.address = input.address;
  listening.port = static_cast<int>(input.port);
  listening.certificate = input.certificate;
  listening.private_key = input.private_key;
  net::Handlers handlers{
      .answer =
          [door = served.door.get()](const net::Request& request) { return door->answer(request); },
      .at_once = [door = served.door.get()](
                     const net::Request& request) { return door->answer_at_once(request); }};
  served.server = RF_TRY(net::start_server(listening, std::move(handlers), around.clock));
  const bool six = input.address.find(':') != std::string::npos;
  served.address =
      fmt::format("{}://{}{}{}:{}", input.certificate.empty() ? "http" : "https", six ? "[" : "",
                  input.address, six ? "]" : "", served.server->port());
  const std::string owner = RF_TRY(owners_token_id(around));
  // A fragment stays in the browser: it is in no log and no Referer.
  if (!owner.empty() && !web_files().empty()) {
    served.link = fmt::format("{}/#code={}", served.address, served.door->offer_session(owner));
  }
  return served;
}

}  // namespace rf::server
