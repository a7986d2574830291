#include "api/judged.h"

#include <algorithm>
#include <iterator>
#include <limits>

#include <fmt/format.h>

#include "base/sha256.h"
#include "decide/judge.h"
#include "loop/facts.h"
#include "loop/rules.h"

namespace rf::api {
namespace {

constexpr std::size_t kNamesShown = 5;

bool is_exactly(const Belief& belief, const std::string& asked) {
  const Entity& entity = belief.entity;
  return asked == belief.id.text || asked == entity.name() ||
         (!entity.ad_id.empty() && asked == entity.ad_id);
}

}  // namespace

Result<std::vector<Account>> accounts_asked(Store& store, const std::optional<std::string>& id) {
  std::vector<Account> accounts = RF_TRY(store.accounts());
  if (!id) return accounts;
  auto found = std::ranges::find(accounts, AccountId{*id}, &Account::id);
  if (found == accounts.end()) {
    return fail(ErrorCode::not_found,
                fmt::format("there is no account '{}'; 'reelforge accounts' lists them", *id));
  }
  return std::vector<Account>{*found};
}

Result<Judged> judged(Store& store, const Account& account, Instant now) {
  decide::Policies policies = RF_TRY(loop::policies_of(store, account.id));
  RF_TRY(store.remember(account.id));
  std::vector<decide::Rule> rules = RF_TRY(loop::armed_rules(store, account.id));
  Judged judged{.account = account,
                .sight = RF_TRY(loop::look(store, account, now, loop::reach_of(rules)))};
  const learn::History& history = judged.sight.history;
  judged.beliefs = learn::beliefs(history, judged.sight.today, loop::rules_under(policies));
  decide::AccountFacts facts =
      RF_TRY(loop::facts_of(store, account, judged.sight, judged.beliefs, rules, now));
  judged.plan = decide::judge(judged.beliefs, policies, facts, now);
  return judged;
}

Result<AdMatch> ad_called(const std::vector<Judged>& all, const std::string& asked) {
  std::vector<AdMatch> exact;
  std::vector<AdMatch> partial;
  for (const Judged& judged : all) {
    for (const Belief& belief : judged.beliefs) {
      AdMatch match{&judged, &belief};
      if (is_exactly(belief, asked)) exact.push_back(match);
      if (belief.entity.name().find(asked) != std::string::npos) partial.push_back(match);
    }
  }
  const std::vector<AdMatch>& found = exact.empty() ? partial : exact;
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return fail(ErrorCode::not_found,
                fmt::format("no ad answers to '{}'; 'reelforge report' lists them", asked));
  }
  std::string names;
  for (std::size_t i = 0; i < std::min(found.size(), kNamesShown); ++i) {
    names += fmt::format("{}{} ({}, {})", i == 0 ? "" : "; ", found[i].belief->entity.name(),
                         found[i].belief->id.text, found[i].judged->account.id.text);
  }
  return fail(ErrorCode::invalid,
              fmt::format("{} ads answer to '{}': {}; use the key in brackets, and --account",
                          found.size(), asked, names));
}

Result<std::vector<Judged>> all_judged(Store& store, const std::optional<std::string>& id,
                                       Instant now) {
  std::vector<Account> accounts = RF_TRY(accounts_asked(store, id));
  std::vector<Judged> all;
  all.reserve(accounts.size());
  for (const Account& account : accounts) {
    Judged each = RF_TRY(judged(store, account, now));
    all.push_back(std::move(each));
  }
  return all;
}

Plan side_by_side(std::vector<Plan> plans) {
  RF_CHECK(!plans.empty());
  if (plans.size() == 1) return std::move(plans.front());
  Plan whole;
  std::string hashes;
  whole.mode = plans.front().mode;
  whole.made_at = plans.front().made_at;
  whole.expires_at = plans.front().expires_at;
  for (Plan& part : plans) {
    hashes += part.hash;
    whole.made_at = std::max(whole.made_at, part.made_at);
    whole.expires_at = std::min(whole.expires_at, part.expires_at);
    std::ranges::move(part.items, std::back_inserter(whole.items));
  }
  // Items that ask for nothing have priority 0 and come last.
  std::ranges::stable_sort(whole.items, {}, [](const PlanItem& item) {
    return item.priority == 0 ? std::numeric_limits<std::int64_t>::max() : item.priority;
  });
  std::int64_t number = 0;
  for (PlanItem& item : whole.items) item.id = fmt::format("{}", ++number);
  whole.hash = sha256_hex(hashes);
  return whole;
}

}  // namespace rf::api
