// For the tests of this room: an ad platform in memory that loses answers, applies changes late and
// crashes, keeps the highest budgets of each day, and a ledger that crashes with it.

#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "act/execute.h"
#include "act/exposure.h"
#include "base/rng.h"
#include "platform/ad_platform.h"
#include "store/action_ledger.h"

namespace rf::act {

inline Money usd(std::int64_t units) {
  return {units * kMicrosPerUnit, Currency::parse("USD").value()};
}

inline Account test_account() {
  return {.id = {"meta:1"},
          .platform = Platform::meta,
          .name = "Shop",
          .currency = usd(0).currency,
          .zone = TimeZone::parse("Europe/Berlin").value()};
}

// What both seams share: how many calls were made, and when the process dies.
struct Fate {
  int calls = 0;
  int dies_at = 0;           // The number of the call at which it dies; 0: never.
  bool dies_before = false;  // Before the call took effect rather than after.
  bool dead = false;

  // True when this call happens.
  bool begin() {
    if (dead) return false;
    ++calls;
    if (calls == dies_at && dies_before) dead = true;
    return !dead;
  }
  // True when its answer arrives.
  bool end() {
    if (calls == dies_at) dead = true;
    return !dead;
  }
};

inline Error death() { return fail(ErrorCode::unavailable, "the process died"); }

class FakePlatform final : public AdPlatform {
 public:
  FakePlatform(const Clock& clock, Fate& fate) : clock_(&clock), fate_(&fate) {}

  AccountNow now;
  std::map<std::string, std::int64_t> alterations;  // By level and id: changes that altered it.
  std::vector<std::string> breaches;                // What check_caps found.
  std::function<void(const AccountNow&)> after_change = [](const AccountNow&) {};
  std::function<void()> before_call = [] {};  // Others may act here.
  double loses = 0;    // Share of changes whose answer is lost after they took effect,
  double drops = 0;    // or before,
  double delays = 0;   // or that take effect a few minutes later.
  double refuses = 0;  // Share of calls that are refused at once.
  Rng rng{1};

  Platform platform() const override { return Platform::meta; }
  Result<std::vector<Account>> accounts() override { return std::vector{test_account()}; }

  Result<std::vector<EntityState>> entities(const AccountId&, Level level) override {
    if (!begin()) return death();
    if (chance(refuses)) return fail(ErrorCode::unavailable, "out of order");
    std::vector<EntityState> states = level == Level::campaign ? now.campaigns
                                      : level == Level::adset  ? now.adsets
                                                               : now.ads;
    if (!fate_->end()) return death();
    return states;
  }

  Result<EntityState> read(const AccountId&, Level level, std::string_view id) override {
    if (!begin()) return death();
    if (chance(refuses)) return fail(ErrorCode::unavailable, "out of order");
    const EntityState* state = find(std::as_const(now), level, id);
    if (!fate_->end()) return death();
    if (state == nullptr) return fail(ErrorCode::not_found, "no such thing");
    return *state;
  }

  Result<InsightsSummary> insights(const AccountId&, const InsightsRequest&,
                                   const std::function<Status(const MetricRow&)>&) override {
    return InsightsSummary();
  }

  Status change(const AccountId&, const Change& change) override {
    if (!begin()) return death();
    if (chance(refuses)) return fail(ErrorCode::invalid, "access_token=abc123 is not welcome");
    if (chance(drops)) return fail(ErrorCode::outcome_unknown, "timed out");
    if (chance(delays)) {
      const auto minutes = std::chrono::minutes(1 + rng.below(10));
      late_.emplace_back(clock_->now() + minutes, change);
      return fail(ErrorCode::outcome_unknown, "timed out");
    }
    apply(change);
    if (!fate_->end()) return death();
    if (chance(loses)) return fail(ErrorCode::outcome_unknown, "timed out");
    return {};
  }

  Result<std::optional<Money>> smallest_budget(const AccountId&) override {
    return std::optional<Money>();
  }

  // Lets what was delayed take effect when its time has come.
  void pass_time() {
    for (const auto& [at, change] : std::exchange(late_, {})) {
      if (at <= clock_->now()) {
        apply(change);
      } else {
        late_.emplace_back(at, change);
      }
    }
  }

  bool is_idle() const { return late_.empty(); }

  void add(Level level, const std::string& campaign, const std::string& adset,
           const std::string& ad, RunStatus status, std::optional<Money> budget) {
    EntityState state;
    state.entity = {level, campaign, "Campaign " + campaign, adset, adset, ad, ad};
    state.status = status;
    state.daily_budget = budget;
    auto& part = level == Level::campaign ? now.campaigns
                 : level == Level::adset  ? now.adsets
                                          : now.ads;
    part.push_back(std::move(state));
  }

 private:
  bool begin() {
    if (!calling_others_) {
      calling_others_ = true;
      before_call();
      calling_others_ = false;
    }
    pass_time();
    return fate_->begin();
  }

  bool chance(double share) { return share > 0 && rng.uniform() < share; }

  void apply(const Change& change) {
    EntityState* state = find(now, change.level, change.id);
    if (state == nullptr) return;
    const EntityState before = *state;
    if (change.status) state->status = *change.status;
    if (change.daily_budget) state->daily_budget = change.daily_budget;
    if (before != *state) ++alterations[std::string(to_string(change.level)) + change.id];
    after_change(now);
  }

  const Clock* clock_;
  Fate* fate_;
  bool calling_others_ = false;
  std::vector<std::pair<Instant, Change>> late_;
};

// A ledger whose calls share the fate of the process.
class MortalLedger final : public ActionLedger {
 public:
  MortalLedger(ActionLedger& ledger, Fate& fate) : ledger_(&ledger), fate_(&fate) {}

  Result<std::int64_t> head(const AccountId& account) override {
    return call([&] { return ledger_->head(account); });
  }
  Result<std::int64_t> open(const AccountId& account, Receipt& receipt,
                            std::int64_t seen) override {
    return call([&] { return ledger_->open(account, receipt, seen); });
  }
  Result<std::int64_t> settle(const AccountId& account, const Receipt& receipt) override {
    return call([&] { return ledger_->settle(account, receipt); });
  }
  Result<std::vector<Receipt>> receipts(const AccountId& account,
                                        const ReceiptQuery& query) override {
    return call([&] { return ledger_->receipts(account, query); });
  }
  Result<std::int64_t> approve(const AccountId& account, const Approval& approval) override {
    return call([&] { return ledger_->approve(account, approval); });
  }
  Result<std::vector<Approval>> approvals(const AccountId& account,
                                          std::string_view batch) override {
    return call([&] { return ledger_->approvals(account, batch); });
  }
  Result<std::int64_t> note(const AccountId& account, const AuditNote& note) override {
    return call([&] { return ledger_->note(account, note); });
  }
  Result<std::optional<Json>> document(const AccountId& account, std::string_view name) override {
    return call([&] { return ledger_->document(account, name); });
  }
  Result<std::int64_t> put_document(const AccountId& account, std::string_view name,
                                    const Json& document, const AuditNote& note) override {
    return call([&] { return ledger_->put_document(account, name, document, note); });
  }
  Status each_entry(const AccountId& account, std::int64_t from,
                    const std::function<Status(const AuditEntry&)>& visit) override {
    return ledger_->each_entry(account, from, visit);
  }
  Result<std::int64_t> put_verdict(const AccountId& account,
                                   const VerdictRecord& verdict) override {
    return call([&] { return ledger_->put_verdict(account, verdict); });
  }
  Result<std::vector<VerdictRecord>> verdicts(const AccountId& account) override {
    return call([&] { return ledger_->verdicts(account); });
  }

 private:
  template <typename Work>
  auto call(Work work) -> decltype(work()) {
    if (!fate_->begin()) return death();
    auto result = work();
    if (!fate_->end()) return death();
    return result;
  }

  ActionLedger* ledger_;
  Fate* fate_;
};

}  // namespace rf::act
